"""Spheres whose diffusion times are spread log-normally, as a few relaxation modes.

Diffusion with a constant D is linear: what N modes hold follows the surface of the particles with one time each,

    theta_mean = c_0 theta_s + sum_k c_k m_k,      dm_k/dt = (theta_s - m_k) D / (R^2 t_k),      c_0 + sum_k c_k = 1

so that their transfer function, theta_mean over theta_s at a frequency s in units of D/R^2, is
c_0 + sum_k c_k / (1 + s t_k). That of the spheres is E[M(s e^(sigma z))] with z standard normal and

    M(s) = 3 (sqrt(s) coth(sqrt(s)) - 1) / s            (J. Crank, The Mathematics of Diffusion, 6.3)

a sum of such terms with positive shares without end, which a few follow closely. t_k and c_k are smooth functions of
sigma from 0, a single sphere, to 4; all shares are positive.

Errors of capacities at constant current, in the full capacity, for shares that fill at once from 0 to 0.9 and
discharges that pass from 1e-2 of the capacity of the spheres to 1e4 R^2/D: below 1e-5 up to sigma = 2, below 2e-5 up to
3.3 and 2.4e-5 at 4 (test_relaxation_modes). What limits them: at large sigma the number of modes per decade of times;
at the fast end c_0, 4e-4 that fill at once and in truth do not; at the slow end the longest time, so that beyond
1e4 R^2/D errors reach 3e-4 at sigma = 4, whose slowest particles are then still empty.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

WIDEST = 4.0
"""The widest spread that there are modes for [-]."""

_TABLE = "relaxation_modes.csv"


@dataclass(frozen=True)
class RelaxationModes:
    """times : t_k in units of R^2/D;  shares : c_k;  at_once : c_0, the share that follows the surface [-]"""

    times: Array
    shares: Array
    at_once: float


@dataclass(frozen=True)
class ModeSeries:
    """Chebyshev series in x = 2 sigma / WIDEST - 1 of ln t_k and ln(c_k / c_0), each [terms, modes]."""

    log_times: Array
    log_ratios: Array

    @property
    def count(self) -> int:
        """Number of modes."""
        return int(self.log_times.shape[1])


@cache
def mode_series() -> ModeSeries:
    """The series that the table beside this file holds (scripts/relaxation_modes.py makes it)."""
    text = files(__package__).joinpath(_TABLE).read_text()
    columns = np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
    log_times, log_ratios = np.split(columns, 2, axis=1)
    return ModeSeries(log_times, log_ratios)


def exponential_of_series(spread: Any, *coefficients: Any) -> Any:
    """exp(sum_j a_j T_j(x)), x = 2 sigma / WIDEST - 1, with Chebyshev's T_j; numbers, arrays or symbols."""
    x = spread * (2 / WIDEST) - 1
    before, now, total = 1.0, x, coefficients[0] + coefficients[1] * x
    for coefficient in coefficients[2:]:
        before, now = now, 2 * x * now - before
        total = total + coefficient * now
    return np.exp(total)


def relaxation_modes(spread: float) -> RelaxationModes:
    """The modes of a spread sigma of ln(R^2/D), 0 to WIDEST; 0 is a single sphere.

    Raises ValueError for a spread outside 0 to WIDEST.
    """
    if not 0 <= spread <= WIDEST:
        raise ValueError(f"The spread of diffusion times is {spread:g}; allowed: 0 to {WIDEST:g}.")
    series = mode_series()
    times = exponential_of_series(spread, *series.log_times)
    ratios = exponential_of_series(spread, *series.log_ratios)
    at_once = float(1 / (1 + ratios.sum()))
    return RelaxationModes(times, ratios * at_once, at_once)


SHORTEST = 0.01
"""Diffusion time that is added to R^2/D [s]."""


def relaxation_rate(diffusivity: Any, radius: Any) -> Any:
    """1 / (R^2/D + 0.01 s) [s-1], in place of D/R^2.

    A particle that fills within milliseconds is in equilibrium with its surface at any current. Its modes would be
    filled by the difference of two equal numbers, whose last digit, times D/R^2, is charge that comes from nowhere:
    1e-6 of the capacity at C/100 for R^2/D = 0.1 s, and more in proportion to D. The added time t costs t/15 times
    the rate of the full capacity, 4e-6 of it at 20C.

    diffusivity : D [m2.s-1];  radius : R [m]
    """
    return diffusivity / (radius**2 + SHORTEST * diffusivity)
