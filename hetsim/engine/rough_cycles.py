"""Cycles that are run to find where a periodic one begins, and not to be looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hetsim.engine.built import BuiltModel
from hetsim.engine.interpreted import chain_of
from hetsim.engine.interpreter import Ended
from hetsim.engine.path import Path
from hetsim.engine.periodic import Cycle, PeriodicSearch
from hetsim.engine.segments import Segment
from hetsim.results import Array

ROUGH = 1e-3, 1e-5
"""Relative and absolute tolerance of the interpreter: the states at the end of a cycle are then within 1e-5 of those of
a close one, in a third of the steps, though the current along it is not."""

MOST = 20
"""Cycles after which a search goes on closely: one that is so slow is not hindered by steps."""


@dataclass(frozen=True)
class Found:
    """Where to go on.

    start : the state that is proposed, and the one that was reached, [n, 1]; None as it was given
    cycles : that were run
    """

    start: Array | None
    reached: Array | None
    cycles: int


def rough_search(
    built: BuiltModel,
    inputs: Mapping[str, float],
    segments: Sequence[Segment],
    state: Array | None,
    search: PeriodicSearch,
    enough: float,
    most: int,
) -> Found:
    """Cycles of some segments on the interpreter until one changes no state that remembers by more than enough.

    state : to start from, [n, 1]; None starts from the equilibrium of the inputs
    most : cycles that may be run, of which MOST are
    """
    of, reached, start = built.interpreter, state, state
    if of is None:
        return Found(state, state, 0)
    imposed = [built.imposed(segment, inputs) for segment in segments]
    values = {**inputs, **imposed[0]}
    for cycle in range(min(most, MOST)):
        chains = chain_of(of, imposed, segments, start)
        answers = of.run(values, chains, *ROUGH, look=False, path=True)
        if (answers.code != Ended.TIME_OVER).any():
            # a proposed state can be one that no cell is in
            return Found(reached, reached, cycle)
        assert answers.path is not None
        made = _cycle(answers.path, answers.state[0], of.model.model_states)
        reached, start = made.last[:, np.newaxis], search.next_start(made)
        if search.change(made) <= enough:
            return Found(start, reached, cycle + 1)
    return Found(start, reached, min(most, MOST))


def _cycle(path: Path, last: Array, states: int) -> Cycle:
    """The ends of a path and the mean along it, without the clock of the interpreter."""
    return Cycle(path.first[0, :states], last[:states], path.mean()[:states])
