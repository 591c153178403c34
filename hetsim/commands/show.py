"""The command `hetsim show`: every value of a system with its kind and source."""

import json
from typing import Any

import click

from hetsim.cells.balance import FULL_CELL, described
from hetsim.commands.list import summary
from hetsim.commands.options import clear_messages, json_option, variant_option, wide_option
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.system_file import system_names
from hetsim.parameters.values import System, Value


@click.command()
@click.argument("system", shell_complete=lambda *_: known_names())
@click.option("--against", help="Another system or file: list only what differs, and why.")
@variant_option
@wide_option
@json_option
@clear_messages
def show(system: str, against: str | None, variant: str, wide: bool, as_json: bool) -> None:
    """Show every value of a SYSTEM or full cell (a name or a .toml file) with its kind and source.

    \b
    Examples:
      hetsim show CZT
      hetsim show CZT --against CT
    """
    found, width = described(system, variant), screen_width(wide)
    if against is not None:
        other = described(against)
        labels = (found.label, other.label)
        if found.label == other.label:  # a file and the one that it was copied from
            labels = (system, against)
        _show_difference(labels, (found, other), as_json, width)
        return
    if as_json:
        content = {name: _value_object(value) for name, value in found.values.items()}
        click.echo(json.dumps({**summary(found), "parameters": content}, ensure_ascii=False))
        return
    click.echo(_shown(found, width))


_MOST = (30, 18)
"""Widest that names and values are in a table that has no room."""


def _shown(found: System, width: int | None) -> str:
    """What a system is, its values with their sources, and what was measured."""
    against_what = "" if found.classification == FULL_CELL else f" against {found.ion}"
    words = [
        f"{found.label}: {found.title}{against_what}, {found.architecture}",
        found.reference,
        found.note,
        "",
    ]
    parts = [paragraph(one, width) for one in words]
    parts.append(_table(found, width))
    for curve in found.measured:
        count = len(curve.currents)
        told = f"\nmeasured rate curve: {count} points, {curve.source}\n{curve.note}"
        parts.append(paragraph(told, width))
    for point in found.aged:
        at = f"{point.capacity:g} mAh/g at {point.current:g} A/g"
        told = f"\nmeasured, not fresh: {at}, {point.label}, {point.source}"
        parts.append(paragraph(told, width))
    return "\n".join(parts)


def _table(found: System, width: int | None) -> str:
    """A range has a column of its own where there is room, else it stands below the value."""
    values = found.values.items()
    if width is None:
        rows = [[name, _written(v), v.kind, _range(v), v.source] for name, v in values]
        return text_table(["parameter", "value", "kind", "range", "source"], rows)
    rows = [
        [name, f"{_written(v)}\n{_range(v)}".removesuffix("\n-"), v.kind, v.source]
        for name, v in values
    ]
    return text_table(["parameter", "value\nrange", "kind", "source"], rows, width, _MOST)


def known_names() -> list[str]:
    """Systems and full cells."""
    return [*system_names(), *cell_names()]


def _value_object(value: Value) -> dict[str, Any]:
    return {
        "value": value.value,
        "kind": value.kind,
        "range": value.range,
        "source": value.source,
        "note": value.note,
    }


def _show_difference(
    labels: tuple[str, str], systems: tuple[System, System], as_json: bool, width: int | None
) -> None:
    one, other = systems
    sides = list(zip(labels, systems, strict=True))
    names = [
        name
        for name in dict.fromkeys([*one.values, *other.values])
        if _number(one, name) != _number(other, name)
    ]
    if as_json:
        content = {
            name: {label: _value_object(s.values[name]) for label, s in sides if name in s.values}
            for name in names
        }
        click.echo(json.dumps({"differs": content}, ensure_ascii=False))
        return
    same = sum(1 for name in one.values if name in other.values and name not in names)
    told = f"{' and '.join(labels)} share {same} values and differ in {len(names)}.\n"
    click.echo(paragraph(told, width))
    for name in names:
        click.echo(name)
        for label, system in sides:
            value = system.values.get(name)
            if value is None:
                click.echo(f"  {label}: none")
                continue
            note = f"; {value.note}" if value.note else ""
            told = f"{label}: {_written(value)}  ({value.kind}: {value.source}{note})"
            click.echo(paragraph(told, width, indent="    ", first="  "))


def _number(system: System, name: str) -> Any:
    value = system.values.get(name)
    return None if value is None else value.value


def _written(value: Value) -> str:
    if isinstance(value.value, tuple):
        return "[" + ", ".join(f"{one:g}" for one in value.value) + "]"
    return f"{value.value:g}"


def _range(value: Value) -> str:
    return "-" if value.range is None else f"{value.range[0]:g} .. {value.range[1]:g}"
