"""What a potential and a lower barrier cannot do to long-range transport."""

import numpy as np
import pytest
from scipy.special import i0

from hetsim.laws import hopping, limits, mixing

RNG = np.random.default_rng(2024)
# Averages of a few hundred doubles and one root to 1e-14: relative round-off below 1e-12.
ROUND_OFF = 1e-12


def random_potentials(count, largest=8.0):
    for _ in range(count):
        n = RNG.integers(2, 300)
        weights = RNG.random(n) + 0.01
        yield RNG.uniform(0.01, largest) * RNG.standard_normal(n), weights / weights.sum()


def bloch_diffusivity(mobility_bonds, capacity_sites, h):
    """D_eff of a periodic chain: slowest decay rate of a wave of long wavelength, over k^2.

    C dmu_i/dt = sum of M_bond (mu_j - mu_i) / h^2 with mu_(i + n) = mu_i e^{i k L}.
    """
    n = capacity_sites.size
    k = 1e-2 / (n * h)
    bonds = mobility_bonds / h**2
    matrix = np.zeros((n, n), dtype=complex)
    for i in range(n):
        j, phase = (i + 1) % n, np.exp(1j * k * n * h) if i == n - 1 else 1.0
        matrix[i, i] -= bonds[i]
        matrix[j, j] -= bonds[i]
        matrix[i, j] += bonds[i] * phase
        matrix[j, i] += bonds[i] * np.conj(phase)
    scale = 1 / np.sqrt(capacity_sites)
    rates = np.linalg.eigvalsh(scale[:, None] * matrix * scale[None, :])
    return -rates.max() / k**2


def test_lifson_jackson_for_a_cosine_is_a_bessel_function():
    phi = 3.0 * np.cos(2 * np.pi * np.arange(64) / 64)
    # equidistant samples integrate a smooth periodic function to round-off
    assert limits.lifson_jackson(2.0, phi) == pytest.approx(
        2.0 / i0(3.0) ** 2, rel=ROUND_OFF, abs=0
    )


def test_lifson_jackson_for_two_equal_layers_is_cosh():
    for V in (0.1, 2.0, 12.0):
        found = limits.lifson_jackson(1.0, [0.0, V], [0.5, 0.5])
        assert found == pytest.approx(1 / np.cosh(V / 2) ** 2, rel=ROUND_OFF, abs=0)


def test_lifson_jackson_is_the_slowest_decay_of_a_periodic_chain():
    n = 240
    x = np.arange(n) / n
    phi = 1.5 * np.sin(2 * np.pi * x) + 0.7 * np.cos(4 * np.pi * x)
    D = 1 + 0.5 * np.cos(2 * np.pi * x)
    middles = x + 0.5 / n
    phi_mid = 1.5 * np.sin(2 * np.pi * middles) + 0.7 * np.cos(4 * np.pi * middles)
    D_mid = 1 + 0.5 * np.cos(2 * np.pi * middles)
    chain = bloch_diffusivity(D_mid * np.exp(-phi_mid), np.exp(-phi), 1 / n)
    # wavelength 600 periods: k^2 L^2 = 1e-4; chain error is spectral
    assert limits.lifson_jackson(D, phi) == pytest.approx(chain, rel=1e-4, abs=0)


def test_crossing_layers_never_speeds_up_for_a_hundred_random_potentials():
    for phi, weights in random_potentials(100):
        assert limits.lifson_jackson(1.0, phi, weights) <= 1 + ROUND_OFF
        for occupancy in (0.02, 0.5, 0.97):
            result = limits.across_layers(1.0, phi, occupancy, weights)
            assert result.diffusivity <= 1 + ROUND_OFF
    # and the bound is strict as soon as there is a potential
    assert limits.lifson_jackson(1.0, [0.0, 1.0]) < 0.8


def test_flat_potential_is_the_series_rule():
    D, weights = np.array([1.0, 5.0, 0.2]), np.array([0.5, 0.3, 0.2])
    series = mixing.series(weights, D)
    assert limits.lifson_jackson(D, np.zeros(3), weights) == pytest.approx(
        series, rel=ROUND_OFF, abs=0
    )
    across = limits.across_layers(D, np.zeros(3), 0.3, weights)
    assert across.diffusivity == pytest.approx(series, rel=ROUND_OFF, abs=0)


