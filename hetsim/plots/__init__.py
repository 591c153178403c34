"""Figures: measured points as markers, simulation as lines, units on every axis."""

from hetsim.plots.analysed import analysed_cv, analysed_gitt, analysed_rate
from hetsim.plots.rate_curves import Pair, rate, rates

__all__ = ["Pair", "analysed_cv", "analysed_gitt", "analysed_rate", "rate", "rates"]
