"""Constant-current capacity of particles with a spread of diffusion times, in closed form.

The particles are spheres or plates of several sizes that share one surface occupancy. A share of the
capacity can be filled at once. The charge passed up to a given surface occupancy is exact for a
constant diffusivity and a constant current; no time stepping is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hetsim.late import late
from hetsim.units import rate

optimize = late("scipy.optimize")

Array = NDArray[np.float64]

LEAST_SHARE = 1e-4
"""A class that would hold less than this share of the capacity is left out."""


def normal_rule(count: int) -> tuple[Array, Array]:
    """Nodes and weights of a standard normal distribution: the Gauss-Hermite rule of `count` classes.

    Exact for moments up to 2 count - 1, so a few classes serve where equal bins need dozens; but its
    outermost ones hold next to nothing (2e-5 of 9) and cost as much as any other: those below
    LEAST_SHARE are left out, 7 of 9 remain, and what they held is shared among the rest.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    weights = weights / weights.sum()
    kept = weights >= LEAST_SHARE
    return nodes[kept], weights[kept] / weights[kept].sum()


def log_normal_classes(count: int, spread: float) -> tuple[Array, Array]:
    """(tau_i / tau, w_i) of the classes of ln tau ~ N(0, spread^2), by `normal_rule`."""
    nodes, weights = normal_rule(count)
    return np.exp(spread * nodes), weights


@dataclass(frozen=True)
class DiffusionModes:
    """Partial fractions of one particle's filling: 1 = sum c_n, times t_n in units of R^2/D."""

    weights: Array
    times: Array


def sphere_modes(count: int = 4000) -> DiffusionModes:
    """Sphere: c_n = 6/(n pi)^2, t_n = 1/(n pi)^2 (Crank, The Mathematics of Diffusion, 6.3)."""
    n = np.arange(1, count + 1) * np.pi
    return DiffusionModes(6 / n**2, 1 / n**2)


def plane_modes(count: int = 4000) -> DiffusionModes:
    """Plate of thickness R filled from one side: c_n = 8/((2n-1) pi)^2, t_n = 4/((2n-1) pi)^2."""
    n = (2 * np.arange(1, count + 1) - 1) * np.pi
    return DiffusionModes(8 / n**2, 4 / n**2)


@dataclass(frozen=True)
class SurfaceResponse:
    """g(T) = T + sum_j b_j (1 - exp(-k_j T)): surface filling per charge rate, T = t/tau."""

    rates: Array
    amplitudes: Array

    def __call__(self, time: float) -> float:
        return time - float(self.amplitudes @ np.expm1(-self.rates * time))


def surface_response(
    times: Sequence[float] | Array,
    weights: Sequence[float] | Array,
    fast_fraction: float = 0.0,
    modes: DiffusionModes | None = None,
    shortest: float = 1e-6,
) -> SurfaceResponse:
    """Response of a surface shared by size classes and a fraction filled at once.

    times, weights : tau_i / tau and w_i of the classes, sum(w_i) = 1
    fast_fraction : f in [0, 1)
    modes : of one particle; `sphere_modes()` by default
    shortest : time constants below it (in units of tau) count as filled at once

    With H(s) = (1 - f) sum_i w_i sum_n c_n / (1 + s tau_i t_n) + f the charge that is in, the surface
    takes theta_s(s) = x / (s^2 H(s)); k_j are the zeros of H(-k), one beyond each pole, and
    b_j = 1 / (k_j^2 sum C t / (1 - k_j t)^2). Exact for constant D and constant current.
    """
    modes = modes or sphere_modes()
    all_times = np.outer(times, modes.times).ravel()
    all_weights = (1 - fast_fraction) * np.outer(weights, modes.weights).ravel()
    slow = all_times > shortest
    order = np.argsort(-all_times[slow])
    t, c = all_times[slow][order], all_weights[slow][order]
    at_once = 1 - c.sum()
    rates = _zeros(t, c, at_once)
    with np.errstate(divide="ignore"):  # a zero on its pole has an infinite slope and no amplitude
        slope = np.array([np.sum(c * t / (1 - k * t) ** 2) for k in rates])
    return SurfaceResponse(rates, 1 / (rates**2 * slope))


def _zeros(t: Array, c: Array, at_once: float) -> Array:
    """Zeros of sum c / (1 - k t) + at_once, one between neighbouring poles and one beyond the last.

    Bisection in u with k = pole_j + u (gap): the term of the nearest pole keeps its digits.
    """
    poles = 1 / t
    last = poles[-1] * (1 + 2 * c.sum() / max(at_once, 1e-12))
    low, high = poles, np.append(poles[1:], last)
    a, b = np.zeros_like(low), np.ones_like(high)
    for _ in range(60):
        middle = (a + b) / 2
        k = low + middle * (high - low)
        with np.errstate(divide="ignore"):
            value = _sums(k, t, c) + at_once
        below = value < 0
        a, b = np.where(below, middle, a), np.where(below, b, middle)
    return low + (a + b) / 2 * (high - low)


_AT_ONCE = 1 << 16
"""Terms that are summed as one matrix: half a megabyte."""


def _sums(k: Array, t: Array, c: Array) -> Array:
    """sum c / (1 - k t) at each k."""
    if k.size * t.size <= _AT_ONCE:
        return np.asarray((c / (1 - k[:, np.newaxis] * t)).sum(axis=1))
    return np.array([np.sum(c / (1 - one * t)) for one in k])


def capacity_closed_form(
    current: float,
    full_capacity: float,
    time_constant: float,
    rise: float,
    response: SurfaceResponse,
) -> float:
    """Capacity [mA.h.g-1] passed at constant current until the surface occupancy has risen by `rise`.

    current : I [A.g-1]; full_capacity : Q0 [mA.h.g-1]; time_constant : tau = R^2/D [h]
    rise : theta* - theta_0 [-], from the cut-off voltage and the overpotential at this current
    """
    x = rate(current, full_capacity) * time_constant
    if rise <= 0:
        return 0.0
    time = optimize.brentq(
        lambda one: x * response(one) - rise, 0.0, rise / x, xtol=1e-16, rtol=1e-13
    )
    return float(full_capacity * x * time)
