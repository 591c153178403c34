"""Where importance sampling draws from: a mixture that is moved to, or made from, weighted draws."""

from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.special import logsumexp
from scipy.stats import multivariate_t, norm

from hetsim.fitting.posterior import PROPOSAL_FREEDOM
from hetsim.results import Array

PARTS, RESAMPLED, WIDENED = 5, 600, 0.2
"""Of a proposal that is made from weighted draws: its parts, the draws that they are made of, and the share of the
covariance of all that each part has beside its own."""
PRIOR_SHARE = 0.1
"""Of the draws, from the prior itself."""


@dataclass(frozen=True)
class Proposal:
    """A mixture of multivariate t and of the prior, in coordinates z in which the prior is standard normal.

    No limit cuts it there: x at a limit is z at infinity.
    """

    centres: tuple[Array, ...]
    covariances: tuple[Array, ...]

    def draw(self, count: int, rng: np.random.Generator) -> Array:
        size = len(self.centres[0])
        of_prior = rng.binomial(count, PRIOR_SHARE)
        pieces = [rng.normal(size=(of_prior, size))]
        which = rng.integers(len(self.centres), size=count - of_prior)
        for k, (centre, covariance) in enumerate(zip(self.centres, self.covariances, strict=True)):
            t = multivariate_t(centre, covariance, df=PROPOSAL_FREEDOM, seed=rng)
            number = int((which == k).sum())
            if number:
                pieces.append(np.reshape(t.rvs(size=number), (number, size)))
        return np.concatenate(pieces)

    def log_densities(self, z: Array) -> Array:
        each = [np.log(PRIOR_SHARE) + norm.logpdf(z).sum(axis=1)]
        for centre, covariance in zip(self.centres, self.covariances, strict=True):
            t = multivariate_t(centre, covariance, df=PROPOSAL_FREEDOM)
            share = (1 - PRIOR_SHARE) / len(self.centres)
            each.append(np.log(share) + np.atleast_1d(t.logpdf(z)))
        return np.asarray(logsumexp(each, axis=0), float)


def moved(proposal: Proposal, draws: Array, logarithms: Array) -> Proposal:
    """Each part of a proposal at mean and covariance of the weighted draws that are nearest to it."""
    weights = np.exp(logarithms - logsumexp(logarithms))
    distances = np.array(
        [
            np.einsum("ij,jk,ik->i", draws - centre, np.linalg.inv(covariance), draws - centre)
            for centre, covariance in zip(proposal.centres, proposal.covariances, strict=True)
        ]
    )
    nearest = distances.argmin(axis=0)
    centres, covariances = [], []
    for k, covariance in enumerate(proposal.covariances):
        own = np.where(nearest == k, weights, 0.0)
        if own.sum() < 1e-6 or own.sum() ** 2 / (own**2).sum() < 5 * len(covariance):
            centres.append(proposal.centres[k])  # too few draws say where it is
            covariances.append(covariance)
            continue
        own = own / own.sum()
        centre = own @ draws
        away = draws - centre
        centres.append(centre)
        covariances.append((own * away.T) @ away + 0.05 * covariance)
    return Proposal(tuple(centres), tuple(covariances))


def split(draws: Array, logarithms: Array, rng: np.random.Generator) -> Proposal:
    """A proposal of several parts from weighted draws, for a valley that bends or a plateau with edges."""
    weights = np.exp(logarithms - logsumexp(logarithms))
    taken = draws[rng.choice(len(draws), size=RESAMPLED, p=weights)]
    whole = np.cov(taken.T) + 1e-6 * np.eye(taken.shape[1])
    axes = np.linalg.cholesky(np.linalg.inv(whole))  # distances in units of the spread
    _, part = kmeans2(taken @ axes, PARTS, minit="++", seed=rng)
    centres, covariances = [], []
    for k in range(PARTS):
        own = taken[part == k]
        if len(own):
            centres.append(own.mean(axis=0))
            away = own - centres[-1]
            covariances.append(away.T @ away / len(own) + WIDENED * whole)
    return Proposal(tuple(centres), tuple(covariances))
