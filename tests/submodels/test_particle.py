"""What a particle with a built-in potential must do, whatever the numbers."""

from typing import Any

import numpy as np
import pybamm
import pytest
from scipy.special import expit

import hetsim as hs
from experiments._particle import HOUR, core_shell_cell, field, passed_share, symmetric_cell
from hetsim import engine, names
from hetsim.engine import measured_step
from hetsim.laws.potential import core_shell_potential
from hetsim.laws.transport import chemical_potential
from hetsim.models.half_cell import MODELS
from hetsim.submodels import CoreShell, ParticleStructure

VOLUMES = 20
CONCENTRATION = "X-averaged positive particle concentration [mol.m-3]"


@pytest.fixture(scope="module")
def resting_simulation() -> Any:
    """An SPM on 20 volumes with every value an input, so that one build serves all potentials."""
    cell = core_shell_cell()
    values = cell.parameter_values()
    inputs = engine.built_model(cell, "SPM").inputs(cell)
    values.update(dict.fromkeys(inputs, "[input]"))
    model = MODELS["SPM"](structure=ParticleStructure(CoreShell()))
    points = {**model.default_var_pts, names.PARTICLE_COORDINATE: VOLUMES}
    return pybamm.Simulation(model, parameter_values=values, var_pts=points)


@pytest.mark.parametrize("debye", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("potential", [-0.3, -0.063, 0.063, 0.3, 0.6])
def test_resting_particle_has_uniform_mu(
    resting_simulation: Any, potential: float, debye: float
) -> None:
    cell = core_shell_cell().with_values(field(potential, debye))
    inputs = engine.built_model(cell, "SPM").inputs(cell)
    # core and shell equally far from half full: a double cannot hold ln(1 - theta) of a full site
    inputs["Initial surface occupancy"] = float(expit(-potential / cell.thermal_voltage / 2))
    solution = resting_simulation.solve([0, HOUR], inputs=inputs)
    c_max = cell.parameter_values().evaluate(pybamm.Parameter(names.C_MAX), inputs=inputs)
    theta = solution[CONCENTRATION].entries[:, -1] / c_max
    x = solution[names.PARTICLE_RADIUS].entries[:, -1]
    phi = core_shell_potential(x, potential, debye, debye, 0.7) / cell.thermal_voltage
    mu = chemical_potential(theta, phi)
    # the flux vanishes term by term where mu is uniform: what is left is round-off
    assert np.ptp(mu) <= 1e-10


def insertion_share(cell: hs.HalfCell, c_rate: float) -> float:
    full = cell.values["Specific capacity [mA.h.g-1]"]
    test = hs.RateTest([c_rate * full / 1e3], from_equilibrium=True)
    return float(hs.run(cell, test, model="SPM").capacities[0] / full)


def test_field_that_draws_ions_into_the_core_raises_insertion_by_a_third() -> None:
    four = 4 * core_shell_cell().thermal_voltage
    without = insertion_share(core_shell_cell(**field(0.0, 0.05)), 5.0)
    with_field = insertion_share(core_shell_cell(**field(four, 0.05)), 5.0)
    # a prototype with another open-circuit curve found 0.61 to 0.81 of capacity
    assert 1.25 < with_field / without < 1.42


def test_flat_field_does_nothing() -> None:
    four = 4 * core_shell_cell().thermal_voltage
    without = insertion_share(core_shell_cell(**field(0.0, 2.0)), 5.0)
    with_field = insertion_share(core_shell_cell(**field(four, 2.0)), 5.0)
    # lambda = 2 R leaves 2 % of the step, 0.07 V_T
    assert with_field == pytest.approx(without, rel=0.01)


@pytest.mark.parametrize("c_rate", [1.0, 5.0, 20.0])
@pytest.mark.parametrize("steps", [-4, 4])
def test_static_field_is_a_diode(steps: int, c_rate: float) -> None:
    potential = steps * core_shell_cell().thermal_voltage
    inserted = passed_share(symmetric_cell(potential), c_rate)
    extracted = passed_share(symmetric_cell(-potential), -c_rate)
    # exact in space; each is solved to 1e-5 of the full charge
    assert inserted == pytest.approx(extracted, abs=2e-5)


def test_field_that_helps_one_way_hinders_the_other() -> None:
    four = 4 * core_shell_cell().thermal_voltage
    plain = passed_share(symmetric_cell(0.0), 5.0)
    assert passed_share(symmetric_cell(four), 5.0) > 1.1 * plain
    assert passed_share(symmetric_cell(four), -5.0) < 0.95 * plain


@pytest.mark.parametrize("mean", [0.02, 0.3, 0.5, 0.8, 0.98])
@pytest.mark.parametrize("potential", [-0.3, 0.063, 0.6])
def test_field_leaves_the_equilibrium_voltage_unchanged(potential: float, mean: float) -> None:
    def voltage(volts: float) -> float:
        cell = core_shell_cell(**field(volts, 0.1))
        built = engine.built_model(cell, "SPM")
        inputs = {**built.inputs(cell), "Initial surface occupancy": cell.surface_occupancy(mean)}
        return float(measured_step(built, inputs, 0.0, 600.0, None).voltage[-1])

    assert voltage(potential) == pytest.approx(voltage(0.0), abs=1e-5)  # 0.01 mV


def falling_diffusivity(sto: Any, temperature: Any) -> Any:
    """A diffusivity that falls by e^3 from empty to full, R^2/D = 1 h when empty."""
    radius = pybamm.Parameter(names.RADIUS)
    return radius**2 / HOUR * np.exp(-3 * sto)


@pytest.mark.parametrize("kind", ["SPM", "SPMe", "DFN"])
@pytest.mark.parametrize("constant", [True, False])
@pytest.mark.parametrize("volts", [0.0, 0.1])
def test_charge_is_balanced(kind: str, constant: bool, volts: float) -> None:
    real = hs.load("CZT", variant="core-shell").values
    kinetics = [name for name in real if "xchange-current density" in name]
    cell = core_shell_cell(**field(volts, 0.1), **{name: real[name] for name in kinetics})
    values = cell.parameter_values()
    if not constant:
        values[names.DIFFUSIVITY] = falling_diffusivity
    values[names.CURRENT] = 3 * values.evaluate(pybamm.Parameter(names.NOMINAL_CAPACITY))
    solution = pybamm.Simulation(cell.model(kind), parameter_values=values).solve([0, HOUR])
    inventory = solution[names.INVENTORY].entries
    passed = values[names.CURRENT] * solution.t[-1] / pybamm.constants.F.value
    assert solution.termination == names.MINIMUM_VOLTAGE_EVENT
    # every ion of the reaction enters an equation of the inventory: what is left is the solver's sums
    assert (inventory[-1] - inventory[0]) / passed == pytest.approx(1, abs=1e-6)


def plain_cell() -> hs.HalfCell:
    """No hysteresis, so that PyBaMM's own half cell takes the same parameter values."""
    branch = {
        f"Extraction plateau {what}": core_shell_cell().values[f"Insertion plateau {what}"]
        for what in ("potentials [V]", "shares", "widths")
    }
    return core_shell_cell(**field(0.0, 0.1)).with_values(
        {**branch, "Upper voltage cut-off [V]": 1.8}
    )


def discharge_hours(model: Any, values: Any, volumes: int) -> float:
    mesh = {**model.default_submesh_types}
    mesh[names.PARTICLE] = pybamm.MeshGenerator(pybamm.Uniform1DSubMesh)
    points = {**model.default_var_pts, names.PARTICLE_COORDINATE: volumes}
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    simulation = pybamm.Simulation(
        model, parameter_values=values, submesh_types=mesh, var_pts=points, solver=solver
    )
    return float(simulation.solve([0, HOUR]).t[-1] / HOUR)


def test_zero_field_is_pybamm_fickian_with_second_order_convergence() -> None:
    cell = plain_cell()
    values = cell.parameter_values()
    values[names.UPPER_CUT_OFF] = 10.0  # the run starts at it
    values[names.CURRENT] = 2 * values.evaluate(pybamm.Parameter(names.NOMINAL_CAPACITY))
    differences = []
    for volumes in (20, 40, 80):
        stock = pybamm.lithium_ion.SPM(
            {"working electrode": "positive", "contact resistance": "true"}
        )
        ours = discharge_hours(cell.model("SPM"), values, volumes)
        differences.append(abs(ours - discharge_hours(stock, values, volumes)))
    orders = np.log2(np.array(differences[:-1]) / np.array(differences[1:]))
    # both are second order in the mesh, so their difference is; 0.3 h of discharge, 1e-3 h at 20
    assert differences[-1] < 2e-4
    assert np.all(orders > 1.7)
