"""The command `hetsim cycle`."""

import json
import sys
from pathlib import Path

import click

from hetsim.commands.common import FAILED, clear_messages, json_option, model_option, variant_option
from hetsim.commands.files import usable_folder, write_all
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--current", default=1.0, show_default=True, help="A/g, in both directions.")
@click.option("--cycles", default=100, show_default=True, help="Number of cycles.")
@click.option(
    "--formation",
    type=(float, int),
    multiple=True,
    metavar="A/G CYCLES",
    help="Cycles at another current before them; repeat it for several.",
)
@click.option("--end-capacity", type=float, help="End below this insertion capacity, mAh/g.")
@click.option("--end-retention", type=float, help="End below this share of the 10th cycle.")
@click.option(
    "--fading",
    type=click.Choice(["charge", "film", "off"]),
    default="charge",
    show_default=True,
    help="What takes active material: the charge passed, a film that grows, or nothing.",
)
@click.option("--trace", "traces", multiple=True, type=int, help="A cycle whose voltage is kept.")
@click.option(
    "--jump", default=0, show_default=True, help="Most cycles to leap over at a time; 0 runs each."
)
@model_option
@variant_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-cycle].")
@json_option
@clear_messages
def cycle(
    system: str,
    current: float,
    cycles: int,
    formation: tuple[tuple[float, int], ...],
    end_capacity: float | None,
    end_retention: float | None,
    fading: str,
    traces: tuple[int, ...],
    jump: int,
    model: str,
    variant: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Cycle a SYSTEM (a name or a .toml file) at one current between its cut-offs.

    Ctrl-C ends the test and keeps what was done.

    \b
    Examples:
      hetsim cycle CZT --current 3 --cycles 100
      hetsim cycle CZT --current 3 --cycles 4000 --end-retention 0.8 --jump 200
      hetsim cycle CT --current 0.2 --cycles 30 --formation 0.1 3 --fading off
    """
    from hetsim.commands import cycling_job
    from hetsim.protocols import Cycling

    protocol = Cycling(
        current,
        cycles,
        formation,
        end_capacity,
        end_retention,
        traces=traces or (1,),
        jump=jump,
    )
    job = cycling_job.CycleJob(system, variant, fading, protocol, model)
    job.check()
    folder = usable_folder(out or job.folder, cycling_job.FILES)
    result = job.run(show_progress=sys.stderr.isatty() and not as_json)
    files = write_all(folder, cycling_job.writers(result)) if result.good_cycles else []
    if as_json:
        click.echo(json.dumps(cycling_job.cycling_object(result)))
    else:
        click.echo(cycling_job.report(result))
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no cycle succeeded")
        )
    if not result.outcome.good:
        click.echo(f"{result.system}: {result.outcome}. {result.reason}", err=True)
        sys.exit(FAILED)
