"""hetsim's systems as PyBaMM parameter sets: `pybamm.ParameterValues("CZT")`."""

from typing import Any

from hetsim.cells.half_cell import load


def _parameter_dictionary(name: str) -> dict[str, Any]:
    return dict(load(name).parameter_values())


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
