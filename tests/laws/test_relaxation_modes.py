"""Relaxation modes against the exact response of spheres whose diffusion times are spread log-normally."""

from collections.abc import Callable

import numpy as np
import pytest

from hetsim.laws.diffusion_spread import sphere_modes, surface_response
from hetsim.laws.relaxation_modes import relaxation_modes

Transfer = Callable[[np.ndarray], np.ndarray]

SPREADS = (0.0, 0.1, 0.22, 0.35, 0.53, 0.7, 1.0, 1.37, 2.0, 2.6, 3.3, 4.0)
FAST = (0.0, 0.1, 0.5, 0.9)
CONTOUR = 32


def of_sphere(s: np.ndarray) -> np.ndarray:
    """3 (sqrt(s) coth(sqrt(s)) - 1) / s, of which a small s needs its series."""
    small = np.abs(s) < 1e-3
    root = np.sqrt(np.where(small, 1, s))
    decay = np.exp(-2 * root)
    whole = 3 * (root * (1 + decay) / (1 - decay) - 1) / root**2
    return np.where(small, 1 - s / 15 + 2 * s**2 / 315 - s**3 / 1575, whole)


def exact(spread: float) -> Transfer:
    """E[M(s e^(sigma z))] by the trapezoidal rule, exact to 1e-14."""
    z = np.linspace(-8.5, 8.5, 161)
    weights = np.exp(-z * z / 2) / np.exp(-z * z / 2).sum()
    times = np.exp(spread * z)
    if spread == 0:
        return of_sphere
    return lambda s: (weights * of_sphere(s[..., None] * times)).sum(-1)


def of_modes(spread: float) -> Transfer:
    modes = relaxation_modes(spread)
    return lambda s: modes.at_once + (modes.shares / (1 + s[..., None] * modes.times)).sum(-1)


def original(image: Transfer, time: np.ndarray) -> np.ndarray:
    """Inverse Laplace transform by Talbot's contour (Weideman, doi:10.1137/050625837): 1e-10 of the value."""
    angle = -np.pi + (np.arange(CONTOUR) + 0.5) * 2 * np.pi / CONTOUR
    cotangent = 1 / np.tan(0.6407 * angle)
    z = CONTOUR * (0.5017 * angle * cotangent - 0.6122 + 0.2645j * angle)
    slope = 0.5017 * cotangent - 0.5017 * 0.6407 * angle / np.sin(0.6407 * angle) ** 2 + 0.2645j
    values = np.exp(z) * image(z / time[:, None]) * slope
    return np.asarray(values.sum(-1).imag / time)


def capacity_errors(spread: float, fast: float, last: float = 1e4) -> np.ndarray:
    """Capacity at constant current until the surface is full, modes minus exact, in the full capacity.

    With g the filling of the surface for a unit current and x the current, the capacity is x T where x g(T) = 1,
    so an error dg moves it by -dg / (g g'). From discharges that fill 1e-2 of the spheres to T = last.
    """
    time = np.geomspace(1e-8, last, 400)
    of_spheres, found = exact(spread), of_modes(spread)
    without = original(lambda s: 1 / (s**2 * of_spheres(s)), time)
    time = time[time / without > 1e-2]

    def shared(inside: Transfer) -> Transfer:
        return lambda s: 1 / (s**2 * (fast + (1 - fast) * inside(s)))

    g, mine = (original(shared(one), time) for one in (of_spheres, found))
    slope = original(lambda s: s * shared(of_spheres)(s), time)
    return np.asarray((g - mine) / (g * slope))


def test_the_inverse_transform_is_exact_where_the_original_is_known() -> None:
    time = np.geomspace(1e-6, 1e3, 20)
    response = surface_response([1.0], [1.0], 0.3, sphere_modes(400))
    shares, times = sphere_modes(400).weights, sphere_modes(400).times

    def image(s: np.ndarray) -> np.ndarray:
        # what is faster than the modes of the closed form fills at once there too
        slow = times > 1e-6
        at_once = 1 - shares[slow].sum()
        inside = at_once + (shares[slow] / (1 + s[..., None] * times[slow])).sum(-1)
        return np.asarray(1 / (s**2 * (0.3 + 0.7 * inside)))

    known = np.array([response(t) for t in time])
    np.testing.assert_allclose(original(image, time), known, rtol=1e-8)


@pytest.mark.parametrize("spread", np.linspace(0, 4, 81))
def test_all_shares_are_positive_and_add_up_to_one(spread: float) -> None:
    modes = relaxation_modes(spread)
    assert modes.at_once > 0
    assert np.all(modes.shares > 0)
    assert np.all(modes.times > 0)
    assert modes.shares.sum() + modes.at_once == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("fast", FAST)
@pytest.mark.parametrize("spread", SPREADS)
def test_capacities_are_those_of_the_continuous_spread(spread: float, fast: float) -> None:
    # what the docstring of laws.relaxation_modes states
    allowed = 1e-5 if spread <= 2 else 2e-5 if spread < 4 else 2.5e-5
    assert np.abs(capacity_errors(spread, fast)).max() < allowed


@pytest.mark.parametrize("spread", [0.0, 0.35, 0.7, 2.0, 4.0])
def test_the_transfer_function_is_that_of_the_spheres(spread: float) -> None:
    """At frequencies w R^2/D from those of the slowest particles to those that reach 1 % of the spheres."""
    s = 1j * np.geomspace(1e-4, 1e4, 60)
    # of the full capacity; a capacity averages over frequencies and is closer
    allowed = 1e-4 if spread < 4 else 5e-4
    np.testing.assert_allclose(of_modes(spread)(s), exact(spread)(s), atol=allowed, rtol=0)


@pytest.mark.parametrize("spread", [-0.1, 4.1])
def test_a_spread_outside_the_table_is_refused(spread: float) -> None:
    with pytest.raises(ValueError, match=f"is {spread:g}; allowed: 0 to 4"):
        relaxation_modes(spread)
