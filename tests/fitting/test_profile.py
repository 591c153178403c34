"""Intervals of fits: profiles against exact intervals, open sides named, and what cannot be told apart."""

import math

import numpy as np
import pytest
from scipy.stats import t

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue
from hetsim.fitting.gauss_newton import linearise, minimise, one_by_one, side_by_side
from hetsim.fitting.identifiability import directions, pairs, product
from hetsim.fitting.noise_scale import NORMAL, noise_scale
from hetsim.fitting.profile import _walked
from hetsim.fitting.profile_walk import settled, walk_all, weighted_by
from hetsim.parameters.values import MeasuredRate

CAPACITY = "Specific capacity [mA.h.g-1]"
RADIUS = "Particle radius [m]"
A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")

RNG = np.random.default_rng(3)
MATRIX = RNG.normal(size=(9, 3))
TARGET = RNG.normal(size=9)
HARD = np.zeros(9, bool)  # no soft limit: the formulas of linear regression are exact
WIDE = np.full(3, 50.0)
EXACT = np.linalg.lstsq(MATRIX, TARGET, rcond=None)[0]
linear = one_by_one(lambda x: MATRIX @ x - TARGET)


def ends(walks):
    return np.array([[down.end, up.end] for down, up in walks])


# --- a linear problem with normal noise, where intervals are known -------------------------------


def test_profile_of_a_linear_problem_is_the_normal_interval():
    walks = walk_all(linear, linearise(linear, EXACT, HARD), -WIDE, WIDE)
    half = NORMAL * np.sqrt(np.diag(np.linalg.inv(MATRIX.T @ MATRIX)))
    # 0.5 % of half an interval: what is left to gain at a place counts as 0.02 of 3.84
    assert np.all(
        np.abs(ends(walks) - np.array([EXACT - half, EXACT + half]).T) < 0.005 * half[:, None]
    )
    assert all(walk.closed for pair in walks for walk in pair)


def test_with_the_noise_unknown_it_is_students_interval():
    best = linearise(linear, EXACT, HARD)
    scale = noise_scale(best, [9], guess_counts=0.0)
    weighted, start = settled(linear, best, -WIDE, WIDE, scale.factors(9))
    left = MATRIX @ EXACT - TARGET
    deviation = math.sqrt(left @ left / 6)  # nine points, three values
    half = t.ppf(0.975, 6) * deviation * np.sqrt(np.diag(np.linalg.inv(MATRIX.T @ MATRIX)))
    found = ends(walk_all(weighted, start, -WIDE, WIDE))
    assert np.all(np.abs(found - np.array([EXACT - half, EXACT + half]).T) < 0.005 * half[:, None])
    assert scale.scales[0] == pytest.approx(deviation, rel=1e-9)


def test_what_the_prior_alone_holds_has_the_interval_of_the_prior():
    """The third value does nothing to nine points of twice the noise; its prior is 2 +- 0.7."""
    slopes = np.vstack([np.column_stack([MATRIX[:, :2], np.zeros(9)]), [0, 0, 1 / 0.7]])
    target = np.concatenate([2 * TARGET, [2 / 0.7]])
    problem = one_by_one(lambda x: slopes @ x - target)
    x = np.linalg.lstsq(slopes, target, rcond=None)[0]
    best = linearise(problem, x, np.zeros(10, bool))
    factors = noise_scale(best, [9]).factors(10)
    assert factors[0] > 1.2
    assert factors[9] == 1
    weighted, start = settled(problem, best, -WIDE, WIDE, factors)
    found = ends(walk_all(weighted, start, -WIDE, WIDE))[2]
    np.testing.assert_allclose(found, [2 - 1.96 * 0.7, 2 + 1.96 * 0.7], atol=0.005)


def test_scatter_moves_the_noise_and_the_guess_holds_it():
    best = linearise(linear, EXACT, HARD)
    much = linearise(weighted_by(linear, np.full(9, 1e-3)), EXACT, HARD)
    assert noise_scale(much, [9]).scales[0] > 100 * noise_scale(best, [9]).scales[0]
    assert noise_scale(best, [9], guess_counts=1e9).scales[0] == pytest.approx(1.0, abs=1e-6)
    # nine points that count as three say less: three values use them all up
    few = noise_scale(best, [9], [3.0])
    assert few.freedoms[0] == pytest.approx(1.0)  # the guess alone


