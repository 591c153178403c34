"""Finding the state that a cycle brings back.

A cycle maps the state at its start to that at its end, x -> G(x), and the periodic state is its fixed
point. Cycle after cycle comes closer to it by as much as a particle relaxes in one cycle, which for slow
particles is next to nothing; Anderson's extrapolation (D. G. Anderson, J. ACM 12, 547 (1965),
doi:10.1145/321296.321305) finds it from the last few cycles instead, as the combination of them whose
changes cancel.
"""

from dataclasses import dataclass, field

import numpy as np

from hetsim.results import Array

DEPTH = 12
"""Cycles that are looked back on; more than a handful of size classes relax in one cycle's time."""

NEAREST = 0.5
"""Share of the way to an empty or a full site that one extrapolation may go [-]."""

SAME = 1e-10
"""Singular values below this share of the largest are round-off."""


@dataclass
class PeriodicSearch:
    """Proposes the state to start the next cycle from.

    slow : indices of the states that remember, all of them occupancies in (0, 1); the others follow
    """

    slow: Array
    _starts: list[Array] = field(default_factory=list)
    _changes: list[Array] = field(default_factory=list)

    def next_start(self, start: Array, end: Array) -> Array:
        """From the states [n, 1] at the start and the end of a cycle."""
        before, after = start[self.slow, 0], end[self.slow, 0]
        self._starts = [*self._starts[-DEPTH:], before]
        self._changes = [*self._changes[-DEPTH:], after - before]
        proposed = np.array(end)
        proposed[self.slow, 0] = _inside(after, self._extrapolated(after))
        return proposed

    def _extrapolated(self, after: Array) -> Array:
        if len(self._starts) < 2:
            return after
        moves = np.diff(np.array(self._starts), axis=0).T
        turns = np.diff(np.array(self._changes), axis=0).T
        weights, *_ = np.linalg.lstsq(turns, self._changes[-1], rcond=SAME)
        return after - (moves + turns) @ weights


def _inside(known: Array, wanted: Array) -> Array:
    """Towards what is wanted, at most a share of the way to empty or full."""
    move = wanted - known
    room = NEAREST * np.where(move < 0, known, 1 - known)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.abs(move) > 0, room / np.abs(move), 1.0)
    return known + min(1.0, float(share.min())) * move
