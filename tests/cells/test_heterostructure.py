"""A heterostructure from the names of two materials: what is taken from where, its controls, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

import hetsim as hs
from hetsim import engine
from hetsim.parameters.checks import checked_system

A = hs.Host("A", (1.1, 0.5), (0.4, 0.6), 400.0, diffusivity=1e-17, density=6000.0)
B = hs.Host("B", (0.7, 0.2), (0.5, 0.5), 300.0, diffusivity=1e-18, density=4000.0)
CAPACITY = "Specific capacity [mA.h.g-1]"


def test_a_cell_from_two_names_says_what_it_assumes() -> None:
    cell = hs.heterostructure("CoTe2", "ZnTe", ion="K", mass_share=0.7)
    table = cell.table()
    assert set(table["kind"]) <= {"assumed", "measured", "computed", "derived", "fitted"}
    template = table[table["source"].str.startswith("neutral template")]
    assert len(template) > 20
    assert all(template["kind"].isin(["assumed", "derived"]))
    curve = hs.run(cell, hs.RateTest([0.1, 1]), "SPM")
    assert all(one.outcome.good for one in curve.points)
    assert cell.name == "CoTe2-ZnTe"


def test_values_that_are_given_replace_those_of_the_template() -> None:
    cell = hs.heterostructure(A, B, ion="Na", values={"Grain size [m]": 5e-9, CAPACITY: 700.0})
    assert cell.values["Grain size [m]"] == 5e-9
    assert cell.values[CAPACITY] == pytest.approx(700.0)
    assert cell.values["Component A site capacity [mA.h.g-1]"] == pytest.approx(800.0)


def test_controls_are_made_without_a_file_at_equal_mass() -> None:
    cell = hs.heterostructure(A, B, ion="K", mass_share=0.6)
    made = {one.system.variant: one for one in cell.controls()}
    assert list(made) == ["A alone", "B alone", "mixture", "without channel", "without potential"]
    assert made["A alone"].values[CAPACITY] == pytest.approx(400.0)
    assert made["B alone"].values[CAPACITY] == pytest.approx(300.0)
    assert made["mixture"].values[CAPACITY] == pytest.approx(360.0)
    loading = "Active mass loading [mg.cm-2]"
    assert {one.values[loading] for one in made.values()} == {cell.values[loading]}
    found = {
        name: hs.run(one, hs.RateTest([0.01, 2], from_equilibrium=True), "SPM").capacities
        for name, one in made.items()
    }
    mean = 0.6 * found["A alone"] + 0.4 * found["B alone"]
    assert found["mixture"][0] == pytest.approx(mean[0], rel=0.02)  # slow: what both hold
    whole = hs.run(cell, hs.RateTest([0.01, 2], from_equilibrium=True), "SPM").capacities
    assert whole[1] > found["without channel"][1]


def test_lattice_carriers_have_a_control_without_the_ions_they_store() -> None:
    cell = hs.heterostructure(A, B, ion="K", interface=hs.LatticeCarriers())
    assert [one.system.variant for one in cell.controls()][-1] == "without gathered ions"
    core = hs.heterostructure(
        A, B, ion="K", architecture=hs.CoreShell(), values={"Built-in potential [V]": 0.05}
    )
    assert [one.system.variant for one in core.controls()][2:] == ["mixture", "without potential"]


def test_a_cell_of_one_lumped_host_has_no_controls_of_its_own() -> None:
    cell = hs.load("KPB")
    assert cell.controls() == []
    with pytest.raises(hs.ParameterError, match="lumped host"):
        hs.plots.controls(cell, hs.RateTest([1.0]))


def test_the_figure_has_a_line_for_each_control() -> None:
    cell = hs.heterostructure(A, B, ion="K")
    figure = hs.plots.controls(cell, hs.RateTest([0.1, 1], from_equilibrium=True), "SPM")
    axes = figure.axes[0]
    assert len(axes.lines) == 1 + len(cell.controls())
    assert axes.get_xlabel() == "Specific current [A/g]"
    labels = [line.get_label() for line in axes.lines]
    assert labels[:3] == ["heterostructure", "A alone", "B alone"]


def test_a_sweep_of_the_interface_potential_moves_the_capacity_and_builds_nothing() -> None:
    cell = hs.heterostructure(A, B, ion="K", values={"Grain size [m]": 10e-9}).with_particle(2)
    protocol = hs.RateTest([4.0], from_equilibrium=True)
    hs.run(cell, protocol, "SPM")
    before = engine.builds()
    found = hs.sweep(
        cell, {"Interface potential [V]": np.linspace(0, 0.3, 7)}, protocol, model="SPM"
    )
    assert engine.builds() == before
    capacities = found["capacity_mAh_per_g"].values.ravel()
    assert np.all(np.diff(capacities) > 0)


# --- what is refused -----------------------------------------------------------------------------


def refused(*args: object, **kwargs: object) -> str:
    with pytest.raises(hs.ParameterError) as caught:
        hs.heterostructure(*args, **kwargs)  # type: ignore[arg-type]
    return str(caught.value)


def test_shares_of_sites_must_sum_to_one() -> None:
    bad = hs.Host("A", (1.1, 0.5), (0.4, 0.5), 400.0)
    assert "sum to 0.9" in refused(bad, B, ion="K")


def test_a_site_above_the_window_is_refused() -> None:
    message = refused(A, B, ion="K", values={"Upper voltage cut-off [V]": 1.0})
    assert "host A" in message
    assert "1.1 V" in message
    assert "inside the window" in message


def test_a_host_without_an_isotherm_for_the_ion_says_which_it_has() -> None:
    message = refused("CoTe2", "ZnTe", ion="Na")
    assert "CoTe2 has no isotherm for Na; it has one for K" in message


def test_a_channel_needs_junctions_that_ions_run_along() -> None:
    for architecture in (hs.Mixture(), hs.CoreShell(), hs.StackedSeries()):
        message = refused(A, B, ion="K", architecture=architecture, interface=hs.DiluteCarriers())
        assert "no junctions that ions run along" in message


def test_dilute_carriers_end_at_one_volt() -> None:
    message = refused(A, B, ion="K", values={"Interface potential [V]": 1.2})
    assert "1.2" in message
    assert "continuum" in message


def test_an_unknown_material_names_the_nearest() -> None:
    message = refused("CoTe3", "ZnTe", ion="K")
    assert "Unknown material 'CoTe3'" in message
    assert "CoTe2" in message


@pytest.mark.parametrize(("share", "ion"), [(1.5, "K"), (0.5, "Xx")])
def test_a_share_or_an_ion_that_is_none(share: float, ion: str) -> None:
    assert str(share) in refused(A, B, ion=ion, mass_share=share) or ion in refused(A, B, ion=ion)


def test_lattice_carriers_and_a_mixture_need_two_hosts() -> None:
    lumped = hs.load("KPB").system
    for change in (
        {"interface": "lattice-carriers", "architecture": "dispersed"},
        {"architecture": "mixture", "interface": ""},
    ):
        with pytest.raises(hs.ParameterError, match="two hosts with isotherms"):
            checked_system(replace(lumped, **change), "KPB")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"potentials": 1.0}, "Host 'Q': potentials = 1.0 must be a list"),
        ({"shares": (0.4, 0.6)}, "shares has 2 numbers for 1 potentials"),
        ({"widths": 4.0}, "widths = 4.0 must be a list"),
    ],
)
def test_a_host_is_made_of_lists(change, message):
    given = {"potentials": (1.0,), "shares": (1.0,), **change}
    with pytest.raises(hs.ParameterError, match=message):
        hs.Host("Q", capacity=500.0, **given)
