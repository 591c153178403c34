"""How a radial field follows the state of its particle."""

import numpy as np
import pybamm
import pytest
from structured_cell import HOUR, Bench, StructuredCell, dissipated, ideal_cell, radial_field

import hetsim as hs
from hetsim import engine, names
from hetsim.laws.transport import chemical_potential
from hetsim.models.half_cell import MODELS
from hetsim.submodels import (
    CoreShell,
    ParticleStructure,
    StateDependentField,
    StaticField,
    SwitchingField,
)
from hetsim.submodels.mesh import placed

pytestmark = pytest.mark.xdist_group("fields")

STATE_DEPENDENT = ParticleStructure(CoreShell(field=StateDependentField()))
SWITCHING = ParticleStructure(CoreShell(field=SwitchingField()))
STATIC = ParticleStructure(CoreShell(field=StaticField()))
CONCENTRATION = "X-averaged positive particle concentration [mol.m-3]"


def faded(potential: float, alpha: float) -> StructuredCell:
    return ideal_cell(STATE_DEPENDENT, **radial_field(potential), **{names.FADING: alpha})


@pytest.mark.parametrize("mean", [0.02, 0.3, 0.5, 0.8, 0.98])
@pytest.mark.parametrize(("potential", "alpha"), [(0.1, 1.0), (-0.08, 0.5), (0.06, -1.0)])
def test_state_dependent_field_leaves_the_equilibrium_voltage_unchanged(
    potential: float, alpha: float, mean: float
) -> None:
    cell = faded(potential, alpha)
    measured = cell.open_circuit_potential(mean)
    assert Bench(cell, mean).rest(0.1) == pytest.approx(measured, abs=1e-5)  # 0.01 mV


def test_run_starts_with_uniform_mu_in_the_faded_field() -> None:
    cell = faded(0.06, 1.0)
    bench = Bench(cell, 0.4)
    bench.rest(1.0)
    c_max = cell.parameter_values().evaluate(
        pybamm.Parameter(names.C_MAX), inputs=dict(bench.inputs)
    )
    profile = bench.solution[CONCENTRATION].entries / c_max
    edges = bench.built.simulation.mesh[names.PARTICLE].edges
    _, x = placed(edges, cell.values[names.CORE_FRACTION])
    phi = 0.6 * cell.at_rest.phi(x, 1.0)  # 1 - alpha theta_m = 0.6
    # the mean that sets the first amplitude is good to 1e-9 and the step is 2.3 V_T
    assert np.ptp(chemical_potential(profile[:, 0], phi)) < 1e-7
    assert np.ptp(chemical_potential(profile[:, -1], phi)) < 1e-7


@pytest.mark.parametrize(("potential", "alpha"), [(0.1, 1.0), (-0.06, 0.8)])
def test_field_fades_as_ions_enter(potential: float, alpha: float) -> None:
    cell = faded(potential, alpha)
    bench = Bench(cell, 0.2)
    bench.step(0.5, 0.8)
    bench.rest(20.0)
    c_max = cell.parameter_values().evaluate(
        pybamm.Parameter(names.C_MAX), inputs=dict(bench.inputs)
    )
    surface = bench.solution[names.x_averaged(names.SURFACE_CONCENTRATION)].entries[-1] / c_max
    # at rest at 0.6 the surface is in equilibrium with the field that belongs to 0.6: 1e-6 a step
    assert surface == pytest.approx(cell.surface_occupancy(0.6), abs=5e-6)
    unfaded = ideal_cell(STATIC, **radial_field(potential)).surface_occupancy(0.6)
    assert abs(surface - unfaded) > 0.02


@pytest.mark.parametrize("rate", [0.2, 3.0])
def test_state_dependent_field_without_fading_is_the_static_field(rate: float) -> None:
    static = ideal_cell(STATIC, **radial_field(0.06))
    lost = [dissipated(Bench(one, 0.3), rate, 0.3) for one in (static, faded(0.06, 0.0))]
    # two solutions of the same equations, 1e-6 V each
    assert lost[0] == pytest.approx(lost[1], abs=2e-6)


