"""The consistency check: what must hold in every file that was made from facts.

The hand-written files have theirs in test_systems.py; all that is general is checked here of both.
"""

import math
import re
from functools import cache

import pytest
from shipped import BY_HAND, MADE

from hetsim import names
from hetsim.cells.template import CARBON_AND_BINDER
from hetsim.parameters.catalogue import METALS
from hetsim.parameters.component_file import read_material
from hetsim.parameters.host_names import ISOTHERM, LETTERS, is_composed, of_component
from hetsim.parameters.library import PARAMETER_SETS, component_names
from hetsim.parameters.schema import KINDS
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import System
from hetsim.units import MG_PER_CM2
from scripts.library.facts import Electrode, electrodes

ALL = [*BY_HAND, *MADE]


@cache
def systems() -> dict[str, System]:
    """Every system with its variants, by label."""
    found = {}
    for name in ALL:
        one = read_system(name)
        found[name] = one
        for variant in one.variants:
            changed = read_system(name, variant)
            found[changed.label] = changed
    return found


@cache
def facts() -> dict[str, Electrode]:
    return {one.name: one for one in electrodes()}


def made() -> dict[str, System]:
    return {name: systems()[name] for name in MADE}


def number(system: System, name: str) -> float:
    return system.values[name].number


def test_there_are_a_hundred_and_thirty_systems_and_more() -> None:
    assert len(ALL) >= 130
    assert set(ALL) == set(facts())


def test_every_number_has_a_kind_and_a_source_and_every_fit_a_range() -> None:
    for label, system in systems().items():
        for value in system.values.values():
            assert value.kind in KINDS, (label, value.name)
            assert value.source.strip(), (label, value.name)
            if value.kind == "fitted":
                assert value.range is not None, (label, value.name)
                low, high = value.range
                assert low < value.number < high, (label, value.name)
                assert value.note.strip(), (label, value.name)
        assert all(curve.source.strip() for curve in system.measured), label
        assert all(point.source.strip() for point in system.aged), label


def test_loading_is_what_the_coating_holds() -> None:
    """loading = thickness x solid share x density x active share, of all files that say how thick they are."""
    for name, system in made().items():
        solid = number(system, names.THICKNESS) * (1 - number(system, "Electrode porosity"))
        loading = number(system, names.LOADING) * MG_PER_CM2
        volume = loading / number(system, names.DENSITY)
        # a fifth by mass of carbon and binder, as the source of the thickness says
        assert "a fifth by mass of carbon and binder" in system.values[names.THICKNESS].source
        assert volume + loading / 4 / CARBON_AND_BINDER == pytest.approx(solid, rel=1e-3), name
        active_share = volume / solid
        assert solid * number(system, names.DENSITY) * active_share == pytest.approx(loading), name


def test_active_material_fits_into_every_coating() -> None:
    for label, system in systems().items():
        volume = number(system, names.LOADING) * MG_PER_CM2 / number(system, names.DENSITY)
        solid = number(system, names.THICKNESS) * (1 - number(system, "Electrode porosity"))
        assert volume < solid, label


def test_shares_sum_to_one_and_sites_lie_inside_the_window() -> None:
    for label, system in systems().items():
        top = number(system, names.UPPER_CUT_OFF)
        for name, value in system.values.items():
            if name.endswith("shares"):
                assert sum(value.numbers) == pytest.approx(1, abs=1e-6), (label, name)
        if is_composed(system.values):
            for letter in LETTERS:
                lists = [system.values[of_component(letter, one)].numbers for one in ISOTHERM]
                for potential, gap in zip(lists[0], lists[3], strict=True):
                    assert potential + gap / 2 <= top, label
        for name in (names.EMPTY_POTENTIAL, names.FULL_POTENTIAL):
            if name in system.values:
                low = number(system, names.LOWER_CUT_OFF)
                assert low <= number(system, name) <= top, label


def test_controls_exist_and_are_of_the_same_ion() -> None:
    for label, system in systems().items():
        for control in system.controls:
            assert control in systems(), label
            assert systems()[control].ion == system.ion, label
        assert system.ion in METALS
    for name, one in facts().items():
        if one.control_of:
            assert name in systems()[one.control_of].controls


