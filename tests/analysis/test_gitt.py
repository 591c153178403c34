"""Diffusion coefficients from titrations whose answer is known exactly."""

import numpy as np
import pytest
from synthetic_gitt import PLATE, SPHERE, Trace, titration

from hetsim import analysis
from hetsim.analysis.diffusion_length import sphere
from hetsim.errors import ParameterError
from hetsim.laws.pulse import plate_surface_rise, sphere_surface_rise

RADIUS = 1e-6
SECONDS = 1000.0
TRUE = RADIUS**2 / SECONDS  # R^2/D = 1000 s


def from_steps(found):
    return np.array([one.diffusivity_from_steps for one in found.results])


@pytest.mark.parametrize("pulse", [1e-4, 1e-3, 1e-2, 0.1])
def test_layer_gives_its_diffusivity_back(pulse):
    found = analysis.weppner_huggins(titration(PLATE, pulse, seconds=SECONDS), RADIUS)
    # a layer is a half space up to T = 0.1, where the other side adds exp(-10)
    assert found.diffusivities == pytest.approx(TRUE, rel=1e-3, abs=0)
    assert from_steps(found) == pytest.approx(TRUE, rel=1e-3, abs=0)


@pytest.mark.parametrize("pulse", [1e-5, 1e-4, 4e-4])
def test_sphere_in_the_window_of_validity_gives_its_diffusivity_within_five_percent(pulse):
    length = analysis.sphere(RADIUS)
    found = analysis.weppner_huggins(titration(SPHERE, pulse, seconds=SECONDS), length)
    assert found.diffusivities == pytest.approx(TRUE, rel=0.05, abs=0)
    assert from_steps(found) == pytest.approx(TRUE, rel=0.05, abs=0)
    # low by sqrt(pi T), times 1 + sqrt(0.1) for the line behind a tenth of the pulse; the jump is
    # followed back from 2 to 10 % of it, which costs a twentieth of that; the next order is T
    low = np.sqrt(np.pi * pulse)
    assert from_steps(found) / TRUE == pytest.approx(1 - low, abs=low / 15 + 4 * pulse)
    expected = 1 - (1 + 0.1**0.5) * low
    assert found.diffusivities / TRUE == pytest.approx(expected, abs=low / 15 + 6 * pulse)


@pytest.mark.parametrize(
    ("surface_rise", "length"),
    [(SPHERE, analysis.sphere(RADIUS)), (PLATE, analysis.layer(RADIUS))],
    ids=["sphere", "plate"],
)
@pytest.mark.parametrize("pulse", [1e-3, 1e-2, 0.1, 1.0])
def test_outside_of_its_window_the_error_is_that_of_theory(surface_rise, length, pulse):
    found = analysis.weppner_huggins(titration(surface_rise, pulse, seconds=SECONDS), length)
    expected = analysis.gitt_ratio([pulse], surface_rise([pulse]), length.metres / RADIUS)
    # the jump is followed back from 2 to 10 % of the pulse, where the sphere bends already
    assert from_steps(found) / TRUE == pytest.approx(np.full(2, expected), rel=0.05, abs=0)


def test_sphere_reads_low_by_the_root_of_pi_times_the_pulse():
    pulses = np.array([1e-6, 1e-5, 1e-4])
    ratio = analysis.gitt_ratio(pulses, sphere_surface_rise(pulses), 1 / 3)
    # the next order is (3/4) pi T
    assert ratio == pytest.approx(1 - np.sqrt(np.pi * pulses), abs=3e-4)


@pytest.mark.parametrize("rise", [sphere_surface_rise, plate_surface_rise])
def test_no_pulse_can_find_more_than_four_lengths_squared_over_pi_tau(rise):
    pulses = np.logspace(-4, 2, 50)
    share = 1 / 3 if rise is sphere_surface_rise else 1.0
    bound = 4 * share**2 / (np.pi * pulses)
    ratio = analysis.gitt_ratio(pulses, rise(pulses), share)
    assert np.all(ratio < bound)
    assert ratio[-1] == pytest.approx(bound[-1], rel=0.01)  # a long pulse finds the bound itself


def test_diffusivity_scales_with_the_square_of_the_stated_length():
    trace = titration(SPHERE, 1e-4)
    grain, electrode = (
        analysis.weppner_huggins(trace, one).median_diffusivity for one in (34e-9 / 3, 20e-6)
    )
    assert electrode / grain == pytest.approx((20e-6 / (34e-9 / 3)) ** 2, rel=1e-12, abs=0)


def test_without_a_length_there_is_no_diffusivity():
    with pytest.raises(ParameterError, match=r"needs a length.*D scales with the square"):
        analysis.weppner_huggins(titration(SPHERE, 1e-4))


@pytest.mark.parametrize("bad", [0.0, -1e-9, float("nan"), float("inf")])
def test_length_that_is_none_is_refused(bad):
    with pytest.raises(ParameterError, match=r"length"):
        analysis.weppner_huggins(titration(SPHERE, 1e-4), bad)


def test_mass_form_is_the_volume_over_the_area():
    # 1.2 mg of 6.9 g/cm3 on 1.131 cm2, whatever formula unit is counted
    lengths = [
        analysis.mass_over_area(1.2, molar, molar / 6.9, 1.131).metres for molar in (314.1, 157.05)
    ]
    by_volume = analysis.volume_over_area(1.2e-6 / 6900, 1.131e-4).metres
    assert lengths == pytest.approx([by_volume] * 2, rel=1e-12, abs=0)


