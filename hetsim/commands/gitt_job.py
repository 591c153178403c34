"""What `hetsim gitt` prints and writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hetsim import plots
from hetsim.commands.experiment_job import Ending, ExperimentJob, plain
from hetsim.commands.text_table import text_table
from hetsim.results import TraceRun


@dataclass(frozen=True)
class Pulse:
    """One pulse of a trace: charge passed until its end [mA.h.g-1], and voltages [V]."""

    number: int
    current: float
    charge: float
    before: float
    end: float
    relaxed: float


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
                f"{pulse.charge:.1f}",
                *(_volts(v) for v in (pulse.before, pulse.end, pulse.relaxed)),
            ]
            for one in runs
            for pulse in pulses(one)
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
                    "charge_mAh_per_g": pulse.charge,
                    "voltage_before_V": pulse.before,
                    "voltage_end_V": pulse.end,
                    "voltage_relaxed_V": plain(pulse.relaxed),
                }
                for pulse in pulses(one)
            ],
        }

    def figure(self, runs: Sequence[TraceRun]) -> Any:
        return plots.traces(runs)


def pulses(one: TraceRun) -> list[Pulse]:
    """Each pulse of a run with the rest before and after it."""
    found: list[Pulse] = []
    trace, charge = one.trace, one.trace.charge
    before = float("nan")
    for step in sorted(set(trace.step.tolist())):
        part = trace.of_step(step)
        last = float(part.voltage[-1])
        if part.current[-1] == 0:
            if found and found[-1].relaxed != found[-1].relaxed:
                found[-1] = Pulse(*(*_known(found[-1]), last))
            before = last
            continue
        passed = float(charge[trace.step == step][-1])
        made = (len(found) + 1, float(part.current[-1]), passed, before, last)
        found.append(Pulse(*made, float("nan")))
    return found


def _known(pulse: Pulse) -> tuple[int, float, float, float, float]:
    return pulse.number, pulse.current, pulse.charge, pulse.before, pulse.end


def _volts(value: float) -> str:
    return "-" if value != value else f"{value:.4f}"
