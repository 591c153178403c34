"""Measured traces: current and voltage against time, as a GITT or a replay needs them."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.clock import TIMES, clock, gaps
from hetsim.measurements.current_sign import OFF, REST, insertion_sign, signed
from hetsim.measurements.files import table_of
from hetsim.measurements.specific import check_use, chosen, factor, over, per_gram
from hetsim.measurements.stated import stated
from hetsim.measurements.table import Array, Column, Table, dropped, is_numeric
from hetsim.results import TimeTrace
from hetsim.results.quantities import CURRENT, TIME, VOLTAGE, WHOLE_CURRENT

TRACE_COLUMNS = (TIME.key, CURRENT.key, VOLTAGE.key)

_BDF = (
    {"test_time_second", "voltage_volt", "current_ampere"},
    {"Test Time / s", "Voltage / V", "Current / A"},
)
"""Columns of the Battery Data Format, in which a charge is positive."""
_LARGEST_VOLTAGE = 10.0
"""A voltage without a unit is in V if none is larger [V]."""


@dataclass(frozen=True)
class TraceReading:
    """A trace, what was understood, and what else its file has row by row.

    trace : current positive inserts
    understood : in a few phrases
    table : the rows that the trace has
    names : of the step of each row, if the file has them
    cycle : of each row, if the file counts them
    """

    trace: TimeTrace
    understood: tuple[str, ...]
    table: Table
    names: list[str] | None = None
    cycle: Array | None = None


def read_trace_csv(path: str | Path, mass_mg: float | None = None, **statements: Any) -> TimeTrace:
    """Read a trace from a file of text, a spreadsheet or a tester's own format.

    Parameters
    ----------
    path : str | Path
        The file
    mass_mg : float | None, default None
        Active mass [mg], for a file that has a current in A or mA in place of A/g
    statements : Any
        What else the file does not say, by the names of `hetsim.measurements.Stated`

    Returns
    -------
    TimeTrace

    Raises
    ------
    MeasurementError
        For a file that cannot be read or that can be read in two ways, and names the row or the option
        that decides.

    Notes
    -----
    A file with the columns `TRACE_COLUMNS` and, if there is one, `step`, is read as hetsim writes it: positive
    current inserts, time must rise from row to row, and it may stand twice only where `step` changes. In any
    other file the sign of the current, times that start again and repeated times are recognised (docs/files.md).
    """
    given = stated({"mass_mg": mass_mg, **statements})
    return read_trace(table_of(Path(path), given)).trace


def read_trace(table: Table, spare_mass: bool = False) -> TraceReading:
    """The trace of a table. Raises MeasurementError.

    spare_mass : whether a mass that the current does not need is for something else
    """
    current = chosen(table, "current", CURRENT.key)
    voltage = table.one_of("voltage", VOLTAGE.key)
    if not spare_mass:
        check_use(table, [current, *table.all_of("capacity")])
    own = has_own_sign(table, TIME.key, VOLTAGE.key)
    times = [one for name in TIMES for one in table.all_of(name)]
    table, blank = table.without_blank([current, voltage, *times])
    table.require_rows(least=2)
    if own:
        return _own(table, current, voltage)
    return _recognised(table, current, voltage, blank)


def has_own_sign(table: Table, *keys: str) -> bool:
    """Whether a file is one of hetsim with these columns and a current, and no other sign of it is stated."""
    currents = table.own(CURRENT.key) or table.own(WHOLE_CURRENT.key)
    stated_sign = table.stated.positive is not None or table.stated.discharge is not None
    return table.own(*keys) and currents and not stated_sign


def _own(table: Table, current: Column, voltage: Column) -> TraceReading:
    """A file of hetsim: nothing is turned, dropped or joined."""
    time_column = next(one for one in table.all_of("time") if one.meaning and one.meaning.unit)
    time, volts = table.value(time_column, "s"), table.value(voltage, "V")
    amperes = per_gram(table, current)
    steps = table.all_of("step")
    step = table.numbers(steps[0]) if steps else np.zeros(len(time))
    _check_time(table, time, step)
    trace = TimeTrace(time, amperes, volts, step.astype(np.int64))
    told = _told(trace, current, voltage, time_column.told, table, ("positive current inserts",))
    return TraceReading(trace, told, table)


def _check_time(table: Table, time: Array, step: Array) -> None:
    for i, (one, later) in enumerate(pairwise(time)):
        if later < one:
            raise MeasurementError(
                f"{table.at(i + 1)}: time_s falls from {one:g} to {later:g}; "
                "rows must be in order of time."
            )
        if later == one and step[i] == step[i + 1]:
            raise MeasurementError(
                f"{table.at(i + 1)}: time_s is {later:g} a second time; each time may stand once, or "
                "twice where a column 'step' changes."
            )


def _recognised(table: Table, current: Column, voltage: Column, blank: int) -> TraceReading:
    """Any other file."""
    volts = _voltage(table, voltage)
    names = texts(table, "step_name")
    recorded, named = signed(table.value(current, "mA"), names)
    changed = _changes(table, names)
    time, _, restarts, time_told = clock(table, changed)
    changed |= np.r_[False, np.diff(_state(recorded, REST)) != 0]
    step = np.cumsum(changed)
    kept = np.r_[True, (np.diff(time) > 0) | (np.diff(step) > 0)]
    names = [name for name, keep in zip(names, kept, strict=True) if keep] if names else None
    table = table.rows(kept)
    time, recorded, volts, step = time[kept], recorded[kept], volts[kept], step[kept]
    bdf = any(names_ <= {one.name for one in table.columns} for names_ in _BDF)
    direction = insertion_sign(recorded, volts, names, bdf, table.stated, str(table.path))
    turned = recorded * direction.sign * factor(table, current, "current")
    trace = TimeTrace(time, turned + 0.0, volts, step.astype(np.int64))
    apart = gaps(time)
    remarks = (
        direction.told if not named else direction.told.replace("positive = ", "", 1),
        *([f"time started again {restarts} times and was joined"] if restarts else []),
        *dropped(int((~kept).sum()), "at a repeated time"),
        *dropped(blank, "without numbers"),
        *([f"{len(apart)} gaps, the longest {max(apart) / 3600:.3g} h"] if apart else []),
    )
    told = _told(trace, current, voltage, time_told, table, remarks)
    cycles = table.all_of("cycle")
    return TraceReading(trace, told, table, names, table.raw(cycles[0]) if cycles else None)


def _voltage(table: Table, column: Column) -> Array:
    """[V]; without a unit if no value is larger than a cell's."""
    assert column.meaning is not None
    if column.meaning.unit is None and not column.meaning.stated:
        values = table.numbers(column)
        if np.abs(values).max(initial=0.0) <= _LARGEST_VOLTAGE:
            return values
    return table.value(column, "V")


