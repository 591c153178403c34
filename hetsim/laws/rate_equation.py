"""The empirical rate equation of Tian et al.: capacity against rate with three parameters.

Q = Q_M s(x),   s(x) = 1 - x (1 - exp(-1/x)),   x = (R tau)^n,   R = I/Q

Source: Tian et al., Nat. Commun. 10, 1933 (2019), doi:10.1038/s41467-019-09792-9, eq. 2.
"""

import math

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.units import rate

optimize = late("scipy.optimize")

Array = NDArray[np.float64]

SERIES_FROM = 1e4
"""From this x on the share is taken from its series, which keeps its digits."""
LARGEST_LOG_RATE = 600.0
"""Largest ln(R tau) of the search; a capacity beyond it is below every other error and counts as 0."""


def capacity_share(rate: float | Array, time_constant: float, exponent: float) -> Array:
    """Share Q/Q_M of the full capacity at a rate R = I/Q [-].

    rate : R [h-1]; time_constant : tau [h]; exponent : n [-]
    For x of 1e4 and more the series 1/(2x) - 1/(6x^2) is used.
    """
    x = (rate * time_constant) ** exponent
    return np.where(x < SERIES_FROM, 1 + x * np.expm1(-1 / x), (1 - 1 / (3 * x)) / (2 * x))


def tian_capacity(
    current: float | Array, full_capacity: float, time_constant: float, exponent: float
) -> float | Array:
    """Capacity of the rate equation at given currents [mA.h.g-1].

    current : I [A.g-1], not negative; full_capacity : Q_M [mA.h.g-1]; time_constant : tau [h];
    exponent : n [-]

    The rate R = I/Q contains the capacity itself. It is the root of I = Q_M F(R) with
    F(R) = R s((R tau)^n). The slope is d ln F/d ln R = 1 + n e(x), and the elasticity
    e = d ln s/d ln x falls from 0 at x = 0 to -1 at infinite x, where s = 1/(2x). Therefore:

    - n < 1: F rises without bound as R^(1-n)/(2 tau^n). Every current has exactly one root.
    - n = 1: F rises to the limit 1/(2 tau). A current of Q_M/(2 tau) or more has no root.
    - n > 1: F has one maximum, where e = -1/n. A larger current has no root. A smaller one has two;
      the one with the larger capacity counts, as it is the one that starts from Q_M at no current.

    Where no positive capacity satisfies the equation the capacity is 0. For n = 1 this is the limit of
    the roots at the threshold. For n > 1 the capacity falls to 0 from a positive value in one step.
    Raises ParameterError for a negative current or a parameter that is not positive.
    """
    if not (full_capacity > 0 and time_constant > 0 and exponent > 0):
        raise ParameterError(
            "The rate equation needs a positive full capacity, time constant and exponent, got "
            f"{full_capacity:g} mA.h/g, {time_constant:g} h and {exponent:g}."
        )
    if not np.all(np.asarray(current) >= 0):
        raise ParameterError("The rate equation needs currents that are not negative.")
    limit = _largest_log_rate(exponent)

    def solve(specific_current: float) -> float:
        if specific_current == 0:
            return full_capacity
        # R tau if the full capacity were delivered: the lowest rate that is possible
        full_rate = rate(specific_current, full_capacity) * time_constant
        if exponent == 1 and full_rate >= 0.5:
            return 0.0
        lowest = math.log(full_rate)

        def residual(log_rate: float) -> float:
            share = float(capacity_share(math.exp(log_rate), 1.0, exponent))
            return log_rate + math.log(share) - lowest if share > 0 else -math.inf

        if lowest >= limit or residual(limit) <= 0:
            return 0.0
        if residual(lowest) >= 0:  # the share is 1 to the last digit
            return full_capacity
        return full_capacity * math.exp(
            lowest - optimize.brentq(residual, lowest, limit, xtol=1e-14)
        )

    values = np.vectorize(solve, otypes=[float])(current)
    return float(values) if np.ndim(current) == 0 else values


def _largest_log_rate(exponent: float) -> float:
    """Upper end of the search for ln(R tau): the maximum of F for n > 1, else a very large rate."""
    largest = min(LARGEST_LOG_RATE, LARGEST_LOG_RATE / exponent)
    if exponent <= 1:
        return largest
    if exponent - 1 < 1e-3:  # e = -1 + 1/(3x) + O(1/x^2)
        return min(largest, math.log(exponent / (3 * (exponent - 1))) / exponent)

    def slope(log_x: float) -> float:
        x = math.exp(log_x)
        share_slope = math.expm1(-1 / x) + math.exp(-1 / x) / x
        return 1 + exponent * x * share_slope / (1 + x * math.expm1(-1 / x))

    return float(optimize.brentq(slope, math.log(0.1 / exponent), math.log(1e4))) / exponent
