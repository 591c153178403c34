"""Plateaus that describe an open-circuit curve: from sites to what a lumped host has."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from hetsim.laws.isotherm import plateau_staircase
from hetsim.results import Array

GOOD = 2e-3
"""rms at which no further plateau is added [V]."""
MOST = 8
"""Plateaus; more of them only follow round-off."""
_WIDTHS = (1e-3, 1.0)
_STEPS = (1e-4, 5.0)
"""Limits of a width [-], and of the fall from one plateau to the next [V]."""


@dataclass(frozen=True)
class Staircase:
    """Plateaus of one branch (laws.isotherm.plateau_staircase).

    Parameters
    ----------
    potentials : tuple[float, ...]
        Falling [V]
    shares : tuple[float, ...]
        Of the capacity; they sum to one [-]
    widths : tuple[float, ...]
        Of the steps between them, in units of occupancy [-]
    rms : float
        Of the curve that they describe [V]
    """

    potentials: tuple[float, ...]
    shares: tuple[float, ...]
    widths: tuple[float, ...]
    rms: float


def staircase(theta: Array, potential: Array, thermal_voltage: float) -> Staircase:
    """The fewest plateaus that describe a curve within GOOD, or the best of MOST.

    theta : occupancies in (0, 1), rising [-];  potential : there, falling [V]
    """
    best: Staircase | None = None
    for count in range(2, MOST + 1):
        made = _of(count, theta, potential, thermal_voltage)
        if best is None or made.rms < best.rms:
            best = made
        if best.rms < GOOD:
            break
    assert best is not None
    return best


def _of(count: int, theta: Array, potential: Array, thermal_voltage: float) -> Staircase:
    def values(x: Array) -> tuple[Array, Array, Array]:
        falls, widths = np.exp(x[1:count]), np.exp(x[count : 2 * count - 1])
        logits = np.append(x[2 * count - 1 :], 0.0)
        shares = np.exp(logits - logits.max())
        return x[0] - np.concatenate([[0.0], np.cumsum(falls)]), shares / shares.sum(), widths

    def off(x: Array) -> Array:
        potentials, shares, widths = values(x)
        curve = plateau_staircase(
            theta, list(potentials), list(shares), list(widths), thermal_voltage
        )
        return np.asarray(curve - potential)

    middles = np.interp((np.arange(count) + 0.5) / count, theta, potential)
    falls = np.clip(-np.diff(middles), 1e-3, None)
    start = np.concatenate(
        [
            [middles[0]],
            np.log(falls),
            np.full(count - 1, np.log(0.3 / count)),
            np.zeros(count - 1),
        ]
    )
    low, high = (
        np.concatenate(
            [
                [-2.0 if end == 0 else 8.0],
                np.full(count - 1, np.log(_STEPS[end])),
                np.full(count - 1, np.log(_WIDTHS[end])),
                np.full(count - 1, -8.0 if end == 0 else 8.0),
            ]
        )
        for end in (0, 1)
    )
    found = least_squares(
        off, np.clip(start, low + 1e-9, high - 1e-9), bounds=(low, high), max_nfev=120
    )
    potentials, shares, widths = values(found.x)
    rms = float(np.sqrt(np.mean(found.fun**2)))
    shares[-1] = 1 - shares[:-1].sum()
    lists = [tuple(float(one) for one in part) for part in (potentials, shares, widths)]
    return Staircase(lists[0], lists[1], lists[2], rms)
