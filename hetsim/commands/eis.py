"""The command `hetsim eis`: simulated impedance spectra."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.job import Ending, ExperimentJob, experiment_options
from hetsim.commands.json_form import json_row
from hetsim.commands.options import SeveralNumbers, clear_messages, json_option, numbers_option
from hetsim.commands.text_table import some_rows, text_table
from hetsim.errors import ParameterError
from hetsim.results import quantities

if TYPE_CHECKING:
    from hetsim.results import ImpedanceRun, Spectrum


@click.command(cls=SeveralNumbers)
@experiment_options
@numbers_option("--filling", help="0 (extracted) to 1 (inserted), one or several [0.5].")
@numbers_option("--soc", hidden=True, help="Former name of --filling.")
@numbers_option("--frequencies", help="Hz, one or several [100 kHz to 1 mHz].")
@click.option(
    "--after",
    type=click.Choice(("insertion", "extraction")),
    help="The branch of the hysteresis on which it rests [extraction at 0, else insertion].",
)
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
    after: str | None,
    as_json: bool,
) -> None:
    """Simulate the impedance of a SYSTEM (a name or a .toml file) at rest.

    \b
    Examples:
      hetsim eis CZT --filling 0.5
      hetsim eis CZT --filling 0.1 0.5 0.9 --model DFN
      hetsim eis CZT --filling 0.5 --after extraction
      hetsim eis CZT --controls --frequencies 1000 1 0.001 --json
    """
    if soc and filling:
        raise ParameterError("--soc is the former name of --filling; give --filling only.")
    if soc:
        click.echo("--soc is called --filling; the old name goes in the next release.", err=True)
    from hetsim.protocols import EIS

    protocol = EIS(filling or soc or (0.5,), frequencies or None, after=after)
    EisJob(system, variant, controls, model, protocol).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


SHOWN = 9
"""Frequencies in the table; all of them are in the files."""


class EisJob(ExperimentJob):
    """`hetsim eis`."""

    kind = "eis"

    def endings(self, result: Sequence[ImpedanceRun]) -> Iterator[Ending]:
        for one in result:
            for spectrum in one.spectra:
                of = f"{one.system} at filling {spectrum.filling:g}"
                yield Ending(of, spectrum.outcome, spectrum.reason)

    def text(self, result: Sequence[ImpedanceRun]) -> str:
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
            for one in result
            for spectrum in one.spectra
            if spectrum.outcome.good
            for i in _shown(spectrum)
        ]
        return text_table(header, rows)

    def json_of(self, run: ImpedanceRun) -> dict[str, Any]:
        return {
            "spectra": [
                json_row(
                    {
                        quantities.FILLING: spectrum.filling,
                        quantities.POTENTIAL: spectrum.potential,
                        quantities.AREA: spectrum.area,
                        quantities.OUTCOME: spectrum.outcome.value,
                        quantities.REASON: spectrum.reason,
                        quantities.CHARGE_BALANCE: spectrum.charge_balance,
                        quantities.FREQUENCY: spectrum.frequency,
                        quantities.REAL: spectrum.impedance.real,
                        quantities.IMAGINARY: spectrum.impedance.imag,
                    }
                )
                for spectrum in run.spectra
            ]
        }

    def figure(self, runs: Sequence[ImpedanceRun]) -> Any:
        from hetsim.plots import impedances

        return impedances(runs)


def _shown(spectrum: Spectrum) -> list[int]:
    return some_rows(spectrum.frequency.size, SHOWN)
