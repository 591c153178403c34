"""`hetsim new`: a runnable file from eight numbers, never over another file."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import hetsim as hs
from hetsim.cli import main
from tests.helpers.command_line import one_object

EIGHT = [
    *("--ion", "Na", "--window", "0.01", "3", "--loading", "1.1"),
    *("--materials", "Bi2S3", "SnS"),
    "--rate",
    "curve.csv",
]
CURVE = "current_A_per_g,capacity_mAh_per_g\n0.1,420\n0.5,360\n2,260\n5,180\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("curve.csv").write_text(CURVE)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(main, ["new", *words])


def test_the_file_runs_and_holds_the_curve(folder) -> None:
    result = run("my.toml", *EIGHT)
    assert result.exit_code == 0, result.output
    assert "hetsim fit my.toml" in result.output
    cell = hs.load("my.toml")
    assert cell.system.materials == ("Bi2S3", "SnS")
    assert cell.measured is not None
    assert cell.measured.capacities == (420, 360, 260, 180)
    assert cell.values.number("Active mass loading [mg.cm-2]") == 1.1
    rate = CliRunner().invoke(main, ["rate", "my.toml", "--model", "SPM", "--compare"])
    assert rate.exit_code == 0, rate.output


def test_an_existing_file_is_kept_without_force(folder) -> None:
    Path("my.toml").write_text("mine")
    result = run("my.toml", *EIGHT)
    assert result.exit_code == 2
    assert "--force" in result.output
    assert Path("my.toml").read_text() == "mine"
    assert run("my.toml", *EIGHT, "--force").exit_code == 0
    assert Path("my.toml").read_text() != "mine"


def test_json_says_what_was_assumed(folder) -> None:
    result = run("a.toml", "--ion", "K", "--window", "0.01", "2.5", "--json")
    told = one_object(result.output)
    assert told["loading_assumed"] is True
    assert told["points"] == 0
    assert "Lower voltage cut-off [V]" in told["given"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["my.toml", "--ion", "Na", "--window", "3", "0.01"], "must be below"),
        (["my.toml", "--ion", "Cs", "--window", "0", "3"], "unknown ion 'Cs'"),
        (["my.toml", "--ion", "Na", "--window", "0", "3", "--loading", "0"], "= 0 is outside"),
        (["my.txt", "--ion", "Na", "--window", "0", "3"], "must end in .toml"),
        (["no/my.toml", "--ion", "Na", "--window", "0", "3"], "no folder"),
    ],
)
def test_bad_input_writes_nothing(folder, words: list[str], message: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert message in result.output
    assert not list(folder.glob("**/my.*"))
