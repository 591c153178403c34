"""Cells, their measured curves and the values that are free: from values to deviations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.closed_form import closed_form_capacities
from hetsim.fitting.free_value import FreeValue, Known, known_of
from hetsim.fitting.gauss_newton import Linearised, linearise
from hetsim.parameters.values import MeasuredRate
from hetsim.protocols import RateTest
from hetsim.results import Array, RateCurve
from hetsim.simulation import run
from hetsim.simulation.run_many import rate_capacities

_Capacities = Callable[[list[HalfCell], MeasuredRate], list[Array | None]]
"""From cells to their capacities at the measured currents; None where a run fails."""


@dataclass(frozen=True)
class Problem:
    """What a fit makes small: ln(simulated / measured) / noise of each point, and of each free value
    ln(value / prior) / width.

    noise : of each curve, relative [-]
    first_cycle : factor of the noise at the lowest current of a curve of three points or more, which
        still holds some of the first cycle's loss
    cycles : insertions and extractions at each current
    """

    cells: tuple[HalfCell, ...]
    measured: tuple[MeasuredRate, ...]
    free: tuple[FreeValue, ...]
    noise: tuple[float, ...]
    first_cycle: float = 2.0
    model: str = "SPMe"
    cycles: int = 3
    _kept: dict[object, Array | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def known(self) -> tuple[Known, ...]:
        """Prior and limits of each free value."""
        known_values = []
        for free in self.free:
            pairs = zip(self.cells, self.measured, strict=True)
            first = next(((c, m) for c, m in pairs if free.acts_on(c)), None)
            if first is None:
                names = ", ".join(cell.name for cell in self.cells)
                raise ParameterError(
                    f"'{free.label}' is of no cell of this fit; those are: {names}."
                )
            known_values.append(known_of(free, *first))
        return tuple(known_values)

    @property
    def priors(self) -> Array:
        """Logarithms of the priors."""
        return np.log([known.prior for known in self.known])

    @property
    def widths(self) -> Array:
        return np.array([known.width for known in self.known])

    @property
    def limits(self) -> tuple[Array, Array]:
        """Logarithms of the lowest and highest value allowed."""
        low, high = (np.log([getattr(one, end) for one in self.known]) for end in ("low", "high"))
        return low, high

    @property
    def soft(self) -> Array:
        """Which deviations are of data."""
        points = sum(len(one.currents) for one in self.measured)
        return np.array([True] * points + [False] * len(self.free))

    def present(self) -> Array:
        """Logarithms of the values that the cells have now, or of the priors where they have none."""
        logarithms = []
        for free, known in zip(self.free, self.known, strict=True):
            value = next(cell for cell in self.cells if free.acts_on(cell)).values[free.name]
            assert not isinstance(value, tuple)
            logarithms.append(value if value > 0 else known.prior)
        return np.log(logarithms)

    def changes(self, x: Array, cell: HalfCell) -> dict[str, float]:
        """The values that x gives to a cell."""
        return {
            name: float(value)
            for free, value in zip(self.free, np.exp(x), strict=True)
            if free.acts_on(cell)
            for name in free.names
        }

    def solved(self, x: Array) -> tuple[HalfCell, ...]:
        """The cells with the values of x."""
        return tuple(cell.with_values(self.changes(x, cell)) for cell in self.cells)

    def curve(self, cell: HalfCell, measured: MeasuredRate) -> RateCurve:
        """The rate test as it was measured."""
        simulated = run(cell, self._test(measured), self.model)
        assert isinstance(simulated, RateCurve)
        return simulated

    def _test(self, measured: MeasuredRate) -> RateTest:
        return RateTest(measured.currents, cycles=self.cycles)

    # --- deviations at the logarithms x; None where a run fails ------------------------------

    def deviations(self, points: Sequence[Array]) -> list[Array | None]:
        """Deviations by the full model at some points, side by side."""
        return self._deviations(points, self._simulated)

    def quick_deviations(self, points: Sequence[Array]) -> list[Array | None]:
        """Deviations by the closed form of a cell's rate curve."""
        return self._deviations(points, self._in_closed_form)

    def linearised(self, x: Array) -> Linearised | None:
        """Deviations, slopes, the step of a fit and intervals by the full model; None where it fails."""
        return linearise(self.deviations, x, self.soft)

    def _deviations(self, points: Sequence[Array], how: _Capacities) -> list[Array | None]:
        curves = [self._capacities(index, points, how) for index in range(len(self.cells))]
        found: list[Array | None] = []
        for x, capacities in zip(points, zip(*curves, strict=True), strict=True):
            parts = [
                np.log(one / np.array(data.capacities)) / self._noise_of(index)
                for index, (one, data) in enumerate(zip(capacities, self.measured, strict=True))
                if one is not None
            ]
            runs = len(parts) == len(self.cells)
            prior = (x - self.priors) / self.widths
            found.append(np.concatenate([*parts, prior]) if runs else None)
        return found

    def _noise_of(self, index: int) -> Array:
        currents = np.array(self.measured[index].currents)
        first = (currents == currents.min()) & (len(currents) > 2)
        return self.noise[index] * np.where(first, self.first_cycle, 1.0)

    def _capacities(
        self, index: int, points: Sequence[Array], how: _Capacities
    ) -> list[Array | None]:
        """Kept: a value of one cell alone leaves the curves of the others as they are."""
        cell, measured = self.cells[index], self.measured[index]
        changes = [self.changes(x, cell) for x in points]
        keys = [(how.__name__, index, tuple(one.items())) for one in changes]
        cells: dict[Any, HalfCell] = {}
        for key, one in zip(keys, changes, strict=True):
            if key in self._kept:
                continue
            try:
                cells[key] = cell.with_values(one)
            except ParameterError:  # values that do not fit together are no candidate
                self._kept[key] = None
        for key, found in zip(cells, how(list(cells.values()), measured), strict=True):
            good = found is not None and bool(np.all(found > 0))
            self._kept[key] = found if good else None
        return [self._kept[key] for key in keys]

    def _simulated(self, cells: list[HalfCell], measured: MeasuredRate) -> list[Array | None]:
        return rate_capacities(cells, self._test(measured), self.model)

    @staticmethod
    def _in_closed_form(cells: list[HalfCell], measured: MeasuredRate) -> list[Array | None]:
        found: list[Array | None] = []
        for cell in cells:
            try:
                found.append(closed_form_capacities(cell, measured.currents))
            except ParameterError:  # as for a simulation
                found.append(None)
        return found
