"""How the surface of a particle follows the current of a whole trace, in closed form."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from hetsim.analysis.diffusion_length import DiffusionLength
from hetsim.analysis.pulses import Piece
from hetsim.errors import ParameterError
from hetsim.laws.diffusion_spread import log_normal_classes
from hetsim.laws.pulse import plate_surface_rise, shared_surface_rise, sphere_surface_rise
from hetsim.units import MAH

Array = NDArray[np.float64]

CLASSES = 15
"""Sizes that stand for a spread: a log-normal of sigma 1 changes by less than 1e-4 with twice as many
above T = 1e-4."""
_SHORTEST, _A_DECADE = 1e-9, 30
"""First time of a table of r(T), and its points a decade: a cubic between them is within 1e-8."""


@dataclass(frozen=True)
class SurfaceRise:
    """r(T) of a particle, and from which T on it is T + `ahead`.

    Parameters
    ----------
    short : Callable
        r(T), T = D t / size^2
    settled : float
        T from which the profile has a constant shape
    ahead : float
        r(T) - T from there on
    """

    short: Callable[[Any], Array]
    settled: float
    ahead: float

    def __call__(self, times: Any) -> Array:
        t = np.asarray(times, dtype=float)
        return np.where(t < self.settled, self.short(np.minimum(t, self.settled)), t + self.ahead)


def surface_rise(
    length: DiffusionLength, spread: float = 0.0, fast_fraction: float = 0.0
) -> SurfaceRise:
    """r(T) of one particle, or of spheres with a log-normal spread that share one surface occupancy.

    length : layer or spheres; for a spread that of the median sphere
    spread : standard deviation of ln(R^2/D), the shares by capacity
    fast_fraction : share of the capacity that is filled at once
    Raises ParameterError for a spread below 0, a share outside of [0, 1), or either of them on a layer.
    """
    if not 0 <= spread < np.inf:
        raise ParameterError(f"The spread of ln(R2/D) is {spread:g}; it must be 0 or positive.")
    if not 0 <= fast_fraction < 1:
        raise ParameterError(
            f"The share of the capacity that is filled at once is {fast_fraction:g}; it must be at "
            "least 0 and below 1."
        )
    if not spread and not fast_fraction:
        # exp(-20.2 T) and exp(-9.9 T) are 2e-16 there
        return (
            SurfaceRise(plate_surface_rise, 3.7, 1 / 3)
            if length.plate
            else SurfaceRise(sphere_surface_rise, 1.8, 1 / 15)
        )
    if length.plate:
        raise ParameterError(
            "A spread of sizes and a share filled at once are for spheres; the length is that of a layer."
        )
    return _tabulated(spread, fast_fraction)


@cache
def _tabulated(spread: float, fast_fraction: float) -> SurfaceRise:
    """By a cubic through the logarithms of a table."""
    ratios, weights = log_normal_classes(CLASSES, spread)
    settled = 3.7 * ratios.max()  # the slowest mode is faster than exp(-pi^2 T) of the largest size
    decades = np.log10(settled / _SHORTEST)
    times = np.geomspace(_SHORTEST, settled, int(decades * _A_DECADE))
    rise = shared_surface_rise(times, ratios, weights, fast_fraction)
    spline = CubicSpline(np.log(times), np.log(rise))

    def tabulated(t: Any) -> Array:
        shown = np.maximum(t, _SHORTEST)
        return np.where(t > 0, np.exp(spline(np.log(shown))), 0.0)

    return SurfaceRise(tabulated, settled, float(rise[-1] - settled))


@dataclass(frozen=True)
class SurfaceHistory:
    """The charge that would be passed if all of the particle were as its surface is [mA.h.g-1].

    q_s(t) = sum_k dI_k t_D r((t - t_k) / t_D),   t_D = size^2 / D

    over all switches of the current before t, so that a rest that was too short, and a pulse that comes before the
    last one has levelled out, are in it. At rest for long it is the charge passed.
    Limits: one D for the whole trace; a constant current between switches.

    Parameters
    ----------
    switches, changes : Array
        Times [s] and changes of the current [A.g-1]
    rise : SurfaceRise
        Of the particle
    """

    switches: Array
    changes: Array
    rise: SurfaceRise

    def __call__(self, times: Array, time_constant: float) -> Array:
        """At rising times [s] [mA.h.g-1]."""
        if not len(times):
            return np.zeros(0)
        since = (times[0] - self.switches) / time_constant
        old = since >= self.rise.settled
        changes, switches = self.changes[old], self.switches[old]
        ahead = self.rise.ahead * time_constant
        total = changes.sum() * (times + ahead) - changes @ switches
        near = ~old & (self.switches < times[-1])
        scaled = (times[:, None] - self.switches[near]) / time_constant
        total = total + time_constant * (self.rise(np.maximum(scaled, 0)) @ self.changes[near])
        return total / MAH


def history_of(pieces: list[Piece], rise: SurfaceRise) -> SurfaceHistory:
    """Of the rests and currents of a trace."""
    on = [piece for piece in pieces if piece.current]
    times = [time for piece in on for time in (piece.start, piece.end)]
    changes = [change for piece in on for change in (piece.current, -piece.current)]
    return SurfaceHistory(np.array(times), np.array(changes), rise)
