"""Abrupt depletion: Gauss and Poisson, and the numerical space charge it idealises."""

import numpy as np
import pytest
from scipy.integrate import quad

from hetsim.constants import BOLTZMANN_EV, ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY
from hetsim.laws import depletion, space_charge
from hetsim.laws import poisson_boltzmann as pb

V_T = BOLTZMANN_EV * 298.15
SIDES = {"n_a": 3e24, "n_b": 1e24, "eps_a": 6.0, "eps_b": 15.0}
# A handful of products and one square root: relative round-off below 1e-13.
ROUND_OFF = 1e-13


def debye(density, eps):
    return np.sqrt(eps * VACUUM_PERMITTIVITY * V_T / (ELEMENTARY_CHARGE * density))


def numerical_depletion(potential):
    """Donors of A and acceptors of B frozen, electrons of A and holes of B mobile."""
    a = pb.Medium(pb.mobile_anions, debye(3e24, 6.0), potential / V_T, 6.0)
    b = pb.Medium(pb.mobile_cations, debye(1e24, 15.0), 0.0, 15.0)
    w_a, w_b = depletion.depletion_widths(potential, **SIDES)
    thick_a, thick_b = w_a + 20 * a.debye_length, w_b + 20 * b.debye_length
    return pb.two_media(a, b, thick_a, thick_a + thick_b, pb.SLAB, tol=1e-6), thick_a


def test_charge_and_displacement_balance_at_the_junction():
    w_a, w_b = depletion.depletion_widths(1.2, **SIDES)
    e_a, e_b = depletion.maximum_fields(1.2, **SIDES)
    v_a, v_b = depletion.potential_drops(1.2, **SIDES)
    assert SIDES["n_a"] * w_a == pytest.approx(SIDES["n_b"] * w_b, rel=ROUND_OFF, abs=0)
    assert SIDES["eps_a"] * e_a == pytest.approx(SIDES["eps_b"] * e_b, rel=ROUND_OFF, abs=0)
    assert (v_a, v_b) == pytest.approx((e_a * w_a / 2, e_b * w_b / 2), rel=ROUND_OFF, abs=0)
    assert v_a + v_b == pytest.approx(1.2, rel=ROUND_OFF, abs=0)


def test_field_is_the_slope_and_its_integral_the_step():
    w_a, w_b = depletion.depletion_widths(1.2, **SIDES)
    x, h = np.linspace(-1.1 * w_a, 1.1 * w_b, 40), 1e-14
    slope = [
        (depletion.depletion_potential(s + h, 1.2, **SIDES)
         - depletion.depletion_potential(s - h, 1.2, **SIDES)) / (2 * h)
        for s in x
    ]  # fmt: skip
    field = depletion.depletion_field(x, 1.2, **SIDES)
    # central difference of a parabola: round-off 1e-16 V / 1e-14 m beside fields of 1e8
    assert -np.array(slope) == pytest.approx(field, abs=1e-8 * field.max())
    halves = [
        quad(lambda s: float(depletion.depletion_field(s, 1.2, **SIDES)), *p)[0]
        for p in ((-w_a, -0.0), (0.0, w_b))
    ]
    assert sum(halves) == pytest.approx(1.2, rel=1e-9, abs=0)  # quad's default accuracy
    assert depletion.depletion_potential(np.array([-1.0, 1.0]), 1.2, **SIDES) == pytest.approx(
        [1.2, 0.0], rel=1e-12, abs=0
    )


def test_numerical_depletion_has_the_field_of_a_step_shortened_by_two_thermal_voltages():
    potential = 60 * V_T
    profile, junction = numerical_depletion(potential)
    e_a, e_b = depletion.maximum_fields(potential - 2 * V_T, **SIDES)
    found = -profile.slope(np.array([junction * (1 - 1e-12), junction])) * V_T
    # exact up to e^-27 (the smaller of both drops), solver at 1e-6
    assert found == pytest.approx([e_a, e_b], rel=1e-5, abs=0)
    assert sum(profile.charges()) / profile.charges()[0] == pytest.approx(0, abs=1e-10)


def test_abrupt_profile_deviates_by_about_a_thermal_voltage_whatever_the_step():
    deviations = []
    for units in (30, 60):
        profile, junction = numerical_depletion(units * V_T)
        w_a, w_b = depletion.depletion_widths(units * V_T, **SIDES)
        x = np.linspace(-w_a, w_b, 81)
        abrupt = depletion.depletion_potential(x, units * V_T, **SIDES) / V_T
        deviations.append(np.max(np.abs(profile.potential(junction + x) - abrupt)))
    # first order in V_T / V: the deviation stays of the order of V_T while the step doubles
    assert all(0.3 < d < 1.0 for d in deviations)


def test_one_sided_is_the_limit_of_a_heavily_doped_other_side():
    width = depletion.one_sided_width(0.7, 1e24, 15.0)
    two = depletion.depletion_widths(0.7, 1e32, 1e24, 6.0, 15.0)
    # the other side takes eps_b N_b / (eps_a N_a) = 2.5e-8 of the step
    assert width == pytest.approx(two.b, rel=1e-7, abs=0)
    field = depletion.one_sided_field(0.7, 1e24, 15.0)
    charge = ELEMENTARY_CHARGE * 1e24 * width / (VACUUM_PERMITTIVITY * 15.0)
    assert field == pytest.approx(charge, rel=ROUND_OFF, abs=0)


def test_one_sided_is_mott_schottky_per_mole():
    avogadro = 6.02214076e23
    molar = space_charge.mott_schottky_width(0.7, 1e24 / avogadro, 15.0)
    # F and e N_A agree to their ten printed digits
    assert molar == pytest.approx(depletion.one_sided_width(0.7, 1e24, 15.0), rel=1e-9, abs=0)


@pytest.mark.parametrize("name", ["n_a", "n_b", "eps_a", "eps_b"])
@pytest.mark.parametrize("value", [0.0, -1.0, np.nan])
def test_impossible_sides_are_refused_by_name(name, value):
    for law in (
        depletion.depletion_widths,
        depletion.potential_drops,
        depletion.maximum_fields,
    ):
        with pytest.raises(ValueError, match=f"{name} must be finite and greater than zero"):
            law(1.0, **{**SIDES, name: value})


def test_a_step_of_zero_or_less_is_refused():
    with pytest.raises(ValueError, match="potential must be"):
        depletion.depletion_widths(-0.1, **SIDES)
    with pytest.raises(ValueError, match="density must be"):
        depletion.one_sided_width(0.1, 0.0, 10.0)
