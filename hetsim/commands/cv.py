"""The command `hetsim cv`."""

from pathlib import Path

import click

from hetsim.commands.common import clear_messages, json_option
from hetsim.commands.experiment import experiment_options, run_experiment
from hetsim.commands.options import SeveralNumbers, numbers_option

USUAL_RATES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""[mV.s-1], those of most papers."""


@click.command(cls=SeveralNumbers)
@experiment_options
@numbers_option("--scan-rates", help="mV/s, one or several [0.1 0.2 0.4 0.6 0.8 1.0].")
@click.option("--lower", type=float, help="Lower vertex, V [the cut-off].")
@click.option("--upper", type=float, help="Upper vertex, V [the cut-off].")
@click.option("--start", type=float, help="Where each cycle begins, V [a vertex].")
@click.option(
    "--direction",
    type=click.Choice(["insertion", "extraction"]),
    default="insertion",
    show_default=True,
    help="Of the first sweep.",
)
@click.option("--cycles", type=int, help="Exactly so many at each rate [until periodic].")
@json_option
@clear_messages
def cv(
    system: str,
    controls: bool,
    model: str,
    variant: str,
    out: Path | None,
    scan_rates: tuple[float, ...],
    lower: float | None,
    upper: float | None,
    start: float | None,
    direction: str,
    cycles: int | None,
    as_json: bool,
) -> None:
    """Simulate cyclic voltammetry of a SYSTEM (a name or a .toml file).

    The cycle that is reported is periodic: it ends where it began. The CSV that is written can be
    analysed with `hetsim analyse cv`.

    \b
    Examples:
      hetsim cv CZT --scan-rates 0.1 0.2 0.4 0.6 0.8 1.0
      hetsim cv CZT --controls --scan-rates 0.1 1
      hetsim cv CZT --scan-rates 0.1 --cycles 3 --lower 0.5 --upper 2.5 --json
    """
    from hetsim.commands.cv_job import CvJob
    from hetsim.protocols import CV

    rates = scan_rates or USUAL_RATES
    window = (lower, upper, start, direction)
    protocol = CV(rates, *window) if cycles is None else CV(rates, *window, cycles, None)
    run_experiment(CvJob(system, variant, controls, model, protocol), out, as_json)
