"""parameter_sets/index.json says what the files say."""

import json
import subprocess
import sys

from command_line import one_object
from shipped import BY_HAND, MADE

from hetsim.parameters.index import FILE, entries, index_text
from hetsim.parameters.library import system_names
from scripts.library.index import index_entries

REMEDY = "write it again with `python -m scripts.build_library --index`"


def test_index_was_written_from_these_files() -> None:
    assert index_text(index_entries()) == FILE.read_text(encoding="utf-8"), REMEDY


def test_index_comes_back_as_it_was_written() -> None:
    found = entries()
    assert index_text(found) == FILE.read_text(encoding="utf-8")
    assert {one.name for one in found if one.made} == set(MADE)
    assert set(system_names()) == {*BY_HAND, *MADE}
    assert not set(BY_HAND) & set(MADE)


def test_a_list_reads_no_system() -> None:
    """`hetsim list` must stay as quick with hundreds of systems as with twenty."""
    code = (
        "import sys, hetsim.parameters.system_file as files\n"
        "def refuse(*_): raise AssertionError('a system was read')\n"
        "files._read_system = refuse\n"
        "from hetsim.cli import main\n"
        "main(['list', '--json'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert len(json.loads(done.stdout)) == len(entries())


def test_list_finds_sulfides_of_sodium_with_their_controls(hetsim) -> None:
    words = ("list", "--ion", "na", "--class", "Sulfide", "--with-controls")
    found = one_object(hetsim(*words, "--json").stdout)
    names = {one["system"] for one in found}
    assert {"SnS2-Co3S4-rGO", "SnS2-Co3S4", "FeS-Sb-C", "FeS-Sb-C-FD", "FeS-Sb-C-FP"} <= names
    assert all(one["ion"] == "Na" for one in found)
    pairs = [one for one in found if one["controls"]]
    controls = {name for one in pairs for name in one["controls"]}
    assert names == controls | {one["system"] for one in pairs}
    assert all("sulfide" in one["class"].split("/") for one in pairs)
    lines = hetsim(*words).stdout.splitlines()
    place = next(k for k, line in enumerate(lines) if line.startswith("  SnS2-Co3S4-rGO"))
    assert lines[place + 1].startswith("  SnS2-Co3S4 ")


def test_list_by_points_architecture_and_file(hetsim) -> None:
    full = one_object(hetsim("list", "--points", "5", "--json").stdout)
    assert len(full) >= 62
    assert all(one["points"] >= 5 for one in full)
    layers = one_object(hetsim("list", "--architecture", "stacked-parallel", "--json").stdout)
    assert {one["architecture"] for one in layers} == {"stacked-parallel"}
    hand = one_object(hetsim("list", "--by-hand", "--json").stdout)
    assert [one["system"] for one in hand][: len(BY_HAND)] == BY_HAND


def test_what_no_system_has_is_refused_with_the_nearest(hetsim) -> None:
    for words, said in (
        (("--class", "sulphide"), "No system has the class 'sulphide'. Did you mean 'sulfide'"),
        (("--ion", "Rb"), "No system has the ion 'Rb'."),
        (("--architecture", "stacked"), "No system has the architecture 'stacked'."),
    ):
        result = hetsim("list", *words)
        assert result.exit_code == 2
        assert said in result.stderr
    nothing = hetsim("list", "--ion", "Zn", "--with-controls")
    assert nothing.exit_code == 0
    assert "No system that ships is all of that" in nothing.stdout
