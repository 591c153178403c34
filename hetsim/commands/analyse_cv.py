"""The command `hetsim analyse cv`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.analysed import Analysed, AnalysisJob, file_argument, out_option
from hetsim.commands.options import clear_messages, insertion_positive_option, json_option
from hetsim.commands.reading_options import OF_A_CV, reading_options, stated_words
from hetsim.commands.text_table import number, text_table

if TYPE_CHECKING:
    from hetsim.analysis import DunnShares, Exponent


@click.command()
@file_argument
@reading_options(*OF_A_CV)
@insertion_positive_option
@out_option
@json_option
@clear_messages
def cv(file: Path, insertion_positive: bool, out: Path | None, as_json: bool, **words: Any) -> None:
    """b-values and Dunn's "capacitive share" of the voltammograms in a FILE.

    The file is any export with potential, current and scan rate (hetsim read FILE says what is understood of
    it), in order of time; one cycle a scan rate, or a column cycle of which the last counts. Either sign of the
    current will do.

    \b
    Example:
      hetsim analyse cv voltammograms.csv --mass-mg 1.36
    """
    CvAnalysis(file, insertion_positive, words=stated_words(words)).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class CvAnalysis(AnalysisJob):
    """One call of `hetsim analyse cv`."""

    insertion_positive: bool
    kind = "cv"
    reads = "cv"

    def analysed(self) -> Analysed:
        from hetsim.analysis import b_values, dunn_shares, peak_b_values
        from hetsim.analysis.b_values import exponent_frame
        from hetsim.commands.json_form import json_rows
        from hetsim.plots import analysed_cv

        cycles = self.reading.data
        shares, everywhere, peaks = dunn_shares(cycles), b_values(cycles), peak_b_values(cycles)
        frame = shares.to_frame()
        content = {
            "file": str(self.file),
            "scan_rates": json_rows(frame),
            "peaks": json_rows(exponent_frame(peaks)),
            "b_values": json_rows(exponent_frame(everywhere)),
        }
        figure = analysed_cv(shares, everywhere, self.insertion_positive)
        return Analysed(_text(shares, peaks), content, frame, figure)


def _text(shares: DunnShares, peaks: list[Exponent]) -> str:
    columns = (shares.share, shares.clipped_share, shares.against, shares.residual)
    rows = [
        [f"{rate:g}", *(number(100 * float(one), 1) for one in row)]
        for rate, *row in zip(shares.rates, *columns, strict=True)
    ]
    header = ["mV/s", "share of k1 v %", "clipped %", "against the current %", "residual %"]
    lines = [text_table(header, rows), ""]
    for one in peaks:
        interval = "no interval from two scan rates" if one.half_width != one.half_width else ""
        lines.append(
            f"b at the peak of the {one.sweep} sweep, {one.potential:.2f} V: {one.b:.2f}"
            + (f" ({interval})" if interval else f" +- {one.half_width:.2f} (95 %)")
        )
    lines.append(
        "The share is what goes with v; particles that keep up with the scan do so without a capacitor."
    )
    return "\n".join(lines)
