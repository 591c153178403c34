"""The surface of a particle under a constant flux."""

import numpy as np
import pytest
from scipy.integrate import quad

from hetsim.laws.diffusion_spread import (
    log_normal_classes,
    plane_modes,
    sphere_modes,
    surface_response,
)
from hetsim.laws.pulse import MEET, plate_surface_rise, shared_surface_rise, sphere_surface_rise

TIMES = np.array([1e-2, 0.1, 0.5, 2.0])


def by_quadrature(transform, time):
    """f(t) = (2/pi) exp(a t) int_0^inf Re F(a + i w) cos(w t) dw: Bromwich's integral, real form."""
    a = 1 / time
    value, _ = quad(
        lambda w: transform(a + 1j * w).real, 0, np.inf, weight="cos", wvar=time, limlst=400
    )
    return 2 / np.pi * np.exp(a * time) * value


def of_sphere(s):
    return 1 / (3 * s * (np.sqrt(s) / np.tanh(np.sqrt(s)) - 1))


def of_plate(s):
    return 1 / (s**1.5 * np.tanh(np.sqrt(s)))


@pytest.mark.parametrize(
    ("rise", "transform"),
    [(sphere_surface_rise, of_sphere), (plate_surface_rise, of_plate)],
    ids=["sphere", "plate"],
)
@pytest.mark.parametrize("time", [1e-3, 0.02, 0.0399, 0.0401, 0.1, 1.0, 5.0])
def test_series_is_the_integral_of_bromwich(rise, transform, time):
    # quad asks for 1.5e-8, absolute, of an integral that decays as w^-3/2
    assert rise(time) == pytest.approx(by_quadrature(transform, time), rel=1e-6, abs=1e-7)


@pytest.mark.parametrize(
    ("rise", "modes"),
    [(sphere_surface_rise, sphere_modes), (plate_surface_rise, plane_modes)],
    ids=["sphere", "plate"],
)
def test_series_agrees_with_the_partial_fractions_of_the_rate_curve(rise, modes):
    response = surface_response([1.0], [1.0], modes=modes(600), shortest=0.0)
    # the 600 modes leave 0.1 % of the sphere to be filled at once, which takes 0.4 % off at T = 0.01
    assert rise(TIMES) == pytest.approx([response(one) for one in TIMES], rel=5e-3, abs=0)


@pytest.mark.parametrize("rise", [sphere_surface_rise, plate_surface_rise])
def test_surface_is_ahead_of_the_mean_by_a_constant_in_the_end(rise):
    assert rise(3.0) - rise(2.0) == pytest.approx(1.0, abs=1e-8)
    assert np.all(rise(TIMES) > TIMES)


@pytest.mark.parametrize("rise", [sphere_surface_rise, plate_surface_rise])
def test_short_and_long_form_meet(rise):
    below, above = rise([MEET * (1 - 1e-12), MEET * (1 + 1e-12)])
    # the image sources left out are exp(-25) = 1.4e-11 over a rise of 0.1 to 0.2
    assert above / below == pytest.approx(1, abs=5e-10)
    assert rise(0.0) == 0


def test_short_times_are_those_of_a_half_space():
    t = np.array([1e-6, 1e-5, 1e-4])
    # the next image source is exp(-1/T) away
    assert plate_surface_rise(t) == pytest.approx(2 * np.sqrt(t / np.pi), rel=1e-10, abs=0)
    # the next term of the sphere is of the order T over the first
    corrected = 2 / 3 * np.sqrt(t / np.pi) + t / 3
    assert sphere_surface_rise(t) == pytest.approx(corrected, rel=1e-4, abs=0)


def test_spheres_of_one_size_share_nothing():
    t = np.geomspace(1e-8, 5, 40)
    # 24 nodes of the inversion hold some eleven digits
    expected = sphere_surface_rise(t)
    assert shared_surface_rise(t, [1.0], [1.0]) == pytest.approx(expected, rel=1e-8, abs=0)


@pytest.mark.parametrize(("spread", "fast"), [(1.0, 0.0), (2.0, 0.0), (1.0, 0.3)])
def test_a_spread_agrees_with_its_partial_fractions(spread, fast):
    ratios, weights = log_normal_classes(9, spread)
    response = surface_response(ratios, weights, fast, modes=sphere_modes(200), shortest=0.0)
    times = np.array([0.1, 1.0, 10.0])
    found = shared_surface_rise(times, ratios, weights, fast)
    # 200 modes of each size leave 0.3 % of it to be filled at once
    assert found == pytest.approx([response(one) for one in times], rel=3e-3, abs=0)


def test_short_time_of_a_spread_is_that_of_its_whole_surface():
    ratios, weights = np.array([0.25, 4.0]), np.array([0.4, 0.6])
    t = 1e-8
    area = float(weights @ ratios**-0.5)
    # the curvature of the small spheres is of the order sqrt(T/0.25)
    found = shared_surface_rise(np.array([t]), ratios, weights)
    assert found == pytest.approx(2 / 3 * np.sqrt(t / np.pi) / area, rel=1e-3, abs=0)


def test_share_filled_at_once_takes_the_first_charge():
    t = np.array([1e-9])
    # what the spheres take is of the order 3 sqrt(T) = 1e-4 of that
    assert shared_surface_rise(t, [1.0], [1.0], 0.5) == pytest.approx(t / 0.5, rel=1e-3, abs=0)
