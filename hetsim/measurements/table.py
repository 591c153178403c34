"""The table of a measured file: its columns, what each holds, and their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.aliases import Meaning
from hetsim.measurements.header import Layout, split
from hetsim.measurements.stated import Stated
from hetsim.results.quantities import of_column, of_key

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

_LONGEST = 60
"""Letters of a cell or a name in a message."""


@dataclass(frozen=True)
class Column:
    """A column of a file.

    place : from 0
    name : as in the file
    meaning : what it holds, None if hetsim does not know
    """

    place: int
    name: str
    meaning: Meaning | None

    @property
    def told(self) -> str:
        """In a sentence: 'I' in mA."""
        unit = self.meaning and self.meaning.unit
        return f"'{self.name}'" + (
            f" in {unit.name}" if unit and unit.name not in ("1", "C") else ""
        )


def dropped(count: int, which: str) -> tuple[str, ...]:
    """A phrase on rows that are not read, none for 0."""
    return (f"{count} row{'' if count == 1 else 's'} {which} dropped",) if count else ()


def is_numeric(series: Any) -> bool:
    """Whether a column has numbers only."""
    import pandas as pd

    return bool(pd.api.types.is_numeric_dtype(series))


def shown(text: str) -> str:
    """A cell or a name for a message, shortened."""
    plain_ = " ".join(text.split())
    return plain_ if len(plain_) <= _LONGEST else f"{plain_[: _LONGEST - 3]}..."


def measure_of(column: Column) -> str:
    """What the unit of a column measures, empty if its unit is not known."""
    return column.meaning.unit.measures if column.meaning and column.meaning.unit else ""


@dataclass(frozen=True)
class Table:
    """The cells of a measured file.

    path : of the file
    columns : in their order
    cells : one column a place, numbers or text
    lines : line of each row in the file, from 1
    preamble : the lines above the names
    how : encoding, delimiter and decimal sign, where they are not those of hetsim
    stated : by the user
    source : text and layout, for the cells as they are written
    """

    path: Path
    columns: tuple[Column, ...]
    cells: dict[int, Any]
    lines: NDArray[np.int64]
    preamble: tuple[str, ...] = ()
    how: tuple[str, ...] = ()
    stated: Stated = field(default_factory=Stated)
    source: tuple[str, Layout] | None = field(default=None, repr=False)
    decimal: str = "."

    # --- columns ----------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """As in a file of hetsim where the unit is one of hetsim's, else as they are."""
        return [shown(_as_in_a_file(one.name)) for one in self.columns if one.name]

    def own(self, *keys: str) -> bool:
        """Whether the file names these columns as hetsim does."""
        return set(keys) <= set(self.names)

    def all_of(self, quantity: str) -> list[Column]:
        """Every column that holds a quantity; the one that the user names alone, if one is."""
        return [one for one in self.columns if one.meaning and one.meaning.quantity == quantity]

    def has(self, *quantities: str) -> bool:
        """Whether there is a column for each quantity."""
        return all(self.all_of(one) for one in quantities)

    def one_of(self, quantity: str, key: str) -> Column:
        """The column of a quantity. Raises MeasurementError for none, or for several that differ.

        key : name of the column in a file of hetsim, for the message
        """
        found = self.all_of(quantity)
        if not found:
            raise MeasurementError(self.missing(key, quantity))
        return self.the_one(found, quantity)

    def the_one(self, found: Sequence[Column], quantity: str) -> Column:
        """The column of lowest rank; of those of the same rank and unit, any if they are equal."""
        ranked = sorted(found, key=lambda one: one.meaning.rank if one.meaning else 0)
        best = [one for one in ranked if one.meaning and ranked[0].meaning]
        best = [one for one in best if one.meaning.rank == ranked[0].meaning.rank]  # type: ignore[union-attr]
        first = best[0]
        for other in best[1:]:
            if not self._equal(first, other):
                names = " and ".join(f"'{one.name}'" for one in best)
                raise MeasurementError(
                    f"{self.path}: {names} could both be the {quantity.replace('_', ' ')}; name the one to read: "
                    f'--columns {quantity}="{best[0].name}".'
                )
        return first

    def _equal(self, one: Column, other: Column) -> bool:
        same = one.meaning and other.meaning and one.meaning.unit == other.meaning.unit
        return bool(same) and bool(
            (self.cells[one.place].astype(str) == self.cells[other.place].astype(str)).all()
        )

    def missing(self, key: str, quantity: str = "") -> str:
        """The message for a column that is not there."""
        if not self.names:
            return f"{self.path}: the column '{key}' is missing; the file is empty."
        message = f"{self.path}: the column '{key}' is missing; found: {', '.join(self.names)}."
        if quantity and self.columns:
            message += f" If it has another name: --columns {quantity}=NAME[UNIT]."
        return message

    # --- numbers ----------------------------------------------------------------------------------

    def at(self, index: int) -> str:
        """The place of a row, for a message."""
        return f"{self.path}, row {self.lines[index]}"

    def written(self, column: Column, index: int) -> str:
        """A cell as it stands in the file."""
        if self.source is None:
            value = self.cells[column.place].iloc[index]
            return "" if value != value else shown(str(value))
        text, where = self.source
        line = text.splitlines()[int(self.lines[index]) - 1]
        cells = split(line, where.delimiter)
        return shown(cells[column.place]) if column.place < len(cells) else ""

    def raw(self, column: Column) -> Array:
        """The numbers of a column as they stand; not a number where a cell is none."""
        import pandas as pd

        series = self.cells[column.place]
        if is_numeric(series):
            return np.array(series, dtype=float)
        text = series.astype("string").str.strip()
        if measure_of(column) == "C-rate":
            text = text.map(_c_rate, na_action="ignore").astype("string")
        cleaned = without_thousands(text, self.decimal)
        return np.array(pd.to_numeric(cleaned, errors="coerce"), dtype=float)

    def numbers(self, column: Column, must: str = "a finite number") -> Array:
        """A column of finite numbers as they stand. Raises MeasurementError naming the row of any other cell."""
        values = self.raw(column)
        self.refuse(column, ~np.isfinite(values), must)
        return values

    def refuse(self, column: Column, bad: NDArray[np.bool_], must: str) -> None:
        """Raises MeasurementError for the first bad row."""
        if bad.any():
            index = int(np.flatnonzero(bad)[0])
            name = _as_in_a_file(column.name)
            last = " It is the last row: the file may be cut off." if self.cut(index) else ""
            raise MeasurementError(
                f"{self.at(index)}: {name} is '{self.written(column, index)}'; it must be {must}.{last}"
            )

    def cut(self, index: int) -> bool:
        """Whether a row is the last of a text that does not end with a line."""
        return (
            index == len(self.lines) - 1
            and index > 2
            and bool(self.source)
            and not self.source[0].endswith("\n")  # type: ignore[index]
        )

    def value(self, column: Column, unit: str) -> Array:
        """A column of finite numbers in hetsim's unit. Raises MeasurementError where the unit is not known.

        unit : an example for the message
        """
        return self.numbers(column) * self.size(column, unit)

    def size(self, column: Column, unit: str) -> float:
        """How many of hetsim's unit the unit of a column is."""
        assert column.meaning is not None
        if column.meaning.unit is None:
            raise MeasurementError(self._no_unit(column, unit))
        return column.meaning.unit.size

    def _no_unit(self, column: Column, unit: str) -> str:
        assert column.meaning is not None
        why = (
            f"has the unit '{column.meaning.stated}', which hetsim does not read; convert it, or"
            if column.meaning.stated
            else "says no unit;"
        )
        quantity = column.meaning.quantity
        return (
            f"{self.path}: the column '{column.name}' {why} state it: "
            f'--columns {quantity}="{column.name}[{unit}]".'
        )

    def require_rows(self, least: int = 1) -> None:
        """Raises MeasurementError for a file with fewer rows."""
        count = len(self.lines)
        if not count:
            raise MeasurementError(f"{self.path}: the measured CSV has a header and no rows.")
        if count < least:
            raise MeasurementError(
                f"{self.path}: the measured CSV has {count} rows; at least {least} are needed."
            )

    def rows(self, kept: NDArray[np.bool_]) -> Table:
        """The table with some of its rows."""
        cells = {place: one[kept] for place, one in self.cells.items()}
        return replace(self, cells=cells, lines=self.lines[kept])

    def without_blank(self, columns: Iterable[Column]) -> tuple[Table, int]:
        """The table without rows in which all of some columns are empty, and without text below the last numbers.

        Returns the table and how many rows those are.
        """
        columns = list(columns)
        blank = np.ones(len(self.lines), dtype=bool)
        wordy = np.ones(len(self.lines), dtype=bool)
        for column in columns:
            series = self.cells[column.place]
            empty = np.array(series.isna())
            if is_numeric(series):
                wordy &= empty
            else:
                text = series.astype("string").fillna("").str.strip()
                empty |= np.asarray(text == "", dtype=bool)
                wordy &= ~np.asarray(text.str.match(r"[+-]?[\d.,]"), dtype=bool)
            blank &= empty
        last = np.flatnonzero(~wordy)
        blank[(last[-1] + 1 if last.size else len(blank)) :] = True
        return (self.rows(~blank), int(blank.sum())) if blank.any() else (self, 0)

    @cached_property
    def head(self) -> pd.DataFrame:
        """The first rows as a table of pandas, names as in the file."""
        import pandas as pd

        named = {one.name: self.cells[one.place][:5] for one in self.columns if one.name}
        return pd.DataFrame(named).reset_index(drop=True)


