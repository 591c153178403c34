"""The hosts A and B of a system: isotherms of its materials, from the library or from the system's own file.

[hosts.A]
material = "CoTe2"
mass_share = 0.7

[hosts.B]                       # a material that the library does not have is written out
material = "Bi2S3"
[hosts.B.parameters]
"Site potentials [V]" = { value = [0.8, 0.4], kind = "measured", source = "my voltammogram" }
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from hetsim import names
from hetsim.errors import ParameterError
from hetsim.laws.electrode import mass_shares
from hetsim.parameters.component_file import read_material
from hetsim.parameters.host_names import (
    CAPACITY,
    DENSITY,
    ISOTHERM,
    LETTERS,
    is_composed,
    of_component,
)
from hetsim.parameters.library import component_names, library_path
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.toml_reading import Table, number
from hetsim.parameters.value_file import read_values
from hetsim.parameters.values import Component, Value

VOLUME_FRACTION = "Component A volume fraction"
_SHARES = ("mass_share", "volume_share")
_TOLERANCE = 1e-6
_ROUNDING = 1e-12


def component_values(letter: str, material: Component) -> dict[str, Value]:
    """What a system carries along of a material that is its component."""
    found = {}
    for value in material.values.values():
        name = of_component(letter, value.name)
        if name in SCHEMA:
            found[name] = replace(value, name=name, origin=material.name)
    return found


def host_values(letter: str, material: Component, ion: str, where: str) -> dict[str, Value]:
    """What a system has of a material that is its host A or B for an ion.

    Raises ParameterError for a material without an isotherm for this ion; the message says for which it has one.
    """
    own = material.ions.get(ion, {})
    missing = [name for name in (*ISOTHERM, CAPACITY) if name not in own]
    if missing:
        ions = [one for one, values in material.ions.items() if ISOTHERM[0] in values]
        has = f"it has one for {', '.join(ions)}" if ions else "it has none for any ion"
        what = "no isotherm" if ISOTHERM[0] in missing else f"no '{missing[0]}'"
        raise ParameterError(
            f"{where}: {material.name} has {what} for {ion}; {has}. Give '{missing[0]}' in "
            f"[hosts.{letter}.parameters]."
        )
    found = component_values(letter, material)
    for value in own.values():
        name = of_component(letter, value.name)
        found[name] = replace(value, name=name, origin=value.origin or material.name)
    return found


def read_hosts(table: Table, ion: str, origin: str) -> tuple[tuple[str, str], dict[str, Value]]:
    """The `[hosts]` of a file: names of the two materials, and their values in the system.

    Raises ParameterError for anything that is missing or wrong.
    """
    table.only(*LETTERS)
    materials, values, shares = [], {}, {}
    for letter in LETTERS:
        host = table.table(letter).only("material", "parameters", *_SHARES)
        material = _material(host, ion, origin)
        materials.append(material.name)
        values.update(host_values(letter, material, ion, host.where))
        shares[letter] = {
            key: number(host.content[key], key, host.where)
            for key in _SHARES
            if key in host.content
        }
    values.update(_volume_fraction(shares, values, table.where, origin))
    return (materials[0], materials[1]), values


def _material(host: Table, ion: str, origin: str) -> Component:
    """The material of a host: the library's, with what the file says of it, or the file's alone."""
    name = host.text("material")
    written = host.table("parameters", {})
    known = name in component_names("materials")
    if not known and not written.content:
        hint = " A material of your own is written out below it, in its table 'parameters'."
        library_path("material", name, hint)
    material = read_material(name) if known else Component(name, name, {})
    general: dict[str, Value] = {}
    for_ion: dict[str, Value] = {}
    for key, raw in written.content.items():
        one = Table({key: raw}, written.where)
        home = SCHEMA[key].home if key in SCHEMA else "ion"
        kept = general if home == "material" else for_ion
        kept.update(read_values(one, "material" if home == "material" else "ion", origin))
    ions = {**material.ions, ion: {**material.ions.get(ion, {}), **for_ion}}
    return replace(material, values={**material.values, **general}, ions=ions)


def _volume_fraction(
    shares: Mapping[str, Mapping[str, float]], values: Mapping[str, Value], where: str, origin: str
) -> dict[str, Value]:
    """The volume share of A from the shares of the hosts, if the file gives them."""
    given = {key for one in shares.values() for key in one}
    if not given:
        return {}
    if len(given) > 1:
        raise ParameterError(
            f"{where}: give the shares of both hosts as mass or as volume, not each."
        )
    key = given.pop()
    a, b = (shares[letter].get(key) for letter in LETTERS)
    a = 1 - b if a is None and b is not None else a
    assert a is not None
    b = 1 - a if b is None else b
    stated = (shares[letter].get(key) for letter in LETTERS)
    beyond = [one for one in stated if one is not None and not 0 <= one <= 1]
    if beyond:
        raise ParameterError(f"{where}: {key} = {beyond[0]:g} is outside 0 to 1.")
    if abs(a + b - 1) > _TOLERANCE:
        raise ParameterError(
            f"{where}: the {key} of A and B are {a:g} and {b:g} and sum to {a + b:g}; they must sum to 1."
        )
    fraction, source = a, f"'{key}' of the hosts"
    if key == "mass_share":
        fraction = volume_fraction(a, values)
        source += " with their densities"
    return {VOLUME_FRACTION: Value(VOLUME_FRACTION, fraction, "derived", source, origin=origin)}


def volume_fraction(mass_share: float, values: Mapping[str, Value]) -> float:
    """Volume share of A from its mass share; hosts without a density count as equally dense."""
    densities = [values.get(of_component(letter, DENSITY)) for letter in LETTERS]
    if any(one is None for one in densities):
        return mass_share
    a, b = (one.number for one in densities if one is not None)
    return mass_share / a / (mass_share / a + (1 - mass_share) / b)


def completed(
    values: Mapping[str, Value], given: Collection[str] = (), has_core: bool = False
) -> dict[str, Value]:
    """The values of a system of two hosts with what follows from them; those of a lumped host as they are.

    The specific capacity is that of the hosts at their mass shares. Where it is itself among the names
    `given`, the capacities of both hosts are scaled to it. In a core and a shell (`has_core`) the volume share of A
    is that of the core.
    """
    found = dict(values)
    if not is_composed(values):
        return found
    _densities(found)
    if has_core:
        _core(found, given)
    total = composed_capacity(lambda name: found[name].number)
    if names.SPECIFIC_CAPACITY in given:
        wanted = values[names.SPECIFIC_CAPACITY].number
        if abs(wanted / total - 1) < _ROUNDING:
            return found
        for letter in LETTERS:
            name = of_component(letter, CAPACITY)
            scaled = found[name].number * wanted / total
            source = f"{found[name].source}; scaled to '{names.SPECIFIC_CAPACITY}'"
            if "; scaled to" in found[name].source:
                source = found[name].source
            found[name] = Value(name, scaled, "derived", source, origin=found[name].origin)
        return found
    found[names.SPECIFIC_CAPACITY] = Value(
        names.SPECIFIC_CAPACITY,
        total,
        "derived",
        "mass shares of the hosts times their site capacities",
        f"{_percent(found)} of A",
        origin=found[VOLUME_FRACTION].origin,
    )
    return found


def _percent(values: Mapping[str, Value]) -> str:
    return f"{100 * mass_shares(lambda name: values[name].number)[0]:.3g} % by mass"


def composed_capacity(value: Callable[[str], Any]) -> Any:
    """Capacity of both hosts at their mass shares [mA.h.g-1]; `value` as in laws.electrode."""
    capacities = [value(of_component(letter, CAPACITY)) for letter in LETTERS]
    return sum(share * one for share, one in zip(mass_shares(value), capacities, strict=True))


def core_radius(share: Any) -> Any:
    """x_j = f_A^(1/3) of the volume share of the core, inside the limits of the schema [-]."""
    info = SCHEMA[names.CORE_FRACTION]
    return np.clip(np.cbrt(share), info.low, info.high)


def is_other_core(radius: Any, given: Any) -> Any:
    """Whether the radius of a core differs from the one that is given by more than is written of it."""
    return abs(radius - given) > _TOLERANCE


def _densities(values: dict[str, Value]) -> None:
    """A host without a density is taken to be as dense as the active material."""
    for letter in LETTERS:
        name = of_component(letter, DENSITY)
        if name not in values:
            source = "not at hand; that of the whole active material"
            density = values[names.DENSITY].number if names.DENSITY in values else 5000.0
            values[name] = Value(name, density, "assumed", source, origin="hosts")


def _core(values: dict[str, Value], given: Collection[str]) -> None:
    """Core and volume share of A are one: x_j^3 = f_A. The one that is given decides, else the volume share."""
    if names.CORE_FRACTION not in values:
        return
    if names.CORE_FRACTION in given:
        share = values[names.CORE_FRACTION].number ** 3
        source = f"cube of '{names.CORE_FRACTION}'"
        values[VOLUME_FRACTION] = Value(VOLUME_FRACTION, share, "derived", source, origin="hosts")
        return
    radius = float(core_radius(values[VOLUME_FRACTION].number))
    if is_other_core(radius, values[names.CORE_FRACTION].number):
        source = f"cube root of '{VOLUME_FRACTION}'"
        values[names.CORE_FRACTION] = Value(
            names.CORE_FRACTION, radius, "derived", source, origin="hosts"
        )
