"""The command `hetsim cv`: simulated voltammograms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.job import Ending, ExperimentJob, experiment_options
from hetsim.commands.json_form import json_row, json_value
from hetsim.commands.options import (
    SeveralNumbers,
    bdf_option,
    clear_messages,
    insertion_positive_option,
    json_option,
    numbers_option,
)
from hetsim.commands.text_table import text_table
from hetsim.results import quantities
from hetsim.units import MA

if TYPE_CHECKING:
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
@insertion_positive_option
@bdf_option
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
    insertion_positive: bool,
    bdf: bool,
    as_json: bool,
) -> None:
    """Simulate cyclic voltammetry of a SYSTEM (a name or a .toml file).

    The cycle that is reported is periodic: it ends where it began. The CSV that is written can be
    analysed with `hetsim analyse cv`. Figures draw oxidation upwards; in the files a positive current
    inserts.

    \b
    Examples:
      hetsim cv CZT --scan-rates 0.1 0.2 0.4 0.6 0.8 1.0
      hetsim cv CZT --controls --scan-rates 0.1 1
      hetsim cv CZT --scan-rates 0.1 --cycles 3 --lower 0.5 --upper 2.5 --json
    """
    from hetsim.protocols import CV

    rates = scan_rates or USUAL_RATES
    window = (lower, upper, start, direction)
    protocol = CV(rates, *window) if cycles is None else CV(rates, *window, cycles, None)
    CvJob(system, variant, controls, model, protocol, insertion_positive, bdf=bdf).execute(
        out, as_json
    )


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CvJob(ExperimentJob):
    """`hetsim cv`."""

    insertion_positive: bool
    kind = "cv"

    def endings(self, result: Sequence[Voltammogram]) -> Iterator[Ending]:
        for one in result:
            for sweep in one.sweeps:
                of = f"{one.system} at {sweep.scan_rate:g} mV/s"
                yield Ending(of, sweep.outcome, sweep.reason)

    def text(self, result: Sequence[Voltammogram]) -> str:
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
            for one in result
            for sweep in one.sweeps
        ]
        return text_table(header, rows)

    def json_of(self, run: Voltammogram) -> dict[str, Any]:
        return {
            "positive_current": "inserts",
            "sweeps": [
                {
                    quantities.SCAN_RATE.key: sweep.scan_rate,
                    "outcome": sweep.outcome.value,
                    "reason": sweep.reason,
                    "cycles": sweep.cycles,
                    "charge_closure": json_value(sweep.closure),
                    "charge_balance": json_value(sweep.charge_balance),
                    "peaks": [
                        json_row(
                            {
                                quantities.SWEEP: peak.sweep,
                                quantities.POTENTIAL: peak.potential,
                                quantities.CURRENT: peak.current,
                                quantities.WHOLE_CURRENT: peak.current * sweep.active_mass / MA,
                            }
                        )
                        for peak in sweep.peaks()
                    ],
                }
                for sweep in run.sweeps
            ],
        }

    def figure(self, runs: Sequence[Voltammogram]) -> Any:
        from hetsim.plots import voltammograms

        return voltammograms(runs, self.insertion_positive)


def _listed(sweep: CVSweep, which: str) -> str:
    peaks = [peak for peak in sweep.peaks() if peak.sweep == which]
    return ", ".join(f"{p.potential:.3f} ({abs(p.current):.3g})" for p in peaks) or "none"
