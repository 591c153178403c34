"""run(cell, protocol): from a cell and an experiment to a result."""

from hetsim.simulation import (  # noqa: F401  they register their protocols
    cv,
    cycling,
    eis,
    gitt,
    rate,
    replay,
    steps,
)
from hetsim.simulation.dispatch import check, run, versions

__all__ = ["check", "run", "versions"]
