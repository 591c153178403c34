"""Segments of one cell on the interpreter, as pieces."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from hetsim import names
from hetsim.engine.chains import Answers, Chains, Ended
from hetsim.engine.endings import FINAL_TIME, INFEASIBLE, ending
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.path import Path
from hetsim.engine.relay import relayed
from hetsim.engine.segments import Piece, Segment
from hetsim.engine.tracks import InterpretedTrack, solution_of
from hetsim.results import Array, Outcome

_WITHIN = np.arange(6) / 6
"""Shares of a step of the integration at which values are kept where nothing else is asked for: the steps are long."""


@dataclass(frozen=True)
class Stop:
    """Where a segment could go no further.

    time : since its start [s];  state : the last one, [n]
    """

    time: float
    state: Array


def solved(
    of: Interpreter,
    model: Callable[[], Any],
    tolerances: Mapping[str, float],
    inputs: Mapping[str, float],
    imposed: Sequence[Mapping[str, float]],
    segments: Sequence[Segment],
    state: Array | None,
    start: float,
    roughly: Mapping[str, float] | None = None,
) -> tuple[list[Piece], Array, Stop | None]:
    """Segment after segment, until one does not reach its duration or cannot be solved; what each keeps at both
    ends, [pieces, 2, n]; and where the interpreter could not go on, if there is such a place.

    model : makes that of PyBaMM, discretised, where its solution is asked for
    inputs : of the cell;  imposed : of each segment, as its own clock starts at zero
    state : to start from; None starts from the equilibrium of the inputs;  start : time there [s]
    roughly : tolerances that are close enough for the states between segments; None where none are looser

    A segment that the interpreter cannot solve is left out, and all after it.
    """
    chains = chain_of(of, imposed, segments, state)
    values, answers = {**inputs, **imposed[0]}, None
    if roughly is not None:
        answers = relayed(of, values, chains, roughly, tolerances)
    if answers is None:
        rtol, atol = tolerances["rtol"], tolerances["atol"]
        answers = of.run(values, chains, rtol, atol, look=False, path=True)
    found = SolvedChains(of, model, answers, inputs)
    pieces = found.pieces(0, segments, imposed, chains.imposed[0], start)
    return pieces, answers.kept[0, : len(pieces)], _stop(answers, len(pieces))


def chain_of(
    of: Interpreter,
    imposed: Sequence[Mapping[str, float]],
    segments: Sequence[Segment],
    state: Array | None,
) -> Chains:
    """Segments of one cell as a chain that ends with the first that does not reach its duration."""
    count = len(segments)
    rows = np.array(
        [
            [*(one[name] for name in of.model.imposed_names), segment.duration]
            for one, segment in zip(imposed, segments, strict=True)
        ]
    )
    follows = np.full((count, 3), -1, np.int32)
    goes_on = [not segment.to_cut_off for segment in segments[:-1]]
    follows[:-1, Ended.TIME_OVER] = np.where(goes_on, np.arange(1, count), -1)
    nothing = np.zeros(count, np.int32)
    begin = None if state is None else _with_time(state, of.model.states)
    return Chains(np.zeros(1, np.int32), rows[np.newaxis], follows, nothing, nothing, begin)


def chains_of(
    of: Interpreter,
    imposed: Sequence[Sequence[Mapping[str, float]]],
    segments: Sequence[Sequence[Segment]],
    states: Sequence[Array | None],
) -> Chains:
    """Chains of one cell with the same number of segments, none of which is meant to end at a cut-off.

    imposed, segments : of each;  states : to start from; None, for all or for none, is the equilibrium
    """
    each = [chain_of(of, *one) for one in zip(imposed, segments, states, strict=True)]
    starts = [one.start for one in each if one.start is not None]
    return replace(
        each[0],
        case_of=np.zeros(len(each), np.int32),
        imposed=np.concatenate([one.imposed for one in each]),
        start=np.concatenate(starts) if starts else None,
    )


def _stop(answers: Answers, number: int) -> Stop | None:
    """Where a segment of the only chain could go no further, however small its steps."""
    if number == answers.code.shape[1] or answers.code[0, number] != Ended.TOO_SMALL_STEP:
        return None
    assert answers.path is not None
    path = answers.path.part(0, number)
    return Stop(float(answers.time[0, number]), path.last[-1]) if path.time.size else None


def _with_time(state: Array, states: int) -> Array:
    """A state of the model as one of the interpreter, whose clock starts at zero, [1, states]."""
    flat = np.zeros((1, states))
    flat[0, : state.size] = np.ravel(state)
    return flat


@dataclass(frozen=True)
class SolvedChains:
    """Chains of one cell that the interpreter has solved, with the path of its steps.

    model : makes that of PyBaMM;  inputs : of the cell
    """

    of: Interpreter
    model: Callable[[], Any]
    answers: Answers
    inputs: Mapping[str, float]

    @cached_property
    def _ends(self) -> tuple[list[list[int]], list[list[int]], list[list[float]]]:
        """Code, event and time at the end of each segment of each chain."""
        found = self.answers
        return found.code.tolist(), found.event.tolist(), found.time.tolist()

    @cached_property
    def _fixed(self) -> Array:
        return self.answers.fixed[0]

    def piece(
        self,
        place: tuple[int, int],
        segment: Segment,
        imposed: Mapping[str, float],
        row: Array,
        start: float = 0.0,
    ) -> Piece | None:
        """That of one segment; None if it was not solved.

        place : chain and segment;  start : time at its start [s]
        imposed : by the segment, and the same as the interpreter takes it, row
        """
        chain, number = place
        codes, events, times = self._ends
        code, end = codes[chain][number], times[chain][number]
        if code == Ended.IMPOSSIBLE:
            return Piece(segment, *INFEASIBLE, start)
        if code not in (Ended.CUT_OFF, Ended.TIME_OVER):
            return None
        termination = FINAL_TIME
        if code == Ended.CUT_OFF:
            termination = f"event: {self.of.model.events[events[chain][number]]}"
        path = self.answers.path
        assert path is not None
        if names.DRIVE_START in imposed:
            imposed = {**imposed, names.DRIVE_START: start}
        track = InterpretedTrack(
            self.of,
            path,
            place,
            start,
            start + _times(segment, code, end, lambda: path.part(chain, number)),
            self._fixed,
            row,
            solution_of(self.model, self.inputs, imposed, termination),
        )
        return Piece(segment, *ending(termination, segment.to_cut_off), start, track)

    def pieces(
        self,
        chain: int,
        segments: Sequence[Segment],
        imposed: Sequence[Mapping[str, float]],
        rows: Array,
        start: float = 0.0,
    ) -> list[Piece]:
        """Those of a chain, up to the first segment that did not reach its duration.

        rows : what is imposed as the interpreter takes it, [segments, n + 1]
        """
        pieces: list[Piece] = []
        for number, segment in enumerate(segments):
            piece = self.piece((chain, number), segment, imposed[number], rows[number, :-1], start)
            if piece is None:
                break
            pieces.append(piece)
            if piece.outcome is not Outcome.COMPLETED:
                break
            start = piece.after
        return pieces


def _times(segment: Segment, code: int, end: float, path: Callable[[], Path]) -> Array:
    """At which values are kept, since the start of the segment [s].

    path : its steps
    """
    if segment.shares is None:
        steps = path()
        within = steps.time[:, np.newaxis] + steps.step[:, np.newaxis] * _WITHIN
        return np.append(within.ravel(), end)
    asked = segment.duration * segment.shares
    return asked if code == Ended.TIME_OVER else np.append(asked[asked < end], end)
