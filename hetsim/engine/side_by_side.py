"""The same segments on many cells of one built model, side by side on the interpreter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.built import BuiltModel
from hetsim.engine.chains import Answers, Chains, Ended
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.segments import Segment
from hetsim.results import BALANCE_LIMIT, Array

TOGETHER = 32
"""Cells that are run at once: as many as the interpreter has lanes; the path of more takes memory and gains nothing."""
LARGE = 200
"""States of a model whose path is so long that a quarter as many cells are run at once."""


@dataclass(frozen=True)
class Followed:
    """What came of the same segments of some cells.

    settled : whether every segment reached its end and the charge balances, [cells]; another engine has the last word
        on all others
    balance : of the charge, where all segments reached their ends [-], [cells]
    states : of the built model at the end, [cells, n]
    looked_at : variables by name at the shares of all segments, the first instant of a segment left out that the one
        before ended with, [cells, points]; empty where nothing was looked at
    """

    settled: NDArray[np.bool_]
    balance: Array
    states: Array
    looked_at: Mapping[str, Array]


def followed(
    built: BuiltModel,
    inputs: Sequence[Mapping[str, float]],
    segments: Sequence[Sequence[Segment]],
    states: Array | None = None,
    *,
    look: bool = True,
) -> Followed | None:
    """Segment after segment of each cell, as `BuiltModel.solve` runs those of one.

    inputs : of each cell
    segments : of each cell, equally many with the same shares; none is meant to end at a cut-off
    states : to start from, [cells, n]; None starts from the equilibrium of the inputs
    look : whether variables are read along the way
    None where the model has no interpreter.
    """
    of = built.interpreter
    if of is None:
        return None
    size = TOGETHER if of.model.states < LARGE else TOGETHER // 4
    parts = [
        _followed(
            built,
            of,
            inputs[first : first + size],
            segments[first : first + size],
            None if states is None else states[first : first + size],
            look,
        )
        for first in range(0, len(inputs), size)
    ]
    seen = {
        name: np.concatenate([one.looked_at[name] for one in parts]) for name in parts[0].looked_at
    }
    return Followed(
        np.concatenate([one.settled for one in parts]),
        np.concatenate([one.balance for one in parts]),
        np.concatenate([one.states for one in parts]),
        seen,
    )


def _followed(
    built: BuiltModel,
    of: Interpreter,
    inputs: Sequence[Mapping[str, float]],
    segments: Sequence[Sequence[Segment]],
    states: Array | None,
    look: bool,
) -> Followed:
    cells, count = len(inputs), len(segments[0])
    imposed = [
        [built.imposed(segment, of_cell) for segment in several]
        for of_cell, several in zip(inputs, segments, strict=True)
    ]
    first = [{**of_cell, **one[0]} for of_cell, one in zip(inputs, imposed, strict=True)]
    values = {name: np.array([one[name] for one in first]) for name in of.model.value_names}
    rows = np.array(
        [
            [
                [*(one[name] for name in of.model.imposed_names), segment.duration]
                for one, segment in zip(of_cell, several, strict=True)
            ]
            for of_cell, several in zip(imposed, segments, strict=True)
        ]
    )
    follows = np.full((count, 3), -1, np.int32)
    follows[:-1, Ended.TIME_OVER] = np.arange(1, count)
    nothing = np.zeros(count, np.int32)
    begin = None
    if states is not None:
        begin = np.zeros((cells, of.model.states))  # its clock starts at zero
        begin[:, : states.shape[1]] = states
    chains = Chains(np.arange(cells, dtype=np.int32), rows, follows, nothing, nothing, begin)
    rtol, atol = (built.traced[name] for name in ("rtol", "atol"))
    answers = of.run(values, chains, rtol, atol, look=False, path=look, exact=False)
    settled = (answers.code == Ended.TIME_OVER).all(axis=1)
    seen: Mapping[str, Array] = {}
    kept = answers.kept
    if look:
        seen = _looked_at(of, answers, rows, segments, settled)
        kept = np.stack([seen[name] for name in of.model.inventories], axis=-1)[:, np.newaxis]
    drift = np.full(cells, np.nan)
    for place in np.flatnonzero(settled):
        drift[place] = built.balance_of(first[place], kept[place])
    settled &= drift <= BALANCE_LIMIT
    return Followed(settled, drift, answers.state[:, : of.model.model_states], seen)


def _looked_at(
    of: Interpreter,
    answers: Answers,
    rows: Array,
    segments: Sequence[Sequence[Segment]],
    settled: NDArray[np.bool_],
) -> dict[str, Array]:
    """What is seen along the cells that are settled; no numbers along the others."""
    shares = []
    for number, segment in enumerate(segments[0]):
        assert segment.shares is not None
        shares.append(segment.shares if not number else segment.shares[1:])
    which = np.repeat(np.arange(len(shares), dtype=np.int32), [len(one) for one in shares])
    share = np.concatenate(shares)
    good = np.flatnonzero(settled).astype(np.int32)
    if not good.size:  # nothing to look at
        nothing = np.full((len(settled), len(share)), np.nan)
        return dict.fromkeys((*of.model.output_names, *of.model.inventories), nothing)
    cell, segment_of = np.repeat(good, len(share)), np.tile(which, len(good))
    times = rows[cell, segment_of, -1] * np.tile(share, len(good))
    assert answers.path is not None
    at, part = answers.path.along(cell, segment_of, times)
    seen = of.look_along(answers.fixed, rows[cell, segment_of, :-1], answers.path, at, part, cell)
    found = {}
    for name, values in seen.items():
        found[name] = np.full((len(settled), len(share)), np.nan)
        found[name][good] = values.reshape(len(good), len(share))
    return found
