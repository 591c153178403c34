"""What comes out of cyclic voltammetry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hetsim.late import late
from hetsim.laws.peaks import peaks
from hetsim.results import quantities
from hetsim.results.bdf import Stretch
from hetsim.results.kept_solution import KeepsSolution
from hetsim.results.later import made_later
from hetsim.results.outcome import Array, InParts, Outcome, Part
from hetsim.results.profiles import TIMES, the_part
from hetsim.results.quantities import SCAN_RATE
from hetsim.results.run import Run
from hetsim.results.tables import table, variables
from hetsim.results.voltage_components import of_parts
from hetsim.units import MA

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")

PROMINENCE = 0.03
"""How far a peak stands out of its surroundings, over the largest current of its sweep [-]."""


@dataclass(frozen=True)
class Peak:
    """A maximum of the current of one sweep."""

    sweep: str  # "insertion" or "extraction"
    potential: float  # V
    current: float  # A.g-1, positive inserts


@dataclass(frozen=True, repr=False)
class CVSweep(KeepsSolution):
    """The last cycle at one scan rate.

    scan_rate : [mV.s-1]
    time : since the start of the cycle [s]
    potential : [V], from the starting potential to both vertices and back
    current : [A.g-1], positive inserts
    branch : of each point, +1 while the potential falls (insertion), -1 while it rises (extraction)
    cycles : how many were run until this one, itself included
    closure : charge in minus charge out over the charge that went in [-]
    charge_balance : as in `TraceRun`
    active_mass : of the electrode, for a current in mA [g]
    engine : what solved it: "interpreter", "PyBaMM" or both in turn
    """

    scan_rate: float
    time: Array
    potential: Array
    current: Array
    branch: NDArray[np.int64]
    outcome: Outcome
    reason: str = ""
    cycles: int = 0
    closure: float = float("nan")
    charge_balance: float = float("nan")
    active_mass: float = float("nan")
    solution: Any = made_later()
    engine: str = field(default="", repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<CVSweep {self.scan_rate:g} mV/s: {self.outcome}, {self.cycles} cycles>"

    def of(self, sweep: str) -> tuple[Array, Array]:
        """Potential [V] and current [A.g-1] of the "insertion" or "extraction" sweep, from vertex to
        vertex, in the order in which the potential is swept."""
        sign = {"insertion": 1, "extraction": -1}[sweep]
        here = self.branch == sign
        here[:-1] |= here[1:]  # the vertex where it begins is the last point of the other one
        order = np.argsort(-sign * self.potential[here], kind="stable")
        return self.potential[here][order], self.current[here][order]

    def peaks(self) -> tuple[Peak, ...]:
        """The maxima of the insertion sweep, then those of the extraction sweep, each in its order.

        A maximum counts if it stands out by PROMINENCE of the largest current of its sweep; a current
        that is largest at a vertex is no peak. Potential and current are the top of a parabola through
        three points.
        """
        all_peaks = []
        for sweep, sign in (("insertion", 1), ("extraction", -1)):
            potential, current = self.of(sweep)
            if not current.size:
                continue
            upwards = sign * current
            tops = peaks(potential, upwards, PROMINENCE * float(np.abs(upwards).max()))
            all_peaks += [Peak(sweep, at, sign * height) for at, height in tops if height > 0]
        return tuple(all_peaks)

    def largest(self, sweep: str) -> Peak | None:
        """The highest of the peaks of a sweep; None without any."""
        here = [peak for peak in self.peaks() if peak.sweep == sweep]
        return max(here, key=lambda peak: abs(peak.current), default=None)

    def to_frame(self) -> pd.DataFrame:
        """One row a point."""
        names = np.where(self.branch > 0, "insertion", "extraction")
        return table(
            {
                quantities.SCAN_RATE: self.scan_rate,
                quantities.TIME: self.time,
                quantities.POTENTIAL: self.potential,
                quantities.CURRENT: self.current,
                quantities.WHOLE_CURRENT: self.current * self.active_mass / MA,
                quantities.SWEEP: names,
            }
        )

    def _called(self) -> str:
        return f"The cycle at {self.scan_rate:g} mV/s"


@dataclass(frozen=True, repr=False)
class Voltammogram(InParts, Run):
    """Current against potential at each scan rate."""

    sweeps: tuple[CVSweep, ...]

    def __repr__(self) -> str:
        good = sum(sweep.outcome.good for sweep in self.sweeps)
        return (
            f"<Voltammogram {self.system}, {self.model}: {good} of {len(self.sweeps)} scan rates>"
        )

    @property
    def parts(self) -> Sequence[Part]:
        return self.sweeps

    @property
    def scan_rates(self) -> Array:
        """[mV.s-1]"""
        return np.array([sweep.scan_rate for sweep in self.sweeps])

    def _stretches(self) -> list[Stretch]:
        return [
            Stretch(sweep.time, sweep.potential, sweep.current, sweep.branch, cycle=number)
            for number, sweep in enumerate(self.sweeps, start=1)
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row a point of each last cycle."""
        return pd.concat([sweep.to_frame() for sweep in self.sweeps], ignore_index=True)

    def profiles(
        self,
        scan_rate: float | None = None,
        times: int | Sequence[float] = TIMES,
        quantities: Sequence[str] | None = None,
        electrode: str = "positive",
    ) -> xr.Dataset:
        """Profiles over the radius of the particles during the last cycle at a scan rate.

        Parameters
        ----------
        scan_rate : float | None, default None
            [mV.s-1], one of `scan_rates`; None where there is only one
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
            Where no solution is kept (lists, sweeps, runs that failed), and for a scan rate, a time, a quantity or an
            electrode that it does not have.

        Notes
        -----
        docs/physics.md, section 8.6, defines the quantities. Between two kept times the states are interpolated.
        """
        sweep = the_part(self.sweeps, self.scan_rates.tolist(), scan_rate, SCAN_RATE)
        if sweep.solution is not None:
            sweeps = self.along_radius.sweeps
            sweep = the_part(sweeps, self.scan_rates.tolist(), scan_rate, SCAN_RATE)
        found = sweep.profiles(times, quantities, electrode)
        return found.assign_attrs({**self.attributes, **found.attrs, "scan_rate": sweep.scan_rate})

    def voltage_components(self) -> pd.DataFrame:
        """Scan rate [mV.s-1], time [s], voltage [V] and the parts that add up to it [V], along each cycle.

        Cycles that did not end well are left out. Raises ParameterError for a result that keeps no solution of PyBaMM.
        """
        good = [sweep for sweep in self.sweeps if sweep.outcome.good]
        frames = [(sweep.scan_rate, sweep.voltage_components()) for sweep in good or self.sweeps]
        return of_parts(quantities.SCAN_RATE, frames)

    def peak_frame(self) -> pd.DataFrame:
        """One row a peak."""
        with_rates = [(sweep.scan_rate, peak) for sweep in self.sweeps for peak in sweep.peaks()]
        return table(
            {
                quantities.SCAN_RATE: [rate for rate, _ in with_rates],
                quantities.SWEEP: [peak.sweep for _, peak in with_rates],
                quantities.POTENTIAL: [peak.potential for _, peak in with_rates],
                quantities.CURRENT: [peak.current for _, peak in with_rates],
            }
        )

    def to_xarray(self) -> xr.Dataset:
        """Dimensions `scan_rate` and `point`; cycles that failed are not a number."""
        count = max((sweep.potential.size for sweep in self.sweeps), default=0)

        def padded(values: Array) -> Array:
            return np.concatenate([values, np.full(count - values.size, np.nan)])

        def stacked(name: str) -> Any:
            rows = [padded(np.asarray(getattr(sweep, name), dtype=float)) for sweep in self.sweeps]
            return np.array(rows).reshape(len(self.sweeps), count)

        along_cycle = {
            quantity: stacked(quantity.name)
            for quantity in (
                quantities.POTENTIAL,
                quantities.CURRENT,
                quantities.TIME,
                quantities.BRANCH,
            )
        }
        of_each = {
            quantities.CYCLES: [sweep.cycles for sweep in self.sweeps],
            quantities.CLOSURE: [sweep.closure for sweep in self.sweeps],
            quantities.CHARGE_BALANCE: [sweep.charge_balance for sweep in self.sweeps],
            quantities.OUTCOME: [sweep.outcome.value for sweep in self.sweeps],
            quantities.REASON: [sweep.reason for sweep in self.sweeps],
        }
        return xr.Dataset(
            {
                **variables(("scan_rate", "point"), along_cycle),
                **variables("scan_rate", of_each),
            },
            coords=variables("scan_rate", {quantities.SCAN_RATE: self.scan_rates}),
            attrs=self.attributes,
        )
