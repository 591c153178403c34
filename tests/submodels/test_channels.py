"""How the architecture mixes the diffusivities of the hosts and their junctions."""

from typing import Any

import numpy as np
import pybamm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stiff import solve_stiff
from structured_cell import HOUR, Bench, ideal_cell, radial_field

import hetsim as hs
from hetsim import engine, names
from hetsim.architectures import NoChannel
from hetsim.laws import limits, mixing, planar
from hetsim.laws.transport import lattice_flux
from hetsim.models.half_cell import MODELS
from hetsim.submodels import (
    Architecture,
    CoreShell,
    Dispersed,
    ParticleStructure,
    StackedParallel,
    StackedSeries,
)

pytestmark = pytest.mark.xdist_group("channels")

ALL = [Dispersed(), CoreShell(), StackedParallel(), StackedSeries()]
D_A, D_B = 1.4e-17, 2.9e-19


def values_of(**changes: Any) -> dict[str, float]:
    numbers = {
        "Component A diffusivity [m2.s-1]": D_A,
        "Component B diffusivity [m2.s-1]": D_B,
        "Component A migration barrier [eV]": 0.41,
        "Component B migration barrier [eV]": 0.27,
        "Interface migration barrier [eV]": 0.16,
        "Component A volume fraction": 0.4,
        "Grain size [m]": 20e-9,
        "Interface width [m]": 1e-9,
        "Interface mobility ratio": 50.0,
        "Interface potential [V]": 0.0,
        "Interface Debye length [m]": 0.5e-9,
        "Charge number": 1.0,
        "Reference temperature [K]": 298.15,
        "Ambient temperature [K]": 298.15,
        "Built-in potential [V]": 0.0,
        "Core Debye length [m]": 3e-9,
        "Shell Debye length [m]": 2e-9,
        "Core to shell permittivity ratio": 1.5,
    }
    return {**numbers, **changes}


def diffusivity(architecture: Architecture, temperature: float = 298.15, **changes: Any) -> float:
    values = pybamm.ParameterValues(values_of(**changes))
    return float(
        values.evaluate(architecture.diffusivity(pybamm.Parameter, pybamm.Scalar(temperature)))
    )


def test_each_architecture_is_its_law() -> None:
    shares, grains = [0.4, 0.6], [D_A, D_B]
    medium = mixing.bruggeman_symmetric(shares, grains)
    side_by_side = mixing.parallel(shares, grains)
    network = mixing.unlike_boundary_fraction(0.4) * mixing.interface_fraction(20e-9, 1e-9)
    expected = {
        Dispersed(): mixing.interface_network(medium, 50.0, network),
        CoreShell(): medium,
        StackedParallel(): mixing.interface_channel(side_by_side, 50.0, 1 / 20),
        StackedSeries(): mixing.series(shares, grains),
    }
    for architecture, exact in expected.items():
        # the same expression in another order
        assert diffusivity(architecture) == pytest.approx(exact, rel=1e-12, abs=0)


def test_uniform_mobility_along_the_layers_is_the_bulk() -> None:
    uniform = {
        "Component B diffusivity [m2.s-1]": D_A,
        "Interface mobility ratio": 1.0,
    }
    for volts in (-0.2, 0.0, 0.2):
        found = diffusivity(StackedParallel(), **uniform, **{"Built-in potential [V]": volts})
        assert found == pytest.approx(D_A, rel=1e-14, abs=0)  # round-off


volts = st.floats(-0.5, 0.5)
logs = st.floats(-2, 2).map(lambda one: 10**one)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(potential=volts, share=st.floats(0.02, 0.98), size=logs, ratio=logs)
def test_ions_that_cross_the_layers_are_never_faster_than_in_the_bulk(
    potential: float, share: float, size: float, ratio: float
) -> None:
    changes = {
        "Built-in potential [V]": potential,
        "Component A volume fraction": share,
        "Grain size [m]": 1e-9 * size,
    }
    one = {"Component B diffusivity [m2.s-1]": D_A, **changes}
    two = {"Component B diffusivity [m2.s-1]": ratio * D_A, **changes}
    # Cauchy-Schwarz holds for the quadrature too, to round-off
    assert diffusivity(StackedSeries(), **one) <= D_A * (1 + 1e-12)
    assert diffusivity(StackedSeries(), **two) <= max(1, ratio) * D_A * (1 + 1e-12)


