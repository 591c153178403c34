"""The command line: what it prints, what it writes, how it ends."""

import contextlib
import csv
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from click.testing import CliRunner
from command_line import one_object

from hetsim.cli import main
from hetsim.commands.files import write_all
from hetsim.errors import OutputError, ParameterError
from hetsim.parameters.system_file import read_system
from tests.helpers.parameter_file import SHIPPED

SMALL = ["--model", "SPM", "--currents", "1", "--cycles", "1"]
FILES = {"rate.png", "rate.svg", "rate.csv", "rate.json"}
MEASURED = {1.0: 5000.0, 2.0: 1000.0, 5.0: 150.0}  # three errors, the largest one negative
TOP_KEYS = {"system", "model", "parameters_hash", "curves"}
CURVE_KEYS = {"system", "points", "mean_abs_error_percent", "max_abs_error_percent"}
POINT_KEYS = {
    "current_A_per_g",
    "capacity_mAh_per_g",
    "measured_mAh_per_g",
    "error_percent",
    "outcome",
    "charge_balance",
}
CZT = SHIPPED


def write_measured(folder):
    rows = "\n".join(f"{current:g},{capacity:g}" for current, capacity in MEASURED.items())
    path = folder / "curve.csv"
    path.write_text(f"current_A_per_g,capacity_mAh_per_g\n{rows}\n")
    return path


# --- a run that goes well ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One small run beside a measured CSV, with the folder that it wrote into by default."""
    data = write_measured(tmp_path_factory.mktemp("data"))
    here = tmp_path_factory.mktemp("finished")
    with contextlib.chdir(here):
        words = ["rate", "CZT", *SMALL, "--measured", str(data), "--json"]
        return CliRunner().invoke(main, words, catch_exceptions=False), here


@pytest.fixture(scope="module")
def printed(finished):
    return one_object(finished[0].stdout)


def test_a_good_run_ends_with_zero_and_no_complaint(finished):
    result, _ = finished
    assert (result.exit_code, result.stderr) == (0, "")


def test_json_is_one_line_with_one_object(finished):
    lines = finished[0].stdout.splitlines()
    assert len(lines) == 1
    assert isinstance(one_object(lines[0]), dict)


def test_json_has_the_promised_keys(printed):
    assert set(printed) >= TOP_KEYS
    for curve in printed["curves"]:
        assert set(curve) >= CURVE_KEYS
        assert all(set(point) >= POINT_KEYS for point in curve["points"])


def test_json_says_what_was_run(printed):
    from hetsim import load

    assert (printed["system"], printed["model"]) == ("CZT", "SPM")
    assert printed["parameters_hash"] == load("CZT").parameters_hash
    assert [curve["system"] for curve in printed["curves"]] == ["CZT"]


def test_every_chosen_and_every_measured_current_is_run(printed):
    points = printed["curves"][0]["points"]
    assert [point["current_A_per_g"] for point in points] == list(MEASURED)
    assert {point["current_A_per_g"]: point["measured_mAh_per_g"] for point in points} == MEASURED


def test_every_point_reached_its_cut_off_in_balance(printed):
    for point in printed["curves"][0]["points"]:
        assert point["outcome"] == "cut-off reached"
        assert abs(point["charge_balance"]) <= 1e-6  # the limit above which a run is not believed


def test_errors_are_those_of_simulated_over_measured(printed):
    curve = printed["curves"][0]
    errors = [
        100 * (point["capacity_mAh_per_g"] - point["measured_mAh_per_g"])
        / point["measured_mAh_per_g"]
        for point in curve["points"]
    ]  # fmt: skip
    # the same quotient in another order: round-off of 100
    assert [point["error_percent"] for point in curve["points"]] == pytest.approx(errors, abs=1e-12)
    sizes = [abs(error) for error in errors]
    assert curve["mean_abs_error_percent"] == pytest.approx(sum(sizes) / len(sizes), abs=1e-12)
    assert curve["max_abs_error_percent"] == pytest.approx(max(sizes), abs=1e-12)


def test_files_go_into_a_folder_of_the_system(finished):
    _, here = finished
    assert {path.name for path in here.iterdir()} == {"hetsim-out"}
    assert {path.name for path in (here / "hetsim-out").iterdir()} == {"CZT"}
    assert {path.name for path in (here / "hetsim-out" / "CZT").iterdir()} == FILES


