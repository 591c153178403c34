"""Particles as relaxation modes: capacities, charge, impedance, and what is a value of a built model."""

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import builds
from hetsim.engine.built import built_model
from hetsim.errors import ParameterError
from hetsim.laws.diffusion_spread import capacity_closed_form, sphere_modes, surface_response
from hetsim.models import HeterostructureSPM
from hetsim.models.solver import solver
from hetsim.submodels import Architecture, ParticleStructure

IDEAL = {  # nothing but diffusion takes voltage
    "Series resistance [Ohm.cm2]": 0.0,
    "Exchange-current density [A.m-2]": 1e4,
    "Metal exchange-current density [A.m-2]": 1e5,
}
LUMPED = hs.load("CZT", "lumped")
FROM_REST = hs.RateTest([0.1, 1.0, 10.0], from_equilibrium=True)


def exact_capacities(
    cell: hs.HalfCell, spread: float, fast: float, currents: list[float]
) -> list[float]:
    """Of a continuous spread, on 41 sizes that stand for it to 1e-9."""
    z = np.linspace(-6, 6, 41) if spread else np.zeros(1)
    weights = np.exp(-z * z / 2)
    times = np.exp(spread * z)
    response = surface_response(
        times, weights / weights.sum(), fast, sphere_modes(60), shortest=1e-7
    )
    radius, full = (cell.values[name] for name in (names.PARTICLE_SIZE, names.SPECIFIC_CAPACITY))
    hours = radius**2 / cell.effective_diffusivity / 3600
    rise = cell.inserted_occupancy - cell.extracted_occupancy
    return [capacity_closed_form(one, full, hours, rise, response) for one in currents]


@pytest.mark.parametrize(
    ("spread", "fast"), [(0.0, 0.0), (0.0, 0.3), (0.5, 0.0), (2.0, 0.0), (2.0, 0.4)]
)
def test_capacities_are_those_of_the_closed_form(spread: float, fast: float) -> None:
    cell = LUMPED.with_values({**IDEAL, names.TIME_SPREAD: spread, names.FAST_FRACTION: fast})
    full = cell.values[names.SPECIFIC_CAPACITY]
    currents = [0.05, 0.5, 2.0]
    found = hs.run(cell, hs.RateTest(currents, from_equilibrium=True), "SPM").capacities
    exact = exact_capacities(cell, spread, fast, currents)
    # 1e-5 for the modes; what the reaction and the steep end of the curve take at these currents, and 60 modes of a
    # sphere in the closed form, are below 1e-4
    np.testing.assert_allclose(found, exact, atol=1.5e-4 * full, rtol=0)


def test_one_size_is_that_of_a_fine_mesh() -> None:
    cell = LUMPED.with_particle(classes=1, fast=False)
    divided = cell.with_volumes()
    built = built_model(cell, "SPM")
    mass = built.inputs(cell)["Active mass loading [mg.cm-2]"] * 1e-3
    found, meshed = [], []
    for current in (0.1, 1.0):
        amperes = current * mass * cell.values["Electrode area [cm2]"]
        found.append(
            hs.run(cell, hs.RateTest([current], from_equilibrium=True), "SPM").capacities[0]
        )
        values = divided.parameter_values()
        values.update({names.CURRENT: amperes})
        model = divided.model("SPM")
        points = {**model.default_var_pts, names.PARTICLE_COORDINATE: 320}
        simulation = pybamm.Simulation(
            model, parameter_values=values, var_pts=points, solver=solver()
        )
        hours = simulation.solve([0, 3600 * 400 / current]).t[-1] / 3600
        meshed.append(1e3 * current * hours)
    # second order on 320 volumes: 8e-6 of the full capacity
    np.testing.assert_allclose(
        found, meshed, atol=2e-5 * cell.values[names.SPECIFIC_CAPACITY], rtol=0
    )


