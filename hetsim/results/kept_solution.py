"""What every result can show that keeps PyBaMM's solution of one stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hetsim.late import late
from hetsim.results.outcome import Outcome
from hetsim.results.profiles import TIMES, profiles_of
from hetsim.results.voltage_components import component_frame

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")


class KeepsSolution:
    """Profiles and the parts of the voltage, from `solution`."""

    solution: Any
    outcome: Outcome
    reason: str

    def _solution_along_radius(self) -> Any:
        """The solution that profiles are taken from."""
        return self.solution

    def _require_time(self) -> None:
        """Raises ParameterError for a run in which no step took time, where a subclass can tell."""

    def _called(self) -> str:
        """What it is called in a message."""
        return "This run"

    def _told(self) -> dict[str, Any]:
        """Attributes of a dataset beside its own."""
        return {}

    def profiles(
        self,
        times: int | Sequence[float] = TIMES,
        quantities: Sequence[str] | None = None,
        electrode: str = "positive",
    ) -> xr.Dataset:
        """Profiles over the radius of the particles: of a point the last insertion, of a sweep its cycle.

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
        self._require_time()
        found = profiles_of(
            self._solution_along_radius(),
            self._called(),
            self.outcome,
            self.reason,
            times,
            quantities,
            electrode,
        )
        return found.assign_attrs({**self._told(), **found.attrs})

    def voltage_components(self) -> pd.DataFrame:
        """Time [s], voltage [V] and the parts that add up to it [V] (docs/analysis.md); one row a time.

        Raises ParameterError for a result that keeps no solution of PyBaMM, or in which no step took time.
        """
        self._require_time()
        return component_frame(self.solution, self._called())
