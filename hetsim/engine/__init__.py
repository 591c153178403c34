"""Building a model once per structure, and solving it: nothing else in hetsim calls a solver."""

from hetsim.engine.built import BuiltModel, builds, built_model
from hetsim.engine.drives import (
    CURRENT,
    LAYERED_CURRENT,
    SMALL_CURRENT,
    TO_CUT_OFF,
    VOLTAGE,
    Drive,
)
from hetsim.engine.hand_over import handed
from hetsim.engine.impedance import LinearResponse, linear_response
from hetsim.engine.segments import Chain, Piece, Segment, Step, constant_current
from hetsim.engine.stretches import Stretch, engines, joined_chain, solution_later

__all__ = [
    "CURRENT",
    "LAYERED_CURRENT",
    "SMALL_CURRENT",
    "TO_CUT_OFF",
    "VOLTAGE",
    "BuiltModel",
    "Chain",
    "Drive",
    "LinearResponse",
    "Piece",
    "Segment",
    "Step",
    "Stretch",
    "builds",
    "built_model",
    "constant_current",
    "engines",
    "handed",
    "joined_chain",
    "linear_response",
    "solution_later",
]
