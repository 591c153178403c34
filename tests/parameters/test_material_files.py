"""The files of materials, electrolytes and junctions: they load, and each number has its source."""

import tomllib
from pathlib import Path

import pytest

from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.library import PARAMETER_SETS, component_names
from hetsim.parameters.schema import KINDS, SCHEMA

MATERIALS = component_names("materials")
ELECTROLYTES = component_names("electrolytes")
JUNCTIONS = sorted((PARAMETER_SETS / "junctions").glob("*.toml"))
FILES = sorted(
    path
    for folder in ("materials", "electrolytes", "junctions")
    for path in (PARAMETER_SETS / folder).glob("*.toml")
)
HEAD = {"materials": "material", "electrolytes": "electrolyte", "junctions": "junction"}
JUNCTION_FACTS = {
    "Measured interface potential [V]",
    "Built-in potential [V]",
    "Interface migration barrier [eV]",
    "Component A migration barrier [eV]",
    "Component B migration barrier [eV]",
    "Adsorption energy at the junction [eV]",
}

# Every component of the collected calculations with a work function, a gap, a barrier or an
# adsorption energy, as printed there (doi:10.1007/s40820-023-01202-6, doi:10.20517/energyz.2026.15
# and the review of sodium-ion heterostructures).
COMPONENT_VALUES = [
    ("CoTe2", "Work function [eV]", 6.81),
    ("CoTe2", "Migration barrier [eV]", 0.41),
    ("CoTe2", "Adsorption energy [eV]", -0.69),
    ("ZnTe", "Work function [eV]", 5.31),
    ("ZnTe", "Migration barrier [eV]", 0.27),
    ("ZnTe", "Adsorption energy [eV]", -0.73),
    ("MoS2", "Work function [eV]", 5.18),
    ("ZnIn2S4", "Work function [eV]", 6.11),
    ("Sn", "Work function [eV]", 4.42),
    ("Al", "Work function [eV]", 4.28),
    ("SnO2", "Band gap [eV]", 3.8),
    ("SnSe2", "Band gap [eV]", 1.0),
    ("Sb2S3", "Band gap [eV]", 2.1),
    ("SnS2", "Band gap [eV]", 1.72),
    ("Si", "Migration barrier [eV]", 0.81),
]

# Components of printed pairs that have no printed number of their own.
NAMED_COMPONENTS = [
    "Ti3C2Tx", "FeSe", "Fe3Se4", "Co-FeSe", "Co-Fe3Se4", "ZnS", "CoSe2", "ZnSe", "Mo2C", "MoO3",
]  # fmt: skip

BARRIER = "Interface migration barrier [eV]"
JUNCTION_VALUES = [
    ("CoTe2-ZnTe", BARRIER, 0.16),
    ("CoTe2-ZnTe", "Component A migration barrier [eV]", 0.41),
    ("CoTe2-ZnTe", "Component B migration barrier [eV]", 0.27),
    ("CoTe2-ZnTe", "Adsorption energy at the junction [eV]", -1.98),
    ("FeSe-Fe3Se4", "Measured interface potential [V]", 0.01724),
    ("FeSe-Fe3Se4", BARRIER, 0.53),
    ("Co-FeSe-Co-Fe3Se4", "Measured interface potential [V]", 0.06284),
    ("Co-FeSe-Co-Fe3Se4", BARRIER, 0.34),
    ("Si-MoSe2", BARRIER, 0.61),
    ("Si-MoSe2", "Component A migration barrier [eV]", 0.81),
    ("MIL-88A-CdS", BARRIER, 0.92),
    ("MIL-88A-CdS", "Component A migration barrier [eV]", 1.8),
    ("ZnS-MoS2", BARRIER, 0.15),
    ("graphene-C2N", BARRIER, 0.27),
    ("VO2-VS2", BARRIER, 0.6),
    ("VS2-Ti2CO2-Na", BARRIER, 0.22),
    ("VS2-Ti2CO2-Li", BARRIER, 0.303),
    ("C3N-graphene", BARRIER, 0.6),
    ("penta-graphene-penta-BN2-Li", BARRIER, 0.65),
    ("penta-graphene-penta-BN2-Na", BARRIER, 0.2),
    ("borophosphene-graphene", BARRIER, 0.45),
    ("TiS2-MoS2-Li", BARRIER, 0.18),
    ("TiS2-MoS2-Na", BARRIER, 0.07),
    ("TiS2-MoS2-K", BARRIER, 0.04),
    ("silicene-BN", BARRIER, 0.06),
    ("WS2-NbSe2", BARRIER, 0.18),
    ("borophosphene-BN", BARRIER, 0.35),
    ("MoS2-N-carbon", BARRIER, 1.49),
    ("graphene-MoO2", BARRIER, 0.07),
    ("graphene-VS2-Li", BARRIER, 0.15),
    ("graphene-VS2-Na", BARRIER, 0.08),
    ("graphene-SnS2-Li", BARRIER, 0.25),
    ("graphene-SnS2-Na", BARRIER, 0.13),
    ("graphene-V2CO2", BARRIER, 0.6),
    ("graphene-Ti2CO2", BARRIER, 0.3),
    ("borophene-graphene", BARRIER, 0.613),
]


