"""A system written as a parameter file and read back is the same system."""

from dataclasses import replace

import pytest
from shipped import SOME

import hetsim as hs
from hetsim.parameters.system_file import read_system
from hetsim.parameters.system_text import quoted, system_text

HEAD = (
    "name", "title", "ion", "classification", "architecture", "materials", "components", "electrolyte",
    "controls", "reference", "note", "interface", "measured", "aged",
)  # fmt: skip


@pytest.mark.parametrize("name", SOME)
def test_every_shipped_system_comes_back(name, tmp_path):
    for variant in ("", *read_system(name).variants):
        written = read_system(name, variant)
        path = tmp_path / "written.toml"
        path.write_text(system_text(written, "a comment\nof two lines"), encoding="utf-8")
        back = read_system(path)
        for key in HEAD:
            assert getattr(back, key) == getattr(written, key), key
        told = [
            {key: (one.value, one.kind, one.source, one.range, one.note) for key, one in of.items()}
            for of in (written.values, back.values)
        ]
        assert told[0] == told[1]
        assert back.facts.keys() == written.facts.keys()


def test_a_changed_electrolyte_is_named_in_a_comment():
    name = "Reference electrolyte conductivity [S.m-1]"
    cell = hs.load("CZT").with_values({name: 0.77})
    text = system_text(cell.system)
    assert f'# "{name}" = 0.77 belongs in the file of the electrolyte' in text


def test_odd_texts_are_quoted(tmp_path):
    system = replace(read_system("CZT"), note='quotes " and \\ and\nlines, µ', variant="")
    path = tmp_path / "odd.toml"
    path.write_text(system_text(system), encoding="utf-8")
    assert read_system(path).note == system.note
    assert quoted('a"b') == '"a\\"b"'
