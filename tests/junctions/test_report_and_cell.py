"""What the interface report says of the diffusivity is what the cell simulates."""

from dataclasses import replace

import pytest

import hetsim as hs
from hetsim import names
from hetsim.junctions.pair import pair_of_system
from hetsim.junctions.report import report
from hetsim.laws.mixing import bruggeman_symmetric


def simulated_diffusivity(cell: hs.HalfCell) -> float:
    """D_eff [m2.s-1] of the PyBaMM parameter values at 25 degC."""
    values = cell.parameter_values()
    return float(values.evaluate(values[names.DIFFUSIVITY](0.5, 298.15)))


def grains(cell: hs.HalfCell) -> float:
    share = cell.values["Component A volume fraction"]
    diffusivities = [cell.values[f"Component {one} diffusivity [m2.s-1]"] for one in "AB"]
    return float(bruggeman_symmetric([share, 1 - share], diffusivities))


@pytest.mark.parametrize("variant", ["", "core-shell"])
def test_report_and_cell_have_one_diffusivity(variant: str) -> None:
    cell = hs.load("CZT", variant)
    reported = report(pair_of_system("CZT", variant)).transport.d_eff_over_d_bulk
    assert simulated_diffusivity(cell) / grains(cell) == pytest.approx(reported, rel=1e-9, abs=0)


def test_a_core_shell_particle_has_no_network() -> None:
    cell = hs.load("CZT", "core-shell")
    faster = cell.with_values({"Interface diffusivity ratio": 1000.0})
    assert simulated_diffusivity(faster) == simulated_diffusivity(cell)


def test_layers_in_series_are_slower_than_the_network_and_layers_along_are_faster() -> None:
    cell = hs.load("CZT")
    stacked = {
        name: simulated_diffusivity(
            replace(cell, system=replace(hs.load("CZT", "core-shell").system, architecture=name))
        )
        for name in ("stacked-series", "stacked-parallel")
    }
    assert stacked["stacked-series"] < simulated_diffusivity(cell) < stacked["stacked-parallel"]
