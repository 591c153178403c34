"""A constant flux into a particle that was at rest: how its surface fills.

T = D t / R^2 [-] is the time since the flux began. The functions give the rise of the surface occupancy
over the rise of the mean that T = 1 would bring, so that the mean itself is T.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TERMS = 4000
_SHORT = 1e-6
"""Terms of the series, and the time from which on the last of them is below 1e-60."""


def sphere_surface_rise(times: Any) -> NDArray[np.float64]:
    """r(T) = T + 1/15 - (2/3) sum_n exp(-l_n^2 T) / l_n^2,   tan l_n = l_n   [-].

    T -> 0: (2/3) sqrt(T/pi) + T/3, semi-infinite and its first correction for the curved surface;
    T -> infinity: the mean T and a profile of constant shape.   R is the radius.
    Limits: constant D.   Below T = 1e-6 the first two terms of the short time stand for the series.
    Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), eq. 6.45.
    """
    t = np.asarray(times, dtype=float)
    squares = _sphere_roots() ** 2
    series = t + 1 / 15 - 2 / 3 * (np.exp(-np.multiply.outer(t, squares)) @ (1 / squares))
    return np.where(t < _SHORT, 2 / 3 * np.sqrt(t / np.pi) + t / 3, series)


def plate_surface_rise(times: Any) -> NDArray[np.float64]:
    """r(T) = T + 1/3 - (2/pi^2) sum_n exp(-n^2 pi^2 T) / n^2   [-].

    T -> 0: 2 sqrt(T/pi).   R is the thickness of a layer that is filled from one side.
    Limits: constant D.   Source: as above, eq. 4.49.
    """
    t = np.asarray(times, dtype=float)
    squares = (np.pi * np.arange(1, _TERMS + 1)) ** 2
    series = t + 1 / 3 - 2 * (np.exp(-np.multiply.outer(t, squares)) @ (1 / squares))
    return np.where(t < _SHORT, 2 * np.sqrt(t / np.pi), series)


@cache
def _sphere_roots() -> NDArray[np.float64]:
    """Positive roots of tan l = l: l = (n + 1/2) pi - arctan(1/l), which contracts by 1/l^2."""
    middle = np.asarray((np.arange(1, _TERMS + 1) + 0.5) * np.pi, dtype=np.float64)
    root = middle
    for _ in range(40):
        root = np.asarray(middle - np.arctan(1 / root), dtype=np.float64)
    return root
