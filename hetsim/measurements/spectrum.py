"""Measured impedance spectra."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.files import table_of
from hetsim.measurements.stated import stated
from hetsim.measurements.table import Array, Column, Table, measure_of
from hetsim.results.eis import spectrum_names
from hetsim.results.quantities import (
    FILLING,
    FREQUENCY,
    IMAGINARY,
    REAL,
    SPECTRUM,
)

SPECTRUM_COLUMNS = (FREQUENCY.key, REAL.key, IMAGINARY.key)
_LEAST = 10


@dataclass(frozen=True)
class MeasuredSpectrum:
    """An impedance at one state of a cell, from high to low frequency.

    Parameters
    ----------
    frequency : Array
        [Hz], falling
    impedance : NDArray[np.complex128]
        [Ohm.cm2] or [Ohm], imaginary part negative for a capacitor
    unit : str
        "Ohm.cm2" or "Ohm"
    filling : float | None, default None
        0 extracted to 1 inserted, if the file says it
    number : int | None, default None
        Of the spectrum in the file, where it counts them
    name : str, default "spectrum"
        That tells it from the others of the file
    """

    frequency: Array
    impedance: NDArray[np.complex128]
    unit: str
    filling: float | None = None
    number: int | None = None
    name: str = "spectrum"

    @property
    def label(self) -> str:
        """For a legend or a table."""
        return self.name


def read_spectrum_csv(path: str | Path, **statements: Any) -> list[MeasuredSpectrum]:
    """Read impedance spectra from a file, told apart by a column `spectrum`, or else by a column `filling`.

    Parameters
    ----------
    path : str | Path
        The file, with frequency_Hz, real_Ohm_cm2 and imaginary_Ohm_cm2, or with real_Ohm and imaginary_Ohm, or what
        other instruments call them
    statements : Any
        What the file does not say, by the names of `hetsim.measurements.Stated`; area_cm2 makes Ohm.cm2 of Ohm

    Returns
    -------
    list[MeasuredSpectrum]

    Raises
    ------
    MeasurementError
        For an unreadable or malformed file, fewer than 10 frequencies, one that is not positive or stands
        twice, or an imaginary part with the sign turned.

    Notes
    -----
    Where a file has both units, as that of `hetsim eis`, Ohm.cm2 is taken. A column without a unit is not read, unless
    the user states it. The name of the column says whether it is Im Z or -Im Z.
    """
    return read_spectra(table_of(Path(path), stated(statements)))[0]


def read_spectra(table: Table) -> tuple[list[MeasuredSpectrum], tuple[str, ...]]:
    """The spectra of a table, and what was understood in a few phrases. Raises MeasurementError."""
    frequency_column = table.one_of("frequency", FREQUENCY.key)
    turned = not table.has("imaginary") and table.has("minus_imaginary")
    real_column = _of_area_first(table, "real", REAL.key)
    imaginary_column = _of_area_first(
        table, "minus_imaginary" if turned else "imaginary", IMAGINARY.key
    )
    table.require_rows(least=_LEAST)
    frequency = table.value(frequency_column, "Hz")
    imaginary = table.value(imaginary_column, "Ohm") * (-1.0 if turned else 1.0)
    impedance = table.value(real_column, "Ohm") + 1j * imaginary
    measures = [measure_of(real_column), measure_of(imaginary_column)]
    if measures[0] != measures[1]:
        raise MeasurementError(
            f"{table.path}: '{real_column.name}' and '{imaginary_column.name}' have different units."
        )
    unit = "Ohm.cm2" if measures[0] == "impedance of an area" else "Ohm"
    area = table.stated.area_cm2
    if area is not None and unit == "Ohm":
        impedance, unit = impedance * area, "Ohm.cm2"
    filling, count = (
        table.numbers(table.all_of(one)[0]) if table.has(one) else None
        for one in ("filling", "spectrum")
    )
    apart = next((one for one in (count, filling) if one is not None), np.zeros(len(frequency)))
    rows = [apart == one for one in dict.fromkeys(apart.tolist())]
    found = [
        MeasuredSpectrum(
            frequency[here],
            impedance[here],
            unit,
            None if filling is None else float(filling[here][0]),
            None if count is None else int(count[here][0]),
        )
        for here in rows
    ]
    checked = [
        _checked(str(table.path), replace(one, name=name))
        for one, name in zip(found, _names(found), strict=True)
    ]
    return checked, _told(checked, real_column, imaginary_column, turned, table)


def _of_area_first(table: Table, quantity: str, key: str) -> Column:
    """The column per area where there is one."""
    found = table.all_of(quantity)
    of_area = [one for one in found if measure_of(one) == "impedance of an area"]
    return table.the_one(of_area, quantity) if of_area else table.one_of(quantity, key)


def _told(
    found: Sequence[MeasuredSpectrum], real: Column, imaginary: Column, turned: bool, table: Table
) -> tuple[str, ...]:
    low = min(float(one.frequency[-1]) for one in found)
    high = max(float(one.frequency[0]) for one in found)
    count = "1 spectrum" if len(found) == 1 else f"{len(found)} spectra"
    area = table.stated.area_cm2
    sign = "-Im Z" if turned else "Im Z"
    return (
        f"{count} from {high:g} to {low:g} Hz in {found[0].unit}",
        f"Re Z {real.told}, {sign} {imaginary.told}"
        + (f", times {area:g} cm2" if area is not None else ""),
        *table.how,
    )


def _names(found: Sequence[MeasuredSpectrum]) -> list[str]:
    """What tells the spectra of a file apart."""
    fillings = [one.filling for one in found if one.filling is not None]
    numbers = [one.number for one in found if one.number is not None]
    if fillings:
        return spectrum_names(fillings, numbers or None)
    return [f"spectrum {number}" for number in numbers] or ["spectrum"]


def _checked(path: str, spectrum: MeasuredSpectrum) -> MeasuredSpectrum:
    """The spectrum from high to low frequency."""
    at = path if spectrum.name == "spectrum" else f"{path}, {spectrum.name}"
    frequency, impedance = spectrum.frequency, spectrum.impedance
    if len(frequency) < _LEAST:
        raise MeasurementError(
            f"{at}: {len(frequency)} frequencies; a spectrum needs at least {_LEAST}."
        )
    if not np.all(frequency > 0):
        raise MeasurementError(
            f"{at}: a frequency is {frequency[frequency <= 0][0]:g} Hz; it must be positive."
        )
    values, counts = np.unique(frequency, return_counts=True)
    if counts.max() > 1:
        raise MeasurementError(
            f"{at}: the frequency {values[counts > 1][0]:g} Hz stands twice; give one value for each, or a "
            f"column '{SPECTRUM.key}' or '{FILLING.key}' for several spectra."
        )
    if np.median(impedance.imag) > 0:
        raise MeasurementError(
            f"{at}: the imaginary part is positive at most frequencies, as of -Im Z; hetsim reads Im Z, which "
            "is negative for a capacitor."
        )
    order = np.argsort(frequency)[::-1]
    return replace(spectrum, frequency=frequency[order], impedance=impedance[order])
