"""Traces in the Battery Data Format: accepted by its own validator, exact, and with its sign of the current."""

from functools import partial
from pathlib import Path
from typing import Any

import bdf
import numpy as np
import pandas as pd
import pytest

import hetsim as hs
from hetsim.errors import OutputError, ParameterError

approx = partial(pytest.approx, abs=0)  # of small numbers the usual 1e-12 would be all

CELL = hs.load("CZT", "lumped")
MASS = CELL.values.number("Active mass loading [mg.cm-2]") * CELL.values.number(
    "Electrode area [cm2]"
)
STEPS = ["Discharge at 1C for 10 minutes", "Rest for 10 minutes", "Charge at 1C for 5 minutes"]
PROTOCOLS = {
    "rate": hs.RateTest([0.5, 5.0], cycles=2),
    "one way": hs.RateTest([0.5], from_equilibrium=True),
    "titration": hs.GITT(current=0.5, pulse=60, rest=60, pulses=3),
    "voltammetry": hs.CV([1.0, 5.0], cycles=1, tolerance=None),
    "cycling": hs.Cycling(3.0, 4, traces=(1, 3)),
    "protocol": hs.Protocol(STEPS),
    "replay": hs.Replay(time=[0, 600, 1200], current=[0.2, 0.2, -0.1]),
    "hold": hs.Hold(1.0, 60.0, filling=0.5),
}
TIME, VOLTAGE, CURRENT = "Test Time / s", "Voltage / V", "Current / A"


@pytest.fixture(scope="module")
def runs() -> dict[str, Any]:
    return {name: hs.run(CELL, protocol, "SPM") for name, protocol in PROTOCOLS.items()}


@pytest.mark.parametrize("name", PROTOCOLS)
def test_every_trace_passes_the_validator_and_comes_back_exact(
    name: str, runs: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / f"{name}.bdf.csv"
    table = runs[name].to_bdf(path)
    report = bdf.validate(path)
    assert report["ok"]
    assert not report["extras"]
    assert not report["legacy_labels"]
    assert report["time_stats"]["monotonic"]
    back = bdf.read(path)
    assert len(back) == len(table) > 2
    for column in (TIME, VOLTAGE, CURRENT):
        assert np.array_equal(back[column], table[column])  # every digit is written


def test_insertion_is_a_discharge_of_the_cell(runs: dict[str, Any]) -> None:
    """The charge under the current is what the rate curve says, and insertion is negative in BDF."""
    table = runs["one way"].to_bdf()
    inserted = runs["one way"].capacities[0] * MASS * 1e-3  # mAh
    under = np.trapezoid(table[CURRENT], table[TIME]) / 3.6
    assert under == approx(-inserted, rel=1e-12)  # one constant current
    assert table["Net Capacity / Ah"].iloc[-1] == approx(-inserted * 1e-3, rel=1e-12)
    assert (np.diff(table[VOLTAGE]) < 0).all()  # ions that enter lower the voltage


def test_a_cycle_of_charge_ends_where_the_net_capacity_began(runs: dict[str, Any]) -> None:
    table = runs["protocol"].to_bdf()
    expected = -runs["protocol"].charge * MASS * 1e-6
    assert table["Net Capacity / Ah"].iloc[-1] == approx(expected, rel=1e-9)  # a state of the model
    assert sorted(table["Step Count / 1"].unique()) == [1, 2, 3]
    resting = table[table["Step Count / 1"] == 2]
    assert (resting[CURRENT].iloc[1:] == 0).all()


def test_cycles_are_counted_and_time_goes_on(runs: dict[str, Any]) -> None:
    table = runs["cycling"].to_bdf()
    assert table["Cycle Count / 1"].unique().tolist() == [1, 3, 4]
    assert table["Step Count / 1"].unique().tolist() == [1, 2, 3, 4, 5, 6]
    lasted = sum(trace.time[-1] for cycle in runs["cycling"].cycles for trace in cycle.traces)
    assert table[TIME].iloc[-1] == approx(lasted, rel=1e-12)  # a sum of six numbers
    assert table["Ambient Temperature / degC"].iloc[0] == approx(25.0, abs=0.01)


def test_a_full_cell_counts_the_mass_that_its_file_names() -> None:
    full = hs.load("KPB-CZT").with_electrodes(hs.load("CZT", "lumped").with_particle(1, fast=False))
    curve = hs.run(full, hs.RateTest([0.05], from_equilibrium=True), "SPM")
    mass = full.positive.values.number("Active mass loading [mg.cm-2]") * full.values.number(
        "Electrode area [cm2]"
    )
    assert curve.to_bdf()[CURRENT].iloc[0] == approx(-0.05 * mass * 1e-3, rel=1e-12)


def test_a_measured_trace_is_written_with_its_mass(tmp_path: Path) -> None:
    trace = hs.TimeTrace(
        np.array([5.0, 6.0, 7.5]),
        np.array([0.1, 0.1, 0.0]),
        np.array([2.0, 1.9, 1.95]),
        np.array([0, 0, 1]),
    )
    table = trace.to_bdf(1.36, tmp_path / "measured.bdf")
    assert table[TIME].tolist() == [0.0, 1.0, 2.5]
    assert table[CURRENT].tolist() == [-0.1 * 1.36e-3, -0.1 * 1.36e-3, 0.0]
    written = pd.read_csv(tmp_path / "measured.bdf")
    assert written.equals(table)
    for wrong in (0.0, -1.0, float("nan")):
        with pytest.raises(ParameterError, match="active mass must be a positive number"):
            trace.to_bdf(wrong)


def test_parquet_comes_back_exact(runs: dict[str, Any], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table = runs["titration"].to_bdf(tmp_path / "gitt.bdf.parquet")
    assert bdf.read(tmp_path / "gitt.bdf.parquet").equals(table)


def test_what_cannot_be_written_is_said_and_leaves_nothing(
    runs: dict[str, Any], tmp_path: Path
) -> None:
    spectra = hs.run(CELL, hs.EIS(0.5, [1.0]), "SPM")
    with pytest.raises(ParameterError, match="no trace in time"):
        spectra.to_bdf(tmp_path / "eis.bdf.csv")
    with pytest.raises(OutputError, match="ends in"):
        runs["hold"].to_bdf(tmp_path / "hold.xlsx")
    with pytest.raises(OutputError, match="cannot be written"):
        runs["hold"].to_bdf(tmp_path / "no such folder" / "hold.bdf")
    with pytest.raises(ParameterError, match="no trace to write"):
        hs.run(CELL, hs.RateTest([1e6], from_equilibrium=True), "SPM").to_bdf()
    assert not list(tmp_path.iterdir())
