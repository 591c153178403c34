"""Cells, what was measured on them and the values that are free: from values to deviations."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.free_value import CAPACITY_OVER_HIGHEST, FreeValue, Known, known_of
from hetsim.fitting.gauss_newton import Linearised, linearise
from hetsim.fitting.observations import Observation, Observed, RateData, observations_of
from hetsim.parameters.values import MeasuredRate
from hetsim.results import Array, RateCurve


@dataclass(frozen=True)
class Problem:
    """What a fit makes small: (simulated - measured) / noise of each number, and of each free value
    ln(value / prior) / width.

    measured : of each cell a measurement of any kind, or a list of them (fitting.observations)
    noise : of each cell's rate curves, relative [-]; other kinds have their own
    first_cycle : factor of that noise at the lowest current of a curve of three points or more, which
        still holds some of the first cycle's loss
    cycles : of a rate curve, insertions and extractions at each current
    """

    cells: tuple[HalfCell, ...]
    measured: tuple[Any, ...]
    free: tuple[FreeValue, ...]
    noise: tuple[float, ...]
    first_cycle: float = 2.0
    model: str = "SPMe"
    cycles: int = 3
    _kept: dict[object, Array | None] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def observations(self) -> tuple[tuple[Observation, ...], ...]:
        """What was measured on each cell, as a fit sees it."""
        return tuple(
            observations_of(data, level, self.first_cycle, self.cycles)
            for data, level in zip(self.measured, self.noise, strict=True)
        )

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """Prior and limits of each free value."""
        known_values = []
        for free in self.free:
            first = next((k for k, cell in enumerate(self.cells) if free.acts_on(cell)), None)
            if first is None:
                names_of_cells = ", ".join(cell.name for cell in self.cells)
                raise ParameterError(
                    f"'{free.label}' is of no cell of this fit; those are: {names_of_cells}."
                )
            known_values.append(known_of(free, self.cells[first], self.rate_of(first)))
        return tuple(known_values)

    def rate_of(self, index: int) -> MeasuredRate:
        """The rate curve of a cell; without one, a point that says what capacity the other data or the cell show."""
        for one in self.observations[index]:
            if isinstance(one, RateData):
                return one.first_pass
        shown = [one.highest_capacity for one in self.observations[index]]
        highest = max((one for one in shown if one is not None), default=None)
        if highest is None:
            own = self.cells[index].values.number(names.SPECIFIC_CAPACITY)
            highest = own / CAPACITY_OVER_HIGHEST
        return MeasuredRate((1.0,), (highest,), "highest capacity of the data")

    @cached_property
    def priors(self) -> Array:
        """Logarithms of the priors."""
        return np.log([known.prior for known in self.known])

    @cached_property
    def widths(self) -> Array:
        return np.array([known.width for known in self.known])

    @cached_property
    def limits(self) -> tuple[Array, Array]:
        """Logarithms of the lowest and highest value allowed."""
        low, high = (np.log([getattr(one, end) for one in self.known]) for end in ("low", "high"))
        return low, high

    @cached_property
    def soft(self) -> Array:
        """Which deviations are of data."""
        return self._soft(sum(len(one.data) for _, one in self.parts))

    @cached_property
    def quick_soft(self) -> Array:
        """The same of `quick_deviations`."""
        quick = [one for _, one in self.parts if isinstance(one, RateData)]
        return self._soft(sum(len(one.data) for one in quick))

    def _soft(self, numbers: int) -> Array:
        return np.array([True] * numbers + [False] * len(self.free))

    @cached_property
    def parts(self) -> tuple[tuple[int, Observation], ...]:
        """Place of its cell and observation of each part of the deviations, in their order."""
        return tuple(
            (index, one) for index, several in enumerate(self.observations) for one in several
        )

    @property
    def independent(self) -> float:
        """How many independent numbers the data count as [-]."""
        return sum(one.independent for _, one in self.parts)

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
        """The first pass of a rate test as it was measured."""
        return RateData(measured, cycles=self.cycles).curve(cell, self.model)

    def observed(self, x: Array) -> tuple[Observed, ...]:
        """The data of each part beside what the model makes of them at x.

        Raises ParameterError where a run fails.
        """
        made = []
        for part, (index, one) in enumerate(self.parts):
            [simulated] = self._simulated(part, [x], quick=False)
            if simulated is None:
                raise ParameterError(
                    f"The {one.kind} of {self.cells[index].name} cannot be run with these values."
                )
            made.append(Observed(self.cells[index].name, one, simulated))
        return tuple(made)

    # --- deviations at the logarithms x; None where a run fails ------------------------------

    def deviations(self, points: Sequence[Array]) -> list[Array | None]:
        """Deviations by the full model at some points, side by side."""
        return self._deviations(points, quick=False)

    def quick_deviations(self, points: Sequence[Array]) -> list[Array | None]:
        """Deviations by the closed form of the rate curves; other data are left out."""
        return self._deviations(points, quick=True)

    def linearised(self, x: Array) -> Linearised | None:
        """Deviations, slopes, the step of a fit and intervals by the full model; None where it fails."""
        return linearise(self.deviations, x, self.soft)

    def _deviations(self, points: Sequence[Array], quick: bool) -> list[Array | None]:
        chosen = [
            (part, one)
            for part, (_, one) in enumerate(self.parts)
            if not quick or isinstance(one, RateData)
        ]
        found: list[Array | None] = []
        columns = [self._simulated(part, points, quick) for part, _ in chosen]
        for k, x in enumerate(points):
            pieces = [
                one.deviations(made)
                for (_, one), column in zip(chosen, columns, strict=True)
                if (made := column[k]) is not None
            ]
            prior = (x - self.priors) / self.widths
            runs = len(pieces) == len(chosen)
            found.append(np.concatenate([*pieces, prior]) if runs else None)
        return found

    def _simulated(self, part: int, points: Sequence[Array], quick: bool) -> list[Array | None]:
        """Kept: a value of one cell alone leaves the curves of the others as they are."""
        index, observation = self.parts[part]
        cell = self.cells[index]
        changes = [self.changes(x, cell) for x in points]
        keys = [(quick, part, tuple(one.items())) for one in changes]
        cells: dict[object, HalfCell] = {}
        for key, one in zip(keys, changes, strict=True):
            if key in self._kept:
                continue
            try:
                cells[key] = cell.with_values(one)
            except ParameterError:  # values that do not fit together are no candidate
                self._kept[key] = None
        made = (
            observation.in_closed_form(list(cells.values()))
            if quick
            else observation.simulated(list(cells.values()), self.model)
        )
        assert made is not None
        self._kept.update(zip(cells, made, strict=True))
        return [self._kept[key] for key in keys]
