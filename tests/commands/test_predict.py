"""`hetsim predict`: a table, files, JSON and a list; nothing is written for wrong input."""

import json

import pytest
from click.testing import CliRunner

from hetsim.cli import main
from tests.helpers.command_line import one_object


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(main, ["predict", *words])


def test_files_and_words(folder, vectors) -> None:
    result = run("VS2", "graphene", "--ion", "Na", "--currents", "0.1", "5")
    assert result.exit_code == 0, result.output
    assert "Theoretical capacity 578 mAh/g" in result.output
    written = {path.name for path in (folder / "hetsim-out/VS2-graphene-Na-predict").iterdir()}
    assert written == {"predict.png", "predict.svg", "predict.csv", "predict.json"}


def test_json_is_one_object(folder) -> None:
    result = run("CoS2", "--ion", "Na", "--currents", "1", "--json", "--out", "here")
    told = one_object(result.output)
    assert told["materials"] == ["CoS2"]
    assert told["low_mAh_per_g"][0] < told["median_mAh_per_g"][0] < told["high_mAh_per_g"][0]
    assert told["theoretical_capacity_mAh_per_g"] == pytest.approx(871, rel=1e-3)


def test_list_has_every_pair() -> None:
    assert len(one_object(run("--list", "--json").output)) == 42
    assert "0.353 to 0.613" in run("--list").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name one material or two"),
        (("VS2", "graphene", "--ion", "Na", "--capacity", "-1"), "theoretical capacity is -1"),
        (("C3N", "graphene", "--ion", "Na"), "was computed for Li"),
        (("VS2", "graphene", "--ion", "Na", "--currents", "-1"), "-1 A/g"),
    ],
)
def test_wrong_input_writes_nothing(folder, words: tuple[str, ...], said: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert not any(folder.iterdir())


def test_the_list_is_of_one_ion_where_it_is_named(hetsim) -> None:
    told = [
        json.loads(hetsim("predict", "--list", "--json", *more).stdout)
        for more in ([], ["--ion", "K"])
    ]
    assert {one["ion"] for one in told[1]} == {"K"}
    assert len(told[1]) < len(told[0])
    wrong = hetsim("predict", "--list", "--ion", "Zz")
    assert wrong.exit_code == 2
    assert "'Zz'" in wrong.stderr
    assert "Na" in wrong.stderr
