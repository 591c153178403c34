"""What comes out of cyclic voltammetry."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from hetsim.laws.peaks import peaks
from hetsim.results.outcome import Array, Outcome, largest_balance, worst_part
from hetsim.results.run import Run

PROMINENCE = 0.03
"""How far a peak stands out of its surroundings, over the largest current of its sweep [-]."""


@dataclass(frozen=True)
class Peak:
    """A maximum of the current of one sweep."""

    sweep: str  # "insertion" or "extraction"
    potential: float  # V
    current: float  # A.g-1, positive inserts


@dataclass(frozen=True, repr=False)
class CVSweep:
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
    solution: Any = field(default=None, repr=False, compare=False)

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
        found = []
        for sweep, sign in (("insertion", 1), ("extraction", -1)):
            potential, current = self.of(sweep)
            if not current.size:
                continue
            upwards = sign * current
            tops = peaks(potential, upwards, PROMINENCE * float(np.abs(upwards).max()))
            found += [Peak(sweep, at, sign * height) for at, height in tops if height > 0]
        return tuple(found)

    def largest(self, sweep: str) -> Peak | None:
        """The highest of the peaks of a sweep; None without any."""
        here = [peak for peak in self.peaks() if peak.sweep == sweep]
        return max(here, key=lambda peak: abs(peak.current), default=None)

    def to_frame(self) -> pd.DataFrame:
        """One row a point."""
        names = np.where(self.branch > 0, "insertion", "extraction")
        return pd.DataFrame(
            {
                "scan_rate_mV_per_s": self.scan_rate,
                "time_s": self.time,
                "potential_V": self.potential,
                "current_A_per_g": self.current,
                "current_mA": 1e3 * self.current * self.active_mass,
                "sweep": names,
            }
        )


@dataclass(frozen=True, repr=False)
class Voltammogram(Run):
    """Current against potential at each scan rate."""

    sweeps: tuple[CVSweep, ...]

    def __repr__(self) -> str:
        good = sum(one.outcome.good for one in self.sweeps)
        return (
            f"<Voltammogram {self.system}, {self.model}: {good} of {len(self.sweeps)} scan rates>"
        )

    @property
    def outcome(self) -> Outcome:
        """Outcome of the first scan rate that did not end well, else of the first."""
        return worst_part(self.sweeps).outcome

    @property
    def reason(self) -> str:
        """What went wrong there, empty if nothing did."""
        return worst_part(self.sweeps).reason

    @property
    def charge_balance(self) -> float:
        """Largest charge balance of all scan rates [-]."""
        return largest_balance(self.sweeps)

    @property
    def scan_rates(self) -> Array:
        """[mV.s-1]"""
        return np.array([one.scan_rate for one in self.sweeps])

    def to_frame(self) -> pd.DataFrame:
        """One row a point of each last cycle."""
        return pd.concat([one.to_frame() for one in self.sweeps], ignore_index=True)

    def peak_frame(self) -> pd.DataFrame:
        """One row a peak."""
        return pd.DataFrame(
            [
                {
                    "scan_rate_mV_per_s": one.scan_rate,
                    "sweep": peak.sweep,
                    "potential_V": peak.potential,
                    "current_A_per_g": peak.current,
                }
                for one in self.sweeps
                for peak in one.peaks()
            ],
            columns=["scan_rate_mV_per_s", "sweep", "potential_V", "current_A_per_g"],
        )

    def to_xarray(self) -> xr.Dataset:
        """Dimensions `scan_rate` and `point`; cycles that failed are not a number."""
        count = max((one.potential.size for one in self.sweeps), default=0)

        def padded(values: Array) -> Array:
            return np.concatenate([values, np.full(count - values.size, np.nan)])

        def stacked(name: str) -> Any:
            rows = [padded(np.asarray(getattr(one, name), dtype=float)) for one in self.sweeps]
            return np.array(rows).reshape(len(self.sweeps), count)

        dims = ("scan_rate", "point")
        return xr.Dataset(
            {
                "potential": (dims, stacked("potential"), {"units": "V"}),
                "current": (dims, stacked("current"), {"units": "A.g-1"}),
                "time": (dims, stacked("time"), {"units": "s"}),
                "branch": (dims, stacked("branch"), {"units": "1"}),
                "cycles": ("scan_rate", [one.cycles for one in self.sweeps]),
                "closure": ("scan_rate", [one.closure for one in self.sweeps], {"units": "1"}),
                "charge_balance": ("scan_rate", [one.charge_balance for one in self.sweeps]),
                "outcome": ("scan_rate", [one.outcome.value for one in self.sweeps]),
            },
            coords={"scan_rate": ("scan_rate", self.scan_rates, {"units": "mV.s-1"})},
            attrs=self.attributes,
        )
