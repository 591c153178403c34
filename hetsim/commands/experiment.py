"""What the commands that run one experiment share: options, files, output, exit code."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from hetsim.commands.common import FAILED, model_option, variant_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.parameters.system_file import system_names


def experiment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """SYSTEM, --variant, --controls, --model and --out."""
    options = (
        click.argument("system", shell_complete=lambda *_: system_names()),
        click.option("--controls", is_flag=True, help="Run the control systems too."),
        model_option,
        variant_option,
        click.option(
            "--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-...]."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def run_experiment(job: Any, out: Path | None, as_json: bool) -> None:
    """Run an `experiment_job.ExperimentJob`, write its files, print and end with its exit code."""
    cells = job.cells()
    folder = usable_folder(out or job.folder, job.files(cells))
    runs = job.run(cells, show_progress=sys.stderr.isatty() and not as_json)
    files = write_all(folder, job.writers(runs)) if job.any_good(runs) else []
    if as_json:
        click.echo(json.dumps(job.json_object(runs)))
    else:
        click.echo(job.table(runs))
        click.echo()
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no run succeeded")
        )
    failures = job.failures(runs)
    for line in failures:
        click.echo(line, err=True)
    if failures:
        sys.exit(FAILED)
