"""The table of a file by its ending: text, spreadsheets, and the formats that batterydf reads."""

import datetime
import warnings
import zipfile
from pathlib import Path
from typing import Any

from hetsim.errors import MeasurementError, MissingPackageError
from hetsim.measurements.aliases import meaning
from hetsim.measurements.encoding import cannot_be_read
from hetsim.measurements.header import SEARCHED
from hetsim.measurements.stated import Stated
from hetsim.measurements.table import Table
from hetsim.measurements.table_reading import read_rows, read_table

SPREADSHEETS = (".xlsx", ".xlsm")
BY_BATTERYDF = (".nda", ".ndax", ".mat", ".parquet", ".feather")
"""Endings of binary formats that the readers of the Battery Data Format know; text is read by hetsim."""


def table_of(path: Path, given: Stated) -> Table:
    """The table of a measured file. Raises MeasurementError, and MissingPackageError without the extra it needs."""
    ending = path.suffix.lower()
    if ending in (*SPREADSHEETS, *BY_BATTERYDF) and not path.is_file():
        raise cannot_be_read(path, "it is a folder" if path.is_dir() else "there is no such file")
    if ending in SPREADSHEETS:
        return _spreadsheet(path, given)
    if ending in BY_BATTERYDF:
        return _by_batterydf(path, given)
    return read_table(path, given)


def _spreadsheet(path: Path, given: Stated) -> Table:
    """The sheet that has a table; the user names one of several."""
    try:
        import openpyxl
    except ImportError as error:
        raise MissingPackageError(
            f'{path}: a spreadsheet needs openpyxl: pip install "hetsim[excel]"; or save it as CSV.'
        ) from error
    import pandas as pd

    try:
        sheets = pd.read_excel(path, sheet_name=None, header=None, engine="openpyxl")
    except (
        OSError,
        ValueError,
        KeyError,
        zipfile.BadZipFile,
        openpyxl.utils.exceptions.InvalidFileException,
    ) as error:
        raise cannot_be_read(path, str(error).strip().splitlines()[0]) from error
    if given.sheet is not None and given.sheet not in sheets:
        told = ", ".join(f"'{one}'" for one in sheets)
        raise MeasurementError(f"{path}: there is no sheet '{given.sheet}'; there are {told}.")
    chosen = {given.sheet: sheets[given.sheet]} if given.sheet is not None else sheets
    found = {name: frame for name, frame in chosen.items() if _quantities(frame) >= 2}
    traces = {name: frame for name, frame in found.items() if _is_record(frame)}
    if (
        len(found) > 1 and len(traces) == 1
    ):  # beside the tables of cycles and steps that are made of it
        found = traces
    if len(found) > 1:
        told = ", ".join(f"'{one}'" for one in found)
        raise MeasurementError(
            f"{path}: {len(found)} sheets have a table: {told}; name one: --sheet."
        )
    name, frame = next(iter(found.items()), next(iter(chosen.items())))
    rows = [[_text(cell) for cell in row] for row in frame.itertuples(index=False)]
    return read_rows(path, rows, given, (f"sheet '{name}'",) if len(sheets) > 1 else ())


def _is_record(frame: Any) -> bool:
    """Whether a sheet has a row with names of voltage, current and a time."""
    for row in frame.head(SEARCHED).itertuples(index=False):
        known = {found.quantity for one in row if isinstance(one, str) and (found := meaning(one))}
        if {"voltage", "current"} <= known and known & {"time", "total_time", "datetime"}:
            return True
    return False


def _quantities(frame: Any) -> int:
    """The most columns of a row of a sheet that hetsim knows."""
    rows = frame.head(SEARCHED).itertuples(index=False)
    return max(
        (
            len({found.quantity for one in row if isinstance(one, str) and (found := meaning(one))})
            for row in rows
        ),
        default=0,
    )


def _text(cell: Any) -> str:
    """A cell of a spreadsheet as in a file of text."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(cell.total_seconds(), 60)
        return f"{int(minutes) // 60}:{int(minutes) % 60:02d}:{seconds:09.6f}"
    return str(cell).strip()


def _by_batterydf(path: Path, given: Stated) -> Table:
    """A binary file of a tester, or of the Battery Data Format."""
    try:
        import bdf
    except ImportError as error:
        raise MissingPackageError(
            f"{path}: '{path.suffix}' is read by batterydf: pip install \"hetsim[bdf]\"; or export it as CSV."
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its own code
            frame = bdf.read(path, validate=False)
    except Exception as error:  # of any of its readers
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise cannot_be_read(path, lines[0]) from error
    columns = [str(one) for one in frame.columns]
    rows = [columns, *[[_text(cell) for cell in row] for row in frame.itertuples(index=False)]]
    return read_rows(path, rows, given, ("read by batterydf",))
