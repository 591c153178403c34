"""What `hetsim eis` prints and writes."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from hetsim import plots
from hetsim.commands.experiment_job import Ending, ExperimentJob, plain
from hetsim.commands.text_table import text_table
from hetsim.results import ImpedanceRun, Spectrum

SHOWN = 9
"""Frequencies in the table; all of them are in the files."""


class EisJob(ExperimentJob):
    """`hetsim eis`."""

    kind = "eis"

    def endings(self, one: ImpedanceRun) -> Iterator[Ending]:
        for spectrum in one.spectra:
            of = f"{one.system} at filling {spectrum.filling:g}"
            yield Ending(of, spectrum.outcome, spectrum.reason)

    def table(self, runs: Sequence[ImpedanceRun]) -> str:
        header = ["system", "filling", "V", "Hz", "Re Z Ohm cm2", "-Im Z Ohm cm2", "Re Z Ohm"]
        rows = [
            [
                one.system,
                f"{spectrum.filling:g}",
                f"{spectrum.potential:.4f}",
                f"{spectrum.frequency[i]:.3g}",
                f"{spectrum.impedance[i].real:.4g}",
                f"{-spectrum.impedance[i].imag:.4g}",
                f"{spectrum.impedance_ohm[i].real:.4g}",
            ]
            for one in runs
            for spectrum in one.spectra
            if spectrum.outcome.good
            for i in _shown(spectrum)
        ]
        return text_table(header, rows)

    def json_of(self, one: ImpedanceRun) -> dict[str, Any]:
        return {
            "spectra": [
                {
                    "filling": spectrum.filling,
                    "potential_V": plain(spectrum.potential),
                    "area_cm2": spectrum.area,
                    "outcome": spectrum.outcome.value,
                    "reason": spectrum.reason,
                    "charge_balance": plain(spectrum.charge_balance),
                    "frequency_Hz": spectrum.frequency.tolist(),
                    "real_Ohm_cm2": [plain(z) for z in spectrum.impedance.real],
                    "imaginary_Ohm_cm2": [plain(z) for z in spectrum.impedance.imag],
                }
                for spectrum in one.spectra
            ]
        }

    def figure(self, runs: Sequence[ImpedanceRun]) -> Any:
        return plots.impedances(runs)


def _shown(spectrum: Spectrum) -> list[int]:
    count = spectrum.frequency.size
    return np.unique(np.linspace(0, count - 1, min(count, SHOWN)).round().astype(int)).tolist()
