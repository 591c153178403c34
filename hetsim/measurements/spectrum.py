"""Measured impedance spectra."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.csv_table import Array, read_csv, require_rows
from hetsim.results.eis import spectrum_names
from hetsim.results.quantities import (
    FILLING,
    FREQUENCY,
    IMAGINARY,
    IMAGINARY_OF_CELL,
    REAL,
    REAL_OF_CELL,
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


def read_spectrum_csv(path: str | Path) -> list[MeasuredSpectrum]:
    """Read impedance spectra from a CSV file, told apart by a column `spectrum`, or else by a column `filling`.

    Parameters
    ----------
    path : str | Path
        The file, with frequency_Hz, real_Ohm_cm2 and imaginary_Ohm_cm2, or with real_Ohm and imaginary_Ohm

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
    Where a file has both units, as that of `hetsim eis`, Ohm.cm2 is taken. Columns without a unit are not read.
    """
    table = read_csv(Path(path))
    whole = REAL.key not in table.header and REAL_OF_CELL.key in table.header
    real, imaginary = (REAL_OF_CELL, IMAGINARY_OF_CELL) if whole else (REAL, IMAGINARY)
    table.require(FREQUENCY.key, real.key, imaginary.key)
    require_rows(table, least=_LEAST)
    frequency = table.numbers(FREQUENCY.key)
    impedance = table.numbers(real.key) + 1j * table.numbers(imaginary.key)
    filling, count = (
        table.numbers(column.key) if column.key in table.header else None
        for column in (FILLING, SPECTRUM)
    )
    apart = next((one for one in (count, filling) if one is not None), np.zeros(len(frequency)))
    rows = [apart == one for one in dict.fromkeys(apart.tolist())]
    found = [
        MeasuredSpectrum(
            frequency[here],
            impedance[here],
            real.unit,
            None if filling is None else float(filling[here][0]),
            None if count is None else int(count[here][0]),
        )
        for here in rows
    ]
    return [
        _checked(str(path), replace(one, name=name))
        for one, name in zip(found, _names(found), strict=True)
    ]


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
