"""The parameter file as a document: what it refuses, in which words, and what a cell keeps."""

import itertools
import os
import pickle
import re
import subprocess
import sys
import tomllib
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import hetsim as hs
from hetsim.parameters import PARAMETER_SETS, read_material, read_system, system_names
from hetsim.reading import ParameterError
from hetsim.schema import KINDS, SCHEMA
from hetsim.systems import content_hash

SHIPPED = (PARAMETER_SETS / "systems" / "CZT.toml").read_text(encoding="utf-8")
DOCUMENT = tomllib.loads(SHIPPED)

RADIUS = "Particle radius [m]"
FIELD = "Built-in potential [V]"
LOW, HIGH = "Lower voltage cut-off [V]", "Upper voltage cut-off [V]"
SHARES = "Insertion plateau shares"
POTENTIALS = "Extraction plateau potentials [V]"
WIDTHS = "Insertion plateau widths"


def shipped(name):
    return DOCUMENT["parameters"][name]["value"]


def entry(value, kind='"assumed"', source='"this test"', **more):
    """The right side of a parameter's line; the pieces are TOML."""
    pieces = {"value": value, "kind": kind, "source": source, **more}
    return "{ " + ", ".join(f"{key} = {text}" for key, text in pieces.items() if text) + " }"


def with_line(name, line, text=SHIPPED):
    """The shipped file with the line of one parameter replaced."""
    changed, count = re.subn(
        rf'^"{re.escape(name)}" = .*$', lambda _: line, text, count=1, flags=re.M
    )
    assert count == 1, name
    return changed


def with_entry(name, right):
    return with_line(name, f'"{name}" = {right}')


def with_text(old, new, text=SHIPPED):
    assert old in text, old
    return text.replace(old, new, 1)


def with_head(key, right):
    changed, count = re.subn(
        rf"^{key} = .*$", lambda _: f"{key} = {right}", SHIPPED, count=1, flags=re.M
    )
    assert count == 1, key
    return changed


def derived_from(base, body=""):
    return f'[system]\nname = "own"\nbase = {base}\n{body}'


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "cell.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def refusal(written):
    """The message with which a file is refused."""

    def read(text, variant=""):
        with pytest.raises(ParameterError) as caught:
            hs.load(written(text), variant)
        return str(caught.value)

    return read


def assert_says(message, *words):
    for word in words:
        assert word in message, f"{word!r} is not in {message!r}"


# --- what a file may hold ------------------------------------------------------------------------


def test_the_shipped_text_unchanged_is_accepted(written):
    assert hs.load(written(SHIPPED)).parameters_hash == hs.load("CZT").parameters_hash


@pytest.mark.parametrize("value", ["1e-7", "100e-9", "0.0000001"])
def test_a_changed_value_is_read_as_written(written, value):
    assert hs.load(written(with_entry(RADIUS, entry(value)))).values[RADIUS] == float(value)


