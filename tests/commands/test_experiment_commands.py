"""hetsim gitt, cv and eis: what they print, what they write, how they end."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

QUICK = ["--model", "SPM"]
GITT = ["gitt", "CZT", *QUICK, "--pulses", "2", "--rest", "600"]
CV = ["cv", "CZT", *QUICK, "--cycles", "1", "--scan-rates", "0.5", "1.0"]
EIS = ["eis", "CZT", *QUICK, "--filling", "0.2", "0.5"]


def one_object(result):
    assert len(result.stdout.splitlines()) == 1

    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    return json.loads(result.stdout, parse_constant=refuse)


@pytest.mark.usefixtures("vectors")
@pytest.mark.parametrize(
    ("words", "kind"), [(GITT, "gitt"), (CV, "cv"), (EIS, "eis")], ids=["gitt", "cv", "eis"]
)
def test_a_run_prints_a_table_and_writes_its_files(hetsim, tmp_path, words, kind):
    result = hetsim(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1].startswith("------")
    folder = tmp_path / "hetsim-out" / f"CZT-{kind}"
    assert f"hetsim-out/CZT-{kind}/{kind}.png" in result.stdout
    assert {path.name for path in folder.iterdir()} == {
        f"{kind}.{ending}" for ending in ("png", "svg", "csv", "json")
    }
    record = json.loads((folder / f"{kind}.json").read_text())
    assert record["provenance"][0]["parameters"]["Particle radius [m]"] > 0
    assert "pybamm" in record["provenance"][0]["versions"]


def test_titration_as_json_and_csv(hetsim, tmp_path):
    content = one_object(hetsim(*GITT, "--json", "--out", "here"))
    run = content["runs"][0]
    assert content["model"] == "SPM"
    assert run["outcome"] == "protocol completed"
    assert run["charge_balance"] <= 1e-6
    assert [one["pulse"] for one in run["pulses"]] == [1, 2]
    first, second = run["pulses"]
    assert first["voltage_end_V"] < first["voltage_relaxed_V"] < first["voltage_before_V"]
    assert second["voltage_before_V"] == first["voltage_relaxed_V"]
    # 0.1 A/g for 600 s each
    assert second["charge_mAh_per_g"] == pytest.approx(2 * 0.1 * 600 / 3.6)
    data = pd.read_csv(tmp_path / "here" / "gitt.csv")
    assert list(data) == ["time_s", "current_A_per_g", "voltage_V", "step"]
    assert np.all(np.diff(data["time_s"]) > 0)


def test_several_scan_rates_behind_one_option(hetsim):
    runs = [
        one_object(hetsim(*words, *QUICK, "--cycles", "1", "--json"))["runs"][0]["sweeps"]
        for words in (
            ["cv", "CZT", "--scan-rates", "1.0", "2.0"],
            ["cv", "--scan-rates", "1.0", "2.0", "CZT"],
            ["cv", "CZT", "--scan-rates", "1.0", "--scan-rates", "2.0"],
            ["cv", "CZT", "--scan-rates=1.0", "--scan-rates", "2.0"],
        )
    ]
    assert [one["scan_rate_mV_per_s"] for one in runs[0]] == [1.0, 2.0]
    assert all(one == runs[0] for one in runs[1:])
    peak = runs[0][0]["peaks"][0]
    assert set(peak) == {"sweep", "potential_V", "current_A_per_g", "current_mA"}


def test_controls_have_their_own_data(hetsim, tmp_path):
    words = ["cv", "CZT", *QUICK, "--cycles", "1", "--scan-rates", "2", "--controls"]
    result = hetsim(*words, "--out", "here")
    assert result.exit_code == 0
    data = {path.name for path in (tmp_path / "here").glob("*.csv")}
    assert data == {"cv.csv", "cv-CT.csv", "cv-ZT.csv"}
    table = pd.read_csv(tmp_path / "here" / "cv.csv")
    assert {"scan_rate_mV_per_s", "potential_V", "current_A_per_g", "current_mA"} <= set(table)


def test_impedance_as_json(hetsim):
    content = one_object(hetsim(*EIS, "--frequencies", "1e5", "1", "--json"))
    spectra = content["runs"][0]["spectra"]
    assert [one["filling"] for one in spectra] == [0.2, 0.5]
    assert spectra[0]["frequency_Hz"] == [1e5, 1.0]
    assert all(z < 0 for z in spectra[0]["imaginary_Ohm_cm2"])


def test_a_pulse_that_the_cell_does_not_last_ends_with_one(hetsim, tmp_path):
    result = hetsim("gitt", "CZT", *QUICK, "--current", "20", "--pulse", "6000")
    assert result.exit_code == 1
    assert "CZT: infeasible at start. the first pulse met the cut-off" in result.stderr
    assert "written: nothing, no run succeeded" in result.stdout
    assert not list((tmp_path / "hetsim-out" / "CZT-gitt").iterdir())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["cv", "CZT", "--scan-rates", "0"], "'scan_rates' is 0 mV/s"),
        (["cv", "CZT", "--lower", "2", "--upper", "1"], "'lower' must be below 'upper'"),
        (["cv", "CZT", "--upper", "4"], "'upper' is 4 V; allowed: 0.01 to 3 V"),
        (
            ["cv", "CZT", "--variant", "lumped", "--lower", "2.7", "--upper", "2.9"],
            "outside the open-circuit curve",
        ),
        (["gitt", "CZT", "--current", "-1"], "'current' is -1 A/g"),
        (["gitt", "CZT", "--end-voltage", "7"], "'end_voltage' is 7 V"),
        (["gitt", "CZX"], "CZX"),
        (["eis", "CZT", "--filling", "1.5"], "'filling' is 1.5"),
        (["eis", "KPB-CZT"], "KPB-CZT is a full cell"),
        (["eis", "CZT", "--frequencies", "0"], "'frequencies' is 0 Hz"),
    ],
)
def test_wrong_input_is_one_sentence_and_nothing_is_written(hetsim, tmp_path, words, message):
    result = hetsim(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1
    assert message in result.stderr
    assert result.stdout == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["gitt", "cv", "eis"])
def test_help_has_an_example(hetsim, command):
    result = hetsim(command, "--help")
    assert result.exit_code == 0
    assert f"hetsim {command} CZT" in result.stdout


@pytest.mark.usefixtures("vectors")
def test_rate_writes_what_the_voltage_is_made_of(hetsim):
    words = ["rate", "CZT", "--currents", "5", "--from-equilibrium", "--model", "SPM"]
    assert hetsim(*words, "--components", "--out", "here").exit_code == 0
    assert {path.suffix for path in Path("here").glob("components.*")} == {".png", ".svg", ".csv"}
    frame = pd.read_csv("here/components.csv")
    parts = frame.drop(columns=["current_A_per_g", "time_s", "voltage_V"])
    # V: digits of the file
    assert np.abs(parts.sum(axis=1) - frame["voltage_V"]).max() < 1e-9
    assert "reaction_overpotential_of_the_metal_electrode_V" in parts
    assert hetsim(*words, "--out", "there").exit_code == 0
    assert not list(Path("there").glob("components.*"))


# --- rate --profiles -----------------------------------------------------------------------------


@pytest.mark.usefixtures("vectors")
def test_profiles_are_written_beside_the_rate_curve(hetsim, tmp_path):
    result = hetsim(
        *["rate", "CZT", "--variant", "core-shell", *QUICK, "--from-equilibrium", "--profiles"],
        *["--currents", "0.5", "--currents", "1.0", "--out", str(tmp_path)],
    )
    assert result.exit_code == 0, result.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert {"rate.csv", "profiles.png", "profiles.svg", "profiles.nc"} <= names
    with xr.open_dataset(tmp_path / "profiles.nc", engine="scipy") as inside:
        assert inside.attrs["current"] == 1.0
        assert inside.built_in_field.attrs["units"] == "V.m-1"
        assert inside.sizes["time"] == 6


@pytest.mark.parametrize(
    "words", [("rate", "--currents", "1"), ("gitt", "--current", "1", "--pulses", "1")]
)
def test_a_system_without_controls_says_so(hetsim, words):
    command, *rest = words
    done = hetsim(command, "VO2x-NC", "--controls", "--model", "SPM", *rest)
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith("VO2x-NC has no controls: ")
