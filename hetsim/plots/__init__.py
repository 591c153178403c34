"""Figures: measured points as markers, simulation as lines, units on every axis."""

from hetsim.plots.analysed import analysed_cv, analysed_gitt, analysed_rate
from hetsim.plots.rate_curves import Pair, rate, rates
from hetsim.plots.spectra import impedance, impedances
from hetsim.plots.traces import trace, traces
from hetsim.plots.voltammograms import voltammogram, voltammograms

__all__ = [
    "Pair",
    "analysed_cv",
    "analysed_gitt",
    "analysed_rate",
    "impedance",
    "impedances",
    "rate",
    "rates",
    "trace",
    "traces",
    "voltammogram",
    "voltammograms",
]
