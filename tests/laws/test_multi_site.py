"""The multi-site isotherm: limits, invariants, and its inverse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetsim.laws import multi_site
from hetsim.laws.isotherm import plateau_staircase
from hetsim.laws.multi_site import Sites

V_T = 0.02569
TWO = Sites([1.2, 0.5], [0.6, 0.4], [1.0, 3.0], [0.3, 0.8])


@st.composite
def hosts(draw: st.DrawFn) -> Sites:
    count = draw(st.integers(1, 5))
    numbers = lambda low, high: draw(  # noqa: E731
        st.lists(st.floats(low, high), min_size=count, max_size=count)
    )
    shares = np.array(numbers(0.05, 1.0))
    return Sites(numbers(0.0, 3.0), list(shares / shares.sum()), numbers(0.3, 8.0), numbers(0.0, 1))


def test_one_ideal_site_is_the_lattice_gas():
    """theta = 1/2 at U, and U(theta) = U0 + V_T ln((1 - theta)/theta): one plateau without a step."""
    site = Sites([0.9], [1.0], [1.0], [0.0])
    theta = np.array([0.01, 0.3, 0.5, 0.9])
    potential = plateau_staircase(theta, [0.9], [1.0], [], V_T)
    np.testing.assert_allclose(multi_site.occupancy(potential, site, V_T), theta, rtol=1e-13)


@given(hosts(), st.floats(-1.0, 4.0), st.sampled_from([-1, 0, 1]))
def test_occupancy_falls_and_stays_inside(host: Sites, u: float, direction: int):
    low, high = (multi_site.occupancy(x, host, V_T, direction) for x in (u, u + 0.05))
    assert -1e-15 <= high <= low <= 1 + 1e-15  # round-off of tanh


@given(hosts(), st.floats(0.0, 3.0))
def test_capacitance_is_the_slope(host: Sites, u: float):
    """Central difference of second order: 1e-5 V squared over the narrowest width (0.3 V_T) squared."""
    h = 1e-5
    slope = (multi_site.occupancy(u - h, host, V_T) - multi_site.occupancy(u + h, host, V_T)) / (
        2 * h
    )
    assert multi_site.capacitance(u, host, V_T) == pytest.approx(slope, rel=1e-5, abs=1e-8)


@given(hosts(), st.floats(0.0, 3.0), st.floats(-7.0, -1.0), st.sampled_from([-1, 1]))
def test_secant_is_the_mean_of_the_capacitance(host: Sites, u: float, digits: float, sign: int):
    """Between potentials from 100 nV to 0.1 V apart, within d_0^2 max|c''| / 12; 60 Gauss points are the reference."""
    other = u + sign * 10.0**digits
    points, weights = np.polynomial.legendre.leggauss(60)
    places = (u + other) / 2 + (other - u) / 2 * points
    mean = weights @ multi_site.capacitance(places, host, V_T) / 2
    bend = sum(x / (w * V_T) ** 3 / 8 for x, w in zip(host.shares, host.widths, strict=True))
    found = multi_site.secant_capacitance(u, other, host, V_T)
    assert found == pytest.approx(mean, rel=1e-9, abs=1e-8 / 12 * bend + 1e-11)
    assert found == multi_site.secant_capacitance(other, u, host, V_T)


@given(hosts(), st.floats(0.0, 3.0))
def test_secant_of_one_potential_is_the_slope(host: Sites, u: float):
    slope = multi_site.capacitance(u, host, V_T)
    assert multi_site.secant_capacitance(u, u, host, V_T) == pytest.approx(slope, rel=1e-14)


def test_it_never_overflows():
    """1/(1 + e^x) with x = 4e4 would."""
    sharp = Sites([0.5], [1.0], [1e-3], [0.0])
    with np.errstate(all="raise"):
        found = multi_site.occupancy(np.array([-1.0, 0.5, 2.0]), sharp, V_T)
    np.testing.assert_allclose(found, [1.0, 0.5, 0.0], atol=1e-15)


def test_hysteresis_splits_a_site_evenly():
    host = Sites([1.0], [1.0], [1.0], [0.4])
    entering, leaving = (
        multi_site.potential_at(lambda u, d=d: multi_site.occupancy(u, host, V_T, d), 0.5)
        for d in (1, -1)
    )
    assert entering == pytest.approx(0.8, abs=1e-12)
    assert leaving == pytest.approx(1.2, abs=1e-12)


@given(hosts(), st.floats(0.02, 0.98))
def test_inverse_returns_the_potential(host: Sites, theta: float):
    def curve(u: float) -> float:
        return float(multi_site.occupancy(u, host, V_T))

    # the bracket closes to 1e-13 V, over a steepest slope of 1/(4 x 0.3 V_T) = 32 per volt
    assert curve(multi_site.potential_at(curve, theta)) == pytest.approx(theta, abs=1e-11)


def test_what_is_never_reached_is_refused():
    with pytest.raises(ValueError, match=r"never reaches 1\.2"):
        multi_site.potential_at(lambda u: float(multi_site.occupancy(u, TWO, V_T)), 1.2)


@given(hosts(), st.floats(0.0, 1.0), st.floats(0.0, 3.0))
def test_two_equal_hosts_are_one(host: Sites, share: float, u: float):
    alone = multi_site.occupancy(u, host, V_T)
    assert multi_site.composed([alone, alone], [share, 1 - share]) == pytest.approx(
        alone, rel=1e-15
    )


def test_a_host_without_a_share_is_not_there():
    other = Sites([2.0], [1.0], [1.0], [0.0])
    u = np.linspace(0, 3, 50)
    a, b = (multi_site.occupancy(u, host, V_T) for host in (TWO, other))
    np.testing.assert_array_equal(multi_site.composed([a, b], [1.0, 0.0]), a)
