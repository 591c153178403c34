"""hetsim: battery cells with heterostructure electrodes, simulated on PyBaMM.

    import hetsim as hs
    cell = hs.load("CZT")
    curve = hs.run(cell, hs.RateTest([0.1, 1, 10]))

Names are loaded when they are first used, so that reading and listing parameter sets does not wait for
PyBaMM.
"""

import os
from importlib import import_module
from typing import Any

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

_WHERE = {
    "HalfCell": "cells.half_cell",
    "FullCell": "cells.full_cell",
    "load": "cells.load",
    "RateTest": "protocols",
    "GITT": "protocols",
    "CV": "protocols",
    "EIS": "protocols",
    "Replay": "protocols",
    "Rest": "protocols",
    "Hold": "protocols",
    "ConstantCurrent": "protocols",
    "TimeTrace": "results",
    "Cycling": "protocols",
    "RateCurve": "results",
    "RatePoint": "results",
    "CyclingResult": "results",
    "Cycle": "results",
    "Outcome": "results",
    "run": "simulation",
    "compare": "results.comparison",
    "Comparison": "results.comparison",
    "measured": "measurements",
    "fit": "fitting",
    "FreeValue": "fitting",
    "FitResult": "fitting",
    "Junction": "junctions.report",
    "StaticField": "submodels",
    "StateDependentField": "submodels",
    "SwitchingField": "submodels",
    "ChargeDrivenLoss": "submodels",
    "ReactionDrivenLoss": "submodels",
    "SEIGrowth": "submodels",
    "sweep": "sweeping",
    "open_sweep": "sweeping",
    "Grid": "sweeping",
    "Zip": "sweeping",
    "Cases": "sweeping",
    "LatinHypercube": "sweeping",
    "SobolSequence": "sweeping",
    "SaltelliDesign": "sweeping",
    "MorrisDesign": "sweeping",
    "LinearRange": "sweeping",
    "LogRange": "sweeping",
    "Product": "sweeping",
    "read_study": "sweeping",
    "sensitivity": "sweeping",
    "local_sensitivity": "sweeping",
    "HetsimError": "errors",
    "ParameterError": "errors",
    "system_names": "parameters.system_file",
}
_MODULES = ("analysis", "plots")

__all__ = [*_WHERE, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"hetsim.{_WHERE[name]}"), name)
    if name in _MODULES:
        return import_module(f"hetsim.{name}")
    raise AttributeError(f"module 'hetsim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
