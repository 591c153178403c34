"""Hosts in a system's own file: from the library, or written out."""

import pytest

import hetsim as hs
from hetsim.errors import ParameterError
from tests.helpers.parameter_file import assert_says

SITES = """
"Site potentials [V]" = { value = [0.9, 0.5], kind = "measured", source = "my voltammogram" }
"Site shares" = { value = [0.4, 0.6], kind = "assumed", source = "areas of the peaks" }
"Site widths" = { value = [4.0, 4.0], kind = "assumed", source = "a test" }
"Site hysteresis [V]" = { value = [0.3, 0.3], kind = "measured", source = "my voltammogram" }
"Site capacity [mA.h.g-1]" = { value = 600, kind = "measured", source = "my slow cycle" }
"Migration barrier [eV]" = { value = 0.4, kind = "assumed", source = "a test" }
"""
HEAD = """
[system]
name = "own"
base = "CZT"
"""
OWN = f"""{HEAD}
[hosts.A]
material = "CoTe2"
mass_share = 0.4
[hosts.B]
material = "Bi2S3"
[hosts.B.parameters]
{SITES}"""


def test_a_material_of_the_users_own_stands_in_her_file(written) -> None:
    cell = hs.load(written(OWN))
    assert cell.system.components == ("CoTe2", "Bi2S3")
    assert cell.values["Component B site potentials [V]"] == (0.9, 0.5)
    assert cell.system.values["Component B site potentials [V]"].source == "my voltammogram"
    curve = hs.run(cell.with_particle(classes=2), hs.RateTest([0.5]), "SPM")
    assert curve.points[0].outcome.good


def test_a_lumped_system_takes_a_material_of_the_users_own(written) -> None:
    text = """
[system]
name = "own"
base = "KPB"
components = ["KPB", "Bi2S3"]
[parameters]
"Component B migration barrier [eV]" = { value = 0.4, kind = "assumed", source = "a test" }
"""
    assert hs.load(written(text)).system.components == ("KPB", "Bi2S3")


SECOND = 'material = "Bi2S3"'
WITHOUT = OWN.split("[hosts.B.parameters]")[0]


def one(name: str, value: str) -> str:
    """A file that gives one parameter to CZT."""
    return f'{HEAD}[parameters]\n"{name}" = {{ value = {value}, kind = "assumed", source = "x" }}'


REFUSED = {
    "unknown material": (
        WITHOUT.replace("Bi2S3", "Bi2S4"),
        ("Unknown material 'Bi2S4'", "written out"),
    ),
    "shares of both": (
        OWN.replace(SECOND, f"{SECOND}\nmass_share = 0.5"),
        ("0.4 and 0.5", "sum to 0.9", "must sum to 1"),
    ),
    "share above one": (
        OWN.replace("= 0.4\n[", "= 1.4\n["),
        ("mass_share = 1.4", "outside 0 to 1"),
    ),
    "shares of sites": (
        OWN.replace("[0.4, 0.6]", "[0.4, 0.5]"),
        ("'Component B site shares' sum to 0.9",),
    ),
    "site above the window": (
        OWN.replace("[0.9, 0.5]", "[3.4, 0.5]"),
        ("host B", "3.55 V", "upper cut-off"),
    ),
    "lists of two lengths": (OWN.replace("[0.3, 0.3]", "[0.3]"), ("host B has 2, 2, 2, 1",)),
    "unknown parameter": (
        OWN.replace('"Site capacity', '"Site capacitance'),
        ("Site capacitance", "Site capacity"),
    ),
    "no isotherm for the ion": (
        WITHOUT.replace(SECOND, 'material = "MoS2"').replace("CoTe2", "SnSe2"),
        ("SnSe2 has no isotherm for K", "it has one for Na"),
    ),
    "unknown carriers": (
        f'{HEAD}interface = "fast"',
        ("unknown interface 'fast'", "dilute-carriers"),
    ),
    "no junctions": (
        f'{HEAD}architecture = "core-shell"\ninterface = "dilute-carriers"',
        ("no junctions that ions run along",),
    ),
    "beyond a volt": (one("Interface potential [V]", "1.4"), ("1.4", "continuum fails")),
    "layers wider than the grains": (
        one("Interface width [m]", "9e-8"),
        ("9e-08", "'Grain size [m]'", "at most the grain size"),
    ),
    "former name": (
        one("Interface diffusivity ratio", "40"),
        ("It is now 'Interface mobility ratio'",),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_one_sentence_says_what_is_wrong(refusal, what: str) -> None:
    text, words = REFUSED[what]
    assert_says(refusal(text), *words)


def test_a_depleted_layer_holds_its_depletion():
    cell = hs.load("CZT")  # two Debye lengths wide
    narrow = {"Interface potential [V]": -0.3, "Interface Debye length [m]": 5.1e-10}
    cell.with_values({"Interface potential [V]": -0.3})
    cell.with_values({**narrow, "Interface potential [V]": 0.3})
    with pytest.raises(ParameterError, match=r"'Interface width \[m\]' = 1e-09 is below two of"):
        cell.with_values(narrow)
    data = hs.sweep(cell, {name: [one] for name, one in narrow.items()}, hs.RateTest([1.0]), "SPM")
    assert "is below two of" in str(data["reason"].values.ravel()[0])
