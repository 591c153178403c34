"""docs/systems.md is that of the parameter files."""

from pathlib import Path

import pytest
from shipped import BY_HAND

from hetsim.parameters.catalogue import by_hand, groups
from hetsim.parameters.system_file import read_system
from scripts.systems_page import fitted_groups, page, simulate, stamp, stored, what_a_field_could_do

PAGE = Path(__file__).parents[2] / "docs" / "systems.md"
AGAIN = ("CT", "A-V2O5-graphene", "MoS2-ZnIn2S4")
"""Simulated again: one of two points, one of two charges, one of one point."""
REMEDY = "write it again with `python -m scripts.systems_page`"


def test_page_was_written_from_these_parameter_files() -> None:
    found = stored(PAGE.read_text(encoding="utf-8"))
    assert sorted(found) == BY_HAND, REMEDY
    old = [name for name in BY_HAND if found[name].stamp != stamp(read_system(name))]
    assert not old, REMEDY


def test_page_says_what_the_files_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text == page(by_hand(), stored(text)), REMEDY


@pytest.mark.parametrize("name", AGAIN)
def test_capacities_on_the_page_are_those_of_a_run(name: str) -> None:
    found = stored(PAGE.read_text(encoding="utf-8"))[name]
    # the last digit is rounded, and the solver's tolerance is 1e-6 of each step
    assert simulate(read_system(name)).capacities == pytest.approx(found.capacities, abs=0.3)


def test_page_holds_what_a_reader_asks_for() -> None:
    """Measured, simulated, error, fitted values, architecture and what a field could do."""
    text = PAGE.read_text(encoding="utf-8")
    for name in BY_HAND:
        system = read_system(name)
        section = text.split(f"\n### {name}\n")[1].split("\n### ")[0]
        for words in (system.architecture, system.note, "*What a field could do*", "*Fitted*"):
            assert words in section, name
        for same in fitted_groups(system):
            assert same[0].name in section
        for curve in system.measured:
            assert all(f"{one:g}" in section for one in curve.capacities)
        assert ("*Not compared*" in section) == (not system.measured)


def test_one_material_has_no_field() -> None:
    assert "no junction" in what_a_field_could_do(read_system("ZnIn2S4"))
    assert "62.8 mV (measured)" in what_a_field_could_do(read_system("Co-FeSe-Fe3Se4"))


def test_every_system_is_in_one_group() -> None:
    names = [one.name for group in groups(by_hand()) for one in group.systems]
    assert sorted(names) == BY_HAND
    assert all(len({one.ion for one in group.systems}) == 1 for group in groups(by_hand()))


def test_stamp_follows_values_and_not_words(tmp_path: Path) -> None:
    head = '[system]\nname = "own"\nbase = "CZT"\nnote = "{}"\n[parameters]\n'
    line = '"Particle radius [m]" = {{ value = {}, kind = "assumed", source = "{}" }}\n'
    stamps = []
    for number, words in ((2.5e-7, "one"), (2.5e-7, "other"), (2.6e-7, "one")):
        path = tmp_path / "own.toml"
        path.write_text(head.format(words) + line.format(number, words), encoding="utf-8")
        stamps.append(stamp(read_system(path)))
    assert stamps[0] == stamps[1] != stamps[2]
