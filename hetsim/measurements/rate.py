"""Measured rate curves: those of the parameter files, and CSV files of the user's."""

from pathlib import Path

from hetsim.errors import MeasurementError
from hetsim.measurements.csv_table import read_csv, require_rows
from hetsim.parameters.cell_file import is_cell, read_cell
from hetsim.parameters.checks import checked_rate
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import AgedPoint, MeasuredRate
from hetsim.results.quantities import CAPACITY, CURRENT

COLUMNS = (CURRENT.key, CAPACITY.key)
CYCLES = "after_cycles"
"""Column of a CSV that says after how many cycles a capacity was measured; 0 or empty is fresh."""


def measured(name_or_path: str | Path) -> MeasuredRate:
    """The measured rate curve of a system, or of a CSV file with the columns of `COLUMNS`.

    Parameters
    ----------
    name_or_path : str | Path
        The name of a system or of a full cell, a parameter file (.toml), or a CSV with any other
        ending

    Returns
    -------
    MeasuredRate

    Raises
    ------
    MeasurementError
        If the system has none, or the file is unreadable, empty or malformed.
    """
    if Path(name_or_path).suffix not in ("", ".toml"):
        return read_rate_csv(Path(name_or_path))
    system = read_cell(name_or_path) if is_cell(name_or_path) else read_system(name_or_path)
    if not system.measured:
        raise MeasurementError(f"The file of {system.name} holds no measured rate curve.")
    return system.measured[0]


def read_rate_csv(path: Path) -> MeasuredRate:
    """Read a rate curve from a CSV file: one row a current [A/g] with its capacity [mAh/g].

    A column `after_cycles` may say after how many cycles a capacity was measured; rows above 0 are not of
    the fresh electrode and come back as `aged`.

    Parameters
    ----------
    path : Path
        The file

    Returns
    -------
    MeasuredRate

    Raises
    ------
    MeasurementError
        If it is unreadable, empty or malformed, or has a current twice.
    """
    table = read_csv(path)
    table.require(*COLUMNS)
    require_rows(table)
    points = [
        AgedPoint(
            _positive(row, COLUMNS[0], table.at(i)),
            _positive(row, COLUMNS[1], table.at(i)),
            _cycles(row, table.at(i)),
            source=path.name,
        )
        for i, row in enumerate(table.rows)
    ]
    fresh = [point for point in points if not point.after_cycles]
    if not fresh:
        raise MeasurementError(f"{path}: every row has {CYCLES} above 0; no rate curve is left.")
    curve = MeasuredRate(
        tuple(point.current for point in fresh),
        tuple(point.capacity for point in fresh),
        source=path.name,
        aged=tuple(point for point in points if point.after_cycles),
    )
    return checked_rate(curve, str(path))


def _cycles(row: dict[str, str], where: str) -> int:
    text = (row.get(CYCLES) or "0").strip()
    if not text.isdigit():
        raise MeasurementError(
            f"{where}: {CYCLES} is '{text}'; it must be a whole number, 0 if fresh."
        )
    return int(text)


def _positive(row: dict[str, str], column: str, where: str) -> float:
    text = row.get(column) or ""
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < float("inf"):
        raise MeasurementError(
            f"{where}: {column} is '{text}'; it must be a positive finite number."
        )
    return value
