"""Intermittent current interruption: the square root of time on relaxations that are known exactly."""

import numpy as np
import pytest
from synthetic_gitt import PLATE, SPHERE, Trace, interrupted

from hetsim import analysis
from hetsim.errors import ParameterError

RADIUS = 1e-6
SECONDS = 1000.0
TRUE = RADIUS**2 / SECONDS
SPHERES, LAYER = analysis.sphere(RADIUS), analysis.layer(RADIUS)


def found(trace, length, rest):
    return analysis.intermittent_current_interruption(
        trace, length, (rest * SECONDS / 100, rest * SECONDS)
    )


@pytest.mark.parametrize("rest", [1e-6, 1e-5, 1e-4])
def test_prefactor_is_that_of_a_half_space(rest):
    """A layer under a steady current: the surface relaxes as -(2/sqrt(pi)) sqrt(T) + T, T = D t/L^2."""
    trace = interrupted(PLATE, rest, before=2.0, seconds=SECONDS)
    result = found(trace, LAYER, rest)
    # T adds the share (sqrt(pi)/2) (sqrt(T_1) + sqrt(T_2)) to the slope, which counts twice in D
    high = np.sqrt(np.pi) * 1.1 * np.sqrt(rest)
    # the next order, the weights of the samples, and the current that an interruption takes off, rest/flow
    near = 0.1 * high + 20 * rest + 2e-4
    assert result.diffusivities == pytest.approx(TRUE * (1 + high), rel=near, abs=0)


@pytest.mark.parametrize("rest", [1e-6, 1e-5, 1e-4])
def test_spheres_read_high_by_both_ends_of_the_window(rest):
    trace = interrupted(SPHERE, rest, before=1.0, seconds=SECONDS)
    high = 2 * np.sqrt(np.pi) * 1.1 * np.sqrt(rest)
    # of the next order, high^2, and the least squares weigh the window evenly in t, not in sqrt(t)
    assert found(trace, SPHERES, rest).diffusivities == pytest.approx(
        TRUE * (1 + high), rel=0.2 * high + 2e-4, abs=0
    )


def test_before_the_current_is_steady_the_first_reads_high_and_the_last_does_not():
    result = found(interrupted(SPHERE, 1e-5, flow=0.05, seconds=SECONDS), SPHERES, 1e-5)
    assert result.diffusivities[0] > 1.1 * TRUE
    assert result.diffusivities[-1] == pytest.approx(TRUE, rel=0.03, abs=0)


def test_intercept_is_the_jump_of_the_resistance():
    result = found(interrupted(SPHERE, 1e-4, seconds=SECONDS), SPHERES, 1e-4)
    # 0.03 V at 0.1 A/g; what the bend of the sphere adds is of the order slope T
    assert [one.jump for one in result.results] == pytest.approx([0.03] * 8, abs=1e-5)
    assert result.results[3].resistance == pytest.approx(0.3, rel=1e-3, abs=0)


def test_slope_with_current_is_that_of_the_curve():
    """-0.2 V over one R^2/D of charge, by current, not by the clock."""
    trace = interrupted(SPHERE, 0.02, before=1.0, flow=0.1, seconds=SECONDS)
    result = found(trace, SPHERES, 1e-3)
    slopes = [one.slope for one in result.results]
    # the surface is behind by what the interruptions leave, alike at each of them
    assert slopes[1:] == pytest.approx([-0.2 / SECONDS] * 7, rel=0.02, abs=0)


def test_a_long_window_is_called_long():
    trace = interrupted(SPHERE, 0.1, seconds=SECONDS)
    remarks = analysis.intermittent_current_interruption(trace, SPHERES, (1.0, 100.0)).results[4]
    assert any("not short" in one for one in remarks.remarks)
    assert any("not linear" in one for one in remarks.remarks)


def test_ends_say_that_their_slope_is_of_one_side():
    result = found(interrupted(SPHERE, 1e-4, seconds=SECONDS), SPHERES, 1e-4).results
    said = ["slope of the voltage known from one side only" in one.remarks for one in result]
    assert said == [True, *6 * [False], True]


def test_a_voltage_that_relaxes_against_its_slope_gives_no_number():
    trace = interrupted(SPHERE, 1e-3, seconds=SECONDS)
    drifting = Trace(trace.time, trace.current, trace.voltage + 1e-3 * trace.time)
    one = found(drifting, SPHERES, 1e-3).results[4]
    assert np.isnan(one.diffusivity)
    assert "relaxes against its slope" in one.remarks


def test_window_that_is_not_stated_holds_five_samples():
    """40 samples, at (k/40)^2 of 600 s."""
    trace = interrupted(SPHERE, 0.6, seconds=SECONDS)
    result = analysis.intermittent_current_interruption(trace, SPHERES)
    after = 600 * (np.arange(1, 41) / 40) ** 2
    assert result.window == pytest.approx((1.0, after[after >= 1][4]))
    fine = interrupted(SPHERE, 0.6, seconds=SECONDS, samples=400)
    assert analysis.intermittent_current_interruption(fine, SPHERES).window == (1.0, 5.0)


def test_table_has_one_row_an_interruption_with_units():
    frame = found(interrupted(SPHERE, 1e-3), SPHERES, 1e-3).to_frame()
    assert len(frame) == 8
    assert {"diffusivity [m2.s-1]", "resistance [Ohm.g]", "slope of sqrt(t) [V.s-1/2]"} <= set(
        frame.columns
    )


@pytest.mark.parametrize(
    ("trace", "length", "window", "message"),
    [
        (interrupted(SPHERE, 1e-2), None, None, "D scales with the square"),
        (interrupted(SPHERE, 1e-2), SPHERES, (5.0, 1.0), "two times .* in order"),
        (
            interrupted(SPHERE, 1e-2),
            SPHERES,
            (20.0, 50.0),
            "lasts 10 s with 0 samples from 20 s on",
        ),
        (interrupted(SPHERE, 5e-4), SPHERES, None, "lasts 0.5 s with 0 samples from 1 s on"),
        (interrupted(SPHERE, 1e-2), SPHERES, (1.0, 1.2), "from 1 to 1.2 s; a line in sqrt"),
        (interrupted(SPHERE, 1e-2, count=1), SPHERES, None, "needs two of a current"),
    ],
)
def test_bad_input_is_refused(trace, length, window, message):
    with pytest.raises(ParameterError, match=message):
        analysis.intermittent_current_interruption(trace, length, window)
