"""What is printed fits a terminal of 100 columns, and a wrong name is answered with at most three."""

import re
from collections import Counter

import pytest
from shipped import SOME

import hetsim as hs
from hetsim.cells.balance import described
from hetsim.commands.junction import text
from hetsim.commands.text_table import SCREEN, paragraph, table_rows
from hetsim.errors import MOST_SUGGESTIONS, did_you_mean
from hetsim.junctions.pair import pair_of_materials, pair_of_system
from hetsim.junctions.report import report
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.junction_file import junction_names, read_junction
from hetsim.parameters.library import component_names
from hetsim.parameters.system_file import read_system, system_names

KNOWN = [*SOME, *cell_names()]
CONTROLS = {name for system in SOME for name in read_system(system).controls}
PAIRED = [
    name
    for name in SOME
    if name not in CONTROLS
    and len(set(read_system(name).components)) == 2
    and set(read_system(name).components) <= set(component_names("materials"))
]
"""Systems with a junction of known materials; a control has one material."""


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")


def longest(printed):
    return max(len(line) for line in printed.splitlines())


def letters(printed):
    """How often each character stands there; rules and gaps do not count."""
    return Counter(re.sub(r"[\s-]", "", printed))


# --- width ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN)
def test_show_fits_and_wide_says_the_same(hetsim, name):
    variants = ["", *described(name).variants]
    for variant in variants:
        words = ["show", name, *(["--variant", variant] if variant else [])]
        narrow, wide = hetsim(*words).stdout, hetsim(*words, "--wide").stdout
        assert longest(narrow) <= SCREEN
        assert longest(wide) > SCREEN
        assert letters(narrow) == letters(wide)


@pytest.mark.parametrize("name", [name for name in SOME if read_system(name).controls])
def test_a_comparison_fits_and_wide_says_the_same(hetsim, name):
    words = ["show", name, "--against", read_system(name).controls[0]]
    narrow, wide = hetsim(*words).stdout, hetsim(*words, "--wide").stdout
    assert longest(narrow) <= SCREEN
    assert letters(narrow) == letters(wide)


@pytest.mark.parametrize("name", PAIRED)
def test_the_report_on_the_junction_of_a_system_fits(name):
    for variant in ("", *read_system(name).variants):
        one = report(pair_of_system(name, variant))
        assert longest(text([one], SCREEN)) <= SCREEN
        assert letters(text([one], SCREEN)) == letters(text([one]))


@pytest.mark.parametrize("name", junction_names())
def test_the_report_on_a_junction_of_the_library_fits(name):
    file = read_junction(name)
    one = report(pair_of_materials(*file.components, file.ion))
    assert longest(text([one, one], SCREEN)) <= SCREEN
    assert letters(text([one, one], SCREEN)) == letters(text([one, one]))


def test_interface_fits_with_its_files_and_wide_does_not_wrap(hetsim, monkeypatch):
    def quick(stem, figure):
        return {f"{stem}.{kind}": lambda path: path.touch() for kind in ("png", "svg")}

    monkeypatch.setattr("hetsim.commands.junction.figure_writers", quick)
    words = ("interface", "CZT", "--against", "MoS2-ZnIn2S4")
    narrow, wide = hetsim(*words).stdout, hetsim(*words, "--wide").stdout
    assert longest(narrow) <= SCREEN
    assert longest(wide.partition("written:")[0]) > SCREEN


@pytest.mark.parametrize("words", [["list"], ["list", "--materials"]], ids=" ".join)
def test_list_fits(hetsim, words):
    assert longest(hetsim(*words).stdout) <= SCREEN


def test_list_without_wide_leaves_columns_out_and_no_system(hetsim):
    narrow, wide = hetsim("list").stdout, hetsim("list", "--wide").stdout
    names = [
        [line.split()[0] for line in one.splitlines() if line.strip()] for one in (narrow, wide)
    ]
    assert names[0] == names[1]
    assert "variants" in wide.splitlines()[0]
    assert "variants" not in narrow.splitlines()[0]


def test_a_narrow_terminal_is_fitted_too(hetsim, monkeypatch):
    monkeypatch.setenv("COLUMNS", "72")
    assert longest(hetsim("show", "CZT").stdout) <= 72


def test_a_cell_wraps_below_itself():
    rows = table_rows(["name", "why"], [["mu", "a b c d e f"], ["nu", "3"]], 10)
    assert rows == ["name  why", "----  ----", "mu    a b\n      c d\n      e f", "nu       3"]


def test_the_end_of_a_number_stays_a_number():
    wrapped = table_rows(["n", "source"], [["1", "section 2.3"]], 12)[2]
    assert wrapped == "1  section\n   2.3"


def test_names_of_files_are_never_broken():
    name = "/a-long/way-down/" + 12 * "folder-" + "end.csv"
    assert name in paragraph(f"written: x, {name}", 40, indent="  ").splitlines()[-1]


# --- names that are not known -----------------------------------------------------------------------


def refused(call, *arguments):
    with pytest.raises(hs.ParameterError) as error:
        call(*arguments)
    return str(error.value)


def suggested(message):
    return re.findall(r"'([^']+)'", message.partition("Did you mean")[2].partition("?")[0])


FAMILIES = {
    "systems": (hs.load, system_names()),
    "cells": (hs.load, cell_names()),
    "materials": (read_material, component_names("materials")),
    "electrolytes": (read_electrolyte, component_names("electrolytes")),
    "junctions": (read_junction, junction_names()),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_name_in_other_letters_is_suggested_alone(family):
    load, known = FAMILIES[family]
    for name in known:
        for other in {name.lower(), name.upper(), name.swapcase()} - set(known):
            assert suggested(refused(load, other)) == [name]


@pytest.mark.parametrize("family", FAMILIES)
def test_at_most_three_names_are_suggested(family):
    load, known = FAMILIES[family]
    for name in known:
        message = refused(load, name[:-1] + "?")
        assert 1 <= len(suggested(message)) <= MOST_SUGGESTIONS
    nothing_like_it = refused(load, "9" * 40)
    assert not suggested(nothing_like_it)
    assert nothing_like_it.count("'") <= 2 * (1 + MOST_SUGGESTIONS)


def test_the_nearest_comes_first():
    for name in SOME:
        assert suggested(refused(hs.load, f"{name}x"))[0] == name


def test_rate_of_czt_in_small_letters(hetsim):
    result = hetsim("rate", "czt")
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: Unknown system 'czt'. Did you mean 'CZT'?")


@pytest.mark.parametrize("wrong", ["particle radius [m]", "Particle radus [m]", "PARTICLE RADIUS"])
def test_a_parameter_in_other_letters_is_found(wrong):
    message = refused(hs.load("CZT").with_values, {wrong: 1e-8})
    assert "'Particle radius [m]'" in message
    assert len(suggested(message)) <= MOST_SUGGESTIONS


def test_a_key_of_a_file_is_suggested():
    assert did_you_mean("Architecure", ["architecture", "hosts"]) == "Did you mean 'architecture'?"
    assert did_you_mean("zzz", "abcdef") == "Known: 'a', 'b', 'c' and 3 more."
    assert did_you_mean("zzz", "abc", "See the list.") == "See the list."
    assert did_you_mean("ab", ["ab1", "ab2", "ab3", "ab4"]).count("'") == 6


def test_a_command_is_suggested(hetsim):
    assert "Did you mean 'show'?" in hetsim("sho", "CZT").stderr
