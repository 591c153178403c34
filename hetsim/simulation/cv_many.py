"""Cyclic voltammetry of many cells, side by side, with a fixed number of cycles at each scan rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import BuiltModel, Segment, followed, sample_times
from hetsim.engine.tracks import INTERPRETER
from hetsim.errors import ParameterError
from hetsim.protocols import CV
from hetsim.results import Array, CVSweep, Outcome
from hetsim.simulation.benches import by_model
from hetsim.simulation.cv import Window, at_rest, closure, window_of
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.units import HOUR, MV

_BALANCE = "balance of charge"
"""What it is called among the variables that are seen."""


def swept(cells: Sequence[HalfCell], protocol: CV, model: str) -> list[tuple[CVSweep, ...] | None]:
    """The last cycle at each scan rate of some cells, with the numbers that `run` gives and no solutions of PyBaMM.

    None for a cell that `run` has to be asked about: one that the interpreter does not carry through all cycles. Raises
    ParameterError for a protocol with a tolerance: each cell would run as many cycles as it needs.
    """
    if protocol.tolerance is not None:
        raise ParameterError(
            f"Voltammograms side by side have a fixed number of cycles: give tolerance=None, got "
            f"{protocol.tolerance:g}."
        )
    found: list[tuple[CVSweep, ...] | None] = [None] * len(cells)
    for places, ready in by_model(cells, lambda cell: _Ready.of(cell, protocol, model)):
        alike = [k for k, one in enumerate(ready) if one.shape == ready[0].shape]
        made = _swept([ready[k] for k in alike], protocol)
        for k, sweeps in zip(alike, made, strict=True):
            found[places[k]] = sweeps
    return found


@dataclass
class _Ready:
    """A cell at rest before its first sweep.

    ramp : the way from there to the start of the cycles;  sweeps : of the scan rates that are done
    """

    bench: Potentiostat
    window: Window
    ramp: Segment | None
    sweeps: list[CVSweep] = field(default_factory=list)

    @classmethod
    def of(cls, cell: HalfCell, protocol: CV, model: str) -> "_Ready":
        """Raises ParameterError for a window that the cell does not allow."""
        window = window_of(protocol, cell)
        bench, rest = at_rest(cell, model, window)
        return cls(bench, window, window.approach(rest, protocol.scan_rates[0] * MV))

    @property
    def built(self) -> BuiltModel:
        return self.bench.built

    @property
    def shape(self) -> tuple[int, ...]:
        """What cells that run side by side have alike: a ramp before, and the samples of each segment."""
        return (int(self.ramp is None), *map(_points, self.window.segments(1.0)))


def _swept(ready: Sequence[_Ready], protocol: CV) -> list[tuple[CVSweep, ...] | None]:
    """The sweeps of cells of one shape."""
    left, states = list(ready), None
    ramps = [[one.ramp] for one in left if one.ramp is not None]
    if ramps:
        left, states, _ = _followed(left, ramps, None, look=False)
    for rate in protocol.scan_rates:
        for cycle in range(1, protocol.cycles + 1):
            segments = [one.window.segments(rate * MV) for one in left]
            last = cycle == protocol.cycles
            left, states, looked_at = _followed(left, segments, states, look=last)
        for row, one in enumerate(left):
            seen = {name: values[row] for name, values in looked_at.items()}
            one.sweeps.append(_sweep(one, rate, protocol.cycles, seen))
    done = len(protocol.scan_rates)
    return [tuple(one.sweeps) if len(one.sweeps) == done else None for one in ready]


def _followed(
    ready: list[_Ready], segments: Sequence[Sequence[Segment]], states: Array | None, look: bool
) -> tuple[list[_Ready], Array | None, Mapping[str, Array]]:
    """The cells that the interpreter carries through some segments, their states at the end, and what is seen."""
    if not ready:
        return [], None, {}
    made = followed(
        ready[0].built, [one.bench.inputs for one in ready], segments, states, look=look
    )
    if made is None:
        return [], None, {}
    kept = np.flatnonzero(made.settled)
    seen = {name: values[kept] for name, values in made.looked_at.items()}
    seen |= {_BALANCE: made.balance[kept]}
    return [ready[k] for k in kept], made.states[kept], seen


def _sweep(one: _Ready, rate: float, cycles: int, seen: Mapping[str, Array]) -> CVSweep:
    """What is seen of a cell in its last cycle at a scan rate [mV.s-1]."""
    segments = one.window.segments(rate * MV)
    counts = [_points(segment) - bool(number) for number, segment in enumerate(segments)]
    falls = [-int(np.sign(segment.slope)) for segment in segments]
    return CVSweep(
        scan_rate=rate,
        time=sample_times(segments),
        potential=seen[names.VOLTAGE],
        current=seen[names.CURRENT_NOW] / one.bench.active_mass,
        branch=np.repeat(falls, counts),
        outcome=Outcome.COMPLETED,
        cycles=cycles,
        closure=closure(HOUR * seen[names.CHARGE_PASSED]),
        charge_balance=float(seen[_BALANCE]),
        active_mass=one.bench.active_mass,
        engine=INTERPRETER,
    )


def _points(segment: Segment) -> int:
    """That are kept of a segment."""
    assert segment.shares is not None
    return segment.shares.size
