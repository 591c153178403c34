"""What every system file must say: sources, shared values, and derived numbers that follow from their law."""

import re
import tomllib
from itertools import chain
from math import pi
from typing import Any

import pytest
from shipped import BY_HAND

from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.host_names import is_composed
from hetsim.parameters.library import PARAMETER_SETS, component_names
from hetsim.parameters.schema import IONS, KINDS, SCHEMA
from hetsim.parameters.system_file import read_system

SYSTEMS = BY_HAND
VARIANTS = [(name, variant) for name in SYSTEMS for variant in read_system(name).variants]
PAIRS = [(control, name) for name in SYSTEMS for control in read_system(name).controls]
MILLIAMPERE_HOURS_PER_MOLE = FARADAY / 3.6
CARBON, BINDER = 1900.0, 1600.0
"""Densities of the inactive parts of a coating [kg.m-3], as the files say."""

SHARED = {
    *(info.name for info in SCHEMA.values() if info.home == "electrolyte" and info.default is None),
    "Electrode area [cm2]",
    "Electrode Bruggeman coefficient",
    "Separator thickness [m]",
    "Separator porosity",
    "Separator Bruggeman coefficient",
    "Metal exchange-current density [A.m-2]",
    "Double-layer capacity [F.m-2]",
    "Diffusion time spread",
    "Particle radius [m]",
    "Interface width [m]",
    "Charge number",
    "Lower voltage cut-off [V]",
    "Ambient temperature [K]",
    "Reference temperature [K]",
}
"""What a junction does not change: cell, counter electrode, electrolyte, ion."""


def document(name: str) -> dict[str, Any]:
    return tomllib.loads((PARAMETER_SETS / "systems" / f"{name}.toml").read_text(encoding="utf-8"))


def entries(name: str) -> dict[str, dict[str, Any]]:
    """Every number that stands in a system's own file, variants and facts included."""
    content = document(name)
    tables = {"": content.get("parameters", {}), "facts ": content.get("facts", {})}
    for variant, table in content.get("variants", {}).items():
        tables[f"{variant} "] = table.get("parameters", {})
    return {f"{place}{key}": one for place, table in tables.items() for key, one in table.items()}


# --- sources -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_number_has_a_kind_and_a_source(name: str) -> None:
    for key, one in entries(name).items():
        assert one["kind"] in KINDS, key
        assert one["source"].strip(), key
        if one["kind"] == "fitted":
            low, high = one["range"]
            numbers = one["value"] if isinstance(one["value"], list) else [one["value"]]
            # a value at the end of its range is no fit but the range
            assert all(low < number < high for number in numbers), key
            assert one["note"].strip(), f"{key}: the note gives the interval"
    for curve in document(name).get("measured", {}).get("rate", []):
        assert curve["source"].strip()


@pytest.mark.parametrize("name", SYSTEMS)
def test_head_says_what_and_why(name: str) -> None:
    system = read_system(name)
    assert system.name == name
    assert system.reference
    assert len(system.note) > 40, "the note argues for the architecture"
    assert system.architecture in system.note.lower() or "no junction" in system.note


@pytest.mark.parametrize(("name", "variant"), VARIANTS)
def test_every_variant_can_be_read(name: str, variant: str) -> None:
    assert read_system(name, variant).note


