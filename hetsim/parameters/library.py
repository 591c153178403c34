"""The library of parameter files that ships with hetsim: where it is and what it holds."""

from importlib.metadata import entry_points
from pathlib import Path

from hetsim.errors import ParameterError, did_you_mean

_PACKAGED = Path(__file__).parents[1] / "parameter_sets"


PARAMETER_SETS = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[2] / "parameter_sets"
"""Folder of the parameter sets: inside the wheel, or beside the package in a checkout."""


def component_names(folder: str) -> list[str]:
    """Names in `materials` or `electrolytes`, sorted."""
    return sorted(path.stem for path in (PARAMETER_SETS / folder).glob("*.toml"))


SYSTEM_FOLDERS = ("systems", "library")
"""Where systems stand: those that are written by hand, and those that scripts/build_library.py makes from facts."""


def system_names() -> list[str]:
    """Names of the systems that ship with hetsim, sorted.

    Returns
    -------
    list[str]
    """
    return sorted(name for folder in SYSTEM_FOLDERS for name in component_names(folder))


def library_path(kind: str, name: str, hint: str = "") -> Path:
    folders = SYSTEM_FOLDERS if kind == "system" else (f"{kind}s",)
    for folder in folders:
        if name in component_names(folder):
            return PARAMETER_SETS / folder / f"{name}.toml"
    known = sorted(one for folder in folders for one in component_names(folder))
    if kind == "system" and is_set_of_pybamm(name):
        raise ParameterError(OF_PYBAMM.format(name=name))
    loadable = [*known, *(component_names("cells") if kind == "system" else [])]
    raise ParameterError(f"Unknown {kind} '{name}'. {did_you_mean(name, loadable)}{hint}")


OF_PYBAMM = (
    "'{name}' is a parameter set of PyBaMM, which hetsim does not load as a cell: use it there with "
    "pybamm.ParameterValues('{name}'), or take one of its electrodes as a host with "
    "hs.exchange.host_from_pybamm('{name}', electrode='positive')."
)


def is_set_of_pybamm(name: str) -> bool:
    """Whether PyBaMM itself, or another package than hetsim, has a parameter set of this name."""
    sets = entry_points(group="pybamm_parameter_sets", name=name)
    return any(not one.value.startswith("hetsim.") for one in sets)
