"""What the junction report says of the diffusivity is what the cell simulates, in every architecture."""

from dataclasses import replace
from typing import Any

import pytest

import hetsim as hs
from hetsim import names
from hetsim.architectures import ARCHITECTURES
from hetsim.junctions.pair import Pair, pair_of_system
from hetsim.junctions.report import report
from hetsim.laws.mixing import bruggeman_symmetric, parallel, series

GRAINS = {
    "dispersed": bruggeman_symmetric,
    "core-shell": bruggeman_symmetric,
    "stacked-parallel": parallel,
    "stacked-series": series,
}

CASES: list[dict[str, float]] = [
    {},
    {"Built-in potential [V]": 0.0, "Interface mobility ratio": 1.0},
    {"Built-in potential [V]": -0.2, "Grain size [m]": 8e-9, "Component A volume fraction": 0.3},
    {
        "Core Debye length [m]": 3e-9,
        "Shell Debye length [m]": 1e-9,
        "Reference temperature [K]": 310,
    },
    {"Component B diffusivity [m2.s-1]": 1.1e-17, "Interface migration barrier [eV]": 0.3},
]


def cell_and_pair(architecture: str, changes: dict[str, float]) -> tuple[hs.HalfCell, Pair]:
    """CZT in an architecture, with the lengths of its core-shell variant."""
    base = hs.load("CZT", "core-shell")
    if ARCHITECTURES[architecture].no_potential:
        changes = {**changes, "Built-in potential [V]": 0.0}
    changed = base.with_values(changes)
    cell = replace(changed, system=replace(changed.system, architecture=architecture))
    values = {
        name: value
        for name, value in cell.system.values.items()
        if not isinstance(value.value, tuple)
    }
    pair = replace(pair_of_system("CZT", "core-shell"), architecture=architecture, values=values)
    return cell, pair


def simulated_diffusivity(cell: hs.HalfCell) -> float:
    """D_eff [m2.s-1] of the PyBaMM parameter values at 25 degC."""
    values = cell.parameter_values()
    return float(values.evaluate(values[names.DIFFUSIVITY](0.5, 298.15)))


def grains(cell: hs.HalfCell) -> float:
    """Mean of both hosts at 25 degC [m2.s-1], each with its own barrier."""
    from hetsim.laws.hopping import arrhenius_factor

    value: dict[str, Any] = dict(cell.values)
    share = value["Component A volume fraction"]
    hosts = [
        value[f"Component {letter} diffusivity [m2.s-1]"]
        * arrhenius_factor(
            value[f"Component {letter} migration barrier [eV]"],
            298.15,
            value["Reference temperature [K]"],
        )
        for letter in "AB"
    ]
    return float(GRAINS[cell.system.architecture]([share, 1 - share], hosts))


@pytest.mark.parametrize("changes", CASES)
@pytest.mark.parametrize("architecture", GRAINS)
def test_report_and_cell_have_one_diffusivity(architecture: str, changes: dict[str, float]) -> None:
    cell, pair = cell_and_pair(architecture, changes)
    transport = report(pair).transport
    simulated = simulated_diffusivity(cell) / grains(cell)
    # the same expression, evaluated with numbers and through PyBaMM's tree
    assert transport.d_eff_over_d_bulk == pytest.approx(simulated, rel=1e-10, abs=0)
    table = transport.d_eff_over_d_bulk_by_architecture
    assert table[architecture] == transport.d_eff_over_d_bulk
    assert cell.effective_diffusivity == pytest.approx(
        simulated_diffusivity(cell), rel=1e-10, abs=0
    )


def test_a_built_in_potential_of_zero_is_a_value() -> None:
    """A stack of hosts of one diffusivity without a step is as fast as its grains."""
    changes = {
        "Built-in potential [V]": 0.0,
        "Interface mobility ratio": 1.0,
        "Component B diffusivity [m2.s-1]": 1.1e-17,
        "Core Debye length [m]": 3e-9,
        "Shell Debye length [m]": 3e-9,
    }
    _, pair = cell_and_pair("stacked-series", changes)
    found = report(pair)
    assert found.transport.d_eff_over_d_bulk == pytest.approx(1.0, rel=1e-14, abs=0)
    assert found.space_charge.interface_potential_V == 0.0
    assert found.space_charge.conductivity_ratio == 1.0


def test_a_core_shell_particle_has_no_network() -> None:
    cell = hs.load("CZT", "core-shell")
    faster = cell.with_values({"Interface mobility ratio": 1000.0})
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
