"""The command `hetsim list`: the systems, full cells and materials that ship with hetsim."""

import json
from collections.abc import Sequence
from itertools import compress
from typing import Any

import click

from hetsim.commands.options import clear_messages, json_option, wide_option
from hetsim.commands.text_table import screen_width, table_rows, text_table
from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.catalogue import groups, heterostructures_of
from hetsim.parameters.component_file import read_material
from hetsim.parameters.host_names import is_composed
from hetsim.parameters.hosts import VOLUME_FRACTION
from hetsim.parameters.index import Entry, entries
from hetsim.parameters.library import component_names
from hetsim.parameters.values import System


@click.command("list")
@click.option("--materials", is_flag=True, help="List the materials of the library instead.")
@click.option("--ion", help="Only systems of this ion: Li, Na, K, NH4, Mg, Ca, Zn or Al.")
@click.option("--class", "classes", multiple=True, help="Only systems of this class, as sulfide.")
@click.option("--architecture", help="Only systems of this architecture, as stacked-parallel.")
@click.option("--points", type=click.IntRange(0), help="Only curves of so many points or more.")
@click.option("--with-controls", is_flag=True, help="Only heterostructures with their controls.")
@click.option("--by-hand", is_flag=True, help="Only files that were written by hand.")
@wide_option
@json_option
@clear_messages
def list_systems(
    materials: bool,
    ion: str | None,
    classes: tuple[str, ...],
    architecture: str | None,
    points: int | None,
    with_controls: bool,
    by_hand: bool,
    wide: bool,
    as_json: bool,
) -> None:
    """List the systems and full cells that ship with hetsim by ion and class, or its materials.

    "points" counts measured currents; a control stands below its heterostructure. "lumped" is one host with one
    open-circuit curve, until the isotherms of its components are known. --wide adds the class, whether the
    file was written by hand or made from printed facts (docs/library.md), the variants and what a control belongs to.

    \b
    Examples:
      hetsim list
      hetsim list --ion Na --class sulfide --with-controls
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
    everything = entries()
    chosen = _of_architecture(_of_class(_of_ion(everything, ion), classes), architecture)
    chosen = [one for one in chosen if one.points >= (points or 0) and not (by_hand and one.made)]
    if with_controls:
        chosen = _with_controls(chosen, everything)
    if as_json:
        click.echo(json.dumps([listed(one) for one in chosen], ensure_ascii=False))
        return
    if not chosen:
        click.echo("No system that ships is all of that; `hetsim list` shows what there is.")
        return
    click.echo(_grouped(chosen, everything, wide))


# --- which --------------------------------------------------------------------------------------


def _of_ion(known: Sequence[Entry], ion: str | None) -> list[Entry]:
    if ion is None:
        return list(known)
    return [one for one in known if one.ion == _meant("ion", ion, {one.ion for one in known})]


def _of_class(known: Sequence[Entry], classes: Sequence[str]) -> list[Entry]:
    """Systems whose class has all of these parts."""
    parts = {part for one in entries() for part in one.classes}
    wanted = {_meant("class", one, parts) for one in classes}
    return [one for one in known if wanted <= set(one.classes)]


def _of_architecture(known: Sequence[Entry], architecture: str | None) -> list[Entry]:
    if architecture is None:
        return list(known)
    names = {one.architecture for one in entries() if "||" not in one.architecture}
    meant = _meant("architecture", architecture, names)
    return [one for one in known if one.architecture == meant]


def _meant(what: str, given: str, known: set[str]) -> str:
    """The known name that a user means, whatever its case. Raises ParameterError with the nearest names."""
    for name in known:
        if name.lower() == given.lower():
            return name
    raise ParameterError(
        f"No system has the {what} '{given}'. {did_you_mean(given, sorted(known))}"
    )


def _with_controls(chosen: Sequence[Entry], everything: Sequence[Entry]) -> list[Entry]:
    """The heterostructures among them that have controls, and these."""
    pairs = [one for one in chosen if one.controls]
    names = {name for one in pairs for name in (one.name, *one.controls)}
    return [one for one in everything if one.name in names]


# --- how ----------------------------------------------------------------------------------------

_COLUMNS = {
    "  system": True,
    "material": True,
    "class": False,
    "architecture": True,
    "hosts": True,
    "points": True,
    "file": False,
    "variants": False,
    "control of": False,
}
"""Columns of the table, and whether they are there without --wide."""


def _grouped(chosen: Sequence[Entry], everything: Sequence[Entry], wide: bool) -> str:
    """One table with a heading for each ion and family; the columns are the same throughout."""
    found = groups(chosen)
    shown = [wide or always for always in _COLUMNS.values()]
    rows = [
        list(compress(_row(one, everything), shown)) for group in found for one in group.systems
    ]
    header = list(compress(_COLUMNS, shown))
    top, rule, *lines = table_rows(header, rows, screen_width(wide))
    parts = [top, rule]
    for group in found:
        parts += ["", group.title, *lines[: len(group.systems)]]
        lines = lines[len(group.systems) :]
    return "\n".join(parts)


def _row(one: Entry, everything: Sequence[Entry]) -> list[str]:
    return [
        f"  {one.name}",
        one.title,
        one.classification,
        one.architecture,
        " + ".join(one.hosts) or "lumped",
        str(one.points) if one.points else "-",
        "made" if one.made else "by hand",
        ", ".join(one.variants),
        ", ".join(heterostructures_of(one.name, everything)),
    ]


def listed(one: Entry) -> dict[str, Any]:
    """An entry as an object of JSON."""
    return {
        "system": one.name,
        "variant": "",
        "title": one.title,
        "ion": one.ion,
        "class": one.classification,
        "architecture": one.architecture,
        "hosts": list(one.hosts),
        "variants": list(one.variants),
        "controls": list(one.controls),
        "reference": one.reference,
        "points": one.points,
        "points_after_cycles": one.aged,
        "made": one.made,
    }


def hosts_of(system: System) -> list[str]:
    """The hosts that a cell of the system has, those of which it has any; none where they are lumped into one."""
    if not is_composed(system.values):
        return []
    share = system.values[VOLUME_FRACTION].number
    a, b = system.components
    return [name for name, part in ((a, share), (b, 1 - share)) if part > 0]


def summary(system: System) -> dict[str, Any]:
    """A system as an object of JSON, without its values."""
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
