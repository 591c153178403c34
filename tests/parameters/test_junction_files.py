"""Files of junctions: what they hold, and what is refused with which words."""

import pytest

from hetsim.errors import ParameterError
from hetsim.parameters.junction_file import (
    BARRIER_A,
    BARRIER_B,
    FACTS,
    INTERFACE_BARRIER,
    INTERFACE_POTENTIAL,
    junction_names,
    junctions_of,
    read_junction,
    read_junction_file,
)
from hetsim.parameters.schema import KINDS

GOOD = f"""
[junction]
name = "X-Y"
components = ["X", "Y"]
ion = "Li"
reference = "somewhere"

[facts]
"{INTERFACE_POTENTIAL}" = {{ value = 0.05, kind = "measured", source = "Fig. 1" }}
"{BARRIER_A}" = {{ value = 0.5, kind = "computed", source = "Fig. 2", range = [0.4, 0.6] }}

[[measured.conductivity_ratio]]
temperature_K = 300.0
ratio = 240.0
source = "Fig. 3"
"""


@pytest.fixture
def refusal(tmp_path):
    """Words of the refusal when one piece of the good file is replaced."""

    def read(old, new):
        assert old in GOOD
        path = tmp_path / "X-Y.toml"
        path.write_text(GOOD.replace(old, new))
        with pytest.raises(ParameterError) as caught:
            read_junction_file(path)
        return str(caught.value)

    return read


@pytest.mark.parametrize("name", junction_names())
def test_every_file_loads_with_known_facts_and_sources(name):
    found = read_junction(name)
    assert found.name == name
    assert set(found.facts) <= set(FACTS)
    for value in found.facts.values():
        assert value.kind in KINDS
        assert value.source
    assert all(one.source for one in found.ratios)


def test_a_good_file_is_read_as_written(tmp_path):
    path = tmp_path / "X-Y.toml"
    path.write_text(GOOD)
    found = read_junction_file(path)
    assert (found.name, found.components, found.ion) == ("X-Y", ("X", "Y"), "Li")
    assert found.value(INTERFACE_POTENTIAL) == 0.05
    assert found.value(INTERFACE_BARRIER) is None
    assert found.facts[BARRIER_A].range == (0.4, 0.6)
    (ratio,) = found.ratios
    assert (ratio.temperature_K, ratio.ratio, ratio.lower_bound) == (300.0, 240.0, False)


@pytest.mark.parametrize(
    ("a", "b", "potential", "barrier"),
    [("FeSe", "Fe3Se4", 0.01724, 0.53), ("Co-FeSe", "Co-Fe3Se4", 0.06284, 0.34)],
)
def test_cobalt_raises_the_measured_potential_and_lowers_the_barrier(a, b, potential, barrier):
    (found,) = junctions_of(a, b)
    assert found.value(INTERFACE_POTENTIAL) == potential
    assert found.value(INTERFACE_BARRIER) == barrier


def test_mo2c_moo3_has_its_two_ratios():
    (found,) = junctions_of("Mo2C", "MoO3")
    assert [(one.temperature_K, one.ratio, one.lower_bound) for one in found.ratios] == [
        (300.0, 240.0, False),
        (230.0, 50.0, True),
    ]


def test_sides_asked_for_in_the_other_order_exchange_their_barriers():
    (there,), (back,) = junctions_of("CoTe2", "ZnTe"), junctions_of("ZnTe", "CoTe2")
    assert back.components == there.components[::-1]
    assert back.value(BARRIER_A) == there.value(BARRIER_B) == 0.27
    assert back.value(BARRIER_B) == there.value(BARRIER_A) == 0.41
    assert back.facts[BARRIER_A].name == BARRIER_A
    assert back.exchanged() == there


def test_a_pair_may_have_a_file_for_each_ion():
    found = junctions_of("TiS2", "MoS2")
    assert {one.ion for one in found} == {"Li", "Na", "K"}
    assert {one.ion: one.value(INTERFACE_BARRIER) for one in found}["K"] == 0.04
    assert junctions_of("Sn", "ZnTe") == ()


def test_an_unknown_junction_is_refused_with_the_nearest_names():
    with pytest.raises(ParameterError, match=r"Unknown junction 'FeSe-FeSe4'.*FeSe-Fe3Se4"):
        read_junction("FeSe-FeSe4")


POTENTIAL = f'"{INTERFACE_POTENTIAL}" = {{ value = 0.05, kind = "measured", source = "Fig. 1" }}'
REFUSED = {
    "no head": ('[junction]\nname = "X-Y"', '[head]\nname = "X-Y"', ["unknown key 'head'", "junction"]),
    "no reference": ('reference = "somewhere"', "", ["'reference'", "missing"]),
    "three materials": ('["X", "Y"]', '["X", "Y", "Z"]', ["'components'", "two materials", "'Z'"]),
    "material that is a number": ('["X", "Y"]', '["X", 1]', ["'components'", "list of names"]),
    "unknown key": ('ion = "Li"', 'ion = "Li"\nions = "Na"', ["unknown key 'ions'", "'ion'"]),
    "wrong unit": (INTERFACE_POTENTIAL, "Measured interface potential [mV]", ["[mV]", "[V]"]),
    "misspelt": (BARRIER_A, "Component A barrier [eV]", ["'Component A barrier [eV]'", BARRIER_A]),
    "millivolts": ("value = 0.05", "value = 62.84", [INTERFACE_POTENTIAL, "62.84", "0 to 3"]),
    "text": ("value = 0.05", 'value = "0.05"', [INTERFACE_POTENTIAL, "number", "'0.05'"]),
    "not a number": ("value = 0.05", "value = nan", [INTERFACE_POTENTIAL, "nan", "finite"]),
    "bare number": (POTENTIAL, f'"{INTERFACE_POTENTIAL}" = 0.05', ["{ value, kind, source }", "0.05"]),
    "unknown kind": ('"measured"', '"guessed"', [INTERFACE_POTENTIAL, "'guessed'", *KINDS]),
    "fitted without range": ('kind = "measured"', 'kind = "fitted"', [INTERFACE_POTENTIAL, "needs its physical"]),
    "no source": (', source = "Fig. 1"', "", [INTERFACE_POTENTIAL, "no source"]),
    "blank source": ('source = "Fig. 1"', 'source = " "', [INTERFACE_POTENTIAL, "no source"]),
    "outside its range": ("[0.4, 0.6]", "[0.6, 0.7]", [BARRIER_A, "outside its own range", "0.5"]),
    "range of one": ("[0.4, 0.6]", "[0.4]", [BARRIER_A, "[low, high]"]),
    "ratio of zero": ("ratio = 240.0", "ratio = 0", ["'ratio'", "greater than zero"]),
    "no temperature": ("temperature_K = 300.0", "", ["'temperature_K'", "number"]),
    "ratio without a source": ('source = "Fig. 3"', "", ["conductivity_ratio", "no source"]),
    "bound that is a word": (
        "ratio = 240.0",
        'ratio = 240.0\nlower_bound = "yes"',
        ["'lower_bound'", "'yes'"],
    ),
    "no TOML": ("[junction]", "[junction", ["not valid TOML"]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "words"), REFUSED.values(), ids=REFUSED)
def test_a_bad_file_is_refused_with_the_file_the_key_and_the_remedy(refusal, old, new, words):
    message = refusal(old, new)
    for word in ("X-Y.toml", *words):
        assert word in message