@pytest.mark.parametrize("potential", [-0.15, 0.1])
@pytest.mark.parametrize("size", [4e-9, 20e-9, 200e-9])
def test_stacked_series_is_lifson_jackson_in_the_potential_of_the_stack(
    size: float, potential: float
) -> None:
    a = planar.Layer(2 * 0.4 * size, 3e-9, 1.5)
    b = planar.Layer(2 * 0.6 * size, 2e-9, 1.0)
    period = a.thickness + b.thickness
    x = (np.arange(200_000) + 0.5) / 200_000 * period - a.thickness
    thermal_voltage = 8.31446 * 298.15 / 96485.33
    phi = planar.stack_potential(x, potential, a, b) / thermal_voltage
    exact = limits.lifson_jackson(np.where(x < 0, D_A, D_B), phi)
    changes = {"Grain size [m]": size, "Built-in potential [V]": potential}
    # 16 nodes a layer, up to 40 Debye lengths thick
    assert diffusivity(StackedSeries(), **changes) == pytest.approx(exact, rel=1e-3, abs=0)


def test_lifson_jackson_is_the_long_time_transport_through_a_stack() -> None:
    """Ions that leave a stack of 12 periods by one face, with the flux law of the particles.

    Both faces lie in the middle of a layer A, where a mirror continues the stack.
    """
    size, potential, periods, each = 20e-9, 0.1, 12, 40
    a = planar.Layer(2 * 0.4 * size, 3e-9, 1.5)
    b = planar.Layer(2 * 0.6 * size, 2e-9, 1.0)
    h = 1.0 / each  # in periods
    x = (np.arange(periods * each) + 0.5) * h
    thermal_voltage = 8.31446 * 298.15 / 96485.33
    middle_of_a = -a.thickness / 2
    phi = planar.stack_potential(x * 2 * size + middle_of_a, potential, a, b) / thermal_voltage
    face = float(planar.stack_potential(middle_of_a, potential, a, b)) / thermal_voltage
    d_of_bond = 1.0  # one diffusivity, so that only the potential slows

    def rate(_: float, theta: np.ndarray) -> np.ndarray:
        inner = lattice_flux(theta[:-1], theta[1:], np.diff(phi), h, d_of_bond)
        leaving = lattice_flux(theta[-1], 0.0, face - phi[-1], h / 2, d_of_bond)
        return -np.diff(np.concatenate(([0.0], inner, [leaving]))) / h

    weight = np.exp(-phi)
    dilute = 1e-6 * weight / weight.max()
    bands = np.abs(np.subtract.outer(range(x.size), range(x.size))) <= 1
    exact = limits.lifson_jackson(d_of_bond, phi[:each])
    slowest = (2 * periods / np.pi) ** 2 / exact  # L = 12 periods, closed at one end
    times = np.array([1.5, 2.5]) * slowest
    run = solve_stiff(
        rate, (0, times[-1]), dilute, t_eval=times, rtol=1e-6, atol=1e-16, jac_sparsity=bands
    )
    held = run.y.sum(axis=0)
    found = np.log(held[0] / held[1]) / (times[1] - times[0]) * (2 * periods / np.pi) ** 2
    assert exact < 0.5  # the potential matters
    # second order in the volumes, 1/40 of a period, and in the period, 1/12 of the stack
    assert found == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize("architecture", ALL, ids=lambda one: type(one).__name__)
