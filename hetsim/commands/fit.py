"""The command `hetsim fit`: rate curves fitted by the full model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, text_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import clear_messages, json_option, model_option
from hetsim.commands.text_table import text_table
from hetsim.errors import ParameterError
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.half_cell import HalfCell
    from hetsim.fitting import FitResult, FreeValue
    from hetsim.parameters.values import MeasuredRate
    from hetsim.results.comparison import Pair


@click.command()
@click.argument("systems", nargs=-1, required=True, shell_complete=lambda *_: system_names())
@click.option("--free", multiple=True, help="A parameter to fit, 'SYSTEM: NAME' if of one alone.")
@click.option("--measured", "measured_file", type=Path, help="A CSV for the first system.")
@click.option("--noise", default=2.0, show_default=True, help="Of a capacity, in percent.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-fit].")
@json_option
@clear_messages
def fit(
    systems: tuple[str, ...],
    free: tuple[str, ...],
    measured_file: Path | None,
    noise: float,
    cycles: int,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Fit the rate curves of SYSTEMS (names or .toml files), which share what is not of one alone.

    Without --free: the capacity of each, and shared by all the fast fraction, the series resistance and
    one diffusivity of both components.

    \b
    Examples:
      hetsim fit CZT
      hetsim fit my_material.toml --measured my_curve.csv
      hetsim fit CZT CT --free "CZT: Specific capacity [mA.h.g-1]" --free "Fast fraction"
    """
    FitJob(systems, free, measured_file, noise / 100, cycles, model).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class FitJob(Job):
    """One call of `hetsim fit`."""

    systems: tuple[str, ...]
    free: tuple[str, ...]
    measured_file: Path | None
    noise: float
    cycles: int
    model: str

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.systems[0]).stem, "fit")

    def check(self) -> None:
        _ = self._cells, self._curves, self._free
        if not 0 < self.noise < 1:
            raise ParameterError(
                f"The noise of a capacity is {100 * self.noise:g} %; it must be between 0 and 100 %."
            )
        if self.cycles < 1:
            raise ParameterError(f"A rate test runs at least 1 cycle, got {self.cycles}.")

    def files(self) -> Sequence[str]:
        return "fit.png", "fit.svg", "fit.csv", "fit.json", "fit.toml"

    def run(self, show_progress: bool) -> FitResult:
        """The fit; what it warns of stands in its remarks too."""
        from hetsim.fitting import fit

        if show_progress:
            click.echo("fitting: some twenty rate tests, half a minute a curve", err=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return fit(
                self._cells, self._curves, self._free, self.model, self.noise, cycles=self.cycles
            )

    def failures(self, result: FitResult) -> list[str]:
        return [] if result.converged else ["The search stopped before its end."]

    def text(self, result: FitResult) -> str:
        return report(result)

    def json_object(self, result: FitResult) -> dict[str, Any]:
        return fit_object(result)

    def writers(self, result: FitResult) -> dict[str, Writer]:
        from hetsim.plots import rates

        return {
            **figure_writers("fit", rates(_pairs(result))),
            "fit.csv": text_writer(result.to_frame().to_csv()),
            "fit.json": json_writer(fit_object(result)),
            "fit.toml": text_writer(result.to_toml()),
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
        return [read_rate_csv(self.measured_file), *(measured(name) for name in self.systems[1:])]

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
    """Values with their intervals, the errors of the curves, and what the points do not determine."""
    from hetsim.commands.rate_report import error_lines

    header = ["parameter", "value", "68 % low", "68 % high", "prior"]
    rows = [
        [value.free.label, *(f"{x:.4g}" for x in (value.value, *value.interval, value.known.prior))]
        for value in result.values
    ]
    parts = [text_table(header, rows), error_lines(_pairs(result))]
    return "\n\n".join([*parts, "\n".join(result.remarks)]).rstrip()


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
                "low_68": value.interval[0],
                "high_68": value.interval[1],
                "prior": value.known.prior,
                "at_limit": value.at_limit,
            }
            for value in result.values
        ],
        "correlation": result.correlation.to_numpy().tolist(),
        "remarks": list(result.remarks),
        "converged": result.converged,
        **rate_record(_pairs(result)),
    }


def _pairs(result: FitResult) -> list[Pair]:
    return [(comparison.curve, comparison.measured) for comparison in result.comparisons]