BAD_ENTRIES = {
    "wrong unit": (
        with_line(RADIUS, f'"Particle radius [nm]" = {entry("250")}'),
        ["'Particle radius [nm]'", "'Particle radius [m]'", "units of m"],
    ),
    "unit left out": (
        with_line(RADIUS, f'"Particle radius" = {entry("1e-7")}'),
        ["'Particle radius'", "'Particle radius [m]'"],
    ),
    "unit where there is none": (
        with_line("Fast fraction", f'"Fast fraction [%]" = {entry("0.3")}'),
        ["'Fast fraction [%]'", "'Fast fraction'", "without a unit"],
    ),
    "misspelt": (
        with_line(RADIUS, f'"Particel radius [m]" = {entry("1e-7")}'),
        ["'Particel radius [m]'", "Did you mean 'Particle radius [m]'"],
    ),
    "unknown": (
        with_line(RADIUS, f'"xyzzy" = {entry("1e-7")}'),
        ["'xyzzy'", "hetsim show"],
    ),
    "of another file": (
        with_line(RADIUS, f'"Thermodynamic factor" = {entry("3")}'),
        ["'Thermodynamic factor'", "file of the electrolyte"],
    ),
    "left out": (with_line(RADIUS, ""), [f"'{RADIUS}'", "missing"]),
    "bare number": (
        with_entry(RADIUS, "2.5e-7"),
        [f"'{RADIUS}'", "{ value, kind, source }", "2.5e-07"],
    ),
    "no value": (with_entry(RADIUS, entry("")), [f"'{RADIUS}'", "{ value, kind, source }"]),
    "unknown key": (
        with_entry(RADIUS, entry("1e-7", sauce='"x"')),
        [f"'{RADIUS}'", "'sauce'", "'source'"],
    ),
    "no source": (
        with_entry(RADIUS, entry("1e-7", source="")),
        [f"'{RADIUS}'", "no source", KINDS["assumed"]],
    ),
    "blank source": (
        with_entry(RADIUS, entry("1e-7", kind='"measured"', source='"  "')),
        [f"'{RADIUS}'", "no source", KINDS["measured"]],
    ),
    "source that is a number": (
        with_entry(RADIUS, entry("1e-7", source="3")),
        [f"'{RADIUS}'", "no source"],
    ),
    "no kind": (with_entry(RADIUS, entry("1e-7", kind="")), [f"'{RADIUS}'", "kind", *KINDS]),
    "unknown kind": (
        with_entry(RADIUS, entry("1e-7", kind='"guessed"')),
        [f"'{RADIUS}'", "'guessed'", *KINDS],
    ),
    "fitted without a range": (
        with_entry(RADIUS, entry("1e-7", kind='"fitted"')),
        [f"'{RADIUS}'", "fitted", "range"],
    ),
    "below its own range": (
        with_entry(RADIUS, entry("1e-7", range="[2e-7, 3e-7]")),
        [f"'{RADIUS}'", "1e-07", "[2e-07, 3e-07]"],
    ),
    "above its own range": (
        with_entry(RADIUS, entry("4e-7", range="[2e-7, 3e-7]")),
        [f"'{RADIUS}'", "4e-07", "[2e-07, 3e-07]"],
    ),
    "range of one number": (
        with_entry(RADIUS, entry("1e-7", range="[2e-7]")),
        [f"'{RADIUS}'", "[low, high]", "[2e-07]"],
    ),
    "range without an end": (
        with_entry(RADIUS, entry("1e-7", range="[1e-8, inf]")),
        [f"'{RADIUS}'", "inf", "finite"],
    ),
    "too large": (
        with_entry(RADIUS, entry("250")),
        [f"'{RADIUS}'", "250", f"{SCHEMA[RADIUS].low:g} to {SCHEMA[RADIUS].high:g}"],
    ),
    "negative": (
        with_entry(RADIUS, entry("-1e-7")),
        [f"'{RADIUS}'", "-1e-07", f"{SCHEMA[RADIUS].low:g} to {SCHEMA[RADIUS].high:g}"],
    ),
    "infinite": (with_entry(RADIUS, entry("inf")), [f"'{RADIUS}'", "inf", "finite"]),
    "minus infinite": (with_entry(FIELD, entry("-inf")), [f"'{FIELD}'", "-inf", "finite"]),
    "not a number": (with_entry(RADIUS, entry("nan")), [f"'{RADIUS}'", "nan", "finite"]),
    "not a number in a list": (
        with_entry(SHARES, entry("[0.5, nan]")),
        [f"'{SHARES}'", "nan", "finite"],
    ),
    "text": (with_entry(RADIUS, entry('"1e-7"')), [f"'{RADIUS}'", "number", "'1e-7'"]),
    "true": (with_entry(RADIUS, entry("true")), [f"'{RADIUS}'", "number", "True"]),
    "date": (with_entry(RADIUS, entry("2023-01-01")), [f"'{RADIUS}'", "number", "2023"]),
    "list for a number": (
        with_entry(RADIUS, entry("[1e-7]")),
        [f"'{RADIUS}'", "one number", "[1e-07]"],
    ),
    "number for a list": (with_entry(SHARES, entry("1.0")), [f"'{SHARES}'", "list", "1.0"]),
    "misspelt fact": (
        with_line("Component ratio", f'"Component ration" = {entry("1.45")}'),
        ["'Component ration'", "'Component ratio'"],
    ),
    "fact without a source": (
        with_entry("Component ratio", entry("1.45", source="")),
        ["'Component ratio'", "no source"],
    ),
}


