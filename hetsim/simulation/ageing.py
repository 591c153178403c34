"""What ages in the state of a cell, and leaping over cycles in which nothing else changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from hetsim import names
from hetsim.engine import BuiltModel
from hetsim.results import Array, Cycle
from hetsim.translate import active_fraction

SETTLING = 4
"""Cycles after a leap before the rate of loss counts: the ions find their places in the smaller electrode."""


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
        self._fresh = active_fraction(inputs.__getitem__)

    def material_left(self, state: Array) -> float:
        """Share of the active material, averaged through the electrode [-]."""
        if not self._material.size:
            return 1.0
        return float(np.mean(state[self._material]) / self._fresh)

    def marked(self, cycle: Cycle, state: Array) -> Cycle:
        """The cycle with the active material that is left after it."""
        return replace(cycle, active_material=self.material_left(state))


@dataclass
class Leap:
    """Leaps over cycles: states of age go on at their rate of change, and all others stay.

    The rate r of the last cycle carries them on by n r. The cell then runs SETTLING cycles, whose last
    gives the rate r' after the leap, and n (r' - r)/2 is added: the trapezoidal rule, whose error is of
    third order in n; the correction itself is of second order and is added up as the error.
    """

    aged: AgedStates
    _length: int = 0
    _rate: Array | None = None
    _run: int = 0
    _lost: float = 0.0
    _corrected: float = field(default=0.0)

    @property
    def relative_error(self) -> float:
        """Sum of all corrections over all the material that was lost in leaps [-]."""
        return self._corrected / self._lost if self._lost else 0.0

    def after(self, before: Array, state: Array, room: int) -> tuple[int, Array]:
        """How many cycles are leapt over after a cycle that led from `before` to `state`, and the state then."""
        entries = self.aged.all
        self._run += 1
        if not entries.size or self._run < SETTLING or room < 1:
            return 0, state
        rate = state[entries] - before[entries]
        landed = state.copy()
        if self._rate is not None:
            correction = self._length * (rate - self._rate) / 2
            landed[entries] += correction
            self._corrected += self._change(state, landed)
        taken_off = landed.copy()
        landed[entries] += room * rate
        self._lost += self._change(taken_off, landed)
        self._rate, self._length, self._run = rate, room, 0
        return room, landed

    def _change(self, one: Array, other: Array) -> float:
        return abs(self.aged.material_left(other) - self.aged.material_left(one))
