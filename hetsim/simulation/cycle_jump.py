"""What ages in the state of a cell, and leaping over cycles in which nothing else changes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from hetsim import names
from hetsim.engine import BuiltModel
from hetsim.laws.electrode import active_fraction
from hetsim.results import Array, Cycle

SETTLING = 4
"""Cycles after a leap before the rate of loss counts: the ions find their places in the smaller electrode."""


TOLERATED = 0.1
"""Change of a rate of loss over a leap: the correction is half of it, what the correction leaves is less."""

FIRST = 10
"""Cycles of the first leap: it is about as long as what the test has seen before it."""

_SMALLEST = 1e-300


class AgedStates:
    """The states that keep a record of age: active material, ions lost with it, and the film."""

    def __init__(self, built: BuiltModel, inputs: Mapping[str, float]) -> None:
        self._material = built.entries((names.ACTIVE_FRACTION, names.LOCAL_ACTIVE_FRACTION))
        self.all = built.entries(
            (
                names.ACTIVE_FRACTION,
                names.LOCAL_ACTIVE_FRACTION,
                names.LOST_WITH_MATERIAL,
                names.FILM,
                names.x_averaged(names.FILM),
            )
        )
        if self._material.size:
            self._fresh = active_fraction(inputs.__getitem__)

    def material_left(self, state: Array) -> float:
        """Share of the active material, averaged through the electrode [-]."""
        if not self._material.size:
            return 1.0
        return float(np.mean(state[self._material]) / self._fresh)

    def marked(self, cycle: Cycle, state: Array, settling: bool) -> Cycle:
        """The cycle with the active material that is left after it."""
        return replace(cycle, active_material=self.material_left(state), settling=settling)


@dataclass
class Leap:
    """Leaps over cycles: states of age go on at their rate of change, and all others stay.

    The rate r of the last cycle carries them on by n r. The cell then runs SETTLING cycles, whose last
    gives the rate r' after the leap, and n (r' - r)/2 is added: the trapezoidal rule, whose error is of
    third order in n; the correction itself is of second order and is added up as the error. The first
    leap is short, and later ones are as long as keeps the change of the rate within TOLERATED.
    """

    aged: AgedStates
    longest: int
    settled: int = 0
    _length: int = 0
    _rate: Array | None = None
    _lost: float = 0.0
    _corrected: float = 0.0

    @property
    def relative_error(self) -> float:
        """Sum of all corrections over all the material that was lost in leaps [-]."""
        return self._corrected / self._lost if self._lost else 0.0

    @property
    def settling(self) -> bool:
        """Whether the next cycle is one of those in which the cell settles after a leap."""
        return self._rate is not None and self.settled < SETTLING - 1

    def after(self, before: Array, state: Array, room: int) -> tuple[int, Array]:
        """How many cycles are leapt over after a cycle that led from `before` to `state`, and the state then.

        room : most of them that may be
        """
        entries = self.aged.all
        self.settled += 1
        if not entries.size or self.settled < SETTLING or room < 1:
            return 0, state
        rate = state[entries] - before[entries]
        landed = state.copy()
        if self._rate is not None:
            landed[entries] += self._length * (rate - self._rate) / 2
            self._corrected += self._change(state, landed)
        taken_off = landed.copy()
        self._length = min(room, self._longest_after(rate))
        landed[entries] += self._length * rate
        self._lost += self._change(taken_off, landed)
        self._rate, self.settled = rate, 0
        return self._length, landed

    def _longest_after(self, rate: Array) -> int:
        if self._rate is None:
            return min(self.longest, FIRST)
        change = float(np.max(np.abs(rate - self._rate) / np.maximum(np.abs(rate), _SMALLEST)))
        allowed = self._length * TOLERATED / max(change, TOLERATED / 2)
        return int(min(self.longest, max(allowed, 1)))

    def _change(self, one: Array, other: Array) -> float:
        return abs(self.aged.material_left(other) - self.aged.material_left(one))