@pytest.mark.parametrize(("text", "words"), BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_a_bad_entry_is_named_with_its_value_and_the_remedy(refusal, text, words):
    assert_says(refusal(text), "cell.toml", *words)


BAD_TABLES = {
    "syntax": (with_line(RADIUS, f'"{RADIUS}" = {{ value = '), ["not valid TOML", "line"]),
    "same name twice": (
        with_line(RADIUS, 2 * f'"{RADIUS}" = {entry("1e-7")}\n'),
        ["not valid TOML"],
    ),
    "empty file": ("", ["[system]", "missing"]),
    "no [system]": (with_text("[system]\n", "[sys]\n"), ["[system]", "missing"]),
    "misspelt table": (with_text("[parameters]", "[paramters]"), ["'paramters'", "'parameters'"]),
    "unknown table": (SHIPPED + "\n[extra]\na = 1\n", ["'extra'", "parameters", "variants"]),
    "misspelt key": (with_text("reference = ", "referense = "), ["'referense'", "'reference'"]),
    "unknown key": (with_text("[system]\n", "[system]\ncode = 1\n"), ["'code'", "architecture"]),
    "no name": (with_text('name = "CZT"', ""), ["'name'", "missing"]),
    "unknown architecture": (
        with_head("architecture", '"layered"'),
        ["'layered'", "dispersed", "core-shell"],
    ),
    "core and shell without their lengths": (
        with_head("architecture", '"core-shell"'),
        ["'Core Debye length [m]'", "missing", "4 in all"],
    ),
}


@pytest.mark.parametrize(("text", "words"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_a_bad_table_is_named_with_what_is_allowed(refusal, text, words):
    assert_says(refusal(text), "cell.toml", *words)


@pytest.mark.parametrize(
    ("key", "right", "words"),
    [
        ("components", '["CoTe3", "ZnTe"]', ["Unknown material 'CoTe3'", "CoTe2"]),
        ("electrolyte", '"4M-KFSI"', ["Unknown electrolyte '4M-KFSI'", "4M-KFSI-DME"]),
    ],
)
def test_an_unknown_component_is_named_with_the_nearest(refusal, key, right, words):
    assert_says(refusal(with_head(key, right)), *words)


# --- the open-circuit curve and the cut-offs -----------------------------------------------------


def changed_list(name, change):
    values = list(shipped(name))
    change(values)
    return with_entry(name, entry(values))


def test_shares_of_a_branch_sum_to_one(refusal):
    text = changed_list(SHARES, lambda shares: shares.__setitem__(0, shares[0] + 0.05))
    assert_says(refusal(text), "cell.toml", f"'{SHARES}'", "1.05", "sum to 1")


def test_shares_may_be_rounded_to_seven_decimals(written):
    text = changed_list(SHARES, lambda shares: shares.__setitem__(0, shares[0] + 1e-7))
    assert hs.load(written(text)).values[SHARES][0] == shipped(SHARES)[0] + 1e-7


@pytest.mark.parametrize("step", [0.1, 0.0], ids=["rises", "is flat"])
def test_potentials_must_fall_from_plateau_to_plateau(refusal, step):
    text = changed_list(POTENTIALS, lambda steps: steps.__setitem__(1, steps[0] + step))
    potentials = [shipped(POTENTIALS)[0], shipped(POTENTIALS)[0] + step]
    message = refusal(text)
    assert_says(message, f"'{POTENTIALS}'", str(potentials)[:-1], "must fall", "not monotonic")


@pytest.mark.parametrize("name", [SHARES, WIDTHS, "Insertion plateau potentials [V]"])
def test_plateau_lists_must_fit_together(refusal, name):
    lengths = {other: len(shipped(other)) for other in (SHARES, WIDTHS)}
    message = refusal(changed_list(name, lambda values: values.pop()))
    if name in lengths:
        lengths[name] -= 1
    assert_says(
        message,
        "insertion branch",
        f"{lengths[SHARES]} shares",
        f"{lengths[WIDTHS]} widths",
        "n, n and n - 1",
    )


@pytest.mark.parametrize("lower", [shipped(HIGH), shipped(HIGH) + 0.5], ids=["equal", "crossed"])
def test_crossed_cut_offs_are_refused(refusal, lower):
    message = refusal(with_entry(LOW, entry(lower)))
    assert_says(message, "lower voltage cut-off", f"{lower:g} V", "below", f"{shipped(HIGH):g} V")


# --- measured curves in a file -------------------------------------------------------------------


def measured_table(
    currents="[0.1, 1.0]", capacities="[300.0, 200.0]", source='source = "Fig. 1"', more=""
):
    head = SHIPPED[: SHIPPED.index("[[measured.rate]]")]
    return (
        f"{head}[[measured.rate]]\ncurrents_A_per_g = {currents}\n"
        f"capacities_mAh_per_g = {capacities}\n{source}\n{more}\n"
    )


def test_a_measured_table_is_read(written):
    found = hs.load(written(measured_table())).measured
    assert (found.currents, found.capacities) == ((0.1, 1.0), (300.0, 200.0))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (measured_table(currents="[-0.1, 1.0]"), ["currents", "positive"]),
        (measured_table(currents="[0.0, 1.0]"), ["currents", "positive"]),
        (measured_table(capacities="[300.0, -1.0]"), ["capacities", "positive"]),
        (measured_table(currents="[nan, 1.0]"), ["'currents_A_per_g'", "nan", "finite"]),
        (measured_table(capacities="[inf, 1.0]"), ["'capacities_mAh_per_g'", "inf", "finite"]),
        (measured_table(currents="[true, 1.0]"), ["'currents_A_per_g'", "True", "number"]),
        (measured_table(currents='["0.1", 1.0]'), ["'currents_A_per_g'", "'0.1'", "number"]),
        (measured_table(currents="[1.0]"), ["1 currents", "2 capacities", "equally many"]),
        (measured_table("[]", "[]"), ["0 currents", "0 capacities"]),
        (measured_table(source=""), ["source"]),
        (measured_table(more="capacity = 3"), ["'capacity'", "capacities_mAh_per_g"]),
    ],
    ids=[
        "negative current",
        "no current",
        "negative capacity",
        "not a number",
        "infinite",
        "true",
        "text",
        "lengths",
        "empty",
        "no source",
        "unknown key",
    ],
)
def test_a_bad_measured_table_is_refused(refusal, table, words):
    assert_says(refusal(table), "cell.toml [measured.rate]", *words)


# --- variants ------------------------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["coreshell", "dispersed"])
def test_an_unknown_variant_is_named_with_those_there_are(refusal, variant):
    assert_says(refusal(SHIPPED, variant), "cell.toml", f"'{variant}'", "core-shell")


def test_a_system_without_variants_says_so():
    with pytest.raises(ParameterError, match="no variant 'core-shell'; it has: none"):
        hs.load("CT", "core-shell")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('architecture = "core-shell"', 'architecture = "shell"', ["'shell'", "dispersed"]),
        ('architecture = "core-shell"', 'architektur = "core-shell"', ["'architektur'"]),
        ('"Core radius fraction"', '"Core radius fracton"', ["'Core radius fraction'"]),
    ],
    ids=["architecture", "key", "parameter"],
)
def test_a_bad_variant_is_named(refusal, old, new, words):
    assert_says(refusal(with_text(old, new), "core-shell"), "[variants.core-shell", *words)


