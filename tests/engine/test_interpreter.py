"""The method, the chains and the codes of the interpreter, on models of a few equations with known solutions."""

import math
from typing import Any

import casadi
import numpy as np
import pytest

from hetsim.engine.chains import LONGEST, Ended
from hetsim.engine.interpreter import Interpreter
from tests.helpers.small_model import SmallModel, run


def falling() -> SmallModel:
    """y' = -y^2 from 1: y = 1 / (1 + t)."""
    return SmallModel(1, lambda t, y, p: [-(y[0] ** 2)], lambda t, y, p: [1.0])


def falling_beside() -> SmallModel:
    """The same of index 1: y' = -y z, 0 = z^3 - y^3."""
    return SmallModel(
        2,
        lambda t, y, p: [-y[0] * y[1], y[1] ** 3 - y[0] ** 3],
        lambda t, y, p: [1.0, 1.0],
        algebraic=1,
    )


def slope(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


@pytest.mark.parametrize("make", [falling, falling_beside])
def test_error_of_a_step_and_of_the_output_within_it(make: Any) -> None:
    """A step of order 4 is h^5 off; the output in its middle, of order 3, h^4. The flow of y over h is y / (1 + h y).

    Steps of one tolerance grow from 1e-5 of the duration on; the slope is taken where the error is far above
    round-off (1e-14) and h y below 0.4, where the next order does not yet count.
    """
    of = make().interpreter()
    found = run(of, [[0.0, 30.0]], 1e-3, path=True)
    path = found.path
    assert path is not None
    h, y = path.step, path.first[:, 0]
    size = h * y
    end = np.abs(path.last[:, 0] * (1 + size) / y - 1)
    half = path.states(path.time + h / 2)[:, 0]
    middle = np.abs(half * (1 + size / 2) / y - 1)
    used = (size < 0.4) & (end > 1e-14)
    assert used.sum() >= 3
    assert slope(size[used], end[used]) > 4.3
    used = (size < 0.4) & (middle > 1e-14)
    assert slope(size[used], middle[used]) > 3.7


@pytest.mark.parametrize("make", [falling, falling_beside])
def test_error_falls_with_the_fourth_power_of_the_steps(make: Any) -> None:
    of = make().interpreter()
    runs = [run(of, [[0.0, 5.0]], tolerance) for tolerance in (1e-4, 1e-6, 1e-8, 1e-10)]
    errors = np.array([abs(one.state[0, 0] - 1 / 6) for one in runs])
    steps = np.array([float(one.steps[0, 0]) for one in runs])
    # the first steps, which grow from 1e-5 of the duration, count without adding to the error
    assert slope(steps[1:] - 8, errors[1:]) < -3.5
    assert errors[-1] < 1e-9


def test_output_meets_the_steps() -> None:
    found = run(falling().interpreter(), [[0.0, 3.0]], 1e-6, path=True)
    path = found.path
    assert path is not None
    np.testing.assert_array_equal(path.states(path.time), path.first)
    np.testing.assert_allclose(path.time[1:], (path.time + path.step)[:-1], rtol=1e-15)
    np.testing.assert_array_equal(path.states(np.array([3.0]))[0], path.last[-1])


def ramp() -> SmallModel:
    """y' = slope t, where t is the clock of the segment."""
    return SmallModel(1, lambda t, y, p: [p["level"] * t], lambda t, y, p: [0.0])


def test_clock_starts_at_zero_in_each_segment() -> None:
    """Two ramps: 3 4^2/2 - 2 5^2/2, a polynomial that the method has exactly (1e-13, round-off)."""
    found = run(ramp().interpreter(), [[3.0, 4.0], [-2.0, 5.0]])
    assert found.code.tolist() == [[Ended.TIME_OVER] * 2]
    assert found.state[0, 0] == pytest.approx(24 - 25, abs=1e-13)
    assert found.state[0, 1] == pytest.approx(5.0, rel=1e-14)


def draining(cut_off: float = 3.0) -> SmallModel:
    """y' = -level from 1, to -ln y = cut_off: a pole, behind which there is no number."""
    return SmallModel(
        1,
        lambda t, y, p: [-p["level"]],
        lambda t, y, p: [p["value"]],
        margins={
            "pole": lambda t, y, p: cut_off + casadi.log(y[0]),
            "full": lambda t, y, p: 2 - y[0],
        },
        kept={"inside": lambda t, y, p: y[0]},
    )


def test_chain_is_its_segments_one_by_one() -> None:
    """The same numbers to the last digit: the state is handed on as it is."""
    of = draining().interpreter()
    segments = [[0.3, 1.0], [-0.2, 2.0], [0.5, 5.0]]
    whole = run(of, segments)
    state = None
    for k, one in enumerate(segments):
        alone = run(of, [one], start=state)
        state = alone.state
        assert whole.code[0, k] == alone.code[0, 0]
        assert whole.time[0, k] == alone.time[0, 0]
        np.testing.assert_array_equal(whole.kept[0, k], alone.kept[0, 0])
    np.testing.assert_array_equal(whole.state, state)


def test_cut_off_behind_a_pole_is_met_closely() -> None:
    """What is left to it is below 1e-9 V (as asked); the time is exact for a straight line."""
    of = draining().interpreter()
    found = run(of, [[0.1, 100.0]], 1e-4)
    assert found.code[0, 0] == Ended.CUT_OFF
    assert of.model.events[found.event[0, 0]] == "pole"
    left = 3 + math.log(found.kept[0, 0, 1, 0])
    assert 0 <= left < 1e-9
    assert found.time[0, 0] == pytest.approx((1 - math.exp(-3)) / 0.1, rel=1e-9)
    filled = run(of, [[-0.1, 100.0]], 1e-4)
    assert of.model.events[filled.event[0, 0]] == "full"
    assert filled.time[0, 0] == pytest.approx(10.0, rel=1e-9)


def test_next_chooses_by_how_a_segment_ended() -> None:
    """After a cut-off to segment 1, after the time to 2, after an impossible start to 3."""
    of = draining().interpreter()
    segments = [[0.1, 5.0], [-0.1, 1.0], [-0.2, 1.0], [-0.3, 1.0]]
    follows = [[1, 2, 3], *[[-1, -1, -1]] * 3]
    # values: from 0.2 the pole is met, from 1 the time is over, from 0.01 the start is beyond it
    found = run(of, segments, value=np.array([0.2, 1.0, 0.04]), follows=follows)
    assert found.code[:, 0].tolist() == [Ended.CUT_OFF, Ended.TIME_OVER, Ended.IMPOSSIBLE]
    reached = found.code != Ended.NOT_REACHED
    assert reached[0].tolist() == [True, True, False, False]
    assert reached[1].tolist() == [True, False, True, False]
    assert reached[2].tolist() == [True, False, False, True]


def test_saved_state_comes_back_after_a_segment_without_cut_off() -> None:
    """Drain to the cut-off (kept), fill for a second (not met): the third starts from what was kept."""
    of = draining().interpreter()
    follows = [[1, -1, -1], [2, 2, 2], [-1, -1, -1]]
    found = run(
        of, [[0.5, 9.0], [-0.1, 1.0], [-0.1, 2.0]], follows=follows, save=[1, 0, 0], back=[0, 1, 0]
    )
    kept = found.kept[0, :, :, 0]
    assert kept[2, 0] == kept[0, 1]
    assert kept[1, 1] == pytest.approx(kept[0, 1] + 0.1, rel=1e-12)
    without = run(of, [[0.5, 9.0], [-0.1, 1.0], [-0.1, 2.0]], follows=follows, save=[1, 0, 0])
    assert without.kept[0, 2, 0, 0] == without.kept[0, 1, 1, 0]


def test_half_of_the_time_is_seen_as_closely_as_the_end() -> None:
    """y = 1/(1 + t): at half of 5 s it is 1/3.5, to the tolerance."""
    found = run(falling().interpreter(), [[0.0, 5.0]], 1e-8, half=1)
    start, half, end = found.shown[0, 0, :, 0]
    assert start == 1.0
    assert half == pytest.approx(1 / 3.5, abs=1e-7)
    assert end == pytest.approx(1 / 6, abs=1e-7)
    assert found.time[0, 0] == 5.0


# --- how many steps it takes ----------------------------------------------------------------------

WIDTH = 2e-3
"""Of a corner, as that of a hysteresis."""


def saturating() -> SmallModel:
    """d' = level tanh((1 - d) / w) from -1, and z = sin(2 d) beside it.

    sinh((1 - d) / w) falls with e^(-level t / w).
    """
    return SmallModel(
        2,
        lambda t, y, p: [
            p["level"] * casadi.tanh((1 - y[0]) / WIDTH),
            y[1] - casadi.sin(2 * y[0]),
        ],
        lambda t, y, p: [-1.0, float(np.sin(-2.0))],
        algebraic=1,
    )


def saturated(time: np.ndarray, level: float) -> np.ndarray:
    """1 - w asinh(e^x / 2), of which nothing but x is left where that is large."""
    x = (2 - level * time) / WIDTH
    return 1 - WIDTH * np.where(x > 20, x, np.arcsinh(np.exp(np.minimum(x, 20)) / 2))


@pytest.mark.parametrize("level", [1.0, 0.3, 7.0])
def test_a_corner_of_the_rates_takes_few_steps(level: float) -> None:
    """18 of them; without a look ahead 25, a quarter of them refused where they leap over the corner."""
    found = run(saturating().interpreter(), [[level, 3.0 / level]], 2e-4, path=True)
    path = found.path
    assert path is not None
    assert found.steps[0, 0] <= len(path.time) + 2
    assert found.steps[0, 0] <= 20
    # the tolerance of a step, which the corner forgets
    np.testing.assert_allclose(path.last[:, 0], saturated(path.time + path.step, level), atol=2e-4)
    assert found.state[0, 0] == pytest.approx(1.0, abs=1e-9)


def test_a_corner_far_away_shortens_no_step() -> None:
    """d does not come near it: as many steps as without a corner."""
    with_corner, without = (
        run(one.interpreter(), [[1.0, 1.0]], 1e-6).steps[0, 0]
        for one in (
            saturating(),
            SmallModel(
                2,
                lambda t, y, p: [p["level"], y[1] - casadi.sin(2 * y[0])],
                lambda t, y, p: [-1.0, float(np.sin(-2.0))],
                algebraic=1,
            ),
        )
    )
    assert with_corner == without


@pytest.mark.parametrize(
    ("margin", "met"),
    [
        (lambda y: 1 + casadi.log(1.2 - y), 1.2 - math.exp(-1)),
        (lambda y: casadi.sqrt(2 - y) - 0.5, 1.75),
        (lambda y: 5 - casadi.exp(y), math.log(5)),
        (lambda y: 0.5 - casadi.tanh(3 * (y - 1)), 1 + math.atanh(0.5) / 3),
        (lambda y: 1 - casadi.exp(3 * y - 3), 1.0),
    ],
)
def test_a_cut_off_takes_few_steps(margin: Any, met: float) -> None:
    """y = 2.5 (1 - e^-t): 11 to 13 steps to where the margin is zero, of which 14 to 18 would be needed along straight
    lines."""
    of = SmallModel(
        1,
        lambda t, y, p: [2.5 - y[0]],
        lambda t, y, p: [0.0],
        margins={"one": lambda t, y, p: margin(y[0])},
    ).interpreter()
    found = run(of, [[0.0, 3.0]], 2e-4)
    assert found.code[0, 0] == Ended.CUT_OFF
    assert found.state[0, 0] == pytest.approx(met, abs=2e-9)
    assert found.steps[0, 0] <= 13


@pytest.mark.parametrize("power", [1, 2])
def test_errors_that_grow_are_foreseen(power: int) -> None:
    """z = e / (1.02 - t)^p, whose errors grow from step to step: hardly one is refused, where one in four would be
    if the next error were taken for the last one."""
    of = SmallModel(
        2,
        lambda t, y, p: [1.0, 1e-3 * power / (1.02 - y[0]) ** (power + 1)],
        lambda t, y, p: [0.0, 0.0],
    ).interpreter()
    found = run(of, [[0.0, 1.0]], 1e-5, path=True)
    assert found.path is not None
    exact = 1e-3 * (0.02**-power - 1.02**-power)
    assert found.state[0, 1] == pytest.approx(exact, abs=1e-4, rel=1e-5)
    assert found.steps[0, 0] - len(found.path.time) <= 3


# --- every way in which a segment ends ------------------------------------------------------------


def ending_as(rate: Any, start: Any, margin: Any = None, algebraic: int = 0) -> Interpreter:
    margins = {} if margin is None else {"margins": {"one": margin}}
    return SmallModel(len(start), rate, lambda t, y, p: start, algebraic, **margins).interpreter()


def test_too_many_steps() -> None:
    """A million turns of a swing are given up after the longest number of steps."""
    of = ending_as(lambda t, y, p: [1e6 * y[1], -1e6 * y[0]], [1.0, 0.0])
    found = run(of, [[0.0, 6.3]], 1e-8)
    assert found.code[0, 0] == Ended.TOO_MANY_STEPS
    assert found.steps[0, 0] == LONGEST


def test_too_small_step() -> None:
    """Behind y = 0.5 the rate is no number, and no cut-off lies before: steps shrink towards it."""
    of = ending_as(lambda t, y, p: [-1 - casadi.sqrt(y[0] - 0.5)], [1.0])
    found = run(of, [[0.0, 2.0]], 1e-6)
    assert found.code[0, 0] == Ended.TOO_SMALL_STEP
    assert np.isfinite(found.state).all()


def test_solution_that_ends_is_given_up() -> None:
    """y' = exp(y) from 0 has no solution from t = 1 on."""
    found = run(ending_as(lambda t, y, p: [casadi.exp(y[0])], [0.0]), [[0.0, 2.0]], 1e-10)
    assert found.code[0, 0] in (Ended.TOO_SMALL_STEP, Ended.TOO_MANY_STEPS)
    assert found.time[0, 0] == pytest.approx(1.0, abs=1e-8)


@pytest.mark.parametrize("exact", [False, True])
def test_jump_over_a_cut_off_is_no_cut_off(exact: bool) -> None:
    """A margin that jumps from 1 to -1 is never met: what happens there is for PyBaMM to say."""
    of = ending_as(lambda t, y, p: [1.0], [0.0], lambda t, y, p: casadi.if_else(y[0] < 1, 1, -1))
    found = run(of, [[0.0, 3.0]], exact=exact)
    assert found.code[0, 0] == Ended.TOO_SMALL_STEP


@pytest.mark.parametrize("exact", [False, True])
def test_what_is_no_number_behind_a_point_has_met_no_cut_off(exact: bool) -> None:
    of = ending_as(lambda t, y, p: [1.0], [0.0], lambda t, y, p: 0.2 + casadi.sqrt(1 - y[0]))
    found = run(of, [[0.0, 3.0]], exact=exact)
    assert found.code[0, 0] == Ended.NO_NUMBER


def test_no_consistent_start() -> None:
    """0 = z^2 + 1."""
    of = ending_as(lambda t, y, p: [-y[0], y[1] ** 2 + 1], [1.0, 0.4], algebraic=1)
    assert run(of, [[0.0, 1.0]]).code[0, 0] == Ended.NO_START


def test_no_number_at_the_start() -> None:
    of = ending_as(lambda t, y, p: [0.0], [-1.0], lambda t, y, p: casadi.sqrt(y[0]))
    assert run(of, [[0.0, 1.0]]).code[0, 0] == Ended.NO_NUMBER


def test_impossible_start() -> None:
    of = ending_as(lambda t, y, p: [0.0], [-1.0], lambda t, y, p: y[0])
    found = run(of, [[0.0, 1.0], [0.0, 1.0]])
    assert found.code[0].tolist() == [Ended.IMPOSSIBLE, Ended.NOT_REACHED]
    assert found.steps[0, 0] == 0


def test_no_duration_is_over_at_once() -> None:
    found = run(falling().interpreter(), [[0.0, 0.0], [0.0, 1.0]])
    assert found.code[0].tolist() == [Ended.TIME_OVER] * 2
    assert found.state[0, 0] == pytest.approx(0.5, abs=1e-7)
