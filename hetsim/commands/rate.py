"""The command `hetsim rate`."""

import json
import sys
from pathlib import Path

import click

from hetsim.commands.common import FAILED, clear_messages, json_option, model_option, variant_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--controls", is_flag=True, help="Run the control systems too.")
@click.option("--compare", "comparing", is_flag=True, help="Set the measured curve beside it.")
@click.option("--measured", "measured_file", type=Path, help="A CSV to compare with instead.")
@click.option("--currents", multiple=True, type=float, help="A/g; repeat it for several.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@click.option("--from-equilibrium", is_flag=True, help="One insertion at each current, from rest.")
@model_option
@variant_option
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
    from hetsim.commands import rate_job

    job = rate_job.RateJob(
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
    folder = usable_folder(out or job.folder, rate_job.FILES)
    pairs = job.run(show_progress=sys.stderr.isatty() and not as_json)
    good = any(point.outcome.good for curve, _ in pairs for point in curve.points)
    files = write_all(folder, rate_job.writers(pairs)) if good else []
    if as_json:
        click.echo(json.dumps(rate_job.rate_object(pairs)))
    else:
        click.echo(rate_job.report(pairs))
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
