"""Which file is read: names of systems, variants, and files that have another one as their base."""

import tomllib

import pytest
from parameter_file import RADIUS, SHIPPED, assert_says, derived_from, entry, with_text

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.parameters.component_file import read_material
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.system_file import read_system, system_names

# --- variants ----------------------------------------------------------------------------------


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
    plain, variant = read_system("CZT", "lumped"), read_system("CZT", "core-shell")
    text = (PARAMETER_SETS / "systems" / "CZT.toml").read_text("utf-8")
    own = tomllib.loads(text)["variants"]["core-shell"]["parameters"]
    found = {name: variant.values[name].value for name in own}
    assert all(
        found[name] == one["value"] or list(found[name]) == one["value"]
        for name, one in own.items()
    )
    assert all(variant.values[name] == plain.values[name] for name in set(plain.values) - set(own))


# --- names of systems --------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "near"), [("CZTT", "CZT"), ("czt", "CZT"), ("ZTC", "ZT")])
def test_an_unknown_system_is_named_with_the_nearest(name, near):
    with pytest.raises(ParameterError) as caught:
        hs.load(name)
    assert_says(str(caught.value), f"Unknown system '{name}'", near, "hetsim list")


def test_a_name_like_none_of_them_gets_three_and_where_all_are_listed():
    with pytest.raises(ParameterError) as caught:
        hs.load("?")
    first = system_names()[:3]
    assert_says(str(caught.value), *first, "more", "`hetsim list` shows all")


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


# --- inheritance -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CT", "ZT"])
def test_a_control_shares_all_that_it_does_not_override(name):
    own = tomllib.loads((PARAMETER_SETS / "systems" / f"{name}.toml").read_text("utf-8"))
    base, control = read_system("CZT"), read_system(name)
    assert set(base.values) == set(control.values)
    shared = set(base.values) - {*own["parameters"], "Specific capacity [mA.h.g-1]"}  # of the hosts
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
