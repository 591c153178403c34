"""Measured rate curves: those of the parameter files, and those of the user's files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.files import table_of
from hetsim.measurements.rate_from_cycling import (
    HalfCycles,
    Plateau,
    half_cycles,
    is_cycle_table,
    of_cycle_table,
    plateaus,
)
from hetsim.measurements.specific import (
    check_use,
    chosen,
    over,
    per_gram,
    per_gram_where_measured,
    positive,
    without_noise,
)
from hetsim.measurements.stated import Stated, stated
from hetsim.measurements.table import Array, Column, Table, dropped, measure_of
from hetsim.measurements.trace import read_trace
from hetsim.parameters.cell_file import is_cell, read_cell
from hetsim.parameters.checks import checked_rate
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import AgedPoint, MeasuredRate
from hetsim.results.quantities import CAPACITY, CURRENT

COLUMNS = (CURRENT.key, CAPACITY.key)
CYCLES = "after_cycles"
"""Column of a CSV that says after how many cycles a capacity was measured; 0 or empty is fresh."""

RECOVERY = "back at this current after the rate test"
"""History of a point whose current came before."""

_SAME = 1e-6  # relative: a current that is typed in a second time is the same number


def measured(name_or_path: str | Path, **statements: Any) -> MeasuredRate:
    """The measured rate curve of a system, or of a file: a table of capacities, or a record of cycling.

    Parameters
    ----------
    name_or_path : str | Path
        The name of a system or of a full cell, a parameter file (.toml), or a measured file with any
        other ending
    statements : Any
        What a file does not say, by the names of `hetsim.measurements.Stated`: mass_mg, one_c, discharge,
        columns and others

    Returns
    -------
    MeasuredRate
        Its `note` says what was understood of a file.

    Raises
    ------
    MeasurementError
        If the system has none, or the file is unreadable, empty or malformed, or can be read in two ways.
    """
    if Path(name_or_path).suffix not in ("", ".toml"):
        return read_rate_csv(Path(name_or_path), **statements)
    system = read_cell(name_or_path) if is_cell(name_or_path) else read_system(name_or_path)
    if not system.measured:
        raise MeasurementError(f"The file of {system.name} holds no measured rate curve.")
    return system.measured[0]


def read_rate_csv(path: Path, **statements: Any) -> MeasuredRate:
    """Read a rate curve from a file: one row a current with its capacity, or a record of cycling.

    A column `after_cycles` may say after how many cycles a capacity was measured; rows above 0 are not of
    the fresh electrode and come back as `aged`. So do capacities at a current that came before, as in the
    recovery step at the end of a rate test.

    Parameters
    ----------
    path : Path
        The file
    statements : Any
        What the file does not say, by the names of `hetsim.measurements.Stated`

    Returns
    -------
    MeasuredRate

    Raises
    ------
    MeasurementError
        If it is unreadable, empty or malformed, has a current twice in the first pass, or can be read in two
        ways.
    """
    curve, understood = read_rate(table_of(Path(path), stated(statements)))
    return replace(curve, note="; ".join(understood))


def read_rate(table: Table) -> tuple[MeasuredRate, tuple[str, ...]]:
    """The rate curve of a table, and what was understood in a few phrases. Raises MeasurementError."""
    if is_trace(table):
        reading = read_trace(table, spare_mass=bool(table.all_of("capacity")))
        halves = half_cycles(reading)
        curve, told = _of_cycling(table, plateaus(halves, table), halves)
        return curve, (told, *reading.understood[1:])
    if table.has("current") and is_cycle_table(table) and not table.own(*COLUMNS):
        halves, read = of_cycle_table(table)
        curve, told = _of_cycling(table, plateaus(halves, table), halves)
        return curve, (told, *read, *table.how)
    return _of_rows(table)


def is_trace(table: Table) -> bool:
    """Whether a table has current and voltage against time."""
    times = any(table.has(one) for one in ("total_time", "time", "step_time", "datetime"))
    return times and table.has("current", "voltage")


# --- one row a current -----------------------------------------------------------------------------


def _of_rows(table: Table) -> tuple[MeasuredRate, tuple[str, ...]]:
    own = table.own(*COLUMNS)
    current = chosen(table, "current", COLUMNS[0])
    column, told = _capacity(table)
    check_use(table, [current, column])
    table.require_rows()
    blank = rested = unmeasured = 0
    if not own:
        table, blank = table.without_blank([current, column])
        still = table.raw(current) == 0
        table, rested = table.rows(~still), int(still.sum())
        table, unmeasured = _measured_rows(table, column)
        table.require_rows()
    below = table.raw(current) < 0
    mixed = below.any() and not below.all()
    positive(table, current, table.raw(current) if own else np.abs(table.raw(current)))
    positive(table, column, table.raw(column))
    currents = np.abs(per_gram(table, current))
    currents = currents if own else without_noise(currents)
    if column.meaning and column.meaning.quantity == "soc":
        capacities = _of_charge_state(table, column)
    else:
        capacities = per_gram(table, column, "capacity")
    aged = _after_cycles(table)
    extracted, beside = _extracted(table, column)
    curve = _curve(table, currents, capacities, aged, own, extracted)
    return curve, (
        _summary(curve),
        f"current {current.told}{over(table, current)}, {told}{over(table, column)}",
        *beside,
        *dropped(blank, "without numbers"),
        *dropped(rested, "without current"),
        *dropped(unmeasured, "without capacity"),
        *((f"{below.sum()} of {below.size} currents below zero, taken by size",) if mixed else ()),
        *table.how,
    )


def _measured_rows(table: Table, column: Column) -> tuple[Table, int]:
    """The rows that have a capacity; an empty last one stays, where the file ends in it."""
    cells = (table.written(column, row).strip() for row in range(len(table.lines)))
    empty = np.array([not cell for cell in cells], dtype=bool)  # of no rows as well
    if empty.size and table.cut(len(empty) - 1):
        empty[-1] = False
    return table.rows(~empty), int(empty.sum())


def _capacity(table: Table) -> tuple[Column, str]:
    """The column of the inserted capacity, and how it is told."""
    if not table.has("capacity") and table.has("charge_capacity", "discharge_capacity"):
        extracts = table.stated.discharge == "extraction"
        quantity = "charge_capacity" if extracts else "discharge_capacity"
        column = chosen(table, quantity, COLUMNS[1])
        return (
            column,
            f"inserted capacity {column.told} (a discharge {'extracts' if extracts else 'inserts'})",
        )
    for quantity in ("capacity", "discharge_capacity", "charge_capacity"):
        if table.has(quantity):
            others = [one for one in ("charge_capacity", "discharge_capacity") if table.has(one)]
            if (
                quantity == "capacity"
                and others
                and "capacity" not in table.stated.named
                and not table.own(*COLUMNS)
            ):
                names = [one.name for name in ("capacity", *others) for one in table.all_of(name)]
                told = " and ".join(f"'{name}'" for name in names)
                raise MeasurementError(
                    f"{table.path}: {told} could each be the capacity; name the one to read: "
                    f'--columns capacity="{names[0]}".'
                )
            column = chosen(table, quantity, COLUMNS[1])
            return column, f"capacity {column.told}"
    if table.has("soc"):
        column = table.one_of("soc", COLUMNS[1])
        return column, f"capacity as '{column.name}' of {_full(table, column):g} mAh/g"
    raise MeasurementError(table.missing(COLUMNS[1], "capacity"))


def _extracted(table: Table, inserted: Column) -> tuple[Array | None, tuple[str, ...]]:
    """What was extracted after each insertion, where a column beside that of the insertions says it, and how that is
    told."""
    quantity = "discharge_capacity" if table.stated.discharge == "extraction" else "charge_capacity"
    if not table.has(quantity) or inserted in table.all_of(quantity):
        return None, ()
    try:
        column = chosen(table, quantity, COLUMNS[1])
        found = per_gram_where_measured(table, column, "capacity")
    except MeasurementError:  # the insertions are a curve without them
        names = " and ".join(f"'{one.name}'" for one in table.all_of(quantity))
        return None, (
            f"extracted capacity {names} left out: its unit, or which of them it is, is not said",
        )
    if not np.isfinite(found).any():
        return None, ()
    return found, (f"extracted capacity {column.told}{over(table, column)}",)


def _full(table: Table, column: Column) -> float:
    """Capacity at which a state of charge is 1 [mA.h.g-1]. Raises MeasurementError if it is not stated."""
    given = table.stated
    rates = table.all_of("current")
    needs_rate = bool(rates) and measure_of(rates[0]) == "C-rate" and given.one_c is None
    if given.capacity_mah_g is None:
        also = f", and '{rates[0].name}' the current at 1C in mA/g (--one-c)" if needs_rate else ""
        raise MeasurementError(
            f"{table.path}: '{column.name}' is a share of a capacity, which it needs in mAh/g (--capacity-mah-g){also}."
        )
    return given.capacity_mah_g


def _of_charge_state(table: Table, column: Column) -> Array:
    """Capacity from a state of charge, a share or in percent where any is above 2."""
    shares = table.numbers(column)
    unit = column.meaning.unit if column.meaning else None
    size = unit.size if unit is not None else (0.01 if shares.max() > 2 else 1.0)
    return shares * size * _full(table, column)


def _after_cycles(table: Table) -> NDArray[np.int64]:
    columns = table.all_of("after_cycles")
    count = len(table.lines)
    if not columns:
        return np.zeros(count, dtype=np.int64)
    found = []
    for index in range(count):
        text = table.written(columns[0], index).strip() or "0"
        if not text.isdigit():
            raise MeasurementError(
                f"{table.at(index)}: {CYCLES} is '{text}'; it must be a whole number, 0 if fresh."
            )
        found.append(int(text))
    return np.array(found, dtype=np.int64)


def _curve(
    table: Table,
    currents: Array,
    capacities: Array,
    aged: NDArray[np.int64],
    own: bool,
    extracted: Array | None,
) -> MeasuredRate:
    """The points of the fresh electrode, and what came after them."""
    source = table.path.name
    fresh: list[tuple[float, float]] = []
    later: list[AgedPoint] = []
    back: list[float] = []
    for row, (current, capacity) in enumerate(
        zip(currents.tolist(), capacities.tolist(), strict=True)
    ):
        place = next(
            (i for i, (one, _) in enumerate(fresh) if abs(one / current - 1) < _SAME), None
        )
        if aged[row]:
            later.append(AgedPoint(current, capacity, int(aged[row]), source=source))
        elif place is None or (own and place == len(fresh) - 1 and not later):
            fresh.append((current, capacity))
            back += [] if extracted is None else [float(extracted[row])]
        elif place == len(fresh) - 1 and not later:
            raise MeasurementError(
                f"{table.at(row)}: the current {current:g} A/g stands twice in a row, so its capacity can be "
                "either; keep one row a current, or add a column with the number of the cycle."
            )
        else:
            later.append(AgedPoint(current, capacity, 0, source=source, history=RECOVERY))
    if not fresh:
        raise MeasurementError(
            f"{table.path}: every row has {CYCLES} above 0; no rate curve is left."
        )
    return _checked(table, fresh, later, back if np.isfinite(back).any() else ())


def _checked(
    table: Table,
    fresh: Sequence[tuple[float, float]],
    later: Sequence[AgedPoint],
    extracted: Sequence[float] = (),
) -> MeasuredRate:
    currents, capacities = zip(*fresh, strict=True)
    curve = MeasuredRate(
        currents,
        capacities,
        source=table.path.name,
        aged=tuple(later),
        extractions=tuple(extracted),
    )
    return checked_rate(curve, str(table.path))


def _summary(curve: MeasuredRate) -> str:
    count, after = len(curve.currents), len(curve.aged)
    low, high = min(curve.currents), max(curve.currents)
    span = f" from {low:.4g} to {high:.4g} A/g" if count > 1 else f" {low:.4g} A/g"
    more = f", and {after} measured after them" if after else ""
    return f"{count} {'currents' if count > 1 else 'current'}{span}{more}"


# --- from cycling ----------------------------------------------------------------------------------


def _of_cycling(
    table: Table, found: Sequence[Plateau], halves: HalfCycles
) -> tuple[MeasuredRate, str]:
    """First pass and recovery of the plateaus."""
    given: Stated = table.stated
    fresh: list[tuple[float, float]] = []
    later: list[AgedPoint] = []
    for one in found:
        capacity = one.capacity(given.cycle)
        if one.first_pass:
            fresh.append((one.current, capacity))
        else:
            later.append(
                AgedPoint(one.current, capacity, 0, source=table.path.name, history=RECOVERY)
            )
    curve = _checked(table, fresh, later)
    lengths = sorted({len(one.capacities) for one in found})
    each = f"{lengths[0]}" if len(lengths) == 1 else f"{lengths[0]} to {lengths[-1]}"
    which = "the last cycle" if given.cycle == "last" else "the mean of the cycles"
    left = f", {halves.unfinished} unfinished left out" if halves.unfinished else ""
    return curve, f"{_summary(curve)}; {which} of {each} at each current{left}"
