"""What `hetsim analyse cv` does."""

from pathlib import Path

from hetsim import plots
from hetsim.analysis import DunnShares, Exponent, b_values, dunn_shares, peak_b_values
from hetsim.analysis.b_values import exponent_frame
from hetsim.commands.analysed import Analysed, json_rows
from hetsim.commands.rate_report import number
from hetsim.commands.text_table import text_table
from hetsim.measurements import read_voltammogram_csv


def run(file: Path, mass_mg: float | None) -> Analysed:
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
