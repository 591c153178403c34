"""Capacity against current out of a record of cycling: half cycles, and plateaus of cycles at one current."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.current_sign import REST
from hetsim.measurements.specific import chosen, over, per_gram, without_noise
from hetsim.measurements.table import Array, Column, Table, dropped
from hetsim.measurements.trace import TraceReading
from hetsim.results.quantities import CAPACITY, CURRENT
from hetsim.units import MAH

SAME_CURRENT = 0.05
"""Neighbouring cycles whose currents differ by less, relative, are at one current."""

_UNFINISHED = 0.1  # of the window of voltage: a last half cycle that ends farther from where the others do is cut off
_FEWEST = 2  # samples of a half cycle


@dataclass(frozen=True)
class HalfCycles:
    """The insertions of a record, in order of time.

    currents : [A.g-1]
    capacities : [mA.h.g-1]
    unfinished : half cycles at the end that are left out, because the record ends within them
    """

    currents: Array
    capacities: Array
    unfinished: int = 0


@dataclass(frozen=True)
class Plateau:
    """Cycles one after another at one current.

    current : median of them [A.g-1]
    capacities : [mA.h.g-1]
    first_pass : whether the current comes for the first time
    """

    current: float
    capacities: tuple[float, ...]
    first_pass: bool

    def capacity(self, which: str) -> float:
        """That of the "last" cycle or the "mean" [mA.h.g-1]."""
        return self.capacities[-1] if which == "last" else float(np.mean(self.capacities))


def is_cycle_table(table: Table) -> bool:
    """Whether a table has one row a cycle, with the number of the cycle."""
    return table.has("cycle") and any(
        table.has(one) for one in ("capacity", "charge_capacity", "discharge_capacity")
    )


def half_cycles(reading: TraceReading) -> HalfCycles:
    """The insertions of a trace. Raises MeasurementError if it has none.

    The current of a half cycle is that of its constant-current part, which is its largest; the capacity is that of the
    tester where the file has it, else the integral of the current.
    """
    trace, table = reading.trace, reading.table
    largest = np.abs(trace.current).max(initial=0.0)
    sign = np.where(np.abs(trace.current) > REST * largest, np.sign(trace.current), 0.0)
    on = np.flatnonzero(sign)
    if not on.size:
        raise MeasurementError(f"{table.path}: the current is 0 in every row.")
    # rests and holds between two currents of one sign belong to the half cycle
    starts = on[np.r_[True, np.diff(sign[on]) != 0]]
    ends = np.r_[starts[1:], len(sign)]
    charges = _charges(reading)
    found, last = [], []
    for start, end in zip(starts, ends, strict=True):
        here = np.arange(start, end)
        here = here[sign[here] != 0]
        if sign[start] > 0 and len(here) >= _FEWEST:
            passed = charges[start : here[-1] + 1].sum()
            found.append((_constant_current(np.abs(trace.current[here])), passed))
            last.append(trace.voltage[here[-1]])
    if not found:
        raise MeasurementError(f"{table.path}: no current of the file inserts.")
    cut = 0
    if len(found) > 2 and sign[on[-1]] > 0:
        window = np.ptp(trace.voltage)
        cut = int(abs(last[-1] - np.median(last[:-1])) > _UNFINISHED * window)
    kept = found[: len(found) - cut]
    return HalfCycles(np.array([i for i, _ in kept]), np.array([q for _, q in kept]), cut)


def _constant_current(current: Array) -> float:
    """The median of the samples near the largest current that a tenth of them share, at least three."""
    count = min(len(current), max(3, len(current) // 10))
    largest = np.median(np.sort(current)[-count:])
    return float(np.median(current[current > (1 - SAME_CURRENT) * largest]))


def _charges(reading: TraceReading) -> Array:
    """Charge that each row adds [mA.h.g-1]."""
    trace, table = reading.trace, reading.table
    for quantity in ("discharge_capacity", "capacity"):
        inserts = quantity == "capacity" or table.stated.discharge != "extraction"
        columns = table.all_of(quantity if inserts else "charge_capacity")
        if columns:
            column = chosen(table, columns[0].meaning.quantity, CAPACITY.key)  # type: ignore[union-attr]
            return _added(per_gram(table, column, "capacity"))
    steps = np.diff(trace.time, prepend=trace.time[:1])
    earlier = np.r_[trace.current[:1], trace.current[:-1]]
    same = np.sign(earlier) == np.sign(trace.current)
    return np.where(same, (trace.current + earlier) / 2, trace.current) * steps / MAH


def _added(counter: Array) -> Array:
    """What each row adds to a counter that may start again at 0, or count down."""
    steps = np.diff(counter, prepend=0.0)
    restarted = np.abs(counter) < 0.5 * np.abs(np.r_[0.0, counter[:-1]])
    return np.abs(np.where(restarted, counter, steps))


def of_cycle_table(table: Table) -> tuple[HalfCycles, tuple[str, ...]]:
    """The insertions of a table with one row a cycle, and what was read. Raises MeasurementError."""
    current = chosen(table, "current", CURRENT.key)
    column = cycle_capacity(table)
    table, blank = table.without_blank([current, column])
    table.require_rows()
    currents = np.abs(per_gram(table, current))
    capacities = per_gram(table, column, "capacity")
    kept = (currents > 0) & (capacities > 0)
    table.refuse(column, capacities < 0, "a positive finite number")
    if not kept.any():
        raise MeasurementError(f"{table.path}: no row has a current and a capacity above 0.")
    told = (
        f"current {current.told}{over(table, current)}, inserted capacity {column.told}{over(table, column)}",
        *dropped(blank, "without numbers"),
        *dropped(int((~kept).sum()), "without current or capacity"),
    )
    return HalfCycles(currents[kept], capacities[kept]), told


def cycle_capacity(table: Table) -> Column:
    """The column of the inserted capacity of a cycle: that of the discharge, unless a discharge extracts."""
    inserting = (
        "charge_capacity" if table.stated.discharge == "extraction" else "discharge_capacity"
    )
    found = next((one for one in ("capacity", inserting) if table.has(one)), None)
    if found is None:
        raise MeasurementError(table.missing(CAPACITY.key, "capacity"))
    if found == "capacity" and table.has(inserting) and "capacity" not in table.stated.named:
        found = inserting
    return chosen(table, found, CAPACITY.key)


def plateaus(halves: HalfCycles, table: Table) -> list[Plateau]:
    """Cycles at one current, one after another; a current that came before is no longer of the first pass."""
    made: list[Plateau] = []
    bounds: NDArray[np.int64] = np.flatnonzero(_jumps(halves.currents)) + 1
    edges = [0, *bounds.tolist(), len(halves.currents)]
    for start, end in pairwise(edges):
        current = float(without_noise(np.median(halves.currents[start:end])))
        known = any(abs(one.current / current - 1) < SAME_CURRENT for one in made)
        made.append(Plateau(current, tuple(halves.capacities[start:end].tolist()), not known))
    return made


def _jumps(currents: Sequence[float] | Array) -> NDArray[np.bool_]:
    currents = np.asarray(currents)
    return np.abs(np.diff(currents)) > SAME_CURRENT * currents[:-1]
