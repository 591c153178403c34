"""The open-circuit curve without plateaus: its ends, its exponent, its inverse."""

import numpy as np
import pytest

from hetsim.laws.sloping_curve import sloping_occupancy, sloping_potential

WINDOW = (3.0, 0.01)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 1.5, 3.0])
def test_ends_are_finite_and_those_of_the_window(exponent: float) -> None:
    assert sloping_potential(0.0, *WINDOW, exponent) == 3.0
    assert sloping_potential(1.0, *WINDOW, exponent) == 0.01
    assert np.all(np.diff(sloping_potential(np.linspace(0, 1, 101), *WINDOW, exponent)) < 0)


@pytest.mark.parametrize("exponent", [0.5, 1.5, 3.0])
def test_inverse_is_exact_and_clipped_outside(exponent: float) -> None:
    theta = np.linspace(0, 1, 11)
    back = sloping_occupancy(sloping_potential(theta, *WINDOW, exponent), *WINDOW, exponent)
    assert np.allclose(back, theta, rtol=0, atol=1e-14)  # round-off
    assert sloping_occupancy(3.5, *WINDOW, exponent) == 0
    assert sloping_occupancy(-0.5, *WINDOW, exponent) == 1


def test_exponent_one_is_a_straight_line() -> None:
    assert sloping_potential(0.25, 2.0, 0.0, 1.0) == 1.5


def test_exponent_is_the_slope_in_logarithms_near_the_full_end() -> None:
    left = np.array([1e-2, 1e-3])
    rise = np.log(sloping_potential(1 - left, 2.0, 0.0, 1.5))
    assert (rise[0] - rise[1]) / np.log(10) == pytest.approx(1.5, rel=1e-12)  # round-off
