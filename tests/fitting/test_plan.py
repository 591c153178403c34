"""Plans: the expected reduction is exact for a linear model, and holds when the experiment is simulated and fitted."""

import json
from typing import ClassVar

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import multivariate_normal, norm

import hetsim as hs
from hetsim.cli import main
from hetsim.commands.plan import PlanJob
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.evidence import Evidence, Weighed
from hetsim.fitting.expected_odds import (
    Predicted,
    closest_growth,
    compared,
    expected_log_odds,
    expected_odds,
)
from hetsim.fitting.experiments import Experiment, rate_of
from hetsim.fitting.gauss_newton import minimise
from hetsim.fitting.joint import Joint
from hetsim.fitting.marginal import Marginal
from hetsim.fitting.observations import Observation, RateData
from hetsim.fitting.plan import expected, experiment_slopes
from hetsim.fitting.posterior import Posterior
from hetsim.parameters.values import MeasuredRate
from hetsim.plots import plan_bars

A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")
RESISTANCE = "Series resistance [Ohm.cm2]"
FREE = (
    FreeValue("Specific capacity [mA.h.g-1]"),
    FreeValue("Series resistance [Ohm.cm2]"),
    FreeValue(A, tied=(B,)),
)
CURRENTS = (0.1, 1.0, 10.0)


def test_reduction_is_that_of_linear_regression():
    rng = np.random.default_rng(4)
    old, new = rng.normal(size=(9, 3)), rng.normal(size=(4, 3))
    information, shrinks = expected(old.T @ old, new, [0, 2])
    both = np.concatenate([old, new])
    before, after = (np.linalg.inv(one.T @ one) for one in (old, both))
    np.testing.assert_allclose(shrinks, np.sqrt(np.diag(after) / np.diag(before))[[0, 2]])
    block = np.ix_([0, 2], [0, 2])
    exact = np.log(np.linalg.det(before[block]) / np.linalg.det(after[block])) / 2
    assert information == pytest.approx(exact)


def test_an_experiment_that_says_nothing_is_worth_nothing():
    information, shrinks = expected(np.eye(2), np.array([[0.0, 3.0]]), [0])
    assert information == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(shrinks, 1.0)


def noisy(cell, currents, seed):
    made = rate_of(currents)(cell, "SPM")
    rng = np.random.default_rng(seed)
    capacities = np.exp(made.data + made.noise * rng.normal(size=len(made.data)))
    return RateData(MeasuredRate(tuple(currents), tuple(map(float, capacities)), "simulated"))


@pytest.fixture(scope="module")
def fitted():
    cell = hs.load("CZT", "lumped")
    problem = Problem((cell,), (noisy(cell, CURRENTS, 1),), FREE, (0.02,), model="SPM")
    low, high = problem.limits
    best, _ = minimise(problem.deviations, problem.present(), low, high, problem.soft)
    labels = tuple(one.label for one in FREE)
    draws = np.array([best.x] * 2)
    return Joint(problem, best, Posterior(labels, draws, np.full(2, 0.5), "given", 2.0, 0.0, True))


def test_the_expected_reduction_holds_when_the_experiment_is_made_and_fitted(fitted):
    """Capacities at 2, 5 and 20 A/g beside those at 0.1, 1 and 10: simulated with noise, and fitted."""
    problem, best = fitted.problem, fitted.best
    experiment = Experiment("between", rate_of([2.0, 5.0, 20.0]))
    slopes = experiment_slopes(problem, best.x, experiment)
    _, shrinks = expected(best.normal_matrix, slopes, [0, 1, 2])
    [cell], [truth] = problem.cells, problem.solved(best.x)
    after = []
    for seed in range(6):
        data = [problem.measured[0], noisy(truth, [2.0, 5.0, 20.0], seed)]
        both = Problem((cell,), (data,), FREE, (0.02,), model="SPM")
        low, high = both.limits
        found, _ = minimise(both.deviations, best.x, low, high, both.soft)
        after.append(found.intervals / best.intervals)
    assert shrinks.min() < 0.75  # it says something
    # the slopes change from where they were taken to where the fit ends, by a quarter of the interval
    np.testing.assert_allclose(np.mean(after, axis=0), shrinks, rtol=0.15)


def test_experiments_are_ranked_and_named(fitted):
    asked = [Experiment("again", rate_of([0.1])), Experiment("fast", rate_of([20.0]))]
    impossible = Experiment("far too fast", rate_of([1e5]))
    found = hs.plan(fitted, [RESISTANCE], [*asked, impossible])
    assert [one.experiment.name for one in found.ranked] == ["fast", "again"]
    assert found.left_out == ("far too fast",)
    assert found.ranked[0].information > found.ranked[1].information >= 0
    assert "fast" in found.sentence
    assert RESISTANCE in found.sentence
    assert list(found.to_frame().index) == ["fast", "again"]
    assert plan_bars(found).axes[0].get_xlabel()


