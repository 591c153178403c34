"""run(cell, protocol): from a cell and an experiment to a result."""

from hetsim.simulation import cv, eis, gitt, rate, steps  # noqa: F401  they register their protocols
from hetsim.simulation.dispatch import run, versions

__all__ = ["run", "versions"]
