"""What a run can use up: the salt in a place of the electrolyte, or the ions at the surface of a particle."""

from collections.abc import Callable, Iterable

import numpy as np

from hetsim import names
from hetsim.engine.endings import without
from hetsim.engine.interpreted import Stop
from hetsim.engine.segments import Piece, Segment
from hetsim.results import Array

Entries = Callable[[Iterable[str]], Array]
"""The places of some variables among the states."""

SURFACE = (names.SURFACE_CONCENTRATION, names.x_averaged(names.SURFACE_CONCENTRATION))

_USED_UP = {
    "salt in a place of the electrolyte": (
        (names.SALT,),
        "try a lower current or a slower ramp, or more salt",
    ),
    "ion at the surface of a particle": (SURFACE, ""),
}
"""What can be used up: the states that say how much there is, and what a user can try beside the usual."""
_NONE = 1e-4
"""Of the salt in the electrolyte at rest, or of all sites: as good as nothing."""


def has_no_salt(stop: Stop, entries: Entries) -> bool:
    """Whether a place of the electrolyte had no salt where the interpreter stopped."""
    salt = stop.state[entries((names.SALT,))]
    return bool(salt.min(initial=1.0) < _NONE)


def used_up(
    stop: Stop, entries: Entries, segment: Segment, start: float, advice: str
) -> Piece | None:
    """A segment that ends where the interpreter stopped because something is used up; None if nothing is.

    start : of the segment [s];  advice : what a user can try, half a sentence
    """
    for what, (variables, own_advice) in _USED_UP.items():
        found = stop.state[entries(variables)]
        if found.size and found.min() < _NONE:
            told = without(what, stop.time, segment.duration, own_advice or advice)
            return Piece(segment, *told, start)
    return None


def has_less_than_nothing(piece: Piece, entries: Entries) -> bool:
    """Whether PyBaMM has gone on with less than nothing at the surface of a particle."""
    surface = np.empty(0) if piece.state is None else piece.state[entries(SURFACE)]
    return bool(surface.size and surface.min() < 0)
