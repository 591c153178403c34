"""Current and voltage against time, of a run or of an instrument."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hetsim.late import late
from hetsim.results import quantities
from hetsim.results.bdf import Stretch, bdf_of_trace, write_bdf
from hetsim.results.kept_solution import KeepsSolution
from hetsim.results.later import made_later
from hetsim.results.outcome import Array, Outcome
from hetsim.results.run import Run
from hetsim.results.tables import file_form, table, variables
from hetsim.units import MAH

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")


@dataclass(frozen=True, repr=False)
class TimeTrace:
    """A trace: time [s], specific current [A.g-1] (positive inserts), voltage [V], number of the step.

    Times increase. The instant of a switch belongs to the step that ends with it.

    Parameters
    ----------
    time : Array
        [s], rising
    current : Array
        [A.g-1], positive inserts
    voltage : Array
        [V]
    step : NDArray[np.int64]
        Number of the step of each point
    charge_passed : Array | None, default None
        Specific charge passed since the start [mA.h.g-1], where a simulation knows it
    """

    time: Array
    current: Array
    voltage: Array
    step: NDArray[np.int64]
    charge_passed: Array | None = None

    def __repr__(self) -> str:
        if not self.time.size:
            return "<TimeTrace, empty>"
        steps = len(np.unique(self.step))
        return f"<TimeTrace: {self.time.size} points, {steps} steps, {self.time[-1]:g} s>"

    @property
    def charge(self) -> Array:
        """Specific charge passed since the start [mA.h.g-1].

        That of a simulation is a state of it. Of a measured trace it is found by the trapezoidal rule in each step;
        the instant before a step belongs to the step before: its current is that of the first point.
        """
        if self.charge_passed is not None:
            return self.charge_passed
        spans = np.diff(self.time, prepend=self.time[:1])
        earlier = np.concatenate([self.current[:1], self.current[:-1]])
        switched = np.diff(self.step, prepend=self.step[:1]) != 0
        means = np.where(switched, self.current, (self.current + earlier) / 2)
        return np.cumsum(means * spans) / MAH

    def of_step(self, number: int) -> TimeTrace:
        """One step of the trace."""
        here = self.step == number
        passed = None
        if self.charge_passed is not None:
            passed = self.charge_passed[here]
            passed = passed - passed[:1]
        return TimeTrace(
            self.time[here], self.current[here], self.voltage[here], self.step[here], passed
        )

    def to_frame(self) -> pd.DataFrame:
        """One row a point."""
        return table(
            {
                quantities.TIME: self.time,
                quantities.CURRENT: self.current,
                quantities.VOLTAGE: self.voltage,
                quantities.STEP: self.step,
            }
        )

    def to_csv(self, path: Path) -> None:
        """Write the file that `hetsim.measurements.read_trace_csv` reads: time_s, current_A_per_g, voltage_V, step."""
        file_form(self.to_frame()).to_csv(path, index=False)

    def to_bdf(self, mass_mg: float, path: str | Path | None = None) -> pd.DataFrame:
        """The trace in the Battery Data Format (BDF): current of the whole cell [A], positive charges it.

        Parameters
        ----------
        mass_mg : float
            Active mass that the specific current counts by [mg]
        path : str | Path | None, default None
            Where it is written, as .bdf, .bdf.csv or .bdf.parquet; None writes nothing

        Returns
        -------
        pd.DataFrame
            "Test Time / s" from 0 on, "Voltage / V", "Current / A", "Step Count / 1", "Net Capacity / Ah"

        Raises
        ------
        ParameterError
            For an empty trace, and a mass that is no positive number.
        OutputError
            Where the file cannot be written.
        """
        found = bdf_of_trace(self.time, self.voltage, self.current, self.step, self.charge, mass_mg)
        if path is not None:
            write_bdf(found, path)
        return found


@dataclass(frozen=True, repr=False)
class TraceRun(KeepsSolution, Run):
    """A simulated trace with how it ended and where it came from.

    charge_balance : largest difference of inventory and double layer from the charge passed, over the
        charge that went back and forth [-]
    solution : the plain PyBaMM solution, made when it is asked for
    engine : what solved it: "interpreter", "PyBaMM" or both in turn
    """

    trace: TimeTrace
    outcome: Outcome
    reason: str = ""
    charge_balance: float = float("nan")
    solution: Any = made_later()
    engine: str = field(default="", repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<TraceRun {self.system}, {self.model}: {self.outcome}, {self.trace!r}>"

    def to_frame(self) -> pd.DataFrame:
        """One row a point."""
        return self.trace.to_frame()

    def to_xarray(self) -> xr.Dataset:
        """Dimension `point`, with units as attributes and the provenance of the run."""
        trace = self.trace
        return xr.Dataset(
            variables(
                "point",
                {
                    quantities.CURRENT: trace.current,
                    quantities.VOLTAGE: trace.voltage,
                    quantities.STEP: trace.step,
                },
            ),
            coords=variables("point", {quantities.TIME: trace.time}),
            attrs={
                **self.attributes,
                "outcome": self.outcome.value,
                "reason": self.reason,
                "charge_balance": self.charge_balance,
            },
        )

    def _stretches(self) -> list[Stretch]:
        trace = self.trace
        start = trace.time[0] if trace.time.size else 0.0
        return [Stretch(trace.time - start, trace.voltage, trace.current, trace.step, trace.charge)]

    def _solution_along_radius(self) -> Any:
        return None if self.solution is None else self.along_radius.solution

    def _told(self) -> dict[str, Any]:
        return dict(self.attributes)