@pytest.mark.parametrize("missing", ["kind", "source"])
def test_a_new_file_without_a_kind_or_a_source_is_refused(tmp_path: Any, missing: str) -> None:
    text = (
        '[system]\nname = "new"\nbase = "CZT"\n[parameters]\n"Particle radius [m]" = { value = 1e-7'
    )
    for key, said in (("kind", "assumed"), ("source", "a guess")):
        text += f', {key} = "{said}"' if key != missing else ""
    path = tmp_path / "new.toml"
    path.write_text(text + " }\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=missing):
        read_system(path)


def test_files_share_few_built_models() -> None:
    """Four plateaus in each branch of the half cells: each other count is another model to build."""
    counts: dict[tuple[int, ...], int] = {}
    for name in SYSTEMS:
        values = read_system(name).values
        if is_composed(values):
            continue
        branches = ("Insertion", "Extraction")
        count = tuple(len(values[f"{one} plateau shares"].value) for one in branches)  # type: ignore[arg-type]
        counts[count] = counts.get(count, 0) + 1
    assert len(counts) <= 2
    assert counts[4, 4] >= 10


@pytest.mark.parametrize("name", SYSTEMS)
def test_ion_has_its_charge(name: str) -> None:
    system = read_system(name)
    assert system.values["Charge number"].value == IONS[system.ion]


# --- what a control shares -----------------------------------------------------------------------


@pytest.mark.parametrize(("control", "name"), PAIRS)
def test_control_shares_what_a_junction_does_not_change(control: str, name: str) -> None:
    one, other = read_system(control), read_system(name)
    assert (one.ion, one.electrolyte) == (other.ion, other.electrolyte)
    differ = {key for key in SHARED if one.values[key].value != other.values[key].value}
    assert not differ


@pytest.mark.parametrize(("control", "name"), PAIRS)
def test_each_value_that_differs_from_the_control_says_why(control: str, name: str) -> None:
    one, other = read_system(control).values, read_system(name).values
    for key in one.keys() & other.keys():
        if one[key].value != other[key].value:
            if one[key].source == "as for insertion":
                key = key.replace("Extraction", "Insertion")
            assert (one[key].source, one[key].note) != (other[key].source, other[key].note), key


# --- arithmetic of derived values ----------------------------------------------------------------


def derived(key: str, words: str) -> list[tuple[str, Any]]:
    """The systems whose value of a name is derived, with a source that has the words."""
    found = [(name, read_system(name).values[key]) for name in SYSTEMS]
    return [(name, one) for name, one in found if one.kind == "derived" and words in one.source]


def number(name: str, key: str) -> float:
    return float(read_system(name).values[key].value)  # type: ignore[arg-type]


def test_area_of_a_disc() -> None:
    found = derived("Electrode area [cm2]", "disc of")
    assert found
    for name, one in found:
        diameter = float(re.search(r"disc of (\d+) mm", one.source)[1]) / 10  # type: ignore[index]
        assert one.value == pytest.approx(pi * diameter**2 / 4, rel=1e-3), name


def test_porosity_follows_from_recipe_loading_and_thickness() -> None:
    found = derived("Electrode porosity", "7:2:1")
    assert len(found) > 5
    for name, one in found:
        mass = number(name, "Active mass loading [mg.cm-2]") * 1e-2
        solids = mass * (
            1 / number(name, "Active material density [kg.m-3]") + 2 / 7 / CARBON + 1 / 7 / BINDER
        )
        expected = 1 - solids / number(name, "Electrode thickness [m]")
        assert one.value == pytest.approx(expected, abs=0.006), name  # two decimals


@pytest.mark.parametrize("name", SYSTEMS)
def test_active_material_fits_into_the_coating(name: str) -> None:
    mass = number(name, "Active mass loading [mg.cm-2]") * 1e-2
    solid = mass / number(name, "Active material density [kg.m-3]")
    free = 1 - number(name, "Electrode porosity")
    assert solid < free * number(name, "Electrode thickness [m]")


def test_density_of_two_materials_is_their_volume_average() -> None:
    checked = 0
    for name in SYSTEMS:
        system = read_system(name)
        one = system.values["Active material density [kg.m-3]"]
        if one.kind != "derived" or len(system.materials) != 2 or "carbon" in one.source:
            continue
        densities = [
            read_material(part).values["Density [kg.m-3]"].value for part in system.components
        ]
        share = number(name, "Component A volume fraction")
        expected = share * densities[0] + (1 - share) * densities[1]
        if set(system.materials) == set(system.components) and 0 < share < 1:
            assert one.value == pytest.approx(expected, rel=5e-3), name
            checked += 1
    assert checked >= 3


def test_core_is_the_cube_root_of_the_volume_fraction() -> None:
    checked = 0
    for name, variant in VARIANTS:
        system = read_system(name, variant)
        if system.architecture == "core-shell":
            share = float(system.values["Component A volume fraction"].value)  # type: ignore[arg-type]
            core = system.values["Core radius fraction"].value
            assert core == pytest.approx(share ** (1 / 3), abs=1e-3), name
            checked += 1
    assert checked >= 4


def faraday(text: str) -> float | None:
    """n F / (k M) of a printed reaction "k Host + ... + n e- ->", with ... g/mol [mA.h.g-1].

    The electrons of several steps add up.
    """
    electrons = [float(one) for one in re.findall(r"([\d.]+) e-", text)]
    mass = re.search(r"([\d.]+) g/mol", text)
    host = re.search(r"(?:reaction|conversion|with) (?:(\d) )?[A-Z]\w*(?: \+|\s)", text)
    if not (electrons and mass):
        return None
    units = int(host[1]) if host and host[1] else 1
    return sum(electrons) * MILLIAMPERE_HOURS_PER_MOLE / (units * float(mass[1]))


def test_theoretical_capacity_is_faradays_law() -> None:
    checked = 0
    named = chain(
        (
            (name, read_material(name).values.get("Theoretical capacity [mA.h.g-1]"))
            for name in component_names("materials")
        ),
        ((name, read_system(name).values["Specific capacity [mA.h.g-1]"]) for name in SYSTEMS),
    )
    for name, one in named:
        if one is None or one.kind != "derived" or "Faraday" not in one.source:
            continue
        expected = faraday(one.source)
        if expected is not None:
            assert one.value == pytest.approx(expected, rel=1e-3), name
            checked += 1
    assert checked >= 5


def test_exchange_current_follows_from_a_charge_transfer_resistance() -> None:
    """j0 = RT/(zF R_ct A) on the inner surface 3 eps L/R of the electrode."""
    for name, one in derived("Exchange-current density [A.m-2]", "charge-transfer resistance"):
        ohm = float(re.search(r"resistance ([\d.]+) ohm", one.source)[1])  # type: ignore[index]
        inner = (
            3
            * number(name, "Active mass loading [mg.cm-2]")
            * 1e-2
            / (
                number(name, "Active material density [kg.m-3]")
                * number(name, "Particle radius [m]")
            )
        )
        area = inner * number(name, "Electrode area [cm2]") * 1e-4
        thermal = GAS_CONSTANT * 298.15 / (FARADAY * number(name, "Charge number"))
        assert one.value == pytest.approx(thermal / (ohm * area), rel=0.03), name  # two digits


def test_transference_of_zinc_triflate_at_infinite_dilution() -> None:
    """The limits that the electrolyte file names: Nernst-Hartley, and t+ of a 1:2 salt."""
    zinc, triflate = 0.703e-9, 1.18e-9
    salt = 3 * zinc * triflate / (2 * zinc + triflate)
    transference = 4 * zinc / (4 * zinc + 2 * triflate)
    values = read_electrolyte("3M-ZnOTf2-water").values
    assert f"{salt:.2g}" in values["Reference electrolyte diffusivity [m2.s-1]"].source
    assert f"{transference:.2f}" in values["Cation transference number"].source
    assert values["Cation transference number"].value < transference
    assert values["Reference electrolyte diffusivity [m2.s-1]"].value < salt
