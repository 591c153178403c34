"""Reading parameter files: systems, materials and electrolytes, the library's and the user's.

A file is a document. Each number is `{ value, kind, source, range?, note? }`; every message names the
file, the key and the remedy. PyBaMM is not needed here, so listing and showing systems is quick.
"""

import difflib
from dataclasses import replace
from pathlib import Path

from hetsim.errors import ParameterError
from hetsim.parameters.checks import checked_ion, checked_system
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.library import component_names, library_path
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.toml_reading import Table, read_document
from hetsim.parameters.value_file import read_measured, read_values
from hetsim.parameters.values import System, Value

_SYSTEM_KEYS = (
    "name", "title", "ion", "class", "architecture", "materials", "components", "electrolyte",
    "controls", "reference", "note", "base",
)  # fmt: skip
_INHERITED = (
    "title", "ion", "architecture", "materials", "components", "electrolyte", "reference",
)  # fmt: skip


def system_names() -> list[str]:
    """Names of the systems that ship with hetsim, sorted.

    Returns
    -------
    list[str]
    """
    return component_names("systems")


def read_system(name_or_path: str | Path, variant: str = "") -> System:
    """Read a system by its name or from a file of the user's.

    Raises ParameterError for an unknown name (with the nearest names) and for anything wrong in a file.
    """
    return _read_system(_system_path(name_or_path), variant, ())


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
        return library_path("system", str(name_or_path), hint)
    if not path.is_file():
        raise ParameterError(f"There is no parameter file '{path}'.")
    return path


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
        own = {name: value for name, value in parent.values.items() if value.info.home == "system"}
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
