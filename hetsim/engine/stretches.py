"""What is read along solved segments, of one built model or of several in turn."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim.engine.ledger import balance, judged
from hetsim.engine.segments import Chain, Piece
from hetsim.engine.tracks import Track
from hetsim.late import late
from hetsim.results import Array
from hetsim.results.later import Later

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")


@dataclass(frozen=True)
class Stretch:
    """What is read along consecutive segments of one built model, one array for each segment.

    time, voltage, current : [s], [V], [A]
    charge : that was passed until each point [C]
    held : charge of the ions that each electrode holds, and of its double layer, by inventory [C]
    tracks : of the segments
    """

    time: Sequence[Array]
    voltage: Sequence[Array]
    current: Sequence[Array]
    charge: Sequence[Array]
    held: Mapping[str, Sequence[Array]]
    tracks: Sequence[Track]


def joined_chain(stretches: Sequence[Stretch], last: Piece, inputs: Mapping[str, float]) -> Chain:
    """Stretches of one cell, each of which begins in the state in which the one before ended.

    last : the last segment that was tried, which says how the chain ended
    """
    solved = [stretch for stretch in stretches if stretch.tracks]
    if not solved:
        return Chain(last.outcome, last.reason, [], [], [], [], np.nan)

    def along(name: str) -> list[Array]:
        return [points for stretch in solved for points in getattr(stretch, name)]

    passed = along("charge")
    drift = max(
        balance(passed, [one for stretch in solved for one in stretch.held[name]], inputs)
        for name in solved[0].held
    )
    outcome, reason = judged(last.outcome, last.reason, drift)
    return Chain(
        outcome,
        reason,
        time=_each_instant_once(along("time")),
        voltage=_each_instant_once(along("voltage")),
        current=_each_instant_once(along("current")),
        charge=_each_instant_once(passed),
        charge_balance=drift,
        tracks=[one for stretch in solved for one in stretch.tracks],
    )


def _each_instant_once(segments: list[Array]) -> list[Array]:
    """Without the first point of a segment, the instant at which the one before ended."""
    return [points[1:] if number else points for number, points in enumerate(segments)]


def solution_later(tracks: Sequence[Track]) -> Later | None:
    """One PyBaMM solution of some tracks, made when it is asked for; None of none."""
    if not tracks:
        return None
    return Later(lambda: joined([track.solution for track in tracks]))


def engines(tracks: Iterable[Track | None]) -> str:
    """The engines that solved some tracks, as a result names them."""
    return ", ".join(dict.fromkeys(track.engine for track in tracks if track is not None))


def joined(solutions: Sequence[Any]) -> Any:
    """One PyBaMM solution of several, with their rates of change where all have them."""
    if len(solutions) == 1:
        return solutions[0]

    def all_of(name: str) -> list[Any]:
        return [part for solution in solutions for part in getattr(solution, name)]

    rates = all_of("all_yps") if all(one.all_yps is not None for one in solutions) else None
    return pybamm.Solution(
        all_of("all_ts"),
        all_of("all_ys"),
        all_of("all_models"),
        all_of("all_inputs"),
        all_yps=rates,
        check_solution=False,
    )
