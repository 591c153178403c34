"""The command `hetsim analyse rate`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from hetsim.commands.analysed import Analysed, AnalysisJob, file_argument, out_option
from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.reading_options import OF_A_RATE, reading_options, stated_words
from hetsim.commands.text_table import number, text_table
from hetsim.results.quantities import CAPACITY, CURRENT, Quantity


@click.command()
@file_argument
@reading_options(*OF_A_RATE)
@out_option
@json_option
@clear_messages
def rate(file: Path, out: Path | None, as_json: bool, **words: Any) -> None:
    """The rate equation of Tian et al. (2019) fitted to the rate curve in a FILE.

    The file is a table of currents and capacities, a table of cycles or the record of a rate test (hetsim read
    FILE says what is understood of it). Three numbers and their 95 % intervals: full capacity, time constant, exponent.

    \b
    Example:
      hetsim analyse rate rate_curve.csv
    """
    RateAnalysis(file, words=stated_words(words)).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class RateAnalysis(AnalysisJob):
    """One call of `hetsim analyse rate`."""

    kind = "rate"
    reads = "rate"

    def analysed(self) -> Analysed:
        from hetsim.analysis import fit_rate_equation
        from hetsim.commands.json_form import json_rows, json_value
        from hetsim.plots import analysed_rate
        from hetsim.results.tables import table

        measured = self.reading.data
        fit = fit_rate_equation(measured.currents, measured.capacities)
        frame = table(
            {
                CURRENT: measured.currents,
                CAPACITY: measured.capacities,
                Quantity("error of the fit", "%"): fit.errors,
            }
        )
        values = {
            Quantity("full capacity", CAPACITY.unit).key: fit.full_capacity,
            Quantity("time constant", "h").key: fit.time_constant,
            "exponent": fit.exponent,
        }
        content = {
            "file": str(self.file),
            **values,
            "interval_95_as_factor": {
                name: json_value(factor) for name, factor in zip(values, fit.factors, strict=True)
            },
            "mean_abs_error_percent": fit.mean_abs_error_percent,
            "points": json_rows(frame),
        }
        rows = [
            [f"{i:g}", f"{q:g}", number(error)] for i, q, error in frame.itertuples(index=False)
        ]
        lines = [
            text_table(["A/g", "mAh/g", "error of the fit %"], rows),
            "",
            _line("full capacity", f"{fit.full_capacity:.4g} mAh/g", fit.factors[0]),
            _line("time constant", f"{60 * fit.time_constant:.4g} min", fit.factors[1]),
            _line("exponent", f"{fit.exponent:.3g} (1/2 diffusion, 1 ohmic)", fit.factors[2]),
            f"mean error: {fit.mean_abs_error_percent:.1f} %",
        ]
        return Analysed("\n".join(lines), content, frame, analysed_rate(measured, fit))


def _line(name: str, value: str, factor: float) -> str:
    known = "no interval from three points" if factor != factor else f"95 % within x/: {factor:.3g}"
    return f"{name}: {value}, {known}"
