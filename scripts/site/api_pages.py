"""The pages of the API reference, one a subject; together they hold every public name (`missing`)."""

import inspect
from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import hetsim
from hetsim import laws

SUBJECTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "cells": (
        "Cells and their parameters",
        (
            *(
                "load",
                "system_names",
                "heterostructure",
                "Host",
                "template",
                "HalfCell",
                "FullCell",
            ),
            *("Junction", "HetsimError", "ParameterError"),
        ),
    ),
    "physics": (
        "Architectures, carriers, fields and ageing",
        (
            *("Mixture", "Dispersed", "StackedParallel", "StackedSeries", "CoreShell"),
            *("NoChannel", "DiluteCarriers", "LatticeCarriers"),
            *("StaticField", "StateDependentField", "SwitchingField"),
            *("ChargeDrivenLoss", "ReactionDrivenLoss", "SEIGrowth"),
        ),
    ),
    "protocols": (
        "Protocols, and how they are run",
        (
            *("run", "RateTest", "GITT", "CV", "EIS", "Cycling", "Replay", "Protocol"),
            *("ConstantCurrent", "Rest", "Hold", "Ramp", "CCCV", "ICI"),
        ),
    ),
    "results": (
        "Results",
        (
            *("Outcome", "RateCurve", "RatePoint", "TimeTrace", "ProtocolRun", "CyclingResult"),
            *("Cycle", "compare", "Comparison"),
        ),
    ),
    "measured": ("Measured data", ("measured", "read", "Reading")),
    "fits": (
        "Fits, evidence and explanation",
        (
            *("fit", "FitResult", "FreeValue", "compare_models", "isotherm_from", "Isotherm"),
            *(
                "RateData",
                "ExtractionData",
                "VoltageCurveData",
                "TitrationData",
                "VoltammogramData",
                "SpectrumData",
            ),
            *("Polarisation", "AgedCapacity"),
            *("evidence", "Evidence", "Candidate", "explain", "Explanation"),
            *("plan", "Plan", "Experiment"),
        ),
    ),
    "predictions": ("Predictions", ("predict", "Prediction")),
    "solid-electrolytes": (
        "Solid electrolytes",
        ("solid_electrolyte", "SolidElectrolyte", "lfp_cell"),
    ),
    "sweeps": (
        "Sweeps and sensitivity",
        (
            *("sweep", "open_sweep", "read_study", "Grid", "Zip", "Cases", "LatinHypercube"),
            *("SobolSequence", "SaltelliDesign", "MorrisDesign", "LinearRange", "LogRange"),
            *("Product", "sensitivity", "local_sensitivity"),
        ),
    ),
    "citations": ("Citations", ("cite",)),
}
"""The names of `hetsim` itself, by the subject whose page they stand on."""

MODULES: Mapping[str, str] = {
    "plots": "Figures",
    "analysis": "The analyses of the literature",
    "exchange": "Exchange with other programs",
    "measurements": "Readers of measured files",
    "architectures": "Architectures, as the cells take them",
    "submodels": "PyBaMM submodels",
    "models": "PyBaMM models",
}
"""Public modules, each with a page of its own."""


def pages() -> dict[str, str]:
    """The text of each page in reStructuredText, by its name; "index" lists the others."""
    told: dict[int, str] = {}
    found = {}
    for key, (title, names) in SUBJECTS.items():
        found[key] = _page(title, hetsim, names, told)
    for name, title in MODULES.items():
        module = import_module(f"hetsim.{name}")
        found[name] = _page(f"hetsim.{name}: {title}", module, _public(module), told)
    found["laws"] = _laws()
    found["index"] = _index(list(found))
    return found


def missing() -> list[str]:
    """Public names of hetsim that no page has, and names of pages that are none."""
    listed = [name for _, names in SUBJECTS.values() for name in names]
    listed += [name for name in MODULES if name in hetsim.__all__]
    return sorted({*hetsim.__all__} ^ {*listed})


def every_name() -> list[str]:
    """The full name, in the reference, of each public object of hetsim and its public modules."""
    modules = [hetsim, *(import_module(f"hetsim.{name}") for name in MODULES)]
    found: dict[int, str] = {}
    for module in modules:
        for name in _public(module):
            if name not in MODULES:
                found.setdefault(id(getattr(module, name)), f"{module.__name__}.{name}")
    return [*found.values(), *(one.__name__ for one in modules[1:])]


def _public(module: ModuleType) -> list[str]:
    return list(dict.fromkeys(module.__all__))


def _title(text: str) -> list[str]:
    return [text, "=" * len(text), ""]


def _page(title: str, module: ModuleType, names: Iterable[str], told: dict[int, str]) -> str:
    """A page with each name; what another page has told already is linked."""
    lines = [*_title(title)]
    if module is not hetsim:
        lines += [f".. automodule:: {module.__name__}", "   :no-members:", ""]
    for name in names:
        found, full = getattr(module, name), f"{module.__name__}.{name}"
        known = told.setdefault(id(found), full)
        lines += (
            _entry(found, full) if known == full else [f"- ``{full}`` is :py:obj:`{known}`", ""]
        )
    return "\n".join(lines) + "\n"


def _entry(found: object, full: str) -> list[str]:
    if inspect.isclass(found):
        return [f".. autoclass:: {full}", *_members(found), ""]
    if callable(found):
        return [f".. autofunction:: {full}", ""]
    return [f".. autodata:: {full}", "   :no-value:", ""]


def _members(found: type) -> list[str]:
    """What a class of hetsim has from others of hetsim is told with it, and nothing that is PyBaMM's or Python's."""
    if not any(base.__module__.startswith("hetsim") for base in found.__mro__[1:]):
        return []
    foreign = [one.__name__ for one in found.__mro__ if not one.__module__.startswith("hetsim")]
    return [f"   :inherited-members: {', '.join(foreign)}"]


def _laws() -> str:
    """All modules of `hetsim.laws`, with the functions that they define."""
    lines = _title("hetsim.laws: the laws")
    lines += [
        "Plain functions of numbers, arrays or PyBaMM symbols. Each stands here once, and the same function is used by",
        "the models, the reports and the tests.",
        "",
    ]
    for one in sorted(iter_modules(laws.__path__), key=lambda found: found.name):
        name = f"hetsim.laws.{one.name}"
        lines += [one.name.replace("_", " ").capitalize(), "-" * len(one.name), ""]
        lines += [f".. automodule:: {name}", ""]
    return "\n".join(lines)


def _index(names: list[str]) -> str:
    lines = _title("The API")
    lines += [
        "``import hetsim as hs`` gives every name of the first list. Names are loaded when they are first used.",
        "",
    ]
    for caption, group in (
        ("hetsim", [name for name in names if name in SUBJECTS]),
        ("Modules", [name for name in names if name not in SUBJECTS]),
    ):
        lines += [".. toctree::", f"   :caption: {caption}", "   :maxdepth: 1", ""]
        lines += [f"   {name}" for name in group] + [""]
    return "\n".join(lines)
