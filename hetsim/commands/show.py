"""The command `hetsim show`: every value of a system with its kind and source."""

import json
from typing import Any

import click

from hetsim.cells.balance import FULL_CELL, described
from hetsim.commands.list import summary
from hetsim.commands.options import clear_messages, json_option, variant_option
from hetsim.commands.text_table import text_table
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.system_file import system_names
from hetsim.parameters.values import System, Value


@click.command()
@click.argument("system", shell_complete=lambda *_: known_names())
@click.option("--against", help="Another system or file: list only what differs, and why.")
@variant_option
@json_option
@clear_messages
def show(system: str, against: str | None, variant: str, as_json: bool) -> None:
    """Show every value of a SYSTEM or full cell (a name or a .toml file) with its kind and source.

    \b
    Examples:
      hetsim show CZT
      hetsim show CZT --against CT
    """
    found = described(system, variant)
    if against is not None:
        other = described(against)
        labels = (found.label, other.label)
        if found.label == other.label:  # a file and the one that it was copied from
            labels = (system, against)
        _show_difference(labels, (found, other), as_json)
        return
    if as_json:
        content = {name: _value_object(value) for name, value in found.values.items()}
        click.echo(json.dumps({**summary(found), "parameters": content}, ensure_ascii=False))
        return
    against_what = "" if found.classification == FULL_CELL else f" against {found.ion}"
    click.echo(f"{found.label}: {found.title}{against_what}, {found.architecture}")
    click.echo(f"{found.reference}\n{found.note}\n")
    rows = [[n, _written(v), v.kind, _range(v), v.source] for n, v in found.values.items()]
    click.echo(text_table(["parameter", "value", "kind", "range", "source"], rows))
    for curve in found.measured:
        click.echo(
            f"\nmeasured rate curve: {len(curve.currents)} points, {curve.source}\n{curve.note}"
        )
    for point in found.aged:
        click.echo(
            f"\nmeasured, not fresh: {point.capacity:g} mAh/g at {point.current:g} A/g, {point.label}, {point.source}"
        )


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
    labels: tuple[str, str], systems: tuple[System, System], as_json: bool
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
    click.echo(f"{' and '.join(labels)} share {same} values and differ in {len(names)}.\n")
    for name in names:
        click.echo(name)
        for label, system in sides:
            value = system.values.get(name)
            if value is None:
                click.echo(f"  {label}: none")
                continue
            note = f"; {value.note}" if value.note else ""
            click.echo(f"  {label}: {_written(value)}  ({value.kind}: {value.source}{note})")


def _number(system: System, name: str) -> Any:
    value = system.values.get(name)
    return None if value is None else value.value


def _written(value: Value) -> str:
    if isinstance(value.value, tuple):
        return "[" + ", ".join(f"{one:g}" for one in value.value) + "]"
    return f"{value.value:g}"


def _range(value: Value) -> str:
    return "-" if value.range is None else f"{value.range[0]:g} .. {value.range[1]:g}"
