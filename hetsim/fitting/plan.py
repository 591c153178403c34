"""plan(cell, fit or evidence): which further experiment would best tell the mechanisms apart.

Around the best fit the deviations are linear in the logarithms x of the free values, with slopes J, and the posterior
is normal with covariance S = (J^T J)^-1, priors among the deviations. An experiment e whose numbers have slopes J_e
in units of their noise makes it

    S_e = (J^T J + J_e^T J_e)^-1,

whatever comes out of it. Of the values of interest m (a block of S) the expected gain of information is

    I_e = ln(det S_m / det S_e,m) / 2     [nat]

and the interval of a value shrinks by sqrt(S_e,jj / S_jj). I_e = 0 where the experiment says nothing of them, and
more for two values that it tells apart than for two that it moves alike. Slopes are difference quotients of the full
model. Limits: the linearised problem, at the best values, so that an experiment far from the data can be rated too
high; noise as fits assume it (fitting.observations); what is not free counts as known, such as activation energies
for a temperature. Source: K. Chaloner, I. Verdinelli, Stat. Sci. 10, 273 (1995), doi:10.1214/ss/1177009939, section
2.2 (D_s and D optimality).

Where explanations of the data are compared (an evidence), each experiment has beside that the expected growth of the
logarithm of the odds between them (fitting.expected_odds).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.evidence import Evidence
from hetsim.fitting.expected_odds import ExpectedOdds, compared, expected_odds
from hetsim.fitting.experiments import Experiment, cell_of, usual_experiments
from hetsim.fitting.gauss_newton import DIFFERENCE, Linearised, minimise
from hetsim.fitting.joint import Joint, best_fit
from hetsim.fitting.noise_scale import scaled
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import scale_of
from hetsim.fitting.result import FitResult
from hetsim.results import Array

NOTHING = 0.01
"""Information [nat] below which an experiment is said to tell nothing."""
NORMAL = 1.96
MOST = math.log(1000.0)
"""Growth of ln(odds) beyond which a sentence says no more than that: so far out predictions are not normal."""
GROWTH = "expected growth of ln(odds)"
"""Column of a plan that compares explanations."""


@dataclass(frozen=True)
class Ranked:
    """What an experiment is expected to tell.

    Parameters
    ----------
    experiment : Experiment
        Which one
    information : float
        About the values of interest [nat]
    shrinks : Mapping[str, float]
        Of each value of interest, the width of its interval (in the logarithm) over that before [-]
    odds : ExpectedOdds | None, default None
        What it is expected to do to the odds between the explanations that are compared; None without any, or where
        one of them does not predict the experiment
    """

    experiment: Experiment
    information: float
    shrinks: Mapping[str, float]
    odds: ExpectedOdds | None = None

    @property
    def growth(self) -> float:
        """Expected growth of ln(odds) of the right explanation against its closest rival [nat]; not a number where
        none are compared."""
        return float("nan") if self.odds is None else self.odds.growth

    @property
    def sentence(self) -> str:
        """What it would tell, in words."""
        if self.information < NOTHING:
            return f"{self.experiment.name}: tells nothing new of them."
        label, least = min(self.shrinks.items(), key=lambda one: one[1])
        return (
            f"{self.experiment.name}: the interval of '{label}' would shrink by {100 * (1 - least):.0f} % "
            f"({self.information:.2f} nat on all of them together)."
        )


@dataclass(frozen=True, repr=False)
class Plan:
    """Experiments by what they are expected to tell, the best first.

    Parameters
    ----------
    system : str
        Name of the first cell
    targets : tuple[str, ...]
        Labels of the values of interest
    intervals : Mapping[str, float]
        Of each, the 95 % interval now: a factor to either side
    ranked : tuple[Ranked, ...]
        The experiments
    left_out : tuple[str, ...]
        Experiments that cannot be simulated
    between : tuple[str, ...], default ()
        Names of the explanations that are compared
    """

    system: str
    targets: tuple[str, ...]
    intervals: Mapping[str, float]
    ranked: tuple[Ranked, ...]
    left_out: tuple[str, ...]
    between: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Plan {self.system}: {self.ranked[0].experiment.name} first of {len(self.ranked)}>"

    @property
    def sentence(self) -> str:
        """The best experiment and the second one, in words; before them, the one that best tells explanations apart."""
        best, *others = sorted(self.ranked, key=lambda one: -one.information)
        if best.information < NOTHING:
            said = f"None of {len(self.ranked)} experiments would tell more of {', '.join(self.targets)}."
        else:
            said = f"Best for {self.system}: {best.sentence}"
            if others:
                said += f" Next, {others[0].sentence}"
        return f"{self._apart} {said}" if self.between else said

    @property
    def _apart(self) -> str:
        """What would tell the compared explanations apart, in words."""
        first, names = self.ranked[0], f"{', '.join(self.between[:-1])} and {self.between[-1]}"
        if not first.growth >= NOTHING:
            return f"None of {len(self.ranked)} experiments would tell {names} apart."
        assert first.odds is not None
        right, other = min(first.odds.pairs, key=first.odds.pairs.__getitem__)
        return (
            f"To tell {names} apart: {first.experiment.name}. The odds of the right one against its closest rival are "
            f"expected to grow {_factor(first.growth)}, least if it is {right} against {other} "
            f"({_factor(first.odds.pairs[right, other])})."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row an experiment: information [nat], of each value the share by which its interval shrinks [%], and the
        expected growth of ln(odds), of the right explanation against its closest rival and of each pair."""
        rows = [
            {
                "experiment": one.experiment.name,
                **self._odds_of(one),
                "information [nat]": one.information,
                **{
                    f"{label}, narrower [%]": 100 * (1 - left)
                    for label, left in one.shrinks.items()
                },
            }
            for one in self.ranked
        ]
        return pd.DataFrame(rows).set_index("experiment")

    def _odds_of(self, one: Ranked) -> dict[str, float]:
        """The columns of the odds; none where no explanations are compared."""
        if not self.between:
            return {}
        known = {} if one.odds is None else one.odds.pairs
        pairs = [(right, other) for right in self.between for other in self.between]
        return {
            GROWTH: one.growth,
            **{
                f"if {right}, against {other}": known.get((right, other), float("nan"))
                for right, other in pairs
                if right != other
            },
        }


