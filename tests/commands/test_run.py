"""hetsim run: protocols of several steps from the command line."""

import json

import pandas as pd
import pytest
from command_line import one_object

QUICK = ["--model", "SPM"]
TWO = ["--step", "Discharge at 1C until 0.5 V", "--step", "Hold at 0.5 V until C/10"]
FILE = """
repeat = 2
steps = [
  { kind = "ConstantCurrent", current = 0.1, duration = 600 },
  "Rest for 10 minutes",
  { kind = "EIS", frequencies = [1000.0, 1.0] },
]
"""


@pytest.mark.usefixtures("vectors")
def test_steps_in_words_are_run_and_written(hetsim, tmp_path):
    result = hetsim("run", "CZT", *QUICK, *TWO)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[1].startswith("------")
    folder = tmp_path / "hetsim-out" / "CZT-run"
    assert {path.name for path in folder.iterdir()} == {
        "run.png", "run.svg", "run.json", "run.csv", "run-steps.csv",
    }  # fmt: skip
    steps = pd.read_csv(folder / "run-steps.csv")
    assert list(steps["kind"]) == ["ConstantCurrent", "Hold"]
    assert steps["final_voltage_V"][0] == pytest.approx(0.5, abs=1e-6)
    trace = pd.read_csv(folder / "run.csv")
    assert list(trace) == ["time_s", "current_A_per_g", "voltage_V", "step"]
    record = json.loads((folder / "run.json").read_text())
    assert "Discharge at 1C until 0.5 V" in record["protocol"]
    assert "pybamm" in record["provenance"][0]["versions"]


@pytest.mark.usefixtures("vectors")
def test_a_file_with_spectra_is_run_and_written(hetsim, tmp_path):
    (tmp_path / "titration.toml").write_text(FILE, encoding="utf-8")
    result = hetsim("run", "CZT", *QUICK, "--protocol", "titration.toml", "--out", "here", "--json")
    assert result.exit_code == 0
    run = one_object(result.stdout)["runs"][0]
    assert [step["kind"] for step in run["steps"]] == 2 * ["ConstantCurrent", "Rest", "EIS"]
    assert run["charge_balance"] <= 1e-12
    assert [len(one["real_Ohm_cm2"]) for one in run["spectra"]] == [2, 2]
    written = {path.name for path in (tmp_path / "here").iterdir()}
    assert {"run-spectra.csv", "run-spectra.png", "run-spectra.svg"} <= written
    assert len(pd.read_csv(tmp_path / "here" / "run-spectra.csv")) == 4


def test_options_repeat_and_place_the_steps(hetsim):
    words = ["run", "CZT", *QUICK, "--step", "Discharge at 1C for 60 s", "--json", "--out", "here"]
    thrice = one_object(
        hetsim(*words, "--repeat", "3", "--filling", "0.5", "--after", "extraction").stdout
    )
    assert len(thrice["runs"][0]["steps"]) == 3
    assert thrice["protocol"].endswith("repeat=3, filling=0.5, after='extraction')")
    until = one_object(hetsim(*words, "--until-cut-off").stdout)
    assert until["runs"][0]["outcome"] == "cut-off reached"


def test_a_single_step_and_interruptions_can_stand_in_a_file(hetsim, tmp_path):
    (tmp_path / "rest.toml").write_text('kind = "Rest"\nduration = 60\n', encoding="utf-8")
    (tmp_path / "ici.toml").write_text(
        'kind = "ICI"\ncurrent = 1.0\nperiod = 60\nrest = 5\npulses = 3\n', encoding="utf-8"
    )
    for name, count in (("rest", 1), ("ici", 6)):
        words = ["--protocol", f"{name}.toml", "--json", "--out", name]
        assert (
            len(one_object(hetsim("run", "CZT", *QUICK, *words).stdout)["runs"][0]["steps"])
            == count
        )


def test_a_full_cell_runs_too(hetsim):
    words = ["--step", "Discharge at C/10 for 10 minutes", "--json", "--out", "here"]
    run = one_object(hetsim("run", "KPB-CZT", *QUICK, *words).stdout)["runs"][0]
    assert run["steps"][0]["charge_mAh_per_g"] > 0


