"""The three-parameter rate equation, fitted to a rate curve."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import t as student

from hetsim.errors import ParameterError
from hetsim.laws.rate_equation import capacity_share, tian_capacity
from hetsim.units import rate

PARAMETERS = 3
_START = ((1.05, 0.03, 0.5), (1.2, 0.1, 0.5), (1.05, 0.01, 1.0), (2.0, 1.0, 0.5))
"""Full capacity over the largest, time constant [h], exponent [-]: a fit from each, the best counts."""
_LOWEST, _HIGHEST = (0.5, 1e-6, 0.05), (20.0, 1e3, 3.0)


@dataclass(frozen=True)
class RateEquationPriors:
    """What is known of the rate equation before a fit, and of the noise: as fits of cells have it.

    The defaults were learned on measured rate curves, and the noise chosen on their left-out points, like those of
    `hs.template` (benchmarks/fit_all.py).

    Parameters
    ----------
    full_capacity : tuple[float, float]
        Q_M over the highest measured capacity [-], and the width of its logarithm
    time_constant : tuple[float, float]
        Tau [h], and the width of its logarithm
    exponent : tuple[float, float]
        n [-], and the width of its logarithm
    noise : float
        Relative error of a capacity [-]
    first_cycle : float
        Factor of the noise at the lowest current of a curve of three points or more
    """

    full_capacity: tuple[float, float] = (1.16, 0.145)
    time_constant: tuple[float, float] = (0.0194, 1.89)
    exponent: tuple[float, float] = (0.34, 0.348)
    noise: float = 0.002
    first_cycle: float = 4.0

    @property
    def centres(self) -> tuple[float, float, float]:
        return self.full_capacity[0], self.time_constant[0], self.exponent[0]

    @property
    def widths(self) -> tuple[float, float, float]:
        return self.full_capacity[1], self.time_constant[1], self.exponent[1]


@dataclass(frozen=True)
class RateEquationFit:
    """Q = Q_M [1 - x (1 - exp(-1/x))], x = (R tau)^n, R = I/Q, and how well it is known.

    Parameters
    ----------
    full_capacity : float
        Q_M [mA.h.g-1]
    time_constant : float
        Tau [h]
    exponent : float
        n [-], 1/2 for diffusion, 1 for an ohmic or electrolyte limit
    factors : tuple[float, float, float]
        The 95 % interval of each as a factor of its value, in the same order; not a number for
        three points, which leave no residual
    errors : tuple[float, ...]
        100 (fitted/measured - 1) of each point at its measured rate R [%]; of a fit with priors at its current I
    covariance : numpy.ndarray | None
        Of the logarithms of the three values, of a fit with priors; None without
    """

    full_capacity: float
    time_constant: float
    exponent: float
    factors: tuple[float, float, float]
    errors: tuple[float, ...]
    covariance: np.ndarray | None = None

    @property
    def mean_abs_error_percent(self) -> float:
        return float(np.mean(np.abs(self.errors)))

    def curve(self, rates: Any) -> tuple[np.ndarray, np.ndarray]:
        """Currents [A.g-1] and capacities [mA.h.g-1] at rates R = I/Q [h-1]."""
        r = np.asarray(rates, dtype=float)
        capacity = self.full_capacity * capacity_share(r, self.time_constant, self.exponent)
        return 1e-3 * r * capacity, capacity

    def capacities(self, currents: Any) -> np.ndarray:
        """Capacities [mA.h.g-1] at currents [A.g-1], with the rate I/Q that belongs to them."""
        i = np.asarray(currents, dtype=float)
        found = tian_capacity(i, self.full_capacity, self.time_constant, self.exponent)
        return np.asarray(found, dtype=float)


def fit_rate_equation(
    currents: Any, capacities: Any, priors: RateEquationPriors | None = None
) -> RateEquationFit:
    """Fit Q_M, tau and n to a rate curve, with equal relative errors at all points.

    Parameters
    ----------
    currents : array_like
        [A.g-1]
    capacities : array_like
        [mA.h.g-1]; at least three points, with priors at least two
    priors : RateEquationPriors | None, default None
        For a fit that is regularised as a fit of a cell is: log-normal priors, noise, and the soft limit for outliers;
        the yardstick that a physical model is to be held against

    Returns
    -------
    RateEquationFit

    Raises
    ------
    ParameterError
        For fewer points or values that are not positive.

    Notes
    -----
    Q is fitted against the measured rate R = I/Q, as in the source.
    Limits: a description with three numbers; tau is a diffusion time only if n = 1/2 and nothing else
    limits.

    References
    ----------
    Tian et al., Nat. Commun. 10, 1933 (2019), doi:10.1038/s41467-019-09792-9, eq. 2.
    """
    i, q = np.asarray(currents, dtype=float), np.asarray(capacities, dtype=float)
    fewest = PARAMETERS if priors is None else 2
    if len(i) != len(q) or len(i) < fewest:
        raise ParameterError(
            f"The rate equation has {PARAMETERS} parameters; {len(i)} currents and {len(q)} capacities "
            f"were given, it needs equally many and at least {fewest}."
        )
    if not (np.all(i > 0) and np.all(q > 0)):
        raise ParameterError("The rate equation needs positive currents and capacities.")
    top, rates = float(q.max()), rate(i, q)

    def errors(x: Any) -> np.ndarray:
        full, tau, n = np.exp(x)
        return np.log(full * top * capacity_share(rates, tau, n) / q)

    if priors is not None:
        return _regularised(errors, i, q, priors)
    bounds = (np.log(_LOWEST), np.log(_HIGHEST))
    best = min(
        (least_squares(errors, np.log(one), bounds=bounds, x_scale="jac") for one in _START),
        key=lambda one: one.cost,
    )
    full, tau, n = np.exp(best.x)
    return RateEquationFit(
        float(full * top),
        float(tau),
        float(n),
        _factors(best.jac, best.fun),
        tuple(float(one) for one in 100 * np.expm1(best.fun)),
    )


OUTLIER = 2.0
"""Deviations beyond which a point counts linearly, as in a fit of a cell."""


def _regularised(
    errors: Callable[[Any], np.ndarray], i: np.ndarray, q: np.ndarray, priors: RateEquationPriors
) -> RateEquationFit:
    """Soft L1 of the errors over the noise, and the squares of the deviations from the priors."""
    noise = np.full(len(i), priors.noise)
    if len(i) > 2:
        noise[i.argmin()] *= priors.first_cycle
    centres, widths = np.log(priors.centres), np.array(priors.widths)

    def deviations(x: Any) -> np.ndarray:
        r = errors(x) / noise
        # a residual whose square is the soft limit of another: 2 C^2 (sqrt(1 + (r/C)^2) - 1)
        bent = r * np.sqrt(2 / (1 + np.sqrt(1 + (r / OUTLIER) ** 2)))
        return np.concatenate([bent, (x - centres) / widths])

    starts = (centres, centres - 2 * np.array([0.0, widths[1], 0.0]))
    best = min((least_squares(deviations, one) for one in starts), key=lambda one: float(one.cost))
    full, tau, n = np.exp(best.x)
    covariance = np.linalg.inv(best.jac.T @ best.jac)
    wide = np.exp(1.96 * np.sqrt(np.diag(covariance)))
    found = RateEquationFit(
        float(full * q.max()),
        float(tau),
        float(n),
        (float(wide[0]), float(wide[1]), float(wide[2])),
        (),
        covariance,
    )
    off = 100 * (found.capacities(i) / q - 1)
    return replace(found, errors=tuple(float(one) for one in off))


def _factors(jacobian: np.ndarray, errors: np.ndarray) -> tuple[float, float, float]:
    free = len(errors) - PARAMETERS
    if free < 1:
        return (float("nan"),) * 3
    covariance = np.linalg.pinv(jacobian.T @ jacobian) * float(errors @ errors) / free
    with np.errstate(over="ignore"):
        wide = np.exp(student.ppf(0.975, free) * np.sqrt(np.diag(covariance)))
    return float(wide[0]), float(wide[1]), float(wide[2])
