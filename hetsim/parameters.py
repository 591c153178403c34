"""Reading parameter files: systems, materials and electrolytes, the library's and the user's.

A file is a document. Each number is `{ value, kind, source, range?, note? }`; every message names the
file, the key and the remedy. PyBaMM is not needed here, so listing and showing systems is quick.
"""

import difflib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from hetsim.checks import checked_ion, checked_rate, checked_system, checked_value, known_parameter
from hetsim.reading import ParameterError, Table, read_document
from hetsim.schema import KINDS, SCHEMA
from hetsim.systems import Component, MeasuredRate, Number, System, Value

_PACKAGED = Path(__file__).parent / "parameter_sets"
PARAMETER_SETS = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[1] / "parameter_sets"
"""Folder of the parameter sets: inside the wheel, or beside the package in a checkout."""


_SYSTEM_KEYS = (
    "name", "title", "ion", "class", "architecture", "materials", "components", "electrolyte",
    "controls", "reference", "note", "base",
)  # fmt: skip
_INHERITED = (
    "title", "ion", "architecture", "materials", "components", "electrolyte", "reference",
)  # fmt: skip


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


def _check_controls(controls: tuple[str, ...], where: str) -> None:
    known = system_names()
    for name in controls:
        if not (name in known or Path(name).is_file()):
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or known
            raise ParameterError(
                f"{where}: control '{name}' is no system; did you mean {' or '.join(near)}?"
            )


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
    return checked_ion(checked_system(system, document.where), document.where)


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
    return checked_ion(checked_system(changed, table.where), table.where)


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
