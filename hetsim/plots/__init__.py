"""Figures: measured points as markers, simulation as lines, units on every axis."""

from hetsim.plots.energy_power import ragone
from hetsim.plots.rate_curves import Pair, rate, rates

__all__ = ["Pair", "ragone", "rate", "rates"]
