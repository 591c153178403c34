"""Space-charge laws against quadrature, numerical Poisson-Boltzmann and the measured ratios."""

import numpy as np
import pybamm
import pytest
from scipy.integrate import quad, trapezoid

from hetsim.constants import BOLTZMANN_EV, ELEMENTARY_CHARGE, FARADAY, VACUUM_PERMITTIVITY
from hetsim.laws import poisson_boltzmann as pb
from hetsim.laws import space_charge as sc

LAMBDA = 3e-9
EXPONENTS = [-9.0, -2.0, 0.3, 2.0, 9.0]
# Quadrature asks for 1e-10 relative; closed forms lose at most a few digits more to round-off.
QUADRATURE = 1e-8


def integral(f):
    """int_0^40 lambda, in units of lambda; what is beyond is e^-40 of the whole."""
    parts = [(0, 1e-3), (1e-3, 0.05), (0.05, 1), (1, 8), (8, 40)]
    return sum(quad(f, *p, epsabs=0, epsrel=1e-10, limit=200)[0] for p in parts)


@pytest.mark.parametrize("u0", EXPONENTS)
def test_gouy_chapman_profile_starts_at_its_exponent_and_has_its_slope(u0):
    # e^9 has relative round-off 9 x 2e-16; artanh near one adds cosh(u0/2)^2 x 1e-16
    assert sc.gouy_chapman(0.0, LAMBDA, u0) == pytest.approx(np.exp(u0), rel=1e-11, abs=0)
    x, h = np.linspace(0, 5, 41) * LAMBDA, 1e-20
    complex_step = np.log(sc.gouy_chapman(x + 1j * h, LAMBDA, u0)).imag / h
    assert sc.gouy_chapman_slope(x, LAMBDA, u0) == pytest.approx(
        complex_step, rel=QUADRATURE, abs=0
    )
    poisson = -2 / LAMBDA * np.sinh(np.log(sc.gouy_chapman(x, LAMBDA, u0)) / 2)
    assert sc.gouy_chapman_slope(x, LAMBDA, u0) == pytest.approx(poisson, rel=QUADRATURE, abs=0)


@pytest.mark.parametrize("u0", EXPONENTS)
def test_excess_of_carriers_is_the_integral_of_the_profile(u0):
    excess = integral(lambda s: sc.gouy_chapman(s, 1.0, u0) - 1)
    assert sc.excess_carriers(LAMBDA, u0, 50.0) == pytest.approx(
        excess * LAMBDA * 50.0, rel=QUADRATURE, abs=0
    )
    printed = 2 * LAMBDA * 50.0 * (np.exp(u0 / 2) - 1)
    assert sc.excess_carriers(LAMBDA, u0, 50.0) == pytest.approx(printed, rel=1e-12, abs=0)


@pytest.mark.parametrize("u0", EXPONENTS)
def test_conductance_along_and_resistance_across_are_integrals(u0):
    sigma = 2e-3
    along = integral(lambda s: sigma * (sc.gouy_chapman(s, 1.0, u0) - 1)) * LAMBDA
    across = integral(lambda s: (1 / sc.gouy_chapman(s, 1.0, u0) - 1) / sigma) * LAMBDA
    assert sc.excess_sheet_conductance(LAMBDA, u0, sigma) == pytest.approx(
        along, rel=QUADRATURE, abs=0
    )
    assert sc.excess_resistance_across(LAMBDA, u0, sigma) == pytest.approx(
        across, rel=QUADRATURE, abs=0
    )


@pytest.mark.parametrize("u0", [-8.0, 0.5, 4.0, 10.0])
def test_gouy_chapman_is_the_numerical_poisson_boltzmann(u0):
    numerical = pb.surface_layer(pb.boltzmann_pair, u0, tol=1e-6)
    x = np.linspace(0, 10, 201)
    # asked 1e-4; collocation at tol 1e-6 gives 1e-7
    exact = np.log(sc.gouy_chapman(x, 1.0, u0))
    assert np.max(np.abs(numerical(x) - exact)) < 1e-4 * abs(u0)
    slope = sc.gouy_chapman_slope(0.0, 1.0, u0)
    assert numerical.slope(0.0) == pytest.approx(slope, rel=1e-4, abs=0)


def test_small_potentials_reach_debye_hueckel_with_second_order_error():
    x = np.linspace(0.1, 4, 40) * LAMBDA

    def relative_error(u0):
        u = np.log(sc.gouy_chapman(x, LAMBDA, u0))
        return np.max(np.abs(u / sc.debye_hueckel(x, LAMBDA, u0) - 1))

    orders = [np.log2(relative_error(u) / relative_error(u / 2)) for u in (0.4, 0.2)]
    # the next term is u0^2/10 of this one: below 0.01 in the order
    assert orders == pytest.approx([2.0, 2.0], abs=0.02)
    # 4 artanh(tanh(u0/4) e) = u0 e [1 - (1 - e^2) u0^2/48 + ...],  e = e^{-x/lambda}
    assert relative_error(0.2) == pytest.approx((1 - np.exp(-8)) * 0.2**2 / 48, rel=0.01, abs=0)