def test_switching_field_is_off_at_rest() -> None:
    cell = ideal_cell(SWITCHING, **radial_field(0.1))
    assert cell.surface_occupancy(0.4) == pytest.approx(0.4, abs=1e-12)
    bench = Bench(cell, 0.4)
    assert bench.rest(1.0) == pytest.approx(cell.open_circuit_potential(0.4), abs=1e-9)


def test_switching_field_helps_both_ways() -> None:
    """What no static field can do (a static field is a diode)."""
    plain = ideal_cell(STATIC, **radial_field(0.0, 0.05))
    switching = ideal_cell(SWITCHING, **radial_field(0.1, 0.05))
    for rate in (3.0, -3.0):
        passed = [abs(Bench(one, 0.5).step(rate, 1.0)[0]) for one in (plain, switching)]
        assert passed[1] > 1.1 * passed[0]


@pytest.mark.parametrize("particle", [SWITCHING, STATE_DEPENDENT], ids=["switching", "fading"])
def test_new_values_need_no_new_build(particle: ParticleStructure) -> None:
    cell = ideal_cell(particle, **radial_field(0.05))
    Bench(cell, 0.4)
    before = engine.builds()
    voltages = set()
    for volts in (-0.05, 0.08):
        for alpha in (0.0, 0.9):
            changed = cell.with_values({**radial_field(volts), names.FADING: alpha})
            bench = Bench(changed, 0.4)
            bench.step(2.0, 0.05)
            voltages.add(round(float(bench.solution[names.VOLTAGE].entries[-1]), 9))
    assert engine.builds() == before
    assert len(voltages) == (4 if particle is STATE_DEPENDENT else 2)


@pytest.mark.parametrize("kind", ["SPM", "SPMe", "DFN"])
@pytest.mark.parametrize("as_inputs", [True, False])
def test_charge_is_balanced_in_a_switching_field(kind: str, as_inputs: bool) -> None:
    cell = ideal_cell(SWITCHING, **radial_field(0.06))
    if as_inputs:
        bench = Bench(cell, 0.3, kind)
        bench.step(2.0, 0.1)
        bench.step(-1.0, 0.1)
        assert bench.worst_balance <= 1e-6
    else:
        assert abs(balance_with_numbers(cell, kind)) <= 1e-6


def test_charge_is_balanced_in_a_fading_field_given_as_numbers() -> None:
    assert abs(balance_with_numbers(faded(0.06, 0.8), "SPM")) <= 1e-6


def balance_with_numbers(cell: StructuredCell, kind: str) -> float:
    """Ions in the particles over ions passed - 1, all parameters plain numbers."""
    values = cell.parameter_values()
    values[names.CURRENT] = values.evaluate(pybamm.Parameter(names.NOMINAL_CAPACITY))
    model = MODELS[kind](structure=cell.structure)
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, HOUR / 6])
    inventory = solution[names.INVENTORY].entries
    passed = values[names.CURRENT] * solution.t[-1] / pybamm.constants.F.value
    return float((inventory[-1] - inventory[0]) / passed - 1)


def test_a_cell_takes_another_field_and_says_what_it_obeys() -> None:
    cell = hs.load("CZT", "core-shell").with_particle(classes=1, fast=False)
    test = hs.RateTest([1.0], from_equilibrium=True)
    fading = cell.with_values({"Field fading": 0.5}).with_field(hs.StateDependentField())
    curves = {
        "static": hs.run(cell, test, "SPM"),
        "state-dependent": hs.run(fading, test, "SPM"),
        "switching": hs.run(cell.with_field(hs.SwitchingField()), test, "SPM"),
    }
    for name, curve in curves.items():
        assert curve.thermodynamic_status.startswith(name)
        assert curve.points[0].outcome.good
        assert curve.points[0].charge_balance <= 1e-6
    assert "NOT" in curves["switching"].to_xarray().attrs["thermodynamic_status"]
    capacities = [curve.capacities[0] for curve in curves.values()]
    assert len({round(one, 1) for one in capacities}) == 3  # each field acts in its own way


def test_a_field_is_refused_where_there_is_none() -> None:
    with pytest.raises(hs.ParameterError, match="CZT is dispersed and has no radial field"):
        hs.load("CZT").with_field(hs.SwitchingField())
