"""A measured current or voltage, imposed on a cell."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.measurements import read_trace_csv
from hetsim.parameters.toml_reading import numbers
from hetsim.protocols.checks import history, occupancies, one_of
from hetsim.results.renamed import FormerSoc, filling_argument

_WHERE = "Replay"


@dataclass(frozen=True, repr=False)
class Replay:
    """A record of an instrument, sample after sample.

    Parameters
    ----------
    time : Sequence[float]
        [s], increasing
    current : Sequence[float] | None, default None
        [A.g-1], positive inserts; each sample holds since the one before, as a cycler records it
    voltage : Sequence[float] | None, default None
        [V] instead; a straight line from sample to sample
    filling : float, default 0.0
        Where the cell starts, 0 extracted to 1 inserted, at rest
    source : str, default ''
        Where the record comes from
    after : str | None, default None
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell

    Raises
    ------
    ParameterError
        For lists of different lengths, fewer than two samples, times that do not increase, or
        unless there is one of current and voltage.

    Notes
    -----
    The cut-offs of the cell do not act: what was recorded is imposed.
    """

    time: tuple[float, ...]
    current: tuple[float, ...] | None = None
    voltage: tuple[float, ...] | None = None
    filling: float = 0.0
    source: str = field(default="", compare=False)
    after: str | None = None
    soc = FormerSoc()

    def __init__(
        self,
        time: Sequence[float],
        current: Sequence[float] | None = None,
        voltage: Sequence[float] | None = None,
        filling: float = 0.0,
        source: str = "",
        soc: float | None = None,
        after: str | None = None,
    ) -> None:
        filling = filling_argument(filling, soc, 0.0, _WHERE)
        if (current is None) == (voltage is None):
            raise ParameterError("Replay: give one of 'current' [A/g] and 'voltage' [V].")
        name, raw = ("current", current) if current is not None else ("voltage", voltage)
        times, values = numbers(time, "time", _WHERE), numbers(raw, name, _WHERE)
        if len(times) != len(values) or len(times) < 2:
            raise ParameterError(
                f"Replay: 'time' has {len(times)} and '{name}' {len(values)} samples; both need the "
                "same number, at least 2."
            )
        for index, (one, later) in enumerate(pairwise(times)):
            if later <= one:
                what = "twice" if later == one else f"after {one:g} s"
                raise ParameterError(
                    f"Replay: 'time' has {later:g} s {what} (sample {index + 2}); times must increase."
                )
        object.__setattr__(self, "time", times)
        object.__setattr__(self, "current", values if current is not None else None)
        object.__setattr__(self, "voltage", values if voltage is not None else None)
        object.__setattr__(self, "filling", occupancies(filling, "filling", _WHERE)[0])
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "after", history(after, _WHERE))

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        imposed: str = "current",
        mass_mg: float | None = None,
        filling: float = 0.0,
        soc: float | None = None,
        after: str | None = None,
        **statements: Any,
    ) -> "Replay":
        """The current, or the voltage, of a measured trace (`hetsim.measurements.read_trace_csv`).

        Parameters
        ----------
        path : str | Path
            The file
        imposed : str, default 'current'
            "current" or "voltage"
        mass_mg : float | None, default None
            Active mass [mg], for a file that has a current in A or mA
        filling : float, default 0.0
            Where the cell starts, 0 extracted to 1 inserted, at rest
        after : str | None, default None
            The branch on which it rests there, "insertion" or "extraction"
        statements : Any
            What else the file does not say, by the names of `hetsim.measurements.Stated`

        Returns
        -------
        Replay

        Raises
        ------
        ParameterError
            For a file that cannot be read, or another column to impose.

        Notes
        -----
        Where a time stands twice, before and after a switch, the first counts.
        """
        one_of(imposed, ("current", "voltage"), "imposed", _WHERE)
        filling = filling_argument(filling, soc, 0.0, _WHERE)
        trace = read_trace_csv(path, mass_mg, **statements)
        first = np.diff(trace.time, prepend=-np.inf) > 0
        values = (trace.current if imposed == "current" else trace.voltage)[first].tolist()
        current, voltage = (values, None) if imposed == "current" else (None, values)
        time = trace.time[first].tolist()
        return cls(time, current, voltage, filling, Path(path).name, after=after)

    def __repr__(self) -> str:
        name = "current" if self.current is not None else "voltage"
        data = np.array([self.time, self.values]).tobytes()
        mark = hashlib.sha256(data).hexdigest()[:12]
        of = f" of {self.source}" if self.source else ""
        after = f", after={self.after!r}" if self.after else ""
        return (
            f"Replay({name}{of}: {len(self.time)} samples, {self.time[0]:g} to {self.time[-1]:g} s, "
            f"sha256 {mark}, filling={self.filling:g}{after})"
        )

    @property
    def values(self) -> tuple[float, ...]:
        """What is imposed."""
        recorded = self.voltage if self.current is None else self.current
        assert recorded is not None
        return recorded
