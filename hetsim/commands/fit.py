"""The command `hetsim fit`."""

import json
import sys
from pathlib import Path

import click

from hetsim.commands.common import FAILED, clear_messages, json_option, model_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("systems", nargs=-1, required=True, shell_complete=lambda *_: system_names())
@click.option("--free", multiple=True, help="A parameter to fit, 'SYSTEM: NAME' if of one alone.")
@click.option("--measured", "measured_file", type=Path, help="A CSV for the first system.")
@click.option("--noise", default=2.0, show_default=True, help="Of a capacity, in percent.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-fit].")
@json_option
@clear_messages
def fit(
    systems: tuple[str, ...],
    free: tuple[str, ...],
    measured_file: Path | None,
    noise: float,
    cycles: int,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fit the rate curves of SYSTEMS (names or .toml files), which share what is not of one alone.

    Without --free: the capacity of each, and shared by all the fast fraction, the series resistance and
    one diffusivity of both components.

    \b
    Examples:
      hetsim fit CZT
      hetsim fit my_material.toml --measured my_curve.csv
      hetsim fit CZT CT --free "CZT: Specific capacity [mA.h.g-1]" --free "Fast fraction"
    """
    from hetsim.commands import fit_job

    job = fit_job.FitJob(systems, free, measured_file, noise / 100, cycles, model)
    job.check()
    folder = usable_folder(out or job.folder, fit_job.FILES)
    if sys.stderr.isatty() and not as_json:
        click.echo("fitting: some twenty rate tests, half a minute a curve", err=True)
    result = job.run()
    files = write_all(folder, fit_job.writers(result))
    if as_json:
        click.echo(json.dumps(fit_job.fit_object(result)))
    else:
        click.echo(fit_job.report(result))
        click.echo("written: " + ", ".join(str(path) for path in files))
    if not result.converged:
        click.echo("The search stopped before its end.", err=True)
        sys.exit(FAILED)
