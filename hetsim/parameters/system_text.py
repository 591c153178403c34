"""A system as the text of its parameter file: what `hetsim.parameters.system_file` reads back as the same system."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping

from hetsim import names
from hetsim.parameters.host_names import is_composed
from hetsim.parameters.value_file import EXTRACTIONS
from hetsim.parameters.values import AgedPoint, MeasuredRate, System, Value

_HOMES = ("system", "component")
"""Values that stand in [parameters]; those of the electrolyte stand in its own file, which the system names."""


def system_text(
    system: System,
    comment: str = "",
    variants: Mapping[str, tuple[str, Iterable[Value]]] | None = None,
) -> str:
    """The whole file of a system, without a base.

    comment : lines at its top
    variants : note and own values of each, by its name; those that the system was read with are left out
    Values that a user changed in the electrolyte cannot stand in the file of a system; they are named in a comment.
    """
    parts = [
        *(f"# {line}" for line in comment.splitlines()),
        "[system]",
        *_head(system),
        "",
        "[parameters]",
        *(_entry(one) for one in system.values.values() if _is_given(one, system)),
        *_left_out(system.values),
    ]
    if system.facts:
        parts += ["", "[facts]", *(_entry(one) for one in system.facts.values())]
    for curve in system.measured:
        parts += ["", *_curve(curve)]
    for point in system.aged:
        parts += ["", *_aged(point)]
    for name, (note, values) in (variants or {}).items():
        parts += ["", f"[variants.{name}]", f"note = {quoted(note)}"]
        parts += [f"[variants.{name}.parameters]", *(_entry(one) for one in values)]
    return "\n".join(parts) + "\n"


def quoted(text: str) -> str:
    """A basic string of TOML: JSON escapes what it must."""
    return json.dumps(text, ensure_ascii=False)


def _is_given(value: Value, system: System) -> bool:
    """Whether a value stands in [parameters]; the capacity of two hosts follows from theirs, unless it was changed."""
    follows = value.name == names.SPECIFIC_CAPACITY and value.kind == "derived"
    return value.info.home in _HOMES and not (follows and is_composed(system.values))


def _head(system: System) -> Iterator[str]:
    texts = {
        "name": system.name,
        "title": system.title,
        "ion": system.ion,
        "class": system.classification,
        "architecture": system.architecture,
        "electrolyte": system.electrolyte,
        "interface": system.interface,
        "reference": system.reference,
        "note": system.note,
    }
    for key, text in texts.items():
        if text:
            yield f"{key} = {quoted(text)}"
    for key, listed in (
        ("materials", system.materials),
        ("components", system.components),
        ("controls", system.controls),
    ):
        yield f"{key} = [{', '.join(quoted(name) for name in listed)}]"


def _entry(value: Value) -> str:
    """`"name" = { value, kind, source, range, note }`."""
    parts = [
        f"value = {_number(value.value)}",
        f"kind = {quoted(value.kind)}",
        f"source = {quoted(value.source)}",
    ]
    if value.range:
        parts.append(f"range = {_number(value.range)}")
    if value.note:
        parts.append(f"note = {quoted(value.note)}")
    return f"{quoted(value.name)} = {{ {', '.join(parts)} }}"


def _number(value: float | tuple[float, ...]) -> str:
    """One number or a list, to the last digit."""
    if isinstance(value, tuple):
        return f"[{', '.join(_number(one) for one in value)}]"
    return repr(float(value))


def _left_out(values: Mapping[str, Value]) -> Iterator[str]:
    for one in values.values():
        if one.info.home not in _HOMES and one.origin == "user":
            yield f"# {quoted(one.name)} = {_number(one.value)} belongs in the file of the electrolyte"


def _curve(curve: MeasuredRate) -> Iterator[str]:
    yield "[[measured.rate]]"
    yield f"currents_A_per_g = {_number(curve.currents)}"
    yield f"capacities_mAh_per_g = {_number(curve.capacities)}"
    if curve.extractions and all(map(math.isfinite, curve.extractions)):
        yield f"{EXTRACTIONS} = {_number(curve.extractions)}"
    yield f"source = {quoted(curve.source)}"
    if curve.note:
        yield f"note = {quoted(curve.note)}"


def _aged(point: AgedPoint) -> Iterator[str]:
    """A point with a history, in a table of its own."""
    yield from _curve(MeasuredRate((point.current,), (point.capacity,), point.source, point.note))
    if point.after_cycles:
        yield f"after_cycles = {point.after_cycles}"
    if point.history or not point.after_cycles:
        yield f"history = {quoted(point.history or 'not fresh')}"
