"""Which sites of an isotherm belong to which of two hosts."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from hetsim.errors import ParameterError

SAME_SHARE = 0.05
"""Shares of the capacity that are as close count as equal [-]: printed compositions and capacities are no better."""
SAME_POTENTIAL = 0.1
"""Peaks whose distances from a site differ by less do not tell the hosts apart [V]: a peak is as wide."""


def by_capacity(
    shares: Sequence[float], capacities: Sequence[float]
) -> tuple[list[int], tuple[str, ...]]:
    """Places of the sites of A: the set whose shares sum most closely to that of A; and remarks.

    Raises ParameterError for capacities that are no two positive numbers.
    """
    if len(capacities) != 2 or not all(0 < one < np.inf for one in capacities):
        raise ParameterError(
            f"The capacities of A and B are {tuple(capacities)}; give two positive numbers [mAh/g]."
        )
    wanted = capacities[0] / sum(capacities)
    places = range(len(shares))
    sets = [set(one) for count in range(1, len(shares)) for one in combinations(places, count)]
    if not sets:
        return [0], ()
    sets.sort(key=lambda one: abs(sum(shares[k] for k in one) - wanted))
    best = sorted(sets[0])
    found = sum(shares[k] for k in best)
    told = [
        f"Host A has sites {_numbered(best)}, {100 * found:.0f} % of the capacity where {100 * wanted:.0f} % were "
        "given."
    ]
    alike = [one for one in sets[1:] if abs(sum(shares[k] for k in one) - wanted) < SAME_SHARE]
    if alike:
        others = "; ".join(_numbered(sorted(one)) for one in alike[:3])
        told.append(
            f"The capacities do not tell the hosts apart: {len(alike)} other ways are within {100 * SAME_SHARE:.0f} % "
            f"(sites of A: {others}). Peaks of the materials would."
        )
    return best, tuple(told)


def by_peaks(
    potentials: Sequence[float], peaks: Sequence[Sequence[float]]
) -> tuple[list[int], tuple[str, ...]]:
    """Places of the sites whose nearest peak is one of A; and remarks.

    Raises ParameterError unless both hosts have a peak that is a finite number.
    """
    if len(peaks) != 2 or not all(len(one) and np.isfinite(one).all() for one in peaks):
        raise ParameterError(
            "Give the peaks of A and of B as two lists of potentials [V], such as ([0.9], [0.5])."
        )
    chosen, told = [], []
    for place, potential in enumerate(potentials):
        to_a, to_b = (min(abs(potential - peak) for peak in one) for one in peaks)
        if to_a <= to_b:
            chosen.append(place)
        if abs(to_a - to_b) < SAME_POTENTIAL:
            told.append(
                f"Site {place + 1}, filled at {potential:.2f} V, lies {to_a:.2f} V from a peak of A and {to_b:.2f} V "
                "from one of B: it may belong to either."
            )
    return chosen, (f"Host A has sites {_numbered(chosen)}.", *told)


def _numbered(places: Sequence[int]) -> str:
    return ", ".join(str(place + 1) for place in places) or "none"
