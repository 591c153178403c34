"""The command `hetsim gitt`."""

from pathlib import Path

import click

from hetsim.commands.common import clear_messages, json_option
from hetsim.commands.experiment import experiment_options, run_experiment


@click.command()
@experiment_options
@click.option("--current", default=0.1, show_default=True, help="Of the pulses, A/g.")
@click.option("--pulse", default=600.0, show_default=True, help="Duration of a pulse, s.")
@click.option("--rest", default=3600.0, show_default=True, help="Duration of a rest, s.")
@click.option("--pulses", type=int, help="How many in each direction [until the cut-off].")
@click.option("--end-voltage", type=float, help="Where the pulses end, V [the cut-off].")
@click.option(
    "--direction",
    type=click.Choice(["insertion", "extraction", "both"]),
    default="insertion",
    show_default=True,
)
@json_option
@clear_messages
def gitt(
    system: str,
    controls: bool,
    model: str,
    variant: str,
    out: Path | None,
    current: float,
    pulse: float,
    rest: float,
    pulses: int | None,
    end_voltage: float | None,
    direction: str,
    as_json: bool,
) -> None:
    """Simulate galvanostatic intermittent titration of a SYSTEM (a name or a .toml file).

    The CSV that is written can be analysed with `hetsim analyse gitt`.

    \b
    Examples:
      hetsim gitt CZT
      hetsim gitt CZT --controls --current 0.05 --pulse 1200 --rest 7200
      hetsim gitt CZT --direction both --pulses 10 --json
    """
    from hetsim.commands.gitt_job import GittJob
    from hetsim.protocols import GITT

    protocol = GITT(current, pulse, rest, pulses, end_voltage, direction)
    run_experiment(GittJob(system, variant, controls, model, protocol), out, as_json)
