"""The core-shell potential: limits, jumps and signs. The comparison with a numerical solution is in
test_poisson_boltzmann."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from hetsim.laws.potential import core_shell_potential, core_shell_slope, surviving_step

CASES = [(0.05, 0.05, 0.7, 1.0), (0.02, 0.2, 0.5, 3.0), (0.3, 0.1, 0.9, 0.2), (1.0, 1.0, 0.3, 1.0)]


def slope(x: float, *case: float) -> float:
    h = 1e-6
    ahead, behind = (core_shell_potential(x + s * h, 1.0, *case) for s in (1, -1))
    return float((ahead - behind) / (2 * h))


@pytest.mark.parametrize("case", CASES)
def test_surface_is_the_reference_and_has_no_field(case: tuple[float, ...]) -> None:
    assert core_shell_potential(1.0, 1.0, *case) == pytest.approx(0, abs=1e-12)
    # Gauss: no net charge inside; one-sided difference over 1e-5
    near = core_shell_potential(1 - 1e-5, 1.0, *case)
    assert abs(near) / 1e-5 < 1e-5 / case[1] ** 2


@pytest.mark.parametrize("case", CASES)
def test_displacement_is_continuous_at_the_junction(case: tuple[float, ...]) -> None:
    x_j, ratio = case[2], case[3]
    inside, outside = slope(x_j - 1e-5, *case), slope(x_j + 1e-5, *case)
    # second derivative times the 2e-5 between the two points
    assert ratio * inside == pytest.approx(outside, rel=2e-3 / min(case[:2]) * 0.02)


def test_short_debye_length_gives_the_full_step() -> None:
    assert surviving_step(1e-3, 1e-3, 0.7) == pytest.approx(1, abs=1e-6)


def test_long_debye_length_flattens_it_with_the_square() -> None:
    ratio = surviving_step(10.0, 10.0, 0.7) / surviving_step(20.0, 20.0, 0.7)
    assert ratio == pytest.approx(4, rel=0.01)  # (R/lambda)^2, next term (R/lambda)^4 ~ 1e-4


def test_positive_step_puts_the_core_below_the_surface() -> None:
    assert core_shell_potential(0.1, 0.06, 0.05, 0.05, 0.7) < -0.05


def test_potential_is_linear_in_the_step() -> None:
    x = np.linspace(0.01, 1, 40)
    one, three = (core_shell_potential(x, v, 0.1, 0.07, 0.6, 2.0) for v in (1.0, 3.0))
    np.testing.assert_allclose(three, 3 * one, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("debye", [1e-4, 1e-2, 1e2])
def test_no_overflow_at_extreme_lengths(debye: float) -> None:
    values = core_shell_potential(np.linspace(1e-4, 1, 200), 1.5, debye, debye, 0.7)
    assert np.all(np.isfinite(values))
    assert np.all(np.abs(values) <= 1.5 + 1e-9)


@pytest.mark.parametrize("case", CASES)
def test_slope_is_the_derivative(case: tuple[float, ...]) -> None:
    x_j = case[2]
    for x in (0.01, 0.5 * x_j, x_j - 1e-4, x_j + 1e-4, (1 + x_j) / 2, 1 - 1e-4):
        # h^2/6 phi''', and 1e-16/h of round-off, for h = 1e-6
        assert core_shell_slope(x, 1.0, *case) == pytest.approx(slope(x, *case), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("case", CASES)
def test_slope_integrates_to_the_potential(case: tuple[float, ...]) -> None:
    for x in (0.05, 0.4 * case[2], case[2], 0.5 * (1 + case[2])):
        parts = sorted({x, max(x, case[2]), 1.0})
        ends = pairwise(parts)
        total = sum(quad(core_shell_slope, *one, (0.2, *case), epsabs=1e-12)[0] for one in ends)
        # of the quadrature
        assert -total == pytest.approx(core_shell_potential(x, 0.2, *case), abs=1e-10)


@pytest.mark.parametrize("case", CASES)
def test_slope_is_zero_at_the_surface_and_jumps_with_the_permittivity(
    case: tuple[float, ...],
) -> None:
    assert core_shell_slope(1.0, 1.0, *case) == pytest.approx(0, abs=1e-12 / min(case[:2]))
    x_j, ratio = case[2], case[3]
    inside, outside = (core_shell_slope(x, 1.0, *case) for x in (x_j - 1e-12, x_j))
    # phi'' times 1e-12 between the two places
    assert ratio * inside == pytest.approx(outside, rel=1e-9)
