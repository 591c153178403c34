"""The command `hetsim eis`."""

from pathlib import Path

import click

from hetsim.commands.common import clear_messages, json_option
from hetsim.commands.experiment import experiment_options, run_experiment
from hetsim.commands.options import SeveralNumbers, numbers_option


@click.command(cls=SeveralNumbers)
@experiment_options
@numbers_option("--filling", help="0 (extracted) to 1 (inserted), one or several [0.5].")
@numbers_option("--soc", hidden=True, help="Former name of --filling.")
@numbers_option("--frequencies", help="Hz, one or several [100 kHz to 1 mHz].")
@json_option
@clear_messages
def eis(
    system: str,
    controls: bool,
    model: str,
    variant: str,
    out: Path | None,
    filling: tuple[float, ...],
    soc: tuple[float, ...],
    frequencies: tuple[float, ...],
    as_json: bool,
) -> None:
    """Simulate the impedance of a SYSTEM (a name or a .toml file) at rest.

    \b
    Examples:
      hetsim eis CZT --filling 0.5
      hetsim eis CZT --filling 0.1 0.5 0.9 --model DFN
      hetsim eis CZT --controls --frequencies 1000 1 0.001 --json
    """
    from hetsim.commands.eis_job import EisJob
    from hetsim.protocols import EIS

    if soc:
        click.echo("--soc is called --filling; the old name goes in the next release.", err=True)
    protocol = EIS(filling or soc or (0.5,), frequencies or None)
    run_experiment(EisJob(system, variant, controls, model, protocol), out, as_json)
