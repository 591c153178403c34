"""The command `hetsim gitt`: a simulated titration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.job import Ending, ExperimentJob, experiment_options
from hetsim.commands.json_form import json_row, json_value
from hetsim.commands.options import bdf_option, clear_messages, json_option
from hetsim.commands.text_table import text_table
from hetsim.results import quantities
from hetsim.results.quantities import Quantity

if TYPE_CHECKING:
    from hetsim.analysis.pulses import Pulse
    from hetsim.results import TraceRun


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
@bdf_option
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
    bdf: bool,
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
    from hetsim.protocols import GITT

    protocol = GITT(current, pulse, rest, pulses, end_voltage, direction)
    GittJob(system, variant, controls, model, protocol, bdf=bdf).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


class GittJob(ExperimentJob):
    """`hetsim gitt`."""

    kind = "gitt"

    def endings(self, result: Sequence[TraceRun]) -> Iterator[Ending]:
        for one in result:
            yield Ending(one.system, one.outcome, one.reason)

    def text(self, result: Sequence[TraceRun]) -> str:
        header = ["system", "pulse", "A/g", "mAh/g", "before V", "end V", "relaxed V"]
        rows = [
            [
                one.system,
                str(pulse.number),
                f"{pulse.current:g}",
                f"{pulse.passed_at_end:.1f}",
                *(_volts(v) for v in (pulse.before, pulse.end, pulse.after)),
            ]
            for one in result
            for pulse in _pulses(one)
        ]
        ends = "\n".join(
            f"{one.system}: {one.outcome}, charge balance {one.charge_balance:.0e}"
            for one in result
        )
        return f"{text_table(header, rows)}\n\n{ends}" if rows else ends

    def json_of(self, run: TraceRun) -> dict[str, Any]:
        return {
            "outcome": run.outcome.value,
            "reason": run.reason,
            "charge_balance": json_value(run.charge_balance),
            "pulses": [
                json_row(
                    {
                        Quantity("pulse"): pulse.number,
                        quantities.CURRENT: pulse.current,
                        Quantity("charge", quantities.CAPACITY.unit): pulse.passed_at_end,
                        Quantity("voltage before", "V"): pulse.before,
                        Quantity("voltage end", "V"): pulse.end,
                        Quantity("voltage relaxed", "V"): pulse.after,
                    }
                )
                for pulse in _pulses(run)
            ],
        }

    def figure(self, runs: Sequence[TraceRun]) -> Any:
        from hetsim.plots import traces

        return traces(runs)


def _pulses(run: TraceRun) -> list[Pulse]:
    from hetsim.analysis.pulses import step_pulses

    return step_pulses(run.trace)


def _volts(value: float) -> str:
    return "-" if value != value else f"{value:.4f}"
