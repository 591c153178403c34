"""The command `hetsim analyse gitt`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.analysed import Analysed, AnalysisJob, file_argument, out_option
from hetsim.commands.lengths import StatedLength, length_options, particle_options
from hetsim.commands.options import clear_messages, json_option, wide_option
from hetsim.commands.reading_options import reading_options
from hetsim.commands.text_table import number, paragraph, remarked_table, screen_width
from hetsim.results.quantities import DIFFUSIVITY
from hetsim.units import CM2, MV

if TYPE_CHECKING:
    from hetsim.analysis import TitrationAnalysis
    from hetsim.analysis.pulses import Pulse


@click.command()
@file_argument
@length_options
@click.option(
    "--window",
    nargs=2,
    type=float,
    default=(0.1, 1.0),
    show_default=True,
    help="Part of a pulse that is taken as linear in sqrt(t), as shares of its length.",
)
@click.option(
    "--interruption-window",
    nargs=2,
    type=float,
    help="Part of a rest that is taken as linear in sqrt(t) [s] [1 5, or longer for 5 samples].",
)
@particle_options
@reading_options(without=("mass_mg", "area_cm2"))
@out_option
@wide_option
@json_option
@clear_messages
def gitt(
    file: Path,
    window: tuple[float, float],
    interruption_window: tuple[float, float] | None,
    spread: float,
    fast_fraction: float,
    out: Path | None,
    wide: bool,
    as_json: bool,
    **words: Any,
) -> None:
    """Diffusion coefficients of every pulse of a FILE by Weppner and Huggins, closed form and interruption.

    The file is any export with time, current and voltage (hetsim read FILE says what is understood of it); a
    current in mA needs --mass-mg. A length must be stated, for D scales with its square: --length-nm,
    --sphere-radius-nm, or mass, molar mass, molar volume and area.

    \b
    Examples:
      hetsim analyse gitt titration.csv --sphere-radius-nm 250
      hetsim analyse gitt titration.csv --sphere-radius-nm 250 --spread 1.2
      hetsim analyse gitt titration.csv --mass-mg 1.36 --molar-mass-g-per-mol 314
          --molar-volume-cm3-per-mol 45 --area-cm2 1.131
    """
    stated, of_file = StatedLength.of(words)
    GittAnalysisJob(
        file,
        stated,
        window,
        interruption_window,
        spread,
        fast_fraction,
        wide=wide,
        words=of_file,
        spare_mass=stated.needs_mass,
    ).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class GittAnalysisJob(AnalysisJob):
    """One call of `hetsim analyse gitt`."""

    stated: StatedLength
    window: tuple[float, float]
    interruption_window: tuple[float, float] | None = None
    spread: float = 0.0
    fast_fraction: float = 0.0

    kind = "gitt"
    reads = "trace"

    def analysed(self) -> Analysed:
        from hetsim.analysis import titration_analysis
        from hetsim.commands.json_form import json_rows, json_value
        from hetsim.plots import analysed_gitt

        length = self.stated.length()
        trace = self.reading.data
        analysis = titration_analysis(
            trace,
            length,
            self.window,
            self.interruption_window,
            self.spread,
            self.fast_fraction,
        )
        frame = analysis.to_frame()
        median = f"median_{DIFFUSIVITY.variable}"
        unit = DIFFUSIVITY.key.removeprefix(DIFFUSIVITY.variable)
        content = {
            "file": str(self.file),
            "length_m": length.metres,
            "length_meaning": length.meaning,
            "spread": self.spread,
            "fast_fraction": self.fast_fraction,
            "interruption_window_s": analysis.interruptions and [*analysis.interruptions.window],
            f"{median}{unit}": json_value(analysis.gitt.median_diffusivity),
            f"{median}_by_closed_form{unit}": json_value(analysis.fits.median_diffusivity),
            f"{median}_by_interruption{unit}": json_value(_median_by_interruption(analysis)),
            "pulses": json_rows(frame),
        }
        return Analysed(_text(analysis, self.wide), content, frame, analysed_gitt(trace, analysis))


def _median_by_interruption(found: TitrationAnalysis) -> float:
    return found.interruptions.median_diffusivity if found.interruptions else math.nan


def scientific(value: float) -> str:
    """A diffusivity for a table; a dash where there is none."""
    return "-" if math.isnan(value) else f"{value:.2e}"


HEADER = (
    "mAh/g",
    "rest V",
    "step\nmV",
    "trans.\nmV",
    "jump\nmV",
    "R2\nsqrt(t)",
    "D cm2/s",
    "from\nsteps",
    "closed\nform",
    "interr.\nsqrt(t)",
)


def _text(found: TitrationAnalysis, wide: bool) -> str:
    rows = [
        [
            f"{result.pulse.passed:.1f}",
            number(result.pulse.before, 3),
            number(result.step / MV, 1),
            number(result.transient / MV, 1),
            number(result.jump / MV, 1),
            number(result.line.r_squared, 4),
            scientific(result.diffusivity / CM2),
            scientific(result.diffusivity_from_steps / CM2),
            scientific(fit.diffusivity / CM2),
            scientific(float(rest) / CM2),
        ]
        for result, fit, rest in zip(
            found.gitt.results, found.fits.results, found.by_interruption, strict=True
        )
    ]
    remarks = [
        [
            *result.remarks,
            *(f"closed form: {one}" for one in fit.remarks),
            *(f"interruption: {one}" for one in _remarks_of_rest(found, result.pulse)),
        ]
        for result, fit in zip(found.gitt.results, found.fits.results, strict=True)
    ]
    lines = [
        remarked_table(HEADER, rows, remarks, wide),
        "",
        f"length L: {found.gitt.length}; D scales with its square",
        f"median D of {len(rows)} pulses [cm2/s]: Weppner-Huggins "
        f"{scientific(found.gitt.median_diffusivity / CM2)}, closed form "
        f"{scientific(found.fits.median_diffusivity / CM2)}, interruption "
        f"{scientific(_median_by_interruption(found) / CM2)}",
        _about_rests(found),
    ]
    return "\n".join([lines[0], *(paragraph(one, screen_width(wide)) for one in lines[1:])])


def _remarks_of_rest(found: TitrationAnalysis, pulse: Pulse) -> tuple[str, ...]:
    rest = found.interruption_after(pulse)
    return () if rest is None else tuple(rest.remarks)


def _about_rests(found: TitrationAnalysis) -> str:
    if found.interruptions is None:
        return f"no diffusivity by interruption: {found.why_not}"
    start, end = found.interruptions.window
    return f"interruption: the rest from {start:g} to {end:.3g} s after a pulse, linear in sqrt(t)"
