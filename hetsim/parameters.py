"""Parameters with their sources: what may stand in a parameter file, and what must fit together.

A file is a document. Each number is `{ value, kind, source, range?, note? }`; every message names the
file, the key and the remedy. PyBaMM is not needed here, so listing and showing systems is quick.
"""

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hetsim import names
from hetsim.reading import ParameterError, Table, number, numbers, read_document
from hetsim.schema import ARCHITECTURES, IONS, KINDS, SCHEMA, ParameterInfo

Number = float | tuple[float, ...]

_PACKAGED = Path(__file__).parent / "parameter_sets"
PARAMETER_SETS = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[1] / "parameter_sets"
"""Folder of the parameter sets: inside the wheel, or beside the package in a checkout."""

CELL_HOMES = ("system", "electrolyte", "component")
"""Where the values of a cell come from; those of materials and the facts are not in its equations."""

_PLACES = {
    "system": "the [parameters] of a system",
    "fact": "the [facts] of a system",
    "electrolyte": "the file of the electrolyte",
    "material": "the file of the material",
    "component": "the file of the material, without the letter of the component",
    "cell": "the [parameters] of a full cell",
}
_SYSTEM_KEYS = (
    "name", "title", "ion", "class", "architecture", "materials", "components", "electrolyte",
    "controls", "reference", "note", "base",
)  # fmt: skip
_INHERITED = (
    "title", "ion", "architecture", "materials", "components", "electrolyte", "reference",
)  # fmt: skip
_FROM_MATERIALS = tuple(f"Component {letter} migration barrier [eV]" for letter in "AB")
_WHOLE = (names.CHARGE_NUMBER, names.ANION_CHARGE_NUMBER)
_SHARE_TOLERANCE = 1e-6  # shares are written with a few decimals


@dataclass(frozen=True)
class Value:
    """One parameter with where it comes from."""

    name: str
    value: Number
    kind: str
    source: str
    note: str = ""
    range: tuple[float, float] | None = None
    origin: str = ""

    @property
    def info(self) -> ParameterInfo:
        return SCHEMA[self.name]


@dataclass(frozen=True)
class MeasuredRate:
    """A measured rate curve: capacity [mA.h.g-1] at each current [A.g-1]."""

    currents: tuple[float, ...]
    capacities: tuple[float, ...]
    source: str
    note: str = ""


