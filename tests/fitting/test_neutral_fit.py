"""Fits of the neutral template: what was put in comes out, every curve starts, and the yardsticks beside it."""

import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from click.testing import CliRunner

import hetsim as hs
from hetsim.analysis.rate_equation import RateEquationPriors, fit_rate_equation
from hetsim.cli import main
from hetsim.errors import MeasurementError
from hetsim.fitting import Problem, compared
from hetsim.fitting.closed_form import closed_form_capacities
from hetsim.fitting.fit import CLOSE, CLOSE_FIRST, SLOPE_FIRST_CYCLE, SLOPE_NOISE
from hetsim.fitting.free_value import CAPACITY, CURVE_PRIORS, FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.laws.rate_equation import tian_capacity
from hetsim.parameters.values import MeasuredRate
from hetsim.simulation.run_many import rate_capacities

FOLDER = Path(__file__).parents[2] / "benchmarks"
FREE = [CAPACITY, FAST, RESISTANCE, FreeValue(GRAINS[0], tied=GRAINS[1:])]
CURRENTS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def module(name: str) -> ModuleType:
    """benchmarks/<name>.py"""
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def curves() -> ModuleType:
    return module("measured_curves")


@pytest.fixture(scope="module")
def quick(curves: ModuleType) -> ModuleType:
    return module("quick_fits")


@pytest.fixture(scope="module")
def closeness(quick: ModuleType) -> ModuleType:
    return module("closeness")


def simulated(cell: hs.HalfCell, currents: tuple[float, ...] = CURRENTS) -> MeasuredRate:
    [found] = rate_capacities([cell], hs.RateTest(currents), "SPM")
    assert found is not None
    return MeasuredRate(currents, tuple(float(one) for one in found), "simulated")


def test_known_values_come_back() -> None:
    truth = hs.template("Na", (0.01, 3.0), 1.0)
    truth = truth.with_values({FAST: 0.4, RESISTANCE: 20.0, **dict.fromkeys(GRAINS, 3e-18)})
    data = simulated(truth)
    found = hs.fit(
        hs.template("Na", (0.01, 3.0), 1.0, rate=data),
        data,
        FREE,
        "SPM",
        noise=1e-3,
        first_cycle=1.0,
    )
    for value in found.values:
        exact = truth.values.number(value.free.name)
        # within the interval that the fit itself gives
        assert abs(np.log(value.value / exact)) < np.log(value.factor) * 1.5 + 0.02
    assert found.comparisons[0].mean_abs_error_percent < 0.05  # half of the noise


def test_noise_and_priors_are_those_learned_where_the_curve_is_a_slope() -> None:
    data = MeasuredRate((0.1, 1.0, 5.0), (400.0, 300.0, 200.0), "made up")
    cell = hs.template("K", (0.01, 3.0), rate=data)
    problem: Problem = hs.fit(cell, data, FREE[:2], "SPM").problem
    assert problem.noise == (SLOPE_NOISE,)
    assert problem.first_cycle == SLOPE_FIRST_CYCLE
    over, width = CURVE_PRIORS["Capacity over the highest"]
    assert problem.known[0].prior == pytest.approx(400 * over)
    assert problem.known[0].width == width
    assert problem.known[1].prior == CURVE_PRIORS[FAST][0]
    lumped = hs.load("CZT", "lumped")
    other = hs.fit(lumped, hs.measured("CZT"), FREE[:1], "SPM", cycles=1).problem
    assert other.noise == (0.02,)


