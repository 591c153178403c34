"""Help, lists and what a file says do not wait for PyBaMM."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

import hetsim as hs
from hetsim.cli import COMMANDS, main
from hetsim.commands import analyse
from hetsim.engine.built import BuiltModel
from tests.helpers.engine import there

GROUPS = [(main, COMMANDS), (analyse.analyse, analyse.COMMANDS)]


@pytest.mark.parametrize(("group", "commands"), GROUPS)
def test_the_lines_of_the_group_are_the_first_sentences_of_its_commands(group, commands):
    context = click.Context(group)
    for name, (_, line) in commands.items():
        command = group.get_command(context, name)
        assert line == " ".join(command.help.split("\n\n")[0].split())


HELP = [
    [*name.split(), "--help"]
    for name in (*COMMANDS, *(f"analyse {one}" for one in analyse.COMMANDS))
]
QUICK = [["--help"], ["list"], ["show", "CZT"], ["list", "--materials"]]


def run_without(words: list[str], heavy: set[str], folder: Path) -> None:
    """A command in a process of its own, which must not import some modules."""
    script = (
        "import sys\n"
        "from hetsim.cli import main\n"
        f"main({words!r}, standalone_mode=False)\n"
        f"heavy = {heavy!r} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    run = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_quick_commands_import_nothing_heavy(words, tmp_path):
    run_without(words, {"pybamm", "pandas", "matplotlib", "scipy", "xarray"}, tmp_path)


def test_no_help_waits_for_pybamm(tmp_path):
    script = (
        "import sys\n"
        "from hetsim.cli import main\n"
        f"for words in {HELP!r}:\n"
        "    try:\n"
        "        main(words)\n"
        "    except SystemExit as end:\n"
        "        assert not end.code\n"
        "heavy = {'pybamm', 'pandas', 'matplotlib', 'xarray'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("Usage:") == len(HELP)


def test_an_unknown_command_is_refused(hetsim):
    result = hetsim("rat")
    assert result.exit_code == 2
    assert "No such command 'rat'" in result.stderr


def test_completion_names_the_commands_without_importing_them():
    items = main.shell_complete(click.Context(main), "ra")
    assert [item.value for item in items] == ["ragone", "rate"]


def test_a_rate_test_whose_tapes_are_kept_waits_for_no_pybamm(tmp_path, monkeypatch):
    """Nor for pandas: the table is written without it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HETSIM_KEEP_TAPES", "1")
    there(BuiltModel(hs.load("CZT"), "SPM").interpreter)
    words = ["rate", "CZT", "--model", "SPM", "--currents", "1", "--compare", "--out", "there"]
    run_without(words, {"pybamm", "casadi", "sympy", "pandas", "xarray"}, tmp_path)
    assert (tmp_path / "there" / "rate.csv").is_file()