def texts(table: Table, quantity: str) -> list[str] | None:
    """A column of text, None if there is none."""
    columns = table.all_of(quantity)
    if not columns:
        return None
    return table.cells[columns[0].place].astype("string").fillna("").str.strip().tolist()


def _changes(table: Table, names: list[str] | None) -> NDArray[np.bool_]:
    """Whether a step or a cycle begins with a row, as the columns of the file say."""
    changed = np.zeros(len(table.lines), dtype=bool)
    for quantity in ("step", "cycle"):
        for column in table.all_of(quantity)[:1]:
            values = table.cells[column.place]
            values = values.fillna(0) if is_numeric(values) else values.astype(str)
            changed[1:] |= np.asarray(values)[1:] != np.asarray(values)[:-1]
    if names is not None:
        changed[1:] |= np.array([one != later for one, later in pairwise(names)], dtype=bool)
    return changed


def _state(current: Array, rest: float = OFF) -> Array:
    """1 and -1 with current, 0 below a share of the largest current."""
    largest = np.abs(current).max(initial=0.0)
    return np.where(np.abs(current) > rest * largest, np.sign(current), 0.0)


def pulse_count(current: Array) -> int:
    """How often a current begins after a rest, or turns."""
    state = _state(current)
    return int(np.count_nonzero(state[np.r_[True, np.diff(state) != 0]]))


def _told(
    trace: TimeTrace,
    current: Column,
    voltage: Column,
    time: str,
    table: Table,
    remarks: tuple[str, ...],
) -> tuple[str, ...]:
    count = pulse_count(trace.current)
    inserting = int((_state(trace.current) > 0).any()) + int((_state(trace.current) < 0).any())
    what = f"{count} {'pulse' if count == 1 else 'pulses'} of current"
    ways = " in both directions" if inserting == 2 else ""
    return (
        f"{len(trace.time)} rows over {np.ptp(trace.time) / 3600:.4g} h, {what}{ways}",
        f"current {current.told}{over(table, current)}, voltage {voltage.told}, time {time}",
        *remarks,
        *table.how,
    )
