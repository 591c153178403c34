"""The surface of a particle under a constant flux."""

import numpy as np
import pytest

from hetsim.laws.diffusion_spread import plane_modes, sphere_modes, surface_response
from hetsim.laws.pulse import plate_surface_rise, sphere_surface_rise

TIMES = np.array([1e-2, 0.1, 0.5, 2.0])


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
def test_series_and_short_time_meet(rise):
    below, above = rise([1e-6 * (1 - 1e-9), 1e-6 * (1 + 1e-9)])
    # the next term of the sphere is of the order T over the first; the step itself is 1e-9
    assert above / below == pytest.approx(1, abs=2e-6)
    assert rise(0.0) == 0


def test_short_times_are_those_of_a_half_space():
    t = np.array([1e-6, 1e-5, 1e-4])
    # the next image source is exp(-1/T) away
    assert plate_surface_rise(t) == pytest.approx(2 * np.sqrt(t / np.pi), rel=1e-10, abs=0)
    # the next term of the sphere is of the order T over the first
    corrected = 2 / 3 * np.sqrt(t / np.pi) + t / 3
    assert sphere_surface_rise(t) == pytest.approx(corrected, rel=1e-4, abs=0)
