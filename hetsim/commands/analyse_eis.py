"""The command `hetsim analyse eis`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.analysed import Analysed, AnalysisJob, file_argument, out_option
from hetsim.commands.options import clear_messages, json_option, wide_option
from hetsim.commands.reading_options import reading_options, stated_words
from hetsim.commands.text_table import number, paragraph, remarked_table, screen_width
from hetsim.results.quantities import FILLING, FREQUENCY, SPECTRUM, Quantity

if TYPE_CHECKING:
    import pandas as pd

    from hetsim.analysis import SpectrumAnalysis
    from hetsim.measurements import MeasuredSpectrum


@click.command()
@file_argument
@click.option(
    "--lowest-hz",
    type=float,
    default=0.0,
    help="Frequency from which on the Randles circuit is fitted [Hz] [all].",
)
@click.option(
    "--regularisation",
    type=float,
    default=1e-3,
    show_default=True,
    help="Smoothness of the relaxation times: more is broader, less splits peaks.",
)
@reading_options()
@out_option
@wide_option
@json_option
@clear_messages
def eis(
    file: Path,
    lowest_hz: float,
    regularisation: float,
    out: Path | None,
    wide: bool,
    as_json: bool,
    **words: Any,
) -> None:
    """Randles circuit, Kramers-Kronig test and relaxation times of the impedance spectra in a FILE.

    The file is any export with frequency, Re Z and Im Z or -Im Z (hetsim read FILE says what is understood of
    it), in Ohm.cm2 or Ohm; a column spectrum (a number) or filling tells several spectra apart. The circuit and the
    test need pip install "hetsim[impedance]", the relaxation times "hetsim[drt]".

    \b
    Examples:
      hetsim analyse eis spectrum.csv
      hetsim analyse eis spectrum.csv --lowest-hz 0.1
    """
    of_file = stated_words(words)
    EisAnalysis(file, lowest_hz, regularisation, wide=wide, words=of_file).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class EisAnalysis(AnalysisJob):
    """One call of `hetsim analyse eis`."""

    lowest: float
    regularisation: float
    kind = "eis"
    reads = "eis"

    def analysed(self) -> Analysed:
        from hetsim.analysis import spectrum_analysis
        from hetsim.plots import analysed_eis

        spectra = self.reading.data
        found = [
            spectrum_analysis(one.frequency, one.impedance, self.lowest, self.regularisation)
            for one in spectra
        ]
        unit = spectra[0].unit
        content = {
            "file": str(self.file),
            "unit": unit,
            "lowest_Hz": self.lowest,
            "spectra": [_object(one, of, unit) for one, of in zip(spectra, found, strict=True)],
        }
        names = [one.label for one in spectra]
        figure = analysed_eis(found, names, unit)
        return Analysed(
            _text(found, names, unit, self.wide), content, _frame(spectra, found), figure
        )


def _object(spectrum: MeasuredSpectrum, found: SpectrumAnalysis, unit: str) -> dict[str, Any]:
    """One spectrum for the JSON object."""
    from hetsim.commands.json_form import json_row

    fit, times = found.randles, found.relaxation_times
    peaks = times.peaks if times else ()
    row = {
        **_place(spectrum),
        Quantity("series resistance", unit): fit.series_resistance,
        Quantity("charge transfer resistance", unit): fit.charge_transfer_resistance,
        Quantity("capacity", _capacity_unit(unit)): fit.capacity,
        Quantity("warburg coefficient", f"{unit}.s-1/2"): fit.warburg,
        Quantity("time constant", "s"): fit.time_constant,
        Quantity("residual of the circuit"): fit.residual,
        Quantity("largest residual of kramers kronig"): found.kramers_kronig.largest,
    }
    made = {key.replace("s1/2", "sqrt_s"): value for key, value in json_row(row).items()}
    made["standard_errors"] = [*fit.errors]
    made["relaxation_peaks"] = [
        json_row(
            {
                Quantity("time constant", "s"): peak.time_constant,
                FREQUENCY: peak.frequency,
                Quantity("resistance", unit): peak.resistance,
                Quantity("closed", ""): peak.closed,
            }
        )
        for peak in peaks
    ]
    made["remarks"] = [*found.remarks]
    if found.why_not:
        made["no_relaxation_times"] = found.why_not
    return made


def _place(spectrum: MeasuredSpectrum) -> dict[Quantity, Any]:
    """What tells a spectrum from the others of its file."""
    told = {SPECTRUM: spectrum.number, FILLING: spectrum.filling}
    return {quantity: value for quantity, value in told.items() if value is not None}


def _capacity_unit(unit: str) -> str:
    return "F" if unit == "Ohm" else "F.cm-2"


def _frame(spectra: Sequence[MeasuredSpectrum], found: Sequence[SpectrumAnalysis]) -> pd.DataFrame:
    """One row a frequency: spectrum, circuit, residuals, relaxation times."""
    import pandas as pd

    from hetsim.results.tables import table

    frames = []
    for spectrum, of in zip(spectra, found, strict=True):
        unit, fit = spectrum.unit, of.randles.impedance(of.frequency)
        columns: dict[Quantity, Any] = {
            **_place(spectrum),
            FREQUENCY: of.frequency,
            Quantity("real", unit): of.impedance.real,
            Quantity("imaginary", unit): of.impedance.imag,
            Quantity("real of circuit", unit): fit.real,
            Quantity("imaginary of circuit", unit): fit.imag,
            Quantity("kramers kronig residual of real"): of.kramers_kronig.real,
            Quantity("kramers kronig residual of imaginary"): of.kramers_kronig.imaginary,
        }
        if of.relaxation_times is not None:  # its times rise as the frequencies fall
            columns[Quantity("relaxation time", "s")] = of.relaxation_times.time_constant
            columns[Quantity("distribution", unit)] = of.relaxation_times.gamma
        frames.append(table(columns))
    return pd.concat(frames, ignore_index=True)


def _text(found: Sequence[SpectrumAnalysis], names: Sequence[str], unit: str, wide: bool) -> str:
    ohm = unit.replace(".", " ")
    rows = [
        [
            name,
            f"{of.randles.series_resistance:.4g}",
            f"{of.randles.charge_transfer_resistance:.4g}",
            f"{of.randles.capacity:.3g}",
            f"{of.randles.warburg:.4g}",
            f"{of.randles.time_constant:.3g}",
            number(100 * of.randles.residual, 2),
            number(100 * of.kramers_kronig.largest, 2),
        ]
        for of, name in zip(found, names, strict=True)
    ]
    header = [
        "",
        f"R_s\n{ohm}",
        f"R_ct\n{ohm}",
        f"C\n{_capacity_unit(unit).replace('.cm-2', '/cm2')}",
        f"sigma\n{ohm}/s^0.5",
        "R_ct C\ns",
        "circuit\nleft %",
        "Kramers-Kronig\n%",
    ]
    lines = [remarked_table(header, rows, [of.remarks for of in found], wide), ""]
    for of, name in zip(found, names, strict=True):
        if of.relaxation_times is None:
            lines.append(f"no relaxation times: {of.why_not}")
            break
        lines += [
            f"{name}: relaxation at {peak.time_constant:.3g} s ({peak.frequency:.3g} Hz), "
            f"{peak.resistance:.4g} {ohm}"
            + ("" if peak.closed else ", open: diffusion or a capacitor")
            for peak in of.relaxation_times.peaks
        ]
    return "\n".join([lines[0], *(paragraph(one, screen_width(wide)) for one in lines[1:])])
