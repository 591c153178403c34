"""Spheres whose diffusion times are spread log-normally, as a few relaxation modes.

Diffusion with a constant D is linear: what N modes hold follows the surface of the particles with one time each,

    theta_mean = c_0 theta_s + sum_k c_k m_k,      dm_k/dt = (theta_s - m_k) D / (R^2 t_k),      c_0 + sum_k c_k = 1
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
    log_shares: Array

    @property
    def count(self) -> int:
        """Number of modes."""
        return int(self.log_times.shape[1])


@cache
def mode_series() -> ModeSeries:
    """The series that the table beside this file holds (scripts/relaxation_modes.py makes it)."""
    text = files(__package__).joinpath(_TABLE).read_text()
    columns = np.loadtxt(text.splitlines(), delimiter=",", ndmin=2)
    log_times, log_shares = np.split(columns, 2, axis=1)
    return ModeSeries(log_times, log_shares)


def chebyshev_terms(spread: Any, count: int) -> list[Any]:
    """T_0(x) to T_(count-1)(x) at x = 2 sigma / WIDEST - 1, of a number or a symbol, for 2 terms or more."""
    x = spread * (2 / WIDEST) - 1
    terms = [1.0, x]
    while len(terms) < count:
        terms.append(2 * x * terms[-1] - terms[-2])
    return terms


def relaxation_modes(spread: float) -> RelaxationModes:
    """The modes of a spread sigma of ln(R^2/D), 0 to WIDEST; 0 is a single sphere.

    Raises ValueError for a spread outside 0 to WIDEST.
    """
    if not 0 <= spread <= WIDEST:
        raise ValueError(f"The spread of diffusion times is {spread:g}; allowed: 0 to {WIDEST:g}.")
    series = mode_series()
    terms = np.array(chebyshev_terms(spread, len(series.log_times)))
    ratios = np.exp(terms @ series.log_shares)
    whole = 1 + ratios.sum()
    return RelaxationModes(np.exp(terms @ series.log_times), ratios / whole, float(1 / whole))