def test_a_curved_profile_ends_where_the_ratio_says():
    """One deviation exp(x) - 1 and one of the prior: 2 cost = (e^x - 1)^2 + x^2 / 9 = 3.84 by bisection."""
    problem = one_by_one(lambda x: np.array([math.expm1(x[0]), x[0] / 3]))
    best = linearise(problem, np.zeros(1), np.zeros(2, bool))
    [(down, up)] = walk_all(problem, best, np.array([-9.0]), np.array([9.0]))
    for walk in (down, up):
        rise = math.expm1(walk.end) ** 2 + walk.end**2 / 9
        assert rise == pytest.approx(NORMAL**2, rel=0.03)  # |z - 1.96| is interpolated from 0.15 on
    assert -down.end > 3 * up.end


def test_open_sides_end_at_the_limit_or_where_nothing_runs():
    flat = one_by_one(lambda x: np.array([math.tanh(x[0]) / 2, x[1]]))
    best = linearise(flat, np.zeros(2), np.zeros(2, bool))
    (down, up), _ = walk_all(flat, best, np.array([-4.0, -9.0]), np.array([7.0, 9.0]))
    assert (down.end, up.end) == (-4.0, 7.0)
    assert not down.closed
    assert not up.closed
    breaking = one_by_one(lambda x: None if x[0] > 1.5 else np.array([math.tanh(x[0]) / 2, x[1]]))
    (_, up), _ = walk_all(breaking, best, np.array([-4.0, -9.0]), np.array([7.0, 9.0]))
    assert up.failed
    assert 1.0 < up.end <= 1.5  # as near as it runs


def test_all_walks_ask_at_once():
    asked = []

    def many(points):
        asked.append(len(points))
        return [MATRIX @ x - TARGET for x in points]

    best = linearise(linear, EXACT, HARD)
    walk_all(many, best, -WIDE, WIDE)
    assert asked[0] == 6  # both sides of three values
    assert len(asked) < 12


def test_searches_of_different_length_get_their_own_answers():
    def search(count, number):
        for _ in range(count):
            [got] = yield [np.array([number])]
            assert got == 2 * number
        return number

    doubled = lambda points: [2 * float(x[0]) for x in points]  # noqa: E731
    assert side_by_side([search(3, 1.0), search(0, 5.0), search(1, 7.0)], doubled) == [
        1.0,
        5.0,
        7.0,
    ]


# --- directions and pairs ------------------------------------------------------------------------


def test_directions_say_what_the_data_measure_over_the_priors():
    """One number, 2 x_1 - x_2 with noise 1, and priors of 3 and 4: lambda = (2 * 3)^2 + 4^2."""
    one = one_by_one(lambda x: np.array([2 * x[0] - x[1], x[0] / 3, x[1] / 4]))
    soft = np.array([True, False, False])
    best, other = directions(
        linearise(one, np.zeros(2), soft), np.array([3.0, 4.0]), ["a [V]", "b"]
    )
    assert best.measured == pytest.approx(52.0)
    assert other.measured == pytest.approx(0.0, abs=1e-9)
    assert best.by_data
    assert not other.by_data
    assert best.words == "(a) / (b)^0.5"
    assert best.left == pytest.approx(1 / math.sqrt(53))


@pytest.mark.parametrize(("sign", "words"), [(1, "(a)^2 x (b)"), (-1, "(a)^2 / (b)")])
def test_a_pair_is_named_with_its_exponent(sign, words):
    slope = np.array([1.0, 2.0, 3.0])
    alike = one_by_one(lambda x: slope * (2 * x[0] + sign * x[1]))
    [pair] = pairs(linearise(alike, np.zeros(2), np.ones(3, bool)), ["a", "b"])
    assert pair.exponent == pytest.approx(-2 * sign)
    assert pair.combination == words
    assert ("raised" if sign < 0 else "lowered") in pair.sentence.partition("and the other")[2]


def test_products_of_powers_are_written_with_plain_exponents():
    assert product({"R [m]": 2.01, "D [m2.s-1]": -0.98}) == "(R)^2 / (D)"
    assert product({"R": -0.5, "D": -0.3}) == "1 / (R)^0.5 / (D)^0.3"


# --- cells ---------------------------------------------------------------------------------------


def small() -> hs.HalfCell:
    return hs.load("CZT", "lumped").with_particle(classes=3)


def curve_of(cell, currents=(0.1, 0.5, 2.0, 5.0)) -> MeasuredRate:
    found = hs.run(cell, hs.RateTest(currents, cycles=1), model="SPM").capacities
    return MeasuredRate(currents, tuple(float(one) for one in found), "simulated")


