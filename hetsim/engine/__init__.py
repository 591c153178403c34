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
from hetsim.engine.measured import measured_chain, measured_step, measured_steps, measured_stretch
from hetsim.engine.segments import Chain, Piece, Segment, Step, constant_current, sample_times
from hetsim.engine.side_by_side import Followed, followed
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
    "Followed",
    "LinearResponse",
    "Piece",
    "Segment",
    "Step",
    "Stretch",
    "builds",
    "built_model",
    "constant_current",
    "engines",
    "followed",
    "handed",
    "joined_chain",
    "linear_response",
    "measured_chain",
    "measured_step",
    "measured_steps",
    "measured_stretch",
    "sample_times",
    "solution_later",
]
