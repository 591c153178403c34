"""run(cell, protocol): from a cell and an experiment to a result."""

from hetsim.simulation import (  # noqa: F401  they register their protocols
    cv,
    cycling,
    eis,
    gitt,
    rate,
    steps,
)
from hetsim.simulation.dispatch import run, versions

__all__ = ["run", "versions"]
