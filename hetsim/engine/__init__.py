"""Building a model once per structure, and solving it: nothing else in hetsim calls a solver."""

from hetsim.engine.built import BuiltModel, Step, builds, built_model
from hetsim.engine.driven import (
    CURRENT,
    SMALL_CURRENT,
    VOLTAGE,
    Chain,
    Drive,
    DrivenModel,
    Piece,
    Segment,
    driven_model,
)
from hetsim.engine.impedance import LinearResponse, linear_response

__all__ = [
    "CURRENT",
    "SMALL_CURRENT",
    "VOLTAGE",
    "BuiltModel",
    "Chain",
    "Drive",
    "DrivenModel",
    "LinearResponse",
    "Piece",
    "Segment",
    "Step",
    "builds",
    "built_model",
    "driven_model",
    "linear_response",
]