def test_a_variant_changes_its_own_values_and_nothing_else():
    plain, variant = read_system("CZT"), read_system("CZT", "core-shell")
    own = DOCUMENT["variants"]["core-shell"]["parameters"]
    assert {name for name in own if variant.values[name].value == own[name]["value"]} == set(own)
    assert all(variant.values[name] == plain.values[name] for name in set(plain.values) - set(own))


# --- names of systems ----------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "near"), [("CZTT", "CZT"), ("czt", "CZT"), ("ZTC", "ZT")])
def test_an_unknown_system_is_named_with_the_nearest(name, near):
    with pytest.raises(ParameterError) as caught:
        hs.load(name)
    assert_says(str(caught.value), f"Unknown system '{name}'", near, "hetsim list")


def test_a_name_like_none_of_them_gets_them_all():
    with pytest.raises(ParameterError) as caught:
        hs.load("?")
    assert_says(str(caught.value), *system_names())


def test_a_parameter_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"no parameter file .*absent\.toml"):
        hs.load(tmp_path / "absent.toml")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "cell.toml"
    path.write_bytes(b"\xff\xfe\x00name")
    with pytest.raises(ParameterError, match=r"cell\.toml: cannot be read"):
        hs.load(path)


def test_every_refusal_is_a_value_error():
    assert issubclass(hs.ParameterError, ValueError)


# --- inheritance ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CT", "ZT"])
def test_a_control_shares_all_that_it_does_not_override(name):
    own = tomllib.loads((PARAMETER_SETS / "systems" / f"{name}.toml").read_text("utf-8"))
    base, control = read_system("CZT"), read_system(name)
    assert set(base.values) == set(control.values)
    shared = set(base.values) - set(own["parameters"])
    assert shared
    assert {n: base.values[n] for n in shared} == {n: control.values[n] for n in shared}


@pytest.mark.parametrize("name", ["CT", "ZT"])
def test_a_control_has_its_own_measurements_and_facts(name):
    base, control = read_system("CZT"), read_system(name)
    assert control.measured
    assert control.measured != base.measured
    polarisation = "Polarisation at 0.1 A/g [V]"
    assert control.facts[polarisation].value > base.facts[polarisation].value


