"""Measured traces: current and voltage against time, as a GITT or a replay needs them."""

from itertools import pairwise
from pathlib import Path

import numpy as np

from hetsim.errors import MeasurementError
from hetsim.measurements.csv_table import Array, CsvTable, read_csv, require_rows, specific_current
from hetsim.results import TimeTrace
from hetsim.results.quantities import CURRENT, STEP, TIME, VOLTAGE

TRACE_COLUMNS = (TIME.key, CURRENT.key, VOLTAGE.key)


def read_trace_csv(path: str | Path, mass_mg: float | None = None) -> TimeTrace:
    """Read a trace from a CSV file with the columns `TRACE_COLUMNS` and, if there is one, `step`.

    Parameters
    ----------
    path : str | Path
        The file
    mass_mg : float | None, default None
        Active mass [mg], for a file that has `current_mA` in place of `current_A_per_g`

    Returns
    -------
    TimeTrace

    Raises
    ------
    MeasurementError
        For an unreadable or malformed file, and names the row.

    Notes
    -----
    Time must rise from row to row; it may stand twice only where `step` changes, before and after
    the switch.
    """
    table = read_csv(Path(path))
    current = specific_current(table, mass_mg, (TIME.key, VOLTAGE.key))
    require_rows(table, least=2)
    time, voltage = table.numbers(TIME.key), table.numbers(VOLTAGE.key)
    step = table.numbers(STEP.key) if STEP.key in table.header else np.zeros(len(time))
    _check_time(table, time, step)
    return TimeTrace(time, current, voltage, step.astype(np.int64))


def _check_time(table: CsvTable, time: Array, step: Array) -> None:
    for i, (one, later) in enumerate(pairwise(time)):
        if later < one:
            raise MeasurementError(
                f"{table.at(i + 1)}: time_s falls from {one:g} to {later:g}; "
                "rows must be in order of time."
            )
        if later == one and step[i] == step[i + 1]:
            raise MeasurementError(
                f"{table.at(i + 1)}: time_s is {later:g} a second time; each time may stand once, or "
                "twice where a column 'step' changes."
            )