def _as_in_a_file(column: str) -> str:
    """The name as in a file, where it is that of a table of hetsim with a unit that hetsim writes; else as it is."""
    key = of_column(column).key
    return key if " [" in column and of_key(key) == of_column(column) else column


_C_RATE = re.compile(r"^(\d+(?:[.,]\d+)?)?\s*C(?:\s*/\s*(\d+(?:[.,]\d+)?))?$", re.IGNORECASE)


def _c_rate(cell: str) -> str:
    """A C-rate as a number: 0.5C is 0.5 and C/5 is 0.2; any other cell is as it is."""
    found = _C_RATE.match(cell)
    if not found:
        return cell
    over, under = (float((one or "1").replace(",", ".")) for one in found.groups())
    return repr(over / under) if under else cell


def without_thousands(text: Any, decimal: str) -> Any:
    """Text of numbers with a decimal point and without signs between thousands."""
    if decimal == ",":
        grouped = r"^([+-]?\d{1,3})((?:[.\u00a0\u202f ']\d{3})+)(,\d*)?$"
    else:
        grouped = r"^([+-]?\d{1,3})((?:[,\u00a0\u202f ']\d{3})+)(\.\d*)?$"

    def joined(found: re.Match[str]) -> str:
        return found[1] + re.sub(r"\D", "", found[2]) + (found[3] or "")

    text = text.str.replace(grouped, joined, regex=True)
    return text.str.replace(",", ".", regex=False) if decimal == "," else text
