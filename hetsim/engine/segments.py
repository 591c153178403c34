"""What is asked of a cell for a time, and what came of it.

A protocol is a chain of segments. In each, a current or a voltage follows a straight line in time, until the
duration is over or a cut-off is met.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim import names
from hetsim.engine.tracks import Track
from hetsim.results import Array, Outcome

BEYOND = 10.0
"""How far a cut-off that must not end a segment is moved away [V]."""


@dataclass(frozen=True)
class Segment:
    """level + slope (t - start) for a time [s], in A or V; positive current inserts.

    duration : its length [s]
    shares : times at which values are kept, as shares of the duration from 0 to 1; None leaves them to the solver
    lower, upper : voltages that end it [V]; None for no end
    to_cut_off : it is meant to end at a cut-off, and the duration is the time after which it is given up
    current_limit : it ends when a current that follows from a voltage has fallen to this [A]; None for no end
    """

    duration: float
    level: float
    slope: float = 0.0
    shares: Array | None = None
    lower: float | None = None
    upper: float | None = None
    to_cut_off: bool = False
    current_limit: float | None = None

    @property
    def end(self) -> float:
        """What is imposed at its end [A] or [V]."""
        return self.level + self.slope * self.duration

    def cut_offs(self, inputs: Mapping[str, float]) -> tuple[float, float]:
        """Lower and upper cut-off of the model while the segment lasts [V]."""
        lower = inputs[names.LOWER_CUT_OFF] - BEYOND if self.lower is None else self.lower
        upper = inputs[names.UPPER_CUT_OFF] + BEYOND if self.upper is None else self.upper
        return lower, upper


def constant_current(inputs: Mapping[str, float], current: float, longest: float) -> Segment:
    """A constant current to the cut-off of its direction.

    current : [A], positive inserts
    longest : time after which the segment is given up [s]
    """
    inserts = current > 0
    return Segment(
        longest,
        current,
        lower=inputs[names.LOWER_CUT_OFF] if inserts else None,
        upper=None if inserts else inputs[names.UPPER_CUT_OFF],
        to_cut_off=True,
    )


def sample_times(segments: Sequence[Segment], start: float = 0.0) -> Array:
    """Times at the shares of segments that follow each other, each instant once [s]."""
    times = [np.array([start])]
    for segment in segments:
        assert segment.shares is not None
        times.append(start + segment.duration * segment.shares[1:])
        start += segment.duration
    return np.concatenate(times)


@dataclass(frozen=True)
class Piece:
    """A solved segment.

    start : time at which it began [s]
    track : what it holds along its time; None if nothing was solved
    """

    segment: Segment
    outcome: Outcome
    reason: str
    start: float
    track: Track | None = None

    @property
    def end(self) -> float:
        """Time at which it ended; its start if nothing was solved [s]."""
        return self.start if self.track is None else float(self.track.time[-1])

    @property
    def after(self) -> float:
        """The next instant in floating point: PyBaMM joins solutions of increasing time only [s]."""
        return math.nextafter(self.end, math.inf)

    @property
    def state(self) -> Array | None:
        """State vector at its end, from which the next segment starts, [n, 1]."""
        return None if self.track is None else self.track.end_state

    @property
    def solution(self) -> Any:
        """Of PyBaMM; None if nothing was solved."""
        return None if self.track is None else self.track.solution

    def last(self, name: str) -> float:
        """A variable of PyBaMM at its end."""
        assert self.track is not None
        return float(self.track.read(name)[-1])


@dataclass(frozen=True)
class Step:
    """What was measured along one segment.

    time, voltage : [s], counted from the start of the segment, and [V]
    charge_balance : see `engine.ledger`
    track : of the segment; None if nothing was solved, or where it is not kept
    end_state : at its end, where no track is kept
    """

    outcome: Outcome
    reason: str
    time: Array
    voltage: Array
    charge_balance: float
    track: Track | None = None
    end_state: Array | None = None

    @property
    def solution(self) -> Any:
        """Of PyBaMM; None where no track is kept."""
        return None if self.track is None else self.track.solution

    @property
    def state(self) -> Array | None:
        """State vector at its end, [n, 1]; None if nothing was solved."""
        return self.end_state if self.track is None else self.track.end_state


@dataclass(frozen=True)
class Chain:
    """What was measured along segments, one after the other.

    time, voltage, current : one array for each segment [s], [V], [A]
    charge : that was passed until each point [C]
    charge_balance : see `engine.ledger`
    tracks : of all segments
    """

    outcome: Outcome
    reason: str
    time: Sequence[Array]
    voltage: Sequence[Array]
    current: Sequence[Array]
    charge: Sequence[Array]
    charge_balance: float
    tracks: Sequence[Track] = ()


def step_without_result(outcome: Outcome, reason: str) -> Step:
    """A step in which nothing was solved."""
    nothing = np.array([])
    return Step(outcome, reason, nothing, nothing, float("nan"))