def test_debye_length_in_its_two_conventions():
    water = sc.debye_length(100.0, 298.15, 78.4)
    assert water == pytest.approx(
        0.304e-9 / np.sqrt(0.1), rel=0.01, abs=0
    )  # textbook, three digits
    single = sc.debye_length(1e4, 298.15, 10.0, mobile_carriers=1)
    density = 1e4 * FARADAY / ELEMENTARY_CHARGE
    kT_over_e = BOLTZMANN_EV * 298.15
    expected = np.sqrt(10 * VACUUM_PERMITTIVITY * kT_over_e / (ELEMENTARY_CHARGE * density))
    assert single == pytest.approx(expected, rel=1e-9, abs=0)
    assert single < 1e-9  # intercalated ions screen within a nanometre
    assert sc.debye_length(1e4, 298.15, 10.0, charge=2) == pytest.approx(
        single / np.sqrt(8), rel=1e-12, abs=0
    )


def test_mott_schottky_layer_is_poisson_with_a_frozen_dopant():
    c, eps, V = 20.0, 12.0, 0.8
    width = sc.mott_schottky_width(V, c, eps)
    x = np.linspace(0, width, 2001)
    charge = FARADAY * c / (eps * VACUUM_PERMITTIVITY)
    # phi(0) = int x rho/eps dx; trapezium of a linear integrand is exact to round-off
    assert trapezoid(x * charge, x) == pytest.approx(V, rel=1e-12, abs=0)


def test_mott_schottky_against_the_numerical_depletion_layer():
    V, c, eps, T = 1.0, 20.0, 12.0, 298.15
    u0 = sc.enrichment_exponent(V, T)
    debye = sc.debye_length(c, T, eps, mobile_carriers=1)
    numerical = pb.surface_layer(pb.mobile_cations, u0, length=40.0, tol=1e-7)
    # the tail of carriers shortens the potential by V_T: then field and parabola are exact up to
    # e^-u0 = 1e-17, and what is left is the solver's 1e-7
    shortened = sc.mott_schottky_width(V * (1 - 1 / u0), c, eps) / debye
    assert -numerical.slope(0.0) == pytest.approx(shortened, rel=1e-6, abs=0)
    x = np.linspace(0, 0.6 * shortened, 50)
    parabola = (u0 - 1) * (1 - x / shortened) ** 2 + 1
    # at 0.6 of the width u is 7: carriers left are e^-7 of a frozen charge
    assert numerical(x) == pytest.approx(parabola, abs=2e-3)
    width = sc.mott_schottky_width(V, c, eps)
    depleted = sc.mott_schottky(x * debye, width, -u0)
    # uncorrected width: off by 1/(2 u0) = 1.3 %, in the exponent by at most one
    assert np.max(np.abs(np.log(depleted) + numerical(x))) < 1.0
    assert sc.mott_schottky(2 * width, width, -u0) == 1.0


@pytest.mark.parametrize("u0", [-2.0, -8.0, -20.0])
def test_mott_schottky_resistance_is_the_integral_of_its_profile(u0):
    width, sigma = 1e-8, 1e-3
    across, _ = quad(
        lambda s: 1 / sc.mott_schottky(s * width, width, u0) - 1, 0, 1, epsabs=0, epsrel=1e-11
    )
    exact = sc.mott_schottky_resistance_across(width, u0, sigma)
    assert exact == pytest.approx(across * width / sigma, rel=QUADRATURE, abs=0)


def test_deep_depletion_form_errs_as_one_over_twice_the_exponent():
    for u0 in (-20.0, -40.0):
        exact = sc.mott_schottky_resistance_across(1e-8, u0, 1.0)
        deep = sc.mott_schottky_resistance_deep(1e-8, u0, 1.0)
        # Dawson's next terms, 3/(4 u0^2): a tenth of this one
        assert exact / deep - 1 == pytest.approx(1 / (2 * abs(u0)), rel=0.1, abs=0)


@pytest.mark.parametrize("potential", [-0.05, 0.1, 0.3])
def test_conductivity_ratio_is_the_mean_conductivity_of_the_layer(potential):
    T, layer, dH = 280.0, 40.0, 0.04
    u0 = sc.enrichment_exponent(potential, T)
    mean = 1 + integral(lambda s: sc.gouy_chapman(s, 1.0, u0) - 1) / layer
    expected = 1.7 * np.exp(dH / (BOLTZMANN_EV * T)) * mean
    found = sc.conductivity_ratio(potential, T, dH, 1.7, layer=layer)
    assert found == pytest.approx(expected, rel=QUADRATURE, abs=0)
    back = sc.potential_for_ratio(found, T, dH, 1.7, layer=layer)
    # inverting subtracts 1 from the enhancement: at -0.05 V two digits are lost
    assert back == pytest.approx(potential, rel=1e-11, abs=0)


