"""Chains that are run twice: one segment after the other for the states between them, then all segments side by side.

What is looked at along a segment asks for closer steps than the state at its end. So the segments of one cell are run
in a chain as closely as capacities need, and each again from the state that the chain came to it with, beside the
others and as closely as it is looked at.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.chains import Answers, Chains, Ended
from hetsim.engine.interpreter import Interpreter

LEAST = 6
"""Segments of a chain from which this takes less time."""

_GOOD = (Ended.CUT_OFF, Ended.TIME_OVER)


def side_by_side(
    of: Interpreter,
    values: Mapping[str, float],
    chains: Chains,
    roughly: Answers,
    first: NDArray[np.intp],
    count: int,
    tolerances: Mapping[str, float],
) -> tuple[Chains, Answers] | None:
    """Segments of the only chain again, some together in a chain of their own, with their paths.

    roughly : what came of the chain, with the states at the start of each segment
    first : the first segment of each chain to be made;  count : segments of each, the next ones
    None where one ends in another way than before.
    """
    assert roughly.entered is not None
    each = first[:, np.newaxis] + np.arange(count)
    follows = np.full((count, 3), -1, np.int32)
    follows[:-1, : Ended.IMPOSSIBLE] = np.arange(1, count)[:, np.newaxis]
    nothing = np.zeros(count, np.int32)
    made = Chains(
        np.zeros(len(first), np.int32),
        chains.imposed[0, each],
        follows,
        nothing,
        nothing,
        roughly.entered[0, first],
    )
    answers = of.run(values, made, tolerances["rtol"], tolerances["atol"], path=True)
    if (answers.code != roughly.code[0, each]).any():
        return None
    return made, answers


def relayed(
    of: Interpreter,
    values: Mapping[str, float],
    chains: Chains,
    roughly: Mapping[str, float],
    closely: Mapping[str, float],
) -> Answers | None:
    """What came of one chain, from both runs, with the path of all its segments.

    roughly, closely : tolerances of the chain, and of the segments side by side
    None where the chain is short, where it could not be run to its end, or where a segment ends in another way.
    """
    if chains.imposed.shape[1] < LEAST or closely["rtol"] >= roughly["rtol"]:
        return None
    before = of.run(
        values, chains, roughly["rtol"], roughly["atol"], look=False, entered=True, exact=False
    )
    reached = np.flatnonzero(before.code[0] != Ended.NOT_REACHED)
    if not np.isin(before.code[0, reached], _GOOD).all():
        return None
    found = side_by_side(of, values, chains, before, reached, 1, closely)
    return None if found is None else _as_one(before, found[1], reached)


def _as_one(before: Answers, after: Answers, reached: NDArray[np.intp]) -> Answers:
    """Segments that were run as chains of their own as those of one chain."""
    changed = {}
    for name in ("code", "event", "steps", "time", "kept", "shown"):
        whole = getattr(before, name).copy()
        whole[0, reached] = getattr(after, name)[:, 0]
        changed[name] = whole
    assert after.path is not None
    path = replace(after.path, steps=after.path.steps)
    path.steps[:, 1] = reached[path.steps[:, 0].astype(int)]
    path.steps[:, 0] = 0.0
    return replace(before, **changed, path=path, state=after.state[-1:], fixed=after.fixed)