@pytest.fixture(scope="module")
def degenerate():
    """Radius and diffusivity: only R^2/D acts, with a charge transfer that is fast."""
    cell = small().with_values({"Exchange-current density [A.m-2]": 100.0})
    free = [CAPACITY, FreeValue(RADIUS, width=0.5), FreeValue(A, tied=(B,))]
    return hs.fit(cell, curve_of(cell), free, "SPM", cycles=1, noise=0.01)


def test_open_sides_of_a_degenerate_pair_are_named(degenerate):
    radius = degenerate.profiles()[RADIUS]
    assert radius.low.open
    assert radius.high.open
    assert "prior holds" in radius.sentence or "range" in radius.sentence
    # along the profile of the data alone D goes as R^2
    assert radius.follows[A] == pytest.approx(2.0, rel=0.1)
    capacity = degenerate.profiles()[CAPACITY]
    assert (capacity.low.held_by, capacity.high.held_by) == ("data", "data")
    assert any(
        "(Particle radius)^2 / (Component A diffusivity)" in one for one in degenerate.remarks
    )


def test_what_the_prior_holds_has_its_width(degenerate):
    """R is held by its prior of 0.5 alone where D, whose prior is six times as wide, follows as R^2."""
    radius = degenerate.profiles()[RADIUS]
    # the prior of D takes part: 1 / (1 / 0.5^2 + (2 / 3)^2) = 0.474^2
    expected = np.exp(1.96 * 0.474 * np.array([-1, 1])) * radius.best
    inside = [max(expected[0], 50e-9), min(expected[1], 1e-6)]  # the range of the file
    np.testing.assert_allclose(radius.interval, inside, rtol=0.08)  # R^2/D adds a little


def test_the_verdict_says_it_in_words(degenerate):
    told = " ".join(degenerate.verdict)
    assert "pin down (95 %): 'Specific capacity" in told
    assert "micrograph" in told
    assert "hetsim plan CZT" in told
    assert degenerate.identifiability().iloc[-1]["measured by"] == "prior"


def test_the_verdict_on_a_cell_without_hosts_names_the_plan_that_takes_it():
    cell = hs.template("K", (0.01, 3.0)).with_particle(classes=3)
    free = [CAPACITY, FreeValue(A, tied=(B,))]
    found = hs.fit(cell, curve_of(cell, (0.1, 1.0)), free, "SPM", cycles=1)
    told = " ".join(found.verdict)
    assert "`hs.plan(found)` ranks" in told
    assert hs.plan(found, [A]).to_frame().shape[0] > 0


def test_tables_have_the_intervals_of_the_profiles(degenerate):
    frame = degenerate.to_frame()
    assert list(frame.loc[RADIUS, ["95 % low", "95 % high"]]) == list(
        degenerate.profiles()[RADIUS].interval
    )
    assert frame.loc[CAPACITY, "low held by"] == "data"
    linear_frame = degenerate.to_frame(profiled=False)
    low, high = linear_frame.loc[CAPACITY, ["95 % low", "95 % high"]]
    # nearly linear: the profile's interval to a tenth of its width
    assert low == pytest.approx(degenerate.profiles()[CAPACITY].low.value, rel=0.02)
    assert high == pytest.approx(degenerate.profiles()[CAPACITY].high.value, rel=0.02)
    assert len(degenerate.data_frame()) == 4
    with pytest.raises(ParameterError, match="fitted were"):
        _ = degenerate.profiles()["radius"]


def test_a_better_fit_on_the_way_is_found_and_said_so():
    """A double well, 2 (x^2 - 1), whose left side a prior at 1 lifts by 0.97 in 2 cost."""
    wells = one_by_one(lambda x: np.array([2 * (x[0] ** 2 - 1), (x[0] - 1) / 2]))
    low, high, hard = np.array([-9.0]), np.array([9.0]), np.zeros(2, bool)
    side, _ = minimise(wells, np.array([-1.1]), low, high, hard, longest=100)
    assert side.x[0] == pytest.approx(-0.97, abs=0.02)
    walks, lower = _walked(wells, side, low, high, np.ones(2))
    assert lower
    assert walks[0][0].points[0, 0] == pytest.approx(1.0, abs=0.02)  # around the better one
    right, _ = minimise(wells, np.array([1.1]), low, high, hard, longest=100)
    assert not _walked(wells, right, low, high, np.ones(2))[1]