@dataclass(frozen=True)
class Component:
    """A material or an electrolyte: a name and its values."""

    name: str
    title: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class System:
    """An electrode in its half cell, as its file says."""

    name: str
    title: str
    ion: str
    classification: str
    architecture: str
    materials: tuple[str, ...]
    components: tuple[str, ...]
    electrolyte: str
    values: Mapping[str, Value]
    controls: tuple[str, ...] = ()
    reference: str = ""
    note: str = ""
    variant: str = ""
    variants: tuple[str, ...] = ()
    measured: tuple[MeasuredRate, ...] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name, with the variant behind it."""
        return f"{self.name} ({self.variant})" if self.variant else self.name


def system_names() -> list[str]:
    """Names of the systems that ship with hetsim, sorted."""
    return component_names("systems")


def component_names(folder: str) -> list[str]:
    """Names in `materials` or `electrolytes`, sorted."""
    return sorted(path.stem for path in (PARAMETER_SETS / folder).glob("*.toml"))


def read_system(name_or_path: str | Path, variant: str = "") -> System:
    """Read a system by its name or from a file of the user's.

    Raises ParameterError for an unknown name (with the nearest names) and for anything wrong in a file.
    """
    return _read_system(_system_path(name_or_path), variant, ())


@cache
def read_material(name: str) -> Component:
    """Read a material of the library by its name."""
    return _read_component("material", name)


@cache
def read_electrolyte(name: str) -> Component:
    """Read an electrolyte of the library by its name."""
    return _read_component("electrolyte", name)


def known_parameter(name: str, homes: tuple[str, ...], where: str) -> ParameterInfo:
    """The schema entry of a name; ParameterError with the nearest name, unit or place otherwise."""
    info = SCHEMA.get(name)
    if info is None:
        raise ParameterError(f"{where}: unknown parameter '{name}'. {_remedy(str(name), homes)}")
    if info.home not in homes:
        raise ParameterError(f"{where}: '{name}' belongs in {_PLACES[info.home]}, not here.")
    return info


def checked_value(name: str, raw: Any, homes: tuple[str, ...], where: str) -> Number:
    """The number or tuple of numbers of a parameter, inside the limits of the schema.

    Raises ParameterError naming the parameter, the value and what is allowed.
    """
    info = known_parameter(name, homes, where)
    found = numbers(raw, name, where) if info.is_list else (number(raw, name, where),)
    for one in found:
        if not info.low <= one <= info.high:
            raise ParameterError(
                f"{where}: '{name}' = {one:g} is outside {info.low:g} to {info.high:g}."
            )
        if name in _WHOLE and not one.is_integer():
            raise ParameterError(f"{where}: '{name}' = {one:g} must be a whole number.")
    return found if info.is_list else found[0]


def checked_system(system: System, where: str) -> System:
    """The same system, if its values are complete and fit together.

    Raises ParameterError for an unknown architecture, a missing value, an open-circuit curve that is
    none, crossed cut-offs, a salt that is not neutral, or a field where it averages out.
    """
    if system.architecture not in ARCHITECTURES:
        raise ParameterError(
            f"{where}: unknown architecture '{system.architecture}'; allowed: {', '.join(ARCHITECTURES)}."
        )
    needed = [info.name for info in SCHEMA.values() if info.required_for(system.architecture)]
    missing = [name for name in (*needed, *_FROM_MATERIALS) if name not in system.values]
    if missing:
        raise ParameterError(f"{where}: '{missing[0]}' is missing ({len(missing)} in all).")
    _check_curve(system.values, where)
    _check_cut_offs(system.values, where)
    _check_salt(system, where)
    _check_field(system, where)
    return system


def checked_rate(curve: MeasuredRate, where: str) -> MeasuredRate:
    """The same measured curve, if it has one positive capacity at each of its positive currents."""
    currents, capacities = curve.currents, curve.capacities
    if not currents or len(currents) != len(capacities):
        raise ParameterError(
            f"{where}: {len(currents)} currents and {len(capacities)} capacities; it needs equally many."
        )
    for what, found in (("currents", currents), ("capacities", capacities)):
        if min(found) <= 0:
            raise ParameterError(f"{where}: {what} must be positive, got {min(found):g}.")
    for one, later in pairwise(sorted(currents)):
        if one == later:
            raise ParameterError(
                f"{where}: two points have current_A_per_g = {one:g}; the currents of a curve must differ."
            )
    return curve


def content_hash(content: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that change when any value does."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]


# --- what must fit together ----------------------------------------------------------------------


def _check_curve(values: Mapping[str, Value], where: str) -> None:
    """Plateau lists that fit together, shares that sum to one, potentials that fall."""
    for branch in ("Insertion", "Extraction"):
        potentials = _list(values, f"{branch} plateau potentials [V]", where)
        shares = _list(values, f"{branch} plateau shares", where)
        widths = _list(values, f"{branch} plateau widths", where)
        if len(shares) != len(potentials) or len(widths) != len(potentials) - 1:
            raise ParameterError(
                f"{where}: the {branch.lower()} branch has {len(potentials)} plateau potentials, "
                f"{len(shares)} shares and {len(widths)} widths; it needs n, n and n - 1."
            )
        if abs(sum(shares) - 1) > _SHARE_TOLERANCE:
            raise ParameterError(
                f"{where}: '{branch} plateau shares' sum to {sum(shares):g}; the capacity shares of "
                "a branch must sum to 1."
            )
        if any(later >= earlier for earlier, later in pairwise(potentials)):
            raise ParameterError(
                f"{where}: '{branch} plateau potentials [V]' = {list(potentials)} must fall from one "
                "plateau to the next, or the open-circuit curve is not monotonic."
            )


def _check_cut_offs(values: Mapping[str, Value], where: str) -> None:
    low, high = (values[name].value for name in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF))
    if not low < high:  # type: ignore[operator]
        raise ParameterError(
            f"{where}: the lower voltage cut-off ({low:g} V) must be below the upper one ({high:g} V)."
        )


def _check_salt(system: System, where: str) -> None:
    """A formula unit has one cation, so the anions must make up its charge."""
    cation, anion = (
        system.values[name].value if name in system.values else 1.0
        for name in (names.CHARGE_NUMBER, names.ANION_CHARGE_NUMBER)
    )
    if not (cation / anion).is_integer():  # type: ignore[operator]
        raise ParameterError(
            f"{where}: '{names.CHARGE_NUMBER}' = {cation:g} and '{names.ANION_CHARGE_NUMBER}' = "
            f"{anion:g} make no salt with one cation; the first must be a multiple of the second."
        )


def _check_ion(system: System, where: str) -> System:
    """The same system, if its ion is known and has the charge number of its file."""
    if system.ion not in IONS:
        raise ParameterError(f"{where}: unknown ion '{system.ion}'; allowed: {', '.join(IONS)}.")
    charge = system.values[names.CHARGE_NUMBER].value
    if charge != IONS[system.ion]:
        raise ParameterError(
            f"{where}: '{names.CHARGE_NUMBER}' = {charge:g}, but {system.ion} has "
            f"{IONS[system.ion]}."
        )
    return system


def _check_controls(controls: tuple[str, ...], where: str) -> None:
    known = system_names()
    for name in controls:
        if not (name in known or Path(name).is_file()):
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or known
            raise ParameterError(
                f"{where}: control '{name}' is no system; did you mean {' or '.join(near)}?"
            )


_NO_FIELD = {
    "dispersed": "the directions of the junctions average out and no field acts",
    "stacked-parallel": "ions run along the layers and the potential across them moves none of them",
}


def _check_field(system: System, where: str) -> None:
    potential = system.values[names.BUILT_IN_POTENTIAL].value
    if system.architecture in _NO_FIELD and potential != 0:
        raise ParameterError(
            f"{where}: '{names.BUILT_IN_POTENTIAL}' = {potential} in a {system.architecture} particle, "
            f"where {_NO_FIELD[system.architecture]}; only 0 is allowed. A core-shell variant has a "
            "radial field."
        )


def _list(values: Mapping[str, Value], name: str, where: str) -> tuple[float, ...]:
    value = values[name].value
    assert isinstance(value, tuple), where
    return value


def _remedy(name: str, homes: tuple[str, ...]) -> str:
    candidates = [info.name for info in SCHEMA.values() if info.home in homes]
    stem = name.split(" [")[0]
    for known in candidates:
        if known.split(" [")[0].lower() == stem.lower():
            unit = known.partition("[")[2].rstrip("]")
            return f"It is written '{known}'" + (
                f", in units of {unit}." if unit else ", without a unit."
            )
    near = difflib.get_close_matches(name, candidates, n=3, cutoff=0.4)
    if near:
        return f"Did you mean {' or '.join(repr(one) for one in near)}?"
    return "`hetsim show SYSTEM` lists the parameters."


# --- from a document to its values ---------------------------------------------------------------


def _system_path(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix != ".toml":
        hint = " `hetsim list` shows all; a path ending in .toml reads your own file."
        return _library_path("system", str(name_or_path), hint)
    if not path.is_file():
        raise ParameterError(f"There is no parameter file '{path}'.")
    return path


def _library_path(kind: str, name: str, hint: str = "") -> Path:
    known = component_names(f"{kind}s")
    if name not in known:
        loadable = [*known, *(component_names("cells") if kind == "system" else [])]
        near = difflib.get_close_matches(name, loadable, n=3, cutoff=0.3) or known
        raise ParameterError(f"Unknown {kind} '{name}'. Did you mean {' or '.join(near)}?{hint}")
    return PARAMETER_SETS / f"{kind}s" / f"{name}.toml"


def _read_component(kind: str, name: str) -> Component:
    document = read_document(_library_path(kind, name)).only(kind, "parameters")
    head = document.table(kind).only("name", "title", "reference", "note")
    values = read_values(document.table("parameters", {}), kind, name)
    return Component(name, head.text("title", name), values)


def _read_system(path: Path, variant: str, derived: tuple[Path, ...]) -> System:
    """derived : the files that have this one as their base"""
    document = read_document(path)
    head = document.table("system").only(*_SYSTEM_KEYS)
    document.only("system", "parameters", "measured", "facts", "variants")
    parent = _read_base(head, (*derived, path.resolve())) if "base" in head.content else None
    system = _system(document, head, parent, path.stem)
    return _with_variant(system, document.table("variants", {}), variant, path.stem)


def _read_base(head: Table, derived: tuple[Path, ...]) -> System:
    base = _system_path(head.text("base"))
    if base.resolve() in derived:
        raise ParameterError(f"{head.where}: 'base' = '{base}' leads back to the file itself.")
    return _read_system(base, "", derived)


def _system(document: Table, head: Table, parent: System | None, origin: str) -> System:
    inherited = {key: getattr(parent, key) for key in _INHERITED} if parent else {}
    head = Table({**inherited, **head.content}, head.where)
    values = _component_values(head)
    if parent:
        own = {name: one for name, one in parent.values.items() if one.info.home == "system"}
        values.update(own)
    values.update(read_values(document.table("parameters", {}), "system", origin))
    measured = document.table("measured", {}).only("rate")
    system = System(
        name=head.text("name"),
        title=head.text("title"),
        ion=head.text("ion"),
        classification=head.text("class", parent.classification if parent else ""),
        architecture=head.text("architecture"),
        materials=head.names("materials"),
        components=head.names("components"),
        electrolyte=head.text("electrolyte"),
        values=values,
        controls=head.names("controls", ()),
        reference=head.text("reference", ""),
        note=head.text("note", ""),
        variants=tuple(document.table("variants", {}).content),
        measured=tuple(read_measured(table) for table in measured.tables("rate")),
        facts=read_values(document.table("facts", {}), "fact", origin),
    )
    _check_controls(system.controls, document.where)
    return _check_ion(checked_system(system, document.where), document.where)


def _with_variant(system: System, variants: Table, variant: str, origin: str) -> System:
    if not variant:
        return system
    if variant not in variants.content:
        known = ", ".join(variants.content) or "none"
        raise ParameterError(f"{variants.where}: no variant '{variant}'; it has: {known}.")
    table = variants.table(variant).only("architecture", "note", "parameters")
    changed = replace(
        system,
        architecture=table.text("architecture", system.architecture),
        note=table.text("note", system.note),
        values={**system.values, **read_values(table.table("parameters", {}), "system", origin)},
        variant=variant,
    )
    return _check_ion(checked_system(changed, table.where), table.where)


def _component_values(head: Table) -> dict[str, Value]:
    """Values of the electrolyte, and those of the two hosts as components A and B."""
    components = head.names("components")
    if len(components) != 2:
        raise ParameterError(
            f"{head.where}: 'components' must be two materials, A and B, got {list(components)}."
        )
    values = dict(read_electrolyte(head.text("electrolyte")).values)
    for letter, material in zip("AB", components, strict=True):
        for value in read_material(material).values.values():
            name = f"Component {letter} {value.name[0].lower()}{value.name[1:]}"
            if name in SCHEMA:
                values[name] = replace(value, name=name, origin=material)
    return values


def read_values(table: Table, home: str, origin: str) -> dict[str, Value]:
    """The values of a table of parameters that belong to one home of the schema."""
    return {
        name: _value(name, raw, home, table.where, origin) for name, raw in table.content.items()
    }


def _value(name: str, raw: Any, home: str, where: str, origin: str) -> Value:
    info = known_parameter(name, (home,), where)
    entry = value_entry(name, raw, where)
    value = checked_value(name, raw["value"], (home,), where)
    return value_of(entry, name, value, (info.low, info.high), origin)


def value_entry(name: str, raw: Any, where: str) -> Table:
    """The `{ value, kind, source, range?, note? }` of a number; ParameterError if it is not one."""
    if not isinstance(raw, dict) or "value" not in raw:
        raise ParameterError(f"{where}: '{name}' must be {{ value, kind, source }}, got {raw!r}.")
    return Table(raw, f"{where}: '{name}'").only("value", "kind", "source", "range", "note")


def value_of(
    entry: Table, name: str, value: Number, bounds: tuple[float, float], origin: str
) -> Value:
    """A checked number with kind, source and range; ParameterError for what is missing or wrong."""
    kind = entry.text("kind", "")
    if kind not in KINDS:
        raise ParameterError(f"{entry.where} has kind {kind!r}; allowed: {', '.join(KINDS)}.")
    source = source_of(entry, KINDS[kind])
    limits = _range(entry, bounds, value) if "range" in entry.content else None
    if kind == "fitted" and limits is None:
        raise ParameterError(f"{entry.where} is fitted and needs its physical `range`.")
    return Value(name, value, kind, source, entry.text("note", ""), limits, origin)


def source_of(table: Table, remedy: str) -> str:
    """The source of a table; ParameterError with the remedy if it has none."""
    source = table.content.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ParameterError(f"{table.where} has no source. {remedy}")
    return source.strip()


def _range(entry: Table, bounds: tuple[float, float], value: Number) -> tuple[float, float]:
    limits = entry.numbers("range")
    if len(limits) != 2:
        raise ParameterError(f"{entry.where}: 'range' must be [low, high], got {list(limits)}.")
    low, high = limits
    if not bounds[0] <= low < high <= bounds[1]:
        raise ParameterError(
            f"{entry.where}: 'range' = {list(limits)} must rise, within {bounds[0]:g} to {bounds[1]:g}."
        )
    if any(not low <= one <= high for one in (value if isinstance(value, tuple) else (value,))):
        raise ParameterError(f"{entry.where} = {value} is outside its own range {list(limits)}.")
    return low, high


def read_measured(table: Table) -> MeasuredRate:
    """A `[[measured.rate]]` of a file."""
    table.only("currents_A_per_g", "capacities_mAh_per_g", "source", "note")
    currents, capacities = table.numbers("currents_A_per_g"), table.numbers("capacities_mAh_per_g")
    source = source_of(table, KINDS["measured"])
    curve = MeasuredRate(currents, capacities, source, table.text("note", ""))
    return checked_rate(curve, table.where)
