"""Figures: measured points as markers, simulation as lines, units on every axis.

Figures of fits are loaded when they are first used, for they need the models.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hetsim.plots.analysed import (
    analysed_cv,
    analysed_eis,
    analysed_gitt,
    analysed_ici,
    analysed_rate,
)
from hetsim.plots.animation import animate
from hetsim.plots.controls import controls
from hetsim.plots.cv import voltammogram, voltammograms
from hetsim.plots.cycling import MeasuredCycle, cycling
from hetsim.plots.eis import impedance, impedances
from hetsim.plots.profiles import profiles
from hetsim.plots.ragone import ragone
from hetsim.plots.rate import rate, rates
from hetsim.plots.sweeps import sensitivity_bars, sweep_overview
from hetsim.plots.trace import trace, traces
from hetsim.plots.voltage_components import voltage_components
from hetsim.results.comparison import Pair

if TYPE_CHECKING:  # what a type checker sees; the table below says the same to Python
    from hetsim.plots.compared import compared_models as compared_models
    from hetsim.plots.electrolyte import solid_electrolyte as solid_electrolyte
    from hetsim.plots.evidence import evidence_odds as evidence_odds
    from hetsim.plots.evidence import plan_bars as plan_bars
    from hetsim.plots.evidence import waterfall as waterfall
    from hetsim.plots.fit import fit_profiles as fit_profiles
    from hetsim.plots.fit import fitted_rates as fitted_rates
    from hetsim.plots.fitted import fitted_data as fitted_data
    from hetsim.plots.fitted import isotherm as isotherm
    from hetsim.plots.prediction import predicted as predicted

_OF_FITS = {
    "compared_models": "compared",
    "evidence_odds": "evidence",
    "plan_bars": "evidence",
    "waterfall": "evidence",
    "fit_profiles": "fit",
    "fitted_rates": "fit",
    "fitted_data": "fitted",
    "isotherm": "fitted",
    "predicted": "prediction",
    "solid_electrolyte": "electrolyte",
}

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
    "predicted",
    "profiles",
    "ragone",
    "rate",
    "rates",
    "sensitivity_bars",
    "solid_electrolyte",
    "sweep_overview",
    "trace",
    "traces",
    "voltage_components",
    "voltammogram",
    "voltammograms",
    "waterfall",
]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _OF_FITS:
            return getattr(import_module(f"hetsim.plots.{_OF_FITS[name]}"), name)
        raise AttributeError(f"module 'hetsim.plots' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
