"""PyBaMM models with heterostructure particles, and their parameter values."""

from hetsim.models.half_cell import (
    DEFAULT_STRUCTURE,
    MODELS,
    HeterostructureDFN,
    HeterostructureSPM,
    HeterostructureSPMe,
)

__all__ = [
    "DEFAULT_STRUCTURE",
    "MODELS",
    "HeterostructureDFN",
    "HeterostructureSPM",
    "HeterostructureSPMe",
]
