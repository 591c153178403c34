"""What `hetsim gitt` prints and writes."""

from collections.abc import Iterator, Sequence
from typing import Any

from hetsim import plots
from hetsim.analysis.pulses import step_pulses
from hetsim.commands.experiment_job import Ending, ExperimentJob, plain
from hetsim.commands.text_table import text_table
from hetsim.results import TraceRun


class GittJob(ExperimentJob):
    """`hetsim gitt`."""

    kind = "gitt"

    def endings(self, one: TraceRun) -> Iterator[Ending]:
        yield Ending(one.system, one.outcome, one.reason)

    def table(self, runs: Sequence[TraceRun]) -> str:
        header = ["system", "pulse", "A/g", "mAh/g", "before V", "end V", "relaxed V"]
        rows = [
            [
                one.system,
                str(pulse.number),
                f"{pulse.current:g}",
                f"{pulse.passed_at_end:.1f}",
                *(_volts(v) for v in (pulse.before, pulse.end, pulse.after)),
            ]
            for one in runs
            for pulse in step_pulses(one.trace)
        ]
        ends = "\n".join(
            f"{one.system}: {one.outcome}, charge balance {one.charge_balance:.0e}" for one in runs
        )
        return f"{text_table(header, rows)}\n\n{ends}" if rows else ends

    def json_of(self, one: TraceRun) -> dict[str, Any]:
        return {
            "outcome": one.outcome.value,
            "reason": one.reason,
            "charge_balance": plain(one.charge_balance),
            "pulses": [
                {
                    "pulse": pulse.number,
                    "current_A_per_g": pulse.current,
                    "charge_mAh_per_g": pulse.passed_at_end,
                    "voltage_before_V": pulse.before,
                    "voltage_end_V": pulse.end,
                    "voltage_relaxed_V": plain(pulse.after),
                }
                for pulse in step_pulses(one.trace)
            ],
        }

    def figure(self, runs: Sequence[TraceRun]) -> Any:
        return plots.traces(runs)


def _volts(value: float) -> str:
    return "-" if value != value else f"{value:.4f}"
