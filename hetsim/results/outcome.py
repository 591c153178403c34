"""How a run ended."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BALANCE_LIMIT = 1e-6
"""Coulombs passed against inventory; a run that is off by more is marked as failed."""


class Outcome(StrEnum):
    """How a run ended."""

    CUT_OFF = "cut-off reached"
    LIMIT = "limit reached"
    COMPLETED = "protocol completed"
    NOT_PERIODIC = "not periodic"
    EXHAUSTED = "capacity exhausted"
    INFEASIBLE = "infeasible at start"
    SOLVER_FAILED = "solver failed"
    GIVEN_UP = "given up"
    OUT_OF_RANGE = "out of range"
    NOT_BALANCED = "charge not balanced"
    INTERRUPTED = "interrupted"

    @property
    def good(self) -> bool:
        return self in (Outcome.CUT_OFF, Outcome.LIMIT, Outcome.COMPLETED)


class Part(Protocol):
    """One part of a result: a current, a scan rate, a spectrum."""

    @property
    def outcome(self) -> Outcome: ...
    @property
    def reason(self) -> str: ...
    @property
    def charge_balance(self) -> float: ...


def names_of_engines(parts: Iterable[Any]) -> str:
    """The engines that solved some parts, each once."""
    used = [getattr(part, "engine", "").split(", ") for part in parts]
    return ", ".join(dict.fromkeys(one for names in used for one in names if one))


class InParts(ABC):
    """A result in parts, each with its own ending."""

    @property
    @abstractmethod
    def parts(self) -> Sequence[Part]:
        """The currents, scan rates or spectra of the result."""

    @property
    def outcome(self) -> Outcome:
        """Outcome of the first part that did not end well; of the first part where all did."""
        return self._worst.outcome

    @property
    def reason(self) -> str:
        """What went wrong in that part, empty if nothing did."""
        return self._worst.reason

    @property
    def _worst(self) -> Part:
        return next((part for part in self.parts if not part.outcome.good), self.parts[0])

    @property
    def engine(self) -> str:
        """What solved the parts: "interpreter", "PyBaMM list", "PyBaMM", or several of them."""
        return names_of_engines(self.parts)

    @property
    def charge_balance(self) -> float:
        """Largest absolute charge balance of the parts that have one [-]; not a number without any."""
        balances = np.abs([part.charge_balance for part in self.parts])
        known = balances[np.isfinite(balances)]
        return float(known.max()) if known.size else float("nan")