def test_a_file_of_the_users_overrides_one_value_of_its_base(written):
    cell = hs.load(written(derived_from('"CZT"', f'[parameters]\n"{RADIUS}" = {entry("1e-7")}\n')))
    base = hs.load("CZT")
    assert cell.name == "own"
    differing = {name for name in base.values if cell.values[name] != base.values[name]}
    assert differing == {RADIUS}
    assert cell.system.values[RADIUS].origin == "cell"


def test_a_base_that_is_not_there_is_named(refusal):
    assert_says(refusal(derived_from('"CZZ"')), "'CZZ'", "CZT")


def test_components_bring_their_values_with_their_source():
    system = read_system("CZT")
    for letter, material in zip("AB", system.components, strict=True):
        carried = system.values[f"Component {letter} work function [eV]"]
        printed = read_material(material).values["Work function [eV]"]
        assert (carried.value, carried.source) == (printed.value, printed.source)


# --- values are frozen, changes are new cells ----------------------------------------------------


@pytest.fixture(scope="module")
def czt():
    return hs.load("CZT")


@pytest.fixture(scope="module")
def core_shell():
    return hs.load("CZT", "core-shell")


def test_with_values_gives_a_new_cell_and_leaves_the_old(czt):
    before = dict(czt.values)
    other = czt.with_values({RADIUS: 1e-7})
    assert other.values == {**before, RADIUS: 1e-7}
    assert czt.values == before


def test_a_cell_cannot_be_assigned_to(czt):
    with pytest.raises(FrozenInstanceError):
        czt.classes = 1


def test_a_changed_value_says_who_set_it_and_what_the_file_had(czt):
    value = czt.with_values({RADIUS: 1e-7}).system.values[RADIUS]
    assert value.origin == "user"
    assert f"{czt.values[RADIUS]:g}" in value.note


BAD_CHANGES = {
    "wrong unit": ({"Particle radius [nm]": 250}, ["'Particle radius [nm]'", f"'{RADIUS}'"]),
    "misspelt": ({"Built in potential [V]": 0.0}, ["'Built in potential [V]'", f"'{FIELD}'"]),
    "out of range": ({RADIUS: 250.0}, [f"'{RADIUS}'", "250", f"{SCHEMA[RADIUS].high:g}"]),
    "infinite": ({RADIUS: float("inf")}, [f"'{RADIUS}'", "inf", "finite"]),
    "not a number": ({RADIUS: float("nan")}, [f"'{RADIUS}'", "nan", "finite"]),
    "text": ({RADIUS: "1e-7"}, [f"'{RADIUS}'", "'1e-7'", "number"]),
    "true": ({RADIUS: True}, [f"'{RADIUS}'", "True", "number"]),
    "none": ({RADIUS: None}, [f"'{RADIUS}'", "None", "number"]),
    "number for a list": ({SHARES: 1.0}, [f"'{SHARES}'", "list", "1.0"]),
    "shares": ({SHARES: [0.1] * len(shipped(SHARES))}, [f"'{SHARES}'", "sum to 1"]),
    "rising": ({POTENTIALS: sorted(shipped(POTENTIALS))}, [f"'{POTENTIALS}'", "must fall"]),
    "lengths": ({WIDTHS: [0.1]}, ["1 widths", "n - 1"]),
    "cut-offs": ({LOW: shipped(HIGH)}, ["lower voltage cut-off", f"{shipped(HIGH):g} V"]),
    "field without a direction": ({FIELD: 0.06}, [f"'{FIELD}'", "0.06", "dispersed", "only 0"]),
}


