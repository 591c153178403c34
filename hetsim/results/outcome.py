"""How a run ended."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BALANCE_LIMIT = 1e-6
"""Coulombs passed against inventory; a run that is off by more is marked as failed."""


class Outcome(StrEnum):
    """How a run ended."""

    CUT_OFF = "cut-off reached"
    COMPLETED = "protocol completed"
    NOT_PERIODIC = "not periodic"
    EXHAUSTED = "capacity exhausted"
    INFEASIBLE = "infeasible at start"
    SOLVER_FAILED = "solver failed"
    OUT_OF_RANGE = "out of range"
    NOT_BALANCED = "charge not balanced"
    INTERRUPTED = "interrupted"

    @property
    def good(self) -> bool:
        return self in (Outcome.CUT_OFF, Outcome.COMPLETED)
