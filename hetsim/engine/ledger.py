"""The balance of charge: what a cell holds against the charge that was passed.

    drift = max |(h - h_0) - (q - q_0)|,    balance = drift / max(turnover, LEAST_TURNOVER Q)

h is the charge of the ions that an electrode holds (and of its double layer), q the charge that was passed,
Q the charge that fills all sites; the turnover is the charge that went back and forth. [C], balance [-]
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.laws.electrode import full_charge
from hetsim.results import BALANCE_LIMIT, Array, Outcome

LEAST_TURNOVER = 1e-3
"""Share of the full capacity that a balance is referred to where less is passed [-]."""


def charge_of(ions: Array, inputs: Mapping[str, float]) -> Array:
    """Charge [C] of an amount of ions [mol]."""
    charge: Array = inputs[names.CHARGE_NUMBER] * FARADAY * ions
    return charge


def balance(
    passed: Sequence[Array] | Array, held: Sequence[Array] | Array, inputs: Mapping[str, float]
) -> float:
    """Largest drift over the turnover.

    passed, held : of the points of each segment [C], one array for each or [segments, points]
    """
    drift = float(np.abs((_joined(held) - held[0][0]) - (_joined(passed) - passed[0][0])).max())
    turnover = float(np.abs(_moves(passed)).sum())
    return drift / max(turnover, LEAST_TURNOVER * full_charge(inputs.__getitem__))


def _joined(segments: Sequence[Array] | Array) -> Array:
    return segments.ravel() if isinstance(segments, np.ndarray) else np.concatenate(segments)


def _moves(segments: Sequence[Array] | Array) -> Array:
    """From point to point of each segment, not from one segment to the next."""
    if isinstance(segments, np.ndarray):
        return np.diff(segments).ravel()
    moves = np.diff(np.concatenate(segments))
    moves[np.cumsum([len(one) for one in segments[:-1]], dtype=int) - 1] = 0.0
    return moves


def balances(passed: Array, ions: Array, inputs: Mapping[str, Any]) -> Array:
    """The balances of many steps at once.

    passed : in each step [C];  ions : that the electrode took up in it [mol];  inputs : that broadcast with them
    """
    charge = inputs[names.CHARGE_NUMBER] * FARADAY * ions
    least = LEAST_TURNOVER * full_charge(inputs.__getitem__)
    found: Array = np.abs(charge - passed) / np.maximum(np.abs(passed), least)
    return found


def judged(outcome: Outcome, reason: str, drift: float) -> tuple[Outcome, str]:
    """Outcome and reason, or those of a charge that does not balance where it does not.

    drift : the balance [-]
    """
    if outcome.good and not drift <= BALANCE_LIMIT:
        reason = f"what the electrode holds differs from the charge passed by {drift:.1e}"
        return Outcome.NOT_BALANCED, reason
    return outcome, reason
