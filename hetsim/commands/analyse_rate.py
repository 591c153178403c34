"""The command `hetsim analyse rate`."""

from pathlib import Path

import click
import pandas as pd

from hetsim import plots
from hetsim.analysis import fit_rate_equation
from hetsim.commands.analysed import (
    Analysed,
    file_argument,
    finish,
    json_rows,
    json_value,
    out_option,
)
from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.rate_report import number
from hetsim.commands.text_table import text_table
from hetsim.measurements import read_rate_csv


@click.command()
@file_argument
@out_option
@json_option
@clear_messages
def rate(file: Path, out: Path | None, as_json: bool) -> None:
    """The rate equation of Tian et al. (2019) fitted to the rate curve in a FILE.

    Columns: current_A_per_g, capacity_mAh_per_g. Three numbers and their 95 % intervals: full capacity,
    time constant, exponent.

    \b
    Example:
      hetsim analyse rate rate_curve.csv
    """
    finish(analysed(file), file, "rate", out, as_json)


# --- what it does ---------------------------------------------------------------------------------


def analysed(file: Path) -> Analysed:
    """Read, fit and draw. Raises ParameterError for any wrong input."""
    measured = read_rate_csv(file)
    fit = fit_rate_equation(measured.currents, measured.capacities)
    frame = pd.DataFrame(
        {
            "current [A.g-1]": measured.currents,
            "capacity [mA.h.g-1]": measured.capacities,
            "error of the fit [%]": fit.errors,
        }
    )
    values = {
        "full_capacity_mAh_per_g": fit.full_capacity,
        "time_constant_h": fit.time_constant,
        "exponent": fit.exponent,
    }
    content = {
        "file": str(file),
        **values,
        "interval_95_as_factor": {
            name: json_value(one) for name, one in zip(values, fit.factors, strict=True)
        },
        "mean_abs_error_percent": fit.mean_abs_error_percent,
        "points": json_rows(frame),
    }
    rows = [[f"{i:g}", f"{q:g}", number(error)] for i, q, error in frame.itertuples(index=False)]
    lines = [
        text_table(["A/g", "mAh/g", "error of the fit %"], rows),
        "",
        _line("full capacity", f"{fit.full_capacity:.4g} mAh/g", fit.factors[0]),
        _line("time constant", f"{60 * fit.time_constant:.4g} min", fit.factors[1]),
        _line("exponent", f"{fit.exponent:.3g} (1/2 diffusion, 1 ohmic)", fit.factors[2]),
        f"mean error: {fit.mean_abs_error_percent:.1f} %",
    ]
    return Analysed("\n".join(lines), content, frame, plots.analysed_rate(measured, fit))


def _line(name: str, value: str, factor: float) -> str:
    known = "no interval from three points" if factor != factor else f"95 % within x/: {factor:.3g}"
    return f"{name}: {value}, {known}"
