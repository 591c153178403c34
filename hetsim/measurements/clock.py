"""Time of the rows of a trace: numbers with a unit, h:mm:ss, dates; counted on where a tester starts again."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.table import Array, Column, Table, is_numeric
from hetsim.results.quantities import TIME

TIMES = ("total_time", "time", "datetime", "step_time")
"""Which time is read where a file has several."""

_NAMES = {1.0: "s", 60.0: "min", 3600.0: "h"}
_SAME_SPAN = 0.05  # relative: dates are of whole seconds, and a record may pause

RESTART = 0.02
"""A time that falls to less than this share of the one before has started again."""


class Clock(NamedTuple):
    """Times [s] from one that never falls, the column that they are of, how often it started again, and its name."""

    time: Array
    column: Column
    restarts: int
    told: str


def clock(table: Table, changed: NDArray[np.bool_]) -> Clock:
    """The time of each row.

    changed : whether another step or cycle begins with the row
    Raises MeasurementError without a time, for one that is none, and for one that falls where nothing starts.
    """
    columns = [one for quantity in TIMES for one in table.all_of(quantity)[:1]]
    if not columns:
        raise MeasurementError(table.missing(TIME.key, "time"))
    column = columns[0]
    assert column.meaning is not None
    if column.meaning.quantity == "total_time" and _is_constant(table, column) and columns[1:]:
        column = columns[1]
    time = seconds(table, column)
    quantity = column.meaning.quantity if column.meaning else ""
    falls = np.flatnonzero(np.diff(time) < 0) + 1
    told = column.told + _dated_unit(table, column)
    if not falls.size:
        return Clock(time, column, 0, told)
    for row in falls:
        started = time[row] <= RESTART * time[row - 1] or (changed[row] and quantity != "datetime")
        if not started or quantity == "datetime":
            raise MeasurementError(
                f"{table.at(int(row))}: {column.name} falls from {time[row - 1]:g} to {time[row]:g}; "
                "rows must be in order of time."
            )
    offsets = np.zeros(len(time))
    offsets[falls] = time[falls - 1]
    return Clock(time + np.cumsum(offsets), column, len(falls), told)


def _dated_unit(table: Table, column: Column) -> str:
    """In a sentence, the unit of a time that says none."""
    if not is_numeric(table.cells[column.place]) or column.meaning is None or column.meaning.unit:
        return ""
    size = _unit_by_dates(table, table.raw(column))
    return f" in {_NAMES[size]} as the dates say" if size else ""


def _is_constant(table: Table, column: Column) -> bool:
    values = table.cells[column.place]
    return len(values) > 1 and bool((values == values.iloc[0]).all())


def seconds(table: Table, column: Column) -> Array:
    """A column of times [s]. Raises MeasurementError for a cell that is none, or a number without a unit."""
    series = table.cells[column.place]
    numeric = is_numeric(series)
    if column.meaning and column.meaning.quantity == "datetime" and not numeric:
        return _dates(table, column)
    if not numeric:
        text = series.astype("string").str.strip()
        first = next((one for one in text.dropna() if one), "")
        if re.match(r"^\d+[-/.]\d+[-/.]\d+", first) and not re.fullmatch(r"[\d.]+", first):
            return _dates(table, column)
        if ":" in first:
            found = np.array([_clock_seconds(one) for one in text.fillna("").tolist()])
            table.refuse(column, ~np.isfinite(found), "a time such as 1:02:03.5 or 2-01:02:03")
            return found
    if column.meaning and column.meaning.unit is None and not column.meaning.stated:
        values = table.numbers(column)
        unit = _unit_by_dates(table, values)
        if unit is not None:
            return values * unit
    return table.value(column, "s")


def _unit_by_dates(table: Table, values: Array) -> float | None:
    """The unit of a time without one [s], where the dates of the rows tell it."""
    columns = table.all_of("datetime")
    if not columns or is_numeric(table.cells[columns[0].place]) or np.ptp(values) == 0:
        return None
    ratio = float(np.ptp(_dates(table, columns[0])) / np.ptp(values))
    return next((one for one in _NAMES if abs(ratio / one - 1) < _SAME_SPAN), None)


_CLOCK = re.compile(
    r"^(?:(?P<days>\d+)(?:[-:. ]|d\s*|天))?\s*(?P<hours>\d+):(?P<minutes>\d{1,2}):(?P<seconds>\d{1,2}(?:[.,:]\d+)?)$"
)
_SHORT = re.compile(r"^(?P<minutes>\d+):(?P<seconds>\d{1,2}(?:[.,]\d+)?)$")


def _clock_seconds(text: str) -> float:
    """Seconds of h:mm:ss, h:mm:ss.s, d-hh:mm:ss, d:hh:mm:ss or m:ss; not a number for any other text."""
    if found := _CLOCK.match(text):
        days, hours = int(found["days"] or 0), int(found["hours"])
        second = float(found["seconds"].replace(",", ".").replace(":", "."))
        return 86400.0 * days + 3600.0 * hours + 60.0 * int(found["minutes"]) + second
    if found := _SHORT.match(text):
        return 60.0 * int(found["minutes"]) + float(found["seconds"].replace(",", "."))
    return float("nan")


_DATES = ("%Y{0}%m{0}%d", "%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%d{0}%m{0}%y", "%m{0}%d{0}%y")
_CLOCKS = (" %H:%M:%S.%f", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", "")


def _dates(table: Table, column: Column) -> Array:
    """Dates as seconds since the first; of day and month the order with the smaller gaps is taken."""
    import pandas as pd

    text = table.cells[column.place].astype("string").str.strip()
    if text.str.contains("[TZ+,]", regex=True, na=False).any():
        text = text.str.replace("T", " ", regex=False).str.replace(
            r"(?:Z|\+00:00)$", "", regex=True
        )
        text = text.str.replace(r"(:\d+),(\d+)$", r"\1.\2", regex=True)
    first = next((one for one in text.dropna() if one), "")
    sign = next((one for one in "-/." if re.match(rf"^\d+\{one}\d+\{one}", first)), "-")
    best: tuple[float, Any] | None = None
    for date in _DATES:
        for clock_form in _CLOCKS:
            form = date.format(sign) + clock_form
            if pd.to_datetime(text[:20], format=form, errors="coerce").isna().any():
                continue
            found = pd.to_datetime(text, format=form, errors="coerce")
            if found.isna().any():
                continue
            gap = _largest_gap(_nanoseconds(found))
            if best is None or gap < best[0]:
                best = gap, found
            break
    if best is None:
        bad = np.asarray(pd.to_datetime(text, errors="coerce", format="mixed").isna())
        table.refuse(column, bad if bad.any() else ~bad, "a date with a time")
        raise AssertionError("unreachable")
    moments = _nanoseconds(best[1])
    return (moments - moments[0]) / 1e9


def _nanoseconds(moments: Any) -> NDArray[np.int64]:
    return np.asarray(moments.astype("datetime64[ns]").astype("int64"), dtype=np.int64)


def _largest_gap(nanoseconds: NDArray[np.int64]) -> float:
    """The largest gap between rows [s]; a time that falls counts as the largest of all."""
    steps = np.diff(nanoseconds) / 1e9
    if not steps.size:
        return 0.0
    return float(np.inf if steps.min() < 0 else steps.max())


def gaps(time: Array) -> Sequence[float]:
    """Gaps of a trace [s] that are more than 50 times the usual distance of two samples, and an hour."""
    steps = np.diff(time)
    usual = np.median(steps[steps > 0]) if (steps > 0).any() else 0.0
    return steps[(steps > 50 * usual) & (steps > 3600)].tolist()
