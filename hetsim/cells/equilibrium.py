"""Where a cell comes to rest at a voltage."""

from collections.abc import Callable

from hetsim.laws.isotherm import occupancy_at

EMPTY = 1e-3
"""Occupancy that counts as none [-]: the mixing term alone adds 0.18 V there."""

FULL = 1 - EMPTY
"""Occupancy that counts as all [-]."""

NO_ION = 1e-12
"""Occupancy from which a curve is searched for a voltage that it must meet [-]."""


def occupancy_at_rest(
    curve: Callable[[float], float], voltage: float, low: float = EMPTY, high: float = FULL
) -> float:
    """Occupancy at which a falling open-circuit curve meets a voltage; empty or full where it ends before [-].

    curve : U(theta) [V]
    voltage : [V]
    low, high : occupancies that count as empty and as full [-]
    """
    if voltage >= curve(low):
        return low
    if voltage <= curve(high):
        return high
    return occupancy_at(curve, voltage, low, high)


def occupancy_at_cut_off(
    curve: Callable[[float], float],
    cut_off: float,
    *,
    upper: bool,
    low: float = EMPTY,
    high: float = FULL,
    limits: tuple[float, float] = (NO_ION, 1 - NO_ION),
) -> float:
    """Occupancy at rest at a cut-off: an upper one may empty the electrode, and a lower one may fill it [-].

    limits : occupancies between which the curve is searched for a cut-off that it must meet [-]

    Raises ValueError if the curve does not meet the cut-off between the limits, and the cut-off is not
    an upper one above it or a lower one below it.
    """
    if upper and cut_off >= curve(low):
        return low
    if not upper and cut_off <= curve(high):
        return high
    return occupancy_at(curve, cut_off, *limits)