def test_ratios_of_100_to_1000_need_0p24_to_0p36_volt():
    low, high = (sc.potential_for_ratio(r, 298.15) for r in (1e2, 1e3))
    assert low == pytest.approx(2 * BOLTZMANN_EV * 298.15 * np.log(1e2), rel=1e-12, abs=0)
    assert (round(low, 2), round(high, 2)) == (0.24, 0.35)
    for V, ratio in ((low, 1e2), (high, 1e3)):
        u0 = sc.enrichment_exponent(V, 298.15)
        excess = integral(lambda s, u0=u0: sc.gouy_chapman(s, 1.0, u0) - 1)
        assert 1 + excess / 2 == pytest.approx(ratio, rel=QUADRATURE, abs=0)
    # a measured interface potential (62.84 mV) alone gives nothing of the kind
    assert sc.conductivity_ratio(0.06284, 298.15) < 4


@pytest.mark.parametrize("potential", [0.0, 0.06284, 0.25])
def test_one_set_of_constants_gives_the_mo2c_moo3_ratios(potential):
    constants = sc.constants_from_one_ratio(240.0, 300.0, potential)
    assert constants.prefactor_ratio == 1.0
    assert constants.ratio(300.0) == pytest.approx(240.0, rel=1e-12, abs=0)  # solved for: round-off
    assert constants.ratio(230.0) > 50
    # with equal prefactors only dH + z e V / 2 acts, so any choice of V says the same
    assert constants.ratio(230.0) == pytest.approx(240.0 ** (300 / 230), rel=1e-12, abs=0)
    assert constants.enthalpy_difference_eV == pytest.approx(
        BOLTZMANN_EV * 300 * np.log(240) - potential / 2, abs=1e-12
    )


@pytest.mark.parametrize("layer", [2.0, 6.0])
def test_a_ratio_that_falls_on_cooling_needs_a_prefactor(layer):
    constants = sc.constants_from_two_ratios((240.0, 60.0), (300.0, 230.0), 0.06284, layer=layer)
    assert constants.ratio(np.array([300.0, 230.0])) == pytest.approx(
        [240.0, 60.0], rel=1e-10, abs=0
    )
    assert constants.ratio(265.0) > 60
    assert constants.prefactor_ratio > 1e3
    assert constants.enthalpy_difference_eV < 0
    with pytest.raises(ValueError, match="different temperatures"):
        sc.constants_from_two_ratios((240.0, 60.0), (300.0, 300.0), 0.06284)


@pytest.mark.parametrize("u0", [-3.0, 1.0, 8.0])
def test_redistributed_carriers_conduct_and_store_in_proportion(u0):
    D, c, T = 1e-13, 30.0, 300.0
    sigma = FARADAY**2 * c * D / (8.314462618 * T)  # Nernst-Einstein
    conductance = sc.excess_sheet_conductance(LAMBDA, u0, sigma)
    capacitance = sc.excess_chemical_capacitance(LAMBDA, u0, c, T)
    assert conductance / capacitance == pytest.approx(D, rel=1e-12, abs=0)  # round-off
    assert sc.chemical_capacitance(c, T) == pytest.approx(sigma / D, rel=1e-12, abs=0)


def test_closed_forms_take_pybamm_symbols():
    names = ("x", "w", "u", "V", "T")
    numbers = {"x": 1e-9, "w": 3e-9, "u": -2.5, "V": 0.1, "T": 300.0}
    symbols = {n: pybamm.InputParameter(n) for n in names}

    def laws(x, w, u, V, T):
        return [
            sc.debye_length(1e4, T, 10.0),
            sc.gouy_chapman(x, w, u),
            sc.gouy_chapman_slope(x, w, u),
            sc.debye_hueckel(x, w, u),
            sc.excess_sheet_conductance(w, u, 1e-3),
            sc.excess_resistance_across(w, u, 1e-3),
            sc.mott_schottky_width(V, 10.0, 12.0),
            sc.mott_schottky(x, w, u),
            sc.mott_schottky_resistance_deep(w, u, 1e-3),
            sc.conductivity_ratio(V, T, 0.02),
            sc.potential_for_ratio(100.0, T, 0.02),
            sc.excess_chemical_capacitance(w, u, 1e4, T),
        ]

    for symbol, number in zip(laws(**symbols), laws(**numbers), strict=True):
        assert symbol.evaluate(inputs=numbers) == pytest.approx(
            number, rel=1e-12, abs=0
        )  # round-off
