"""Reading a measured file by recognition: what it holds, how that was understood, and the data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetsim.errors import MeasurementError, ParameterError
from hetsim.measurements.cv import read_voltammograms
from hetsim.measurements.cycle_table import read_cycles
from hetsim.measurements.files import table_of
from hetsim.measurements.rate import is_trace, read_rate
from hetsim.measurements.rate_from_cycling import is_cycle_table
from hetsim.measurements.spectrum import read_spectra
from hetsim.measurements.stated import stated
from hetsim.measurements.table import Column, Table
from hetsim.measurements.trace import read_trace

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("trace", "rate", "cv", "eis", "cycles")
"""What a file can hold: current and voltage against time, capacity against current, voltammograms, spectra, capacity
against cycle."""


@dataclass(frozen=True, repr=False)
class Reading:
    """A measured file that was read.

    Parameters
    ----------
    path : Path
        The file
    kind : str
        One of "trace", "rate", "cv", "eis" and "cycles"
    understood : str
        What hetsim took the columns, units and signs for, in one line
    data : Any
        TimeTrace, MeasuredRate, list of CvCycle, list of MeasuredSpectrum or CycleTable
    columns : tuple[Column, ...]
        Of the file, each with what it holds
    """

    path: Path
    kind: str
    understood: str
    data: Any
    columns: tuple[Column, ...]
    table: Table = field(compare=False)

    def __repr__(self) -> str:
        return f"<Reading {self.kind} of {self.path.name}: {self.understood}>"

    @property
    def head(self) -> "pd.DataFrame":
        """The first rows as they stand in the file."""
        return self.table.head


_READERS: dict[str, Callable[[Table], tuple[Any, tuple[str, ...]]]] = {
    "rate": read_rate,
    "cv": read_voltammograms,
    "eis": read_spectra,
    "cycles": read_cycles,
}


def read(path: str | Path, kind: str = "", **statements: Any) -> Reading:
    """Read a measured file by recognition, and say what was understood.

    Parameters
    ----------
    path : str | Path
        A file of text (any delimiter, decimal sign, encoding, lines above the table), a spreadsheet (.xlsx) or a
        format that batterydf reads (.nda, .ndax, .mat, .parquet, .feather)
    kind : str, default ''
        "trace", "rate", "cv", "eis" or "cycles"; empty is what the columns say
    statements : Any
        What the file does not say, by the names of `hetsim.measurements.Stated`: mass_mg, one_c, area_cm2,
        discharge, positive, columns, decimal and others

    Returns
    -------
    Reading

    Raises
    ------
    MeasurementError
        For a file that cannot be read, or that can be read in two ways: then it names what decides.
    ParameterError
        For a statement that there is not, or that is not allowed.

    Notes
    -----
    Names of columns are looked up in a table of what testers call them in English, Chinese and German. In the data a
    positive current inserts.
    """
    return read_as(table_of(Path(path), stated(statements)), kind)


def read_as(table: Table, kind: str = "", spare_mass: bool = False) -> Reading:
    """The data of a table as one kind, or as the kind that its columns say. Raises MeasurementError.

    spare_mass : whether a mass that a trace does not need is for something else
    """
    if kind and kind not in KINDS:
        raise ParameterError(f"'kind' is {kind!r}; it must be one of {', '.join(KINDS)}.")
    kind = kind or kind_of(table)
    if kind == "trace":
        reading = read_trace(table, spare_mass)
        data, told = reading.trace, reading.understood
    else:
        data, told = _READERS[kind](table)
    return Reading(table.path, kind, "; ".join(told), data, table.columns, table)


def kind_of(table: Table) -> str:
    """What the columns of a table hold. Raises MeasurementError for none of the kinds."""
    capacity = any(
        table.has(one) for one in ("capacity", "charge_capacity", "discharge_capacity", "soc")
    )
    imaginary = table.has("imaginary") or table.has("minus_imaginary")
    if table.has("frequency") and (imaginary or table.has("real")):
        return "eis"
    if table.has("scan_rate", "voltage", "current"):
        return "cv"
    if is_trace(table):
        return "trace"
    if table.has("current") and capacity:
        return "rate"
    if is_cycle_table(table):
        return "cycles"
    if table.has("voltage", "current"):
        return "cv"
    known = ", ".join(f"'{one.name}'" for one in table.columns if one.meaning) or "none"
    rest = ", ".join(f"'{one.name}'" for one in table.columns if one.name and not one.meaning)
    raise MeasurementError(
        f"{table.path}: no kind of measurement has these columns; recognised: {known}; not: {rest or 'none'}. "
        "Name what they are, such as --columns time=NAME[s],voltage=NAME[V],current=NAME[mA] of a trace, or "
        "current=NAME[mA/g],capacity=NAME[mAh/g] of a rate table."
    )
