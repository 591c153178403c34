"""run(cell, protocol): from a cell and an experiment to a result."""

from hetsim.simulation import cv, cycling, eis, gitt, protocol, rate, replay, steps  # noqa: F401  they register their protocols
from hetsim.simulation.run import check, run, versions

__all__ = ["check", "run", "versions"]
