"""The command `hetsim cv`: simulated voltammograms."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from hetsim import plots
from hetsim.commands.job import Ending, ExperimentJob, experiment_options, plain, run_experiment
from hetsim.commands.options import SeveralNumbers, clear_messages, json_option, numbers_option
from hetsim.commands.text_table import text_table
from hetsim.protocols import CV
from hetsim.results import CVSweep, Voltammogram

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
    rates = scan_rates or USUAL_RATES
    window = (lower, upper, start, direction)
    protocol = CV(rates, *window) if cycles is None else CV(rates, *window, cycles, None)
    run_experiment(CvJob(system, variant, controls, model, protocol), out, as_json)


# --- what it does ---------------------------------------------------------------------------------


class CvJob(ExperimentJob):
    """`hetsim cv`."""

    kind = "cv"

    def endings(self, one: Voltammogram) -> Iterator[Ending]:
        for sweep in one.sweeps:
            of = f"{one.system} at {sweep.scan_rate:g} mV/s"
            yield Ending(of, sweep.outcome, sweep.reason)

    def table(self, runs: Sequence[Voltammogram]) -> str:
        header = ["system", "mV/s", "insertion peaks V (A/g)", "extraction peaks V (A/g)"]
        header += ["cycles", "charge closes to", "outcome"]
        rows = [
            [
                one.system,
                f"{sweep.scan_rate:g}",
                _listed(sweep, "insertion"),
                _listed(sweep, "extraction"),
                str(sweep.cycles),
                "-" if sweep.closure != sweep.closure else f"{abs(sweep.closure):.0e}",
                sweep.outcome.value,
            ]
            for one in runs
            for sweep in one.sweeps
        ]
        return text_table(header, rows)

    def json_of(self, one: Voltammogram) -> dict[str, Any]:
        return {
            "sweeps": [
                {
                    "scan_rate_mV_per_s": sweep.scan_rate,
                    "outcome": sweep.outcome.value,
                    "reason": sweep.reason,
                    "cycles": sweep.cycles,
                    "charge_closure": plain(sweep.closure),
                    "charge_balance": plain(sweep.charge_balance),
                    "peaks": [
                        {
                            "sweep": peak.sweep,
                            "potential_V": peak.potential,
                            "current_A_per_g": peak.current,
                            "current_mA": 1e3 * peak.current * sweep.active_mass,
                        }
                        for peak in sweep.peaks()
                    ],
                }
                for sweep in one.sweeps
            ]
        }

    def figure(self, runs: Sequence[Voltammogram]) -> Any:
        return plots.voltammograms(runs)


def _listed(sweep: CVSweep, which: str) -> str:
    found = [peak for peak in sweep.peaks() if peak.sweep == which]
    return ", ".join(f"{p.potential:.3f} ({abs(p.current):.3g})" for p in found) or "none"
