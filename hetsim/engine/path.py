"""The accepted steps of a run of the interpreter, and the states along them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim.results import Array

_ROUND_OFF = 1e-12


@dataclass(frozen=True)
class Path:
    """Accepted steps, sorted by chain, segment and time; only those of each chain are in order if it was run so.

    steps : as the C file writes them, [n, 4 + states (2 + dense)]
    states_of : how many states there are
    """

    steps: Array
    states_of: int

    @property
    def chain(self) -> Array:
        """[n]"""
        return self.steps[:, 0]

    @property
    def segment(self) -> Array:
        """[n]"""
        return self.steps[:, 1]

    @property
    def time(self) -> Array:
        """At which each begins, from the start of its segment [s], [n]."""
        return self.steps[:, 2]

    @property
    def step(self) -> Array:
        """Their lengths [s], [n]."""
        return self.steps[:, 3]

    @property
    def first(self) -> Array:
        """States at their starts, [n, states]."""
        return self.steps[:, 4 : 4 + self.states_of]

    @property
    def last(self) -> Array:
        """States at their ends, [n, states]."""
        return self.steps[:, 4 + self.states_of : 4 + 2 * self.states_of]

    @property
    def bend(self) -> Array:
        """Of the output between them, [n, dense, states]."""
        bends = self.steps[:, 4 + 2 * self.states_of :]
        return bends.reshape(len(bends), bends.shape[1] // self.states_of, self.states_of)

    @cached_property
    def _order(self) -> tuple[float, Array]:
        """How many segments a chain has at most, and the number of the segment of each step among those of all."""
        each = self.segment.max(initial=0.0) + 1
        return float(each), self.chain * each + self.segment

    def places(self, chain: int, segment: int) -> tuple[int, int]:
        """The first step of a segment, and that behind its last one."""
        each, order = self._order
        if segment >= each:
            return 0, 0
        number = chain * each + segment
        first, end = np.searchsorted(order, (number, number + 0.5))
        return int(first), int(end)

    def part(self, chain: int, segment: int) -> "Path":
        """The steps of one segment."""
        first, end = self.places(chain, segment)
        return Path(self.steps[first:end], self.states_of)

    def along(self, chain: Any, segment: Any, times: Array) -> tuple[Any, Array]:
        """The step of each time within a segment of a chain, and the share of it, [times].

        chain, segment : one for all, or [times]; each has the steps of its whole segment here
        """
        each, order = self._order
        begins, last = self.time, len(order) - 1
        number = chain * each + segment + np.zeros(len(times))
        longest = max(float(begins.max()), float(times.max())) * 1.01 + 1e-300
        at = (order + begins / longest).searchsorted(number + times / longest, "right") - 1
        # what rounding has put beside its step
        behind = np.minimum(at + 1, last)
        at = np.where((order[behind] == number) & (begins[behind] <= times), behind, at)
        before = np.maximum(at - 1, 0)
        at = np.where((order[before] == number) & (begins[at] > times), before, at)
        return at, self._share(at, times)

    def states(self, times: Array) -> Array:
        """States [times, n] at times within one segment, of which this is the path [s]."""
        at, share = self.at(times)
        share = share[:, None]
        found: Array = (1 - share) * self.first[at] + share * (
            self.last[at] + (1 - share) * self._bent(at, share)
        )
        return found

    def ends(self, chain: int) -> tuple[Array, Array]:
        """The states at the start and at the end of a chain, [states]."""
        rows = np.flatnonzero(self.chain == chain)
        return self.first[rows[0]].copy(), self.last[rows[-1]].copy()

    def mean(self, chain: int = 0) -> Array:
        """The mean of the states over the time of all steps of a chain, [states].

        That of y(s) = (1 - s) y0 + s (y1 + (1 - s) (d1 + s d2 + s^2 d3)) over a step is
        (y0 + y1) / 2 + d1 / 6 + d2 / 12 + d3 / 20.
        """
        lasts = np.where(self.chain == chain, self.step, 0.0)
        first, last, *bends = (lasts @ self.steps[:, 4:]).reshape(-1, self.states_of)
        whole = (first + last) / 2
        for k, bend in enumerate(bends):
            whole += bend / ((k + 2) * (k + 3))
        found: Array = whole / lasts.sum()
        return found

    def rates(self, times: Array) -> Array:
        """Their rates of change [times, n] [s-1]."""
        at, share = self.at(times)
        share = share[:, None]
        bends = self.bend
        bend = np.zeros_like(self.first[at])  # how the bend itself changes along the step
        for k in reversed(range(1, bends.shape[1])):
            bend = k * bends[at, k] + share * bend
        moved = self.last[at] - self.first[at] + (1 - 2 * share) * self._bent(at, share)
        found: Array = (moved + share * (1 - share) * bend) / self.step[at][:, None]
        return found

    def at(self, times: Array) -> tuple[Any, Array]:
        """The step of each time within one segment, of which this is the path, and the share of it, [times]."""
        begins = self.time
        at = np.maximum(begins.searchsorted(times, "right") - 1, 0)
        return at, self._share(at, times)

    def _share(self, at: Any, times: Array) -> Array:
        """Of each step, that has passed at a time within it."""
        share: Array = (times - self.time[at]) / self.step[at]
        share[share > 1 - _ROUND_OFF] = 1.0  # the end is the state itself
        return share

    def _bent(self, at: Any, share: Array) -> Array:
        """How the states bend along their steps."""
        bends = self.bend
        bend = np.zeros_like(self.first[at])
        for k in reversed(range(bends.shape[1])):
            bend = bends[at, k] + share * bend
        return bend