def test_values_follow_the_points_and_intervals_rest_on_their_scatter(curves: ModuleType) -> None:
    curve = next(one for one in curves.measured_curves() if one.name == "SnSe2NiSe2_Na")
    cell = curve.cell()
    found = hs.fit(cell, curve.measured, FREE, "SPM", cycles=1)
    asked = hs.fit(cell, curve.measured, FREE, "SPM", SLOPE_NOISE, SLOPE_FIRST_CYCLE, cycles=1)
    errors = [np.abs(one.comparisons[0].errors) for one in (found, asked)]
    not_lowest = np.array(curve.currents) > min(curve.currents)
    # here by a third; that the sum is less at all is what the lesser noise asks for
    assert errors[0][not_lowest].sum() < 0.9 * errors[1][not_lowest].sum()
    # the noise that was asked for is the only one
    assert np.allclose(asked.best, asked.linearised.x, rtol=0, atol=1e-12)
    assert np.array_equal(found.linearised.x, asked.linearised.x)
    assert found.noise_scale == asked.noise_scale
    for one, profile in zip(found.values, found.profiles(), strict=True):
        assert profile.best == pytest.approx(one.value, rel=1e-12)
        assert profile.low.value <= one.value <= profile.high.value
        for side, end in (("lower", profile.low), ("upper", profile.high)):
            assert end.at_fitted == (end.value == one.value)
            assert end.at_fitted == (f"its {side} end is the fitted value" in end.told(side))
    assert any(end.at_fitted for one in found.profiles() for end in (one.low, one.high))
    for one, other in zip(found.values, asked.values, strict=True):
        # the interval of the linearised problem holds that about the least cost
        assert one.interval[0] <= other.interval[0] * (1 + 1e-9)
        assert one.interval[1] >= other.interval[1] * (1 - 1e-9)
    both = hs.fit(
        cell, [curve.measured, hs.Polarisation(curve.currents[0], 1.0)], FREE, "SPM", cycles=1
    )
    # beside data of another kind the noise of a rate curve is what it is
    assert np.allclose(both.best, both.linearised.x, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["NFSH_Na", "NVOrGO_Na", "SnS2CrGO_K", "SSGO_Li", "NiSe2_Na_ctrl"])
def test_curves_of_strangers_start(curves: ModuleType, name: str) -> None:
    """Cathodes of 2 to 4.5 V, potassium, lithium, and an abrupt one."""
    curve = next(one for one in curves.measured_curves() if one.name == name)
    found = hs.fit(curve.cell(), curve.measured, FREE, "SPM")
    assert np.all(np.isfinite(found.comparisons[0].errors))
    assert curve.is_abrupt == (name == "NiSe2_Na_ctrl")
    if not curve.is_abrupt:
        assert found.comparisons[0].mean_abs_error_percent < 6  # all but abrupt ones


def test_measured_curves_are_whole_and_have_their_papers(curves: ModuleType) -> None:
    found = curves.measured_curves()
    assert len({one.name for one in found}) == len(found) == 62
    assert all(one.doi.startswith("10.") for one in found)
    assert all(len(one.currents) >= 5 for one in found)
    groups = curves.folds(found, 5)
    assert set.union(*groups) == {one.doi for one in found}
    assert sum(len(one) for one in groups) == len(set.union(*groups))  # no paper in two groups


def test_benchmark_judges_a_curve_without_seeing_what_it_predicts(
    curves: ModuleType, closeness: ModuleType
) -> None:
    fit_all = module("fit_all")
    curve = next(one for one in curves.measured_curves() if len(one.currents) == 5).without(2)
    priors = list(CURVE_PRIORS.values())
    equation = RateEquationPriors()
    given = (equation.full_capacity, equation.time_constant, equation.exponent)
    pairs = ((CLOSE, CLOSE_FIRST), (equation.noise, equation.first_cycle))
    record = fit_all.judged(curve, priors, given, *pairs)
    assert len(record["left_out"]) == len(record["equation_left_out"]) == 2
    assert len(record["fit"]) == 4
    last = int(np.argmax(curve.currents))
    spoilt = [q * 0.5 if k == last else q for k, q in enumerate(curve.capacities)]
    other = fit_all.judged(replace(curve, capacities=tuple(spoilt)), priors, given, *pairs)
    seen = curve.capacities[last] * np.array(
        [1 - record["highest"] / 100, 1 + record["highest"] / 100]
    )
    # a prediction from the lower points is the same whatever the highest capacity was
    assert np.min(np.abs(seen / spoilt[last] - 1 - other["highest"] / 100)) < 1e-9
    text = "\n".join(fit_all.lines([curve], {curve.name: record}))
    assert "hetsim predicts the highest current better" in text


