"""The option --bdf: every command that runs a trace writes it beside its table."""

import bdf
import pandas as pd
import pytest

CALLS = {
    "rate": ["rate", "CZT", "--currents", "1", "--from-equilibrium"],
    "gitt": ["gitt", "CZT", "--current", "0.5", "--pulse", "60", "--rest", "60", "--pulses", "2"],
    "cv": ["cv", "CZT", "--scan-rates", "5", "--cycles", "1"],
    "run": ["run", "CZT", "--step", "Discharge at 1C for 60 s"],
    "cycling": ["cycle", "CZT", "--cycles", "2"],
}


@pytest.mark.parametrize("name", CALLS)
def test_a_command_writes_its_traces_in_bdf(name, hetsim, tmp_path):
    words = [*CALLS[name], "--variant", "lumped", "--model", "SPM", "--out", "here"]
    result = hetsim(*words, "--bdf")
    assert (result.exit_code, result.stderr) == (0, "")
    path = tmp_path / "here" / f"{name}.bdf.csv"
    assert bdf.validate(path)["ok"]
    assert f"{name}.bdf.csv" in result.stdout.replace("\n", "").replace(" ", "")
    if name in ("gitt", "run"):  # the same points as in the table, of 1.1 mg or so
        table = pd.read_csv(tmp_path / "here" / f"{name}.csv")
        written = bdf.read(path)
        assert written["Voltage / V"].tolist() == table["voltage_V"].tolist()
        assert (written["Current / A"] <= 0).all()


def test_without_the_option_nothing_more_is_written(hetsim, tmp_path):
    hetsim(*CALLS["run"], "--variant", "lumped", "--model", "SPM", "--out", "here")
    assert not list((tmp_path / "here").glob("*.bdf.csv"))
