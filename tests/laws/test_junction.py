"""Junctions of two materials: facts of the data, types, bands, depletion, and what is refused."""

import numpy as np
import pytest

from hetsim.constants import BOLTZMANN_EV, ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY
from hetsim.laws import depletion
from hetsim.laws.junction import Junction, Material, MissingProperty

METAL = Material("M", work_function_eV=5.0, conduction="metal")
N_TYPE = Material("N", 4.2, 4.0, 1.2, "n", 1e24, 10.0)
P_TYPE = Material("P", 5.3, 4.1, 1.4, "p", 4e23, 12.0)


def semiconductor(work_function, doping, name="S"):
    return Material(name, work_function, doping=doping)


# Differences of printed decimals: exact to round-off of numbers below 8.
ROUND_OFF = 1e-14


@pytest.mark.parametrize(
    ("a", "b", "step", "positive", "field"),
    [
        (("CoTe2", 6.81), ("ZnTe", 5.31), 1.50, "ZnTe", "ZnTe -> CoTe2"),
        (("MoS2", 5.18), ("ZnIn2S4", 6.11), -0.93, "MoS2", "MoS2 -> ZnIn2S4"),
    ],
)
def test_built_in_potentials_of_the_data(a, b, step, positive, field):
    junction = Junction(Material(*a), Material(*b))
    assert junction.built_in_potential == pytest.approx(step, abs=ROUND_OFF)
    assert junction.positive_side.name == positive
    assert junction.field_direction == field
    assert junction.cation_pulled_towards == junction.negative_side.name != positive


def test_exchanging_the_sides_changes_the_sign_and_nothing_else():
    there, back = Junction(N_TYPE, P_TYPE), Junction(P_TYPE, N_TYPE)
    assert back.built_in_potential == -there.built_in_potential
    assert back.positive_side is there.positive_side is N_TYPE
    assert back.type == there.type == "p-n"
    # the laws of both sides in another order: round-off
    assert back.depletion_widths == pytest.approx(there.depletion_widths[::-1], rel=1e-14, abs=0)
    assert back.maximum_field == pytest.approx(there.maximum_field, rel=1e-14, abs=0)
    assert back.conduction_band_offset == -there.conduction_band_offset


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (semiconductor(4.2, "n"), semiconductor(5.2, "p"), "p-n"),
        (semiconductor(4.2, "n"), semiconductor(4.6, "n"), "n-n"),
        (semiconductor(5.0, "p"), semiconductor(5.2, "p"), "p-p"),
        (METAL, semiconductor(4.2, "n"), "Schottky n"),
        (METAL, semiconductor(5.4, "n"), "ohmic"),
        (semiconductor(5.4, "p"), METAL, "Schottky p"),
        (semiconductor(4.8, "p"), METAL, "ohmic"),
        (METAL, Material("M2", conduction="metal"), "metal-metal"),
    ],
)
def test_junction_types(a, b, expected):
    assert Junction(a, b).type == expected


def test_schottky_barriers_of_both_dopings_add_up_to_the_gap():
    barrier_n = Junction(METAL, Material("S", None, 4.0, 1.5, "n")).schottky_barrier
    barrier_p = Junction(Material("S", None, 4.0, 1.5, "p"), METAL).schottky_barrier
    assert barrier_n == pytest.approx(5.0 - 4.0, abs=ROUND_OFF)
    assert barrier_p == pytest.approx(4.0 + 1.5 - 5.0, abs=ROUND_OFF)
    assert barrier_n + barrier_p == pytest.approx(1.5, abs=ROUND_OFF)
    with pytest.raises(ValueError, match="no metal-semiconductor contact"):
        _ = Junction(N_TYPE, P_TYPE).schottky_barrier


def test_band_offsets_share_the_difference_of_the_gaps():
    junction = Junction(N_TYPE, P_TYPE)
    conduction, valence = junction.conduction_band_offset, junction.valence_band_offset
    assert conduction == pytest.approx(4.0 - 4.1, abs=ROUND_OFF)
    assert valence == pytest.approx((4.0 + 1.2) - (4.1 + 1.4), abs=ROUND_OFF)
    # E_c - E_v is the gap on both sides
    assert conduction - valence == pytest.approx(1.4 - 1.2, abs=ROUND_OFF)


def test_p_n_junction_depletes_both_sides_in_balance():
    junction = Junction(N_TYPE, P_TYPE)
    w_n, w_p = junction.depletion_widths
    assert w_n * 1e24 == pytest.approx(w_p * 4e23, rel=1e-13, abs=0)  # charge balance, round-off
    drops = [
        ELEMENTARY_CHARGE * n * w**2 / (2 * eps * VACUUM_PERMITTIVITY)
        for n, w, eps in ((1e24, w_n, 10.0), (4e23, w_p, 12.0))
    ]
    assert sum(drops) == pytest.approx(1.1, rel=1e-13, abs=0)
    fields = [2 * v / w for v, w in zip(drops, (w_n, w_p), strict=True)]
    assert junction.maximum_field == pytest.approx(max(fields), rel=1e-13, abs=0)


