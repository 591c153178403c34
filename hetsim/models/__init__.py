"""PyBaMM models with heterostructure particles, and their parameter values.

The models are loaded when they are first used, for they are classes of PyBaMM's.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hetsim.models.kinds import KINDS
from hetsim.submodels.particle import DEFAULT_STRUCTURE

if TYPE_CHECKING:  # what a type checker sees; the table below says the same to Python
    from hetsim.models.half_cell import MODELS as MODELS
    from hetsim.models.half_cell import HeterostructureDFN as HeterostructureDFN
    from hetsim.models.half_cell import HeterostructureSPM as HeterostructureSPM
    from hetsim.models.half_cell import HeterostructureSPMe as HeterostructureSPMe

_OF_HALF_CELLS = ("MODELS", "HeterostructureDFN", "HeterostructureSPM", "HeterostructureSPMe")

__all__ = [
    "DEFAULT_STRUCTURE",
    "KINDS",
    "MODELS",
    "HeterostructureDFN",
    "HeterostructureSPM",
    "HeterostructureSPMe",
]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in _OF_HALF_CELLS:
            return getattr(import_module("hetsim.models.half_cell"), name)
        raise AttributeError(f"module 'hetsim.models' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