def test_usual_experiments_are_of_every_kind(fitted):
    found = hs.plan(fitted)
    kinds = " ".join(one.experiment.name for one in found.ranked)
    for word in (
        "capacity at",
        "extractions",
        "degC",
        "size",
        "titration",
        "spectrum",
        "polarisation",
    ):
        assert word in kinds
    assert not found.left_out
    assert repr(found).startswith("<Plan CZT")


def test_wrong_input_is_refused_in_a_sentence(fitted):
    with pytest.raises(ParameterError, match="not free in the fit"):
        hs.plan(fitted, ["Fast fraction"])
    with pytest.raises(ParameterError, match="at least one experiment"):
        hs.plan(fitted, None, [])
    with pytest.raises(ParameterError, match="None of the experiments"):
        hs.plan(fitted, None, [Experiment("far too fast", rate_of([1e5]))])
    with pytest.raises(ParameterError, match="not among the cells"):
        hs.plan(fitted, None, [Experiment("other", rate_of([1.0]), "CT")])
    with pytest.raises(ParameterError, match="list"):
        hs.plan(fitted, A)


def test_a_user_plans(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["plan", "Co-FeSe-Fe3Se4", "--model", "SPM", "--target", "Interface mobility ratio"]
    done = CliRunner().invoke(main, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["experiments"]
    assert found["sentence"]
    assert (tmp_path / "hetsim-out" / "Co-FeSe-Fe3Se4-plan" / "plan.svg").exists()
    done = CliRunner().invoke(main, ["plan", "CZT", "--target", "nothing"], catch_exceptions=False)
    assert done.exit_code == 2
    assert "'nothing' is not free" in done.stderr
    for words, told in (
        (["channel"], "at least two models"),
        (["a", "b"], "Unknown mechanism 'a'"),
    ):
        between = [part for word in words for part in ("--between", word)]
        done = CliRunner().invoke(main, ["plan", "CZT", *between], catch_exceptions=False)
        assert done.exit_code == 2
        assert told in done.stderr


# --- odds between explanations --------------------------------------------------------------------


def test_expected_log_odds_are_the_mean_over_what_may_come_out():
    """Two normal predictions in two dimensions: ln p_i / p_j averaged over p_i on a grid."""
    right = Predicted(np.array([0.3, -0.5]), np.array([[1.5, 0.4], [0.4, 1.2]]))
    other = Predicted(np.array([-0.4, 0.6]), np.array([[2.0, -0.3], [-0.3, 3.0]]))
    axis = np.linspace(-9, 9, 361)
    grid = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1)
    logs = [multivariate_normal(one.mean, one.covariance).logpdf(grid) for one in (right, other)]
    cell = (axis[1] - axis[0]) ** 2
    mean = cell * np.sum(np.exp(logs[0]) * (logs[0] - logs[1]))
    assert expected_log_odds(right, other) == pytest.approx(mean, rel=1e-6)
    assert expected_log_odds(right, right) == pytest.approx(0, abs=1e-12)


class Line(Observation):
    """Numbers that are linear in the logarithms of two values, y = a ln(D / 1e-17) + b ln R, without any run."""

    kind, quantity, independent, bears = "line", "numbers", 2.0, 2
    data = np.zeros(2)
    noise = np.array([0.1, 0.2])
    coordinates: ClassVar = {}
    slopes: ClassVar = {A: np.array([0.3, 0.1]), RESISTANCE: np.array([0.1, -0.4])}

    def simulated(self, cells, model):
        return [
            sum(
                slope * np.log(cell.values.number(name) / UNITS[name])
                for name, slope in self.slopes.items()
            )
            for cell in cells
        ]


UNITS = {A: 1e-17, RESISTANCE: 10.0}


def weighed(name, free, centre, width, probability):
    """A model whose posterior is normal in one logarithm: draws at even quantiles, as a sample has its moments."""
    cell = hs.load("CZT", "lumped").with_values(UNITS | {B: 1e-17})
    problem = Problem((cell,), (hs.measured("CZT"),), (free,), (0.02,), model="SPM")
    quantiles = norm.ppf((np.arange(400) + 0.5) / 400)[:, np.newaxis]
    draws = np.log(UNITS[free.name]) + centre + width * quantiles
    shares = np.full(400, 1 / 400)
    posterior = Posterior((free.label,), draws, shares, "given", 400.0, 0.0, True)
    best = np.array([np.log(UNITS[free.name]) + centre])
    made = Marginal(np.log(probability), 0.0, posterior, best, "given", 0, True)
    return Weighed(name, problem, made, probability, 0.0)


@pytest.fixture(scope="module")
def two_models():
    diffusion = weighed("diffusion", FreeValue(A, tied=(B,)), 0.4, 0.5, 0.6)
    contact = weighed("contact", FreeValue(RESISTANCE), -0.2, 0.8, 0.4)
    return Evidence((diffusion, contact), 10.0)


def closed_form(centre, width, slope):
    """Mean and covariance of a linear model's prediction in units of the noise."""
    slope = slope / Line.noise
    return Predicted(centre * slope, width**2 * np.outer(slope, slope) + np.eye(2))


def test_expected_log_odds_of_two_linear_models_are_those_of_the_closed_form(two_models):
    experiment = Experiment("line", lambda cell, model: Line())
    found = expected_odds(two_models.models, experiment)
    first = closed_form(0.4, 0.5, Line.slopes[A])
    second = closed_form(-0.2, 0.8, Line.slopes[RESISTANCE])
    exact = {
        ("diffusion", "contact"): expected_log_odds(first, second),
        ("contact", "diffusion"): expected_log_odds(second, first),
    }
    assert min(exact.values()) > 0.5
    # of 100 draws at even quantiles the variance is that of the normal to 3 %
    for pair, value in exact.items():
        assert found.pairs[pair] == pytest.approx(value, rel=0.05)
    mean = 0.6 * exact["diffusion", "contact"] + 0.4 * exact["contact", "diffusion"]
    assert found.growth == pytest.approx(mean, rel=0.05)


def test_the_growth_is_that_against_the_closest_rival():
    models = [weighed(name, FreeValue(RESISTANCE), 0.0, 0.1, p) for name, p in RIVALS.items()]
    pairs = {("a", "b"): 1.0, ("a", "c"): 3.0, ("b", "a"): 2.0, ("b", "c"): 5.0}
    pairs |= {("c", "a"): 4.0, ("c", "b"): 7.0}
    # of a, b and c at 0.4, 0.2 and 0.2: only their shares among each other count
    assert closest_growth(models, pairs) == pytest.approx((0.4 * 1 + 0.2 * 2 + 0.2 * 4) / 0.8)


RIVALS = {"a": 0.4, "b": 0.2, "c": 0.2}


def test_the_models_that_are_compared_are_those_that_the_data_leave(two_models):
    assert [one.name for one in compared(two_models)] == ["diffusion", "contact"]
    certain = weighed("far", FreeValue(RESISTANCE), 0.0, 0.1, 1e-9)
    three = Evidence((*two_models.models, certain), 10.0)
    assert [one.name for one in compared(three)] == ["diffusion", "contact"]
    assert [one.name for one in compared(Evidence((three.models[0], certain), 10.0))] == [
        "diffusion",
        "far",
    ]


def test_a_plan_between_explanations_ranks_by_the_odds(fitted, two_models):
    asked = [
        Experiment("again", rate_of([0.1])),
        Experiment("line", lambda cell, model: Line()),
        Experiment("of another", lambda cell, model: Line(), "CT"),
    ]
    with pytest.raises(ParameterError, match="not among the cells"):
        hs.plan(fitted, [RESISTANCE], asked, between=two_models)
    found = hs.plan(fitted, [RESISTANCE], asked[:2], between=two_models)
    assert found.between == ("diffusion", "contact")
    growths = [one.growth for one in found.ranked]
    assert growths == sorted(growths, reverse=True)
    assert "To tell diffusion and contact apart" in found.sentence
    frame = found.to_frame()
    assert list(frame["expected growth of ln(odds)"]) == growths
    assert {"if diffusion, against contact", "if contact, against diffusion"} <= set(frame.columns)
    assert len(plan_bars(found).axes) == 2
    job = PlanJob("CZT", "lumped", (), ("diffusivity", "resistance"), "SPM")
    assert "ln odds" in job.text(found)
    assert job.json_object(found)["between"] == ["diffusion", "contact"]


def test_an_evidence_is_a_plan_of_its_own(two_models):
    """Its best model has the values; the cell runs, and what the fit finds is its own best."""
    found = hs.plan(two_models, None, [Experiment("line", lambda cell, model: Line())])
    assert found.targets == (A,)
    assert found.ranked[0].odds is not None


def test_an_experiment_that_a_model_cannot_predict_has_no_odds(two_models):
    assert expected_odds(two_models.models, Experiment("far too fast", rate_of([1e5]))) is None
    elsewhere = Experiment("of another", lambda cell, model: Line(), "CT")
    assert expected_odds(two_models.models, elsewhere) is None
