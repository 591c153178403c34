"""The command `hetsim fit`: rate curves fitted by the full model."""

import json
import sys
import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from hetsim import plots
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.load import load_cell
from hetsim.commands.files import Writer, usable_folder, write_all
from hetsim.commands.options import FAILED, clear_messages, json_option, model_option
from hetsim.commands.rate_report import Pair, error_lines, rate_record
from hetsim.commands.text_table import text_table
from hetsim.errors import ParameterError
from hetsim.fitting import FitResult, FreeValue
from hetsim.fitting import fit as fit_curves
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE
from hetsim.measurements import measured, read_rate_csv
from hetsim.parameters.system_file import system_names
from hetsim.parameters.values import MeasuredRate


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
    job = FitJob(systems, free, measured_file, noise / 100, cycles, model)
    job.check()
    folder = usable_folder(out or job.folder, FILES)
    if sys.stderr.isatty() and not as_json:
        click.echo("fitting: some twenty rate tests, half a minute a curve", err=True)
    result = job.run()
    files = write_all(folder, writers(result))
    if as_json:
        click.echo(json.dumps(fit_object(result)))
    else:
        click.echo(report(result))
        click.echo("written: " + ", ".join(str(path) for path in files))
    if not result.converged:
        click.echo("The search stopped before its end.", err=True)
        sys.exit(FAILED)


# --- what it does ---------------------------------------------------------------------------------


FILES = ("fit.png", "fit.svg", "fit.csv", "fit.json", "fit.toml")


@dataclass(frozen=True)
class FitJob:
    """The choices of one `hetsim fit`."""

    systems: tuple[str, ...]
    free: tuple[str, ...]
    measured_file: Path | None
    noise: float
    cycles: int
    model: str

    @property
    def folder(self) -> Path:
        """Where its files go, unless the user says so."""
        return Path("hetsim-out") / f"{Path(self.systems[0]).stem}-fit"

    def check(self) -> None:
        """Read everything that can be wrong before anything runs or is written."""
        _ = self._cells, self._curves, self._free
        if not 0 < self.noise < 1:
            raise ParameterError(
                f"The noise of a capacity is {100 * self.noise:g} %; it must be between 0 and 100 %."
            )
        if self.cycles < 1:
            raise ParameterError(f"A rate test runs at least 1 cycle, got {self.cycles}.")

    def run(self) -> FitResult:
        """The fit; what it warns of stands in its remarks too."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return fit_curves(
                self._cells,
                self._curves,
                self._free,
                self.model,
                self.noise,
                cycles=self.cycles,
            )

    @cached_property
    def _cells(self) -> list[HalfCell]:
        found = []
        for name in self.systems:
            cell = load_cell(name)
            if not isinstance(cell, HalfCell):
                raise ParameterError(
                    f"{cell.name} is a full cell; a fit needs half cells, such as its electrodes."
                )
            found.append(cell)
        return found

    @cached_property
    def _curves(self) -> list[MeasuredRate]:
        if self.measured_file is None:
            return [measured(name) for name in self.systems]
        return [read_rate_csv(self.measured_file), *(measured(name) for name in self.systems[1:])]

    @cached_property
    def _free(self) -> list[FreeValue]:
        names = [cell.name for cell in self._cells]
        if not self.free:
            of = names if len(names) > 1 else [""]
            shared = [FreeValue(FAST), FreeValue(RESISTANCE), FreeValue(GRAINS[0], tied=GRAINS[1:])]
            return [*(FreeValue(CAPACITY, of=one) for one in of), *shared]
        found = []
        for word in self.free:
            system, colon, name = word.partition(": ")
            found.append(FreeValue(name, of=system) if colon else FreeValue(word))
        for one in found:
            if one.of and one.of not in names:
                raise ParameterError(
                    f"'{one.label}': '{one.of}' is not fitted here; fitted are: {', '.join(names)}."
                )
        return found


def report(result: FitResult) -> str:
    """Values with their intervals, the errors of the curves, and what the points do not determine."""
    header = ["parameter", "value", "68 % low", "68 % high", "prior"]
    rows = [
        [one.free.label, *(f"{x:.4g}" for x in (one.value, *one.interval, one.known.prior))]
        for one in result.values
    ]
    parts = [text_table(header, rows), error_lines(_pairs(result))]
    return "\n\n".join([*parts, "\n".join(result.remarks)]).rstrip() + "\n"


def fit_object(result: FitResult) -> dict[str, Any]:
    """The object that `hetsim fit --json` prints; the unit of a value stands in its name."""
    return {
        "values": [
            {
                "parameter": one.free.name,
                "system": one.free.of or None,
                "tied": list(one.free.tied),
                "value": one.value,
                "low_68": one.interval[0],
                "high_68": one.interval[1],
                "prior": one.known.prior,
                "at_limit": one.at_limit,
            }
            for one in result.values
        ],
        "correlation": result.correlation.to_numpy().tolist(),
        "remarks": list(result.remarks),
        "converged": result.converged,
        **rate_record(_pairs(result)),
    }


def writers(result: FitResult) -> dict[str, Writer]:
    """The files of a fit by name, each with the function that writes it."""
    figure = plots.rates(_pairs(result))
    functions: tuple[Writer, ...] = (
        lambda path: figure.savefig(path, dpi=300),
        lambda path: figure.savefig(path),
        lambda path: _write(path, result.to_frame().to_csv()),
        lambda path: _write(path, json.dumps(fit_object(result), indent=1)),
        lambda path: _write(path, result.to_toml()),
    )
    return dict(zip(FILES, functions, strict=True))


def _pairs(result: FitResult) -> list[Pair]:
    return [(one.curve, one.measured) for one in result.comparisons]


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