def test_mass_form_names_what_is_not_positive():
    with pytest.raises(ParameterError, match=r"area_cm2 is 0"):
        analysis.mass_over_area(1.2, 314.1, 45.0, 0.0)


def test_the_jump_is_neither_in_the_step_nor_in_the_transient():
    small, large = (titration(SPHERE, 1e-4, jump=one) for one in (0.0, -0.2))
    without, with_jump = (
        analysis.weppner_huggins(one, analysis.sphere(RADIUS)) for one in (small, large)
    )
    assert with_jump.results[0].jump - without.results[0].jump == pytest.approx(-0.2, abs=1e-9)
    assert with_jump.diffusivities == pytest.approx(without.diffusivities, rel=1e-6, abs=0)
    assert from_steps(with_jump) == pytest.approx(from_steps(without), rel=1e-6, abs=0)


def test_polarisation_is_jump_and_relaxation():
    one = analysis.weppner_huggins(titration(SPHERE, 1e-2), RADIUS).results[0]
    assert one.polarisation == pytest.approx(one.jump - one.relaxation, abs=1e-12)
    # the surface is ahead of the mean by r(T) - T, and that relaxes
    ahead = -0.2 * (sphere_surface_rise(1e-2) - 1e-2)
    assert -one.relaxation == pytest.approx(ahead, rel=0.01, abs=0)


def test_semi_infinite_diffusion_is_linear_in_the_root_of_time():
    pulse = analysis.pulses(titration(PLATE, 1e-2, seconds=SECONDS))[0]
    line = analysis.sqrt_time_line(pulse)
    assert line.r_squared == pytest.approx(1.0, abs=1e-9)
    # E = -0.2 V 2 sqrt(t/(pi 1000 s))
    assert line.slope == pytest.approx(-0.4 / np.sqrt(np.pi * SECONDS), rel=1e-6, abs=0)


def test_a_long_pulse_is_called_bent_and_long():
    remarks = analysis.weppner_huggins(titration(PLATE, 3.0), RADIUS).results[0].remarks
    assert any("not linear" in one for one in remarks)
    assert any("not short" in one for one in remarks)


def test_a_good_pulse_has_no_remark():
    assert analysis.weppner_huggins(titration(PLATE, 1e-3), RADIUS).results[0].remarks == ()


def test_a_short_rest_is_told():
    found = analysis.weppner_huggins(titration(SPHERE, 0.1, rest=0.02), RADIUS)
    assert any("drifting" in one for one in found.results[0].remarks)


def test_state_counts_the_charge_of_the_pulses_before():
    trace = titration(SPHERE, 0.036, pulses=3)  # 36 s at 0.1 A/g are 1 mAh/g
    assert [one.passed for one in analysis.pulses(trace)] == pytest.approx([0, 1, 2], abs=1e-9)


def test_extraction_gives_the_same_diffusivity():
    trace = titration(SPHERE, 1e-4)
    mirrored = Trace(trace.time, -trace.current, 3.0 - trace.voltage)
    both = [analysis.weppner_huggins(one, RADIUS).diffusivities for one in (trace, mirrored)]
    assert both[0] == pytest.approx(both[1], rel=1e-9, abs=0)


def test_steps_against_each_other_give_no_number():
    trace = titration(SPHERE, 1e-4)
    drifting = Trace(trace.time, trace.current, trace.voltage + 1e-4 * trace.time)
    result = analysis.weppner_huggins(drifting, RADIUS).results[0]
    assert np.isnan([result.diffusivity_from_steps])
    assert "opposite signs" in result.remarks[0]


@pytest.mark.parametrize("current", [0.0, 0.1])
def test_a_trace_without_pulses_is_no_gitt(current):
    time = np.linspace(0, 100, 50)
    trace = Trace(time, np.full(50, current), 1.0 - 1e-3 * time)
    with pytest.raises(ParameterError, match="no pulse of current between two rests"):
        analysis.pulses(trace)


def test_too_few_samples_for_a_line_are_told():
    with pytest.raises(ParameterError, match="needs at least 3"):
        analysis.weppner_huggins(titration(SPHERE, 1e-3, samples=2), RADIUS)


@pytest.mark.parametrize("window", [(0.5, 0.2), (-0.1, 1.0), (0.0, 1.5)])
def test_window_that_is_no_part_of_the_pulse_is_refused(window):
    with pytest.raises(ParameterError, match="two shares of its length"):
        analysis.weppner_huggins(titration(SPHERE, 1e-3), RADIUS, window)


def test_table_has_one_row_a_pulse_with_units():
    frame = analysis.weppner_huggins(titration(SPHERE, 1e-3), RADIUS).to_frame()
    assert len(frame) == 2
    assert {"diffusivity [m2.s-1]", "length [m]", "jump [V]", "R2 of sqrt(t)"} <= set(frame.columns)


def test_a_radius_is_told_as_it_was_given():
    with pytest.raises(
        ParameterError, match="radius of the spheres is -20 nm; it must be positive"
    ):
        sphere(-20e-9)
