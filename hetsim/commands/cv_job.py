"""What `hetsim cv` prints and writes."""

from collections.abc import Iterator, Sequence
from typing import Any

from hetsim import plots
from hetsim.commands.experiment_job import Ending, ExperimentJob, plain
from hetsim.commands.text_table import text_table
from hetsim.results import CVSweep, Voltammogram


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
