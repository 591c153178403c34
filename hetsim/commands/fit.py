"""The command `hetsim fit`: rate curves fitted by the full model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, text_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import clear_messages, json_option, model_option
from hetsim.commands.reading_options import (
    OF_A_RATE,
    reading_options,
    stated_words,
    understood_line,
)
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    import pandas as pd

    from hetsim.cells.half_cell import HalfCell
    from hetsim.fitting import FitResult, FreeValue
    from hetsim.measurements import Reading
    from hetsim.parameters.values import MeasuredRate
    from hetsim.results.comparison import Pair


@click.command()
@click.argument("systems", nargs=-1, required=True, shell_complete=lambda *_: system_names())
@click.option("--free", multiple=True, help="A parameter to fit, 'SYSTEM: NAME' if of one alone.")
@click.option(
    "--measured",
    "measured_file",
    type=Path,
    help="A file for the first system: a table of capacities, or the record of a rate test.",
)
@click.option(
    "--data",
    "data_files",
    type=Path,
    multiple=True,
    help="A further file of the first system, of any kind: voltage curve, titration, voltammogram, spectrum.",
)
@click.option(
    "--noise",
    type=float,
    help="Of a capacity, in percent [2, or 0.8 of a file of `hetsim new`].",
)
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-fit].")
@reading_options(*OF_A_RATE)
@json_option
@clear_messages
def fit(
    systems: tuple[str, ...],
    free: tuple[str, ...],
    measured_file: Path | None,
    data_files: tuple[Path, ...],
    noise: float | None,
    cycles: int,
    model: str,
    out: Path | None,
    as_json: bool,
    **words: Any,
) -> None:
    """Fit the rate curves of SYSTEMS (names or .toml files), which share what is not of one alone.

    Without --free: the capacity of each, and shared by all the fast fraction, the series resistance and
    one diffusivity of both components. Intervals are those of the profile likelihood; the folder holds the curve
    with its 90 % band, the profiles, tables, and a parameter file with the fitted values, fit.toml, that every command
    reads.

    \b
    Examples:
      hetsim fit CZT
      hetsim fit my_material.toml --measured my_curve.csv --data gitt.csv --data eis.csv
      hetsim fit CZT CT --free "CZT: Specific capacity [mA.h.g-1]" --free "Fast fraction"
    """
    of_file = stated_words(words)
    share = None if noise is None else noise / 100
    job = FitJob(systems, free, measured_file, share, cycles, model, of_file, data_files)
    job.execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class FitJob(Job):
    """One call of `hetsim fit`."""

    systems: tuple[str, ...]
    free: tuple[str, ...]
    measured_file: Path | None
    noise: float | None
    cycles: int
    model: str
    words: dict[str, Any] = field(default_factory=dict)
    data_files: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.systems[0]).stem, "fit")

    def check(self) -> None:
        _ = self._cells, self._data, self._free
        if self.noise is not None and not 0 < self.noise < 1:
            raise ParameterError(
                f"The noise of a capacity is {100 * self.noise:g} %; it must be between 0 and 100 %."
            )
        if self.cycles < 1:
            raise ParameterError(f"A rate test runs at least 1 cycle, got {self.cycles}.")

    def files(self) -> Sequence[str]:
        stems = ("fit", "fit-profiles", *(["fit-data"] if self.data_files else []))
        figures = [f"{stem}.{ending}" for stem in stems for ending in ("png", "svg")]
        return *figures, "fit.csv", "fit-bands.csv", "fit.json", *self._parameter_files

    @property
    def _parameter_files(self) -> dict[str, str]:
        """The parameter file of each fitted cell, and the name of the cell."""
        return {
            "fit.toml" if place == 0 else f"fit-{cell.system.name}.toml": cell.name
            for place, cell in enumerate(self._cells)
        }

    def run(self, show_progress: bool) -> FitResult:
        """The fit; what it warns of stands in its remarks too."""
        from hetsim.fitting import fit

        if show_progress:
            click.echo(
                "fitting and following each value along its profile: a few seconds a curve with the engine in C, "
                "minutes without",
                err=True,
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return fit(
                self._cells, self._data, self._free, self.model, self.noise, cycles=self.cycles
            )

    def failures(self, result: FitResult) -> list[str]:
        return [] if result.converged else ["The search stopped before its end."]

    def text(self, result: FitResult) -> str:
        return "\n\n".join([*map(understood_line, self._understood), report(result)])

    def json_object(self, result: FitResult) -> dict[str, Any]:
        return {
            **fit_object(result),
            **({"understood": one[0]} if (one := self._understood) else {}),
        }

    @property
    def _understood(self) -> list[str]:
        """What was understood of the measured files, if there are any."""
        rate = [self._curves[0].note] if self.measured_file is not None else []
        return [*rate, *(one.understood for one in self._further)]

    def writers(self, result: FitResult) -> dict[str, Writer]:
        from hetsim.plots import fit_profiles, fitted_data, fitted_rates

        curves: dict[str, Writer] = {}
        if self.data_files:
            curves = figure_writers("fit-data", fitted_data(result))
        if result.comparisons:
            curves = {
                **curves,
                **figure_writers("fit", fitted_rates(result)),
                "fit-bands.csv": text_writer(band_table(result).to_csv(index=False)),
            }
        return {
            **curves,
            **figure_writers("fit-profiles", fit_profiles(result)),
            "fit.csv": text_writer(result.to_frame().to_csv()),
            "fit.json": json_writer(fit_object(result)),
            **{
                file: text_writer(result.parameter_file(name))
                for file, name in self._parameter_files.items()
            },
        }

    @cached_property
    def _cells(self) -> list[HalfCell]:
        from hetsim.cells.half_cell import HalfCell
        from hetsim.cells.load import load_cell

        cells = []
        for name in self.systems:
            cell = load_cell(name)
            if not isinstance(cell, HalfCell):
                raise ParameterError(
                    f"{cell.name} is a full cell; a fit needs half cells, such as its electrodes."
                )
            cells.append(cell)
        return cells

    @cached_property
    def _curves(self) -> list[MeasuredRate]:
        from hetsim.measurements import measured, read_rate_csv

        if self.measured_file is None:
            return [measured(name) for name in self.systems]
        first = read_rate_csv(self.measured_file, **self.words)
        return [first, *(measured(name) for name in self.systems[1:])]

    @cached_property
    def _further(self) -> list[Reading]:
        """Further files of the first system; each statement of the options holds for all of them."""
        from hetsim.measurements import read

        return [read(path, **self.words) for path in self.data_files]

    @cached_property
    def _data(self) -> list[Any]:
        """Of each system its rate curve, and of the first one what the further files hold."""
        from hetsim.errors import MeasurementError

        if not self.data_files:
            return list(self._curves)
        try:
            first, *others = self._curves
        except MeasurementError:
            if len(self.systems) > 1 or self.measured_file is not None:
                raise
            return [self._further]  # a system without a rate curve
        return [[first, *self._further], *others]

    @cached_property
    def _free(self) -> list[FreeValue]:
        from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE, FreeValue

        names = [cell.name for cell in self._cells]
        if not self.free:
            of = names if len(names) > 1 else [""]
            shared = [FreeValue(FAST), FreeValue(RESISTANCE), FreeValue(GRAINS[0], tied=GRAINS[1:])]
            return [*(FreeValue(CAPACITY, of=one) for one in of), *shared]
        values = []
        for word in self.free:
            system, colon, name = word.partition(": ")
            values.append(FreeValue(name, of=system) if colon else FreeValue(word))
        for one in values:
            if one.of and one.of not in names:
                raise ParameterError(
                    f"'{one.label}': '{one.of}' is not fitted here; fitted are: {', '.join(names)}."
                )
        return values


def report(result: FitResult) -> str:
    """Values with their intervals, the errors of the curves, and the verdict."""
    from hetsim.commands.rate_report import error_lines

    width = screen_width()
    header = ["parameter", "value", "95 % low", "95 % high", "low held by", "high held by", "prior"]
    rows = [
        [
            value.free.label,
            *(f"{x:.4g}" for x in (value.value, *profile.interval)),
            profile.low.held_by,
            profile.high.held_by,
            f"{value.known.prior:.4g}",
        ]
        for value, profile in zip(result.values, result.profiles(), strict=True)
    ]
    told = "\n".join(paragraph(one, width, "  ", "- ") for one in result.verdict)
    parts = [text_table(header, rows, width, (34,))]
    if result.comparisons:
        parts.append(error_lines(_pairs(result)))
    return "\n\n".join([*parts, told]).rstrip()


def fit_object(result: FitResult) -> dict[str, Any]:
    """The object that `hetsim fit --json` prints; the unit of a value stands in its name."""
    from hetsim.commands.rate_report import rate_record

    return {
        "values": [
            {
                "parameter": value.free.name,
                "system": value.free.of or None,
                "tied": list(value.free.tied),
                "value": value.value,
                "low_95": profile.low.value,
                "high_95": profile.high.value,
                "low_held_by": profile.low.held_by,
                "high_held_by": profile.high.held_by,
                "data_alone_low": None if profile.low.open else profile.low.data_value,
                "data_alone_high": None if profile.high.open else profile.high.data_value,
                "prior": value.known.prior,
                "prior_width": value.known.width,
                "at_limit": value.at_limit,
            }
            for value, profile in zip(result.values, result.profiles(), strict=True)
        ],
        "correlation": result.correlation.to_numpy().tolist(),
        "directions": [
            {"exponents": one.exponents, "data_over_prior": one.measured, "by_data": one.by_data}
            for one in result.directions
        ],
        "alike": [
            {"one": one.one, "other": one.other, "cosine": one.cosine, "exponent": one.exponent}
            for one in result.pairs
        ],
        "noise_over_assumed": list(result.noise_scale.scales),
        "verdict": list(result.verdict),
        "remarks": list(result.remarks),
        "converged": result.converged,
        **rate_record(_pairs(result)),
    }


def band_table(result: FitResult) -> pd.DataFrame:
    """90 % bands of all rate curves."""
    import pandas as pd

    tables = []
    for comparison in result.comparisons:
        table = result.bands(of=comparison.curve.system)
        table.insert(0, "system", comparison.curve.system)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _pairs(result: FitResult) -> list[Pair]:
    return [(comparison.curve, comparison.measured) for comparison in result.comparisons]
