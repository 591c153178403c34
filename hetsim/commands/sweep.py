"""The command `hetsim sweep`."""

import json
import sys
from pathlib import Path

import click

from hetsim.commands.common import FAILED, clear_messages, json_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.errors import ParameterError


@click.command()
@click.argument("study", required=False, type=Path)
@click.option(
    "--out",
    type=Path,
    help="Store of the sweep [hetsim-out/STUDY.zarr]; with --report, folder of figures and data "
    "[hetsim-out/STUDY-sweep].",
)
@click.option("--workers", type=int, help="Processes of this machine; 1 stays in this one.")
@click.option("--scheduler", help="Address of a dask scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--resume", is_flag=True, help="Go on with a sweep that was stopped.")
@click.option("--yes", is_flag=True, help="Confirm a design of more than a million cases.")
@click.option("--report", type=Path, help="A store: what ran, what failed and why, with figures.")
@json_option
@clear_messages
def sweep(
    study: Path | None,
    out: Path | None,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    yes: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Run a protocol over many values, as a STUDY file (.toml) says, into a store.

    A sweep that was killed goes on with --resume and ends with the same data. A case that fails never
    stops the others; the exit code is 1 only if no case came to a good end.

    \b
    Examples:
      hetsim sweep study.toml --out study.zarr --workers 2
      hetsim sweep study.toml --out study.zarr --resume
      hetsim sweep --report study.zarr
    """
    if (study is None) == (report is None):
        raise ParameterError("Give either a study file or --report with a store.")
    if workers is not None and scheduler is not None:
        raise ParameterError("Give either --workers or --scheduler, not both.")
    from hetsim.commands import sweep_job

    if study is not None:
        job = sweep_job.SweepJob(study, out, workers, scheduler, resume, yes)
        path, complete = job.run(show_progress=sys.stderr.isatty() and not as_json)
        told = sweep_job.Told(path)
        files: list[Path] = []
    else:
        assert report is not None
        told, complete = sweep_job.Told(report), True
        folder = usable_folder(out or Path("hetsim-out") / f"{report.stem}-sweep", sweep_job.FILES)
        files = write_all(folder, told.writers())
    if as_json:
        click.echo(json.dumps(told.as_object(files)))
    else:
        click.echo(told.text())
        if files:
            click.echo("written: " + ", ".join(str(path) for path in files))
        else:
            click.echo(f"written: {told.path} (figures: hetsim sweep --report {told.path})")
    if not complete or not told.any_good:
        sys.exit(FAILED)
