"""The three-parameter rate equation, fitted to a rate curve."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import least_squares
from scipy.stats import t as student

from hetsim.errors import ParameterError
from hetsim.laws.rate_equation import capacity_share
from hetsim.units import rate

PARAMETERS = 3
_START = ((1.05, 0.03, 0.5), (1.2, 0.1, 0.5), (1.05, 0.01, 1.0), (2.0, 1.0, 0.5))
"""Full capacity over the largest, time constant [h], exponent [-]: a fit from each, the best counts."""
_LOWEST, _HIGHEST = (0.5, 1e-6, 0.05), (20.0, 1e3, 3.0)


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
        100 (fitted/measured - 1) of each point at its measured rate R [%]
    """

    full_capacity: float
    time_constant: float
    exponent: float
    factors: tuple[float, float, float]
    errors: tuple[float, ...]

    @property
    def mean_abs_error_percent(self) -> float:
        return float(np.mean(np.abs(self.errors)))

    def curve(self, rates: Any) -> tuple[np.ndarray, np.ndarray]:
        """Currents [A.g-1] and capacities [mA.h.g-1] at rates R = I/Q [h-1]."""
        r = np.asarray(rates, dtype=float)
        capacity = self.full_capacity * capacity_share(r, self.time_constant, self.exponent)
        return 1e-3 * r * capacity, capacity


def fit_rate_equation(currents: Any, capacities: Any) -> RateEquationFit:
    """Fit Q_M, tau and n to a rate curve, with equal relative errors at all points.

    Parameters
    ----------
    currents : array_like
        [A.g-1]
    capacities : array_like
        [mA.h.g-1]; at least three points

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
    if len(i) != len(q) or len(i) < PARAMETERS:
        raise ParameterError(
            f"The rate equation has {PARAMETERS} parameters; {len(i)} currents and {len(q)} capacities "
            "were given, it needs equally many and at least 3."
        )
    if not (np.all(i > 0) and np.all(q > 0)):
        raise ParameterError("The rate equation needs positive currents and capacities.")
    top, rates = float(q.max()), rate(i, q)

    def errors(x: Any) -> np.ndarray:
        full, tau, n = np.exp(x)
        return np.log(full * top * capacity_share(rates, tau, n) / q)

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


def _factors(jacobian: np.ndarray, errors: np.ndarray) -> tuple[float, float, float]:
    free = len(errors) - PARAMETERS
    if free < 1:
        return (float("nan"),) * 3
    covariance = np.linalg.pinv(jacobian.T @ jacobian) * float(errors @ errors) / free
    with np.errstate(over="ignore"):
        wide = np.exp(student.ppf(0.975, free) * np.sqrt(np.diag(covariance)))
    return float(wide[0]), float(wide[1]), float(wide[2])
