"""hs.sweep: what comes back, that no case is lost, and that nothing is rebuilt."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import xarray as xr
from sweep_cases import FIELD, GRID, RADIUS, RATE, assert_same, cheap_cell, many

import hetsim as hs
from hetsim import engine
from hetsim.errors import ClusterError
from hetsim.sweeping import chunk as chunk_module
from hetsim.sweeping.dataset import write_netcdf

CLOSE = 1e-5 * 468.0
"""What a sweep and hs.run may differ by: 1e-5 of the full capacity of CZT [mA.h.g-1]."""


@pytest.fixture(scope="module")
def grid():
    """The cheap grid, swept in this process."""
    return hs.sweep(cheap_cell(), GRID, RATE, "SPM", workers=1)


def test_a_grid_has_one_dimension_for_each_swept_variable(grid):
    assert grid["capacity_mAh_per_g"].dims == (FIELD, RADIUS, "current")
    assert grid["capacity_mAh_per_g"].attrs["units"] == "mA.h.g-1"
    assert grid[RADIUS].attrs["units"] == "m"
    near = grid["capacity_mAh_per_g"].sel({FIELD: 0.04}, method="nearest")
    assert float(near[FIELD]) == 0.05


def test_each_case_is_what_run_gives(grid):
    for field in GRID[FIELD]:
        for radius in GRID[RADIUS]:
            one = hs.run(cheap_cell().with_values({FIELD: field, RADIUS: radius}), RATE, "SPM")
            found = grid["capacity_mAh_per_g"].sel({FIELD: field, RADIUS: radius})
            np.testing.assert_allclose(found, one.capacities, rtol=0, atol=CLOSE)


def test_outcome_reason_balance_and_time_stand_beside_each_case(grid):
    assert np.all(grid["outcome"] == "cut-off reached")
    assert np.all(grid["reason"] == "")
    assert np.all(np.abs(grid["charge_balance"]) <= 1e-6)
    assert np.all(grid["time_used_s"] > 0)
    assert grid["outcome_at_current"].dims == (FIELD, RADIUS, "current")


def test_the_provenance_is_in_the_dataset(grid):
    assert {"design", "protocol", "parameters", "sweep_hash", "version_pybamm"} <= set(grid.attrs)


def test_a_sweep_builds_once_and_another_sweep_not_at_all():
    hs.sweep(cheap_cell(), {RADIUS: [3e-8]}, RATE, "SPM", workers=1)
    before = engine.builds()
    names = (RADIUS, FIELD, "Core Debye length [m]", "Ambient temperature [K]")
    names += ("Component A diffusivity [m2.s-1]", "Electrode thickness [m]")
    values = {name: [0.9 * cheap_cell().values[name], cheap_cell().values[name]] for name in names}
    data = hs.sweep(cheap_cell(), hs.Zip(values), RATE, "SPM", workers=1)
    assert engine.builds() == before
    first, second = data["capacity_mAh_per_g"].values
    assert np.all(first != second)


def test_several_systems_make_a_dimension():
    cells = [hs.load(n).with_particle(classes=1, fast=False) for n in ("CZT", "CT")]
    data = hs.sweep(cells, {RADIUS: [2e-8, 1e-7]}, RATE, "SPM", workers=1, chunk=3)
    assert data["capacity_mAh_per_g"].dims == ("system", RADIUS, "current")
    for cell in cells:
        one = hs.run(cell.with_values({RADIUS: 1e-7}), RATE, "SPM")
        found = data["capacity_mAh_per_g"].sel({"system": cell.name, RADIUS: 1e-7})
        np.testing.assert_allclose(found, one.capacities, rtol=0, atol=CLOSE)


def test_a_sample_has_a_case_dimension_and_its_values_beside_it():
    design = hs.LatinHypercube({RADIUS: hs.LogRange(2e-8, 2e-7)}, n=4, seed=2)
    data = hs.sweep(cheap_cell(), design, RATE, "SPM", workers=1)
    assert data["capacity_mAh_per_g"].dims == ("case", "current")
    np.testing.assert_array_equal(data[RADIUS], design.columns(0, 4)[RADIUS])
    smallest_first = data["capacity_mAh_per_g"].sel(current=10.0).values[np.argsort(data[RADIUS])]
    assert np.all(np.diff(smallest_first) < 0)  # a longer way takes longer


def test_cycles_give_extraction_and_polarisation_and_traces_on_request():
    protocol = hs.RateTest([1.0], cycles=1)
    data = hs.sweep(cheap_cell(), {RADIUS: [2e-8]}, protocol, "SPM", workers=1, traces=11)
    point = hs.run(cheap_cell().with_values({RADIUS: 2e-8}), protocol, "SPM").points[0]
    assert data["polarisation_V"].item() == point.polarisation  # the same run
    inserted = data["insertion_voltage_V"].squeeze()
    assert inserted.dims == ("passed_share",)
    # the ends of the trace: the run's own, the last one being the cut-off
    assert inserted[-1].item() == pytest.approx(0.01, abs=1e-4)
    assert np.all(np.diff(inserted) < 0)
    assert data["extraction_voltage_V"].squeeze()[-1].item() == pytest.approx(3.0, abs=1e-3)


# the smallest particles are so fast that one step of the solver leaps over a plateau
@pytest.mark.parametrize("radius", [2e-8, 5e-8, 2e-7])
def test_polarisation_of_a_list_is_that_of_a_run(radius: float) -> None:
    protocol = hs.RateTest([0.1, 1.0, 10.0], cycles=1)
    data = hs.sweep(cheap_cell(), {RADIUS: [radius]}, protocol, "SPM", workers=1)
    points = hs.run(cheap_cell().with_values({RADIUS: radius}), protocol, "SPM").points
    expected = [point.polarisation for point in points]
    # half of the charge may pass between two steps of the solver between which a branch is met
    np.testing.assert_allclose(data["polarisation_V"].values.ravel(), expected, atol=1e-3, rtol=0)


def test_absurd_cases_are_rows_with_a_reason():
    """A cut-off above the start, a hopeless field, crossed cut-offs and a capacity that no current can
    use up, in between good cases: every row is there, in its place, and none stops another."""
    cell = cheap_cell()
    usual = {
        RADIUS: 5e-8,
        FIELD: 0.0,
        "Lower voltage cut-off [V]": 0.01,
        "Core Debye length [m]": 1e-9,
        "Series resistance [Ohm.cm2]": 3.0,
    }
    absurd = [
        {"Lower voltage cut-off [V]": 2.95},
        {"Lower voltage cut-off [V]": 4.0},
        {FIELD: 1.5},
        {"Series resistance [Ohm.cm2]": 2000.0},
    ]
    cases = [{**usual, **change} for one in absurd for change in ({}, one)]
    data = hs.sweep(cell, hs.Cases(cases), RATE, "SPM", workers=1, chunk=3)
    outcomes = data["outcome"].values
    assert outcomes.size == 8
    assert np.all(outcomes[::2] == "cut-off reached")
    # every absurd case either failed with a reason or, the hopeless field, came through
    bad = outcomes[[1, 3, 7]]
    assert np.all(bad != "cut-off reached")
    assert np.all(data["reason"].values[[1, 3, 7]] != "")
    assert "must be below" in str(data["reason"].values[3])
    good = data["capacity_mAh_per_g"].values[::2]
    np.testing.assert_array_equal(good, np.broadcast_to(good[0], good.shape))


def test_workers_of_this_machine_give_the_same_values():
    design = many(12)
    here = hs.sweep(cheap_cell(), design, RATE, "SPM", workers=1, chunk=3)
    there = hs.sweep(cheap_cell(), design, RATE, "SPM", workers=2, chunk=3)
    assert_same(here, there)


def test_any_executor_is_an_engine(grid):
    with ThreadPoolExecutor(2) as threads:
        data = hs.sweep(cheap_cell(), GRID, RATE, "SPM", engine=threads, chunk=6)
        assert_same(data, hs.sweep(cheap_cell(), GRID, RATE, "SPM", workers=1, chunk=6))
        threads.submit(int).result()  # the user's executor is left open


def test_a_dataset_survives_netcdf(grid, tmp_path):
    write_netcdf(grid, tmp_path / "sweep.nc")
    with xr.open_dataset(tmp_path / "sweep.nc", engine="scipy") as back:
        np.testing.assert_array_equal(back["capacity_mAh_per_g"], grid["capacity_mAh_per_g"])
        assert back["outcome"].values.astype(str).tolist() == grid["outcome"].values.tolist()
        assert back.attrs["sweep_hash"] == grid.attrs["sweep_hash"]


def test_progress_is_told_case_by_case():
    told = []
    hs.sweep(
        cheap_cell(),
        many(4),
        RATE,
        "SPM",
        workers=1,
        chunk=2,
        progress=lambda *numbers: told.append(numbers),
    )
    assert told == [(2, 4, 0), (4, 4, 0)]


def test_an_engine_that_is_none_is_refused():
    with pytest.raises(ClusterError, match="engine is a dask"):
        hs.sweep(cheap_cell(), GRID, RATE, "SPM", engine=3)
    with pytest.raises(hs.ParameterError, match="1 or more"):
        hs.sweep(cheap_cell(), GRID, RATE, "SPM", workers=0)


def test_a_fault_that_nobody_foresaw_is_a_row_too(monkeypatch):
    """A fault in the columns leaves the cases to their cells, and one of a cell is its row."""

    def faulty_columns(*arguments):
        raise KeyError("no such column")

    real = chunk_module.run_many

    def faulty(cells, *arguments, **choices):
        if any(cell.values[RADIUS] == pytest.approx(2e-7, abs=0) for cell in cells):
            raise KeyError("no such name")
        return real(cells, *arguments, **choices)

    monkeypatch.setattr(chunk_module, "by_columns", faulty_columns)
    monkeypatch.setattr(chunk_module, "run_many", faulty)
    data = hs.sweep(cheap_cell(), many(4), RATE, "SPM", workers=1, chunk=4)
    assert data["outcome"].values.tolist() == 3 * ["cut-off reached"] + ["solver failed"]
    assert "KeyError('no such name')" in str(data["reason"][3].item())


# --- other protocols and cells -------------------------------------------------------------------

DISPERSED = "CZT"


def swept(protocol, **choices):
    cell = hs.load(DISPERSED).with_particle(classes=1, fast=False)
    return hs.sweep(cell, {RADIUS: [1e-7, 2e-7]}, protocol, "SPM", workers=1, **choices)


def test_a_titration_inserts_what_its_pulses_carry():
    data = swept(hs.GITT(0.1, 600, 3600, pulses=3), traces=5)
    # 3 pulses of 0.1 A/g for 600 s are 50 mAh/g
    np.testing.assert_allclose(data["capacity_mAh_per_g"], 50, rtol=1e-6)
    np.testing.assert_array_equal(data["pulses"], 3)
    polarisation = data["pulse_polarisation_V"]
    assert polarisation[1] > polarisation[0] > 0  # a longer way relaxes by more
    assert data["voltage_V"].dims == (RADIUS, "time_share")


def test_impedance_keeps_both_parts_at_each_frequency():
    protocol = hs.EIS([0.5], frequencies=[1e4, 1.0])
    data = swept(protocol)
    cell = hs.load(DISPERSED).with_particle(classes=1, fast=False).with_values({RADIUS: 2e-7})
    spectrum = hs.run(cell, protocol, "SPM").spectra[0]
    found = data.isel({RADIUS: 1, "filling": 0})
    z = found["real_Ohm_cm2"] + 1j * found["imaginary_Ohm_cm2"]
    np.testing.assert_allclose(z, spectrum.impedance, rtol=1e-9)  # the same linear system


def test_a_voltammogram_keeps_charge_and_peaks():
    data = swept(hs.CV([1.0], cycles=1, tolerance=None))
    assert data["capacity_mAh_per_g"].dims == (RADIUS, "scan_rate")
    assert np.all(data["extraction_peak_A_per_g"] < 0)
    assert np.all(np.diff(data["capacity_mAh_per_g"].squeeze()) < 0)


def test_a_full_cell_is_swept_by_its_own_names():
    full = hs.load("KPB-CZT")
    full = full.with_electrodes(negative=full.negative.with_particle(classes=1, fast=False))
    one = hs.RateTest([0.05], cycles=1)
    data = hs.sweep(full, {"N/P ratio": [1.2, 1.4]}, one, "SPM", workers=1)
    for ratio in (1.2, 1.4):
        run = hs.run(full.with_values({"N/P ratio": ratio}), one, "SPM")
        found = data["capacity_mAh_per_g"].sel({"N/P ratio": ratio})
        np.testing.assert_allclose(found, run.capacities, rtol=0, atol=CLOSE)
    with pytest.raises(hs.ParameterError, match="that of one electrode"):
        hs.sweep(full, {RADIUS: [1e-7]}, one, "SPM", workers=1)
    with pytest.raises(hs.ParameterError, match="only 0 is allowed"):
        hs.sweep(full, {f"Negative: {FIELD}": [0.1]}, one, "SPM", workers=1)


# --- many ----------------------------------------------------------------------------------------


def test_a_thousand_cases_of_which_fifty_are_absurd(tmp_path):
    """1000 rows, each with its outcome, in their places, the good ones as if the others were not there."""
    count, every = 1000, 20
    absurd = [
        {"Lower voltage cut-off [V]": 2.95},  # above the start
        {"Lower voltage cut-off [V]": 4.0},  # above the upper one
        {FIELD: 1.5, "Core Debye length [m]": 1e-9, "Shell Debye length [m]": 1e-9},  # 0.02 R
        {"Series resistance [Ohm.cm2]": 2000.0},  # drops more than the window
        {"Specific capacity [mA.h.g-1]": 1.0, "Fast fraction": 0.0},  # next to nothing
    ]
    cell = cheap_cell()
    radii = np.geomspace(5e-8, 5e-7, count)
    usual = {name: cell.values[name] for change in absurd for name in change} | {FIELD: 0.0}
    cases = [{**usual, RADIUS: radius} for radius in radii]
    for place in range(0, count, every):
        cases[place] |= absurd[place // every % len(absurd)]
    one = hs.RateTest([3.0], from_equilibrium=True)
    data = hs.sweep(cell, hs.Cases(cases), one, "SPM", workers=1, store=tmp_path / "s.zarr")
    outcomes = data["outcome"].values
    assert outcomes.size == count
    bad = np.arange(count) % every == 0
    assert np.all(outcomes[~bad] == "cut-off reached")
    failed = outcomes != "cut-off reached"
    assert np.all(data["reason"].values[failed] != "")
    assert np.all(np.isnan(data["capacity_mAh_per_g"].values[failed]))
    for kind in (0, 1, 3):  # the others may come through: a tiny cell ends at once, at its cut-off
        assert np.all(failed[np.arange(kind * every, count, every * len(absurd))])
    assert np.all(np.abs(data["charge_balance"].values[~failed]) <= 1e-6)
    # a longer way takes longer: the capacity falls from case to case
    good = data["capacity_mAh_per_g"].values[~bad, 0]
    assert np.all(np.diff(good) < 0)
