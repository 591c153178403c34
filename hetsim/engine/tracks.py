"""What a solved segment holds along its time, by whichever engine it was solved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hetsim.engine.interpreter import Interpreter, Path
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

    path : its steps, of one segment
    start, duration : [s];  time : absolute, [times] [s]
    fixed, imposed : of the case and the segment
    make_solution : of times, states [n, times] and their rates of change
    """

    interpreter: Interpreter
    path: Path
    start: float
    time: Array
    fixed: Array
    imposed: Array
    make_solution: Callable[[Array, Array, Array], Any]
    engine: str = INTERPRETER

    def _states_at(self, times: Array) -> Array:
        """[times, states of the interpreter]"""
        return self.path.states(np.clip(times - self.start, 0, None))

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
        clocked = np.clip(self.time - self.start, 0, None)
        rates = self.path.rates(clocked)[:, : self.interpreter.model.model_states]
        return self.make_solution(self.time, np.array(self.states), rates.T)

    @cached_property
    def _looked_at(self) -> Mapping[str, Array]:
        return self.interpreter.look(self.fixed, self.imposed, self._rows)

    def read(self, name: str) -> Array:
        """What the interpreter looks at comes from it, anything else from the solution."""
        if name in self._looked_at:
            return self._looked_at[name]
        return np.asarray(self.solution[name].entries)

    def read_at(self, wanted: Sequence[str], times: Array) -> list[Array]:
        """Along the output of the method between its steps."""
        seen = self.interpreter.look(self.fixed, self.imposed, self._states_at(times))
        return [
            seen[name] if name in seen else np.asarray(self.solution[name](t=times))
            for name in wanted
        ]


def look_together(tracks: Sequence[InterpretedTrack]) -> None:
    """Look along tracks of one case at once, before each of them is read."""
    first = tracks[0]
    of = first.interpreter
    if any(
        one.interpreter is not of or not np.array_equal(one.fixed, first.fixed) for one in tracks
    ):
        return
    counts = [len(one.time) for one in tracks]
    rows = np.concatenate([one._rows for one in tracks])
    imposed = np.repeat([one.imposed for one in tracks], counts, axis=0)
    seen = of.look(first.fixed, imposed, rows)
    ends = np.cumsum(counts)[:-1]
    parts = {name: np.split(along, ends) for name, along in seen.items()}
    for number, one in enumerate(tracks):
        # where its cached property would put it
        one.__dict__["_looked_at"] = {name: split[number] for name, split in parts.items()}


def solution_of(
    model: Callable[[], Any], inputs: Mapping[str, float], termination: str
) -> Callable[[Array, Array, Array], Any]:
    """A maker of PyBaMM's solution from times [k], states and their rates of change [n, k].

    model : makes that of PyBaMM, discretised;  inputs : as it was solved with
    """
    # PyBaMM's solvers sort them, and a variable that was looked at once takes them by their place from then on
    ordered = {name: inputs[name] for name in sorted(inputs)}

    def make(time: Array, states: Array, rates: Array) -> Any:
        ended = termination.startswith("event: ")
        at_event = {"t_event": time[-1:], "y_event": states[:, -1:]} if ended else {}
        return pybamm.Solution(
            time, states, model(), ordered, termination=termination, all_yps=rates, **at_event
        )

    return make
