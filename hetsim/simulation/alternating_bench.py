"""A cell under currents and voltages in turn."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from hetsim import names
from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import CURRENT, LAYERED_CURRENT, VOLTAGE, Piece, Segment, handed
from hetsim.engine.ledger import charge_of
from hetsim.laws.electrode import active_mass, full_charge
from hetsim.parameters.flat import flat_values
from hetsim.protocols import EIS, ConstantCurrent, Hold, Protocol, Ramp, Replay, Rest
from hetsim.protocols.protocol import drives_voltage
from hetsim.results import Array, Spectrum
from hetsim.simulation import steps
from hetsim.simulation.eis import spectrum_at, spectrum_bench, spectrum_from_rest
from hetsim.simulation.potentiostat import Potentiostat, occupancy_of, square_root_times
from hetsim.simulation.replay import recorded

Single = ConstantCurrent | Rest | Hold | Ramp | Replay
"""A step of one thing that is imposed."""

TIMES = square_root_times(81)
"""Of each current and rest that are kept."""


class AlternatingBench:
    """A cell that is driven by a current or by a voltage, each from the state in which the other left it.

    Where a protocol has steps of both kinds, the double layer charges beside the currents too, so that its
    charge goes on. Where it has currents only, they run as in a titration or a rate test, without it.
    """

    def __init__(self, cell: Cell, model: str, protocol: Protocol) -> None:
        self.cell, self.model = cell, model
        self.filling, self.after = protocol.filling, protocol.after
        self.layered = protocol.drives_voltage
        self._benches: dict[str, Potentiostat] = {}
        self._last: tuple[Potentiostat, Piece] | None = None
        self._first: Piece | None = None

    def _bench(self, name: str) -> Potentiostat:
        """The cell on the model for a "current", a "voltage" or a "spectrum"."""
        if name not in self._benches:
            self._benches[name] = self._made(name)
        return self._benches[name]

    def _made(self, name: str) -> Potentiostat:
        if name == "spectrum":
            assert isinstance(self.cell, HalfCell)
            return spectrum_bench(self.cell, self.model, self.filling, self.after)
        filling = None if isinstance(self.cell, FullCell) else self.filling
        current = LAYERED_CURRENT if self.layered else CURRENT
        drive = VOLTAGE if name == "voltage" else current
        return Potentiostat(self.cell, self.model, drive, filling, self.after)

    @cached_property
    def values(self) -> Mapping[str, float]:
        """The parameters of the cell, lists by the number of their entry."""
        return flat_values(self.cell.values)

    @property
    def active_mass(self) -> float:
        """[g]"""
        return float(active_mass(self.values.__getitem__))

    def _state_for(self, bench: Potentiostat) -> Array | None:
        if self._last is None:
            return None
        source, piece = self._last
        return handed(source.built, source.inputs, piece, bench.built)

    @property
    def time(self) -> float:
        """Now [s]."""
        return 0.0 if self._last is None else self._last[1].end

    @property
    def voltage(self) -> float:
        """Now [V]; at the start that of the open circuit."""
        if self._last is None:
            assert isinstance(self.cell, HalfCell)
            return steps.rest_potential(self.cell, self.filling, self.after)
        return self._last[1].last(names.VOLTAGE)

    def solve(self, step: Single) -> tuple[Potentiostat, list[Piece]]:
        """The solved segments of a step, and the bench that solved them."""
        bench = self._bench("voltage" if drives_voltage(step) else "current")
        start = 0.0 if self._last is None else self._last[1].after
        state = self._state_for(bench)
        if isinstance(step, Hold):
            pieces = steps.hold(step, bench, state, start)
        else:
            segments = self._segments(step, bench)
            pieces = bench.built.solve(bench.inputs, segments, state, start)
        solved = [piece for piece in pieces if piece.track is not None]
        if solved:
            self._last = (bench, solved[-1])
            self._first = self._first or solved[0]
        return bench, pieces

    def _segments(
        self, step: ConstantCurrent | Rest | Ramp | Replay, bench: Potentiostat
    ) -> list[Segment]:
        if isinstance(step, Replay):
            return recorded(step, bench)
        if isinstance(step, Rest):
            return [steps.rest(step, TIMES)]
        if isinstance(step, Ramp):
            ramp = steps.ramp(step, self.voltage)
            return [ramp] if ramp.duration else []
        whole = step.duration is None or step.until is not None
        return [steps.constant(step, bench, steps.TIMES if whole else TIMES)]

    def spectrum(self, protocol: EIS) -> Spectrum:
        """The linear response of the state that was reached."""
        assert isinstance(self.cell, HalfCell)
        if self._last is None:
            started = replace(protocol, after=self.after)
            return spectrum_from_rest(started, self.cell, self.model, self.filling)
        bench = self._bench("spectrum")
        state = self._state_for(bench)
        assert state is not None
        frequency = np.array(protocol.frequencies)
        return spectrum_at(bench, state, frequency, self._filling_now(), self.voltage)

    def _filling_now(self) -> float:
        """0 at rest at the upper cut-off, 1 at the lower one, by the ions in the electrode [-]."""
        assert self._last is not None
        assert self._first is not None
        assert isinstance(self.cell, HalfCell)
        bench, piece = self._last
        before, now = (
            one.read(names.ACCOUNTED)[place]
            for one, place in ((self._first.track, 0), (piece.track, -1))
            if one is not None
        )
        share = charge_of(now - before, bench.inputs) / full_charge(bench.inputs.__getitem__)
        return float(
            self.filling + share / (occupancy_of(self.cell, 1) - occupancy_of(self.cell, 0))
        )