@pytest.mark.parametrize("architecture", [hs.Dispersed(), hs.Mixture(), hs.StackedParallel()])
def test_every_ion_is_in_the_inventory(architecture: Architecture) -> None:
    cell = hs.heterostructure("CoTe2", "ZnTe", ion="K", architecture=architecture)
    curve = hs.run(cell, FROM_REST, "SPM")
    assert max(point.charge_balance for point in curve.points) < 1e-12  # round-off of the sums


@pytest.mark.parametrize("system", ["CZT", "mixture"])
def test_modes_are_close_to_nine_size_classes(system: str) -> None:
    cell = (
        hs.load("CZT")
        if system == "CZT"
        else hs.heterostructure("CoTe2", "ZnTe", ion="K", architecture=hs.Mixture())
    )
    found, divided = (
        hs.run(one, FROM_REST, "SPM").capacities for one in (cell, cell.with_volumes())
    )
    # what seven classes and 24 volumes are off the continuous spread of 2 or, in the template, of 2.5
    off = 8e-4 if system == "CZT" else 1.6e-3
    np.testing.assert_allclose(
        found, divided, atol=off * cell.values[names.SPECIFIC_CAPACITY], rtol=0
    )


def test_at_a_low_current_all_models_agree() -> None:
    """At C/100."""
    slow = hs.RateTest([0.004], from_equilibrium=True)
    found = [float(hs.run(LUMPED, slow, kind).capacities[0]) for kind in ("SPM", "SPMe", "DFN")]
    # the electrolyte, which the SPM does not have, drops some microvolts: 6e-5 of the capacity
    np.testing.assert_allclose(found, found[0], rtol=1e-4)
    assert found[1] == pytest.approx(found[2], rel=2e-6)


def test_sizes_and_the_fast_share_are_values_of_one_build() -> None:
    hs.run(LUMPED, FROM_REST, "SPM")
    before = builds()
    kinds = [
        LUMPED.with_particle(classes=1),
        LUMPED.with_particle(classes=5, fast=False),
        LUMPED.with_values({names.TIME_SPREAD: 0.0, names.FAST_FRACTION: 0.0}),
    ]
    for cell in kinds:
        hs.run(cell, FROM_REST, "SPM")
    assert builds() == before
    assert len({cell.parameters_hash for cell in (LUMPED, *kinds)}) == 4


def test_the_spread_is_an_input_in_plain_pybamm() -> None:
    values = pybamm.ParameterValues(LUMPED.parameter_values())
    values.update({names.TIME_SPREAD: "[input]"})
    model = LUMPED.model("SPM")
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver())
    ends = [
        simulation.solve([0, 600], inputs={names.TIME_SPREAD: one})[names.VOLTAGE].entries[-1]
        for one in (0.0, 2.0)
    ]
    one_size = LUMPED.with_particle(classes=1)
    again = pybamm.Simulation(
        one_size.model("SPM"), parameter_values=one_size.parameter_values(), solver=solver()
    ).solve([0, 600])
    assert ends[0] == pytest.approx(float(again[names.VOLTAGE].entries[-1]), abs=1e-6)
    assert abs(ends[1] - ends[0]) > 1e-4


def test_a_diffusivity_that_depends_on_the_occupancy_needs_volumes() -> None:
    values = LUMPED.parameter_values()
    values.update({names.DIFFUSIVITY: lambda sto, temperature: 1e-14 * (1 + sto)})
    with pytest.raises(ParameterError, match=r"depends on the occupancy.*in_volumes=True"):
        pybamm.Simulation(HeterostructureSPM(), parameter_values=values).solve([0, 60])
    divided = HeterostructureSPM(structure=ParticleStructure(classes=1, fast=True, in_volumes=True))
    solution = pybamm.Simulation(divided, parameter_values=values, solver=solver()).solve([0, 60])
    assert solution.t[-1] == 60


def test_a_number_of_nodes_for_modes_is_refused() -> None:
    with pytest.raises(ParameterError, match="has 30 nodes where 20 relaxation modes stand"):
        pybamm.Simulation(
            LUMPED.model("SPM"),
            parameter_values=LUMPED.parameter_values(),
            var_pts={**LUMPED.model("SPM").default_var_pts, names.PARTICLE_COORDINATE: 30},
        ).build()
