"""From the points of an electrode to the values of its cell.

The curve is fitted in curve_fit.py; what happened to the electrode after cycles is fitted here.

Capacities after cycles are no points of a curve. Where the fitted cell has more at that current, the difference is a
loss of active material, which is fitted to it. Where it has less, the capacity after cycles is a lower bound of the
fresh one: it is fitted as a point, and no loss is assumed.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import hetsim as hs
from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.parameters.values import Value
from hetsim.protocols import Cycling
from hetsim.simulation.run_many import rate_capacities
from hetsim.submodels import ChargeDrivenLoss
from scripts.library.curve_fit import DIGITS, FEW, fitted_curve, with_these
from scripts.library.facts import Electrode, Point
from scripts.library.priors import Priors
from scripts.library.two_hosts import two_hosts

ROUNDS = 8
"""Of the search for the loss of active material."""
CLOSE = 2e-3
"""A capacity after cycles within this share of the simulated one counts as met."""


@dataclass(frozen=True)
class Fitted:
    """The cell of an electrode with its fitted values.

    Parameters
    ----------
    cell : HalfCell
        With the rounded values
    values : dict[str, Value]
        Those that were fitted or came from the family, with their sources
    simulated : tuple[float, ...]
        Capacities at the currents of the fresh points [mA.h.g-1]
    at_ends : tuple[float, ...]
        Capacities of the aged cell at the points after cycles that have their number of cycles [mA.h.g-1]
    remarks : tuple[str, ...]
        Sentences for the note of the file
    hosts, hosts_error : dict[str, Value] | None, float
        Values of the variant with the isotherms of both materials (two_hosts.py), and its mean error [%]
    """

    cell: HalfCell
    values: dict[str, Value]
    simulated: tuple[float, ...] = ()
    at_ends: tuple[float, ...] = ()
    remarks: tuple[str, ...] = ()
    hosts: dict[str, Value] | None = None
    hosts_error: float = 0.0

    def kept(self) -> dict[str, Any]:
        """What of it a file of JSON holds."""
        return {
            "values": [asdict(one) for one in self.values.values()],
            "simulated": self.simulated,
            "at_ends": self.at_ends,
            "remarks": self.remarks,
            "hosts": None if self.hosts is None else [asdict(one) for one in self.hosts.values()],
            "hosts_error": self.hosts_error,
        }


def taken_up(cell: HalfCell, kept: dict[str, Any]) -> Fitted:
    """The same from what was kept, and the neutral cell."""
    values = {one["name"]: _value(one) for one in kept["values"]}
    lists = (tuple(kept[key]) for key in ("simulated", "at_ends", "remarks"))
    hosts = kept.get("hosts")
    own = None if hosts is None else {one["name"]: _value(one) for one in hosts}
    return Fitted(with_these(cell, values), values, *lists, own, kept.get("hosts_error", 0.0))


def _value(raw: dict[str, Any]) -> Value:
    number, limits = raw["value"], raw["range"]
    return Value(
        **{
            **raw,
            "value": tuple(number) if isinstance(number, list) else number,
            "range": None if limits is None else tuple(limits),
        }
    )


def fitted(cell: HalfCell, electrode: Electrode, priors: Priors) -> Fitted:
    """The cell of an electrode, fitted to what is printed of it."""
    ends = counted_ends(electrode)
    as_points: list[Point] = []
    if not electrode.fresh:
        as_points += ends
    neutral = cell
    cell, values, remarks = fitted_curve(neutral, electrode, priors, as_points)
    if len(electrode.fresh) <= FEW:
        for _ in range(len(ends)):  # those that lie above the fresh curve bound it from below
            above = _above(cell, electrode.fresh, [one for one in ends if one not in as_points])
            if not above:
                break
            as_points += above
            cell, values, remarks = fitted_curve(neutral, electrode, priors, as_points)
    if as_points:
        told = " and ".join(
            f"{one.capacity:g} mAh/g after {one.cycles} cycles at {one.current:g} A/g"
            for one in as_points
        )
        remarks.append(f"Lower bounds of the fresh capacity, fitted as if fresh: {told}.")
    loss = _loss(cell, electrode, [one for one in ends if one not in as_points])
    if loss is not None:
        values[names.MATERIAL_LOSS] = loss
        cell = with_these(cell, {names.MATERIAL_LOSS: loss})
    own, error = two_hosts(neutral, electrode, priors, values) or (None, 0.0)
    return Fitted(
        cell,
        values,
        tuple(simulated(cell, [one.current for one in electrode.fresh])),
        tuple(aged_capacity(cell, one.current, one.cycles) for one in ends),
        tuple(remarks),
        own,
        error,
    )


def counted_ends(electrode: Electrode) -> list[Point]:
    """Points after a number of cycles, one a current and number."""
    return [one for one in electrode.ends if one.cycles]


def simulated(cell: HalfCell, currents: Sequence[float]) -> list[float]:
    """Capacities of a whole rate test [mA.h.g-1]."""
    if not currents:
        return []
    [found] = rate_capacities([cell], hs.RateTest(tuple(sorted(currents))))
    assert found is not None, cell.name
    by_current = dict(zip(sorted(currents), found, strict=True))
    return [round(float(by_current[one]), 1) for one in currents]


def aged_capacity(cell: HalfCell, current: float, cycles: int) -> float:
    """Capacity after cycles at a current [mA.h.g-1]."""
    aged = cell.with_ageing(ChargeDrivenLoss())
    found = hs.run(aged, Cycling(current, cycles, jump=max(cycles // 5, 1)))
    return round(float(found.cycles[-1].insertion), 1)


# --- after cycles -----------------------------------------------------------------------------------


def _above(cell: HalfCell, fresh: Sequence[Point], ends: Sequence[Point]) -> list[Point]:
    """Points after cycles that the fresh cell does not reach, at currents that no fresh point has."""
    taken = {one.current for one in fresh}
    open_ends = [one for one in ends if one.current not in taken]
    reached = simulated(cell, sorted({one.current for one in open_ends}))
    at = dict(zip(sorted({one.current for one in open_ends}), reached, strict=True))
    return [one for one in open_ends if one.capacity > at[one.current] * (1 + CLOSE)]


def _loss(cell: HalfCell, electrode: Electrode, ends: Sequence[Point]) -> Value | None:
    """The loss of active material that takes the cell to the point after the most cycles."""
    targets = [
        (one.current, one.cycles, one.capacity, f"{one.capacity:g} mAh/g", one.source)
        for one in ends
    ]
    if not targets:
        for one in electrode.retentions:
            fresh = simulated(cell, [one.current])[0]
            told = f"{100 * one.share:g} % of the first capacity"
            targets.append((one.current, one.cycles, one.share * fresh, told, one.source))
    if not targets:
        return None
    current, cycles, wanted, told, source = max(targets, key=lambda one: one[1])
    fresh = simulated(cell, [current])[0]
    if wanted >= fresh * (1 - CLOSE):
        return None
    loss = _search(cell, current, cycles, wanted, fresh)
    if loss is None:
        return None
    words = f"{told} after {cycles} cycles at {current:g} A/g ({source})"
    return Value(
        names.MATERIAL_LOSS, loss, "fitted", words, "one value from one number, so without an interval",
        (0.0, max(1e-2, float(f"{3 * loss:.2g}"))),
    )  # fmt: skip


def _search(
    cell: HalfCell, current: float, cycles: int, wanted: float, fresh: float
) -> float | None:
    """Loss per full cycle with which a capacity is left, by the secant of what is lost against the loss."""
    full = cell.values.number(names.SPECIFIC_CAPACITY)
    loss = (1 - wanted / fresh) / (cycles * fresh / full)
    known = (0.0, 0.0)
    for _ in range(ROUNDS):
        loss = float(f"{min(loss, 0.45):.{DIGITS}g}")
        left = aged_capacity(with_these(cell, {names.MATERIAL_LOSS: _trial(loss)}), current, cycles)
        lost = fresh - left
        if abs(left / wanted - 1) < CLOSE:
            return loss
        slope = (lost - known[1]) / (loss - known[0]) if loss != known[0] else 0.0
        if slope <= 0:
            return None
        known, loss = (loss, lost), loss + (fresh - wanted - lost) / slope
        if not 0 < loss < 0.45:
            return None
    return loss


def _trial(loss: float) -> Value:
    return Value(names.MATERIAL_LOSS, loss, "assumed", "trial")
