"""Full cells: two half cells, balanced, with every ion accounted for in both."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim import engine, names
from hetsim.cells.full_cell import FullCell, assembled
from hetsim.engine import measured_step

METAL = "Metal exchange-current density [A.m-2]"
NEGATIVE_IONS, POSITIVE_IONS = (
    electrode.named(names.INVENTORY) for electrode in (names.NEGATIVE, names.POSITIVE)
)


def kpb_czt(classes: int = 2, variant: str = "", **changes: Any) -> FullCell:
    """KPB||CZT with few size classes, which build and run quickly."""
    full = hs.load("KPB-CZT")
    negative = hs.load("CZT", variant).with_particle(classes=classes, fast=classes > 1)
    return full.with_electrodes(negative=negative).with_values(changes)


# --- physics -------------------------------------------------------------------------------------


def test_every_ion_is_in_one_of_the_electrodes() -> None:
    """What one electrode loses the other gains, and both is what the current carries."""
    full = kpb_czt()
    built = engine.built_model(full, "SPMe")
    inputs = built.inputs(full)
    step = measured_step(built, inputs, 1e-4, 36000.0, None)
    back = measured_step(built, inputs, -3e-4, 36000.0, step.state)
    for one, current in ((step, 1e-4), (back, -3e-4)):
        times = one.time[[0, -1]]
        left, gained = (
            np.diff(one.solution[name](t=times))[0] for name in (NEGATIVE_IONS, POSITIVE_IONS)
        )
        carried = current * (times[1] - times[0]) / 96485.33212
        assert gained == pytest.approx(carried, rel=1e-9, abs=0)  # round-off of the inventory
        assert left == pytest.approx(-carried, rel=1e-9, abs=0)
        assert abs(one.charge_balance) <= 1e-6


def test_ions_of_the_cell_are_those_of_its_assembly() -> None:
    """The integral over both electrodes at the start is the inventory of the docstring."""
    full = kpb_czt()
    solution = engine.built_model(full, "SPM")
    step = measured_step(solution, solution.inputs(full), 1e-4, 10.0, None)
    ions = sum(float(step.solution[name](t=0.0)) for name in (NEGATIVE_IONS, POSITIVE_IONS))
    values = full.values
    sites = (
        values["Positive: Specific capacity [mA.h.g-1]"]
        * values["Positive: Active mass loading [mg.cm-2]"]
        * values["Electrode area [cm2]"]
        * 3.6e-3
        / 96485.33212
    )  # mol
    p, loss = values["Pre-potassiation"], values["First-cycle loss"]
    expected = values["Positive filling as assembled"]
    expected += values["N/P ratio"] * (p - loss * (1 - p))
    assert ions / sites == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("variant", ["", "core-shell"])
def test_voltage_is_that_of_the_half_cells(variant: str) -> None:
    """U_cell(t) = U_P(t) - U_N(t), each from its own half cell under the same current.

    Without electrolyte (SPM), resistance and overpotential of the metal nothing else is in a cell.
    The half cells run from the same occupancies, the negative one in the other direction.
    """
    ideal = {"Series resistance [Ohm.cm2]": 0.0}
    full = kpb_czt(1, variant, **ideal)
    assert ("field" in repr(full.negative)) or full.negative.structure.architecture.has_field == (
        variant == "core-shell"
    )
    area, seconds = full.values["Electrode area [cm2]"], 1500.0
    current = 0.3e-3 * area  # 0.3 mA/cm2
    built = engine.built_model(full, "SPM")
    step = measured_step(built, built.inputs(full), current, seconds, None)
    assert step.time[-1] == pytest.approx(seconds)

    voltages = {}
    for (electrode, cell), mean in zip(
        full.electrodes.items(), full.charged_occupancies, strict=True
    ):
        # cut-offs out of the way: a half cell in the middle of its window
        half = cell.with_values(
            {**ideal, METAL: 1e5, "Lower voltage cut-off [V]": -1, "Upper voltage cut-off [V]": 6}
        )
        alone = engine.built_model(half, "SPM")
        # charging filled the negative electrode and emptied the positive one
        branch = "extraction" if electrode.inserts_on_discharge > 0 else "insertion"
        inputs = {**alone.inputs(half), **half.start_at(mean, branch)}
        run = measured_step(alone, inputs, electrode.inserts_on_discharge * current, seconds, None)
        voltages[electrode.domain] = run.solution[names.VOLTAGE](t=step.time)
    difference = step.voltage - (voltages["positive"] - voltages["negative"])
    # the metal drops 2e-6 V; the potential of two hosts is held to 0.06 mV in each solution
    np.testing.assert_allclose(difference, 0, atol=1e-4 if full.negative.hosts is None else 3e-4)


def rested_voltage(full: hs.FullCell, start: float, positive: float) -> float:
    """Of a cell that is discharged from `start` to a filling of the positive electrode [V]."""
    moved = positive - start
    voltage = 0.0
    for sign, cell, theta, share in (
        (1, full.positive, positive, moved),
        (
            -1,
            full.negative,
            full._negative_at(positive),
            full._negative_at(start) - full._negative_at(positive),
        ),
    ):
        into, out_of = (
            cell.open_circuit_potential(theta, one) for one in ("insertion", "extraction")
        )
        crossed = min(share / 0.05, 1.0)  # the crossing share of both files
        first, last = (out_of, into) if sign > 0 else (into, out_of)
        voltage += sign * float((1 - crossed) * first + crossed * last)
    return voltage


@pytest.mark.parametrize("variant", ["", "lumped"])
def test_slow_discharge_follows_the_equilibrium(variant: str) -> None:
    """At a thousandth of 1C the cell is at rest: its voltage is the closed form of both curves."""
    fast = {
        "Negative: Component A diffusivity [m2.s-1]": 1e-13,
        "Negative: Component B diffusivity [m2.s-1]": 1e-13,
        "Positive: Component A diffusivity [m2.s-1]": 1e-13,
        "Series resistance [Ohm.cm2]": 0.0,
    }
    full = kpb_czt(1, variant, **fast)
    trace = hs.run(full, hs.RateTest([1e-4], cycles=1), model="SPM").points[0].insertion
    start = full.charged_occupancies[1]
    sites = full.values["Specific capacity [mA.h.g-1]"]
    filling = start + trace.capacity / sites
    held = (trace.capacity > 0) & (filling < 0.98)  # beyond it no current is small
    if variant:
        expected = [rested_voltage(full, start, one) for one in filling[held]]
        # 1e-4 A/g overcomes 0.2 mV in the charge transfer, more where a steep curve begins; the rounded corner of
        # the hysteresis is 0.1 % of a gap of some volts
        np.testing.assert_allclose(trace.voltage[held], expected, atol=3e-3)
    # where the hosts of both electrodes have crossed to the branches of a discharge
    crossed = filling[held] > start + (0.06 if variant else 0.26)
    assert crossed.sum() > 50
    on_branches = [full.open_circuit_voltage(one) for one in filling[held][crossed]]
    np.testing.assert_allclose(trace.voltage[held][crossed], on_branches, atol=1e-3)
    # an electrode counts as full at 0.999; the run may fill the last thousandth
    to_full = (full.discharged_occupancies[1] - start) * sites
    assert trace.capacity[-1] == pytest.approx(to_full, abs=1.5e-3 * sites)


def test_a_field_in_the_negative_electrode_leaves_the_rest_and_changes_the_run() -> None:
    cells = {
        volts: kpb_czt(1, "core-shell", **{"Negative: Built-in potential [V]": volts})
        for volts in (-0.063, 0.0, 0.063)
    }
    at_rest = [cell.charged_occupancies for cell in cells.values()]
    np.testing.assert_allclose(at_rest, [at_rest[0]] * 3, rtol=1e-12)
    test = hs.RateTest([0.5], from_equilibrium=True)
    capacities = [hs.run(cell, test, model="SPM").capacities[0] for cell in cells.values()]
    assert np.ptp(capacities) > 1  # mAh/g


def test_models_agree_at_low_rate() -> None:
    full = kpb_czt(1)
    test = hs.RateTest([0.005], from_equilibrium=True)
    single, *others = (
        hs.run(full, test, model=kind).energies[0] for kind in ("SPM", "SPMe", "DFN")
    )
    # 0.009 mA/cm2 drops less than 1 mV of 2 V in the electrolyte
    np.testing.assert_allclose(others, single, rtol=1e-3)


def test_more_ions_give_more_until_there_is_no_place_for_them() -> None:
    full = kpb_czt()
    test = hs.RateTest([0.05], from_equilibrium=True)
    capacities = [
        hs.run(full.with_values({"Pre-potassiation": p}), test, model="SPM").capacities[0]
        for p in (0.0, 0.3, 0.6)
    ]
    assert np.all(np.diff(capacities) > 0)
    assert capacities[0] < 20  # measured: below 20 mAh/g


def test_energy_is_the_integral_and_power_its_mean() -> None:
    curve = hs.run(kpb_czt(), hs.RateTest([0.2], cycles=1), model="SPM")
    point = curve.points[0]
    # at constant current, the mean voltage over charge and over time are the same
    in_time = np.trapezoid(point.insertion.voltage, point.insertion.time) / point.insertion.time[-1]
    assert point.energy == pytest.approx(in_time * point.capacity, rel=1e-9)
    assert point.mean_power == pytest.approx(in_time * 0.2 * 1000, rel=1e-9)
    assert curve.per_gram_of == "KPB"
    both = 1 + curve.parameters["Negative: Active mass loading [mg.cm-2]"] / 1.8
    assert curve.share_of_actives == pytest.approx(1 / both)


@pytest.mark.parametrize(
    ("kind", "variant"),
    [
        ("SPM", ""),
        ("SPM", "core-shell-hosts"),
        ("SPMe", ""),
        ("SPMe", "core-shell-hosts"),
        ("DFN", ""),
    ],
)
def test_an_electrode_may_have_two_hosts(kind: str, variant: str) -> None:
    """Discharged and charged at two currents; one size of particles, as sizes are the same in all of these."""
    negative = hs.load("CZT", variant).with_particle(classes=1, fast=not variant)
    full = hs.load("KPB-CZT").with_electrodes(negative=negative)
    curve = hs.run(full, hs.RateTest([0.5, 2.0], cycles=1), kind)
    assert all(point.outcome.good for point in curve.points)
    assert max(point.charge_balance for point in curve.points) <= 1e-6
    assert curve.capacities[0] > curve.capacities[1] > 0


def test_electrodes_can_be_exchanged() -> None:
    """Any two systems of one ion make a cell; nothing is special about KPB and CZT."""
    full = hs.load("KPB-CZT")
    file = replace(full.file, name="KPB-CT")
    other = assembled(file, hs.load("CT").with_particle(classes=1, fast=False), full.positive)
    curve = hs.run(other, hs.RateTest([0.1], cycles=1), model="SPM")
    assert curve.points[0].outcome.good
    assert curve.points[0].charge_balance <= 1e-6


# --- values --------------------------------------------------------------------------------------


def test_another_value_never_rebuilds_and_each_one_acts() -> None:
    full = kpb_czt()
    test = hs.RateTest([0.5], from_equilibrium=True)
    base = hs.run(full, test, model="SPM").energies[0]
    before = engine.builds()
    for name in (
        "N/P ratio",
        "Pre-potassiation",
        "Series resistance [Ohm.cm2]",
        "Lower voltage cut-off [V]",
        "Negative: Particle radius [m]",
        "Negative: Fast fraction",
        "Negative: Exchange-current density [A.m-2]",
        "Positive: Component A diffusivity [m2.s-1]",
        "Positive: Exchange-current density [A.m-2]",
        "Positive: Active mass loading [mg.cm-2]",
    ):
        changed = full.with_values({name: 0.8 * full.values[name]})
        assert changed.parameters_hash != full.parameters_hash
        energy = hs.run(changed, test, model="SPM").energies[0]
        assert energy != pytest.approx(base, rel=1e-5), name
    assert engine.builds() == before


def test_the_negative_electrode_is_as_heavy_as_the_balance_says() -> None:
    full = hs.load("KPB-CZT").with_values({"N/P ratio": 2.0})
    n, p = full.negative.values, full.positive.values
    sites = [one[names.SPECIFIC_CAPACITY] * one[names.LOADING] for one in (n, p)]
    assert sites[0] / sites[1] == pytest.approx(2.0)
    # the coating is thicker in the same measure, so its porosity is that of the half cell
    half = hs.load("CZT").values
    assert n[names.THICKNESS] / n[names.LOADING] == pytest.approx(
        half[names.THICKNESS] / half[names.LOADING]
    )


def test_values_of_the_half_cells_are_untouched() -> None:
    full, half = hs.load("KPB-CZT"), hs.load("CZT", "lumped")
    for name, value in half.values.items():
        if name in full.file.values or name in (names.LOADING, names.THICKNESS):
            continue  # what the cell has once, and what follows from its balance
        if not name.startswith("Extraction plateau"):  # of the file of the cell, with its reason
            assert full.values[f"Negative: {name}"] == value


def test_the_table_has_each_value_with_its_source() -> None:
    table = hs.load("KPB-CZT").table()
    assert (table["source"].str.len() > 0).all()
    assert table.loc["Negative: Specific capacity [mA.h.g-1]", "file"] == "CZT"
    assert table.loc["Positive: Specific capacity [mA.h.g-1]", "file"] == "KPB"
    assert "N/P ratio" in table.index
    fitted = table[table["kind"] == "fitted"]
    assert fitted["range"].notna().all()


def test_a_cell_is_a_plain_pybamm_model() -> None:
    import pybamm

    full = kpb_czt(1)
    simulation = pybamm.Simulation(full.model("SPM"), parameter_values=full.parameter_values())
    solution = simulation.solve([0, 600])
    assert solution["Voltage [V]"].entries[-1] < solution["Voltage [V]"].entries[0]