def _factor(growth: float) -> str:
    """A growth of ln(odds) in words."""
    factor = math.exp(min(growth, MOST))
    return f"more than {factor:.0f} times" if growth > MOST else f"{factor:.2g} times"


def plan(
    what: HalfCell | FitResult | Joint | Evidence,
    targets: Sequence[str] | None = None,
    experiments: Sequence[Experiment] | None = None,
    model: str = "SPMe",
    between: Evidence | None = None,
) -> Plan:
    """Rank further experiments by how well they would tell mechanisms apart.

    Parameters
    ----------
    what : HalfCell | FitResult | Joint | Evidence
        A cell of two hosts, which is fitted here together with its controls; a fit; `explanation.joint`; or an
        evidence, whose most probable model has the values and whose models are compared
    targets : Sequence[str] | None, default None
        Names or labels of free values of the fit that are of interest; all of the first cell's own and shared ones if
        left out
    experiments : Sequence[Experiment] | None, default None
        To choose from; `usual_experiments` of the fit if left out
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN", for a cell; a fit has its own
    between : Evidence | None, default None
        Explanations of the same data (`hs.evidence`): those that the data do not tell apart, or the two most probable
        ones, are compared by the growth of ln(odds) that each experiment is expected to bring

    Returns
    -------
    Plan
        The best experiment first: that of most information about the targets or, where explanations are compared, of
        the largest expected growth of ln(odds) of the right one

    Raises
    ------
    ParameterError
        For a cell that `explain` refuses, a target that is not free in the fit, no experiment, or none that can be
        simulated.

    Notes
    -----
    The law and its limits stand in fitting.plan. An experiment that is not among the usual ones is an `Experiment`.
    """
    if isinstance(what, Evidence) and between is None:
        between = what
    problem, best = _start(what, model)
    rows = target_rows(problem, targets)
    chosen = usual_experiments(problem) if experiments is None else list(experiments)
    if not chosen:
        raise ParameterError("A plan needs at least one experiment to choose from.")
    before = _known_now(problem, best)
    labels = [problem.free[k].label for k in rows]
    models = () if between is None else compared(between)
    found, left_out = [], []
    for experiment in chosen:
        slopes = experiment_slopes(problem, best.x, experiment)
        if slopes is None:
            left_out.append(experiment.name)
            continue
        information, shrinks = expected(before, slopes, rows)
        narrower = dict(zip(labels, map(float, shrinks), strict=True))
        odds = expected_odds(models, experiment) if models else None
        found.append(Ranked(experiment, information, narrower, odds))
    if not found:
        raise ParameterError(f"None of the experiments can be simulated: {', '.join(left_out)}.")
    widths = np.sqrt(np.diag(np.linalg.inv(before)))[rows]
    intervals = dict(zip(labels, map(float, np.exp(NORMAL * widths)), strict=True))
    return Plan(
        problem.cells[0].name,
        tuple(labels),
        intervals,
        _in_order(found),
        tuple(left_out),
        tuple(one.name for one in models),
    )


