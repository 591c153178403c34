"""hetsim's systems as PyBaMM parameter sets: `pybamm.ParameterValues("CZT")`."""

from collections.abc import Callable
from typing import Any

from hetsim import names
from hetsim.cells.half_cell import DIRECTIONS, load
from hetsim.submodels.host_equilibrium import potential_as_a_function


def _parameter_dictionary(name: str) -> dict[str, Any]:
    """The values of a system for the models of one lumped host, which `pybamm.Model` makes.

    Two hosts are lumped into one: its open-circuit curve is the composed one of both.
    """
    cell = load(name)
    values = dict(cell.parameter_values())
    if cell.structure.sites is None:
        return values
    hosts = cell.structure.hosts

    def curve(branch: str) -> Callable[[Any], Any]:
        return lambda occupancy: potential_as_a_function(hosts, occupancy, DIRECTIONS[branch])

    curves = {names.INSERTION_OCP: curve("insertion"), names.EXTRACTION_OCP: curve("extraction")}
    return {
        **values,
        **curves,
        names.OCP: lambda occupancy: potential_as_a_function(hosts, occupancy),
    }


def CZT() -> dict[str, Any]:
    """CoTe2/ZnTe/Ti3C2Tx against potassium, from Pan et al., doi:10.1007/s40820-023-01202-6."""
    return _parameter_dictionary("CZT")


def CT() -> dict[str, Any]:
    """CoTe2/Ti3C2Tx against potassium: the control without ZnTe."""
    return _parameter_dictionary("CT")


def ZT() -> dict[str, Any]:
    """ZnTe/Ti3C2Tx against potassium: the control without CoTe2."""
    return _parameter_dictionary("ZT")


def CZT_core_shell() -> dict[str, Any]:
    """CZT as core-shell particles of one size, for `hetsim.models.basic`."""
    cell = load("CZT", "core-shell").with_particle(classes=1, fast=False)
    return dict(cell.parameter_values())
