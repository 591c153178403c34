"""The half cell in one file against the one that is assembled from submodels."""

import numpy as np
import pybamm
import pytest
from constant_current import HOUR, apart, cell_with, full_current, passed, solve

import hetsim as hs
from hetsim.laws.isotherm import equilibrium_occupancy, surface_occupancy
from hetsim.laws.transport import chemical_potential
from hetsim.models.basic import MESH_STRETCH, RADIAL_POINTS, BasicHalfCell
from hetsim.models.parameter_values import INITIAL_OCCUPANCY

INVENTORY = "Total lithium in primary phase in positive electrode [mol]"
CONCENTRATION = "X-averaged positive particle concentration [mol.m-3]"
C_MAX = "Maximum concentration in positive electrode [mol.m-3]"


@pytest.mark.parametrize("c_rate", [0.5, 5.0, 27.0])
@pytest.mark.parametrize("built_in_potential", [0.0, 0.063, -0.063])
def test_basic_is_the_assembled_model(built_in_potential: float, c_rate: float) -> None:
    cell = cell_with(built_in_potential)
    full = cell.values["Specific capacity [mA.h.g-1]"]
    point = hs.run(cell, hs.RateTest([c_rate * full / 1e3], from_equilibrium=True), "SPM").points[0]
    solution = solve(BasicHalfCell(), cell, c_rate)
    assert solution.termination == "event: Minimum voltage [V]"

    # both discretisations are of second order and up to 1e-3 off on this mesh: the next test
    assert passed(solution, c_rate) == pytest.approx(point.capacity / full, abs=1e-3)
    assert apart(solution, point.solution) < 4e-3


@pytest.mark.parametrize("c_rate", [5.0, 27.0])
def test_basic_and_assembled_model_meet_on_a_fine_mesh(c_rate: float) -> None:
    cell = cell_with(0.063)
    capacities, voltages = [], []
    for volumes in (28, 56, 112):
        basic, assembled = (
            solve(model, cell, c_rate, volumes) for model in (BasicHalfCell(), cell.model("SPM"))
        )
        capacities.append(abs(passed(basic, c_rate) - passed(assembled, c_rate)))
        voltages.append(apart(basic, assembled))
    # both are of second order: a quarter on twice as many volumes
    for differences in (capacities, voltages):
        assert differences[1] < 0.35 * differences[0]
        assert differences[2] < 0.35 * differences[1]


def test_extraction_branch_is_the_assembled_model() -> None:
    cell = cell_with(0.063)
    full_surface = cell.surface_occupancy(0.8)
    basic, assembled = (
        solve(model, cell, -5.0, **{INITIAL_OCCUPANCY: full_surface})
        for model in (BasicHalfCell(), cell.model("SPM"))
    )
    assert basic.termination == assembled.termination == "event: Maximum voltage [V]"
    assert basic.t[-1] == pytest.approx(assembled.t[-1], abs=1e-3 * HOUR / 5)
    assert apart(basic, assembled) < 4e-3


@pytest.mark.parametrize("built_in_potential", [0.0, 0.3, -0.3])
@pytest.mark.parametrize("c_rate", [5.0, -5.0])
def test_every_ion_passed_is_in_the_particle(built_in_potential: float, c_rate: float) -> None:
    cell = cell_with(built_in_potential)
    start = {INITIAL_OCCUPANCY: cell.surface_occupancy(0.5)}
    solution = solve(BasicHalfCell(), cell, c_rate, **start)
    charge = c_rate * full_current(cell) * solution.t[-1]
    inventory = solution[INVENTORY].entries
    faraday = pybamm.constants.F.value
    assert inventory[-1] - inventory[0] == pytest.approx(charge / faraday, rel=1e-6)
    assert solution["Discharge capacity [A.h]"].entries[-1] == pytest.approx(
        charge / HOUR, rel=1e-6
    )
    throughput = solution["Throughput capacity [A.h]"].entries[-1]
    assert throughput == pytest.approx(abs(charge) / HOUR, rel=1e-6)


@pytest.mark.parametrize("built_in_potential", [0.0, 0.063, -0.3, 0.6])
def test_particle_at_rest_stays_at_rest(built_in_potential: float) -> None:
    cell = cell_with(built_in_potential)
    start = {INITIAL_OCCUPANCY: cell.surface_occupancy(0.4)}
    solution = solve(BasicHalfCell(), cell, 0.0, **start)
    parameters = cell.parameter_values()
    theta = solution[CONCENTRATION].entries / parameters.evaluate(parameters[C_MAX])
    phi = solution["Built-in potential in positive particle [V]"].entries / cell.thermal_voltage
    mu = chemical_potential(theta, phi)
    assert np.ptp(mu) < 1e-9  # of RT, after an hour; round-off of theta near 1 is 1e-11


def surface_of_basic(cell: hs.HalfCell, mean: float) -> float:
    """Surface occupancy in equilibrium with a mean on the mesh of the basic model, which is not that of the
    assembled one."""
    inwards = np.linspace(1, 0, RADIAL_POINTS + 1)
    edges = 1 - np.expm1(MESH_STRETCH * inwards) / np.expm1(MESH_STRETCH)
    phi = cell.at_rest.phi((edges[1:] + edges[:-1]) / 2, 1.0)

    def mean_of(surface: float) -> float:
        return float(np.diff(edges**3) @ equilibrium_occupancy(surface, phi))

    return surface_occupancy(mean, mean_of, float(np.abs(phi).max()))


def test_field_leaves_the_open_circuit_voltage() -> None:
    voltages = []
    for built_in_potential in (0.0, 0.3):
        cell = cell_with(built_in_potential)
        start = {INITIAL_OCCUPANCY: surface_of_basic(cell, 0.4)}
        solution = solve(BasicHalfCell(), cell, 0.0, **start)
        voltages.append(solution["Voltage [V]"].entries[-1])
    expected = cell.open_circuit_potential(0.4, "extraction")  # the branch of a fresh cell
    # 1e-7 V: round-off of an exact balance, and the inverse of g to 1e-13
    np.testing.assert_allclose(voltages, expected, atol=1e-7, rtol=0)


def test_basic_runs_on_its_own() -> None:
    solution = pybamm.Simulation(BasicHalfCell()).solve([0, 60])
    assert solution.termination == "final time"
    assert solution["Voltage [V]"].entries[-1] < solution["Voltage [V]"].entries[0]
