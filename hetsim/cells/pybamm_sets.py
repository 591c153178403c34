"""hetsim's systems as PyBaMM parameter sets: `pybamm.ParameterValues("CZT")`, "CZT-lumped", "CZT-core-shell".

PyBaMM finds a set by an entry point, a line in pyproject.toml, which names a function of this module: the name of the
set with "_" for each "-". The functions are made of the shipped files when one is asked for.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

from hetsim import names
from hetsim.cells.half_cell import HalfCell, load
from hetsim.cells.rest import DIRECTIONS
from hetsim.cells.sources import cited
from hetsim.parameters.library import component_names
from hetsim.parameters.system_file import read_system
from hetsim.submodels.host_equilibrium import potential_as_a_function

ParameterDictionary = dict[str, Any]


@cache
def set_names() -> tuple[tuple[str, str, str], ...]:
    """Every set: its name, its system and its variant.

    All systems that are written by hand, and their variants but for two hosts in core and shell: PyBaMM makes a model
    from its name alone, and none of those that it can make has two hosts with a field between them (`hs.load` has).
    """
    return tuple(_all_sets())


def _all_sets() -> Iterator[tuple[str, str, str]]:
    for system in component_names("systems"):
        yield system, system, ""
        for variant in read_system(system).variants:
            structure = load(system, variant).structure
            if not (structure.sites and structure.architecture.has_field):
                yield f"{system}-{variant}", system, variant


def attribute(name: str) -> str:
    """The function of this module that makes a set."""
    return name.replace("-", "_")


def __getattr__(name: str) -> Callable[[], ParameterDictionary]:
    for of_set, system, variant in () if name.startswith("__") else set_names():
        if attribute(of_set) == name:
            return _maker(system, variant)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")


@cache
def _maker(system: str, variant: str) -> Callable[[], ParameterDictionary]:
    """The function of a set; PyBaMM shows its docstring."""
    file = read_system(system, variant)
    make = partial(_parameter_dictionary, system, variant)
    make.__doc__ = " ".join(filter(None, (f"{file.title} against {file.ion}.", file.reference)))
    return make


def _parameter_dictionary(system: str, variant: str) -> ParameterDictionary:
    """The values of a system for the models of one lumped host, which `pybamm.Model` makes.

    Two hosts are lumped into one: its open-circuit curve is the composed one of both. A core-shell particle has one
    size and no fast share, as `hetsim.models.basic` has it.
    """
    cell = load(system, variant)
    if cell.structure.architecture.has_field:
        cell = cell.with_particle(classes=1, fast=False)
    values = {
        **cell.parameter_values(),
        "citations": [reference.bibtex for reference in cited(cell)],  # for pybamm.print_citations
    }
    return values if cell.structure.sites is None else {**values, **_composed_curves(cell)}


def _composed_curves(cell: HalfCell) -> ParameterDictionary:
    """The open-circuit potential of both hosts together as a function of the occupancy, and of its branches."""
    hosts = cell.structure.hosts

    def curve(direction: float) -> Callable[[Any], Any]:
        return lambda occupancy: potential_as_a_function(hosts, occupancy, direction)

    return {
        names.INSERTION_OCP: curve(DIRECTIONS["insertion"]),
        names.EXTRACTION_OCP: curve(DIRECTIONS["extraction"]),
        names.OCP: curve(0),
    }
