"""The open-circuit curve, its inverse, and the equilibrium in a potential."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetsim.laws.isotherm import (
    equilibrium_occupancy,
    mean_occupancy,
    occupancy_at,
    plateau_staircase,
    surface_occupancy,
)
from hetsim.laws.transport import chemical_potential

V_T = 0.025693
CURVE = ((1.5, 0.9, 0.25, 0.02), (0.05, 0.3, 0.25, 0.4), (0.06, 0.08, 0.1))
SHARP = ((1.5, 0.9), (0.4, 0.6), (1e-3,))


def test_staircase_shows_its_plateaus() -> None:
    # half way through each plateau, far from a step of width 1e-3, only the mixing term is added
    for theta, plateau in ((0.2, 1.5), (0.7, 0.9)):
        mixing = V_T * np.log((1 - theta) / theta)
        assert plateau_staircase(theta, *SHARP, V_T) == pytest.approx(plateau + mixing, abs=1e-12)


def test_staircase_crosses_half_a_step_at_the_running_sum_of_shares() -> None:
    mixing = V_T * np.log(0.6 / 0.4)
    assert plateau_staircase(0.4, *SHARP, V_T) == pytest.approx(1.2 + mixing, abs=1e-12)


def test_the_narrowest_step_overflows_nowhere() -> None:
    """A width at the limit of the files, 1e-4; e^x of its ends would be e^4000 (a warning is an error here)."""
    theta = np.array([1e-6, 0.39, 0.3999, 0.4001, 0.41, 1 - 1e-6])
    narrow = plateau_staircase(theta, (1.5, 0.9), (0.4, 0.6), (1e-4,), V_T)
    mixing = V_T * np.log((1 - theta) / theta)
    share = 1 / (1 + np.exp(np.clip((0.4 - theta) / 1e-4, -700, 700)))
    assert narrow == pytest.approx(1.5 - 0.6 * share + mixing, abs=1e-14)  # round-off of a volt


@given(st.floats(1e-5, 1 - 1e-5), st.floats(1e-5, 1 - 1e-5))
def test_staircase_falls(a: float, b: float) -> None:
    low, high = sorted((a, b))
    if high - low > 1e-9:
        assert plateau_staircase(low, *CURVE, V_T) > plateau_staircase(high, *CURVE, V_T)


@given(st.floats(0.001, 0.999))
def test_occupancy_at_inverts_the_staircase(theta: float) -> None:
    voltage = plateau_staircase(theta, *CURVE, V_T)
    found = occupancy_at(lambda one: plateau_staircase(one, *CURVE, V_T), voltage, 1e-9, 1 - 1e-9)
    assert found == pytest.approx(theta, abs=1e-10)


def test_occupancy_beyond_the_curve_is_refused() -> None:
    with pytest.raises(ValueError, match=r"never reaches 5\.000 V"):
        occupancy_at(lambda one: plateau_staircase(one, *CURVE, V_T), 5.0, 1e-9, 1 - 1e-9)


@given(st.floats(0.01, 0.99), st.floats(-8, 8))
def test_equilibrium_has_uniform_mu(surface: float, phi: float) -> None:
    inside = equilibrium_occupancy(surface, phi)
    # ln(1 - theta) of a site that is e^-13 from full has 10 digits left
    assert chemical_potential(inside, phi) == pytest.approx(
        chemical_potential(surface, 0.0), abs=1e-9
    )


@given(st.floats(0.001, 0.999), st.floats(-20, 20))
def test_surface_occupancy_inverts_the_mean(mean: float, step: float) -> None:
    phi = np.concatenate([np.full(30, step), np.zeros(70)])

    def mean_of(surface: float) -> float:
        return float(mean_occupancy(surface, phi, np.mean))

    surface = surface_occupancy(mean, mean_of, abs(step))
    # a surface that is e^-20 from full has 7 digits of 1 - theta left
    assert mean_of(surface) == pytest.approx(mean, abs=1e-7)
    assert 0 < surface < 1
