"""The command `hetsim ragone`."""

import json
import sys
from pathlib import Path

import click

from hetsim.commands.common import FAILED, clear_messages, json_option, model_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.parameters.cell_file import cell_names


@click.command()
@click.argument("cell", shell_complete=lambda *_: cell_names())
@click.option("--currents", multiple=True, type=float, help="A/g; repeat it for several.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/CELL-ragone].")
@json_option
@clear_messages
def ragone(
    cell: str,
    currents: tuple[float, ...],
    cycles: int,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Energy against power of a full CELL (a name or a .toml file), beside what was measured.

    Currents, energies and powers are per gram of the mass that the cell's file names; the energy per
    mass of both active materials stands beside it. Current collectors, electrolyte and case are in
    neither.

    \b
    Examples:
      hetsim ragone KPB-CZT
      hetsim ragone KPB-CZT --currents 0.05 --currents 0.5 --json
    """
    from hetsim.commands import ragone_job

    job = ragone_job.RagoneJob(cell, currents, cycles, model)
    job.check()
    folder = usable_folder(out or job.folder, ragone_job.FILES)
    curve, measured = job.run()
    good = any(point.outcome.good for point in curve.points)
    files = write_all(folder, ragone_job.writers(curve, measured)) if good else []
    if as_json:
        click.echo(json.dumps(ragone_job.ragone_object(curve, measured)))
    else:
        click.echo(ragone_job.report(curve, measured))
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no run succeeded")
        )
    failed = [point for point in curve.points if not point.outcome.good]
    for point in failed:
        click.echo(
            f"{curve.system} at {point.current:g} A/g: {point.outcome}. {point.reason}", err=True
        )
    if failed:
        sys.exit(FAILED)
