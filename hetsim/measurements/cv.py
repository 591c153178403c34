"""Measured voltammograms: one closed cycle at each scan rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hetsim.errors import MeasurementError
from hetsim.measurements.csv_table import Array, read_csv, require_rows, specific_current
from hetsim.results.quantities import CURRENT, CYCLE, POTENTIAL, SCAN_RATE

CV_COLUMNS = (POTENTIAL.key, CURRENT.key, SCAN_RATE.key)
_BAND = 0.25  # of the window: a sample beyond it, on either side of the middle, is high or low


@dataclass(frozen=True)
class CvCycle:
    """One cycle at one scan rate, in order of time, with both sweeps.

    Parameters
    ----------
    scan_rate : float
        [mV.s-1]
    potential : Array
        [V] against the ion's metal
    current : Array
        [A.g-1] of active mass

    Raises
    ------
    MeasurementError
        For a scan rate that is not positive, or anything but one cycle.
    """

    scan_rate: float
    potential: Array
    current: Array

    def __post_init__(self) -> None:
        where = f"The voltammogram at {self.scan_rate:g} mV/s"
        if not 0 < self.scan_rate < np.inf:
            raise MeasurementError(f"{where}: a scan rate is a positive number [mV/s].")
        if len(self.potential) != len(self.current) or len(self.potential) < 8:
            raise MeasurementError(
                f"{where} has {len(self.potential)} potentials and {len(self.current)} currents; "
                "it needs equally many, at least 8."
            )
        changes = _changes_of_side(self.potential)
        if changes > 2:
            raise MeasurementError(
                f"{where} holds more than one cycle; keep one, or add a column 'cycle' (the last counts)."
            )
        low, high = self.potential.min(), self.potential.max()
        for sweep in (self.falling(), self.rising()):
            if np.ptp(sweep[0]) < 0.9 * (high - low) or len(sweep[0]) < 4:
                raise MeasurementError(
                    f"{where} has one sweep only, from {self.potential[0]:g} to {self.potential[-1]:g} V; "
                    "a cycle has a falling and a rising one."
                )

    def falling(self) -> tuple[Array, Array]:
        """Potential and current from the highest potential to the lowest, falling."""
        potential, current = self._from(int(self.potential.argmax()), int(self.potential.argmin()))
        return _monotonic(potential[::-1], current[::-1])

    def rising(self) -> tuple[Array, Array]:
        """Potential and current from the lowest potential to the highest, rising."""
        potential, current = self._from(int(self.potential.argmin()), int(self.potential.argmax()))
        return _monotonic(potential, current)

    def _from(self, start: int, end: int) -> tuple[Array, Array]:
        """Samples from one to another, round the closed cycle; of samples at the same turning potential,
        the first ends a sweep and the last begins the next."""
        count = len(self.potential)
        while self.potential[(start + 1) % count] == self.potential[start]:
            start = (start + 1) % count
        index = np.arange(start, end + 1 if end >= start else end + 1 + count) % count
        return self.potential[index], self.current[index]


def read_voltammogram_csv(path: str | Path, mass_mg: float | None = None) -> list[CvCycle]:
    """Read voltammograms from a CSV file with the columns `CV_COLUMNS`, one cycle a scan rate.

    Parameters
    ----------
    path : str | Path
        The file
    mass_mg : float | None, default None
        Active mass [mg], for a file that has `current_mA` in place of `current_A_per_g`

    Returns
    -------
    list[CvCycle]

    Raises
    ------
    MeasurementError
        For an unreadable or malformed file.

    Notes
    -----
    Rows are in order of time within each scan rate. If there is a column `cycle`, the last one of
    each scan rate is taken.
    """
    table = read_csv(Path(path))
    current = specific_current(table, mass_mg, (POTENTIAL.key, SCAN_RATE.key))
    require_rows(table, least=8)
    potential, rates = table.numbers(POTENTIAL.key), table.numbers(SCAN_RATE.key)
    cycle = table.numbers(CYCLE.key) if CYCLE.key in table.header else np.zeros(len(rates))
    voltammograms = []
    for rate in dict.fromkeys(rates.tolist()):
        here = rates == rate
        here &= cycle == cycle[here].max()
        try:
            voltammograms.append(CvCycle(rate, potential[here], current[here]))
        except MeasurementError as error:
            raise MeasurementError(f"{path}: {error}") from error
    return voltammograms


def several(cycles: Sequence[CvCycle], least: int, what: str) -> tuple[CvCycle, ...]:
    """In order of scan rate. Raises MeasurementError for fewer than `least`, or a rate twice."""
    made = tuple(sorted(cycles, key=lambda one: one.scan_rate))
    rates = [one.scan_rate for one in made]
    if len(made) < least:
        known = ", ".join(f"{rate:g}" for rate in rates) or "none"
        raise MeasurementError(f"{what} needs at least {least} scan rates, got {known} mV/s.")
    if len(set(rates)) < len(rates):
        raise MeasurementError(f"{what} needs scan rates that differ, got {rates} mV/s.")
    return made


def _changes_of_side(potential: Array) -> int:
    """How often the potential goes from the upper quarter of its window to the lower one or back."""
    low, high = potential.min(), potential.max()
    middle, span = (low + high) / 2, high - low
    side = np.where(potential > middle + _BAND * span, 1, 0)
    side = np.where(potential < middle - _BAND * span, -1, side)
    side = side[side != 0]
    return int(np.count_nonzero(np.diff(side)))


def _monotonic(potential: Array, current: Array) -> tuple[Array, Array]:
    """Rising potential, as an interpolation needs it; samples that step back are left out."""
    highest = np.maximum.accumulate(potential)
    kept = np.concatenate([[True], potential[1:] > highest[:-1]])
    return potential[kept], current[kept]
