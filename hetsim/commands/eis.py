"""The command `hetsim eis`: simulated impedance spectra."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

from hetsim import plots
from hetsim.commands.job import Ending, ExperimentJob, experiment_options, plain, run_experiment
from hetsim.commands.options import SeveralNumbers, clear_messages, json_option, numbers_option
from hetsim.commands.text_table import text_table
from hetsim.errors import ParameterError
from hetsim.protocols import EIS
from hetsim.results import ImpedanceRun, Spectrum


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
    if soc and filling:
        raise ParameterError("--soc is the former name of --filling; give --filling only.")
    if soc:
        click.echo("--soc is called --filling; the old name goes in the next release.", err=True)
    protocol = EIS(filling or soc or (0.5,), frequencies or None)
    run_experiment(EisJob(system, variant, controls, model, protocol), out, as_json)


# --- what it does ---------------------------------------------------------------------------------


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
