"""The neutral template: an electrode of which only window, ion, loading and a rate curve are known."""

from dataclasses import replace

import numpy as np
import pytest

import hetsim as hs
from hetsim.parameters.schema import IONS
from hetsim.parameters.system_text import system_text
from hetsim.parameters.values import MeasuredRate
from hetsim.simulation.run_many import rate_capacities

WINDOWS = {
    "Li": (2.0, 4.5),
    "Na": (0.01, 3.0),
    "K": (0.01, 2.7),
    "Zn": (0.2, 1.6),
    "Mg": (0.2, 2.1),
    "Ca": (0.5, 3.0),
    "Al": (0.1, 1.2),
    "NH4": (0.0, 1.0),
}
CURVE = MeasuredRate((0.1, 0.5, 2.0), (400.0, 320.0, 210.0), "test")


def test_every_ion_has_a_window_here() -> None:
    assert set(WINDOWS) == set(IONS)


@pytest.mark.parametrize("ion", WINDOWS)
def test_window_is_met_at_rest_and_the_electrode_runs(ion: str) -> None:
    low, high = WINDOWS[ion]
    cell = hs.template(ion, (low, high))
    ends = [cell.open_circuit_potential(one) for one in (0.0, 1.0)]
    assert ends == [high, low]
    # a thousandth of the sites counts as none: 1.5e-3 of the window below the upper cut-off
    at_rest = cell.open_circuit_potential(cell.extracted_occupancy, "extraction")
    assert high - 2e-3 * (high - low) < at_rest <= high
    [found] = rate_capacities([cell], hs.RateTest([0.02, 0.5, 5.0]), "SPM")
    assert found is not None
    assert np.all(np.diff(found) < 0)
    assert found[0] > 0.6 * cell.values.number("Specific capacity [mA.h.g-1]")


@pytest.mark.parametrize("exponent", [1.0, 1.5, 2.5])
def test_slow_discharge_without_losses_follows_the_curve(exponent: float) -> None:
    changes = {
        "Lower voltage cut-off [V]": 1.0,  # the curve goes on to 0.01 V
        "Open-circuit exponent": exponent,
        "Fast fraction": 0.99,
        "Series resistance [Ohm.cm2]": 0.0,
        "Exchange-current density [A.m-2]": 100.0,
        "Metal exchange-current density [A.m-2]": 1e4,
    }
    cell = hs.template("Na", (0.01, 3.0)).with_values(changes)
    [found] = rate_capacities([cell], hs.RateTest([0.001], cycles=1), "SPM")
    assert found is not None
    exact = 1 - ((1.0 - 0.01) / 2.99) ** (1 / exponent)
    # a thousandth is filled at the start, and 1 % of the sites diffuse for hours: 3e-3 of the sites
    assert found[0] / 400 == pytest.approx(exact, abs=3e-3)


def test_a_cell_starts_and_ends_where_the_columns_of_a_sweep_say() -> None:
    from hetsim.cells.columns import cell_columns

    cell = hs.template("Na", (0.01, 3.0))
    changes = {
        "Upper voltage cut-off [V]": np.array([3.0, 2.5]),
        "Open-circuit exponent": np.array([1.5, 2.0]),
    }
    [group] = cell_columns(cell, changes)
    for row in range(2):
        one = cell.with_values({name: float(v[row]) for name, v in changes.items()})
        for name, number in one.start().items():
            # the root of a search against the inverse
            assert np.broadcast_to(group.inputs[name], 2)[row] == pytest.approx(number, abs=1e-12)


@pytest.mark.parametrize("model", ["SPM", "DFN"])
def test_all_models_and_particles_in_volumes_take_the_curve(model: str) -> None:
    cell = hs.template("Na", (0.01, 3.0), 1.0)
    test = hs.RateTest([0.5], from_equilibrium=True)
    modes = hs.run(cell, test, model)
    assert modes.points[0].outcome.good
    assert modes.points[0].charge_balance < 1e-6  # the solver's tolerance
    if model == "SPM":
        volumes = hs.run(cell.with_volumes(), test, model)
        # 0.6 %: seven sizes in place of the continuous spread, on a mesh
        assert volumes.capacities == pytest.approx(modes.capacities, rel=6e-3)


