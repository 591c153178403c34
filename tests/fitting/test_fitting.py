"""Fitting rate curves: what was put in comes out, with honest intervals, and nothing is rebuilt."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy.optimize import least_squares, lsq_linear

import hetsim as hs
from hetsim import engine
from hetsim.cli import main
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.closed_form import closed_form_capacities
from hetsim.fitting.gauss_newton import OUTLIER, linearise, minimise, one_by_one
from hetsim.fitting.warned import warnings_of
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import MeasuredRate

CAPACITY = "Specific capacity [mA.h.g-1]"
FAST = "Fast fraction"
RADIUS = "Particle radius [m]"
A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")
CURRENTS = (0.1, 0.5, 2.0, 5.0)


def small(name: str = "CZT") -> hs.HalfCell:
    """A shipped cell with three size classes, which run in a third of the time."""
    return hs.load(name, "lumped" if name == "CZT" else "").with_particle(classes=3)


def curve_of(cell: hs.HalfCell, currents: tuple[float, ...] = CURRENTS) -> MeasuredRate:
    """What a laboratory would print of this cell if the model were the truth."""
    found = hs.run(cell, hs.RateTest(currents, cycles=1), model="SPM").capacities
    return MeasuredRate(currents, tuple(float(one) for one in found), "simulated")


def fit(*arguments, **options) -> hs.FitResult:
    return hs.fit(*arguments, **{"model": "SPM", "cycles": 1, **options})


# --- least squares, against independent solvers --------------------------------------------------

RNG = np.random.default_rng(5)
MATRIX = RNG.normal(size=(8, 3))
TARGET = RNG.normal(size=8)
TARGET[2] += 15  # an outlier of 15 deviations
WIDE = np.full(3, 50.0)


def residuals(x):
    return MATRIX @ x - TARGET


linear = one_by_one(residuals)


def test_soft_limit_is_that_of_scipy():
    soft = np.ones(8, bool)
    found, converged = minimise(linear, np.zeros(3), -WIDE, WIDE, soft, longest=100)
    exact = least_squares(residuals, np.zeros(3), loss="soft_l1", f_scale=OUTLIER, xtol=1e-12)
    assert converged
    # the search ends at a step of a tenth of an interval
    assert np.all(np.abs(found.x - exact.x) < 0.1 * found.intervals)
    without = np.linalg.lstsq(MATRIX, TARGET, rcond=None)[0]
    assert np.any(np.abs(without - exact.x) > found.intervals)  # the outlier would have pulled


def test_without_outliers_intervals_are_those_of_linear_regression():
    hard = np.zeros(8, bool)  # no soft limit at all: (J^T J)^-1 is exact
    found = linearise(linear, np.zeros(3), hard)
    np.testing.assert_allclose(found.covariance, np.linalg.inv(MATRIX.T @ MATRIX), rtol=1e-9)


def test_a_limit_is_kept_as_in_bounded_least_squares():
    low, high = np.array([-50.0, -50.0, 0.1]), np.array([50.0, 0.0, 0.2])
    exact = lsq_linear(MATRIX, TARGET, (low, high)).x
    found, _ = minimise(linear, np.zeros(3), low, high, np.zeros(8, bool), longest=100)
    assert np.all(np.abs(found.x - exact) < 0.1 * found.intervals)
    assert np.all((found.x >= low) & (found.x <= high))


def test_a_search_does_not_end_where_damping_makes_its_steps_short():
    """Two values that act almost alike: along their difference the first step is a twentieth of the whole one."""
    alike = np.array([[10.0, 10.0], [10.0, 10.5]])
    away = alike @ np.array([3.0, -3.0])
    wide = np.full(2, 50.0)
    soft = np.zeros(2, bool)
    found, converged = minimise(
        one_by_one(lambda x: alike @ x - away), np.zeros(2), -wide, wide, soft, longest=100
    )
    assert converged
    # a tenth of an interval, where the start is one interval away
    assert np.all(np.abs(found.x - [3.0, -3.0]) < 0.1 * found.intervals)


def test_points_of_a_linearisation_are_asked_for_at_once():
    asked = []

    def many(points):
        asked.append(len(points))
        return [residuals(x) for x in points]

    linearise(many, np.zeros(3), np.zeros(8, bool))
    assert asked == [4]


def test_a_failing_simulation_is_stepped_around():
    def fragile(x):
        return None if x[0] > 1 else np.array([x[0] - 3.0])

    nine = np.array([9.0])
    found, converged = minimise(
        one_by_one(fragile), np.array([-5.0]), -nine, nine, np.zeros(1, bool)
    )
    assert 0.5 < found.x[0] <= 1.0  # as near as it runs, with slopes taken backwards there
    assert not converged  # and it says so


# --- the closed form where it starts -------------------------------------------------------------


def test_the_start_is_near_the_simulation():
    cell = hs.load("CZT")
    quick = closed_form_capacities(cell, CURRENTS)
    run = hs.run(cell, hs.RateTest(CURRENTS, from_equilibrium=True)).capacities
    # 5 %: overpotentials are those at half filling, and the salt does not polarise
    np.testing.assert_allclose(quick, run, rtol=0.05)


# --- what was put in comes out -------------------------------------------------------------------


@pytest.fixture(scope="module")
def recovered():
    """A curve of known values, fitted from others: with a noise of 0.2 % the priors hardly speak."""
    truth = small().with_values({CAPACITY: 430.0, FAST: 0.35, A: 4e-17, B: 4e-17})
    free = [CAPACITY, FAST, FreeValue(A, tied=(B,))]
    data = curve_of(truth)
    fit(small(), data, [CAPACITY], noise=0.5)  # built by now
    before = engine.builds()
    found = fit(small(), data, free, noise=0.002, first_cycle=1.0)
    return truth, found, engine.builds() - before


def test_known_values_come_back(recovered):
    truth, found, _ = recovered
    assert found.converged
    for one in found.values:
        known = truth.values[one.free.name]
        assert abs(np.log(one.value / known)) < np.log(one.factor)  # 0.1 of it is the search's own
    assert found.value(CAPACITY) == pytest.approx(430.0, rel=0.02)
    assert found.comparisons[0].max_abs_error_percent < 0.4  # twice the noise


def test_tied_values_are_one(recovered):
    _, found, _ = recovered
    assert found.cell.values[A] == found.cell.values[B] == found.value(A)


def test_a_fit_never_builds(recovered):
    assert recovered[2] == 0


def test_more_noise_gives_wider_intervals(recovered):
    _, found, _ = recovered
    data = found.comparisons[0].measured
    free = tuple(one.free for one in found.values)
    x = np.log([one.value for one in found.values])
    by_noise = [
        Problem((small(),), (data,), free, (noise,), 1.0, "SPM", 1).linearised(x).intervals
        for noise in (0.001, 0.002)
    ]
    # twice, but for the priors: they take 6 % of the widest
    np.testing.assert_allclose(by_noise[1] / by_noise[0], 2.0, rtol=0.1)


def test_a_pair_shares_its_grains_and_has_capacities_of_its_own():
    pair, control = (hs.load(name).with_particle(classes=1) for name in ("CZT", "CT"))
    shared = {A: 3e-17, B: 3e-17}
    truth = [
        pair.with_values({**shared, CAPACITY: 450.0}),
        control.with_values({**shared, CAPACITY: 380.0}),
    ]
    currents = (0.1, 1.0, 5.0)
    data = [curve_of(one, currents) for one in truth]
    free = [
        FreeValue(CAPACITY, of="CZT"),
        FreeValue(CAPACITY, of="CT"),
        FreeValue(A, tied=(B,)),
    ]
    found = fit([pair, control], data, free, noise=0.005)
    assert [cell.values[A] for cell in found.cells] == [found.value(A)] * 2
    assert found.value(f"CZT: {CAPACITY}") == pytest.approx(450.0, rel=0.03)
    assert found.value(f"CT: {CAPACITY}") == pytest.approx(380.0, rel=0.03)
    assert found.value(A) == pytest.approx(3e-17, rel=0.3, abs=0)
    with pytest.raises(ParameterError, match="cells"):
        _ = found.cell


# --- what the data do not say --------------------------------------------------------------------


def test_radius_and_diffusivity_cannot_be_told_apart():
    """Only R^2/D acts (with one charge transfer per inner surface, which is fast here)."""
    cell = small().with_values({"Exchange-current density [A.m-2]": 100.0})
    free = (FreeValue(RADIUS), FreeValue(A, tied=(B,)))
    problem = Problem((cell,), (curve_of(cell),), free, (0.02,), 2.0, "SPM", 1)
    found = problem.linearised(problem.present())
    assert found.cosines[0, 1] == pytest.approx(-1.0, abs=1e-3)
    # along ln R = ln D / 2 nothing changes: the slopes are 2 to 1
    slopes = found.slopes[found.soft]
    np.testing.assert_allclose(slopes[:, 0], -2 * slopes[:, 1], rtol=0.1, atol=0.05)


def test_degenerate_values_are_named_in_words():
    cell = small().with_values({"Exchange-current density [A.m-2]": 100.0})
    found = fit(cell, curve_of(cell), [FreeValue(RADIUS), FreeValue(A, tied=(B,))])
    assert any(RADIUS in one and A in one and "lowering" in one for one in found.remarks)
    assert any("factor" in one and A in one for one in found.remarks)


def test_a_value_at_the_limit_of_its_range_is_said_so():
    data = curve_of(small())
    more = replace(data, capacities=tuple(3 * one for one in data.capacities))
    found = fit(small(), more, [CAPACITY])  # the file allows 365 to 700 mAh/g
    assert found.at_limits == (CAPACITY,)
    assert found.value(CAPACITY) == pytest.approx(700.0)
    assert any("limit" in one for one in found.remarks)


def test_the_prior_holds_what_has_no_effect():
    """Without junctions between unlike grains the mobility in them does nothing."""
    cell = small().with_values({"Component A volume fraction": 1.0})
    ratio = "Interface mobility ratio"
    found = fit(cell, curve_of(cell), [CAPACITY, ratio])
    assert found.value(ratio) == pytest.approx(85.0, rel=0.05)  # the prior
    assert found.values[1].factor == pytest.approx(np.exp(1.96 * 2.0), rel=0.05)  # and its 95 %


# --- what comes out ------------------------------------------------------------------------------


def test_the_lines_fit_into_a_parameter_file(recovered, tmp_path):
    _, found, _ = recovered
    path = tmp_path / "mine.toml"
    path.write_text(f'[system]\nname = "mine"\nbase = "CZT"\n[parameters]\n{found.to_toml()}\n')
    values = read_system(path).values
    for one in found.values:
        for name in one.free.names:
            assert values[name].kind == "fitted"
            assert values[name].value == pytest.approx(one.value, rel=1e-3, abs=0)


def test_the_table_has_a_row_a_value(recovered):
    _, found, _ = recovered
    frame = found.to_frame()
    assert list(frame.index) == [CAPACITY, FAST, A]
    assert (frame["95 % low"] < frame["value"]).all()
    assert (frame["value"] < frame["95 % high"]).all()
    assert list(found.correlation.index) == list(frame.index)
    assert repr(found).startswith("<FitResult")


# --- wrong input ---------------------------------------------------------------------------------

DATA = MeasuredRate((0.1, 1.0, 10.0), (300.0, 200.0, 100.0), "test")
REFUSED = {
    "no curve for a cell": (lambda c: ([c, c], DATA, [CAPACITY]), ["2 cells", "1 curves"]),
    "the same cell twice": (lambda c: ([c, c], [DATA, DATA], [CAPACITY]), ["same name"]),
    "nothing free": (lambda c: (c, DATA, []), ["at least one"]),
    "a name for a list": (lambda c: (c, DATA, CAPACITY), ["list"]),
    "no such parameter": (lambda c: (c, DATA, ["capacity"]), ["'capacity'"]),
    "a mistyped one": (lambda c: (c, DATA, ["Fast fractoin"]), ["Did you mean 'Fast fraction'"]),
    "a list parameter": (lambda c: (c, DATA, ["Insertion plateau shares"]), ["one number"]),
    "a value that the cell lacks": (lambda c: (c, DATA, ["Core radius fraction"]), ["CZT"]),
    "of no cell": (lambda c: (c, DATA, [FreeValue(CAPACITY, of="ZT")]), ["ZT", "CZT"]),
    "prior outside the range": (
        lambda c: (c, DATA, [FreeValue(CAPACITY, prior=2000.0)]),
        ["2000", "365.3"],
    ),
    "free twice": (lambda c: (c, DATA, [A, FreeValue(B, tied=(A,))]), [A, "twice"]),
    "a curve that is none": (lambda c: (c, [(0.1, 300)], [CAPACITY]), ["measured curve"]),
    "no cell": (lambda c: ("CZT", DATA, [CAPACITY]), ["half cells", "'C'"]),
    "a start of zero": (
        lambda c: (
            c.with_values({"Built-in potential [V]": 0.0}),
            DATA,
            ["Built-in potential [V]"],
        ),
        ["Built-in potential [V]"],
    ),
}


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_wrong_input_is_refused_in_a_sentence(arguments, words):
    with pytest.raises(ParameterError) as caught:
        fit(*arguments(small()))
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"noise": 0.0},
        {"noise": (0.02, 0.03)},
        {"noise": float("nan")},
        {"first_cycle": -1.0},
        {"model": "P2D"},
        {"cycles": 0},
    ],
)
def test_wrong_options_are_refused(options):
    with pytest.raises(ParameterError):
        fit(small(), DATA, [CAPACITY], **options)


@pytest.mark.parametrize("number", [0.0, -1.0, float("inf"), float("nan")])
def test_a_prior_is_a_positive_number(number):
    with pytest.raises(ParameterError, match="prior"):
        FreeValue(CAPACITY, prior=number)
    with pytest.raises(ParameterError, match="width"):
        FreeValue(CAPACITY, width=number)


def test_five_free_values_are_too_many_for_a_curve():
    free = (CAPACITY, FAST, A, "Series resistance [Ohm.cm2]", "Interface mobility ratio")
    currents = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
    data = MeasuredRate(currents, (300.0,) * 6, "test")
    problem = Problem((small(),), (data,), tuple(map(FreeValue, free)), (0.02,))
    assert [one.name for one in warnings_of(problem)] == ["more free values than the data bear"]
    assert "5 free values" in warnings_of(problem)[0].sentence
    assert not warnings_of(replace(problem, free=problem.free[:4]))


# --- the command ---------------------------------------------------------------------------------


@pytest.fixture
def hetsim(tmp_path, monkeypatch):
    """Run a command in an empty folder; a traceback is a failure of the test."""
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(main, words, catch_exceptions=False)


def test_a_user_fits_a_curve_and_gets_lines_for_the_file(hetsim, tmp_path):
    (tmp_path / "mine.csv").write_text(
        "current_A_per_g,capacity_mAh_per_g\n1,240\n10,130\n", encoding="utf-8"
    )
    words = ["fit", "CZT", "--measured", "mine.csv", "--free", CAPACITY]
    done = hetsim(*words, "--model", "SPM", "--cycles", "1", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [one["parameter"] for one in found["values"]] == [CAPACITY]
    [value] = found["values"]
    assert value["low_95"] < value["value"] < value["high_95"]
    assert len(found["curves"][0]["points"]) == 2
    assert any("on average" in one for one in found["verdict"])
    folder = tmp_path / "hetsim-out" / "CZT-fit"
    figures = {f"fit{what}.{kind}" for what in ("", "-profiles") for kind in ("png", "svg")}
    tables = {"fit.csv", "fit-bands.csv", "fit.json", "fit.toml"}
    assert {path.name for path in folder.iterdir()} == figures | tables
    again = hs.load(folder / "fit.toml")
    assert again.name == "CZT-fitted"
    fitted = again.system.values[CAPACITY]
    assert (fitted.kind, fitted.value) == ("fitted", value["value"])
    assert fitted.note.startswith("95 % interval")
    bands = pd.read_csv(folder / "fit-bands.csv")
    assert (bands["90 % low [mA.h.g-1]"] < bands["capacity [mA.h.g-1]"]).all()
    done = hetsim("rate", str(folder / "fit.toml"), "--model", "SPM", "--json")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["CZT", "--free", "capacity"], "'capacity'"),
        (["CZT", "--free", f"CT: {CAPACITY}"], "'CT' is not fitted"),
        (["CZT", "--noise", "0"], "noise"),
        (["CZT", "--cycles", "0"], "cycle"),
        (["CZT", "--measured", "none.csv"], "none.csv"),
        (["no-such-system"], "no-such-system"),
        (["KPB-CZT"], "full cell"),
    ],
)
def test_wrong_words_end_with_exit_code_2_and_no_files(hetsim, tmp_path, words, said):
    done = hetsim("fit", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not list(tmp_path.iterdir())
