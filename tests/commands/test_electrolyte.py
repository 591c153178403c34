"""`hetsim electrolyte`: a table, files, JSON and a list."""

from click.testing import CliRunner

from hetsim.cli import main
from tests.helpers.command_line import one_object


def run(*words: str):
    return CliRunner().invoke(main, ["electrolyte", *words])


def test_files_and_words(tmp_path, vectors) -> None:
    result = run("peo-vs-disordered", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    assert "141 mV against the host" in " ".join(result.output.split())
    assert "In doubt: at 60 and 100 degC" in result.output
    assert {path.suffix for path in tmp_path.iterdir()} == {".png", ".svg", ".json"}


def test_list_has_all_and_wrong_names_are_told(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert len(one_object(run("--list", "--json").output)) == 26
    assert "if amorphous" in run("--list").output
    for words, said in ((("pan-g",), "Did you mean 'pan-go'"), ((), "Name a solid electrolyte")):
        result = run(*words)
        assert result.exit_code == 2
        assert said in result.output
    assert not any(tmp_path.iterdir())