def test_everything_assumed_says_why_and_the_rest_is_given() -> None:
    table = hs.template("K", (0.01, 3.0), loading=1.1, materials=("Bi2S3", "SnS")).table()
    assert table.loc["Active mass loading [mg.cm-2]", "kind"] == "measured"
    assumed = table[table["file"] == "template"]
    assert set(assumed["kind"]) == {"assumed"}
    assert all(assumed["source"].str.len() > len("neutral template: "))


def test_unknown_loading_is_assumed_with_a_range_and_says_what_is_measured_then() -> None:
    cell = hs.template("Na", (0.01, 3.0))
    value = cell.system.values["Active mass loading [mg.cm-2]"]
    assert (value.number, value.range, value.kind) == (1.0, (0.5, 3.0), "assumed")
    assert "product of series resistance and loading" in cell.system.note


def test_resistance_times_loading_is_what_a_curve_measures() -> None:
    one = hs.template("Na", (0.01, 3.0), loading=1.0)
    both = {"Metal exchange-current density [A.m-2]": 1e4, "Series resistance [Ohm.cm2]": 40.0}
    two = hs.template("Na", (0.01, 3.0), loading=2.0).with_values(
        {**both, "Series resistance [Ohm.cm2]": 20.0}
    )
    test = hs.RateTest([0.1, 1.0, 5.0])
    a, b = (rate_capacities([c], test, "SPM")[0] for c in (one.with_values(both), two))
    assert np.allclose(a, b, rtol=2e-3)  # the metal takes 0.3 mV of difference at 10 mA/cm2


def test_file_round_trip_is_the_same_cell(tmp_path) -> None:
    cell = hs.template("Zn", (0.2, 1.6), 2.0, ("V2O5", "graphene"), CURVE, name="mine")
    path = tmp_path / "mine.toml"
    path.write_text(system_text(cell.system), encoding="utf-8")
    back = hs.load(path)
    assert dict(back.values) == dict(cell.values)
    assert back.parameters_hash == cell.parameters_hash
    assert back.measured == cell.measured
    assert back.system.note == cell.system.note


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ion": "Rb"}, "unknown ion 'Rb'; allowed: Li, Na"),
        ({"window": (3.0, 0.01)}, "from 3 to 0.01 V"),
        ({"window": (1.0, 1.0)}, "must be below"),
        ({"window": (0.0, float("nan"))}, "finite numbers"),
        ({"window": (0.01, 7.0)}, "'Upper voltage cut-off .V.' = 7 is outside"),
        ({"loading": 0.0}, "'Active mass loading .mg.cm-2.' = 0 is outside 0.05 to 50"),
        ({"loading": float("nan")}, "Active mass loading"),
        ({"particle_radius": 150.0}, "Particle radius"),
        ({"temperature": 25.0}, "Ambient temperature"),
        ({"materials": ("a", "b", "c")}, "one or two materials"),
        ({"electrolyte": "sea water"}, "sea water"),
        ({"rate": MeasuredRate((0.1, 0.1), (1.0, 1.0), "x")}, "must differ"),
        ({"rate": MeasuredRate((0.1, 1.0), (5e3, 1.0), "x")}, "5000 mAh/g; .* up to 4630 mAh/g"),
    ],
)
def test_bad_input_ends_in_one_sentence(change: dict, message: str) -> None:
    given = {"ion": "Na", "window": (0.01, 3.0), **change}
    with pytest.raises(hs.ParameterError, match=message):
        hs.template(**given)


def test_two_curves_or_a_rising_one_are_refused() -> None:
    cell = hs.template("Na", (0.01, 3.0))
    with pytest.raises(hs.ParameterError, match="must be below 'Empty electrode potential"):
        cell.with_values({"Full electrode potential [V]": 3.5})
    plateaus = hs.load("CZT", "lumped").system
    both = {**plateaus.values, **{n: v for n, v in cell.system.values.items() if "exponent" in n}}
    from hetsim.parameters.checks import checked_system

    with pytest.raises(hs.ParameterError, match="Empty electrode potential"):
        checked_system(replace(plateaus, values=both), "x")
    slope = {n: v for n, v in cell.system.values.items() if n not in both}
    with pytest.raises(hs.ParameterError, match="two open-circuit curves"):
        checked_system(replace(plateaus, values={**both, **slope}), "x")
