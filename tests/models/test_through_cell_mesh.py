"""The mesh through electrode and separator: its error is measured, not assumed."""

import pybamm
import pytest

import hetsim as hs
from hetsim import names
from hetsim.simulation.potentiostat import Potentiostat

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
