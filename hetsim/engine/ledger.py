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


def balance(passed: Sequence[Array], held: Sequence[Array], inputs: Mapping[str, float]) -> float:
    """Largest drift over the turnover.

    passed, held : one array of points for each segment [C]
    """
    drift = max(
        float(np.abs((h - held[0][0]) - (q - passed[0][0])).max())
        for q, h in zip(passed, held, strict=True)
    )
    turnover = sum(float(np.abs(np.diff(q)).sum()) for q in passed)
    return drift / max(turnover, LEAST_TURNOVER * full_charge(inputs.__getitem__))


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
