"""The empirical rate equation, solved for the capacity at a current."""

import numpy as np
import pytest

from hetsim.errors import ParameterError
from hetsim.laws.rate_equation import capacity_share, tian_capacity

EXPONENTS = (0.3, 0.5, 0.9, 1.0, 1.0005, 1.5, 3.0)


def test_no_capacity_where_the_equation_has_no_root():
    assert tian_capacity(40.0, 400.0, 0.1, 1.0) == 0


def test_threshold_at_exponent_one():
    threshold = 400 / (2 * 0.1) * 1e-3  # Q_M/(2 tau) [A.g-1]
    assert tian_capacity(threshold, 400, 0.1, 1) == 0
    assert tian_capacity(1.001 * threshold, 400, 0.1, 1) == 0
    below = tian_capacity(0.999 * threshold, 400, 0.1, 1)
    # F = (1 - 1/(3x))/(2 tau), so 1 - 0.999 = 1/(3x) and Q = I tau/x = 3e-3 I tau
    assert below == pytest.approx(3e-3 * 0.999 * threshold * 1e3 * 0.1, rel=1e-2)


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_capacity_satisfies_the_definition_and_falls(exponent):
    currents = np.geomspace(1e-3, 50, 60)
    capacity = tian_capacity(currents, 400, 0.02, exponent)
    assert np.all(np.diff(capacity) <= 0)
    got = capacity > 0
    assert got[0]
    share = capacity_share(1e3 * currents[got] / capacity[got], 0.02, exponent)
    np.testing.assert_allclose(capacity[got], 400 * share, rtol=1e-8)


@pytest.mark.parametrize("exponent", [1.0005, 1.0011, 1.5, 3.0])
def test_largest_current_above_exponent_one(exponent):
    rates = np.geomspace(1e-2, 1e7, 400_001)
    largest = 1e-3 * 400 * float((rates * capacity_share(rates, 0.02, exponent)).max())
    assert tian_capacity(0.999 * largest, 400, 0.02, exponent) > 0
    assert tian_capacity(1.001 * largest, 400, 0.02, exponent) == 0


def test_random_parameters_satisfy_the_definition():
    random = np.random.default_rng(3)
    for _ in range(300):
        full, tau, n = (
            random.uniform(50, 800),
            10 ** random.uniform(-4, 1),
            random.uniform(0.2, 0.98),
        )
        current = 10 ** random.uniform(-3, 2)
        capacity = tian_capacity(current, full, tau, n)
        assert 0 < capacity <= full
        share = float(capacity_share(1e3 * current / capacity, tau, n))
        assert capacity == pytest.approx(full * share, rel=1e-8)


@pytest.mark.parametrize(
    "bad", [(-1, 400, 0.1, 1), (1, 0, 0.1, 1), (1, 400, -1, 1), (1, 400, 1, 0)]
)
def test_bad_arguments_are_refused(bad):
    with pytest.raises(ParameterError):
        tian_capacity(*bad)