def _document(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _entries(path: Path) -> dict:
    document = _document(path)
    return document.get("parameters") or document.get("facts") or {}


def test_all_folders_hold_files():
    assert MATERIALS
    assert ELECTROLYTES
    assert JUNCTIONS


@pytest.mark.parametrize("name", MATERIALS)
def test_material_loads(name):
    assert read_material(name).title != name


@pytest.mark.parametrize("name", ELECTROLYTES)
def test_electrolyte_is_complete(name):
    wanted = {info.name for info in SCHEMA.values() if info.home == "electrolyte"}
    needed = {name for name in wanted if SCHEMA[name].default is None}
    assert needed <= set(read_electrolyte(name).values) <= wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_head_names_the_file(path):
    assert _document(path)[HEAD[path.parent.name]]["name"] == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_number_has_a_kind_and_a_source(path):
    for name, entry in _entries(path).items():
        assert entry["kind"] in KINDS, name
        assert entry["source"].strip(), name
        low, high = entry.get("range", (entry["value"], entry["value"]))
        assert low <= entry["value"] <= high, name


@pytest.mark.parametrize("path", JUNCTIONS, ids=lambda path: path.stem)
def test_junction_is_named_after_its_components_and_holds_known_facts(path):
    document = _document(path)
    head = document["junction"]
    assert path.stem in (
        "-".join(head["components"]),
        "-".join([*head["components"], head["ion"]]),  # a pair calculated for several ions
    )
    assert head["reference"].strip()
    assert set(document["facts"]) <= JUNCTION_FACTS


@pytest.mark.parametrize(("material", "name", "printed"), COMPONENT_VALUES)
def test_printed_value_of_a_component(material, name, printed):
    assert read_material(material).values[name].value == printed


@pytest.mark.parametrize("material", NAMED_COMPONENTS)
def test_named_component_has_a_file(material):
    assert material in MATERIALS


@pytest.mark.parametrize(("junction", "name", "printed"), JUNCTION_VALUES)
def test_printed_value_of_a_junction(junction, name, printed):
    facts = _entries(PARAMETER_SETS / "junctions" / f"{junction}.toml")
    assert facts[name]["value"] == printed


@pytest.mark.parametrize("path", JUNCTIONS, ids=lambda path: path.stem)
def test_component_barriers_agree_between_junction_and_material(path):
    head, facts = _document(path)["junction"], _entries(path)
    for letter, material in zip("AB", head["components"], strict=True):
        fact = facts.get(f"Component {letter} migration barrier [eV]")
        if fact and material in MATERIALS:
            assert read_material(material).values["Migration barrier [eV]"].value == fact["value"]


@pytest.mark.parametrize(
    ("material", "molar_mass", "electrons"), [("CoTe2", 314.13, 4), ("ZnTe", 192.98, 2)]
)
def test_theoretical_capacity_is_faradays_law(material, molar_mass, electrons):
    milliampere_hours_per_mole = 96485.33212 / 3.6
    printed = read_material(material).values["Theoretical capacity [mA.h.g-1]"].value
    expected = electrons * milliampere_hours_per_mole / molar_mass
    assert printed == pytest.approx(expected, abs=0.05)  # one printed decimal


@pytest.mark.parametrize("material", MATERIALS)
def test_fermi_level_lies_in_the_gap(material):
    """Affinity <= work function <= affinity + gap: otherwise two sources contradict each other."""
    values = read_material(material).values
    work_function, affinity, gap = (
        values[name].value if name in values else None
        for name in ("Work function [eV]", "Electron affinity [eV]", "Band gap [eV]")
    )
    if work_function is not None and affinity is not None:
        assert affinity <= work_function
        assert gap is None or work_function <= affinity + gap
