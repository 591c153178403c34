"""Cycling tests: what a user sees cycle after cycle, how a test ends, and leaps over cycles."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import hetsim as hs
from hetsim import names
from hetsim.cli import main
from hetsim.errors import ParameterError
from hetsim.simulation.cycling import run_cycling


def small_cell(loss: float = 0.0) -> hs.HalfCell:
    cell = hs.load("CZT").with_particle(classes=2, fast=True)
    return cell.with_values({names.MATERIAL_LOSS: loss}).with_ageing(hs.ChargeDrivenLoss())


def run(cell: hs.HalfCell, *arguments: Any, **options: Any) -> hs.CyclingResult:
    return hs.run(cell, hs.Cycling(*arguments, **options), model="SPM")


@pytest.fixture(scope="module")
def settled() -> hs.CyclingResult:
    return run(small_cell(), 1.0, 12, formation=[(0.1, 1), (0.5, 2)], traces=[3])


def test_a_cell_that_does_not_age_settles(settled: hs.CyclingResult) -> None:
    last = settled.cycles[-1]
    assert settled.outcome is hs.Outcome.COMPLETED
    # what the slow size class still takes up; it halves every few cycles
    assert last.coulombic_efficiency == pytest.approx(1, abs=1e-3)
    assert settled.capacities[-1] == pytest.approx(settled.capacities[-2], rel=1e-3)
    # counted from the first insertion of the test it would look like fading
    assert settled.retention[0] > 1.01
    assert settled.retention[9] == 1.0


def test_formation_comes_first_and_is_not_counted(settled: hs.CyclingResult) -> None:
    assert [(one.current, one.number) for one in settled.formation] == [
        (0.1, 1),
        (0.5, 1),
        (0.5, 2),
    ]
    assert settled.numbers.tolist() == list(range(1, 13))
    frame = settled.to_frame()
    assert frame["stage"].tolist() == ["formation"] * 3 + ["cycling"] * 12
    assert frame["retention"].isna().tolist() == [True] * 3 + [False] * 12
    fresh = run(small_cell(), 1.0, 1).cycles[0]
    # ions that a slower extraction leaves behind are fewer than those of a fresh cell by the rest
    assert settled.cycles[0].insertion < fresh.insertion


def test_every_cycle_is_balanced(settled: hs.CyclingResult) -> None:
    assert settled.charge_balance <= 1e-6
    assert run(small_cell(0.01), 1.0, 2).charge_balance <= 1e-6


def test_energies_are_those_of_the_traces(settled: hs.CyclingResult) -> None:
    cycle = settled.cycles[2]
    given, taken = (np.trapezoid(one.voltage, one.capacity) for one in cycle.traces)
    assert cycle.insertion == cycle.traces[0].capacity[-1]
    assert cycle.energy_efficiency == pytest.approx(given / taken, rel=1e-9)
    assert 0 < cycle.energy_efficiency < cycle.coulombic_efficiency
    assert cycle.polarisation == pytest.approx(
        taken / cycle.extraction - given / cycle.insertion, rel=1e-9
    )


def test_traces_are_kept_of_the_chosen_cycles_and_the_last(settled: hs.CyclingResult) -> None:
    assert [one.number for one in settled.cycles if one.traces] == [3, 12]


@pytest.mark.parametrize("kind", ["SPMe", "DFN"])
def test_models_agree_at_low_current(kind: str) -> None:
    cell, test = small_cell(1e-3), hs.Cycling(0.2, 1)
    single, other = (hs.run(cell, test, model=one).cycles[0] for one in ("SPM", kind))
    # 0.24 mA/cm2 drops some millivolts in the electrolyte
    assert other.insertion == pytest.approx(single.insertion, rel=0.01)
    assert other.active_material == pytest.approx(single.active_material, rel=1e-4)


@pytest.mark.parametrize("system", ["CT", "ZT"])
def test_controls_cycle(system: str) -> None:
    cell = hs.load(system).with_particle(classes=2).with_ageing(hs.ChargeDrivenLoss())
    assert run(cell, 3.0, 3).outcome is hs.Outcome.COMPLETED


def test_a_variant_cycles() -> None:
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)
    result = run(cell, 1.0, 3)
    assert result.outcome is hs.Outcome.COMPLETED
    assert "no energy" in result.thermodynamic_status


def test_a_full_cell_cycles_but_does_not_age() -> None:
    result = run(hs.load("KPB-CZT"), 0.1, 3)
    assert result.outcome is hs.Outcome.COMPLETED
    assert result.charge_balance <= 1e-6
    assert "do not age" in result.ageing
    assert result.per_gram_of != "active material"
    assert result.counted_from == 3  # there is no tenth cycle
    # its discharge gives less than its charge took
    assert 0.5 < result.cycles[-1].energy_efficiency < 1


# --- how a test ends ------------------------------------------------------------------------------


def test_ends_when_the_capacity_falls_below_what_was_asked() -> None:
    free = run(small_cell(0.02), 1.0, 30)
    limit = float(free.capacities[14] + free.capacities[15]) / 2
    ended = run(small_cell(0.02), 1.0, 30, end_capacity=limit)
    assert ended.cycles[-1].number == 16
    assert ended.outcome is hs.Outcome.COMPLETED
    assert "cycle 16 inserted less than" in ended.reason
    np.testing.assert_allclose(ended.capacities, free.capacities[:16])


def test_ends_at_a_retention_counted_from_the_reference_cycle() -> None:
    ended = run(small_cell(0.02), 1.0, 60, end_retention=0.9, reference=5)
    assert ended.retention[4] == 1.0
    assert ended.retention[-1] < 0.9 <= ended.retention[-2]
    assert "kept less than 90 %" in ended.reason


def test_a_step_that_fails_keeps_what_was_done() -> None:
    result = run(small_cell(), 5000.0, 5, formation=[(1.0, 2)])
    assert [one.outcome for one in result.formation] == [hs.Outcome.CUT_OFF] * 2
    assert result.outcome is hs.Outcome.INFEASIBLE
    assert "lower current" in result.reason
    assert len(result.cycles) == 1
    assert np.isnan(result.capacities[0])


def test_ctrl_c_keeps_what_was_done() -> None:
    def interrupt(cycle: hs.Cycle) -> None:
        if cycle.number == 3:
            raise KeyboardInterrupt

    result = run_cycling(hs.Cycling(1.0, 50), small_cell(), "SPM", interrupt)
    assert result.outcome is hs.Outcome.INTERRUPTED
    assert "after 3 cycles" in result.reason
    assert result.numbers.tolist() == [1, 2, 3]
    assert np.isfinite(result.capacities).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"current": 0}, "cannot run at 0 A/g"),
        ({"current": -3}, "cannot run at -3 A/g"),
        ({"current": "fast"}, "'current' must be one number"),
        ({"current": float("nan")}, "finite"),
        ({"cycles": 0}, "'cycles' = 0 must be 1 or more"),
        ({"cycles": 2.5}, "'cycles' must be a whole number"),
        ({"formation": [0.1, 3]}, "'formation' must be pairs"),
        ({"formation": [(0.1, 0)]}, "'formation' = 0 must be 1 or more"),
        ({"formation": [(-0.1, 3)]}, "cannot run at -0.1 A/g"),
        ({"formation": "0.1x3"}, "'formation' must be pairs"),
        ({"end_capacity": -1}, "'end_capacity' = -1 mAh/g must be above 0"),
        ({"end_retention": 80}, "a share between 0 and 1, such as 0.8"),
        ({"reference": 0}, "'reference' = 0 must be 1 or more"),
        ({"traces": [0]}, "'traces' = 0 must be 1 or more"),
        ({"jump": -5}, "'jump' = -5 must be 0 or more"),
    ],
    ids=str,
)
def test_wrong_input_is_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as found:
        hs.Cycling(**{"current": 1.0, "cycles": 3, **wrong})
    assert message in str(found.value)
    assert str(found.value).count(". ") == 0


@pytest.mark.parametrize("capacity", [600.0, 400.0])
def test_an_end_above_what_the_cell_holds_is_wrong_input(capacity: float) -> None:
    with pytest.raises(ParameterError, match="'end_capacity' must be below that"):
        run(small_cell(), 1.0, 3, end_capacity=capacity)


# --- leaps ----------------------------------------------------------------------------------------


LAWS = {
    # a tenth is lost in 80 cycles, in a straight line and with the root of time
    "charge": small_cell(2e-3),
    "film": small_cell()
    .with_values({names.SOLVENT_DIFFUSIVITY: 2e-21, names.MATERIAL_LOSS_WITH_FILM: 1.5e-4})
    .with_ageing(hs.ReactionDrivenLoss(), hs.SEIGrowth()),
}


@pytest.mark.parametrize("law", LAWS)
def test_leaps_end_where_every_cycle_ends(law: str) -> None:
    every, some = run(LAWS[law], 1.0, 80), run(LAWS[law], 1.0, 80, jump=20)
    assert len(some.cycles) < 0.7 * len(every.cycles)
    np.testing.assert_array_equal(some.capacities[:10], every.capacities[:10])
    lost = 1 - every.cycles[-1].active_material
    difference = abs(some.cycles[-1].active_material - every.cycles[-1].active_material)
    assert lost > 0.05
    # the trapezoidal rule is one order better than the correction that is stated as its error
    assert difference < some.jump_error * lost
    assert some.jump_error < 0.1
    assert some.capacities[-1] == pytest.approx(every.capacities[-1], rel=2e-3)


def test_leaps_run_the_reference_the_chosen_and_the_last_cycle() -> None:
    some = run(small_cell(2e-3), 1.0, 60, jump=40, traces=[30])
    assert {10, 30, 60} <= set(some.numbers.tolist())
    assert [one.number for one in some.cycles if one.traces] == [30, 60]
    np.testing.assert_array_equal(some.numbers[:10], np.arange(1, 11))
    # the three after a leap are said to settle
    after = np.flatnonzero(np.diff(some.numbers) > 1)[0] + 1
    assert [one.settling for one in some.cycles[after : after + 4]] == [True, True, True, False]


def test_a_cell_that_cannot_age_is_run_cycle_by_cycle() -> None:
    cell = hs.load("CZT", "lumped").with_particle(classes=1, fast=False)
    assert len(run(cell, 3.0, 20, jump=10).cycles) == 20


# --- files and the command ------------------------------------------------------------------------


def test_a_dataset_survives_a_file(settled: hs.CyclingResult, tmp_path: Path) -> None:
    data = settled.to_xarray()
    assert data["insertion_capacity"].attrs["units"] == "mA.h.g-1"
    assert data.attrs["parameters_hash"] == settled.parameters_hash
    data.to_netcdf(tmp_path / "cycling.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "cycling.nc", engine="scipy") as back:
        np.testing.assert_array_equal(back["retention"], data["retention"])
        np.testing.assert_array_equal(back["cycle"], settled.numbers)


def test_the_command_prints_a_table_and_writes_files(tmp_path: Path) -> None:
    arguments = ["cycle", "CZT", "--current", "3", "--cycles", "3", "--model", "SPM"]
    done = CliRunner().invoke(main, [*arguments, "--formation", "1", "1", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "fading: 6.05e-05 of the active material per full cycle" in done.output
    assert "protocol completed" in done.output
    assert len((tmp_path / "cycling.csv").read_text().splitlines()) == 5
    record = json.loads((tmp_path / "cycling.json").read_text())
    assert [one["stage"] for one in record["cycles"]] == ["formation", *["cycling"] * 3]
    assert {"capacity_mAh_per_g", "time_s", "voltage_V"} <= set(record["traces"][0])
    assert (tmp_path / "cycling.png").stat().st_size > 10_000


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    arguments = ["cycle", "CZT", "--cycles", "2", "--model", "SPM", "--fading", "off", "--json"]
    done = CliRunner().invoke(main, [*arguments, "--out", str(tmp_path)])
    found = json.loads(done.stdout)
    assert [one["cycle"] for one in found["cycles"]] == [1, 2]
    assert found["cycles"][0]["insertion_capacity_mAh_per_g"] > 100
    assert "loss=None" in found["ageing"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--current", "-1"], 2, "cannot run at -1 A/g"),
        (["--cycles", "0"], 2, "'cycles' = 0 must be 1 or more"),
        (["--end-capacity", "600"], 2, "hold 468 mAh/g"),
        (["--current", "9000", "--cycles", "1"], 1, "infeasible at start"),
    ],
)
def test_exit_codes(arguments: list[str], code: int, message: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(
        main, ["cycle", "CZT", "--model", "SPM", "--out", str(out), *arguments]
    )
    assert done.exit_code == code
    assert message in done.output
    assert not out.exists() or not list(out.iterdir())


def test_a_trace_beyond_the_last_cycle_is_refused() -> None:
    with pytest.raises(hs.ParameterError, match="'traces' = 10 is beyond the last cycle, 7"):
        hs.Cycling(1.0, cycles=5, formation=[(0.1, 2)], traces=(1, 10))
