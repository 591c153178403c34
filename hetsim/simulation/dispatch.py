"""run(cell, protocol): from a cell and an experiment to a result."""

import logging
from functools import singledispatch
from importlib.metadata import version
from typing import Any

import pybamm

from hetsim.cell import HalfCell

pybamm.set_logging_level(logging.ERROR)  # what PyBaMM would warn of is an outcome of the result


def run(cell: HalfCell, protocol: Any, model: str = "SPMe") -> Any:
    """Run an experiment on a cell.

    model : "SPM", "SPMe" or "DFN". The first run of a structure in a process builds it (a second or
    so); later ones, with whatever values, cost milliseconds.
    """
    if not isinstance(cell, HalfCell):
        raise TypeError(f"hs.run needs a cell, got {cell!r}; hs.load('CZT') makes one.")
    return run_protocol(protocol, cell, model)


@singledispatch
def run_protocol(protocol: Any, cell: HalfCell, model: str) -> Any:
    """One registered function for each protocol."""
    raise TypeError(f"{type(protocol).__name__} is not a protocol; try hs.RateTest([0.1, 1, 10]).")


def provenance(cell: HalfCell, protocol: Any, model: str) -> dict[str, Any]:
    """The fields of `results.Run`."""
    return {
        "system": cell.name,
        "model": model,
        "parameters": dict(cell.values),
        "parameters_hash": cell.parameters_hash,
        "protocol": repr(protocol),
        "versions": versions(),
        "thermodynamic_status": cell.structure.architecture.field.thermodynamic_status,
    }


def versions() -> dict[str, str]:
    """Versions of what a result depends on."""
    return {
        name: version(name) for name in ("hetsim", "pybamm", "pybammsolvers", "casadi", "numpy")
    }
