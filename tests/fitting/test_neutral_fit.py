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
from hetsim.fitting.fit import SLOPE_FIRST_CYCLE, SLOPE_NOISE
from hetsim.fitting.free_value import CAPACITY, CURVE_PRIORS, FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.laws.rate_equation import tian_capacity
from hetsim.parameters.values import MeasuredRate
from hetsim.simulation.run_many import rate_capacities

FOLDER = Path(__file__).parents[2] / "benchmarks"
FREE = [CAPACITY, FAST, RESISTANCE, FreeValue(GRAINS[0], tied=GRAINS[1:])]
CURRENTS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


@pytest.fixture(scope="module")
def curves() -> ModuleType:
    """benchmarks/measured_curves.py"""
    name = "measured_curves"
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made
    spec.loader.exec_module(made)
    return made


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


def test_benchmark_judges_a_curve_without_seeing_what_it_predicts(curves: ModuleType) -> None:
    spec = importlib.util.spec_from_file_location("fit_all", FOLDER / "fit_all.py")
    assert spec is not None
    assert spec.loader is not None
    fit_all = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fit_all)
    curve = next(one for one in curves.measured_curves() if len(one.currents) == 5)
    priors = list(CURVE_PRIORS.values())
    equation = RateEquationPriors()
    given = (equation.full_capacity, equation.time_constant, equation.exponent)
    record = fit_all.judged(curve, priors, given)
    assert len(record["left_out"]) == len(record["equation_left_out"]) == 3
    assert len(record["fit"]) == 5
    last = int(np.argmax(curve.currents))
    spoilt = [q * 0.5 if k == last else q for k, q in enumerate(curve.capacities)]
    other = fit_all.judged(replace(curve, capacities=tuple(spoilt)), priors, given)
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