def test_figures_are_figures(finished):
    folder = finished[1] / "hetsim-out" / "CZT"
    assert (folder / "rate.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert ElementTree.parse(folder / "rate.svg").getroot().tag.endswith("svg")


def test_the_written_csv_holds_the_printed_numbers(finished, printed):
    with (finished[1] / "hetsim-out" / "CZT" / "rate.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    points = printed["curves"][0]["points"]
    for row, point in zip(rows, points, strict=True):
        assert row["system"] == "CZT"
        assert float(row["current_A_per_g"]) == point["current_A_per_g"]
        assert float(row["capacity_mAh_per_g"]) == point["capacity_mAh_per_g"]
        assert float(row["measured_mAh_per_g"]) == point["measured_mAh_per_g"]
        assert row["outcome"] == point["outcome"]


def test_the_written_json_can_be_run_again(finished, printed):
    record = one_object((finished[1] / "hetsim-out" / "CZT" / "rate.json").read_text())
    assert {key: record[key] for key in printed} == printed
    assert record["parameters"]["CZT"] == {
        name: list(value.value) if isinstance(value.value, tuple) else value.value
        for name, value in read_system("CZT").values.items()
    }
    assert {"protocol", "versions"} <= set(record)


def test_the_table_shows_each_current_and_where_the_files_are(hetsim):
    result = hetsim("rate", "CZT", *SMALL, "--out", "mine/here")
    assert (result.exit_code, result.stderr) == (0, "")
    row = next(line for line in result.stdout.splitlines() if line.startswith("CZT"))
    assert row.split()[1] == "1"
    assert row.endswith("cut-off reached")
    assert {path.name for path in Path("mine/here").iterdir()} == FILES
    assert all(str(Path("mine/here") / name) in result.stdout for name in FILES)


# --- a simulation that fails -------------------------------------------------------------------


def test_a_failed_simulation_ends_with_one_and_its_reason(hetsim, capfd):
    failing = ["rate", "CZT", "--model", "SPM", "--cycles", "1", "--currents", "1000"]
    result = hetsim(*failing, "--json")
    assert result.exit_code == 1
    for word in ("CZT", "1000 A/g", "infeasible at start", "try a lower current"):
        assert word in result.stderr
    point = one_object(result.stdout)["curves"][0]["points"][0]
    assert point["outcome"] == "infeasible at start"
    assert point["capacity_mAh_per_g"] is None
    assert not list(Path("hetsim-out/CZT").iterdir())  # earlier results are not replaced by nothing
    assert capfd.readouterr().out == ""  # nor does the solver print past Python


# --- wrong input -------------------------------------------------------------------------------

WRONG = {
    "unknown system": (["rate", "CZTT"], ["'CZTT'", "CZT", "hetsim list"]),
    "unknown variant": (["rate", "CZT", "--variant", "shell"], ["'shell'", "core-shell"]),
    "absent file": (["rate", "absent.toml"], ["no parameter file", "absent.toml"]),
    "bad file": (["rate", "bad.toml"], ["bad.toml", "not valid TOML"]),
    "wrong unit": (["rate", "unit.toml"], ["'Particle radius [nm]'", "'Particle radius [m]'"]),
    "negative current": (["rate", "CZT", "--currents", "-1"], ["-1 A/g", "positive"]),
    "no current": (["rate", "CZT", "--currents", "0"], ["0 A/g", "positive"]),
    "infinite current": (["rate", "CZT", "--currents", "inf"], ["'currents' is inf", "finite"]),
    "current not a number": (["rate", "CZT", "--currents", "nan"], ["'currents' is nan", "finite"]),
    "current in words": (["rate", "CZT", "--currents", "fast"], ["--currents", "'fast'"]),
    "no cycle": (["rate", "CZT", "--cycles", "0"], ["at least 1 cycle", "0"]),
    "unknown model": (["rate", "CZT", "--model", "P2D"], ["'P2D'", "SPM", "SPMe", "DFN"]),
    "unknown option": (["rate", "CZT", "--modle", "SPM"], ["--modle", "--model"]),
    "unknown command": (["rates", "CZT"], ["'rates'", "rate"]),
    "no system": (["rate"], ["SYSTEM"]),
    "absent CSV": (["rate", "CZT", "--measured", "no.csv"], ["no.csv", "cannot be read"]),
    "CSV of another ending": (["rate", "CZT", "--measured", "bad.toml"], ["bad.toml", "column"]),
    "system for a CSV": (["rate", "CZT", "--measured", "CZT"], ["CZT", "cannot be read"]),
    "empty CSV": (["rate", "CZT", "--measured", "empty.csv"], ["empty.csv", "current_A_per_g"]),
    "negative CSV": (["rate", "CZT", "--measured", "minus.csv"], ["minus.csv, row 2", "'-5'"]),
    "no measured curve": (["rate", "own.toml", "--compare"], ["own", "no measured rate curve"]),
    "unknown control": (["rate", "control.toml", "--controls"], ["'XY'", "Known: ", "more"]),
    "show unknown": (["show", "CZTT"], ["'CZTT'", "CZT"]),
    "show unknown variant": (["show", "CT", "--variant", "x"], ["'x'", "none"]),
    "show against unknown": (["show", "CZT", "--against", "CTT"], ["'CTT'", "CT"]),
}


@pytest.fixture
def inputs(tmp_path):
    files = {
        "bad.toml": "name = [",
        "unit.toml": CZT.replace('"Particle radius [m]"', '"Particle radius [nm]"'),
        "own.toml": '[system]\nname = "own"\nbase = "CZT"\n',
        "control.toml": '[system]\nname = "own"\nbase = "CZT"\ncontrols = ["XY"]\n',
        "empty.csv": "",
        "minus.csv": "current_A_per_g,capacity_mAh_per_g\n1,-5\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return files


@pytest.mark.parametrize(("words", "said"), WRONG.values(), ids=WRONG)
def test_wrong_input_ends_with_two_says_why_and_writes_nothing(hetsim, inputs, words, said):
    result = hetsim(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    for word in said:
        assert word in last
    assert {path.name for path in Path().iterdir()} == set(inputs)


@pytest.mark.parametrize("words", [["rate", "CZTT"], ["show", "CZTT"]])
def test_wrong_input_prints_no_json(hetsim, words):
    result = hetsim(*words, "--json")
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("folder", ["taken", "taken/below", "taken/far/below"])
def test_a_folder_that_cannot_be_written_is_found_before_the_run(hetsim, monkeypatch, folder):
    def run(*_, **__):
        raise AssertionError("the simulation was started")

    monkeypatch.setattr("hetsim.commands.rate.RateJob.run", run)
    Path("taken").write_text("mine")
    result = hetsim("rate", "CZT", *SMALL, "--out", folder)
    assert result.exit_code == 2
    assert f"'{folder}' cannot be written" in result.stderr
    assert [path.name for path in Path().iterdir()] == ["taken"]
    assert Path("taken").read_text() == "mine"


def test_a_failed_write_leaves_the_earlier_results(tmp_path):
    (tmp_path / "a.csv").write_text("earlier")

    def fail(path):
        path.write_text("half")
        raise RuntimeError("disk")

    with pytest.raises(RuntimeError, match="disk"):
        write_all(tmp_path, {"a.csv": lambda path: path.write_text("later"), "b.csv": fail})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "earlier"}


@pytest.mark.parametrize("taken", ["b.csv", "c.csv"])
def test_a_file_that_cannot_be_replaced_leaves_the_earlier_results(tmp_path, taken):
    (tmp_path / "a.csv").write_text("earlier")
    (tmp_path / taken).mkdir()
    files = {name: lambda path: path.write_text("later") for name in ("a.csv", "b.csv", "c.csv")}
    with pytest.raises(OutputError, match="cannot be written"):
        write_all(tmp_path, files)
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", taken}
    assert (tmp_path / "a.csv").read_text() == "earlier"


def test_a_full_disk_is_no_traceback(tmp_path):
    def fail(path):
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device"):
        write_all(tmp_path, {"a.csv": fail})
    assert list(tmp_path.iterdir()) == []


def test_a_new_run_replaces_the_files_of_the_old(tmp_path):
    (tmp_path / "a.csv").write_text("earlier")
    write_all(tmp_path, {"a.csv": lambda path: path.write_text("later")})
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.csv": "later"}


# --- folders and variants ----------------------------------------------------------------------


def test_a_cut_off_that_no_curve_reaches_writes_nothing(hetsim):
    lines = [
        '"Extraction plateau potentials [V]" = { value = [4.3, 4.2, 4.1, 4.0], '
        'kind = "assumed", source = "this test" }'
        if line.startswith('"Extraction plateau potentials [V]"')
        else line
        for line in CZT.splitlines()
    ]
    Path("high.toml").write_text("\n".join(lines))
    result = hetsim("rate", "high.toml", *SMALL)
    assert result.exit_code == 2
    assert [path.name for path in Path().iterdir()] == ["high.toml"]


def test_a_folder_in_the_place_of_a_file_is_wrong_input(hetsim):
    Path("out/rate.svg").mkdir(parents=True)
    result = hetsim("rate", "CZT", *SMALL, "--out", "out")
    assert result.exit_code == 2
    assert [path.name for path in Path("out").iterdir()] == ["rate.svg"]


def test_a_variant_does_not_overwrite_the_results_of_its_system(hetsim, monkeypatch):
    folders = []

    def usable_folder(folder, _):
        folders.append(folder)
        raise ParameterError("far enough")

    monkeypatch.setattr("hetsim.commands.job.usable_folder", usable_folder)
    for variant in ("", "core-shell"):
        hetsim("rate", "CZT", *SMALL, "--variant", variant)
    assert len(set(folders)) == 2
