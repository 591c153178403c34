"""Reading parameter files: systems, materials and electrolytes, the library's and the user's.

A file is a document. Each number is `{ value, kind, source, range?, note? }`; every message names the
file, the key and the remedy. PyBaMM is not needed here, so listing and showing systems is quick.
"""

from collections.abc import Mapping
from dataclasses import replace
from os.path import isfile  # False for a name that is too long, where Path.is_file raises
from pathlib import Path

from hetsim.architectures import ARCHITECTURES
from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.checks import checked_ion, checked_system
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.host_names import HOST_PARAMETERS, SLOPING_CURVE, is_composed
from hetsim.parameters.hosts import completed, component_values, read_hosts
from hetsim.parameters.library import component_names, library_path, system_names
from hetsim.parameters.toml_reading import Table, read_document
from hetsim.parameters.value_file import read_measured, read_values
from hetsim.parameters.values import System, Value

_SYSTEM_KEYS = (
    "name", "title", "ion", "class", "architecture", "materials", "components", "electrolyte",
    "controls", "reference", "note", "base", "interface",
)  # fmt: skip
_INHERITED = (
    "title", "ion", "architecture", "materials", "components", "electrolyte", "reference", "interface",
)  # fmt: skip


def read_system(name_or_path: str | Path, variant: str = "") -> System:
    """Read a system by its name or from a file of the user's.

    Raises ParameterError for an unknown name (with the nearest names) and for anything wrong in a file.
    """
    return _read_system(_system_path(name_or_path), variant, ())


def _check_controls(controls: tuple[str, ...], where: str) -> None:
    known = system_names()
    for name in controls:
        if not (name in known or isfile(name)):
            hint = did_you_mean(name, known)
            raise ParameterError(f"{where}: control '{name}' is no system. {hint}")


# --- from a document to its values ---------------------------------------------------------------


def _system_path(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix != ".toml":
        hint = " `hetsim list` shows all; a path ending in .toml reads your own file."
        return library_path("system", str(name_or_path), hint)
    if not isfile(path):
        raise ParameterError(f"There is no parameter file '{path}'.")
    return path


def _read_system(path: Path, variant: str, derived: tuple[Path, ...]) -> System:
    """derived : the files that have this one as their base"""
    document = read_document(path)
    head = document.table("system").only(*_SYSTEM_KEYS)
    document.only("system", "hosts", "parameters", "measured", "facts", "variants")
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
    components, own_hosts = _hosts(document, head, origin)
    own = read_values(document.table("parameters", {}), ("system", "component"), origin)
    values = dict(read_electrolyte(head.text("electrolyte")).values)
    if parent:
        values.update(_inherited_values(parent, components))
    if "hosts" not in document.content:
        for letter, name in zip("AB", components, strict=True):
            values.update(_of_material(letter, name, {**values, **own}))
    values = completed({**values, **own_hosts, **own}, own, _has_core(head.text("architecture")))
    measured, aged = read_measured(document.table("measured", {}).only("rate").tables("rate"))
    system = System(
        name=head.text("name"),
        title=head.text("title"),
        ion=head.text("ion"),
        classification=head.text("class", parent.classification if parent else ""),
        architecture=head.text("architecture"),
        materials=head.names("materials"),
        components=components,
        electrolyte=head.text("electrolyte"),
        values=values,
        controls=head.names("controls", ()),
        reference=head.text("reference", ""),
        interface=head.text("interface", ""),
        note=head.text("note", ""),
        variants=tuple(document.table("variants", {}).content),
        measured=measured,
        aged=aged,
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
    table = variants.table(variant).only("architecture", "hosts", "interface", "note", "parameters")
    own = read_values(table.table("parameters", {}), ("system", "component"), origin)
    kept = dict(system.values)
    if not table.flag("hosts", default=True):
        kept = {name: value for name, value in kept.items() if name not in HOST_PARAMETERS}
    if is_composed(own):  # isotherms take the place of a slope
        kept = {name: value for name, value in kept.items() if name not in SLOPING_CURVE}
    changed = replace(
        system,
        architecture=table.text("architecture", system.architecture),
        interface=table.text("interface", _interface_of(table, system)),
        note=table.text("note", system.note),
        values=completed(
            {**kept, **own}, own, _has_core(table.text("architecture", system.architecture))
        ),
        variant=variant,
    )
    return checked_ion(checked_system(changed, table.where), table.where)


def _has_core(architecture: str) -> bool:
    """Whether one host is a core in the other; an unknown architecture is refused later."""
    return architecture in ARCHITECTURES and ARCHITECTURES[architecture].has_field


def _interface_of(variant: Table, system: System) -> str:
    """A variant of another architecture has the carriers that belong to it, unless it says which."""
    return "" if "architecture" in variant.content else system.interface


def _hosts(document: Table, head: Table, origin: str) -> tuple[tuple[str, ...], dict[str, Value]]:
    """Names of the components A and B, and the values of hosts that the file itself gives."""
    if "hosts" in document.content:
        return read_hosts(document.table("hosts"), head.text("ion"), origin)
    components = head.names("components")
    if len(components) != 2:
        raise ParameterError(
            f"{head.where}: 'components' must be two materials, A and B, got {list(components)}."
        )
    return components, {}


def _of_material(letter: str, name: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """What a component brings along; a material of the user's own is one whose barrier the file gives."""
    barrier = f"Component {letter} migration barrier [eV]"
    if name not in component_names("materials") and barrier in values:
        return {}
    hint = (
        f" A material of your own stands in [hosts.{letter}], or give '{barrier}' in [parameters]."
    )
    library_path("material", name, hint)
    return component_values(letter, read_material(name))


def _inherited_values(parent: System, components: tuple[str, ...]) -> dict[str, Value]:
    """What a file takes over from its base: all of a system, and the materials where they are the same."""
    same = components == parent.components
    return {
        name: value
        for name, value in parent.values.items()
        if value.info.home == "system" or (same and value.info.home == "component")
    }
