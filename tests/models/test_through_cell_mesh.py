"""The mesh through electrode and separator: its error is measured, not assumed."""

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim import names
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.submodels.separator_sub_mesh import separator_edges

FINE = {"x_s": 40, "x_p": 40}
PYBAMM = {"x_s": 20, "x_p": 20}
FASTEST = {"CZT": 10.0, "MoS2-ZnIn2S4": 20.0}


def capacity(system: str, current: float, points: dict[str, int]) -> float:
    """Of one insertion from rest [mA.h.g-1], a DFN with one size, to 1e-8 in time."""
    cell = hs.load(system, "lumped" if system == "CZT" else "").with_particle(classes=1)
    model = cell.model("DFN")
    values = cell.parameter_values()
    bench = Potentiostat(cell, "SPM")
    segment = bench.segment(current)
    values[names.CURRENT] = segment.level
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        var_pts={**model.default_var_pts, **points},
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-9),
    )
    return float(simulation.solve([0, segment.duration]).t[-1] * current / 3.6)


@pytest.mark.parametrize(("system", "current"), FASTEST.items())
def test_the_default_mesh_is_good_to_a_ten_thousandth(system: str, current: float) -> None:
    fine = capacity(system, current, FINE)
    # a tenth of what the particle mesh is allowed (1e-3 of capacity)
    assert capacity(system, current, {}) == pytest.approx(fine, rel=1e-4)


def test_it_is_better_than_twice_as_many_volumes_evenly_spread() -> None:
    fine, default, even = (capacity("CZT", 20.0, points) for points in (FINE, {}, PYBAMM))
    assert abs(default - fine) < abs(even - fine)


def capacities_without_salt(volumes: int, even: bool) -> np.ndarray:
    """Of an SPMe whose salt runs out at the electrode before its particles are full [mA.h.g-1]."""
    cell = hs.load("ZnSe-MoSe2-C-Li").with_particle(classes=1)
    model, values = cell.model("SPMe"), cell.parameter_values()
    values[names.CURRENT] = "[input]"
    meshes = model.default_submesh_types
    if even:
        meshes["separator"] = pybamm.MeshGenerator(pybamm.SymbolicUniform1DSubMesh)
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        submesh_types=meshes,
        var_pts={**model.default_var_pts, "x_s": volumes},
        solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-9),
    )
    found = []
    for current in (10.0, 20.0, 30.0, 40.0, 60.0, 80.0):
        segment = Potentiostat(cell, "SPM").segment(current)
        inputs = {names.CURRENT: segment.level}
        solution = simulation.solve([0, segment.duration], inputs=inputs)
        found.append(solution.t[-1] * current / 3.6)
    return np.array(found)


def test_twenty_thin_volumes_do_what_thirty_even_ones_do() -> None:
    fine = capacities_without_salt(200, even=True)
    thin, even = (capacities_without_salt(*one) for one in ((20, False), (30, True)))
    assert np.square(thin - fine).mean() < np.square(even - fine).mean()
    full = hs.load("ZnSe-MoSe2-C-Li").values["Specific capacity [mA.h.g-1]"]
    assert np.abs(thin - fine).max() < 4e-4 * full


def test_volumes_of_the_separator_fill_it_and_thin_out_towards_both_ends() -> None:
    edges = separator_edges(20)
    widths = np.diff(edges)
    assert edges[0] == 0
    assert edges[-1] == 1
    assert widths[-1] < widths[0] < widths.max()
    assert (np.diff(np.sign(np.diff(widths))) != 0).sum() == 1