def test_a_protocol_that_ends_badly_says_so(hetsim):
    step = "Discharge at 100000C until 0.5 V"
    result = hetsim("run", "CZT", *QUICK, "--step", step, "--step", "Rest for 1 s", "--out", "here")
    first = "Discharge at 0.1 mA for 1000 hours"
    early = hetsim(
        "run", "CZT", *QUICK, "--step", first, "--step", "Rest for 1 s", "--out", "there"
    )
    assert result.exit_code == 0  # the step passes nothing, as a cycler would have it
    assert early.exit_code == 0
    assert "met the cut-off after" in early.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "Give one of --step and --protocol"),
        ([*TWO, "--protocol", "x.toml"], "Give one of --step and --protocol"),
        (["--protocol", "x.toml"], "There is no protocol file 'x.toml'"),
        ([*TWO, "--repeat", "0"], "'repeat' is 0"),
        ([*TWO, "--repeat", "2", "--until-cut-off"], "Give one of --repeat and --until-cut-off"),
        ([*TWO, "--until-cut-off"], "without an end"),
        (["--step", "Discharge at 1 W for 1 h"], "a power cannot be imposed"),
        (["--step", "Hold at 9 V for 1 h"], "'potential' is 9 V"),
        (["--step", "Rest for 1 h", "--filling", "2"], "'filling' is 2"),
    ],
)
def test_wrong_input_writes_nothing(hetsim, tmp_path, words, told):
    result = hetsim("run", "CZT", *words)
    assert result.exit_code == 2
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_the_table_fits_a_terminal(hetsim):
    steps = ["Discharge at 1C until 0.5 V", "Discharge at 1C until 1 V", "Rest for 10 hours"]
    words = [word for step in steps for word in ("--step", step)]
    told = hetsim("run", "CZT", *QUICK, *words, "--repeat", "2", "--out", "x").stdout.split(
        "written"
    )[0]
    assert max(len(line) for line in told.splitlines()) <= 100
    assert "step 1: the voltage was beyond its end from the start" in told


def test_spectra_of_a_run_at_one_filling_are_analysed(hetsim, tmp_path):
    """The file of spectra is one that `hetsim analyse eis` reads, though both stand at filling 0."""
    spectrum = '{ kind = "EIS", frequencies = [1e4, 3e3, 1e3, 300, 100, 30, 10, 3, 1, 0.3, 0.1] }'
    rest = '"Rest for 60 s"'
    (tmp_path / "twice.toml").write_text(
        f"steps = [{rest}, {spectrum}, {rest}, {spectrum}]", encoding="utf-8"
    )
    hetsim("run", "CZT", *QUICK, "--protocol", "twice.toml", "--out", "here")
    frame = pd.read_csv(tmp_path / "here" / "run-spectra.csv")
    assert list(frame["spectrum"]) == 11 * [0] + 11 * [1]
    found = hetsim("analyse", "eis", "here/run-spectra.csv", "--json", "--out", "there")
    assert (found.exit_code, found.stderr) == (0, "")
    assert [one["spectrum"] for one in one_object(found.stdout)["spectra"]] == [0, 1]


def test_a_run_in_which_nothing_happens_says_so_and_draws_nothing(hetsim, tmp_path):
    """The extracted cell is above 2.9 V: the only step passes nothing."""
    step = ["--step", "Charge at C/5 until 2.9 V"]
    result = hetsim("run", "CZT", *QUICK, *step, "--out", "here")
    assert result.exit_code == 0
    assert "CZT: protocol completed, 1 step, no charge passed in any of them" in result.stdout
    written = {path.name for path in (tmp_path / "here").iterdir()}
    assert written == {"run.json", "run.csv", "run-steps.csv"}
    assert (
        json.loads((tmp_path / "here" / "run.json").read_text())["runs"][0]["charge_balance"] == 0
    )


def test_no_charge_has_no_sign(hetsim):
    """A charge of 1e-5 mAh/g is shown as 0.00, inserted or extracted."""
    step = ["--step", "Charge at C/1000000 for 10 s"]
    told = hetsim("run", "CZT", *QUICK, *step, "--filling", "0.5", "--out", "here").stdout
    assert "net charge 0.00 mAh/g" in told
    assert "-0.00" not in told