@pytest.mark.parametrize(("changes", "words"), BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_a_bad_change_is_named_with_its_value_and_what_is_allowed(czt, changes, words):
    with pytest.raises(ParameterError) as caught:
        czt.with_values(changes)
    assert_says(str(caught.value), *words)


def test_a_refused_change_leaves_the_cell_as_it_was(czt):
    before = czt.parameters_hash
    with pytest.raises(ParameterError):
        czt.with_values({"Fast fraction": 0.1, RADIUS: -1.0})
    assert hs.load("CZT").parameters_hash == czt.parameters_hash == before


@pytest.mark.parametrize("potential", [0.0, 0.06, -0.3])
def test_a_core_shell_particle_takes_a_field_of_either_sign(core_shell, potential):
    assert core_shell.with_values({FIELD: potential}).values[FIELD] == potential


def test_cut_offs_may_move_together_past_the_old_ones(czt):
    moved = czt.with_values({LOW: shipped(HIGH) + 0.1, HIGH: shipped(HIGH) + 1.0})
    assert moved.values[LOW] == shipped(HIGH) + 0.1


@pytest.mark.parametrize(
    ("currents", "words"),
    [
        ([-1.0], ["-1 A/g", "positive"]),
        ([0.1, 0.0], ["0 A/g", "positive"]),
        ([float("nan")], ["'currents' is nan", "finite"]),
        ([float("inf")], ["'currents' is inf", "finite"]),
        ([], ["at least one current"]),
    ],
)
def test_a_rate_test_refuses_impossible_currents(currents, words):
    with pytest.raises(ParameterError) as caught:
        hs.RateTest(currents)
    assert_says(str(caught.value), *words)


@pytest.mark.parametrize("cycles", [0, -1])
def test_a_rate_test_has_a_cycle(cycles):
    with pytest.raises(ParameterError, match=f"at least 1 cycle .*got {cycles}"):
        hs.RateTest([1.0], cycles)


def test_an_unknown_model_is_named_with_those_there_are(czt):
    with pytest.raises(ParameterError, match="'P2D'; allowed: SPM, SPMe, DFN"):
        czt.model("P2D")


# --- the hash ------------------------------------------------------------------------------------

NEXT_CHARGE = 2.0


def neighbour(name, value):
    """Another value that is allowed, as close as makes sense."""
    if name == "Charge number":
        return NEXT_CHARGE
    if isinstance(value, tuple):
        shift = {"shares": (1e-9, -1e-9)}.get(name.split()[-1], (1e-9,))
        moves = itertools.chain(shift, itertools.repeat(0.0))
        return [one + move for one, move in zip(value, moves, strict=False)]
    if value == 0:
        return 1e-9 * SCHEMA[name].high
    return value * (1 + 1e-9 if value == SCHEMA[name].low else 1 - 1e-9)


@pytest.mark.parametrize("name", list(read_system("CZT", "core-shell").values))
def test_the_hash_changes_with_any_value(core_shell, name):
    other = core_shell.with_values({name: neighbour(name, core_shell.values[name])})
    assert other.parameters_hash != core_shell.parameters_hash


@pytest.mark.parametrize("structure", [{"classes": 1}, {"fast": False}])
def test_the_hash_changes_with_the_structure(czt, structure):
    assert czt.with_particle(**structure).parameters_hash != czt.parameters_hash


def test_the_hash_changes_with_the_architecture(czt, core_shell):
    lengths = {name: core_shell.values[name] for name in core_shell.values}
    same = czt.with_values({**lengths, FIELD: 0.0})
    other = core_shell.with_values({FIELD: 0.0})
    assert same.values == other.values
    assert same.parameters_hash != other.parameters_hash


def test_systems_have_hashes_of_their_own():
    assert len({hs.load(name).parameters_hash for name in system_names()}) == len(system_names())


def test_the_hash_does_not_know_the_order_of_the_values():
    assert content_hash({"a": 1.0, "b": 2.0}) == content_hash({"b": 2.0, "a": 1.0})


def test_the_hash_comes_back_with_the_value(czt):
    there = czt.with_values({RADIUS: 1e-7})
    assert there.with_values({RADIUS: czt.values[RADIUS]}).parameters_hash == czt.parameters_hash


def test_the_hash_is_the_same_in_another_process(czt):
    code = "import hetsim as hs; print(hs.load('CZT').parameters_hash)"
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.stdout.strip() == czt.parameters_hash


# --- the systems that ship -----------------------------------------------------------------------

SHIPPED_CELLS = [
    (name, variant) for name in system_names() for variant in ("", *read_system(name).variants)
]


def loose_numbers(node, path=()):
    """Numbers of a document that stand outside an entry with kind and source."""
    if isinstance(node, dict):
        if "value" in node and node.get("kind") in KINDS and str(node.get("source", "")).strip():
            return
        for key, inner in node.items():
            yield from loose_numbers(inner, (*path, key))
    elif isinstance(node, list):
        for inner in node:
            yield from loose_numbers(inner, path)
    elif isinstance(node, int | float):
        yield path


@pytest.mark.parametrize("name", system_names())
def test_every_number_of_a_system_has_a_kind_and_a_source(name):
    document = tomllib.loads((PARAMETER_SETS / "systems" / f"{name}.toml").read_text("utf-8"))
    curves = document.pop("measured", {"rate": []})["rate"]
    assert all(curve["source"].strip() for curve in curves)
    assert list(loose_numbers(document)) == []


@pytest.mark.parametrize(("name", "variant"), SHIPPED_CELLS)
def test_every_value_of_a_cell_has_a_kind_and_a_source(name, variant):
    for value in read_system(name, variant).values.values():
        assert value.kind in KINDS, value.name
        assert value.source, value.name


@pytest.mark.parametrize(("name", "variant"), SHIPPED_CELLS)
def test_every_fitted_value_lies_strictly_inside_its_range(name, variant):
    system = read_system(name, variant)
    fitted = [v for v in system.values.values() if v.kind == "fitted"]
    assert fitted or not system.measured
    for value in fitted:
        low, high = value.range
        assert low < value.value < high, value.name


@pytest.mark.parametrize(("name", "variant"), SHIPPED_CELLS)
def test_every_range_lies_inside_what_is_plausible(name, variant):
    for value in read_system(name, variant).values.values():
        if value.range is not None:
            low, high = value.range
            assert value.info.low <= low < high <= value.info.high, value.name


def test_the_table_shows_every_value_with_where_it_comes_from(czt):
    table = czt.table()
    assert list(table.index) == list(czt.values)
    assert {"value", "kind", "range", "source", "note", "file"} <= set(table.columns)
    for name, value in czt.system.values.items():
        row = table.loc[name]
        assert (row["value"], row["kind"], row["source"]) == (value.value, value.kind, value.source)


def test_the_table_shows_what_the_user_changed(czt):
    row = czt.with_values({RADIUS: 1e-7}).table().loc[RADIUS]
    assert (row["value"], row["file"]) == (1e-7, "user")
    assert "user" in row["source"]


# --- other types than those that are wanted ------------------------------------------------------

ALSO_REFUSED = {
    "field in a dispersed file": (
        with_entry(FIELD, entry("0.06")),
        [f"'{FIELD}'", "0.06", "dispersed"],
    ),
    "range wider than plausible": (with_entry(RADIUS, entry("1e-7", range="[-1, 1]")), [RADIUS]),
    "charge that is no integer": (with_entry("Charge number", entry("1.5")), ["Charge number"]),
    "kind that is a list": (with_entry(RADIUS, entry("1e-7", kind="[]")), [RADIUS, "kind"]),
    "integer beyond floats": (with_entry(RADIUS, entry("1" + 400 * "0")), [RADIUS]),
    "unknown ion": (with_head("ion", '"Xx"'), ["'Xx'", "Li, Na, K"]),
    "ion of another charge": (with_head("ion", '"Zn"'), ["Charge number", "= 1", "Zn has 2"]),
    "control that does not exist": (with_head("controls", '["CZ"]'), ["control 'CZ'", "CZT"]),
    "one component": (with_head("components", '["CoTe2"]'), ["cell.toml", "components"]),
    "components that are numbers": (with_head("components", "[1, 2]"), ["components"]),
    "electrolyte that is a number": (with_head("electrolyte", "3"), ["electrolyte"]),
    "name that is a number": (with_head("name", "3"), ["name"]),
    "controls that are text": (with_head("controls", '"CT"'), ["controls"]),
    "base that is a number": (derived_from("3"), ["base"]),
    "name of the base": ('[system]\nbase = "CZT"\n', ["name"]),
    "parameters that are a number": ('parameters = 3\n[system]\nbase = "CZT"\n', ["parameters"]),
    "misspelt measurement": (with_text("[[measured.rate]]", "[[measured.rates]]"), ["rates"]),
    "measurement without its name": (with_text("[[measured.rate]]", "[[measured]]"), ["measured"]),
    "measured number": (measured_table(currents="0.1"), ["currents_A_per_g"]),
    "current measured twice": (measured_table(currents="[1.0, 1.0]"), ["currents"]),
    "negative current without its value": (measured_table(currents="[-0.1, 1.0]"), ["-0.1"]),
    "integer of thousands of digits": (with_entry(RADIUS, entry("9" * 5000)), ["not valid TOML"]),
    "three components": (with_head("components", '["CoTe2", "ZnTe", "ZnTe"]'), ["components"]),
    "material without a barrier": (
        with_head("components", '["CoTe2", "SnO2"]'),
        ["'Component B migration barrier [eV]'", "missing"],
    ),
    "material of the base without a barrier": (
        derived_from('"CZT"', 'components = ["SnO2", "ZnTe"]'),
        ["'Component A migration barrier [eV]'", "missing"],
    ),
    "component outside the library": (
        with_head("components", '["../materials/CoTe2", "ZnTe"]'),
        ["Unknown material '../materials/CoTe2'"],
    ),
    "blank name": (with_head("name", '" "'), ["name"]),
    "note that is a number": (with_entry(RADIUS, entry("1e-7", note="3")), [RADIUS, "note"]),
    "range that falls": (with_entry(RADIUS, entry("1e-7", range="[2e-7, 1e-7]")), [RADIUS, "rise"]),
    "range that is a number": (with_entry(RADIUS, entry("1e-7", range="3")), [RADIUS, "range"]),
    "facts that are a list": ("facts = []\n" + derived_from('"CZT"'), ["facts", "table"]),
    "variants that are text": (
        'variants = "core-shell"\n' + derived_from('"CZT"'),
        ["variants", "table"],
    ),
    "value of a material": (
        with_line(RADIUS, f'"Work function [eV]" = {entry("5.0")}'),
        ["'Work function [eV]'", "file of the material"],
    ),
}


@pytest.mark.parametrize(("text", "words"), ALSO_REFUSED.values(), ids=ALSO_REFUSED)
def test_also_refused(refusal, text, words):
    assert_says(refusal(text), *words)


def test_a_file_is_not_its_own_base(written, refusal):
    path = written("")
    assert_says(refusal(derived_from(f"'{path}'")), "base")


def test_two_files_are_not_each_others_base(tmp_path, refusal):
    other = tmp_path / "other.toml"
    other.write_text(derived_from(f"'{tmp_path / 'cell.toml'}'"))
    assert_says(refusal(derived_from(f"'{other}'")), "base")


@pytest.mark.parametrize("name", ["Work function [eV]", "Component ratio"])
def test_with_values_refuses_what_a_cell_does_not_have(czt, name):
    with pytest.raises(ParameterError):
        czt.with_values({name: 2.0})


@pytest.mark.parametrize("kind", ["float32", "int64"])
def test_with_values_takes_numbers_of_numpy(czt, kind):
    assert czt.with_values({"Charge number": getattr(np, kind)(2)}).values["Charge number"] == 2.0


def test_with_values_takes_lists_of_numpy(czt):
    shares = czt.values[SHARES]
    assert czt.with_values({SHARES: np.array(shares)}).values[SHARES] == shares


def test_the_values_of_a_cell_cannot_be_edited():
    with pytest.raises(TypeError):
        hs.load("CZT").values[RADIUS] = 1e-7


@pytest.mark.parametrize(
    ("currents", "cycles"),
    [([True], 1), (["a"], 1), (1.0, 1), ([1.0], 1.5), ([1.0], True), ([1.0], "3")],
)
def test_a_rate_test_refuses_other_types(currents, cycles):
    with pytest.raises(ParameterError):
        hs.RateTest(currents, cycles)


@pytest.mark.parametrize("currents", [np.array([1, 10]), np.array([1.0, 10.0]), range(1, 11, 9)])
def test_a_rate_test_takes_any_list_of_numbers(currents):
    assert hs.RateTest(currents, np.int64(2)) == hs.RateTest([1.0, 10.0], 2)


@pytest.mark.parametrize("classes", [0, -1, 41, 1.5, True, "9"])
def test_a_particle_has_one_to_forty_size_classes(czt, classes):
    with pytest.raises(ParameterError, match="classes"):
        czt.with_particle(classes=classes)


def test_a_number_of_numpy_makes_the_same_particle(czt):
    same = czt.with_particle(classes=np.int64(3))
    assert same.parameters_hash == czt.with_particle(classes=3).parameters_hash


def test_a_cell_can_be_sent_to_another_process(czt):
    assert czt.values  # also after they were read
    assert pickle.loads(pickle.dumps(czt)).parameters_hash == czt.parameters_hash


# --- what a value of zero switches off -----------------------------------------------------------


def test_no_fast_fraction_is_no_fast_share(czt):
    plain = czt.with_values({"Fast fraction": 0.0})
    assert plain.structure == plain.with_particle(fast=False).structure


def test_no_spread_is_one_size_class(czt):
    plain = czt.with_values({"Diffusion time spread": 0.0})
    assert plain.structure == plain.with_particle(classes=1).structure


@pytest.mark.parametrize("variant", ["", "core-shell"])
@pytest.mark.parametrize("name", ["Fast fraction", "Diffusion time spread"])
def test_a_cell_runs_without_fast_share_or_spread(name, variant):
    cell = hs.load("CZT", variant).with_values({name: 0.0})
    curve = hs.run(cell, hs.RateTest([1.0], 1), model="SPM")
    assert curve.points[0].outcome == "cut-off reached"
