"""PyBaMM's parameter sets of the shipped systems: the lines of pyproject.toml, and what the sets hold."""

import tomllib
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

import pybamm
import pytest
from shipped import BY_HAND

import hetsim as hs
from hetsim.cells.pybamm_sets import attribute, set_names
from hetsim.errors import ParameterError

approx = partial(pytest.approx, abs=0)  # of small numbers the usual 1e-12 would be all

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
MODULE = "hetsim.cells.pybamm_sets"


@cache
def declared(group: str) -> dict[str, str]:
    """The entry points as the package declares them; those of an installation may be older."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    return project["entry-points"][group]


def loaded(name: str) -> Any:
    module, function = declared("pybamm_parameter_sets")[name].split(":")
    return getattr(import_module(module), function)


def test_the_lines_of_pyproject_are_the_shipped_systems_and_variants() -> None:
    expected = {name: f"{MODULE}:{attribute(name)}" for name, _, _ in set_names()}
    assert declared("pybamm_parameter_sets") == expected
    assert set(BY_HAND) <= set(expected)


def test_two_hosts_in_core_and_shell_are_left_out() -> None:
    assert "CZT-core-shell" in declared("pybamm_parameter_sets")
    assert "CZT-core-shell-hosts" not in declared("pybamm_parameter_sets")


@pytest.mark.parametrize("name", [name for name, _, _ in set_names()])
def test_a_set_has_the_capacity_of_its_system(name: str) -> None:
    """C_max F z times the volume of the particles is the charge of all sites."""
    values = pybamm.ParameterValues(loaded(name)())
    system, variant = next(rest for first, *rest in set_names() if first == name)
    cell = hs.load(system, variant)
    expected = cell.values.number("Specific capacity [mA.h.g-1]") * 1e-3
    expected *= cell.values.number("Active mass loading [mg.cm-2]") * 1e-3
    expected *= cell.values.number("Electrode area [cm2]")
    volume = values.evaluate(
        pybamm.Parameter("Positive electrode active material volume fraction")
        * pybamm.Parameter("Positive electrode thickness [m]")
        * pybamm.Parameter("Electrode width [m]")
        * pybamm.Parameter("Electrode height [m]")
    )
    most = values.evaluate(
        pybamm.Parameter("Maximum concentration in positive electrode [mol.m-3]")
        * pybamm.Parameter("Charge number")
    )
    faraday = pybamm.constants.F.value
    assert most * volume * faraday / 3600 == approx(expected, rel=1e-9)  # round-off


def test_a_set_says_what_it_is_and_where_it_is_from() -> None:
    text = loaded("V-MXene-V2O5").__doc__
    assert "against Li" in text
    assert "doi:10.1021/acsnano.1c10212" in text


def test_a_lumped_system_runs_in_pybamm_as_in_hetsim() -> None:
    """The same equations and values: PyBaMM's simulation against hs.run."""
    cell = hs.load("CoSe2-MXene")
    current = 1.0
    test = hs.RateTest([current], from_equilibrium=True)
    expected = hs.run(cell, test, model="SPM").capacities[0]
    mass = cell.values.number("Active mass loading [mg.cm-2]") * 1e-3
    mass *= cell.values.number("Electrode area [cm2]")
    bottom = cell.values.number("Lower voltage cut-off [V]")
    simulation = pybamm.Simulation(
        pybamm.Model("HeterostructureSPM"),
        parameter_values=pybamm.ParameterValues(loaded("CoSe2-MXene")()),
        experiment=pybamm.Experiment([f"Discharge at {current * mass} A until {bottom} V"]),
    )
    found = float(simulation.solve()["Discharge capacity [A.h]"].entries[-1]) * 1e3 / mass
    assert found == approx(expected, rel=1e-4)  # tolerances of both solvers


@pytest.mark.parametrize("name", ["Chen2020", "MSMR_Example"])
def test_a_set_of_pybamm_is_no_cell_and_hetsim_says_what_to_do(name: str) -> None:
    with pytest.raises(ParameterError, match=rf"ParameterValues\('{name}'\).*host_from_pybamm"):
        hs.load(name)


def test_an_unknown_name_is_no_set_of_pybamm() -> None:
    with pytest.raises(ParameterError, match="Unknown system 'CTZ2'"):
        hs.load("CTZ2")
