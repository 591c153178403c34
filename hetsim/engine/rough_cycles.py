"""Cycles that are run to find where a periodic one begins, and not to be looked at; several searches side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hetsim.engine.built import BuiltModel
from hetsim.engine.chains import Answers, Ended
from hetsim.engine.interpreted import SolvedChains, chains_of
from hetsim.engine.path import Path
from hetsim.engine.periodic import Cycle, PeriodicSearch
from hetsim.engine.segments import Piece, Segment
from hetsim.results import BALANCE_LIMIT, Array

ROUGH = 1e-3, 1e-5
"""Relative and absolute tolerance of the interpreter: the states at the end of a cycle are then within 1e-5 of those of
a close one, in a third of the steps, though the current along it is not."""

MOST = 20
"""Cycles after which a search goes on closely: one that is so slow is not hindered by steps."""


@dataclass
class Found:
    """Where to go on.

    start : the state that is proposed, and the one that was reached, [n, 1]; None as it was given
    cycles : that were run;  ends : whether the last of them changed nothing by more than enough
    """

    start: Array | None
    reached: Array | None
    cycles: int = 0
    ends: bool = False


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
    [found] = rough_searches(built, inputs, [segments], state, [search], enough, most)
    return found


def rough_searches(
    built: BuiltModel,
    inputs: Mapping[str, float],
    segments: Sequence[Sequence[Segment]],
    state: Array | None,
    searches: Sequence[PeriodicSearch],
    enough: float,
    most: int,
) -> list[Found]:
    """The same for several kinds of cycles of the same number of segments, side by side from one state.

    segments, searches : of each kind
    """
    of, found = built.interpreter, [Found(state, state) for _ in segments]
    if of is None:
        return found
    left = list(range(len(segments)))
    for _ in range(min(most, MOST)):
        imposed = [[built.imposed(one, inputs) for one in segments[place]] for place in left]
        starts = [found[place].start for place in left]
        chains = chains_of(of, imposed, [segments[place] for place in left], starts)
        values = {**inputs, **imposed[0][0]}
        answers = of.run(values, chains, *ROUGH, look=False, path=True, in_order=False)
        assert answers.path is not None
        goes_on = []
        for chain, place in enumerate(left):
            one = found[place]
            if (answers.code[chain] != Ended.TIME_OVER).any():
                # a proposed state can be one that no cell is in
                one.start = one.reached
                continue
            made = _cycle(answers.path, chain, of.model.model_states)
            one.reached, one.start = made.last[:, np.newaxis], searches[place].next_start(made)
            one.cycles += 1
            one.ends = searches[place].change(made) <= enough
            if not one.ends:
                goes_on.append(place)
        left = goes_on
        if not left:
            break
    return found


def _cycle(path: Path, chain: int, states: int) -> Cycle:
    """The ends of a chain and the mean along it, without the clock of the interpreter."""
    first, last = path.ends(chain)
    return Cycle(first[:states], last[:states], path.mean(chain)[:states])


def close_cycles(
    built: BuiltModel,
    inputs: Mapping[str, float],
    segments: Sequence[Sequence[Segment]],
    starts: Sequence[Array | None],
) -> list[tuple[list[Piece], Cycle] | None]:
    """A cycle of each kind from a state of its own, side by side and as closely as it is looked at, and what it did.

    None of one that does not come to its end, or whose charge does not balance.
    """
    of = built.interpreter
    if of is None or not segments:
        return [None] * len(segments)
    imposed = [[built.imposed(one, inputs) for one in several] for several in segments]
    chains = chains_of(of, imposed, segments, starts)
    rtol, atol = (built.traced[name] for name in ("rtol", "atol"))
    answers = of.run({**inputs, **imposed[0][0]}, chains, rtol, atol, look=False, path=True)
    solved = SolvedChains(of, lambda: built.model, answers, inputs)
    found: list[tuple[list[Piece], Cycle] | None] = []
    for chain, several in enumerate(segments):
        if not _is_sound(built, inputs, answers, chain):
            found.append(None)
            continue
        assert answers.path is not None
        pieces = solved.pieces(chain, several, imposed[chain], chains.imposed[chain])
        found.append((pieces, _cycle(answers.path, chain, of.model.model_states)))
    return found


def _is_sound(built: BuiltModel, inputs: Mapping[str, float], answers: Answers, chain: int) -> bool:
    """Whether a chain came to its end with its charge."""
    ended = bool((answers.code[chain] == Ended.TIME_OVER).all())
    return ended and built.balance_of(inputs, answers.kept[chain]) <= BALANCE_LIMIT / 10
