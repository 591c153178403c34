"""What comes out of a rate test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.late import late
from hetsim.laws import energy
from hetsim.results import quantities
from hetsim.results.bdf import Stretch, one_step
from hetsim.results.kept_solution import KeepsSolution
from hetsim.results.later import made_later
from hetsim.results.outcome import Array, InParts, Outcome, Part
from hetsim.results.profiles import TIMES, the_part
from hetsim.results.quantities import CURRENT, Quantity
from hetsim.results.run import Run
from hetsim.results.tables import table, variables
from hetsim.results.voltage_components import of_parts
from hetsim.units import MAH

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")


@dataclass(frozen=True)
class Trace:
    """One constant-current step: time [s], specific charge passed [mA.h.g-1], voltage [V]."""

    time: Array
    capacity: Array
    voltage: Array

    def voltage_at_half(self) -> float:
        """Voltage when half of the charge has passed [V]."""
        return float(np.interp(self.capacity[-1] / 2, self.capacity, self.voltage))

    @property
    def energy(self) -> float:
        """What the step delivers or takes, the integral of the voltage over the charge [W.h.kg-1]."""
        return energy.energy(self.voltage, self.capacity)

    @property
    def mean_power(self) -> float:
        """Mean power of the discharge [W.kg-1]; not a number where the run failed."""
        return energy.mean_power(self.energy, float(self.time[-1] - self.time[0]))

    def stretch(self, current: float, cycle: int) -> Stretch:
        """The step in the form of BDF (results.bdf); current [A.g-1], positive inserts."""
        return one_step(self.time, self.voltage, current, self.capacity, cycle)


@dataclass(frozen=True)
class RatePoint(KeepsSolution):
    """One current of a rate test. Without a good outcome the capacity is not a number.

    Parameters
    ----------
    current : float
        [A.g-1]
    capacity : float
        Charge passed during the insertion [mA.h.g-1]; where a film grows it took a part of it, `capacity_in_film`
    outcome : Outcome
        How it ended
    reason : str, optional
        Why, where it did not end well
    charge_balance : float, optional
        Coulombs passed against inventory, relative [-]
    extraction_capacity : float, optional
        Extracted charge [mA.h.g-1]
    insertion : Trace | None, optional
        Trace of the insertion
    extraction : Trace | None, optional
        Trace of the extraction
    solution : object, optional
        The plain PyBaMM solution, for looking deeper; made when it is asked for
    engine : str, optional
        What solved it: "interpreter", "PyBaMM list", "PyBaMM", or several of them
    """

    current: float
    capacity: float
    outcome: Outcome
    reason: str = ""
    charge_balance: float = float("nan")
    extraction_capacity: float = float("nan")
    insertion: Trace | None = field(default=None, repr=False, compare=False)
    extraction: Trace | None = field(default=None, repr=False, compare=False)
    solution: Any = made_later()
    engine: str = field(default="", repr=False, compare=False)

    @property
    def capacity_in_film(self) -> float:
        """What a growing film took of the charge of the insertion [mA.h.g-1]: 0 without one, not a number where no
        solution is kept. A slow insertion gives it more time."""
        if self.solution is None or self.insertion is None or not self.outcome.good:
            return float("nan")
        charge = FARADAY * np.ptp(self.solution[names.LOST_TO_FILM].entries[[0, -1]])
        grams = abs(float(self.solution[names.CURRENT_NOW].entries[-1])) / self.current
        return float(charge / MAH / grams)

    @property
    def capacity_in_sites(self) -> float:
        """What the sites took of the charge of the insertion [mA.h.g-1], never more than there are; not a number where
        no solution is kept."""
        return self.capacity - self.capacity_in_film

    @property
    def polarisation(self) -> float:
        """Extraction minus insertion voltage, each at half of its charge [V]."""
        if self.insertion is None or self.extraction is None:
            return float("nan")
        return self.extraction.voltage_at_half() - self.insertion.voltage_at_half()

    @property
    def energy(self) -> float:
        """Delivered by the discharge of a full cell [W.h.kg-1]; not a number where the run failed."""
        return self.insertion.energy if self.insertion and self.outcome.good else float("nan")

    @property
    def mean_power(self) -> float:
        """Mean power of the discharge [W.kg-1]; not a number where the run failed."""
        return self.insertion.mean_power if self.insertion and self.outcome.good else float("nan")

    def _called(self) -> str:
        return f"The point at {self.current:g} A/g"


@dataclass(frozen=True, repr=False)
class RateCurve(InParts, Run):
    """Capacity against current, with all that is needed to run it again.

    Parameters
    ----------
    points : tuple[RatePoint, ...]
        One for each current
    per_gram_of : str, optional
        Of a full cell, the electrode whose mass currents, capacities and energies are per gram of;
        empty for a half cell
    share_of_actives : float, optional
        That mass over the active mass of both electrodes [-]
    """

    points: tuple[RatePoint, ...]
    per_gram_of: str = ""
    share_of_actives: float = float("nan")

    def __repr__(self) -> str:
        reached = [point for point in self.points if point.outcome.good]
        capacities = [f"{point.capacity:.0f}" for point in reached]
        span = " to ".join([capacities[0], capacities[-1]]) if capacities else "no"
        return f"<RateCurve {self.system}, {self.model}: {len(reached)} of {len(self.points)} points, {span} mAh/g>"

    @property
    def parts(self) -> Sequence[Part]:
        return self.points

    @property
    def currents(self) -> Array:
        """[A.g-1]"""
        return np.array([point.current for point in self.points])

    @property
    def capacities(self) -> Array:
        """Inserted charge [mA.h.g-1]; not a number where the run failed."""
        return np.array([point.capacity for point in self.points])

    @property
    def energies(self) -> Array:
        """Energy of each discharge of a full cell [W.h.kg-1]; not a number where the run failed."""
        return np.array([point.energy for point in self.points])

    @property
    def mean_powers(self) -> Array:
        """Mean power of each discharge of a full cell [W.kg-1]; not a number where the run failed."""
        return np.array([point.mean_power for point in self.points])

    def profiles(
        self,
        current: float | None = None,
        times: int | Sequence[float] = TIMES,
        quantities: Sequence[str] | None = None,
        electrode: str = "positive",
    ) -> xr.Dataset:
        """Profiles over the radius of the particles during the last insertion at a current.

        Parameters
        ----------
        current : float | None, default None
            [A.g-1], one of `currents`; None where there is only one
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
            Where no solution is kept (lists, sweeps, runs that failed), and for a current, a time, a quantity or an
            electrode that it does not have.

        Notes
        -----
        docs/physics.md, section 8.6, defines the quantities. Between two kept times the states are interpolated.
        """
        point = the_part(self.points, self.currents.tolist(), current, CURRENT)
        if point.solution is not None:
            point = the_part(self.along_radius.points, self.currents.tolist(), current, CURRENT)
        found = point.profiles(times, quantities, electrode)
        return found.assign_attrs({**self.attributes, **found.attrs, "current": point.current})

    def _along_currents(self) -> dict[Quantity, Any]:
        """What each current gave; a full cell has its energies too."""
        points = self.points
        columns: dict[Quantity, Any] = {
            quantities.CAPACITY: self.capacities,
            quantities.EXTRACTION_CAPACITY: np.array(
                [point.extraction_capacity for point in points]
            ),
            quantities.POLARISATION: np.array([point.polarisation for point in points]),
            quantities.OUTCOME: [point.outcome.value for point in points],
            quantities.REASON: [point.reason for point in points],
            quantities.CHARGE_BALANCE: np.array([point.charge_balance for point in points]),
        }
        if self.film_grows:
            films = np.array([point.capacity_in_film for point in points])
            columns |= {quantities.CAPACITY_IN_FILM: films}
        if self.per_gram_of:
            columns |= {quantities.ENERGY: self.energies, quantities.MEAN_POWER: self.mean_powers}
        return columns

    def _stretches(self) -> list[Stretch]:
        return [
            trace.stretch(sign * point.current, number)
            for number, point in enumerate(self.points, start=1)
            for sign, trace in ((1, point.insertion), (-1, point.extraction))
            if trace is not None
        ]

    def to_frame(self) -> pd.DataFrame:
        """One row a current; a full cell has its energies too, a growing film what it took of each capacity."""
        return table(self.columns())

    def columns(self) -> dict[Quantity, Any]:
        """The columns of that table."""
        return {
            quantities.SYSTEM: self.system,
            quantities.CURRENT: self.currents,
            **self._along_currents(),
        }

    def voltage_components(self) -> pd.DataFrame:
        """Current [A.g-1], time [s], voltage [V] and the parts that add up to it [V], along each insertion.

        Points that did not end well are left out. Raises ParameterError for a result that keeps no solution of PyBaMM.
        """
        good = [point for point in self.points if point.outcome.good]
        frames = [(point.current, point.voltage_components()) for point in good or self.points]
        return of_parts(quantities.CURRENT, frames)

    def to_xarray(self) -> xr.Dataset:
        """Dimension `current`, with units as attributes and the provenance of the run."""
        return xr.Dataset(
            variables("current", self._along_currents()),
            coords=variables("current", {quantities.CURRENT: self.currents}),
            attrs=self.attributes,
        )
