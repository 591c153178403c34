"""The posterior of the fitted values: draws, with how far they can be trusted.

    p(x | data) ~ prod_k (nu_0 + S_k(x) / e)^(-(nu_0 + n_k) / 2)  exp(-sum_j ((x_j - m_j) / w_j)^2 / 2)

inside the limits; x logarithms of the values, S_k / e the scatter of curve k in units of the guessed noise. The noise
of each curve is integrated out over its scaled inverse chi-squared prior (fitting.noise_scale, whose nu_0, S and e
these are). With the noise taken as given the first factor is exp(-sum rho(r) / 2).

*Importance sampling*: draws of a multivariate t around the best fit, as wide as the linearised problem says, each
weighted by p / proposal. The largest weights are smoothed by the generalised Pareto distribution that fits their tail;
its shape k says whether the proposal was good enough (below 0.7). Where it was not, the next proposal has mean and
covariance of the weighted draws. All draws of a round are simulated side by side.

*emcee*: an ensemble of walkers that move along the differences of others (a shorter autocorrelation time than by its
default at two to five values), half of them at once. It has converged when it is 50 times as long as its
autocorrelation time.

Source: A. Vehtari et al., J. Mach. Learn. Res. 25, 72 (2024), arXiv:1507.02646; J. Zhang, M. A. Stephens, Technometrics
51, 316 (2009), doi:10.1198/tech.2009.08017; D. Foreman-Mackey et al., Publ. Astron. Soc. Pac. 125, 306 (2013),
doi:10.1086/670067.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import logsumexp
from scipy.stats import multivariate_t

from hetsim.errors import ParameterError
from hetsim.fitting.gauss_newton import Linearised, cost
from hetsim.fitting.noise_scale import GUESS_COUNTS, NoiseScale, scaled, scatter_about
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import scale_of
from hetsim.results import Array

PROPOSAL_FREEDOM = 5
"""Of the multivariate t: tails heavier than those of the posterior."""
GOOD_K = 0.7
"""Of the Pareto shape: below, means of weighted draws can be relied on."""
ENOUGH = 100.0
"""Effective draws for means and 90 % intervals; a fifth of the draws where there are fewer than 500."""
ROUNDS = 4
"""Most proposals, each from the draws of the one before."""
CHAIN_OVER_TIME = 50
"""A chain is long enough at so many autocorrelation times."""
LONGEST_CHAIN = 5000
PIECE = 100
"""Steps of emcee between two looks at its autocorrelation time."""

LogDensity = Callable[[Sequence[Array]], Array]
"""From points to the logarithm of the posterior there, up to a constant; -inf where nothing runs."""


@dataclass(frozen=True)
class Posterior:
    """Draws from the posterior of the fitted values.

    Parameters
    ----------
    labels : tuple[str, ...]
        Of the values, in the order in which they were freed
    draws : Array
        Logarithms of the values, a row a draw
    weights : Array
        Of the draws, of sum one
    method : str
        "importance" or "emcee"
    effective_size : float
        How many independent draws they are worth
    pareto_k : float
        Shape of the tail of the weights; not a number for emcee
    converged : bool
        Whether they can be relied on: k below 0.7 and 100 effective draws (a fifth of fewer than 500), or a chain of 50
        autocorrelation times
    """

    labels: tuple[str, ...]
    draws: Array
    weights: Array
    method: str
    effective_size: float
    pareto_k: float
    converged: bool

    @property
    def sentence(self) -> str:
        """How the draws were made and whether they can be relied on."""
        how = f"{len(self.draws)} draws by {self.method}, worth {self.effective_size:.0f} independent ones"
        if self.method == "importance":
            how += f", Pareto k {self.pareto_k:.2f}"
        if self.converged:
            return f"{how}: converged."
        remedy = "method='emcee'" if self.method == "importance" else "more draws"
        return (
            f"{how}: not converged; try {remedy}, or a prior that holds what the data leave open."
        )

    def quantile(self, label: str, levels: Sequence[float]) -> Array:
        """Quantiles of a value, in its unit. Raises ParameterError for an unknown label."""
        if label not in self.labels:
            raise ParameterError(
                f"'{label}' was not fitted; fitted were: {', '.join(self.labels)}."
            )
        column = self.draws[:, self.labels.index(label)]
        return np.exp(weighted_quantile(column, self.weights, levels))

    def interval(self, label: str, level: float = 0.95) -> tuple[float, float]:
        """Equal-tailed interval of a value, in its unit."""
        low, high = self.quantile(label, [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)

    def summary(self) -> pd.DataFrame:
        """One row a value: median and 95 % interval."""
        levels = [0.5, 0.025, 0.975]
        rows = {label: self.quantile(label, levels) for label in self.labels}
        frame = pd.DataFrame(rows, index=["median", "95 % low", "95 % high"]).T
        frame.index.name = "parameter"
        return frame

    def to_frame(self) -> pd.DataFrame:
        """One row a draw: the values in their units, and the weight."""
        frame = pd.DataFrame(np.exp(self.draws), columns=list(self.labels))
        frame["weight"] = self.weights
        return frame

    def to_xarray(self) -> xr.Dataset:
        """The same by draw, with method, effective size, Pareto k and convergence as attributes."""
        attributes = {
            "method": self.method,
            "effective_size": self.effective_size,
            "pareto_k": self.pareto_k,
            "converged": int(self.converged),
        }
        columns = {label: ("draw", np.exp(self.draws[:, k])) for k, label in enumerate(self.labels)}
        return xr.Dataset({**columns, "weight": ("draw", self.weights)}, attrs=attributes)

    def resampled(self, count: int, seed: int = 0) -> Array:
        """Logarithms of `count` draws of equal weight, by systematic resampling."""
        places = (np.random.default_rng(seed).random() + np.arange(count)) / count
        rows = np.searchsorted(np.cumsum(self.weights), places)
        return self.draws[np.minimum(rows, len(self.draws) - 1)]


def log_posterior(problem: Problem, scale: NoiseScale, known_noise: bool = False) -> LogDensity:
    """The logarithm of the posterior density of a problem's logarithms, up to a constant.

    known_noise : take the noise of the fit as given, in place of integrating it out
    """
    low, high = problem.limits
    soft = problem.soft
    priors = np.flatnonzero(soft == 0)
    counts = [one.independent for _, one in problem.parts]

    def of(deviations: Array) -> float:
        total = -float((deviations[priors] ** 2).sum()) / 2
        for own, part, count in zip(scale.scales, scale.curves, counts, strict=True):
            if known_noise:
                total -= cost(deviations[part], soft[part])
            else:
                scatter = scatter_about(deviations[part], soft[part], own)
                total -= (GUESS_COUNTS + count) / 2 * np.log(GUESS_COUNTS + scatter)
        return total

    def density(points: Sequence[Array]) -> Array:
        inside = [k for k, x in enumerate(points) if np.all((x >= low) & (x <= high))]
        found = np.full(len(points), -np.inf)
        made = problem.deviations([np.asarray(points[k], float) for k in inside]) if inside else []
        for k, deviations in zip(inside, made, strict=True):
            if deviations is not None:
                found[k] = of(deviations)
        return found

    return density


def posterior_of(
    problem: Problem,
    best: Linearised,
    draws: int = 1000,
    method: str = "importance",
    known_noise: bool = False,
    seed: int = 0,
) -> Posterior:
    """Draws from the posterior of a problem around its best fit. Raises ParameterError for a wrong method or number."""
    if method not in ("importance", "emcee"):
        raise ParameterError(
            f"The method of a posterior is '{method}'; allowed: 'importance', 'emcee'."
        )
    if draws < 100:
        raise ParameterError(f"A posterior of {draws} draws says nothing; it needs 100 or more.")
    scale = scale_of(problem, best)
    factors = np.ones(len(best.soft))
    if not known_noise:
        for one, part in zip(scale.scales, scale.curves, strict=True):
            factors[part] = one
    density = log_posterior(problem, scale, known_noise)
    labels = tuple(one.label for one in problem.free)
    width = scaled(best, factors).covariance
    limits = problem.limits
    made = importance_draws if method == "importance" else emcee_draws
    return made(density, labels, best.x, width, limits, draws, seed)


# --- importance sampling --------------------------------------------------------------------------


def importance_draws(
    density: LogDensity,
    labels: tuple[str, ...],
    centre: Array,
    covariance: Array,
    limits: tuple[Array, Array],
    count: int,
    seed: int = 0,
) -> Posterior:
    """Weighted draws of a density, from a multivariate t around its maximum, repeated until the weights are even."""
    rng = np.random.default_rng(seed)
    found = None
    for _ in range(ROUNDS):
        proposal = multivariate_t(centre, covariance, df=PROPOSAL_FREEDOM, seed=rng)
        draws, weights, k = _weighted(density, proposal, limits, count)
        size = 1 / float((weights**2).sum())
        good = k < GOOD_K and size > min(ENOUGH, count / 5)
        if found is None or size > found.effective_size:
            found = Posterior(labels, draws, weights, "importance", size, k, good)
        if good:
            break
        centre = weights @ draws
        away = draws - centre
        covariance = (weights * away.T) @ away + 0.05 * covariance
    assert found is not None
    return found


def _weighted(
    density: LogDensity, proposal: Any, limits: tuple[Array, Array], count: int
) -> tuple[Array, Array, float]:
    """Draws inside the limits, smoothed weights of sum one, and the Pareto shape of their tail."""
    low, high = limits
    kept: list[Array] = []
    for _ in range(50):  # at most: most of a proposal may lie outside
        tried = np.reshape(proposal.rvs(size=count), (count, len(low)))
        kept += [x for x in tried if np.all((x >= low) & (x <= high))]
        if len(kept) >= count:
            break
    draws = np.array(kept[:count])
    logarithms = density(list(draws)) - np.atleast_1d(proposal.logpdf(draws))
    smooth, k = pareto_smoothed(logarithms)
    return draws, np.exp(smooth - logsumexp(smooth)), k


def pareto_smoothed(logarithms: Array) -> tuple[Array, float]:
    """Logarithms of weights with their tail smoothed, and the Pareto shape k of the tail.

    The tail are the largest min(n / 5, 3 sqrt(n)) weights; they become the expected order statistics of the
    generalised Pareto distribution that fits them, cut at the largest raw weight.
    """
    logarithms = logarithms - logarithms.max()
    tail = int(np.ceil(min(0.2 * len(logarithms), 3 * np.sqrt(len(logarithms)))))
    order = np.argsort(logarithms)
    largest = order[-tail:]
    threshold = np.exp(logarithms[order[-tail - 1]])
    excess = np.exp(logarithms[largest]) - threshold
    if tail < 5 or excess[-1] <= 0:
        return logarithms, float("inf") if threshold == 0 else 0.0
    k, sigma = fitted_pareto(excess[excess > 0])
    places = (np.arange(tail) + 0.5) / tail
    smooth = (
        sigma * np.expm1(-k * np.log1p(-places)) / k
        if abs(k) > 1e-6
        else -sigma * np.log1p(-places)
    )
    found = logarithms.copy()
    found[largest] = np.minimum(np.log(np.maximum(threshold + smooth, 1e-300)), 0.0)
    return found, k


def fitted_pareto(excess: Array) -> tuple[float, float]:
    """Shape k and scale sigma of the generalised Pareto distribution of some rising values above zero.

    The empirical Bayes estimate of Zhang and Stephens, with k drawn to 0.5 as if by 10 more values (Vehtari et al.).
    """
    excess = np.sort(excess)
    n = len(excess)
    count = 30 + int(np.sqrt(n))
    quarter = excess[max(int(n / 4 + 0.5) - 1, 0)]
    b = 1 / excess[-1] + (1 - np.sqrt(count / (np.arange(1, count + 1) - 0.5))) / (3 * quarter)
    shapes = np.log1p(-b[:, None] * excess).mean(axis=1)
    likelihood = n * (np.log(-b / shapes) - shapes - 1)
    weights = np.exp(likelihood - logsumexp(likelihood))
    mean = float(weights @ b)
    shape = float(np.log1p(-mean * excess).mean())
    return (n * shape + 5.0) / (n + 10), -shape / mean


# --- emcee ----------------------------------------------------------------------------------------


def emcee_draws(
    density: LogDensity,
    labels: tuple[str, ...],
    centre: Array,
    covariance: Array,
    limits: tuple[Array, Array],
    count: int,
    seed: int = 0,
) -> Posterior:
    """Draws of a density by an ensemble of walkers that start around its maximum."""
    try:
        import emcee
    except ImportError as error:
        raise ParameterError(
            "emcee is not installed; pip install 'hetsim[fit]', or leave the method at 'importance'."
        ) from error
    size = len(centre)
    walkers = 2 * size + 6
    rng = np.random.default_rng(seed)
    start = rng.multivariate_normal(centre, covariance / 4, size=walkers)
    start = np.clip(start, limits[0] + 1e-6, limits[1] - 1e-6)
    # not DESnookerMove, whose draws are a tenth too narrow in emcee 3.1: it accepts with
    # half of the logarithm of the ratio of distances
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(
        walkers, size, lambda points: density(list(points)), moves=moves, vectorize=True
    )
    sampler.random_state = np.random.RandomState(seed).get_state()
    state, time = start, np.inf
    while sampler.iteration < LONGEST_CHAIN:
        state = sampler.run_mcmc(state, PIECE)
        time = float(np.max(sampler.get_autocorr_time(tol=0)))
        if sampler.iteration > CHAIN_OVER_TIME * time:
            break
    burnt = int(2 * time) if np.isfinite(time) else sampler.iteration // 2
    chain = sampler.get_chain(discard=burnt, flat=True)
    rows = np.linspace(0, len(chain) - 1, min(count, len(chain))).astype(int)
    worth = min(len(chain) / time, float(len(rows)))
    good = bool(sampler.iteration > CHAIN_OVER_TIME * time)
    weights = np.full(len(rows), 1 / len(rows))
    return Posterior(labels, chain[rows], weights, "emcee", worth, float("nan"), good)


def weighted_quantile(values: Array, weights: Array, levels: Sequence[float]) -> Array:
    """Quantiles of weighted values: the cumulated weight at half of each, linear in between."""
    order = np.argsort(values)
    cumulated = np.cumsum(weights[order]) - weights[order] / 2
    return np.interp(levels, cumulated, values[order])
