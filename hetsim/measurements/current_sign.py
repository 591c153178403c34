"""Which sign of a measured current inserts: from names of steps, from the voltage, or as the user states."""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.stated import Stated
from hetsim.measurements.turns import turns_of

Array = NDArray[np.float64]

OFF = 0.01
"""Below this share of the largest current a sample is at rest."""

REST = 0.001
"""The same for a record of cycles, whose currents may span three decades."""

SURE = 0.5
"""Share of the changes of the voltage that must speak for one sign."""


BOTH_WAYS = 0.25
"""Ways of the voltage up and down are those of charge and discharge if the smaller is this share of the larger."""

LONG_WAY = 0.1
"""Of the window of the voltage: less is a drop of ohmic resistance, or noise."""


class Direction(NamedTuple):
    """sign : that a measured current is multiplied with so that insertion is positive; told : in words"""

    sign: float
    told: str


_DISCHARGE = re.compile(r"dchg|disch|放电|entlad|^d$|^dch|^d[ _-]?c[cvp]", re.IGNORECASE)
_CHARGE = re.compile(r"chg|charg|充电|laden|ladung|^c$|^cha?$|^c[ _-]?c[cvp]", re.IGNORECASE)


def named_direction(name: str) -> int:
    """1 for the name of a discharge, -1 for that of a charge, 0 for another."""
    if _DISCHARGE.search(name):
        return 1
    return -1 if _CHARGE.search(name) else 0


def signed(current: Array, names: list[str] | None) -> tuple[Array, bool]:
    """Currents with the sign of the names of their steps (discharge positive), where a file has them without a sign.

    Returns the currents, and whether their sign is that of the names.
    """
    if names is None or (current < 0).any():
        return current, False
    directions = {name: named_direction(name) for name in set(names)}
    if 1 not in directions.values() or -1 not in directions.values():
        return current, False
    return current * np.array([directions[name] or 1 for name in names]), True


def insertion_sign(
    current: Array,
    voltage: Array,
    names: list[str] | None,
    charge_positive: bool,
    given: Stated,
    where: str,
) -> Direction:
    """The sign that inserts.

    names : of the step of each row, if the file has them
    charge_positive : whether the format of the file says that a charge is positive
    Raises MeasurementError where it cannot be told, or where two signs of it disagree.

    Insertion lowers the voltage against the ion's metal, so the current under which it falls inserts; the cell is
    then discharged. A user states what else a discharge does.
    """
    if _lost_sign(current, voltage):
        raise MeasurementError(
            f"{where}: the current has no sign, though the voltage rises and falls under it; name the column that says "
            "charge and discharge: --columns step_name=NAME."
        )
    discharge = 0
    why = "stated"
    if given.positive is not None:
        discharge = 1 if given.positive == "discharge" else -1
    else:
        said, why = _said(current, names, charge_positive)
        falls = _trend(current, voltage)
        if said and falls and said != falls and given.discharge is None:
            raise MeasurementError(
                f"{where}: {why} say that a positive current is a {_word(said)}, but the voltage "
                f"{'rises' if falls < 0 else 'falls'} with it; state what a discharge does: "
                "--discharge insertion or --discharge extraction (or --positive charge or discharge)."
            )
        discharge = said or falls
        if not said:
            why = "the voltage falls with it" if falls > 0 else "the voltage rises with it"
    if not discharge:
        raise MeasurementError(
            f"{where}: neither the voltage nor a name of a step tells which sign of the current is the discharge; "
            "state --positive charge or --positive discharge (and --discharge extraction where a discharge "
            "extracts, --discharge insertion where it inserts)."
        )
    does = given.discharge or "insertion"
    sign = discharge if does == "insertion" else -discharge
    other = {"insertion": "extraction", "extraction": "insertion"}[does]
    means = does if discharge > 0 else other
    return Direction(float(sign), f"positive = {_word(discharge)} = {means} ({why})")


def insertion_word(sign: float) -> str:
    """What a positive current does that is multiplied with this sign to insert."""
    return "insertion" if sign > 0 else "extraction"


def _word(discharge: int) -> str:
    return "discharge" if discharge > 0 else "charge"


def _said(current: Array, names: list[str] | None, charge_positive: bool) -> tuple[int, str]:
    """1 where the file says that a positive current is a discharge, -1 for a charge, 0 where it does not say."""
    if names is not None:
        direction = {name: named_direction(name) for name in set(names)}
        votes = np.sign(current) * np.array([direction[name] for name in names])
        on = np.abs(votes).sum()
        if on and abs(votes.sum()) > SURE * on:
            return int(np.sign(votes.sum())), "the names of the steps"
    return (-1, "the columns of the Battery Data Format") if charge_positive else (0, "")


def _lost_sign(current: Array, voltage: Array) -> bool:
    """Whether charge and discharge have the same sign: under one sign the voltage has long ways up and down."""
    if (current > 0).any() and (current < 0).any():
        return False
    on = np.abs(current) > OFF * np.abs(current).max(initial=0.0)
    least = LONG_WAY * float(np.ptp(voltage))
    edges = np.flatnonzero(np.diff(np.r_[False, on, False].astype(int)))
    ways = [0.0]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        piece = voltage[start:end]
        ways += np.diff(piece[turns_of(piece, least)]).tolist()
    long = np.array([way for way in ways if abs(way) > least])
    up, down = long[long > 0].sum(), -long[long < 0].sum()
    return bool(min(up, down) > BOTH_WAYS * max(up, down))


def _trend(current: Array, voltage: Array) -> int:
    """1 where the voltage falls while the current is positive, -1 where it rises, 0 where neither is clear."""
    largest = float(np.abs(current).max(initial=0.0))
    if not largest:
        return 0
    state = np.where(np.abs(current) < OFF * largest, 0, np.sign(current)).astype(int)
    starts = np.flatnonzero(np.diff(state, prepend=state[0] - 1))
    ends = np.r_[starts[1:], len(state)] - 1
    moved, total = 0.0, 0.0
    for start, end in zip(starts, ends, strict=True):
        if state[start]:
            before = start - 1 if start == end and start else start
            change = float(voltage[end] - voltage[before])
            moved += state[start] * change
            total += abs(change)
    if total < 1e-6 or abs(moved) < SURE * total:
        return 0
    return -int(np.sign(moved))
