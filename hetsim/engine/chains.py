"""Chains of segments that are asked of the interpreter, and what came of them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.path import Path
from hetsim.results import Array

__all__ = ["LONGEST", "Answers", "Chains", "Ended", "Ints"]

Ints = NDArray[np.int32]

LONGEST = 10_000
"""Steps after which a segment is given up."""


class Ended(IntEnum):
    """How a segment ended, as the C file counts."""

    NOT_REACHED = -1
    CUT_OFF = 0
    TIME_OVER = 1
    IMPOSSIBLE = 2
    TOO_MANY_STEPS = 3
    TOO_SMALL_STEP = 4
    NO_START = 5
    NO_NUMBER = 6


@dataclass(frozen=True)
class Chains:
    """What is done to each of some cells: the same segments, with values of their own.

    case_of : the case of each chain, [chains]
    imposed : values of each segment in the order of the model, the last is the duration [s],
        [chains, segments, n + 1]
    next : the segment that follows a cut-off, the end of the duration, or a start beyond a cut-off; -1 ends the chain,
        [segments, 3]
    save : whether the state at a cut-off is kept, [segments]
    back : whether the next segment starts from the kept state where the cut-off was not met, [segments]
    start : states to start from, [chains, n]; None for the equilibrium of the values
    """

    case_of: Ints
    imposed: Array
    next: Ints
    save: Ints
    back: Ints
    start: Array | None = None


@dataclass(frozen=True)
class Answers:
    """What came of each segment of each chain.

    code : Ended, [chains, segments];  event : number of the margin that ended it
    steps : of the integration, or times at which the exact step was taken;  exact_steps : 1 where it was taken
    time : at which it ended, from its own start [s]
    kept : what is kept at both ends, [chains, segments, 2, n]
    shown : outputs at the start, half of the time and the end, [chains, segments, 3, n]
    state : at the end of each chain, [chains, n]
    fixed : what depends on the values of a case alone, [cases, n]
    path : the accepted steps;  entered : states at the start of each segment, [chains, segments, n]; None where they
        were not asked for
    """

    code: Ints
    event: Ints
    steps: Ints
    exact_steps: Ints
    time: Array
    kept: Array
    shown: Array
    state: Array
    fixed: Array
    path: Path | None = None
    entered: Array | None = None
