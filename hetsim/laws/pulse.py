"""A constant flux into a particle that was at rest: how its surface fills.

T = D t / R^2 [-] is the time since the flux began. The functions give the rise of the surface occupancy
over the rise of the mean that T = 1 would bring, so that the mean itself is T.

Each closed form is the transform (1/s^2 H(s)) of one particle, H(s) = 3 (sqrt(s) coth sqrt(s) - 1)/s for a
sphere. Below T = MEET its image sources are left out, which costs less than exp(-1/T); from there on a
few terms of the series serve.
"""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

MEET = 0.04
"""Where short and long form meet [-]: the image sources left out are exp(-25)."""
_TERMS = 12
"""Of the series: from MEET on the next one is below exp(-60)."""
_NODES = 24
"""Of the inversion of a transform: some 11 digits in double precision."""


def sphere_surface_rise(times: Any) -> NDArray[np.float64]:
    """r(T) = T + 1/15 - (2/3) sum_n exp(-l_n^2 T) / l_n^2,   tan l_n = l_n   [-].

    Below T = 0.04: r(T) = (exp(T) (1 + erf sqrt(T)) - 1) / 3, which lacks only image sources of exp(-1/T).
    T -> 0: (2/3) sqrt(T/pi) + T/3, semi-infinite and its first correction for the curved surface;
    T -> infinity: the mean T and a profile of constant shape.   R is the radius.
    Limits: constant D.
    Source: J. Crank, The Mathematics of Diffusion, 2nd ed. (1975), eq. 6.45; short times by its transform
    tanh sqrt(s) / (3 s (sqrt(s) - tanh sqrt(s))) with tanh sqrt(s) = 1.
    """
    t = np.asarray(times, dtype=float)
    short, long = np.minimum(t, MEET), np.maximum(t, MEET)
    early = (np.expm1(short) + np.exp(short) * erf(np.sqrt(short))) / 3
    squares = _sphere_roots() ** 2
    late = long + 1 / 15 - 2 / 3 * (np.exp(-np.multiply.outer(long, squares)) @ (1 / squares))
    return np.where(t < MEET, early, late)


def plate_surface_rise(times: Any) -> NDArray[np.float64]:
    """r(T) = T + 1/3 - (2/pi^2) sum_n exp(-n^2 pi^2 T) / n^2   [-].

    Below T = 0.04: 2 sqrt(T/pi), which lacks only image sources of exp(-1/T).   R is the thickness of
    a layer that is filled from one side.
    Limits: constant D.   Source: as above, eq. 4.49.
    """
    t = np.asarray(times, dtype=float)
    long = np.maximum(t, MEET)
    squares = (np.pi * np.arange(1, _TERMS + 1)) ** 2
    late = long + 1 / 3 - 2 * (np.exp(-np.multiply.outer(long, squares)) @ (1 / squares))
    return np.where(t < MEET, 2 * np.sqrt(np.minimum(t, MEET) / np.pi), late)


def shared_surface_rise(
    times: Any, ratios: Any, weights: Any, fast_fraction: float = 0.0
) -> NDArray[np.float64]:
    """r(T) of spheres of several sizes that share one surface occupancy, and a share filled at once [-].

    times : T = D t / R^2 of the size that the ratios refer to, 1-D
    ratios, weights : (R_i/R)^2 and the share of the capacity of each size, sum 1
    fast_fraction : f in [0, 1)

    r(s) = 1 / (s^2 H(s)),   H(s) = (1 - f) sum_i w_i h(s ratio_i) + f,   h(p) = 3 (sqrt(p) coth sqrt(p) - 1)/p
    inverted along Talbot's contour. T -> 0: (2/3) sqrt(T/pi) / sum(w_i ratio_i^-1/2) without a fast share,
    T/f with one.   Limits: constant D; about ten digits.
    `laws.diffusion_spread.surface_response` has the same function as a sum of exponentials.
    Source: J. Abate and P. P. Valko, Int. J. Numer. Meth. Engng. 60 (2004) 979, doi:10.1002/nme.995.
    """
    t = np.asarray(times, dtype=float)
    positive = t > 0
    s, factors = _talbot(t[positive])
    held = sum(
        weight * _sphere_held(s * ratio) for ratio, weight in zip(ratios, weights, strict=True)
    )
    values = 1 / (s**2 * ((1 - fast_fraction) * held + fast_fraction))
    result = np.zeros_like(t)
    result[positive] = np.real(factors * values).sum(axis=-1)
    return result


def _sphere_held(p: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """h(p) of a sphere: the mean occupancy over that of the surface in the transform."""
    small = np.abs(p) < 1e-3
    root = np.sqrt(np.where(small, 1, p))
    with np.errstate(over="ignore"):
        full = 3 * (root / np.tanh(root) - 1) / np.where(small, 1, p)
    return np.where(small, 1 - p / 15 + 2 * p**2 / 315, full)


def _talbot(
    t: NDArray[np.float64],
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Nodes s and factors of f(t) = sum Re(factor F(s)), one row a time."""
    angle = np.arange(1, _NODES) * np.pi / _NODES
    cot = 1 / np.tan(angle)
    scaled = np.concatenate([[2 * _NODES / 5], 2 * angle / 5 * _NODES * (cot + 1j)])
    slope = np.concatenate([[0.5], 1 + 1j * angle * (1 + cot**2) - 1j * cot])
    nodes, factors = (
        np.asarray(one, dtype=np.complex128) for one in (scaled, 0.4 * np.exp(scaled) * slope)
    )
    return nodes / t[:, None], factors / t[:, None]


@cache
def _sphere_roots() -> NDArray[np.float64]:
    """Positive roots of tan l = l: l = (n + 1/2) pi - arctan(1/l), which contracts by 1/l^2."""
    middle = np.asarray((np.arange(1, _TERMS + 1) + 0.5) * np.pi, dtype=np.float64)
    root = middle
    for _ in range(40):
        root = np.asarray(middle - np.arctan(1 / root), dtype=np.float64)
    return root
