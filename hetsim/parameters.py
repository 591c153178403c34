"""The parameter file: what may stand in it, reading and checking it.

A file is a document. Each number is `{ value, kind, source, range?, note? }`; every message names the
file, the key and the remedy. Nothing in a file is evaluated or imported. PyBaMM is not needed here, so
listing and showing systems is quick.
"""

import difflib
import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from hetsim.schema import KINDS, SCHEMA, ParameterInfo

Number = float | tuple[float, ...]

_PACKAGED = Path(__file__).parent / "parameter_sets"
PARAMETER_SETS = _PACKAGED if _PACKAGED.is_dir() else Path(__file__).parents[1] / "parameter_sets"
"""Folder of the parameter sets: inside the wheel, or beside the package in a checkout."""

_SHARE_TOLERANCE = 1e-6  # shares are written with a few decimals


class ParameterError(ValueError):
    """A parameter file or value that cannot be used; the message says what and what is allowed."""


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


def system_names() -> list[str]:
    """Names of the systems that ship with hetsim, sorted."""
    return sorted(path.stem for path in (PARAMETER_SETS / "systems").glob("*.toml"))


def read_system(name_or_path: str | Path, variant: str = "") -> System:
    """Read a system by its name or from a file of the user's.

    Raises ParameterError for an unknown name (with the nearest names) and for anything wrong in a file.
    """
    path = _find_system(name_or_path)
    document = _read(path)
    base = _head(document, "system", path).get("base")
    parent = read_system(base) if base else None
    system = _system_from(document, path, parent)
    return _with_variant(system, document, path, parent, variant)


@cache
def read_material(name: str) -> Component:
    """Read a material of the library by its name."""
    return _read_component("material", "materials", name)


@cache
def read_electrolyte(name: str) -> Component:
    """Read an electrolyte of the library by its name."""
    return _read_component("electrolyte", "electrolytes", name)


def component_names(folder: str) -> list[str]:
    """Names in `materials` or `electrolytes`, sorted."""
    return sorted(path.stem for path in (PARAMETER_SETS / folder).glob("*.toml"))


def checked_value(name: str, raw: Any, allowed_home: str, where: str) -> Number:
    """The number or tuple of numbers of a parameter, inside the limits of the schema.

    Raises ParameterError naming the parameter, the value and what is allowed.
    """
    info = known_parameter(name, allowed_home, where)
    if info.is_list != isinstance(raw, list | tuple):
        shape = "a list of numbers" if info.is_list else "one number"
        raise ParameterError(f"{where}: '{name}' must be {shape}, got {raw!r}.")
    numbers = tuple(_number(name, one, where) for one in (raw if info.is_list else [raw]))
    for number in numbers:
        if not info.low <= number <= info.high:
            raise ParameterError(
                f"{where}: '{name}' = {number:g} is outside {info.low:g} to {info.high:g}."
            )
    return numbers if info.is_list else numbers[0]


def known_parameter(name: str, home: str, where: str) -> ParameterInfo:
    """The schema entry of a name; ParameterError with the nearest name, unit or place otherwise."""
    info = SCHEMA.get(name)
    if info is None:
        raise ParameterError(f"{where}: unknown parameter '{name}'. {_remedy(name, home)}")
    if home and home != info.home:
        raise ParameterError(f"{where}: '{name}' belongs in a file of the {info.home}, not here.")
    return info


def check_curve(values: Mapping[str, Value], where: str) -> None:
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


def check_cut_offs(values: Mapping[str, Value], where: str) -> None:
    """The lower voltage cut-off lies below the upper one."""
    low, high = (values[f"{side} voltage cut-off [V]"].value for side in ("Lower", "Upper"))
    if not low < high:  # type: ignore[operator]
        raise ParameterError(
            f"{where}: the lower voltage cut-off ({low:g} V) must be below the upper one ({high:g} V)."
        )


