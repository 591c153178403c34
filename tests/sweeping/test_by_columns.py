"""Sweeps by columns: the same datasets as with a cell for each case, whatever happens to some of them."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from sweep_cases import RADIUS, TIME, cheap_cell

import hetsim as hs
from hetsim import names
from hetsim.engine.native.library import library
from hetsim.sweeping import chunk as chunk_module
from hetsim.sweeping.study import Study

pytestmark = pytest.mark.skipif(library() is None, reason="the engine's library is not here")

RESISTANCE = "Series resistance [Ohm.cm2]"
TESTS = {
    "at rest": hs.RateTest([0.5, 20.0], from_equilibrium=True),
    "cycled": hs.RateTest([0.5, 20.0], cycles=2),
}


def by_cells(*arguments: Any, **choices: Any) -> xr.Dataset:
    """The sweep with a cell for each case."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunk_module, "by_columns", lambda *a: [])
        return hs.sweep(*arguments, **choices)


def assert_alike(found: xr.Dataset, expected: xr.Dataset, full: float) -> None:
    """Every label, text, unit and type, and the numbers to what the search for a start leaves of them."""
    assert set(found.variables) == set(expected.variables)
    for name in expected.variables:
        one, other = found[name], expected[name]
        assert (one.dims, one.dtype, one.attrs) == (other.dims, other.dtype, other.attrs), name
        if other.dtype.kind == "U":
            np.testing.assert_array_equal(one, other, err_msg=name)
        elif name != TIME:
            # of the full capacity, and as many volts or balances
            np.testing.assert_allclose(one, other, atol=1e-6 * full, rtol=0, err_msg=name)
    assert found.attrs == expected.attrs


def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many cases need a cell, call by call."""
    calls: list[int] = []
    real = chunk_module.run_many
    monkeypatch.setattr(
        chunk_module,
        "run_many",
        lambda cells, *a, **k: calls.append(len(cells)) or real(cells, *a, **k),
    )
    return calls


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(
    ("name", "variant"), [("CZT", ""), ("CZT", "lumped"), ("CZT", "core-shell"), ("MoS2", "")]
)
def test_columns_give_the_dataset_of_cells(
    name: str, variant: str, test: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = hs.load(name, variant=variant).with_particle(classes=2)
    radius = cell.values.number(RADIUS)
    ranges = {RADIUS: (radius / 2, 2 * radius), RESISTANCE: hs.LogRange(1, 2000)}
    design = hs.LatinHypercube(ranges, n=24, seed=3)
    calls = counted(monkeypatch)
    found = hs.sweep(cell, design, TESTS[test], "SPM", workers=1)
    assert calls == []
    expected = by_cells(cell, design, TESTS[test], "SPM", workers=1)
    assert set(np.unique(found["outcome"])) == {"cut-off reached", "infeasible at start"}
    assert_alike(found, expected, cell.values.number("Specific capacity [mA.h.g-1]"))


def test_cases_that_a_cell_refuses_have_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut-offs that cross, each with other numbers in its reason; the others go by columns."""
    calls = counted(monkeypatch)
    cell, test = hs.load("CZT", "lumped"), TESTS["at rest"]
    values = {names.LOWER_CUT_OFF: [0.01, 0.5, 3.5, 4.0], names.UPPER_CUT_OFF: [3.0, 3.2]}
    data = hs.sweep(cell, values, test, "SPM", workers=1)
    refused = data.sel({names.LOWER_CUT_OFF: [3.5, 4.0]})
    assert calls == [4]
    assert np.all(refused["outcome"] == "infeasible at start")
    assert "(4 V) must be below the upper one (3.2 V)" in str(refused["reason"].values[1, 1])
    assert len(np.unique(refused["reason"])) == 4
    good = data.sel({names.LOWER_CUT_OFF: [0.01, 0.5]})
    assert np.all(good["outcome_at_current"].sel(current=0.5) == "cut-off reached")
    assert_alike(data, by_cells(cell, values, test, "SPM", workers=1), 600.0)


def test_a_value_of_no_equation_but_the_cut_off_makes_rows_of_its_own() -> None:
    """Cut-offs are values of the steps and not of the model, which then has one case for all."""
    cell, test = hs.load("CZT", "lumped"), TESTS["at rest"]
    values = {names.LOWER_CUT_OFF: [0.01, 0.3, 0.6]}
    data = hs.sweep(cell, values, test, "SPM", workers=1)
    assert np.all(np.diff(data["capacity_mAh_per_g"].sel(current=0.5)) < 0)
    assert_alike(data, by_cells(cell, values, test, "SPM", workers=1), 600.0)


def test_zeros_that_change_the_structure_and_several_systems() -> None:
    cells = [hs.load("CZT", one).with_particle(classes=2) for one in ("core-shell", "lumped")]
    values = {names.TIME_SPREAD: [0.0, 0.8], names.FAST_FRACTION: [0.0, 0.2]}
    data = hs.sweep(cells, values, TESTS["at rest"], "SPM", workers=1, chunk=3)
    assert data.sizes["system"] == 2
    assert_alike(data, by_cells(cells, values, TESTS["at rest"], "SPM", workers=1, chunk=3), 600.0)


def test_two_threads_and_two_processes_change_nothing() -> None:
    cell, design = cheap_cell(), {RADIUS: np.geomspace(5e-8, 2e-7, 8)}
    usual = hs.sweep(cell, design, TESTS["cycled"], "SPM")
    for workers in (1, 2):
        other = hs.sweep(cell, design, TESTS["cycled"], "SPM", workers=workers, chunk=4)
        for name in ("capacity_mAh_per_g", "polarisation_V", "charge_balance"):
            np.testing.assert_array_equal(other[name], usual[name])


def test_what_goes_by_columns_has_large_chunks_and_anything_else_small_ones() -> None:
    cell, design = hs.load("CZT", "lumped"), hs.LatinHypercube({RADIUS: (5e-8, 2e-7)}, n=100_000)
    seven = hs.RateTest([0.1, 0.2, 0.5, 1, 2, 5, 10], from_equilibrium=True)
    assert Study((cell,), design, seven, "SPM").layout.chunk == 20_000
    assert Study((cell,), design, seven, "DFN").layout.chunk == 1000
    assert Study((cell,), design, seven, "SPM", trace_points=5).layout.chunk < 100
    assert Study((cell,), design, hs.GITT(0.1, 600, 600), "SPM").layout.chunk <= 1000
    full = hs.load("KPB-CZT")
    ratios = hs.LatinHypercube({"N/P ratio": (1.0, 1.5)}, n=1000)
    assert Study((full,), ratios, seven, "SPM").layout.chunk < 100


def test_the_time_of_a_case_is_its_share() -> None:
    data = hs.sweep(hs.load("CZT", "lumped"), {RADIUS: [5e-8, 1e-7]}, TESTS["at rest"], "SPM")
    assert np.all(data[TIME] > 0)
    assert np.all(data[TIME] < 10)
