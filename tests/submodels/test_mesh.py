"""The volumes of a particle: a face on the junction wherever it is, and nothing lost by the stretch."""

import numpy as np
import pybamm
import pytest

import hetsim as hs
from experiments._particle import core_shell_cell, field
from hetsim import names
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.submodels.mesh import (
    XI_J,
    junction_refined_edges,
    placed,
    stretch,
    surface_refined_edges,
)

JUNCTIONS = [0.01, 0.3, 0.5, 0.8, 0.856, 0.99]


@pytest.mark.parametrize("count", [3, 10, 28, 30, 56])
@pytest.mark.parametrize("junction", JUNCTIONS)
def test_a_face_lies_on_the_junction(junction: float, count: int) -> None:
    edges, nodes = placed(junction_refined_edges(count), junction)
    assert edges.size == count + 1
    assert np.abs(edges - junction).min() < 1e-15
    assert np.all(np.diff(edges) > 0)
    assert np.all((edges[:-1] < nodes) & (nodes < edges[1:]))
    assert edges[[0, -1]] == pytest.approx([0, 1], abs=1e-15)


def test_core_and_shell_are_stretched_each_evenly() -> None:
    xi = np.array([0.2, 0.4, XI_J, 0.9, 1.0])
    assert xi * stretch(xi, 0.5) == pytest.approx([0.125, 0.25, 0.5, 0.75, 1.0])
    assert stretch(xi, XI_J) == pytest.approx(1.0)


def test_volumes_are_thin_where_ions_are_held_up() -> None:
    plain = np.diff(surface_refined_edges(24))
    assert np.argmin(plain) == 23
    assert np.all(np.diff(plain) < 0)
    edges = junction_refined_edges(28)
    widths, at = np.diff(edges), int(np.argmin(np.abs(edges - XI_J)))
    assert widths[at - 1] < 0.2 * widths[0]
    assert widths[at] < 0.5 * widths[at + 7]


def test_a_field_needs_a_volume_in_each_zone() -> None:
    with pytest.raises(ValueError, match="has 2 volumes; allowed: 3 or more"):
        junction_refined_edges(2)


@pytest.mark.parametrize("junction", [0.3, 0.856])
def test_the_mean_of_the_particle_is_that_over_its_own_radius(junction: float) -> None:
    """What a run starts with, in the R-averaged concentration that PyBaMM's formulas take."""
    cell = core_shell_cell(**field(0.1, 0.1), **{names.CORE_FRACTION: junction})
    simulation = pybamm.Simulation(cell.model("SPM"), parameter_values=cell.parameter_values())
    solution = simulation.solve([0, 60])
    profile = solution[names.x_averaged(names.PARTICLE_CONCENTRATION)].entries[:, 0]
    mesh = simulation.mesh[names.PARTICLE].edges
    edges, nodes = placed(mesh, junction)
    mean = solution["R-averaged positive particle concentration [mol.m-3]"].entries.ravel()[0]
    assert mean == pytest.approx(np.diff(edges**3) @ profile, rel=1e-13)
    assert mean != pytest.approx(np.diff(mesh**3) @ profile, rel=1e-3)
    assert solution[names.PARTICLE_RADIUS].entries[:, 0] == pytest.approx(nodes, rel=1e-14)


def capacity(cell: hs.HalfCell, current: float, finer: int = 1) -> float:
    """Inserted from rest at a current [A.g-1], over the full capacity, on so many times the volumes."""
    bench = Potentiostat(cell, "SPM")
    values = cell.parameter_values()
    values.update(dict.fromkeys(bench.inputs, "[input]"))
    model = cell.model("SPM")
    points = {**model.default_var_pts, names.PARTICLE_COORDINATE: finer * cell.structure.volumes}
    segment = bench.segment(current)
    inputs = {**bench.inputs, names.CURRENT: segment.level}
    simulation = pybamm.Simulation(model, parameter_values=values, var_pts=points)
    passed = current / 3.6 * simulation.solve([0, segment.duration], inputs=inputs).t[-1]
    return float(passed / cell.values["Specific capacity [mA.h.g-1]"])


@pytest.mark.parametrize("potential", [-0.1, 0.1])
@pytest.mark.parametrize("junction", [0.3, 0.55, 0.8, 0.95])
def test_capacity_is_that_of_a_fine_mesh_wherever_the_junction_is(
    junction: float, potential: float
) -> None:
    """A junction inside a volume would put the ions of part of it on the wrong side."""
    thin = field(potential, 0.01)
    cell = core_shell_cell(**thin, **{names.CORE_FRACTION: junction})
    three_c = 3e-3 * cell.values["Specific capacity [mA.h.g-1]"]
    assert capacity(cell, three_c) == pytest.approx(capacity(cell, three_c, 5), abs=1e-3)


# those whose capacity feels the mesh most, at their highest measured current
@pytest.mark.parametrize(
    ("system", "current"), [("ZnSe-C-Li", 2.0), ("SnSe2-NiSe2", 10.0), ("ZnSe-MoSe2-C-Li", 2.0)]
)
def test_systems_are_simulated_on_a_fine_mesh(system: str, current: float) -> None:
    cell = hs.load(system).with_volumes()
    assert capacity(cell, current) == pytest.approx(capacity(cell, current, 4), abs=5e-4)
