"""How well the made files meet what is printed, and why some do not."""

import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from hetsim import names
from hetsim.parameters.system_file import read_system
from scripts.build_library import SIMULATED
from scripts.library.facts import Electrode, electrodes
from scripts.library.theory import ceiling

LIMIT = 5.0
"""Error up to which an electrode of few points counts as described [%]."""
FULL_LIMIT = 4.0
"""Mean error up to which a full curve does [%]."""
ABRUPT, STEP = 2.5, 4.0
"""A curve that falls by more than the first factor while the current rises by less than the second is abrupt."""


@cache
def simulated() -> dict[str, dict[str, list[float]]]:
    """Capacities at the points, fresh and after cycles; of files written by hand those of the neutral fit."""
    found: dict[str, dict[str, list[float]]] = json.loads(SIMULATED.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Errors:
    """Of one electrode: 100 (simulated / measured - 1) at its fresh points and at those after cycles [%]."""

    electrode: Electrode
    fresh: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def count(self) -> int:
        """Of points."""
        return len(self.fresh) + len(self.after)

    @property
    def mean(self) -> float:
        """Of the sizes at fresh points, of all points where there is none [%]."""
        return float(np.mean(np.abs(self.fresh or self.after)))

    @property
    def largest(self) -> float:
        """Of all points [%]."""
        return max(abs(one) for one in (*self.fresh, *self.after))

    @property
    def is_met(self) -> bool:
        """Full curves by their mean error, others at each point."""
        if self.electrode.is_full:
            return self.mean <= FULL_LIMIT
        return self.largest <= LIMIT


def errors_of(electrode: Electrode) -> Errors:
    """Errors of a made system."""
    kept = simulated()[electrode.name]
    ends = [one for one in electrode.ends if one.cycles]
    return Errors(
        electrode,
        tuple(_off(s, m.capacity) for s, m in zip(kept["fresh"], electrode.fresh, strict=True)),
        tuple(_off(s, m.capacity) for s, m in zip(kept["after cycles"], ends, strict=True)),
    )


def errors_of_curves() -> list[float]:
    """Mean errors of the neutral fit of all full curves of papers, those of files written by hand among them [%]."""
    found = []
    for one in electrodes():
        if one.curve and one.is_full:
            key = "neutral" if one.by_hand else "fresh"
            pairs = zip(simulated()[one.name][key], one.fresh, strict=True)
            found.append(float(np.mean([abs(_off(s, m.capacity)) for s, m in pairs])))
    return found


def _off(simulated: float, measured: float) -> float:
    return 100 * (simulated / measured - 1)


def why_missed(errors: Errors) -> str:
    """Why a system is not met, from its points."""
    one = errors.electrode
    pairs = list(zip(one.fresh, one.fresh[1:], strict=False))
    if any(a.capacity > ABRUPT * b.capacity and b.current <= STEP * a.current for a, b in pairs):
        return "falls abruptly from one current to the next: no smooth model follows"
    if any(b.capacity > a.capacity for a, b in pairs):
        return "the capacity rises with the current"
    for end in one.ends:
        for fresh in one.fresh:
            if end.cycles and end.current >= fresh.current and end.capacity > fresh.capacity:
                return "more capacity after cycles than fresh: it grew"
    system = read_system(one.name)
    capacity = system.values[names.SPECIFIC_CAPACITY]
    top = ceiling(one.materials, one.ion)
    if capacity.kind == "assumed" and top is not None:
        return f"would need more than 1.3 times the theory of {top[0]}"
    if one.is_full:
        return "steep first step: the first cycles' loss is in the first point"
    counted = [end for end in one.ends if end.cycles]
    if len(counted) > 1:
        return "points after different numbers of cycles, and one loss for all of them"
    return "its points contradict one smooth curve of this family"
