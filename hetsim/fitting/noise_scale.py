"""How large the noise of each curve is, as its own points say.

The noise of a fit is a guess (2 % of a capacity). What the points scatter about the fitted curve is a second source:

    s^2 = (nu_0 + S / e) / (nu_0 + nu),   S = s^2 sum rho(r / s),   nu = n - tr(H)

s noise over that guessed, r deviations in units of the guess, n points, tr(H) how many of them the values use up (the
trace of the hat matrix, with the priors in it), e = E[rho] of normal deviations of one. The soft limit of rho is at two
deviations of the noise as it is, not as it was guessed, so s is found by iteration. The guess counts as nu_0
points: a scaled inverse chi-squared prior of s^2. An interval of a value that the data alone determine is then that of
Student's t with nu_0 + nu degrees of freedom, and one of a value that the prior holds is the prior's. Both come out at
the threshold of chi-squared where the deviations are divided by

    s t_(nu_0 + nu)(0.975) / 1.96

The scatter of a dense record (samples that count as fewer independent ones) says how much too small the guess is, never
how much too large: what such a record is off by, an error of its active mass or its isotherm, is smooth and no scatter.
There s is one at least.

Source: A. Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), sections 2.6 and 14.2; exact for a linear model with
normal noise where either the data or the prior determine a value, in between an interpolation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.stats import norm, t

from hetsim.fitting.gauss_newton import OUTLIER, Linearised, cost
from hetsim.results import Array

GUESS_COUNTS = 1.0
"""nu_0: points that the guessed noise counts as; one, for fits of measured curves scatter by 0.3 to 8 %."""
ROUNDS = 12
"""Of the iteration for s; from round to round it changes by a third of what is missing or less."""
LEVEL = 0.95
NORMAL = float(norm.ppf((1 + LEVEL) / 2))
"""1.96: a 95 % interval of a normal distribution, in standard deviations."""


def _expected() -> float:
    """e = E[rho(r)] of normal deviations: 1 without a soft limit."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    rho = 2 * OUTLIER**2 * (np.sqrt(1 + (nodes / OUTLIER) ** 2) - 1)
    return float(weights @ rho / weights.sum())


EXPECTED = _expected()


@dataclass(frozen=True)
class NoiseScale:
    """Noise of each curve over that guessed, with its degrees of freedom nu_0 + nu."""

    scales: tuple[float, ...]
    freedoms: tuple[float, ...]
    curves: tuple[slice, ...]

    def factors(self, size: int, level: float = LEVEL) -> Array:
        """What each of `size` deviations is to be divided by for intervals of a level; 1 for priors."""
        found = np.ones(size)
        normal = norm.ppf((1 + level) / 2)
        for scale, freedom, part in zip(self.scales, self.freedoms, self.curves, strict=True):
            found[part] = scale * t.ppf((1 + level) / 2, freedom) / normal
        return found


def noise_scale(
    linearised: Linearised,
    points: Sequence[int],
    independent: Sequence[float] | None = None,
    guess_counts: float = GUESS_COUNTS,
) -> NoiseScale:
    """Noise of each curve at fitted values.

    points : how many deviations belong to each curve, in their order
    independent : how many independent numbers they count as; all of them without
    """
    counts = [float(one) for one in (points if independent is None else independent)]
    ends = np.cumsum([0, *points])
    curves = tuple(slice(int(a), int(b)) for a, b in pairwise(ends))
    scales = np.ones(len(curves))
    used = np.zeros(len(curves))
    slopes = linearised.slopes * linearised.weights[:, None]
    soft = linearised.soft
    for _ in range(ROUNDS):
        factors = np.ones(len(soft))
        for scale, part in zip(scales, curves, strict=True):
            factors[part] = scale
        scaled = slopes / factors[:, None]
        hat = np.einsum("ij,jk,ik->i", scaled, np.linalg.pinv(scaled.T @ scaled), scaled)
        for k, part in enumerate(curves):
            used[k] = hat[part].sum()
            scatter = scatter_about(linearised.deviations[part], soft[part], float(scales[k]))
            freedom = guess_counts + max(counts[k] - used[k], 0.0)
            scales[k] = np.sqrt((guess_counts + scatter) / freedom)
            if counts[k] < points[k]:
                scales[k] = max(scales[k], 1.0)
    freedoms = [guess_counts + max(n - one, 0.0) for n, one in zip(counts, used, strict=True)]
    return NoiseScale(tuple(map(float, scales)), tuple(map(float, freedoms)), curves)


def scatter_about(deviations: Array, soft: Array, scale: float) -> float:
    """S / e: the sum of squares of some deviations, those beyond two of the noise as it is counting linearly."""
    expected = EXPECTED if soft.any() else 1.0
    return scale**2 * 2 * cost(deviations / scale, soft) / expected


def scaled(linearised: Linearised, factors: Array) -> Linearised:
    """The same problem with its deviations divided by some factors."""
    return Linearised(
        linearised.x,
        linearised.deviations / factors,
        linearised.slopes / factors[:, None],
        linearised.soft,
    )
