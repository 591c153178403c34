"""What a solved segment holds along its time, by whichever engine it was solved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hetsim.engine.interpreter import Interpreter
from hetsim.engine.path import Path
from hetsim.late import late
from hetsim.results import Array

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")

PYBAMM, INTERPRETER = "PyBaMM", "interpreter"
"""The engines, as results name them."""


class Track(Protocol):
    """A solved segment along its time."""

    @property
    def engine(self) -> str:
        """The engine that solved it."""

    @property
    def time(self) -> Array:
        """Times at which values are kept, the end among them [s]."""

    @property
    def states(self) -> Array:
        """States of the built model at these times, [n, times]."""

    @property
    def end_state(self) -> Array:
        """That at its end, [n, 1]."""

    @property
    def solution(self) -> Any:
        """PyBaMM's solution at these times."""

    def read(self, name: str) -> Array:
        """A variable that has one value a time, by its name in PyBaMM, at these times."""

    def read_at(self, wanted: Sequence[str], times: Array) -> list[Array]:
        """Some of them at other times within the segment [s]."""


@dataclass(frozen=True)
class PyBaMMTrack:
    """A segment that PyBaMM solved."""

    solution: Any
    engine: str = PYBAMM

    @property
    def time(self) -> Array:
        """[s]"""
        return np.asarray(self.solution.t)

    @property
    def states(self) -> Array:
        """[n, times]"""
        return np.asarray(self.solution.y)

    @property
    def end_state(self) -> Array:
        """[n, 1]"""
        return self.states[:, -1:]

    def read(self, name: str) -> Array:
        """At the times of the solution."""
        return np.asarray(self.solution[name].entries)

    def read_at(self, wanted: Sequence[str], times: Array) -> list[Array]:
        """Between them."""
        return [np.asarray(self.solution[name](t=times)) for name in wanted]


@dataclass(frozen=True)
class InterpretedTrack:
    """A segment that the interpreter solved.

    steps : of the run that it was a part of;  place : its chain and its segment in it
    start : [s];  time : absolute, [times] [s]
    fixed, imposed : of the case and the segment
    make_solution : of times, states [n, times] and their rates of change
    """

    interpreter: Interpreter
    steps: Path
    place: tuple[int, int]
    start: float
    time: Array
    fixed: Array
    imposed: Array
    make_solution: Callable[[Array, Array, Array], Any]
    engine: str = INTERPRETER

    @cached_property
    def path(self) -> Path:
        """Its steps."""
        return self.steps.part(*self.place)

    def _clocked(self, times: Array) -> Array:
        """Times since its start [s]."""
        return np.maximum(times - self.start, 0.0)

    def _states_at(self, times: Array) -> Array:
        """[times, states of the interpreter]"""
        return self.path.states(self._clocked(times))

    @cached_property
    def _rows(self) -> Array:
        return self._states_at(self.time)

    @property
    def states(self) -> Array:
        """[n, times]"""
        return self._rows[:, : self.interpreter.model.model_states].T

    @property
    def end_state(self) -> Array:
        """[n, 1]; of the last step alone."""
        return self._states_at(self.time[-1:])[:, : self.interpreter.model.model_states].T

    @cached_property
    def solution(self) -> Any:
        """Made when it is asked for."""
        rates = self.path.rates(self._clocked(self.time))[:, : self.interpreter.model.model_states]
        return self.make_solution(self.time, np.array(self.states), rates.T)

    @cached_property
    def _looked_at(self) -> tuple[Mapping[str, Array], int, int]:
        """What is looked at by name, along several tracks in turn, and where this one begins and ends."""
        return _seen([self], [self.time]), 0, len(self.time)

    def read(self, name: str) -> Array:
        """What the interpreter looks at comes from it, anything else from the solution."""
        seen, begin, end = self._looked_at
        if name in seen:
            return seen[name][begin:end]
        return np.asarray(self.solution[name].entries)

    def read_at(self, wanted: Sequence[str], times: Array) -> list[Array]:
        """Along the output of the method between its steps."""
        [seen] = looked_at([self], [times])
        return [
            seen[name] if name in seen else np.asarray(self.solution[name](t=times))
            for name in wanted
        ]


def looked_at(
    tracks: Sequence[InterpretedTrack], times: Sequence[Array]
) -> list[Mapping[str, Array]]:
    """What the interpreter looks at along some segments of one run, by name, at times of each [s]."""
    seen = _seen(tracks, times)
    ends = np.cumsum([0, *map(len, times)]).tolist()
    return [
        {name: along[begin:end] for name, along in seen.items()} for begin, end in pairwise(ends)
    ]


def _seen(tracks: Sequence[InterpretedTrack], times: Sequence[Array]) -> Mapping[str, Array]:
    """The same, of one segment after the other."""
    first = tracks[0]
    counts = np.array([len(one) for one in times])
    chain, segment = np.repeat([track.place for track in tracks], counts, axis=0).T
    starts = np.repeat([track.start for track in tracks], counts)
    at, share = first.steps.along(chain, segment, np.maximum(np.concatenate(times) - starts, 0.0))
    imposed = np.repeat([one.imposed for one in tracks], counts, axis=0)
    return first.interpreter.look_along(first.fixed, imposed, first.steps, at, share)


def look_together(tracks: Sequence[InterpretedTrack]) -> None:
    """Look along tracks at once, those of one run together, before each of them is read."""
    of_run: dict[int, list[InterpretedTrack]] = {}
    for track in tracks:
        of_run.setdefault(id(track.steps), []).append(track)
    for together in of_run.values():
        times = [track.time for track in together]
        seen = _seen(together, times)
        ends = pairwise(np.cumsum([0, *map(len, times)]).tolist())
        for track, (begin, end) in zip(together, ends, strict=True):
            track.__dict__["_looked_at"] = (
                seen,
                begin,
                end,
            )  # where its cached property would put it


def solution_of(
    model: Callable[[], Any],
    inputs: Mapping[str, float],
    imposed: Mapping[str, float],
    termination: str,
) -> Callable[[Array, Array, Array], Any]:
    """A maker of PyBaMM's solution from times [k], states and their rates of change [n, k].

    model : makes that of PyBaMM, discretised;  inputs : of the cell;  imposed : by the segment, in their place
    """

    def make(time: Array, states: Array, rates: Array) -> Any:
        # PyBaMM's solvers sort them, and a variable that was looked at once takes them by their place from then on
        ordered = dict(sorted({**inputs, **imposed}.items()))
        ended = termination.startswith("event: ")
        at_event = {"t_event": time[-1:], "y_event": states[:, -1:]} if ended else {}
        return pybamm.Solution(
            time, states, model(), ordered, termination=termination, all_yps=rates, **at_event
        )

    return make
