"""What a junction layer conducts and stores: dilute carriers against lattice carriers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from hetsim.constants import BOLTZMANN_EV
from hetsim.laws import junction_channel, multi_site, space_charge
from hetsim.laws.multi_site import Sites

T = 298.15
V_T = BOLTZMANN_EV * T
WIDTH, DEBYE = 1e-9, 0.5e-9
IDEAL = Sites([1.0], [1.0], [1.0], [0.0])


@pytest.mark.parametrize("exponent", [-6.0, -0.5, 1e-6, 0.5, 3.0, 10.0])
def test_dilute_ratio_is_the_integral_of_the_gouy_chapman_profile(exponent: float):
    """To 1e-8 of the ratio: the quadrature's tolerance is 1e-11."""
    excess, _ = quad(
        lambda x: space_charge.gouy_chapman(x, 1.0, exponent) - 1, 0, 40, epsabs=1e-13, epsrel=1e-12,
        limit=400,
    )  # fmt: skip
    expected = 1 + excess * DEBYE / WIDTH
    found = junction_channel.dilute_ratio(exponent, DEBYE, WIDTH)
    assert found == pytest.approx(expected, rel=1e-8)


@given(st.floats(-38, 38))
def test_dilute_ratio_over_two_debye_lengths_is_the_root_of_the_enrichment(exponent: float):
    found = junction_channel.dilute_ratio(exponent, DEBYE, 2 * DEBYE)
    assert found == pytest.approx(np.exp(exponent / 2), rel=1e-12)


def test_no_potential_is_no_channel():
    assert junction_channel.dilute_ratio(0.0, DEBYE, WIDTH) == 1.0


def _lattice(theta: float, volts: float, sites: Sites = IDEAL) -> tuple[float, float]:
    """Ratio of conductivity (equal mobility) and of occupancy of a layer over its grain."""
    u = multi_site.potential_at(lambda x: float(multi_site.occupancy(x, sites, V_T)), theta)

    def slope(x: float) -> float:
        return multi_site.capacitance(x, sites, V_T)

    def filled(x: float) -> float:
        return multi_site.occupancy(x, sites, V_T)

    means = [junction_channel.lattice_means(one, u, volts, DEBYE, WIDTH) for one in (slope, filled)]
    return means[0] / slope(u), means[1] / theta


@given(st.floats(-1.0, 1.0))
def test_a_half_full_lattice_never_conducts_better(volts: float):
    """theta (1 - theta) is largest at one half; 1e-12 is the round-off of 24 weights."""
    assert _lattice(0.5, volts)[0] <= 1 + 1e-12


@given(st.floats(0.0, 0.5), st.floats(0.3, 3.0))
def test_nor_does_any_single_site_at_half_filling(volts: float, width: float):
    assert _lattice(0.5, volts, Sites([1.0], [1.0], [width], [0.0]))[0] <= 1 + 1e-12


def test_a_nearly_empty_lattice_gains_as_dilute_carriers_that_store():
    """theta -> 0: sigma and C grow together with the mean of e^{phi F/RT}, so D stays."""
    volts = 0.06
    conducts, holds = _lattice(1e-6, volts)
    mean, _ = quad(lambda s: np.exp(volts / V_T * np.exp(-s * WIDTH / DEBYE)), 0, 1, epsrel=1e-12)
    # theta e^v / (1 - theta + theta e^v) differs from theta e^v by theta e^v = 1e-5
    assert conducts == pytest.approx(mean, rel=3e-5)
    assert holds == pytest.approx(mean, rel=3e-5)


def test_a_layer_of_one_ideal_site_is_the_closed_form():
    """theta_i = theta e^v/(1 - theta + theta e^v), sigma_i/sigma = theta_i(1 - theta_i)/(theta(1 - theta))."""
    theta, volts = 0.2, 0.05
    weight = np.exp(volts / V_T)
    layer = theta * weight / (1 - theta + theta * weight)
    u = 1.0 + V_T * np.log((1 - theta) / theta)
    assert multi_site.occupancy(u - volts, IDEAL, V_T) == pytest.approx(layer, rel=1e-12)
    ratio = multi_site.capacitance(u - volts, IDEAL, V_T) / multi_site.capacitance(u, IDEAL, V_T)
    assert ratio == pytest.approx(layer * (1 - layer) / (theta * (1 - theta)), rel=1e-12)


@pytest.mark.parametrize(
    ("volts", "width", "error"),
    [(0.06, 2 * DEBYE, 1e-8), (0.3, 2 * DEBYE, 1e-6), (-0.5, 0.5 * DEBYE, 1e-6), (1.0, 10 * DEBYE, 4e-3)],
)  # fmt: skip
@pytest.mark.parametrize("potential", [0.9, 1.05, 1.3, 1.6])
def test_quadrature_over_the_layer(potential: float, volts: float, width: float, error: float):
    """As the docstring says: the sharper the step that the potential sweeps, the larger the error."""

    def filled(x: float) -> float:
        return multi_site.occupancy(x, IDEAL, V_T)

    found = junction_channel.lattice_means(filled, potential, volts, DEBYE, width)
    expected, _ = quad(
        lambda s: filled(potential - volts * np.exp(-s * width / DEBYE)),
        0,
        1,
        epsabs=1e-12,
        limit=400,
    )
    assert found == pytest.approx(expected, abs=error)


def test_what_the_layer_stores_is_the_integral_of_its_capacitance():
    """Central difference over 1e-4 V: second order, 1e-7 of the slope."""
    h, at = 1e-4, 1.02

    def mean(curve, u):
        return junction_channel.lattice_means(curve, u, 0.1, DEBYE, WIDTH)

    stored = [mean(lambda x: multi_site.occupancy(x, IDEAL, V_T), u) for u in (at - h, at + h)]
    capacitance = mean(lambda x: multi_site.capacitance(x, IDEAL, V_T), at)
    assert (stored[0] - stored[1]) / (2 * h) == pytest.approx(capacitance, rel=1e-5)


def test_mobility_ratio_grows_on_cooling_with_a_higher_barrier_in_the_grain():
    found = junction_channel.mobility_ratio(2.0, 0.1, 230.0, 300.0)
    assert found == pytest.approx(2 * np.exp(0.1 / BOLTZMANN_EV * (1 / 230 - 1 / 300)), rel=1e-14)
    assert junction_channel.mobility_ratio(2.0, 0.1, 300.0, 300.0) == 2.0