def test_only_the_side_that_loses_its_carriers_is_depleted():
    wide = Material("N2", 4.6, None, None, "n", 2e24, 8.0)
    n_n = Junction(N_TYPE, wide)  # electrons leave N (lower W) and gather in N2
    assert n_n.depletion_widths == (
        pytest.approx(depletion.one_sided_width(0.4, 1e24, 10.0), rel=1e-12, abs=0),
        0.0,
    )
    schottky = Junction(METAL, N_TYPE)
    width = schottky.depletion_widths[1]
    assert schottky.depletion_widths[0] == 0.0
    assert width == pytest.approx(depletion.one_sided_width(0.8, 1e24, 10.0), rel=1e-12, abs=0)
    assert schottky.maximum_field == pytest.approx(2 * 0.8 / width, rel=1e-13, abs=0)  # round-off
    ohmic = Junction(METAL, semiconductor(5.4, "n"))
    assert ohmic.depletion_widths == (0.0, 0.0)
    with pytest.raises(ValueError, match="neither side is depleted"):
        _ = ohmic.maximum_field


def test_debye_lengths_follow_the_temperature():
    warm, cold = (Junction(N_TYPE, P_TYPE, T).debye_lengths for T in (400.0, 100.0))
    assert warm == pytest.approx([2 * length for length in cold], rel=1e-14, abs=0)  # sqrt(T)
    kT = BOLTZMANN_EV * 400.0 * ELEMENTARY_CHARGE
    expected = np.sqrt(10.0 * VACUUM_PERMITTIVITY * kT / (ELEMENTARY_CHARGE**2 * 1e24))
    assert warm[0] == pytest.approx(expected, rel=1e-13, abs=0)  # round-off


def test_equal_work_functions_have_no_field():
    junction = Junction(Material("A", 4.5), Material("B", 4.5))
    assert junction.positive_side is None
    assert "no field" in junction.field_direction
    assert "neither" in junction.cation_pulled_towards


@pytest.mark.parametrize(
    ("quantity", "junction", "sentence"),
    [
        ("built_in_potential", Junction(Material("SnS2"), N_TYPE), "SnS2 has no work_function_eV."),
        ("type", Junction(Material("ZnSe", 5.0), N_TYPE), "ZnSe has no conduction."),
        (
            "type",
            Junction(N_TYPE, Material("ZnSe", 5.0, conduction="semiconductor")),
            "ZnSe has no doping.",
        ),
        (
            "conduction_band_offset",
            Junction(N_TYPE, Material("MoO3", 6.0)),
            "MoO3 has no electron_affinity_eV.",
        ),
        (
            "valence_band_offset",
            Junction(Material("MoO3", electron_affinity_eV=3.0), N_TYPE),
            "MoO3 has no band_gap_eV.",
        ),
        (
            "depletion_widths",
            Junction(Material("SnS2", 5.2, doping="p"), N_TYPE),
            "SnS2 has no dopant_density_m3.",
        ),
        (
            "debye_lengths",
            Junction(N_TYPE, Material("SnS2", dopant_density_m3=1e24)),
            "SnS2 has no relative_permittivity.",
        ),
    ],
)
def test_what_is_missing_is_named_and_never_guessed(quantity, junction, sentence):
    with pytest.raises(MissingProperty) as caught:
        getattr(junction, quantity)
    assert str(caught.value) == sentence


def test_report_has_every_quantity_or_its_reason():
    full = Junction(N_TYPE, P_TYPE).report()
    assert full["built_in_potential_V"] == pytest.approx(-1.1, abs=ROUND_OFF)
    assert full["positive_side"] == "N"
    assert full["schottky_barrier_eV"].startswith("not applicable")
    assert not [v for v in full.values() if isinstance(v, str) and v.startswith("missing")]
    sparse = Junction(Material("CoTe2", 6.81), Material("ZnTe", 5.31)).report()
    assert sparse.keys() == full.keys()
    assert sparse["built_in_potential_V"] == pytest.approx(1.5, abs=ROUND_OFF)
    assert sparse["junction_type"] == "missing: CoTe2 has no conduction."
    assert sparse["debye_length_b_m"].startswith("missing: ZnTe has no")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"work_function_eV": 0.4}, "probably another unit"),
        ({"work_function_eV": 520.0}, "probably another unit"),
        ({"work_function_eV": float("nan")}, "probably another unit"),
        ({"electron_affinity_eV": 400.0}, "probably another unit"),
        ({"band_gap_eV": -0.1}, "band_gap_eV must not be negative"),
        ({"dopant_density_m3": 0.0}, "dopant_density_m3 must be finite and greater than zero"),
        ({"dopant_density_m3": -1e24}, "dopant_density_m3 must be"),
        ({"relative_permittivity": 0.0}, "relative_permittivity must be"),
        ({"doping": "donor"}, "doping must be 'n' or 'p'"),
        ({"conduction": "insulator"}, "conduction must be"),
        ({"conduction": "metal", "band_gap_eV": 1.0}, "a metal has neither"),
        ({"conduction": "metal", "doping": "n"}, "a metal has neither"),
        (
            {"work_function_eV": 3.5, "electron_affinity_eV": 4.0},
            "contradict each other: the Fermi level would lie 0.50 eV above the conduction band",
        ),
        (
            {"work_function_eV": 6.0, "electron_affinity_eV": 4.0, "band_gap_eV": 1.2},
            "contradict each other: the Fermi level would lie 0.80 eV below the valence band",
        ),
    ],
)
def test_impossible_materials_are_refused_with_the_reason(values, message):
    with pytest.raises(ValueError, match=message):
        Material("X", **values)


def test_a_degenerate_semiconductor_within_the_scatter_is_accepted():
    assert Material("X", 3.9, 4.0, 1.2).ionisation_energy_eV == pytest.approx(5.2, rel=1e-12, abs=0)
    with pytest.raises(ValueError, match="temperature must be"):
        Junction(N_TYPE, P_TYPE, temperature=-3.0)