def test_population_comes_back_and_an_outlier_hardly_moves_it(curves: ModuleType) -> None:
    rng = np.random.default_rng(3)
    x = rng.normal([1.0, -2.0], [0.3, 0.8], size=(4000, 2))
    none = np.zeros((4000, 2, 2))
    centre, widths = curves.learned(x, none)
    # 2 %: 4000 samples know a mean to 1.3 % of the width
    assert np.allclose(centre, [1.0, -2.0], atol=0.02)
    # Student's t with 2 degrees of freedom, fitted to a normal: one factor for all widths
    assert widths[1] / widths[0] == pytest.approx(0.8 / 0.3, rel=0.05)
    moved, _ = curves.learned(np.vstack([x[:60], [[50.0, 50.0]]]), none[:61])
    assert np.allclose(moved, curves.learned(x[:60], none[:60])[0], atol=0.05)


def test_shipped_priors_are_those_that_the_benchmark_learns(curves: ModuleType) -> None:
    found = curves.shipped_priors()
    equation = RateEquationPriors()
    shipped = {
        "cell": list(CURVE_PRIORS.values()),
        "equation": [equation.full_capacity, equation.time_constant, equation.exponent],
    }
    for which, priors in shipped.items():
        # 2 %: they are written with two or three digits
        assert np.allclose(found[which], priors, rtol=0.02, atol=0)


def test_quick_fits_are_those_of_the_closed_form_and_of_the_equation(
    curves: ModuleType, quick: ModuleType
) -> None:
    known = curves.measured_curves()[:2]
    data = quick.Data.of(known)
    x = np.log([[1.3, 0.4, 20.0, 10.0], [1.1, 0.7, 5.0, 2.0]])
    places = np.arange(2)
    model = quick.ClosedForm(data)
    shown, slopes = model(places, x)
    for k, one in enumerate(known):
        cell = one.cell()
        over, fast, resistance, hours = (float(v) for v in np.exp(x[k]))
        grains = cell.values.number("Particle radius [m]") ** 2 / (3600 * hours)
        top = max(one.capacities)
        values = {CAPACITY: over * top, FAST: fast, RESISTANCE: resistance}
        cell = cell.with_values({**values, **dict.fromkeys(GRAINS, grains)})
        exact = closed_form_capacities(cell, sorted(one.currents))
        # 0.1 %: the table of g^-1, and the fast fraction that is rounded to four digits there
        assert np.allclose(top * np.exp(shown[k][: len(exact)]), exact, rtol=1e-3)
    for j, unit in enumerate(np.eye(4)):
        there = [model(places, x + sign * 1e-4 * unit)[0] for sign in (1, -1)]
        quotients = (there[0] - there[1]) / 2e-4
        assert np.allclose(slopes[data.there, j], quotients[data.there], atol=1e-4)
    equation = quick.Equation(data)
    y = np.log([[1.2, 0.05, 0.6], [1.1, 0.01, 0.4]])
    predicted = data.highest[:, None] * np.exp(equation.predicted(places, y))
    for k, (full, time, exponent) in enumerate(np.exp(y)):
        exact = tian_capacity(data.currents[k], full * data.highest[k], time, exponent)
        assert np.allclose(predicted[k], exact, rtol=1e-6)
    # curves of the model itself: what they were made with comes back
    noise = np.where(data.there, 1e-4, np.inf)
    weak = (x + 0.3, np.full(x.shape, 20.0))
    back = quick.fitted(model, places, shown, noise, weak, [np.zeros(4)])
    assert np.allclose(back, x, atol=0.02)


