"""The command `hetsim analyse ici`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.analyse_gitt import scientific
from hetsim.commands.analysed import Analysed, AnalysisJob, file_argument, out_option
from hetsim.commands.lengths import StatedLength, length_options, particle_options
from hetsim.commands.options import clear_messages, json_option, wide_option
from hetsim.commands.reading_options import reading_options
from hetsim.commands.text_table import number, paragraph, remarked_table, screen_width
from hetsim.results.quantities import DIFFUSIVITY
from hetsim.units import CM2, MV

if TYPE_CHECKING:
    import pandas as pd

    from hetsim.analysis import ClosedFormFits, InterruptionAnalysis


@click.command()
@file_argument
@length_options
@click.option(
    "--window",
    nargs=2,
    type=float,
    help="Part of an interruption that is taken as linear in sqrt(t) [s] [1 5, or longer for 5 samples].",
)
@particle_options
@reading_options(without=("mass_mg", "area_cm2"))
@out_option
@wide_option
@json_option
@clear_messages
def ici(
    file: Path,
    window: tuple[float, float] | None,
    spread: float,
    fast_fraction: float,
    out: Path | None,
    wide: bool,
    as_json: bool,
    **words: Any,
) -> None:
    """Diffusion coefficient and resistance of every interruption of a current in a FILE.

    The file is any export with time, current and voltage (hetsim read FILE says what is understood of it); a rest
    after a current is an interruption. By sqrt(t) in the window, and by the closed form of the particle
    from the start of the window to the end of the interruption. A length must be stated.

    \b
    Examples:
      hetsim analyse ici interruptions.csv --sphere-radius-nm 250
      hetsim analyse ici interruptions.csv --sphere-radius-nm 250 --window 0.5 4
    """
    stated, of_file = StatedLength.of(words)
    IciAnalysisJob(
        file,
        stated,
        window,
        spread,
        fast_fraction,
        wide=wide,
        words=of_file,
        spare_mass=stated.needs_mass,
    ).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class IciAnalysisJob(AnalysisJob):
    """One call of `hetsim analyse ici`."""

    stated: StatedLength
    window: tuple[float, float] | None
    spread: float
    fast_fraction: float

    kind = "ici"
    reads = "trace"

    def analysed(self) -> Analysed:
        from hetsim.analysis import fit_interruptions, intermittent_current_interruption
        from hetsim.commands.json_form import json_rows, json_value
        from hetsim.plots import analysed_ici

        length = self.stated.length()
        trace = self.reading.data
        roots = intermittent_current_interruption(trace, length, self.window)
        fits = fit_interruptions(
            trace, length, self.spread, self.fast_fraction, start=roots.window[0]
        )
        frame = _frame(roots, fits)
        content = {
            "file": str(self.file),
            "length_m": length.metres,
            "length_meaning": length.meaning,
            "spread": self.spread,
            "fast_fraction": self.fast_fraction,
            "window_s": [*roots.window],
            f"median_{DIFFUSIVITY.key}": json_value(roots.median_diffusivity),
            "median_diffusivity_by_closed_form_m2_per_s": json_value(fits.median_diffusivity),
            "interruptions": json_rows(frame),
        }
        return Analysed(
            _text(roots, fits, self.wide), content, frame, analysed_ici(trace, roots, fits)
        )


def _frame(roots: InterruptionAnalysis, fits: ClosedFormFits) -> pd.DataFrame:
    """One row an interruption: sqrt(t), then the closed form."""
    import pandas as pd

    own = ["diffusivity", "diffusivity low", "diffusivity high", "jump", "resistance", "residual"]
    fitted = fits.to_frame()
    names = {name: name.split(" [")[0] for name in map(str, fitted.columns)}
    chosen = [name for name, word in names.items() if word in (*own, "remarks")]
    renamed = {
        name: name.replace(names[name], f"{names[name]} by closed form", 1) for name in chosen
    }
    return pd.concat([roots.to_frame(), fitted[chosen].rename(columns=renamed)], axis=1)


def _text(roots: InterruptionAnalysis, fits: ClosedFormFits, wide: bool) -> str:
    rows = [
        [
            f"{one.interruption.passed:.1f}",
            number(one.interruption.before, 3),
            number(one.slope / MV, 4),
            number(one.line.slope / MV, 3),
            number(one.line.r_squared, 4),
            scientific(one.diffusivity / CM2),
            scientific(fit.diffusivity / CM2),
            f"{one.resistance:.4g}",
        ]
        for one, fit in zip(roots.results, fits.results, strict=True)
    ]
    remarks = [
        list(dict.fromkeys([*one.remarks, *fit.remarks]))
        for one, fit in zip(roots.results, fits.results, strict=True)
    ]
    header = [
        "mAh/g",
        "V",
        "dE/dt\nmV/s",
        "dE/dt^0.5\nmV/s^0.5",
        "R2\nsqrt(t)",
        "D cm2/s",
        "closed\nform",
        "R Ohm.g",
    ]
    start, end = roots.window
    lines = [
        remarked_table(header, rows, remarks, wide),
        "",
        f"length L: {roots.length}; D scales with its square",
        f"median D of {len(rows)} interruptions [cm2/s]: sqrt(t) from {start:g} to {end:.3g} s "
        f"{scientific(roots.median_diffusivity / CM2)}, closed form from {start:g} s on "
        f"{scientific(fits.median_diffusivity / CM2)}",
    ]
    return "\n".join([lines[0], *(paragraph(one, screen_width(wide)) for one in lines[1:])])