def test_lattice_of_few_ions_is_lifson_jackson_with_first_order_error():
    phi = 2.0 * np.sin(2 * np.pi * np.arange(50) / 50)
    dilute = limits.lifson_jackson(1.0, phi)
    errors = [limits.across_layers(1.0, phi, x, None).diffusivity - dilute for x in (1e-4, 5e-5)]
    # next order is 1e-4 of this one times e^2
    assert np.log2(errors[0] / errors[1]) == pytest.approx(1.0, abs=0.01)


def test_lattice_result_is_the_slowest_decay_of_a_chain_with_its_sites_filled():
    n, occupancy = 240, 0.4
    x = np.arange(2 * n) / (2 * n)  # sites and bonds in turn
    phi = 2.5 * np.sin(2 * np.pi * x)
    theta = limits.equilibrium_occupancy(phi, occupancy)
    pairs = theta * (1 - theta)
    chain = bloch_diffusivity(pairs[1::2], pairs[::2], 1 / n)
    # as above
    assert limits.across_layers(1.0, phi, occupancy).diffusivity == pytest.approx(
        chain, rel=1e-4, abs=0
    )


def test_occupancy_at_rest_has_its_mean_and_a_uniform_chemical_potential():
    for phi, weights in random_potentials(20):
        theta = limits.equilibrium_occupancy(phi, 0.3, weights)
        # the root is found to 1e-14 in mu
        assert np.average(theta, weights=weights) == pytest.approx(0.3, abs=1e-13)
        inside = (theta > 1e-6) & (theta < 1 - 1e-6)
        mu = (np.log(theta / (1 - theta)) + phi)[inside]
        assert np.ptp(mu) < 1e-9  # 1 - theta loses ten digits at theta = 1 - 1e-6


def test_vacancies_see_the_potential_reversed():
    phi = RNG.standard_normal(40)
    ions = limits.across_layers(1.0, phi, 0.2)
    vacancies = limits.across_layers(1.0, -phi, 0.8)
    assert ions == pytest.approx(vacancies, rel=ROUND_OFF, abs=0)


def test_uniform_mobility_leaves_the_chemical_diffusivity_along_layers():
    changed = 0
    for phi, weights in random_potentials(100):
        for occupancy in (0.02, 0.5, 0.97):
            result = limits.along_layers(3e-14, phi, occupancy, weights)
            assert result.diffusivity == pytest.approx(3e-14, rel=1e-14, abs=0)  # round-off
            flat = 3e-14 * occupancy * (1 - occupancy)
            changed += abs(result.conductivity / flat - 1) > 0.1
            assert result.conductivity == pytest.approx(
                3e-14 * result.capacitance, rel=1e-14, abs=0
            )
    assert changed > 150  # conductivity itself does change: the statement is not empty


def test_along_layers_gains_only_where_ions_sit_on_the_faster_side():
    D, phi = np.array([1.0, 10.0]), np.array([0.0, -3.0])
    assert 5.5 < limits.along_layers(D, phi, 0.01).diffusivity < 10
    assert 1 < limits.along_layers(D, -phi, 0.01).diffusivity < 5.5


def test_fast_layers_that_must_be_crossed_give_at_most_the_share_they_fill():
    f = 0.12
    for ratio in (10.0, 1e3, 1e6):
        gain = mixing.series((1 - f, f), (1.0, ratio))
        assert gain < limits.series_gain_limit(f)
    # what is missing from the limit is f / ratio
    assert gain == pytest.approx(limits.series_gain_limit(f), rel=2 * f / ratio, abs=0)


def test_a_gain_fixes_the_least_interface_fraction():
    ratio = hopping.barrier_ratio_bound(0.41, 0.16, 298.15)
    fraction = limits.interface_fraction_for_gain(2.59, ratio)  # 1/0.386, CZT over CT at 10 A/g
    assert limits.parallel_gain(ratio, fraction) == pytest.approx(2.59, rel=ROUND_OFF, abs=0)
    assert limits.parallel_gain(ratio, fraction) == pytest.approx(
        mixing.interface_channel(1.0, ratio, fraction), rel=ROUND_OFF, abs=0
    )
    assert fraction == pytest.approx(9.5e-5, rel=0.02, abs=0)  # printed with three digits
    upper = mixing.hashin_shtrikman_bounds((1 - fraction, fraction), (1.0, ratio))[1]
    assert upper < 2.59


@pytest.mark.parametrize("occupancy", [0.0, 1.0, -0.2, 1.5])
def test_full_or_empty_lattices_are_refused(occupancy):
    with pytest.raises(ValueError, match="mean_occupancy must lie between 0 and 1"):
        limits.equilibrium_occupancy([0.0, 1.0], occupancy)
