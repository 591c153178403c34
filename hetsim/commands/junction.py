"""The command `hetsim interface`."""

import json
from pathlib import Path

import click

from hetsim.commands.common import clear_messages, json_option, variant_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.parameters.library import component_names
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("system", required=False, shell_complete=lambda *_: system_names())
@variant_option
@click.option(
    "--material-a",
    help="A material of the library, instead of a SYSTEM.",
    shell_complete=lambda *_: component_names("materials"),
)
@click.option(
    "--material-b",
    help="The material that it touches.",
    shell_complete=lambda *_: component_names("materials"),
)
@click.option("--ion", help="Which ion moves (Li, Na, K, ...), with two materials.")
@click.option("--against", help="Another system or file, or two materials as A/B, set beside it.")
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/NAME-interface].")
@json_option
@clear_messages
def interface(
    system: str | None,
    variant: str,
    material_a: str | None,
    material_b: str | None,
    ion: str | None,
    against: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Report the junction of a SYSTEM, or of two materials: field, space charge, effective transport.

    \b
    Examples:
      hetsim interface CZT
      hetsim interface CZT --variant core-shell --against CT
      hetsim interface --material-a MoS2 --material-b ZnIn2S4 --ion Na
      hetsim interface --material-a FeSe --material-b Fe3Se4 --against Co-FeSe/Co-Fe3Se4
    """
    from hetsim.commands import junction_job

    job = junction_job.InterfaceJob(system, variant, material_a, material_b, ion, against)
    reports = job.reports()
    folder = usable_folder(out or job.folder, job.files)
    files = write_all(folder, junction_job.writers(reports))
    if as_json:
        click.echo(json.dumps(junction_job.json_object(reports), ensure_ascii=False))
    else:
        click.echo(junction_job.text(reports))
        click.echo("written: " + ", ".join(str(path) for path in files))
