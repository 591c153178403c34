"""run(cell, protocol): from a cell and an experiment to a result."""

from hetsim.simulation import cycling, rate  # noqa: F401  each registers its protocol
from hetsim.simulation.dispatch import run, versions

__all__ = ["run", "versions"]
