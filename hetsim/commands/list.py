"""The command `hetsim list`: the systems, full cells and materials that ship with hetsim."""

import json
from itertools import compress
from typing import Any

import click

from hetsim.cells.balance import described
from hetsim.commands.options import clear_messages, json_option, wide_option
from hetsim.commands.text_table import screen_width, table_rows, text_table
from hetsim.parameters.catalogue import groups, heterostructures_of, shipped
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.component_file import read_material
from hetsim.parameters.host_names import is_composed
from hetsim.parameters.hosts import VOLUME_FRACTION
from hetsim.parameters.library import component_names
from hetsim.parameters.values import System


@click.command("list")
@click.option("--materials", is_flag=True, help="List the materials of the library instead.")
@wide_option
@json_option
@clear_messages
def list_systems(materials: bool, wide: bool, as_json: bool) -> None:
    """List the systems and full cells that ship with hetsim by ion and class, or its materials.

    "points" counts measured currents; a control stands below its heterostructure. "lumped" is one host with one
    open-circuit curve, until the isotherms of its components are known. --wide adds the class, the variants and
    what a control belongs to.

    \b
    Examples:
      hetsim list
      hetsim list --materials
    """
    if materials:
        known = [read_material(name) for name in component_names("materials")]
        if as_json:
            click.echo(json.dumps({one.name: one.title for one in known}, ensure_ascii=False))
        else:
            rows = [[one.name, one.title] for one in known]
            click.echo(text_table(["material", "what it is"], rows, screen_width(wide)))
        return
    systems = [*shipped(), *(described(name) for name in cell_names())]
    if as_json:
        click.echo(json.dumps([summary(system) for system in systems], ensure_ascii=False))
        return
    click.echo(_grouped(systems, wide))


_COLUMNS = {
    "  system": True,
    "material": True,
    "class": False,
    "architecture": True,
    "hosts": True,
    "points": True,
    "variants": False,
    "control of": False,
}
"""Columns of the table, and whether they are there without --wide."""


def _grouped(systems: list[System], wide: bool) -> str:
    """One table with a heading for each ion and family; the columns are the same throughout."""
    found = groups(systems)
    shown = [wide or always for always in _COLUMNS.values()]
    rows = [
        list(compress(_row(system, systems), shown)) for group in found for system in group.systems
    ]
    header = list(compress(_COLUMNS, shown))
    top, rule, *lines = table_rows(header, rows, screen_width(wide))
    parts = [top, rule]
    for group in found:
        parts += ["", group.title, *lines[: len(group.systems)]]
        lines = lines[len(group.systems) :]
    return "\n".join(parts)


def _row(system: System, systems: list[System]) -> list[str]:
    points = sum(len(curve.currents) for curve in system.measured)
    return [
        f"  {system.name}",
        system.title,
        system.classification,
        system.architecture,
        " + ".join(hosts_of(system)) or "lumped",
        str(points) if points else "-",
        ", ".join(system.variants),
        ", ".join(heterostructures_of(system.name, systems)),
    ]


def hosts_of(system: System) -> list[str]:
    """The hosts that a cell of the system has, those of which it has any; none where they are lumped into one."""
    if not is_composed(system.values):
        return []
    share = system.values[VOLUME_FRACTION].number
    a, b = system.components
    return [name for name, part in ((a, share), (b, 1 - share)) if part > 0]


def summary(system: System) -> dict[str, Any]:
    return {
        "system": system.name,
        "variant": system.variant,
        "title": system.title,
        "ion": system.ion,
        "class": system.classification,
        "architecture": system.architecture,
        "hosts": hosts_of(system),
        "variants": list(system.variants),
        "controls": list(system.controls),
        "reference": system.reference,
    }
