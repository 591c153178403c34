"""Figures: measured points as markers, simulation as lines, units on every axis."""

from hetsim.plots.analysed import (
    analysed_cv,
    analysed_eis,
    analysed_gitt,
    analysed_ici,
    analysed_rate,
)
from hetsim.plots.animation import animate
from hetsim.plots.compared import compared_models
from hetsim.plots.controls import controls
from hetsim.plots.cv import voltammogram, voltammograms
from hetsim.plots.cycling import MeasuredCycle, cycling
from hetsim.plots.eis import impedance, impedances
from hetsim.plots.evidence import evidence_odds, plan_bars, waterfall
from hetsim.plots.fit import fit_profiles, fitted_rates
from hetsim.plots.fitted_data import fitted_data, isotherm
from hetsim.plots.profiles import profiles
from hetsim.plots.ragone import ragone
from hetsim.plots.rate import rate, rates
from hetsim.plots.sweeps import sensitivity_bars, sweep_overview
from hetsim.plots.trace import trace, traces
from hetsim.plots.voltage_components import voltage_components
from hetsim.results.comparison import Pair

__all__ = [
    "MeasuredCycle",
    "Pair",
    "analysed_cv",
    "analysed_eis",
    "analysed_gitt",
    "analysed_ici",
    "analysed_rate",
    "animate",
    "compared_models",
    "controls",
    "cycling",
    "evidence_odds",
    "fit_profiles",
    "fitted_data",
    "fitted_rates",
    "impedance",
    "impedances",
    "isotherm",
    "plan_bars",
    "profiles",
    "ragone",
    "rate",
    "rates",
    "sensitivity_bars",
    "sweep_overview",
    "trace",
    "traces",
    "voltage_components",
    "voltammogram",
    "voltammograms",
    "waterfall",
]
