"""Traces in the Battery Data Format (BDF): time [s], voltage [V] and current [A] of a whole cell, one row a point.

Sign of the current. BDF counts it as positive where the cell is charged. hetsim counts it as positive where ions enter
the working electrode, and that is a discharge of the cell that hetsim simulates: the voltage is that of the working
electrode against the other one, it is positive, and ions that enter lower it, so that the cell gives energy away. Hence

    I [A] = -i [A.g-1] m [g],       m the active mass that the specific current counts by                        (1)

for a half cell, whatever its electrode is called in a full cell later, and for a full cell.

Time. The cycles between two that are kept have no trace; the test time goes on where the kept one before it ended.

Source: Battery Data Alliance, https://w3id.org/battery-data-alliance/ontology/battery-data-format; package `batterydf`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MissingPackageError, OutputError, ParameterError
from hetsim.late import late
from hetsim.results.outcome import Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

TIME = "Test Time / s"
VOLTAGE = "Voltage / V"
CURRENT = "Current / A"
CYCLE = "Cycle Count / 1"
STEP = "Step Count / 1"
NET_CAPACITY = "Net Capacity / Ah"
TEMPERATURE = "Ambient Temperature / degC"
"""Preferred labels of BDF; a file has the first three at least. Net capacity is charge minus discharge."""

_ZERO_CELSIUS = 273.15
_MG, _MAH = 1e-3, 1e-3
_ENDINGS = (".bdf", ".csv", ".parquet")


@dataclass(frozen=True)
class Stretch:
    """A part of a test: what was recorded without a gap.

    Parameters
    ----------
    time : Array
        Since it began [s]
    voltage : Array
        [V]
    current : Array
        [A.g-1], positive inserts
    step : NDArray
        Number of the step of each point
    charge : Array | None, default None
        Passed since it began [mA.h.g-1], positive inserts
    cycle : int, default 0
        Its number; 0 for a test without cycles
    """

    time: Array
    voltage: Array
    current: Array
    step: NDArray[Any]
    charge: Array | None = None
    cycle: int = 0


def one_step(time: Array, voltage: Array, current: float, charge: Array, cycle: int) -> Stretch:
    """A stretch at one current [A.g-1], positive inserts; charge as a positive number [mA.h.g-1]."""
    signed = np.sign(current) * charge
    return Stretch(time, voltage, np.full(time.size, current), np.zeros(time.size), signed, cycle)


def bdf_table(
    stretches: Sequence[Stretch], active_mass: float, temperature: float | None = None
) -> pd.DataFrame:
    """The table of a test in BDF.

    Parameters
    ----------
    stretches : Sequence[Stretch]
        One after the other
    active_mass : float
        That specific currents count by [g]
    temperature : float | None, default None
        Of the surroundings [K]

    Returns
    -------
    pd.DataFrame
        One row a point, columns named as BDF prefers

    Raises
    ------
    ParameterError
        For a mass that is no positive number, and for a test without a trace.
    """
    if not (np.isfinite(active_mass) and active_mass > 0):
        raise ParameterError(
            f"BDF has the current of the whole cell: the active mass must be a positive number, got {active_mass:g} g."
        )
    found = [one for one in stretches if one.time.size]
    if not found:
        raise ParameterError("There is no trace to write: no step of this test took time.")
    columns = {
        TIME: np.concatenate(_one_after_the_other([one.time for one in found])),
        VOLTAGE: np.concatenate([one.voltage for one in found]),
        CURRENT: 0.0 - np.concatenate([one.current for one in found]) * active_mass,
        STEP: _counted([one.step for one in found]),
    }
    if any(one.cycle for one in found):
        columns[CYCLE] = np.concatenate([np.full(one.time.size, one.cycle) for one in found])
    charges = [one.charge for one in found if one.charge is not None]
    if len(charges) == len(found):
        passed = np.concatenate(_one_after_the_other(charges))
        columns[NET_CAPACITY] = 0.0 - passed * active_mass * _MAH
    if temperature is not None:
        columns[TEMPERATURE] = np.full(columns[TIME].size, temperature - _ZERO_CELSIUS)
    return pd.DataFrame(columns)


def _one_after_the_other(parts: Sequence[Array]) -> list[Array]:
    """Each part goes on from where the one before ended."""
    ends = np.cumsum([0.0, *(part[-1] for part in parts[:-1])])
    return [part + end for part, end in zip(parts, ends, strict=True)]


def _counted(steps: Sequence[NDArray[Any]]) -> Array:
    """Steps of the whole test, counted from 1; each stretch begins a new one."""
    counted, last = [], 0
    for numbers in steps:
        begins = np.diff(numbers, prepend=numbers[0] - 1) != 0
        counted.append(last + np.cumsum(begins))
        last = int(counted[-1][-1])
    return np.concatenate(counted)


def write_bdf(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table in BDF: all digits of every number, or nothing if it cannot be written.

    Parameters
    ----------
    table : pd.DataFrame
        As `bdf_table` makes it
    path : str | Path
        Ends in .bdf, .bdf.csv (both are text) or .bdf.parquet

    Raises
    ------
    OutputError
        For another ending, and where the file cannot be written.
    MissingPackageError
        For .parquet without pyarrow.
    """
    path = Path(path)
    if path.suffix not in _ENDINGS:
        raise OutputError(
            f"'{path}': a BDF file ends in .bdf, .bdf.csv or .bdf.parquet, not in '{path.suffix}'."
        )
    aside = path.with_name(f".{path.name}.part")
    try:
        if path.suffix == ".parquet":
            table.to_parquet(aside, index=False)
        else:
            table.to_csv(aside, index=False)
        aside.replace(path)
    except ImportError as error:
        raise MissingPackageError(
            "A .parquet file needs pyarrow, which is not installed: pip install 'hetsim[bdf]'."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"'{path}' cannot be written: {reason}.") from error
    finally:
        if aside.is_file():
            aside.unlink()


def bdf_of_trace(
    time: Array,
    voltage: Array,
    current: Array,
    step: NDArray[Any],
    charge: Array | None,
    mass_mg: float,
) -> pd.DataFrame:
    """The table of a measured trace: specific current [A.g-1], positive inserts, active mass [mg]."""
    start = time[0] if time.size else 0.0
    return bdf_table([Stretch(time - start, voltage, current, step, charge)], mass_mg * _MG)
