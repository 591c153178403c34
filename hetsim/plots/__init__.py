"""Figures: measured points as markers, simulation as lines, units on every axis."""

from hetsim.plots.analysed import analysed_cv, analysed_gitt, analysed_rate
from hetsim.plots.cycle_curves import MeasuredCycle, cycling
from hetsim.plots.energy_power import ragone
from hetsim.plots.rate_curves import Pair, rate, rates
from hetsim.plots.spectra import impedance, impedances
from hetsim.plots.sweeps import sensitivity_bars, sweep_overview
from hetsim.plots.traces import trace, traces
from hetsim.plots.voltammograms import voltammogram, voltammograms

__all__ = [
    "MeasuredCycle",
    "Pair",
    "analysed_cv",
    "analysed_gitt",
    "analysed_rate",
    "cycling",
    "impedance",
    "impedances",
    "ragone",
    "rate",
    "rates",
    "sensitivity_bars",
    "sweep_overview",
    "trace",
    "traces",
    "voltammogram",
    "voltammograms",
]
