"""Plans: the expected reduction is exact for a linear model, and holds when the experiment is simulated and fitted."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import hetsim as hs
from hetsim.cli import main
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.gauss_newton import minimise
from hetsim.fitting.joint import Joint
from hetsim.fitting.observations import RateData
from hetsim.fitting.plan import Experiment, expected, experiment_slopes, rate_of
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
    for word in ("capacity at", "degC", "size", "titration", "spectrum", "polarisation"):
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
