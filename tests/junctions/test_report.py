"""The interface report: facts of the data, numbers against their laws, materials of the library."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from scipy.integrate import quad

from hetsim.constants import BOLTZMANN_EV
from hetsim.errors import ParameterError
from hetsim.junctions.pair import TEMPERATURE, material
from hetsim.junctions.report import (
    POTENTIAL_RANGE,
    STATEMENTS,
    by_architecture,
    interface_volume_fraction,
    junction,
    pair_of_materials,
    pair_of_system,
    report,
)
from hetsim.laws import mixing, planar
from hetsim.laws.junction import Material
from hetsim.laws.potential import surviving_step
from hetsim.parameters.library import component_names

ROUND_OFF = 1e-12
THERMAL_VOLTAGE = BOLTZMANN_EV * TEMPERATURE


@pytest.fixture(scope="module")
def czt():
    return report(pair_of_system("CZT"))


@pytest.fixture(scope="module")
def core_shell():
    return report(pair_of_system("CZT", "core-shell"))


def with_architecture(name):
    """CZT in another architecture, with the Debye lengths of its core-shell variant."""
    return replace(pair_of_system("CZT", "core-shell"), architecture=name)


# --- facts of the data -------------------------------------------------------------------------


def test_cote2_znte_has_one_and_a_half_volts_and_znte_is_positive(czt):
    assert czt.contact.built_in_potential_V == pytest.approx(1.50, abs=1e-14)
    assert czt.contact.positive_side == "ZnTe"
    assert czt.contact.field_direction == "ZnTe -> CoTe2"
    assert czt.contact.work_function_a_source.startswith("computed: doi:10.1007/s40820-023-01202-6")


def test_mos2_znin2s4_has_mos2_positive_against_what_is_printed():
    found = report(pair_of_materials("MoS2", "ZnIn2S4", "Na"))
    assert found.contact.built_in_potential_V == pytest.approx(5.18 - 6.11, abs=1e-14)
    assert found.contact.positive_side == "MoS2"
    assert found.contact.cation_pulled_towards_on_insertion == "ZnIn2S4"
    assert "as printed: ZnIn2S4 -> MoS2" in found.to_dict()["printed_field_direction"]


@pytest.mark.parametrize(
    ("pair", "potential", "barrier"),
    [(("FeSe", "Fe3Se4"), 0.01724, 0.53), (("Co-FeSe", "Co-Fe3Se4"), 0.06284, 0.34)],
)
def test_a_measured_interface_potential_is_used_as_measured(pair, potential, barrier):
    found = report(pair_of_materials(*pair))
    charge = found.space_charge
    assert charge.interface_potential_V == potential
    assert charge.interface_potential_low_V == charge.interface_potential_high_V == potential
    assert charge.interface_potential_origin.startswith("measured")
    assert found.transport.interface_migration_barrier_eV == barrier
    expected = np.exp(potential / THERMAL_VOLTAGE / 2)  # width of two Debye lengths
    assert charge.conductivity_ratio == pytest.approx(expected, rel=ROUND_OFF, abs=0)


def test_mo2c_moo3_has_one_set_of_constants_for_both_temperatures():
    found = report(pair_of_materials("Mo2C", "MoO3"))
    charge = found.space_charge
    assert charge.enthalpy_and_half_potential_eV == pytest.approx(0.1417, abs=5e-5)  # four digits
    exponent = charge.enthalpy_and_half_potential_eV / BOLTZMANN_EV
    assert np.exp(exponent / 300) == pytest.approx(240, rel=ROUND_OFF, abs=0)
    assert np.exp(exponent / 230) > 50
    at_25 = np.exp(exponent / TEMPERATURE)
    assert charge.conductivity_ratio == pytest.approx(at_25, rel=ROUND_OFF, abs=0)
    # equal prefactors: the choice of potential does not matter
    assert charge.conductivity_ratio_low == pytest.approx(at_25, rel=ROUND_OFF, abs=0)
    assert found.contact.built_in_potential_V is None
    assert found.missing["built_in_potential_V"] == "Mo2C has no 'Work function [eV]'."


def test_the_general_range_of_ratios_needs_more_than_any_measured_potential(czt):
    """1e2 to 1e3 is printed as usual; e^{u0/2} takes 0.24 to 0.35 V."""
    low = czt.space_charge.potential_for_conductivity_ratio_100_V
    high = czt.space_charge.potential_for_conductivity_ratio_1000_V
    for potential, ratio in ((low, 100), (high, 1000)):
        assert np.exp(potential / THERMAL_VOLTAGE / 2) == pytest.approx(ratio, rel=1e-10, abs=0)
    assert 0.0628 < POTENTIAL_RANGE[1] < low < 0.24 < high < 0.36


# --- numbers against their laws ----------------------------------------------------------------


def test_space_charge_is_shown_over_the_stated_range_and_not_at_the_upper_bound(czt):
    charge = czt.space_charge
    assert (charge.interface_potential_low_V, charge.interface_potential_high_V) == POTENTIAL_RANGE
    assert 1.7 < charge.conductivity_ratio_low < charge.conductivity_ratio < 7.1
    assert charge.conductivity_ratio_high < 7.1
    # at 1.5 V it would be absurd, and the report says so
    absurd = 1.5 / THERMAL_VOLTAGE / 2 / np.log(10)
    found = charge.log10_conductivity_ratio_at_built_in_potential
    assert found == pytest.approx(absurd, rel=ROUND_OFF, abs=0)
    assert any("upper bound" in one and "1e13" in one for one in czt.remarks)


def test_effective_diffusivity_of_czt_is_that_of_its_cell_model(czt):
    """f = 2 x (1 - x) [1 - (1 - w/d)^3] in a network, as hetsim.models.parameter_values writes it."""
    share, mobility, potential = (
        czt.pair.number(name)
        for name in (
            "Component A volume fraction",
            "Interface mobility ratio",
            "Interface potential [V]",
        )
    )
    # a layer of two Debye lengths: e^{v/2}
    ratio = mobility * np.exp(potential / THERMAL_VOLTAGE / 2)
    assert czt.transport.interface_conductivity_ratio == pytest.approx(ratio, rel=1e-12, abs=0)
    fraction = 2 * share * (1 - share) * (1 - (1 - 1 / 34) ** 3)
    transport = czt.transport
    assert transport.interface_volume_fraction == pytest.approx(fraction, rel=ROUND_OFF, abs=0)
    expected = mixing.maxwell(1 - fraction, ratio, 1.0)
    assert transport.d_eff_over_d_bulk == pytest.approx(expected, rel=ROUND_OFF, abs=0)
    assert transport.barrier_ratio_bound == pytest.approx(
        np.exp(0.25 / THERMAL_VOLTAGE), rel=ROUND_OFF, abs=0
    )
    assert transport.barrier_ratio_bound_b == pytest.approx(
        np.exp(0.11 / THERMAL_VOLTAGE), rel=ROUND_OFF, abs=0
    )


def test_architectures_keep_their_order(czt):
    for by in (
        czt.transport.d_eff_over_d_bulk_by_architecture,
        czt.transport.d_eff_over_d_bulk_at_barrier_bound_by_architecture,
    ):
        assert (
            by["stacked-series"] < by["core-shell"] == 1 < by["dispersed"] < by["stacked-parallel"]
        )


def with_values(pair, **numbers):
    """The pair with other numbers, and both hosts of one diffusivity."""
    of_a = pair.number("Component A diffusivity [m2.s-1]")
    changes = {"Component B diffusivity [m2.s-1]": of_a, **numbers}
    values = dict(pair.values)
    for name, number in changes.items():
        values[name] = replace(values[name], value=number)
    return replace(pair, values=values)


def test_across_a_stack_sharp_steps_give_the_closed_form():
    """Layers much thicker than lambda: 1 / [(x e^P + 1 - x)(x e^-P + 1 - x)], x the share of A."""
    pair = with_values(pair_of_system("CZT"), **{"Grain size [m]": 1e-5})
    share = pair.number("Component A volume fraction")
    up = np.exp(sum(POTENTIAL_RANGE) / 2 / THERMAL_VOLTAGE)
    expected = 1 / ((share * up + 1 - share) * (share / up + 1 - share))
    found = by_architecture(pair, 1.0)["stacked-series"]
    # lambda / d = 5e-5: the share of the layers in which phi lies between its ends
    assert found == pytest.approx(expected, rel=5e-4, abs=0)


def test_across_a_stack_without_a_step_is_the_harmonic_mean():
    """Exactly: zero is a value of the potential, and not an unknown one."""
    pair = with_architecture("stacked-series")
    step = replace(pair.values["Built-in potential [V]"], value=0.0)
    pair = replace(pair, values={**pair.values, "Built-in potential [V]": step})
    # round-off of two sums of 32 terms; the fast layer (ratio 36) adds nothing across the layers
    assert by_architecture(pair, 36.0)["stacked-series"] == pytest.approx(1.0, rel=1e-14, abs=0)


def test_across_a_stack_is_lifson_and_jackson_of_its_profile():
    """Layers of unequal thickness and permittivity: Gauss nodes against adaptive quadrature."""
    pair = with_values(with_architecture("stacked-series"))
    found = by_architecture(pair, 1.0)["stacked-series"]
    step, d, share, a, b, epsilon = (
        pair.number(name)
        for name in (
            "Built-in potential [V]",
            "Grain size [m]",
            "Component A volume fraction",
            "Core Debye length [m]",
            "Shell Debye length [m]",
            "Core to shell permittivity ratio",
        )
    )
    layers = planar.Layer(share * d, a, epsilon), planar.Layer((1 - share) * d, b, 1.0)
    phi = lambda x: planar.bilayer_potential(x, step / THERMAL_VOLTAGE, *layers)  # noqa: E731
    ends = (-share * d, (1 - share) * d)

    def mean(sign):
        parts = (
            quad(lambda x: np.exp(sign * phi(x)), *one)[0] for one in ((ends[0], 0), (0, ends[1]))
        )
        return sum(parts) / d

    # quadrature is good to 1e-8, as the 16 nodes in each half layer are for layers of this thickness
    assert found == pytest.approx(1 / (mean(1) * mean(-1)), rel=1e-7, abs=0)


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        ("dispersed", 2 * 0.627 * 0.373 * (1 - (1 - 1 / 34) ** 3)),
        ("stacked-parallel", 1 / 34),  # plates ABAB: every boundary joins A to B
        ("stacked-series", 1 / 34),
    ],
)
def test_interface_volume_follows_the_geometry(architecture, expected):
    found = interface_volume_fraction(with_architecture(architecture))
    assert found == pytest.approx(expected, rel=ROUND_OFF, abs=0)


def test_interface_volume_of_a_core_and_its_shell_is_one_thin_layer(core_shell):
    # 3 x^2 w / R for a layer thin against the radius: the rest is of the order (w / R)^2
    pair = core_shell.pair
    width, radius = (pair.number(f"{name} [m]") for name in ("Interface width", "Particle radius"))
    thin = 3 * pair.number("Core radius fraction") ** 2 * width / radius
    assert core_shell.transport.interface_volume_fraction == pytest.approx(thin, rel=1e-4, abs=0)
    assert "boundaries of grains" in core_shell.not_applicable["unlike_boundary_fraction"]


def test_surviving_step_is_that_of_the_profile_law(core_shell):
    pair = core_shell.pair
    radius, core, a, b = (
        pair.number(name)
        for name in (
            "Particle radius [m]",
            "Core radius fraction",
            "Core Debye length [m]",
            "Shell Debye length [m]",
        )
    )
    ratio = core_shell.screening.radius_over_debye_length
    assert ratio == pytest.approx(radius / max(a, b), rel=ROUND_OFF, abs=0)
    expected = surviving_step(a / radius, b / radius, core)
    assert core_shell.screening.surviving_step == pytest.approx(expected, rel=ROUND_OFF, abs=0)


def test_a_static_field_does_not_follow_the_current(czt, core_shell):
    for found in (czt, core_shell):
        contact = found.contact
        assert contact.cation_pulled_towards_on_insertion == "CoTe2"
        assert contact.cation_pulled_towards_on_extraction == "CoTe2"
    assert core_shell.contact.effect_on_insertion == "helped"  # the core draws cations in
    assert core_shell.contact.effect_on_extraction == "hindered"
    assert czt.contact.effect_on_insertion == czt.contact.effect_on_extraction != "helped"


def test_a_core_shell_system_is_helped_as_its_own_step_says(core_shell):
    own = replace(core_shell.pair.values["Built-in potential [V]"], value=-0.063)
    values = {**core_shell.pair.values, "Built-in potential [V]": own}
    found = report(replace(core_shell.pair, values=values))
    assert found.contact.effect_on_insertion == "hindered"
    assert found.contact.effect_on_extraction == "helped"
    assert found.acting_potential == -0.063
    assert any("sign opposite" in one for one in found.remarks)
    assert not any("sign opposite" in one for one in core_shell.remarks)


def test_size_is_counted_in_the_longer_debye_length(core_shell):
    longer = replace(core_shell.pair.values["Shell Debye length [m]"], value=50e-9)
    values = {**core_shell.pair.values, "Shell Debye length [m]": longer}
    found = report(replace(core_shell.pair, values=values)).screening
    assert found.ion_debye_length_b_nm == pytest.approx(50, rel=ROUND_OFF, abs=0)
    expected = found.particle_radius_nm / 50
    assert found.radius_over_debye_length == pytest.approx(expected, rel=ROUND_OFF, abs=0)
    assert found.surviving_step < core_shell.screening.surviving_step


def test_exchanging_the_materials_exchanges_the_report():
    there, back = (
        report(pair_of_materials(*pair, "K")) for pair in (("CoTe2", "ZnTe"), ("ZnTe", "CoTe2"))
    )
    assert back.contact.built_in_potential_V == -there.contact.built_in_potential_V
    assert back.contact.positive_side == there.contact.positive_side
    assert back.contact.debye_length_b_nm == there.contact.debye_length_a_nm
    assert back.transport.barrier_ratio_bound_b == there.transport.barrier_ratio_bound_a
    assert back.acting_potential == -there.acting_potential


@pytest.mark.parametrize(
    ("architecture", "letters"),
    [
        ("core-shell", "abc"),
        ("dispersed", "abde"),
        ("stacked-parallel", "abe"),
        ("stacked-series", "abd"),
        ("", "abcde"),
    ],
)
def test_statements_follow_the_architecture(architecture, letters):
    found = report(with_architecture(architecture))
    assert "".join(found.statements) == letters
    assert all(found.statements[one] == STATEMENTS[one] for one in letters)


def test_report_is_frozen_and_every_gap_has_a_reason():
    for pair in (pair_of_system("CZT"), pair_of_materials("MoS2", "ZnIn2S4")):
        found = report(pair)
        content = found.to_dict()
        reasons = {*found.missing, *found.not_applicable}
        empty = {
            key
            for group in (found.contact, found.screening, found.transport)
            for key, value in vars(group).items()
            if value is None
        }
        assert empty == {one for one in reasons if one in content and content[one] is None} - {
            "log10_conductivity_ratio_at_built_in_potential"
        }
        with pytest.raises(FrozenInstanceError):
            found.contact.positive_side = "other"


@pytest.mark.parametrize(("control", "only"), [("CT", "CoTe2"), ("ZT", "ZnTe")])
def test_a_control_without_one_component_has_no_such_junction(control, only):
    with pytest.raises(ParameterError, match=f"{control} holds {only} and no .*--material-a CoTe2"):
        pair_of_system(control)


def test_doping_that_contradicts_the_work_function_is_reported(czt):
    (found,) = [one for one in czt.remarks if one.startswith("ZnTe: ")]
    assert "5.59 eV" in found
    assert "5.31 eV" in found


# --- materials of the library ------------------------------------------------------------------


def test_a_junction_takes_names_and_materials():
    own = Material("mine", work_function_eV=4.0)
    assert junction("CoTe2", "ZnTe").built_in_potential == pytest.approx(1.5, abs=1e-14)
    assert junction("CoTe2", own).built_in_potential == pytest.approx(2.81, abs=1e-14)
    assert junction(own, own).positive_side is None


@pytest.mark.parametrize("name", component_names("materials"))
def test_every_material_of_the_library_makes_a_side(name):
    assert material(name).name == name


def test_library_says_what_conducts():
    assert material("CoTe2").is_metal  # free electrons in its file
    assert material("Ti3C2Tx").is_metal  # a gap of zero
    assert (material("ZnTe").kind, material("ZnTe").dopant_density_m3) == ("p", 1e22)
    assert material("MoS2").conduction == "semiconductor"
    assert material("ZnIn2S4").conduction is None


def test_barriers_are_used_for_their_own_ion_only():
    found = report(pair_of_materials("CoTe2", "ZnTe", "Na"))
    assert found.transport.barrier_ratio_bound is None
    assert "for Na" in found.missing["interface_migration_barrier_eV"]
    assert any("is for K" in one for one in found.remarks)


def test_doubly_charged_ions_feel_twice_the_potential():
    once, twice = (report(pair_of_materials("Sn", "ZnTe", ion)) for ion in ("K", "Zn"))
    expected = once.space_charge.conductivity_ratio**2
    assert twice.space_charge.conductivity_ratio == pytest.approx(expected, rel=ROUND_OFF, abs=0)
