"""What every result carries of the run that it came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from hetsim import names
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.laws.electrode import active_mass
from hetsim.results.bdf import Stretch, bdf_table, write_bdf

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

_OF_FILM = "charge passed: what the sites and the growing film took"
_OF_SITES = "charge passed, all of it into the sites"


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that is needed to run it again.

    again : the same run with the particles divided along their radius, where relaxation modes stand for them;
        None where there is nothing to see that the result itself does not have
    cell : the cell that was run, with its parameter file and the sources in it
    """

    system: str
    model: str
    parameters: dict[str, Any]
    parameters_hash: str
    protocol: str
    versions: dict[str, str]
    thermodynamic_status: str
    again: Callable[[], Any] | None = field(default=None, repr=False, compare=False)
    cell: Any = field(default=None, repr=False, compare=False)

    def with_again(self, again: Callable[[], Any]) -> Self:
        """The same result that knows how to run again; what it makes later is not made for that."""
        made = copy(self)
        object.__setattr__(made, "again", again)
        return made

    @cached_property
    def along_radius(self) -> Self:
        """The result that has profiles: itself, or of relaxation modes the same run in volumes, solved the first
        time that it is asked for."""
        if self.again is None:
            return self
        found: Self = self.again()
        return found

    @property
    def counts(self) -> str:
        """What a capacity of this run counts; empty where it does not know its cell."""
        if self.cell is None:
            return ""
        return _OF_FILM if self.film_grows else _OF_SITES

    @property
    def film_grows(self) -> bool:
        """Whether a film on the particles takes a part of the charge."""
        ageing = getattr(self.cell, "ageing", None)
        return ageing is not None and ageing.film is not None

    @property
    def attributes(self) -> dict[str, str]:
        """The provenance as attributes of a dataset."""
        return {
            "system": self.system,
            "model": self.model,
            "protocol": self.protocol,
            "thermodynamic_status": self.thermodynamic_status,
            **({"capacities_count": self.counts} if self.counts else {}),
            "parameters": json.dumps(self.parameters),
            "parameters_hash": self.parameters_hash,
            **{f"version_{name}": version for name, version in self.versions.items()},
        }

    @property
    def record(self) -> dict[str, Any]:
        """The provenance as an object for JSON."""
        return {
            "system": self.system,
            "model": self.model,
            "protocol": self.protocol,
            "thermodynamic_status": self.thermodynamic_status,
            "parameters_hash": self.parameters_hash,
            "versions": self.versions,
            "parameters": self.parameters,
        }

    def to_bdf(self, path: str | Path | None = None) -> pd.DataFrame:
        """The traces of the run in the Battery Data Format (BDF): current of the whole cell [A], positive charges it.

        Parameters
        ----------
        path : str | Path | None, default None
            Where they are written, as .bdf, .bdf.csv or .bdf.parquet; None writes nothing

        Returns
        -------
        pd.DataFrame
            "Test Time / s", "Voltage / V", "Current / A", "Step Count / 1", "Ambient Temperature / degC", and what else
            the run has of "Cycle Count / 1" and "Net Capacity / Ah"

        Raises
        ------
        ParameterError
            For a run that has no trace in time.
        OutputError
            Where the file cannot be written.

        Notes
        -----
        Insertion is a discharge of the simulated cell, so its current is negative here (`hetsim.results.bdf`). A rate
        test has the last cycle at each current, cyclic voltammetry the last at each scan rate, cycling those whose
        traces are kept; the test time leaves out the cycles between them.
        """
        parameters = self.parameters
        found = bdf_table(
            self._stretches(),
            float(active_mass(parameters.__getitem__)),
            parameters[names.AMBIENT_TEMPERATURE],
        )
        if path is not None:
            write_bdf(found, path)
        return found

    @property
    def has_trace(self) -> bool:
        """Whether anything was recorded in time, so that `to_bdf` has something to write."""
        return any(one.time.size for one in self._stretches())

    def _stretches(self) -> Sequence[Stretch]:
        """What was recorded, part by part."""
        raise ParameterError(
            f"{type(self).__name__} of {self.system} has no trace in time; BDF holds time, voltage and current."
        )