def test_shipped_noise_is_that_chosen_on_left_out_points(
    curves: ModuleType, closeness: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among the nearest of its pairs; benchmarks/fit_all.py tries all of them."""
    monkeypatch.setattr(closeness, "NOISES", (0.001, 0.002))
    monkeypatch.setattr(closeness, "FACTORS", (4.0, 6.0))
    equation = RateEquationPriors()
    given = (equation.full_capacity, equation.time_constant, equation.exponent)
    every = curves.measured_curves()
    first = (SLOPE_NOISE, SLOPE_FIRST_CYCLE)
    [(cell, yardstick)] = closeness.chosen(
        every, [set()], [(list(CURVE_PRIORS.values()), given)], first
    )
    assert cell == (CLOSE, CLOSE_FIRST)
    assert yardstick == (equation.noise, equation.first_cycle)
    left = closeness.LeftOut(every[:1])
    noise = left.noise(0.01, 5.0)
    # what is left out has no weight, and the lowest current stays
    assert np.all(np.isinf(noise[np.arange(len(noise)), left.places]))
    assert np.all(noise[:, 0] == 0.05)
    assert left.are_highest.sum() == 1


# --- yardsticks -----------------------------------------------------------------------------------


def test_rate_equation_with_priors_meets_its_own_curve_and_its_priors() -> None:
    truth = (500.0, 0.05, 0.6)
    currents = np.array(CURRENTS)
    exact = np.asarray(tian_capacity(currents, *truth))
    wide = RateEquationPriors((1.1, 5.0), (0.03, 5.0), (0.6, 5.0), noise=1e-4, first_cycle=1.0)
    found = fit_rate_equation(currents, exact, wide)
    assert (found.full_capacity, found.time_constant, found.exponent) == pytest.approx(
        truth, rel=1e-3
    )
    assert np.allclose(found.capacities(currents), exact, rtol=1e-4)
    narrow = RateEquationPriors((1.3, 1e-4), (0.2, 1e-4), (0.9, 1e-4))
    held = fit_rate_equation(currents, exact, narrow)
    assert held.full_capacity == pytest.approx(1.3 * exact.max(), rel=1e-3)
    assert (held.time_constant, held.exponent) == pytest.approx((0.2, 0.9), rel=1e-3)


def test_rate_equation_with_priors_takes_two_points_and_an_outlier_lightly() -> None:
    two = fit_rate_equation([0.1, 1.0], [400.0, 300.0], RateEquationPriors())
    assert np.all(np.isfinite(two.capacities([0.1, 1.0, 10.0])))
    currents = np.array(CURRENTS)
    exact = np.asarray(tian_capacity(currents, 500.0, 0.05, 0.6))
    bad = exact.copy()
    bad[4] *= 0.7
    found = fit_rate_equation(currents, bad, RateEquationPriors())
    others = np.delete(np.abs(found.capacities(currents) / exact - 1), 4)
    assert others.max() < 0.06  # 30 % off at one of eight points pull the rest by less than 6 %


def test_galpynostatic_describes_a_curve_of_one_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        compared, "_GRID", {"dcoeff_num": 30, "k0_num": 30}
    )  # a quarter of its time
    curve = MeasuredRate((0.1, 0.3, 1.0, 3.0), (400.0, 390.0, 300.0, 120.0), "made up")
    found, values = compared._galpynostatic(150e-9)(curve, curve.currents)
    assert values == 2
    assert np.all(np.diff(found) < 0)
    assert np.allclose(found, curve.capacities, rtol=0.2)  # one size and no spread: a coarse fit


def test_models_are_compared_on_one_curve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *a: None if name == "galpynostatic" else find(name, *a),
    )
    data = simulated(hs.template("Na", (0.01, 3.0), 1.0))
    cell = hs.template("Na", (0.01, 3.0), 1.0, rate=data)
    found = hs.compare_models(cell, model="SPM")
    assert [one.model for one in found.models] == ["hetsim", "rate equation"]
    assert "galpynostatic is not installed" in found.left_out[0]
    ours, theirs = found.models
    assert ours.mean_abs_error_percent < theirs.mean_abs_error_percent  # data of its own model
    assert len(found.to_frame()) == 2 * len(CURRENTS)
    assert list(found.summary["fitted values"]) == [4, 3]
    with pytest.raises(MeasurementError, match="needs at least 4"):
        hs.compare_models(cell, MeasuredRate((0.1, 1.0), (2.0, 1.0), "x"))
    with pytest.raises(MeasurementError, match="no measured rate curve"):
        hs.compare_models(hs.template("Na", (0.01, 3.0)))
    path = tmp_path / "curve.csv"
    rows = zip(data.currents, data.capacities, strict=True)
    path.write_text("current_A_per_g,capacity_mAh_per_g\n" + "".join(f"{i},{q}\n" for i, q in rows))
    out = tmp_path / "out"
    words = ["compare", "CZT", "--variant", "lumped", "--model", "SPM", "--out", str(out), "--json"]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    told = json.loads(result.output)
    assert told["models"][0]["fitted_values"] == 4
    assert {one.name for one in out.iterdir()} == {
        f"compare.{e}" for e in ("png", "svg", "csv", "json")
    }