def test_controls_of_made_files_share_window_and_electrolyte() -> None:
    for name, system in made().items():
        for control in system.controls:
            other = systems()[control]
            assert other.electrolyte == system.electrolyte, name
            for key in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF, names.AMBIENT_TEMPERATURE):
                assert number(other, key) == number(system, key), (name, key)


def test_diffusivities_and_ends_of_the_curve_follow_from_what_they_are_derived_from() -> None:
    for name, system in made().items():
        assert number(system, names.EMPTY_POTENTIAL) == number(system, names.UPPER_CUT_OFF), name
        assert number(system, names.FULL_POTENTIAL) == number(system, names.LOWER_CUT_OFF), name
        a, b = (number(system, f"Component {letter} diffusivity [m2.s-1]") for letter in LETTERS)
        assert a == b, name
        value = system.values["Component A diffusivity [m2.s-1]"]
        if value.kind == "assumed" and value.source.startswith("R^2/D of"):
            hours = float(value.source.split()[2])
            radius = number(system, names.PARTICLE_SIZE)
            assert value.number == pytest.approx(radius**2 / (3600 * hours), rel=6e-3), name


def test_printed_points_stand_in_the_files() -> None:
    for name, system in made().items():
        one = facts()[name]
        points = [
            point
            for curve in system.measured
            for point in zip(curve.currents, curve.capacities, strict=True)
        ]
        assert points == [(point.current, point.capacity) for point in one.fresh], name
        assert len(system.aged) == len(one.ends), name


def test_both_values_of_a_doubt_stand_in_the_file_with_the_reason() -> None:
    checked = 0
    for name, system in made().items():
        told = " ".join([system.note, *(curve.note for curve in system.measured)])
        for doubt in facts()[name].doubts:
            other = [] if doubt.not_used.startswith("none") else [doubt.not_used]
            for words in (doubt.used, doubt.reason, *other):
                assert words in told, (name, words)
            checked += 1
    assert checked >= 25


def test_capacity_is_positive_and_above_what_was_measured() -> None:
    for label, system in systems().items():
        capacity = number(system, names.SPECIFIC_CAPACITY)
        assert math.isfinite(capacity)
        for curve in system.measured:
            # the highest current of all is measured on fewer sites than there are
            assert capacity >= 0.9 * max(curve.capacities), label


CELL = re.compile(r"^(?:(\d) )?M / \(N_A .*?\) with M = ([\d.]+) g/mol")


def cell_density(text: str) -> float | None:
    """n M / (N_A V) of "n M / (N_A V) with M = ... g/mol and the ... cell a ..., b ..., c ... angstrom" [kg.m-3]."""
    found = CELL.match(text)
    lengths = {axis: float(one) for axis, one in re.findall(r"\b([abc])(?: =)? ([\d.]+\d)", text)}
    if not found or "a" not in lengths:
        return None
    a = lengths["a"]
    volume = a * lengths.get("b", a) * lengths.get("c", a)
    angle = re.search(r"beta ([\d.]+) degrees", text)
    volume *= math.sin(
        math.radians(float(angle[1]) if angle else 120 if "hexagonal" in text else 90)
    )
    return int(found[1] or 1) * float(found[2]) * 1e-3 / (6.02214e23 * volume * 1e-30)


def test_densities_are_those_of_their_cells() -> None:
    checked = 0
    for name in component_names("materials"):
        value = read_material(name).values.get("Density [kg.m-3]")
        expected = cell_density(value.source) if value is not None else None
        if value is not None and expected is not None:
            assert value.number == pytest.approx(expected, rel=4e-3), name  # three digits
            checked += 1
    assert checked >= 14


def test_sources_that_were_not_at_hand_are_marked_as_unsure() -> None:
    for folder in ("materials", "electrolytes", "systems"):
        for path in (PARAMETER_SETS / folder).glob("*.toml"):
            text = path.read_text(encoding="utf-8")
            assert "not re-read" not in text, path.name
            for line in text.splitlines():
                if "Handbook" in line and "assumed" not in line and "second source" not in line:
                    assert "unsure" in line, (path.name, line[:60])
