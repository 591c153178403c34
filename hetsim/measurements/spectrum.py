"""Measured impedance spectra."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.csv_table import Array, read_csv, require_rows
from hetsim.results.quantities import (
    FILLING,
    FREQUENCY,
    IMAGINARY,
    IMAGINARY_OF_CELL,
    REAL,
    REAL_OF_CELL,
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
    """

    frequency: Array
    impedance: NDArray[np.complex128]
    unit: str
    filling: float | None = None

    @property
    def label(self) -> str:
        """For a legend or a table."""
        return "spectrum" if self.filling is None else f"filling {self.filling:g}"


def read_spectrum_csv(path: str | Path) -> list[MeasuredSpectrum]:
    """Read impedance spectra from a CSV file, one for each value in a column `filling` if there is one.

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
    known = FILLING.key in table.header
    filling = table.numbers(FILLING.key) if known else np.zeros(len(frequency))
    return [
        _checked(
            str(path),
            frequency[filling == one],
            impedance[filling == one],
            real.unit,
            one if known else None,
        )
        for one in dict.fromkeys(filling.tolist())
    ]


def _checked(
    where: str,
    frequency: Array,
    impedance: NDArray[np.complex128],
    unit: str,
    filling: float | None,
) -> MeasuredSpectrum:
    at = where if filling is None else f"{where}, filling {filling:g}"
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
            f"column '{FILLING.key}' for several spectra."
        )
    if np.median(impedance.imag) > 0:
        raise MeasurementError(
            f"{at}: the imaginary part is positive at most frequencies, as of -Im Z; hetsim reads Im Z, which "
            "is negative for a capacitor."
        )
    order = np.argsort(frequency)[::-1]
    return MeasuredSpectrum(frequency[order], impedance[order], unit, filling)
