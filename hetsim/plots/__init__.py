"""Figures: measured points as markers, simulation as lines, units on every axis."""

from hetsim.plots.cycling import MeasuredCycle, cycling
from hetsim.plots.rate_curves import Pair, rate, rates

__all__ = ["MeasuredCycle", "Pair", "cycling", "rate", "rates"]
