"""hetsim sweep: studies as files, the store, the report, and what is wrong in either."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sweep_cases import FIELD, RADIUS

import hetsim as hs
from hetsim.cli import main
from hetsim.sweeping import workers as workers_module

STUDIES = Path(__file__).parents[2] / "docs" / "studies"

STUDY = """
[study]
systems = ["CZT"]
variant = "core-shell"
model = "SPM"
classes = 1
fast = false
chunk = 4

[protocol]
kind = "RateTest"
currents = [1.0, 10.0]
from_equilibrium = true

[design]
kind = "grid"

[design.values]
"Built-in potential [V]" = { low = -0.05, high = 0.05, points = 3 }
"Particle radius [m]" = [2e-8, 1e-7]
"Lower voltage cut-off [V]" = [0.01, 4.0]
"""
"""Twelve cases, of which the six with a lower cut-off above the upper one cannot run."""


@pytest.fixture
def hetsim(tmp_path, monkeypatch):
    """Run a command in an empty folder; a traceback is a failure of the test."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)

    return run


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A finished study with its store."""
    folder = tmp_path_factory.mktemp("study")
    file = folder / "study.toml"
    file.write_text(STUDY)
    words = ["sweep", str(file), "--out", str(folder / "study.zarr"), "--workers", "1", "--json"]
    return CliRunner().invoke(main, words, catch_exceptions=False), folder


def test_json_is_one_object_with_units_in_its_keys(finished):
    result, _ = finished
    assert (result.exit_code, result.stderr) == (0, "")
    told = json.loads(result.stdout)
    assert told["cases"] == 12
    assert told["outcomes"] == {"cut-off reached": 6, "infeasible at start": 6}
    assert told["quantities"][0]["quantity"] == "capacity_mAh_per_g"
    assert told["work_s"] > 0


def test_the_file_says_the_same_as_the_call(finished):
    data = hs.open_sweep(finished[1] / "study.zarr")
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)
    values = {
        FIELD: np.linspace(-0.05, 0.05, 3),
        RADIUS: [2e-8, 1e-7],
        "Lower voltage cut-off [V]": [0.01, 4.0],
    }
    rate = hs.RateTest([1.0, 10.0], from_equilibrium=True)
    same = hs.sweep(cell, values, rate, "SPM", workers=1, chunk=4)
    assert same.attrs["sweep_hash"] == data.attrs["sweep_hash"]
    np.testing.assert_array_equal(same["capacity_mAh_per_g"], data["capacity_mAh_per_g"])


@pytest.mark.usefixtures("vectors")
def test_a_report_says_what_failed_and_why_and_draws_it(finished, hetsim):
    result = hetsim("sweep", "--report", finished[1] / "study.zarr")
    assert result.exit_code == 0
    assert "infeasible at start" in result.stdout
    assert "must be below the upper one" in result.stdout
    files = {path.name for path in Path("hetsim-out/study-sweep").iterdir()}
    assert files == {"sweep.png", "sweep.svg", "sweep.csv", "sweep.nc"}
    assert Path("hetsim-out/study-sweep/sweep.png").stat().st_size > 10_000
    rows = Path("hetsim-out/study-sweep/sweep.csv").read_text().splitlines()
    assert len(rows) == 1 + 12 * 2  # a header, and one row a case and current


def test_a_stopped_study_goes_on_only_when_asked(finished, hetsim, monkeypatch):
    shutil.copy(finished[1] / "study.toml", "study.toml")
    real, runs = workers_module.run_order, []

    def stops(order):
        runs.append(len(order.which))
        if len(runs) == 2:
            raise KeyboardInterrupt
        return real(order)

    monkeypatch.setattr(workers_module, "run_order", stops)
    words = ("sweep", "study.toml", "--out", "study.zarr", "--workers", "1")
    stopped = hetsim(*words)
    assert stopped.exit_code == 1
    assert "--resume goes on" in stopped.stderr
    assert "not run" in stopped.stdout
    again = hetsim(*words)
    assert again.exit_code == 2
    assert "4 of 12 cases" in again.stderr
    del runs[2:]  # the third may have been under way, and is lost
    assert hetsim(*words, "--resume").exit_code == 0
    assert runs == [4, 4, 4, 4]  # the first chunk once, the second one again
    data, other = hs.open_sweep("study.zarr"), hs.open_sweep(finished[1] / "study.zarr")
    np.testing.assert_array_equal(data["capacity_mAh_per_g"], other["capacity_mAh_per_g"])


def test_a_finished_study_is_told_again_without_a_run(finished, hetsim, monkeypatch):
    monkeypatch.setattr(workers_module, "run_order", None)
    result = hetsim("sweep", finished[1] / "study.toml", "--out", finished[1] / "study.zarr")
    assert result.exit_code == 0


def test_no_case_that_succeeds_is_a_failure(hetsim, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY.replace("[0.01, 4.0]", "[4.0]"))
    result = hetsim("sweep", "study.toml", "--workers", "1")
    assert result.exit_code == 1
    assert "6" in result.stdout
    report = hetsim("sweep", "--report", "hetsim-out/study.zarr")
    assert report.exit_code == 1
    assert not Path("hetsim-out/study-sweep/sweep.png").exists()


@pytest.mark.usefixtures("vectors")
def test_indices_and_bars_of_a_sensitivity_study(hetsim, tmp_path):
    text = (STUDIES / "what_matters.toml").read_text()
    (tmp_path / "what.toml").write_text(
        text.replace("n = 64", "n = 4").replace("[0.1, 1.0, 10.0]", "[1.0, 10.0]")
    )
    assert hetsim("sweep", "what.toml", "--workers", "1").exit_code == 0
    result = hetsim("sweep", "--report", "hetsim-out/what.zarr", "--out", "report", "--json")
    told = json.loads(result.stdout)
    assert told["sensitivity"]["blocks_used"] == 4
    assert set(told["sensitivity"]["indices"]) >= {RADIUS}
    assert Path("report/sensitivity.png").stat().st_size > 10_000


@pytest.mark.parametrize("file", sorted(STUDIES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_studies_of_the_docs_can_be_read(file):
    assert hs.read_study(file).cases > 100


WRONG = {
    "unknown key": ("[study]", "[study]\nengine = 3", "unknown key 'engine'"),
    "unknown system": ('"CZT"', '"CZTT"', "Unknown system 'CZTT'"),
    "unknown protocol": ('"RateTest"', '"RateTets"', "unknown protocol"),
    "unknown argument": ("currents =", "curents =", "Did you mean 'currents'"),
    "missing argument": ("currents = [1.0, 10.0]", "", "'currents' is missing"),
    "wrong argument": ("[1.0, 10.0]", "[-1.0]", "cannot run at -1 A/g"),
    "unknown design": ('"grid"', '"gird"', "unknown kind of design"),
    "upside down": ("low = -0.05", "low = 0.5", "upside down"),
    "log through zero": ("points = 3", 'points = 3, scale = "log"', "through zero"),
    "unknown scale": ("points = 3", 'points = 3, scale = "lg"', "unknown scale"),
    "no points": (", points = 3", "", "needs 'points'"),
    "unknown name": ("Particle radius", "Particle radus", "unknown parameter"),
    "empty": ("[2e-8, 1e-7]", "[]", "empty design"),
    "a billion": ("points = 3", "points = 900000", "3600000 cases"),
    "no number": ("[2e-8, 1e-7]", "[nan]", "finite"),
    "code": ("[2e-8, 1e-7]", '"numpy.linspace(1, 2)"', "list of numbers"),
    "not TOML": ("[study]", "[study", "not valid TOML"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_study_is_one_sentence_and_nothing_is_written(case, hetsim, tmp_path):
    old, new, words = WRONG[case]
    assert old in STUDY
    (tmp_path / "study.toml").write_text(STUDY.replace(old, new, 1))
    result = hetsim("sweep", "study.toml", "--out", "study.zarr")
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert not Path("study.zarr").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "either a study file or --report"),
        (("study.toml", "--report", "x.zarr"), "either a study file or --report"),
        (("none.toml",), "no study file"),
        (("study.toml", "--workers", "0"), "1 or more"),
        (("study.toml", "--resume"), "no store"),
        (("study.toml", "--workers", "2", "--scheduler", "tcp://x:1"), "not both"),
        (("--report", "none.zarr"), "no store"),
        (("--report", "study.toml"), "is no store"),
    ],
)
def test_wrong_words_on_the_command_line(words, message, hetsim, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    result = hetsim("sweep", *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("hetsim-out").exists()


def test_help_has_an_example(hetsim):
    assert "hetsim sweep study.toml --out study.zarr --resume" in hetsim("sweep", "-h").stdout
