"""The command `hetsim analyse cv`."""

from pathlib import Path

import click

from hetsim import plots
from hetsim.analysis import DunnShares, Exponent, b_values, dunn_shares, peak_b_values
from hetsim.analysis.b_values import exponent_frame
from hetsim.commands.analysed import (
    Analysed,
    file_argument,
    finish,
    json_rows,
    mass_option,
    out_option,
)
from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.rate_report import number
from hetsim.commands.text_table import text_table
from hetsim.measurements import read_voltammogram_csv


@click.command()
@file_argument
@mass_option
@out_option
@json_option
@clear_messages
def cv(file: Path, mass_mg: float | None, out: Path | None, as_json: bool) -> None:
    """b-values and Dunn's "capacitive share" of the voltammograms in a FILE.

    Columns: potential_V, current_A_per_g (or current_mA with --mass-mg), scan_rate_mV_per_s, in order of
    time; one cycle a scan rate, or a column cycle of which the last counts.

    \b
    Example:
      hetsim analyse cv voltammograms.csv --mass-mg 1.36
    """
    finish(analysed(file, mass_mg), file, "cv", out, as_json)


# --- what it does ---------------------------------------------------------------------------------


def analysed(file: Path, mass_mg: float | None) -> Analysed:
    """Read, analyse and draw. Raises ParameterError for any wrong input."""
    cycles = read_voltammogram_csv(file, mass_mg)
    shares, everywhere, peaks = dunn_shares(cycles), b_values(cycles), peak_b_values(cycles)
    content = {
        "file": str(file),
        "scan_rates": json_rows(shares.to_frame()),
        "peaks": json_rows(exponent_frame(peaks)),
        "b_values": json_rows(exponent_frame(everywhere)),
    }
    figure = plots.analysed_cv(shares, everywhere)
    return Analysed(_text(shares, peaks), content, shares.to_frame(), figure)


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
