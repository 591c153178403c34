"""Ions that the junctions hold beside the sites."""

import numpy as np
import pybamm
import pytest
from junction_storage import CAPACITY, area_per_volume, storing
from structured_cell import Bench, dissipated

from hetsim import engine, names
from hetsim.constants import FARADAY
from hetsim.submodels import (
    Architecture,
    CoreShell,
    Dispersed,
    ParticleStructure,
    StackedParallel,
    StackedSeries,
)


def stored_charge(bench: Bench) -> float:
    """Of the junctions, in units of all sites [-]."""
    return float(bench.solution[names.x_averaged(names.STORED_OCCUPANCY)].entries[-1])


@pytest.mark.parametrize(
    "architecture",
    [Dispersed(), CoreShell(), StackedParallel(), StackedSeries()],
    ids=lambda one: type(one).__name__,
)
@pytest.mark.parametrize("kind", ["SPM", "SPMe", "DFN"])
def test_charge_of_the_junctions_is_capacity_times_voltage(
    architecture: Architecture, kind: str
) -> None:
    cell = storing(architecture)
    bench = Bench(cell, 0.3, kind)
    before = bench.rest(0.01)
    bench.step(0.5, 0.6)
    after = bench.rest(20.0)
    values = cell.parameter_values()
    c_max = values.evaluate(pybamm.Parameter(names.C_MAX))
    area = area_per_volume(architecture, cell.values["Particle radius [m]"])
    exact = CAPACITY * area * (before - after) / (FARADAY * c_max)
    assert exact > 5e-5
    name = names.STORED_OCCUPANCY if kind == "DFN" else names.x_averaged(names.STORED_OCCUPANCY)
    stored = float(np.mean(bench.solution[name].entries[..., -1]))
    # at rest to the solver's 1e-6 of a volt over the 0.15 V that were passed
    assert stored == pytest.approx(exact, rel=1e-4, abs=0)
    assert bench.worst_balance <= 1e-6


def test_sites_and_junctions_share_what_is_passed() -> None:
    bench = Bench(storing(Dispersed()), 0.3)
    passed, _ = bench.step(0.5, 0.6)
    bench.rest(20.0)
    cell = storing(Dispersed())
    c_max = cell.parameter_values().evaluate(pybamm.Parameter(names.C_MAX))
    surface = bench.solution[names.x_averaged(names.SURFACE_CONCENTRATION)].entries[-1] / c_max
    # without a field the sites are at rest at their surface occupancy
    assert surface + stored_charge(bench) == pytest.approx(0.3 + passed, abs=1e-6)


def test_junctions_raise_the_capacity_at_high_rate() -> None:
    """They fill behind the reaction but without diffusion."""
    at_once = {names.INTERFACIAL_TIME: 1e-3}
    passed = [
        Bench(storing(Dispersed(), capacity, **at_once), 0.2).step(20.0, 0.1)[0]
        for capacity in (0.0, 50.0)
    ]
    # 50 F/m2 hold 4 % of the sites per 0.1 V
    assert passed[1] > 1.1 * passed[0]


@pytest.mark.parametrize("fast", [False, True])
def test_zero_capacity_is_the_cell_without_junction_storage(fast: bool) -> None:
    cell = storing(Dispersed(), capacity=0.0, fast=fast)
    plain = cell.of(ParticleStructure(Dispersed(), fast=fast))
    passed = [Bench(one, 0.2).step(5.0, 0.5)[0] for one in (cell, plain)]
    assert passed[0] == pytest.approx(passed[1], abs=1e-6)


@pytest.mark.parametrize("rate", [0.02, 1.0, 10.0])
def test_storage_yields_no_energy(rate: float) -> None:
    bench = Bench(storing(Dispersed()), 0.3)
    assert dissipated(bench, rate, 0.3) > 0
    assert bench.worst_balance <= 1e-6


def test_charging_time_delays_the_junctions() -> None:
    soon, late = (
        Bench(storing(Dispersed(), **{names.INTERFACIAL_TIME: one}), 0.3) for one in (0.1, 3600.0)
    )
    for bench in (soon, late):
        bench.step(1.0, 0.1)
    # 6 of 60 minutes: 1 - (1 - e^-0.1)/0.1 = 5 % of a linear rise is there
    assert stored_charge(late) < 0.1 * stored_charge(soon)


def test_new_values_need_no_new_build() -> None:
    cell = storing(Dispersed())
    Bench(cell, 0.3)
    before = engine.builds()
    charges = set()
    for capacity in (0.0, 0.2, 1.0):
        for size in (20e-9, 50e-9):
            values = {names.INTERFACIAL_CAPACITY: capacity, "Grain size [m]": size}
            bench = Bench(cell.with_values(values), 0.3)
            bench.step(1.0, 0.1)
            charges.add(round(stored_charge(bench), 9))
    assert engine.builds() == before
    assert len(charges) == 5  # both sizes store nothing at zero capacity


def test_storage_shows_in_the_inventory_given_as_numbers() -> None:
    cell = storing(Dispersed())
    values = cell.parameter_values()
    values[names.CURRENT] = values.evaluate(pybamm.Parameter(names.NOMINAL_CAPACITY))
    for kind in ("SPM", "SPMe", "DFN"):
        simulation = pybamm.Simulation(cell.model(kind), parameter_values=values)
        solution = simulation.solve([0, 600])
        inventory = solution[names.INVENTORY].entries
        passed = values[names.CURRENT] * solution.t[-1] / FARADAY
        assert (inventory[-1] - inventory[0]) / passed == pytest.approx(1, abs=1e-6)
