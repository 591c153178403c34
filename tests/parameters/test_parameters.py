"""The parameter file as a document: what it refuses, and in which words."""

import pickle

import numpy as np
import pytest
from parameter_file import (
    FIELD,
    HIGH,
    LOW,
    POTENTIALS,
    RADIUS,
    SHARES,
    SHIPPED,
    WIDTHS,
    assert_says,
    derived_from,
    entry,
    shipped,
    with_entry,
    with_head,
    with_line,
    with_text,
)

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.schema import KINDS, SCHEMA

# --- what a file may hold ----------------------------------------------------------------------


def test_the_shipped_text_unchanged_is_accepted(written):
    text = (PARAMETER_SETS / "systems" / "CZT.toml").read_text(encoding="utf-8")
    assert hs.load(written(text)).parameters_hash == hs.load("CZT").parameters_hash


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


# --- the open-circuit curve and the cut-offs ---------------------------------------------------


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


# --- measured curves in a file -----------------------------------------------------------------


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


# --- other types than those that are wanted ----------------------------------------------------

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
