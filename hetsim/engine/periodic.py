"""Finding the state that a cycle brings back.

A cycle maps the state at its start to that at its end, x -> G(x), and the periodic state is its fixed
point. Cycle after cycle comes closer to it by as much as a particle relaxes in one cycle, which for slow
particles is next to nothing. Two ways around:

- where diffusion is linear, the mean over a periodic cycle is the same everywhere in a particle as at its
  surface (the mean of dc/dt is zero, and no flux leaves through the centre). So each state is shifted
  until its mean is in equilibrium with the mean of the surface; with a field this is a good guess;
- Anderson's extrapolation (D. G. Anderson, J. ACM 12, 547 (1965), doi:10.1145/321296.321305) takes the
  combination of the last few cycles whose changes cancel.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hetsim import names
from hetsim.engine.ledger import charge_of
from hetsim.laws.electrode import full_charge
from hetsim.results import Array

SHIFTS = 3
"""Cycles after which states are shifted, from a state at rest."""

FEWER_SHIFTS = 2
"""The same from the periodic state at another rate, which is nearer."""

DEPTH = 12
"""Cycles that are looked back on; more than a handful of size classes relax in one cycle's time."""

NEAREST = 0.5
"""Share of the way to an empty or a full site that one extrapolation may go [-]."""

_ROUND_OFF = 1e-9
"""A move of an occupancy that is none [-]."""

SAME = 1e-10
"""Singular values below this share of the largest are round-off."""


@dataclass(frozen=True)
class Cycle:
    """What a cycle did.

    first, last : states at its ends, [n];  mean : of the states over its time, [n]
    """

    first: Array
    last: Array
    mean: Array


@dataclass
class PeriodicSearch:
    """Proposes the state to start the next cycle from.

    slow : indices of the states that remember, all of them occupancies in (0, 1); the others follow
    surface : indices of the occupancies at the surface of the particles
    resting : state in equilibrium with a surface occupancy, [n]
    settled : of a state that was reached and of one that is proposed, [n, 1], the second in which what follows the
        occupancies has followed them
    shifts : cycles after which states are shifted; then the extrapolation begins
    """

    slow: Array
    surface: Array
    resting: Callable[[float], Array]
    settled: Callable[[Array, Array], Array] = lambda reached, proposed: proposed
    shifts: int = SHIFTS
    _cycles: int = 0
    _starts: list[Array] = field(default_factory=list)
    _changes: list[Array] = field(default_factory=list)

    def next_start(self, cycle: Cycle) -> Array:
        """The state [n, 1] to start the next cycle from."""
        before, after = cycle.first[self.slow], cycle.last[self.slow]
        self._cycles += 1
        self._starts = [*self._starts[-DEPTH:], before]
        self._changes = [*self._changes[-DEPTH:], after - before]
        shifts = self._cycles <= self.shifts
        wanted = after + self._shift(cycle.mean) if shifts else self._extrapolated(after)
        reached = cycle.last[:, np.newaxis]
        proposed = np.array(reached)
        proposed[self.slow, 0] = _inside(after, wanted)
        return self.settled(reached, proposed)

    def change(self, cycle: Cycle) -> float:
        """The largest of a state that remembers."""
        return float(np.abs(cycle.last - cycle.first)[self.slow].max())

    def _shift(self, mean: Array) -> Array:
        at_rest = self.resting(float(mean[self.surface].mean()))
        return (at_rest - mean)[self.slow]

    def _extrapolated(self, after: Array) -> Array:
        if len(self._starts) < 2:
            return after
        moves = np.diff(np.array(self._starts), axis=0).T
        turns = np.diff(np.array(self._changes), axis=0).T
        weights, *_ = np.linalg.lstsq(turns, self._changes[-1], rcond=SAME)
        return after - (moves + turns) @ weights


def on_their_branches(
    model: Any,
    entries: Callable[[Iterable[str]], Array],
    inputs: Mapping[str, float],
    state: Array,
) -> Array:
    """A state [n, 1] with other occupancies, in which hosts are on the branches of their hysteresis on which they were.

    Their slips, states of a mixture (submodels.hysteresis), follow by what the line of the branch leaves over.

    model : of PyBaMM, discretised;  entries : indices of the states of some variables
    """
    kept = np.array(state)
    for letter in "AB":
        slip, branch = names.hysteresis_slip_of(letter), names.hysteresis_state_of(letter)
        places = entries([slip, names.x_averaged(slip)])
        lines = [
            line
            for variable, line in model.algebraic.items()
            if variable.name in (branch, names.x_averaged(branch))
        ]
        if places.size:
            kept[places] += lines[0].evaluate(t=0, y=state, inputs=inputs)
    return kept


def with_their_means(
    model: Any,
    entries: Callable[[Iterable[str]], Array],
    inputs: Mapping[str, float],
    ions: Callable[[Array], Array],
    reached: Array,
    proposed: Array,
) -> Array:
    """A state with other occupancies than one that was reached, in which their means are those of what particles hold.

    Two hosts in one particle share the potential of the mean of all sites, a state of its own
    (submodels.host_equilibrium) that follows what arrives: what a search adds to the particles has not arrived. [n, 1]

    ions : that particles hold in some states [n, k], [k] [mol]
    """
    means = entries([names.MEAN_OF_SITES, names.x_averaged(names.MEAN_OF_SITES)])
    if not means.size:
        return proposed
    inside = [
        np.arange(part.start, part.stop).reshape(means.size, -1)
        for variable, slices in model.y_slices.items()
        if variable.domain == [names.PARTICLE]
        for part in slices
    ]
    kept, full = np.array(proposed), full_charge(inputs.__getitem__)
    changed = np.repeat(reached, 1 + means.size, axis=1)  # the last one as it was
    for place in range(means.size):
        here = np.concatenate([one[place] for one in inside])
        changed[here, place] = proposed[here, 0]
    *after, before = ions(changed)
    more = charge_of(np.array(after) - before, inputs)
    kept[means, 0] += means.size * more / full  # volumes of an electrode are of one size
    return kept


def _inside(known: Array, wanted: Array) -> Array:
    """Towards what is wanted, at most a share of the way to empty or full."""
    move = wanted - known
    # round-off leaves occupancies just below 0, which have no room and say nothing of the others
    room = NEAREST * np.clip(np.where(move < 0, known, 1 - known), 0.0, None)
    far = np.abs(move) > _ROUND_OFF
    share = float(np.min(room[far] / np.abs(move[far]), initial=1.0))
    found: Array = np.clip(known + share * move, np.minimum(known, 0.0), np.maximum(known, 1.0))
    return found
