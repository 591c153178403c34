"""By how much an experiment is expected to move the odds between explanations of the data.

Before the experiment each model i predicts its numbers y, in units of their noise, with a mean m_i and a covariance
V_i = C_i + 1: C_i over the posterior of its values, and 1 the noise. If i is the right one, the logarithm of its odds
against j is expected to grow by

    D_ij = E_i[ln p_i(y) - ln p_j(y)]
         = (tr(V_j^-1 V_i) - n + (m_j - m_i)^T V_j^-1 (m_j - m_i) + ln(det V_j / det V_i)) / 2        [nat]      (1)

the distance of Kullback and Leibler between two normal distributions. It is never negative, and 0 where both predict
the same. With the probabilities p_i that the models have now, the odds of the right one against its closest rival are
expected to grow by sum_i p_i min_j D_ij. Limits: predictions are taken as normal, with the moments of draws of the
posteriors; noise as fits assume it (fitting.observations). Source: G. E. P. Box, W. J. Hill, Technometrics 9, 57
(1967), doi:10.1080/00401706.1967.10490441.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from hetsim.errors import ParameterError
from hetsim.fitting.evidence import Evidence, Weighed
from hetsim.fitting.experiments import Experiment, cell_of
from hetsim.fitting.observations import Observation
from hetsim.results import Array

DRAWS = 100
"""Of the posterior of each model that are run: the spread of the predictions is known to a tenth."""
MOST_FAILED = 0.5
"""Share of them that may fail; beyond, a model is said not to predict the experiment."""


@dataclass(frozen=True)
class Predicted:
    """What a model predicts of the numbers of an experiment, in units of their noise, which it contains.

    mean : [n];  covariance : [n, n]
    """

    mean: Array
    covariance: Array

    @classmethod
    def from_draws(cls, numbers: Array) -> "Predicted":
        """From what draws of the posterior give, without noise, [draws, n]."""
        count = numbers.shape[1]
        spread = np.reshape(np.cov(numbers.T), (count, count))
        return cls(numbers.mean(axis=0), spread + np.eye(count))


@dataclass(frozen=True)
class ExpectedOdds:
    """What an experiment is expected to do to the odds between models.

    Parameters
    ----------
    pairs : Mapping[tuple[str, str], float]
        Of each ordered pair (right, other), the expected growth of ln(odds) of the right one against the other [nat]
    growth : float
        That of the right model against its closest rival, averaged over which is right [nat]
    """

    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    growth: float = float("nan")


def expected_log_odds(right: Predicted, other: Predicted) -> float:
    """Equation (1): the expected growth of ln(odds) of the right model against another one [nat]."""
    root = np.linalg.cholesky(other.covariance)
    spread = np.linalg.solve(root, np.linalg.cholesky(right.covariance))
    away = np.linalg.solve(root, other.mean - right.mean)
    logarithm = np.linalg.slogdet(other.covariance)[1] - np.linalg.slogdet(right.covariance)[1]
    found = ((spread**2).sum() - away.size + away @ away + logarithm) / 2
    return float(max(found, 0.0))


def compared(evidence: Evidence) -> tuple[Weighed, ...]:
    """The models that the data cannot tell apart; where they can, the two most probable ones."""
    left = evidence.left
    return left if len(left) > 1 else evidence.models[:2]


def expected_odds(models: Sequence[Weighed], experiment: Experiment) -> ExpectedOdds | None:
    """What an experiment is expected to do to the odds between some models; None where one does not predict it.

    All models predict the numbers of the same record: the one that the first of them would give.
    """
    found = []
    observation: Observation | None = None
    for one in models:
        try:
            cell = cell_of(one.problem, experiment)
            points = one.marginal.posterior.resampled(DRAWS)
            if observation is None:
                at = cell.with_values(one.problem.changes(one.marginal.best, cell))
                observation = experiment.observe(experiment.on(at), one.problem.model)
            cells = [experiment.on(cell.with_values(one.problem.changes(x, cell))) for x in points]
        except ParameterError:  # a cell that it has not, or values that do not fit together
            return None
        made = [
            numbers / observation.noise
            for numbers in observation.simulated(cells, one.problem.model)
            if numbers is not None
        ]
        if len(made) <= max(1, MOST_FAILED * DRAWS):
            return None
        found.append(Predicted.from_draws(np.array(made)))
    names = [one.name for one in models]
    pairs = {
        (names[i], names[j]): expected_log_odds(found[i], found[j])
        for i in range(len(names))
        for j in range(len(names))
        if i != j
    }
    return ExpectedOdds(pairs, closest_growth(models, pairs))


def closest_growth(models: Sequence[Weighed], pairs: Mapping[tuple[str, str], float]) -> float:
    """sum_i p_i min_j D_ij, with the probabilities among these models."""
    total = sum(one.probability for one in models)
    return sum(
        one.probability
        / total
        * min(value for (right, _), value in pairs.items() if right == one.name)
        for one in models
    )