def content_hash(content: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that change when any value does."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# --- reading -------------------------------------------------------------------------------------


def _find_system(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix == ".toml":
        if not path.is_file():
            raise ParameterError(f"There is no parameter file '{path}'.")
        return path
    known = system_names()
    if str(name_or_path) not in known:
        near = difflib.get_close_matches(str(name_or_path), known, n=3, cutoff=0.3) or known
        raise ParameterError(
            f"Unknown system '{name_or_path}'. Did you mean {' or '.join(near)}? "
            "`hetsim list` shows all; a path ending in .toml reads your own file."
        )
    return PARAMETER_SETS / "systems" / f"{name_or_path}.toml"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path.name}: cannot be read ({error}).") from error
    except tomllib.TOMLDecodeError as error:
        raise ParameterError(f"{path.name}: is not valid TOML ({error}).") from error


def _head(document: Mapping[str, Any], kind: str, path: Path) -> dict[str, Any]:
    head = document.get(kind)
    if not isinstance(head, dict):
        raise ParameterError(f"{path.name}: a table [{kind}] with the name is missing.")
    return head


_HEAD_KEYS = {
    "system": {
        "name", "title", "ion", "class", "architecture", "materials", "components", "electrolyte",
        "controls",
        "reference", "note", "base",
    },
    "material": {"name", "title", "reference", "note"},
    "electrolyte": {"name", "title", "reference", "note"},
}  # fmt: skip
ARCHITECTURES = ("dispersed", "core-shell")


def _check_keys(found: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for key in found:
        if key not in allowed:
            near = difflib.get_close_matches(key, allowed, n=1)
            hint = (
                f"Did you mean '{near[0]}'?" if near else f"Allowed: {', '.join(sorted(allowed))}."
            )
            raise ParameterError(f"{where}: unknown key '{key}'. {hint}")


def _read_component(kind: str, folder: str, name: str) -> Component:
    path = PARAMETER_SETS / folder / f"{name}.toml"
    if not path.is_file():
        known = component_names(folder)
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.3) or known
        raise ParameterError(f"Unknown {kind} '{name}'. Did you mean {' or '.join(near)}?")
    document = _read(path)
    _check_keys(document, {kind, "parameters"}, path.name)
    head = _head(document, kind, path)
    _check_keys(head, _HEAD_KEYS[kind], f"{path.name} [{kind}]")
    values = _values(document.get("parameters", {}), kind, path)
    return Component(name, str(head.get("title", name)), values)


def _system_from(document: Mapping[str, Any], path: Path, parent: System | None) -> System:
    _check_keys(document, {"system", "parameters", "measured", "facts", "variants"}, path.name)
    head = _head(document, "system", path)
    _check_keys(head, _HEAD_KEYS["system"], f"{path.name} [system]")

    def own(key: str, inherited: Any = None) -> Any:
        fallback = getattr(parent, key, inherited) if parent else inherited
        value = head.get(key, fallback)
        if value is None:
            raise ParameterError(f"{path.name} [system]: '{key}' is missing.")
        return value

    components = tuple(own("components"))
    electrolyte = own("electrolyte")
    values: dict[str, Value] = dict(parent.values) if parent else {}
    values.update(_component_values(components, electrolyte))
    values.update(_values(document.get("parameters", {}), "system", path))
    system = System(
        name=own("name"),
        title=own("title"),
        ion=own("ion"),
        classification=head.get("class", parent.classification if parent else ""),
        architecture=own("architecture"),
        materials=tuple(own("materials")),
        components=components,
        electrolyte=electrolyte,
        values=values,
        controls=tuple(head.get("controls", ())),
        reference=own("reference", ""),
        note=head.get("note", ""),
        variants=tuple(document.get("variants", {})),
        measured=tuple(
            _measured(one, path) for one in document.get("measured", {}).get("rate", ())
        ),
        facts=_values(document.get("facts", {}), "fact", path),
    )
    return _checked(system, path.name)


def _with_variant(
    system: System, document: Mapping[str, Any], path: Path, parent: System | None, variant: str
) -> System:
    if not variant:
        return system
    variants = document.get("variants", {})
    if variant not in variants:
        known = ", ".join(variants) or "none"
        raise ParameterError(f"{path.name}: no variant '{variant}'; it has: {known}.")
    table = variants[variant]
    where = f"{path.name} [variants.{variant}]"
    _check_keys(table, {"architecture", "note", "parameters"}, where)
    changed = _values(table.get("parameters", {}), "system", path, where)
    return _checked(
        replace(
            system,
            architecture=table.get("architecture", system.architecture),
            note=table.get("note", system.note),
            values={**system.values, **changed},
            variant=variant,
        ),
        where,
    )


def _checked(system: System, where: str) -> System:
    if system.architecture not in ARCHITECTURES:
        raise ParameterError(
            f"{where}: unknown architecture '{system.architecture}'; allowed: {', '.join(ARCHITECTURES)}."
        )
    needed = (info.name for info in SCHEMA.values() if info.required_for(system.architecture))
    missing = [name for name in needed if name not in system.values]
    if missing:
        raise ParameterError(f"{where}: '{missing[0]}' is missing ({len(missing)} in all).")
    check_curve(system.values, where)
    check_cut_offs(system.values, where)
    return system


def _component_values(components: tuple[str, ...], electrolyte: str) -> dict[str, Value]:
    """Values of the electrolyte, and those of the two hosts as components A and B."""
    values = dict(read_electrolyte(electrolyte).values)
    for letter, material in zip("AB", components, strict=True):
        for value in read_material(material).values.values():
            name = f"Component {letter} {value.name[0].lower()}{value.name[1:]}"
            if name in SCHEMA:
                values[name] = replace(value, name=name, origin=material)
    return values


def _values(table: Any, home: str, path: Path, where: str = "") -> dict[str, Value]:
    return {
        name: _value(name, entry, home, path, where or path.name) for name, entry in table.items()
    }


def _value(name: str, entry: Any, home: str, path: Path, where: str) -> Value:
    known_parameter(name, home, where)
    if not isinstance(entry, dict) or "value" not in entry:
        raise ParameterError(f"{where}: '{name}' must be {{ value, kind, source }}, got {entry!r}.")
    _check_keys(entry, {"value", "kind", "source", "range", "note"}, f"{where}: '{name}'")
    kind, source = entry.get("kind"), entry.get("source", "")
    if kind not in KINDS:
        raise ParameterError(f"{where}: '{name}' has kind {kind!r}; allowed: {', '.join(KINDS)}.")
    if not isinstance(source, str) or not source.strip():
        raise ParameterError(f"{where}: '{name}' has no source. {KINDS[kind]}")
    number = checked_value(name, entry["value"], home, where)
    limits = _range(name, entry.get("range"), number, where)
    if kind == "fitted" and limits is None:
        raise ParameterError(f"{where}: '{name}' is fitted and needs its physical `range`.")
    return Value(name, number, kind, source.strip(), entry.get("note", ""), limits, path.stem)


def _range(name: str, raw: Any, number: Number, where: str) -> tuple[float, float] | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or len(raw) != 2:
        raise ParameterError(f"{where}: the range of '{name}' must be [low, high], got {raw!r}.")
    low, high = (_number(name, one, where) for one in raw)
    numbers = number if isinstance(number, tuple) else (number,)
    if any(not low <= one <= high for one in numbers):
        raise ParameterError(f"{where}: '{name}' = {number} is outside its own range {raw}.")
    return low, high


def _measured(table: Mapping[str, Any], path: Path) -> MeasuredRate:
    where = f"{path.name} [[measured.rate]]"
    _check_keys(table, {"currents_A_per_g", "capacities_mAh_per_g", "source", "note"}, where)
    currents = tuple(_number("current", one, where) for one in table.get("currents_A_per_g", ()))
    capacities = tuple(
        _number("capacity", one, where) for one in table.get("capacities_mAh_per_g", ())
    )
    if not currents or len(currents) != len(capacities):
        raise ParameterError(
            f"{where}: {len(currents)} currents and {len(capacities)} capacities; it needs equally many."
        )
    if min(currents) <= 0 or min(capacities) <= 0:
        raise ParameterError(f"{where}: currents and capacities must be positive.")
    if not table.get("source"):
        raise ParameterError(f"{where}: a measured curve needs its source.")
    return MeasuredRate(currents, capacities, table["source"], table.get("note", ""))


def _number(name: str, raw: Any, where: str) -> float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise ParameterError(f"{where}: '{name}' must be a number, got {raw!r}.")
    if not math.isfinite(raw):
        raise ParameterError(f"{where}: '{name}' is {raw}; it must be a finite number.")
    return float(raw)


def _list(values: Mapping[str, Value], name: str, where: str) -> tuple[float, ...]:
    value = values[name].value
    assert isinstance(value, tuple), where
    return value


def _remedy(name: str, home: str) -> str:
    candidates = [info.name for info in SCHEMA.values() if not home or info.home == home]
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
