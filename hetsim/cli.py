"""The command line. Commands that only read parameter files do not wait for PyBaMM."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from hetsim.cli_common import FAILED, clear_messages, json_option
from hetsim.cli_interface import interface
from hetsim.output import usable_folder, write_all
from hetsim.parameters import (
    System,
    Value,
    component_names,
    read_material,
    read_system,
    system_names,
)
from hetsim.tables import text_table


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hetsim")
def main() -> None:
    """Battery cells with heterostructure electrodes: what a built-in field can do, and what it cannot.

    \b
    Examples:
      hetsim list
      hetsim show CZT --against CT
      hetsim interface CZT
      hetsim rate CZT --controls --compare

    Exit codes: 0 done, 1 the simulation failed, 2 the input was wrong.
    Shell completion: eval "$(_HETSIM_COMPLETE=bash_source hetsim)" (or zsh_source, fish_source).
    """


main.add_command(interface)


@main.command("list")
@click.option("--materials", is_flag=True, help="List the materials of the library instead.")
@json_option
@clear_messages
def list_systems(materials: bool, as_json: bool) -> None:
    """List the systems that ship with hetsim, or its materials.

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
            click.echo(
                text_table(["material", "what it is"], [[one.name, one.title] for one in known])
            )
        return
    systems = [read_system(name) for name in system_names()]
    if as_json:
        click.echo(json.dumps([_summary(system) for system in systems], ensure_ascii=False))
        return
    systems.sort(key=lambda system: (system.ion, system.classification, system.name))
    rows = [
        [
            system.ion,
            system.classification,
            system.name,
            system.title,
            system.architecture,
            ", ".join(system.variants) or "-",
            str(sum(len(curve.currents) for curve in system.measured)),
        ]
        for system in systems
    ]
    header = ["ion", "class", "system", "material", "architecture", "variants", "measured points"]
    click.echo(text_table(header, rows))


@main.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--against", help="Another system or file: list only what differs, and why.")
@click.option("--variant", default="", help="A variant in the file, such as core-shell.")
@json_option
@clear_messages
def show(system: str, against: str | None, variant: str, as_json: bool) -> None:
    """Show every value of a SYSTEM (a name or a .toml file) with its kind and source.

    \b
    Examples:
      hetsim show CZT
      hetsim show CZT --against CT
    """
    found = read_system(system, variant)
    if against is not None:
        other = read_system(against)
        labels = (found.label, other.label)
        if found.label == other.label:  # a file and the one that it was copied from
            labels = (system, against)
        _show_difference(labels, (found, other), as_json)
        return
    if as_json:
        content = {name: _value_object(value) for name, value in found.values.items()}
        click.echo(json.dumps({**_summary(found), "parameters": content}, ensure_ascii=False))
        return
    click.echo(f"{found.label}: {found.title} against {found.ion}, {found.architecture}")
    click.echo(f"{found.reference}\n{found.note}\n")
    rows = [[v.name, _written(v), v.kind, _range(v), v.source] for v in found.values.values()]
    click.echo(text_table(["parameter", "value", "kind", "range", "source"], rows))
    for curve in found.measured:
        click.echo(
            f"\nmeasured rate curve: {len(curve.currents)} points, {curve.source}\n{curve.note}"
        )


@main.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--controls", is_flag=True, help="Run the control systems too.")
@click.option("--compare", "comparing", is_flag=True, help="Set the measured curve beside it.")
@click.option("--measured", "measured_file", type=Path, help="A CSV to compare with instead.")
@click.option("--currents", multiple=True, type=float, help="A/g; repeat it for several.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@click.option("--from-equilibrium", is_flag=True, help="One insertion at each current, from rest.")
@click.option(
    "--model",
    type=click.Choice(["SPM", "SPMe", "DFN"]),
    default="SPMe",
    show_default=True,
)
@click.option("--variant", default="", help="A variant in the file, such as core-shell.")
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-VARIANT].")
@json_option
@clear_messages
def rate(
    system: str,
    controls: bool,
    comparing: bool,
    measured_file: Path | None,
    currents: tuple[float, ...],
    cycles: int,
    from_equilibrium: bool,
    model: str,
    variant: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Simulate the rate capability of a SYSTEM (a name or a .toml file).

    \b
    Examples:
      hetsim rate CZT --controls --compare
      hetsim rate CZT --currents 0.1 --currents 10 --variant core-shell
      hetsim rate my_material.toml --measured my_curve.csv
    """
    from hetsim import rate_command

    job = rate_command.RateJob(
        system,
        variant,
        controls,
        comparing,
        measured_file,
        currents,
        cycles,
        from_equilibrium,
        model,
    )
    job.check()
    folder = usable_folder(out or job.folder, rate_command.FILES)
    pairs = job.run(show_progress=sys.stderr.isatty() and not as_json)
    good = any(point.outcome.good for curve, _ in pairs for point in curve.points)
    files = write_all(folder, rate_command.writers(pairs)) if good else []
    if as_json:
        click.echo(json.dumps(rate_command.rate_object(pairs)))
    else:
        click.echo(rate_command.report(pairs))
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no run succeeded")
        )
    failed = [(curve, p) for curve, _ in pairs for p in curve.points if not p.outcome.good]
    for curve, point in failed:
        click.echo(
            f"{curve.system} at {point.current:g} A/g: {point.outcome}. {point.reason}", err=True
        )
    if failed:
        sys.exit(FAILED)


# --- what is printed -----------------------------------------------------------------------------


def _summary(system: System) -> dict[str, Any]:
    return {
        "system": system.name,
        "variant": system.variant,
        "title": system.title,
        "ion": system.ion,
        "class": system.classification,
        "architecture": system.architecture,
        "variants": list(system.variants),
        "controls": list(system.controls),
        "reference": system.reference,
    }


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
