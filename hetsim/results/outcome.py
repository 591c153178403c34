"""How a run ended."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

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


class Part(Protocol):
    """One part of a result: a current, a scan rate, a spectrum."""

    @property
    def outcome(self) -> Outcome: ...
    @property
    def reason(self) -> str: ...
    @property
    def charge_balance(self) -> float: ...


AnyPart = TypeVar("AnyPart", bound=Part)


def worst_part(parts: Sequence[AnyPart]) -> AnyPart:
    """The first part that did not end well; the first of all where every one did."""
    return next((part for part in parts if not part.outcome.good), parts[0])


def largest_balance(parts: Sequence[Part]) -> float:
    """Largest absolute charge balance of the parts that have one [-]; not a number without any."""
    balances = np.abs([part.charge_balance for part in parts])
    known = balances[np.isfinite(balances)]
    return float(known.max()) if known.size else float("nan")
