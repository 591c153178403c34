"""Current and voltage against time, of a run or of an instrument."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from hetsim.results import quantities
from hetsim.results.outcome import Array, Outcome
from hetsim.results.profiles import TIMES, profiles_of
from hetsim.results.run import Run
from hetsim.results.tables import file_form, table, variables
from hetsim.results.voltage_components import component_frame
from hetsim.units import MAH


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

    def of_step(self, number: int) -> "TimeTrace":
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


@dataclass(frozen=True, repr=False)
class TraceRun(Run):
    """A simulated trace with how it ended and where it came from.

    charge_balance : largest difference of inventory and double layer from the charge passed, over the
        charge that went back and forth [-]
    solution : the plain PyBaMM solution
    """

    trace: TimeTrace
    outcome: Outcome
    reason: str = ""
    charge_balance: float = float("nan")
    solution: Any = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<TraceRun {self.system}, {self.model}: {self.outcome}, {self.trace!r}>"

    def to_frame(self) -> pd.DataFrame:
        """One row a point."""
        return self.trace.to_frame()

    def profiles(
        self,
        times: int | Sequence[float] = TIMES,
        quantities: Sequence[str] | None = None,
        electrode: str = "positive",
    ) -> xr.Dataset:
        """Profiles over the radius of the particles.

        Parameters
        ----------
        times : int | Sequence[float], default 11
            Seconds since the start, or how many times from the start to the end
        quantities : Sequence[str] | None, default None
            Names of variables of the dataset, such as "electrochemical_potential"; None for all that there are
        electrode : str, default 'positive'
            "positive" or "negative"; the working electrode of a half cell is the positive one

        Returns
        -------
        xr.Dataset
            Over time [s] and radius (r/R at the nodes of the mesh), with size_class where there are several, x for
            a DFN and x_electrolyte [m]; each variable with its unit and long name. Built-in potential and field
            only with a radial field, occupancies of hosts A and B only with two hosts.

        Raises
        ------
        ParameterError
            Where no solution is kept (lists, sweeps, runs that failed), and for a time, a quantity or an
            electrode that it does not have.

        Notes
        -----
        docs/physics.md, section 8.6, defines the quantities. Between two kept times the states are interpolated.
        """
        found = profiles_of(
            self.solution, "This run", self.outcome, self.reason, times, quantities, electrode
        )
        return found.assign_attrs({**self.attributes, **found.attrs})

    def voltage_components(self) -> pd.DataFrame:
        """Time [s], voltage [V] and the parts that add up to it [V] (docs/analysis.md); one row a time.

        Raises ParameterError for a result that keeps no solution of PyBaMM.
        """
        return component_frame(self.solution, self.system)

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