def test_diffusivity_acts_in_the_cell(architecture: Architecture) -> None:
    """At equal R^2/D all architectures without a field are the same cell."""
    cell = ideal_cell(ParticleStructure(architecture), **radial_field(0.0))
    one = {"Component B diffusivity [m2.s-1]": cell.values["Component A diffusivity [m2.s-1]"]}
    as_grains = {"Interface mobility ratio": 1.0, "Interface potential [V]": 0.0}
    equal = cell.with_values({**one, **as_grains})
    reference = ideal_cell(ParticleStructure(Dispersed(NoChannel())), **radial_field(0.0))
    passed = [Bench(c, 0.2).step(5.0, 0.5)[0] for c in (equal, reference)]
    # the tolerance of the solver; a core-shell particle has a mesh of its own, fine at its junction
    same_mesh = not architecture.has_field
    assert passed[0] == pytest.approx(passed[1], abs=1e-5 if same_mesh else 2e-4)


def test_layers_that_are_crossed_slow_the_cell_and_layers_alongside_speed_it() -> None:
    changes = {
        "Component A volume fraction": 0.5,
        "Interface mobility ratio": 100.0,
        "Grain size [m]": 34e-9,
    }

    def passed(architecture: Architecture) -> float:
        cell = ideal_cell(ParticleStructure(architecture), **radial_field(0.0), **changes)
        bulk = cell.values["Component A diffusivity [m2.s-1]"]
        length = {names.CORE_DEBYE_LENGTH: 5e-9, names.SHELL_DEBYE_LENGTH: 5e-9}
        if isinstance(architecture, StackedSeries):
            length[names.BUILT_IN_POTENTIAL] = 0.1
        cell = cell.with_values({"Component B diffusivity [m2.s-1]": bulk, **length})
        return Bench(cell, 0.2).step(5.0, 0.5)[0]

    series, bulk, network, along = (
        passed(one) for one in (StackedSeries(), CoreShell(), Dispersed(), StackedParallel())
    )
    assert series < 0.9 * bulk
    assert bulk < network < along


@pytest.mark.parametrize("architecture", ALL, ids=lambda one: type(one).__name__)
def test_new_values_need_no_new_build(architecture: Architecture) -> None:
    cell = ideal_cell(ParticleStructure(architecture), **radial_field(0.0))
    Bench(cell, 0.2)
    before = engine.builds()
    changes = {
        "Component A volume fraction": 0.3,
        "Component B diffusivity [m2.s-1]": 1e-18,
        "Interface mobility ratio": 7.0,
        "Grain size [m]": 10e-9,
    }
    first = Bench(cell, 0.2).step(5.0, 0.5)[0]
    assert Bench(cell.with_values(changes), 0.2).step(5.0, 0.5)[0] != pytest.approx(first, abs=1e-3)
    assert engine.builds() == before


@pytest.mark.parametrize("kind", ["SPM", "SPMe", "DFN"])
@pytest.mark.parametrize("architecture", ALL, ids=lambda one: type(one).__name__)
def test_charge_is_balanced(architecture: Architecture, kind: str) -> None:
    cell = ideal_cell(ParticleStructure(architecture), **radial_field(0.0))
    bench = Bench(cell, 0.3, kind)
    bench.step(2.0, 0.1)
    assert bench.worst_balance <= 1e-6
    values = cell.parameter_values()  # and with plain numbers, which PyBaMM multiplies out
    values[names.CURRENT] = values.evaluate(pybamm.Parameter(names.NOMINAL_CAPACITY))
    model = MODELS[kind](structure=cell.structure)
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, HOUR / 6])
    inventory = solution[names.INVENTORY].entries
    passed = values[names.CURRENT] * solution.t[-1] / pybamm.constants.F.value
    assert (inventory[-1] - inventory[0]) / passed == pytest.approx(1, abs=1e-6)


def test_grains_of_one_host_have_no_junctions() -> None:
    none = hs.load("CZT").values
    assert none["Interface mobility ratio"] > 1
    pure = {"Component A volume fraction": 1.0}
    assert diffusivity(Dispersed(), **pure) == pytest.approx(D_A, rel=1e-12, abs=0)
