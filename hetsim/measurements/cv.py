"""Measured voltammograms: one closed cycle at each scan rate."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.clock import clock
from hetsim.measurements.current_sign import insertion_word
from hetsim.measurements.files import table_of
from hetsim.measurements.specific import check_use, chosen, over, per_gram
from hetsim.measurements.stated import stated
from hetsim.measurements.table import Array, Table, dropped
from hetsim.measurements.trace import has_own_sign
from hetsim.measurements.turns import turns_of
from hetsim.measurements.unit_names import unit_of
from hetsim.results.quantities import CURRENT, POTENTIAL, SCAN_RATE

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


def read_voltammogram_csv(
    path: str | Path, mass_mg: float | None = None, **statements: Any
) -> list[CvCycle]:
    """Read voltammograms from a file, one cycle a scan rate.

    Parameters
    ----------
    path : str | Path
        The file, with the columns `CV_COLUMNS` or what other instruments call them
    mass_mg : float | None, default None
        Active mass [mg], for a file that has a current in A or mA in place of A/g
    statements : Any
        What else the file does not say, by the names of `hetsim.measurements.Stated`, such as scan_rate

    Returns
    -------
    list[CvCycle]

    Raises
    ------
    MeasurementError
        For an unreadable or malformed file, or one that can be read in two ways.

    Notes
    -----
    Rows are in order of time within each scan rate. If there is a column `cycle`, the last one of
    each scan rate is taken. In a file with the columns of hetsim the current is as it is; in any other it is turned so
    that a positive one inserts. A scan rate that no column has is the stated one, that of the lines above the table,
    or that of potential and time.
    """
    given = stated({"mass_mg": mass_mg, **statements})
    return read_voltammograms(table_of(Path(path), given))[0]


def read_voltammograms(table: Table) -> tuple[list[CvCycle], tuple[str, ...]]:
    """The voltammograms of a table, and what was understood in a few phrases. Raises MeasurementError."""
    column = chosen(table, "current", CURRENT.key)
    potential_column = table.one_of("voltage", POTENTIAL.key)
    own = has_own_sign(table, POTENTIAL.key, SCAN_RATE.key)
    check_use(table, [column])
    rate_columns = table.all_of("scan_rate")
    blank = 0
    if not own:
        table, blank = table.without_blank([column, potential_column])
    current = per_gram(table, column)
    table.require_rows(least=8)
    potential = table.value(potential_column, "V")
    rates, how = (
        (table.value(rate_columns[0], "mV/s"), f"scan rate {rate_columns[0].told}")
        if rate_columns
        else _scan_rate(table, potential)
    )
    cycles = table.all_of("cycle")
    number = table.numbers(cycles[0]) if cycles else np.zeros(len(rates))
    found, earlier = [], 0
    for rate in dict.fromkeys(rates.tolist()):
        here = rates == rate
        last = _last_whole(number[here], potential[here])
        here &= number == last
        here, left = _last_cycle(here, potential) if not own and not cycles else (here, 0)
        earlier = max(earlier, left)
        try:
            found.append(CvCycle(rate, potential[here], current[here]))
        except MeasurementError as error:
            raise MeasurementError(f"{table.path}: {error}") from error
    sign = "as it is"
    if not own:
        found, sign = _inserting(table, found)
    rates_told = ", ".join(f"{one.scan_rate:g}" for one in found)
    return found, (
        f"{len(found)} {'voltammogram' if len(found) == 1 else 'voltammograms'} at {rates_told} mV/s"
        + (
            ", the last cycle of each" if earlier or (cycles and len(np.unique(number)) > 1) else ""
        ),
        f"current {column.told}{over(table, column)}, {sign}, potential {potential_column.told}, {how}",
        *dropped(blank, "without numbers"),
        *table.how,
    )


def _last_whole(number: Array, potential: Array) -> float:
    """The last cycle that spans the window; a tester may begin one more that it does not end."""
    window = np.ptp(potential)
    for one in sorted(set(number.tolist()), reverse=True):
        here = potential[number == one]
        if (
            len(here) >= 8
            and np.ptp(here) >= 0.9 * window
            and abs(here[0] - here[-1]) < 0.2 * window
        ):
            return one
    return float(number.max())


def _last_cycle(here: NDArray[np.bool_], potential: Array) -> tuple[NDArray[np.bool_], int]:
    """The rows of the last two whole sweeps where a record has more, and how many turns are before them."""
    rows = np.flatnonzero(here)
    turns = turns_of(potential[rows])
    if len(turns) < 4:
        return here, 0
    window = np.ptp(potential[rows])
    spans = np.abs(np.diff(potential[rows][turns]))
    whole = np.flatnonzero((spans[:-1] > 0.9 * window) & (spans[1:] > 0.9 * window))
    if not whole.size:
        return here, 0
    last = int(whole[-1])
    chosen = np.zeros_like(here)
    chosen[rows[turns[last] : turns[last + 2] + 1]] = True
    return chosen, last


_RATE_LINE = re.compile(
    r"(?:scan\s*rate|sweep\s*rate|scanrate|dE/dt|扫描?速[率度]?|Vorschub\w*)\D*?(\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)",
    re.IGNORECASE,
)
_RATE_UNIT = re.compile(r"(m?V\s*(?:/\s*s(?:ec)?|\s*s-1|\s*s\^-1|\s*s⁻¹))", re.IGNORECASE)


def _scan_rate(table: Table, potential: Array) -> tuple[Array, str]:
    """The scan rate of a file [mV.s-1] for each row, and where it is from. Raises MeasurementError if it says none."""
    given = table.stated.scan_rate
    if given is not None:
        return np.full(len(potential), given), "scan rate as stated"
    for line in table.preamble:
        told, unit = _RATE_LINE.search(line), _RATE_UNIT.search(line)
        size = unit_of(unit[1]) if unit else None
        if told and size:
            number = float(told[1].replace(",", "."))
            return np.full(
                len(potential), number * size.size
            ), "scan rate of the lines above the table"
    if not any(table.has(one) for one in ("total_time", "time", "datetime", "step_time")):
        raise MeasurementError(f"{table.missing(SCAN_RATE.key)} Or state it in mV/s: --scan-rate.")
    time = clock(table, np.zeros(len(potential), dtype=bool)).time
    steps = np.diff(time)
    speeds = np.abs(np.diff(potential)[steps > 0]) / steps[steps > 0] * 1000
    speeds = speeds[speeds > 0]
    usual = float(np.median(speeds)) if speeds.size else np.nan
    if not speeds.size or np.mean(np.abs(speeds / usual - 1) < 0.2) < 0.6:
        raise MeasurementError(
            f"{table.path}: potential and time have no one scan rate; state it in mV/s (--scan-rate)."
        )
    return np.full(len(potential), float(f"{usual:.3g}")), "scan rate from potential and time"


def _inserting(table: Table, found: list[CvCycle]) -> tuple[list[CvCycle], str]:
    """The same with positive currents that insert, and how the sign was told. Raises MeasurementError if unclear.

    The work of a closed cycle is lost, so the integral of I dE round it is positive for a current that is positive in
    oxidation, whatever the processes are.
    """
    given = table.stated
    if given.positive is not None:
        inserts = (given.positive == "discharge") == (
            (given.discharge or "insertion") == "insertion"
        )
        sign, why = (1.0 if inserts else -1.0), "stated"
    else:
        loops = np.array([_loop(one) for one in found])
        sizes = np.array([np.ptp(one.potential) * np.abs(one.current).mean() for one in found])
        clear = np.abs(loops) > 0.05 * sizes
        if not clear.any() or len(set(np.sign(loops[clear]))) > 1:
            raise MeasurementError(
                f"{table.path}: the voltammogram does not tell which sign of the current is the reduction; state "
                "--positive charge (oxidation) or --positive discharge (and --discharge extraction where a discharge "
                "extracts, --discharge insertion where it inserts)."
            )
        sign, why = -float(np.sign(loops[clear][0])), "the loop of the voltammogram"
    turned = [CvCycle(one.scan_rate, one.potential, sign * one.current) for one in found]
    return turned, f"positive = {insertion_word(sign)} ({why})"


def _loop(cycle: CvCycle) -> float:
    """Integral of I dE round the closed cycle."""
    potential = np.r_[cycle.potential, cycle.potential[:1]]
    current = np.r_[cycle.current, cycle.current[:1]]
    return float(np.sum((current[1:] + current[:-1]) / 2 * np.diff(potential)))


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
