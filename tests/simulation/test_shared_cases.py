"""Kinds of cells on which random trials of valid values once went wrong."""

from types import SimpleNamespace
from typing import Any

import casadi
import numpy as np
import pytest

import hetsim as hs
from hetsim.engine.lists import ListEngine
from hetsim.results import Outcome
from hetsim.simulation.run_many import rate_capacities, run_many

SHELL = hs.load("CZT", "core-shell").with_particle(classes=1, fast=True)


@pytest.mark.parametrize(("unknowns", "beyond"), [(0, [1]), (2, [])])
def test_a_start_beyond_the_cut_off_is_looked_at_by_every_route(
    unknowns: int, beyond: list[int]
) -> None:
    """A list once took such a start of a model with algebraic states for a good one, and `hs.run` did not."""
    margins = casadi.DM([[0.5, -0.9, np.nan, 0.2]])
    engine: Any = SimpleNamespace(
        built=SimpleNamespace(model=SimpleNamespace(len_alg=unknowns)),
        kernel=SimpleNamespace(margins=lambda *_: margins),
    )
    tasks: Any = [SimpleNamespace(prepared=SimpleNamespace(fixed=np.zeros(1)))] * 4
    tried, known = ListEngine._screened(engine, tasks, np.zeros((4, 2)), np.zeros((4, 1)))
    assert tried == [
        0,
        3,
    ]  # the other two go to the engine of hs.run, if they are not known to be beyond
    assert known == beyond


def test_a_good_titration_has_numbers_only() -> None:
    """A switching field, an electrolyte that hardly conducts, and a temperature of 176 K."""
    cell = SHELL.with_particle(classes=3).with_field(hs.SwitchingField())
    cell = cell.with_values(
        {
            "Built-in potential [V]": 1.5,
            "Initial concentration in electrolyte [mol.m-3]": 12.7,
            "Reference electrolyte conductivity [S.m-1]": 0.097,
            "Reference electrolyte diffusivity [m2.s-1]": 9e-12,
            "Cation transference number": 7e-7,
            "Thermodynamic factor": 0.134,
            "Ambient temperature [K]": 176.0,
            "Reference temperature [K]": 150.0,
            "Exchange-current density [A.m-2]": 4.3e-7,
            "Fast fraction": 0.3,
        }
    )
    for direction in ("insertion", "extraction"):
        titration = hs.GITT(6e-4, 1828.0, 132.0, 3, direction=direction)
        found = hs.run(cell, titration)
        numbers = bool(np.isfinite(found.trace.voltage).all())
        assert numbers or not found.outcome.good


def test_no_cell_of_a_list_that_can_run_is_no_error() -> None:
    """Cut-offs that no cell can rest at: each case says so."""
    base = hs.load("CZT", "lumped")
    cells = [
        base.with_values({"Lower voltage cut-off [V]": low, "Upper voltage cut-off [V]": 5.9})
        for low in (5.7, 5.8)
    ]
    cases = run_many(cells, hs.RateTest([1.0]), "SPM")
    assert {case.outcome for case in cases} == {Outcome.INFEASIBLE}
    assert all(case.reason for case in cases)
    assert run_many([], hs.RateTest([1.0]), "SPM") == []
    found = rate_capacities(cells, hs.RateTest([1.0, 2.0]), "SPM")
    assert all(one is None or np.isnan(one).all() for one in found)


def test_a_film_takes_charge_and_no_sites() -> None:
    """A slow insertion feeds the film for longer; what the sites took is never more than there are of them."""
    cell = hs.load("CT").with_particle(classes=1).with_ageing(film=hs.SEIGrowth())
    cell = cell.with_values({"SEI solvent diffusivity [m2.s-1]": 3e-20})
    curve = hs.run(cell, hs.RateTest([0.005, 0.1], from_equilibrium=True), "SPM")
    slow, fast = curve.points
    assert slow.capacity_in_film > 5 * fast.capacity_in_film > 0
    for point in (slow, fast):
        held = point.capacity_in_sites
        assert held + point.capacity_in_film == pytest.approx(point.capacity, rel=1e-12)
        most = cell.inserted_occupancy - cell.extracted_occupancy
        assert held < most * cell.values.number("Specific capacity [mA.h.g-1]") * (1 + 1e-5)
    assert slow.capacity > fast.capacity
    assert "growing film" in curve.counts
    assert curve.to_xarray().attrs["capacities_count"] == curve.counts
    assert curve.to_frame()["capacity in film [mA.h.g-1]"].tolist() == [
        slow.capacity_in_film, fast.capacity_in_film,
    ]  # fmt: skip
    plain = hs.run(
        hs.load("CT").with_particle(classes=1), hs.RateTest([0.1], from_equilibrium=True), "SPM"
    )
    assert plain.points[0].capacity_in_film == 0.0
    assert "film" not in plain.counts
    assert "capacity in film [mA.h.g-1]" not in plain.to_frame()
