"""CSV files with a header: one column a quantity, with its unit in its name."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError, ParameterError
from hetsim.results.quantities import CURRENT, WHOLE_CURRENT, of_column, of_key

Array = NDArray[np.float64]

_OTHER_UNITS = ("mA_per_g", "V_per_s", "mV", "min", "ms", "A", "uA")
"""Units that hetsim does not read; known to say which column has to be converted."""


@dataclass(frozen=True)
class CsvTable:
    """The cells of a CSV file as text, with the line of each row."""

    path: Path
    header: tuple[str, ...]
    lines: tuple[int, ...]
    rows: tuple[dict[str, str], ...]

    def numbers(self, column: str) -> Array:
        """A column of finite numbers. Raises MeasurementError naming the row of any other cell."""
        return np.array(
            [_finite(row, column, self.at(i)) for i, row in enumerate(self.rows)], dtype=float
        )

    def at(self, index: int) -> str:
        """The place of a row, for a message."""
        return f"{self.path}, row {self.lines[index]}"

    def require(self, *columns: str) -> None:
        """Raises MeasurementError for a column that is not there, naming one of another unit."""
        for column in columns:
            if column not in self.header:
                raise MeasurementError(self._missing(column))

    def _missing(self, column: str) -> str:
        columns = ", ".join(self.header) or "none"
        message = f"{self.path}: the column '{column}' is missing; found: {columns}."
        other = [one for one in self.header if one != column and _name(one) == _name(column)]
        return f"{message} '{other[0]}' has another unit: convert it." if other else message


def _as_in_a_file(column: str) -> str:
    """The name as in a file, where it is that of a table with a unit that hetsim reads; else as it is."""
    key = of_column(column).key
    return key if " [" in column and of_key(key) == of_column(column) else column


def _name(column: str) -> str:
    """The name of a column without its unit."""
    if " [" in column:
        return of_column(column).name
    for unit in _OTHER_UNITS:
        if column.endswith(f"_{unit}"):
            return column.removesuffix(f"_{unit}").replace("_", " ")
    return of_key(column).name


def read_csv(path: Path) -> CsvTable:
    """Read a CSV file with a header: comma separated, decimal points, UTF-8.

    A column is named as in a file of hetsim ("voltage_V") or as in a table of hetsim ("voltage [V]").

    Raises MeasurementError if it cannot be read.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            names = [name.strip() for name in reader.fieldnames or []]
            header = [_as_in_a_file(name) for name in names]
            reader.fieldnames = header
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise MeasurementError(f"{path}: the measured CSV cannot be read ({error}).") from error
    return CsvTable(
        path, tuple(header), tuple(line for line, _ in rows), tuple(row for _, row in rows)
    )


def require_rows(table: CsvTable, least: int = 1) -> None:
    """Raises MeasurementError for a file with fewer rows."""
    if not table.rows:
        raise MeasurementError(f"{table.path}: the measured CSV has a header and no rows.")
    if len(table.rows) < least:
        raise MeasurementError(
            f"{table.path}: the measured CSV has {len(table.rows)} rows; at least {least} are needed."
        )


def specific_current(table: CsvTable, mass_mg: float | None, others: Sequence[str]) -> Array:
    """Current per gram of active mass [A.g-1], from 'current_A_per_g' or from 'current_mA' and a mass.

    mass_mg : active mass of the electrode [mg]; others : the columns that are needed beside it
    Raises MeasurementError without a current, for one in mA without a mass, or a mass without use.
    """
    per_gram, whole = CURRENT.key, WHOLE_CURRENT.key
    if mass_mg is not None and not 0 < mass_mg < math.inf:
        raise ParameterError(f"The active mass is {mass_mg:g} mg; it must be a positive number.")
    if per_gram in table.header:
        table.require(*others)
        if mass_mg is not None:
            raise MeasurementError(
                f"{table.path}: '{per_gram}' is per gram already; a mass is only for '{whole}'."
            )
        return table.numbers(per_gram)
    if whole in table.header:
        table.require(*others)
        if mass_mg is None:
            raise MeasurementError(
                f"{table.path}: '{whole}' needs the active mass to become A/g: state it in mg (--mass-mg)."
            )
        return table.numbers(whole) / mass_mg  # mA/mg = A/g
    table.require(*others, per_gram)
    raise AssertionError("unreachable")


def _finite(row: dict[str, str], column: str, where: str) -> float:
    text = row.get(column) or ""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise MeasurementError(f"{where}: {column} is '{text}'; it must be a finite number.")
    return value
