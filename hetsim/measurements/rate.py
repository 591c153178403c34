"""Measured rate curves: those of the parameter files, and CSV files of the user's."""

from pathlib import Path

from hetsim.errors import MeasurementError
from hetsim.measurements.csv_table import read_csv, require_rows
from hetsim.parameters.cell_file import is_cell, read_cell
from hetsim.parameters.checks import checked_rate
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import MeasuredRate
from hetsim.results.quantities import CAPACITY, CURRENT

COLUMNS = (CURRENT.key, CAPACITY.key)


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
    currents, capacities = (
        tuple(_positive(row, column, table.at(i)) for i, row in enumerate(table.rows))
        for column in COLUMNS
    )
    return checked_rate(MeasuredRate(currents, capacities, source=path.name), str(path))


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