def _known_now(problem: Problem, best: Linearised) -> Array:
    """Inverse covariance of all free values, with the noise that the data show."""
    scale = scale_of(problem, best)
    factors = np.ones(len(best.soft))
    for one, part in zip(scale.scales, scale.curves, strict=True):
        factors[part] = one
    return scaled(best, factors).normal_matrix


def _in_order(found: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """The best first: by the growth of the odds where explanations are compared, and by the information."""
    return tuple(
        sorted(found, key=lambda one: (-one.growth if one.odds else 0.0, -one.information))
    )


def expected(before: Array, slopes: Array, rows: Sequence[int]) -> tuple[float, Array]:
    """Information [nat] about some values and what their intervals shrink to, of an experiment with given slopes.

    before : inverse covariance of all free values;  slopes : of the numbers of the experiment over their noise
    """
    block = np.ix_(rows, rows)
    old = np.linalg.inv(before)[block]
    new = np.linalg.inv(before + slopes.T @ slopes)[block]
    information = (np.linalg.slogdet(old)[1] - np.linalg.slogdet(new)[1]) / 2
    return float(max(information, 0.0)), np.sqrt(np.diag(new) / np.diag(old))


def experiment_slopes(problem: Problem, x: Array, experiment: Experiment) -> Array | None:
    """Slopes of the numbers of an experiment over their noise, a column a free value; None where it cannot be run."""
    cell = cell_of(problem, experiment)
    points = [x, *(x + DIFFERENCE * unit for unit in np.eye(len(x)))]
    try:
        cells = [experiment.on(cell.with_values(problem.changes(one, cell))) for one in points]
        observation = experiment.observe(cells[0], problem.model)
    except ParameterError:
        return None
    acts = [k for k, free in enumerate(problem.free) if free.acts_on(cell)]
    at, *beside = observation.simulated([cells[0], *(cells[k + 1] for k in acts)], problem.model)
    if at is None:
        return None
    slopes = np.zeros((len(at), len(x)))
    for k, one in zip(acts, beside, strict=True):
        if one is None:
            return None
        slopes[:, k] = (one - at) / DIFFERENCE / observation.noise
    return slopes


# --- what to start from, and what is of interest --------------------------------------------------


def _start(what: HalfCell | FitResult | Joint | Evidence, model: str) -> tuple[Problem, Linearised]:
    if isinstance(what, Evidence):
        problem = what.best.problem
        best, _ = minimise(
            problem.deviations, what.best.marginal.best, *problem.limits, problem.soft
        )
        assert best is not None  # a draw of its posterior runs
        return problem, best
    if isinstance(what, FitResult):
        return what.problem, what.linearised
    if isinstance(what, Joint):
        return what.problem, what.best
    return best_fit(what, model)


def target_rows(problem: Problem, targets: Sequence[str] | None) -> list[int]:
    """Places of the free values of interest. Raises ParameterError for one that is not free in the fit."""
    first = problem.cells[0]
    if targets is None:
        return [k for k, one in enumerate(problem.free) if one.acts_on(first)]
    if isinstance(targets, str) or not targets:
        raise ParameterError("The targets of a plan are a list of at least one free value.")
    found = []
    for name in targets:
        places = [k for k, one in enumerate(problem.free) if name in (one.label, one.name)]
        if not places:
            raise ParameterError(
                f"'{name}' is not free in the fit; free are: {', '.join(one.label for one in problem.free)}."
            )
        found += places
    return list(dict.fromkeys(found))
