"""The command `hetsim rate`: a simulated rate curve beside the measured one."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
import pandas as pd

from hetsim import plots
from hetsim.cells.full_cell import Cell
from hetsim.cells.load import load_cell
from hetsim.commands.files import Writer, usable_folder, write_all
from hetsim.commands.options import (
    FAILED,
    clear_messages,
    json_option,
    model_option,
    variant_option,
)
from hetsim.commands.rate_report import Pair, error_lines, rate_object, rate_record, rate_table
from hetsim.measurements import measured, read_rate_csv
from hetsim.parameters.system_file import system_names
from hetsim.parameters.values import MeasuredRate
from hetsim.protocols import RateTest
from hetsim.results.comparison import compare
from hetsim.simulation import run as simulate


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--controls", is_flag=True, help="Run the control systems too.")
@click.option("--compare", "comparing", is_flag=True, help="Set the measured curve beside it.")
@click.option("--measured", "measured_file", type=Path, help="A CSV to compare with instead.")
@click.option("--currents", multiple=True, type=float, help="A/g; repeat it for several.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@click.option("--from-equilibrium", is_flag=True, help="One insertion at each current, from rest.")
@model_option
@variant_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-VARIANT].")
@json_option
@clear_messages
def rate(
    system: str,
    controls: bool,
    comparing: bool,
    measured_file: Path | None,
    currents: tuple[float, ...],
    cycles: int,
    from_equilibrium: bool,
    model: str,
    variant: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Simulate the rate capability of a SYSTEM (a name or a .toml file).

    \b
    Examples:
      hetsim rate CZT --controls --compare
      hetsim rate CZT --currents 0.1 --currents 10 --variant core-shell
      hetsim rate my_material.toml --measured my_curve.csv
    """
    job = RateJob(
        system,
        variant,
        controls,
        comparing,
        measured_file,
        currents,
        cycles,
        from_equilibrium,
        model,
    )
    job.check()
    folder = usable_folder(out or job.folder, FILES)
    pairs = job.run(show_progress=sys.stderr.isatty() and not as_json)
    good = any(point.outcome.good for curve, _ in pairs for point in curve.points)
    files = write_all(folder, writers(pairs)) if good else []
    if as_json:
        click.echo(json.dumps(rate_object(pairs)))
    else:
        click.echo(report(pairs))
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no run succeeded")
        )
    failed = [(curve, p) for curve, _ in pairs for p in curve.points if not p.outcome.good]
    for curve, point in failed:
        click.echo(
            f"{curve.system} at {point.current:g} A/g: {point.outcome}. {point.reason}", err=True
        )
    if failed:
        sys.exit(FAILED)


# --- what it does ---------------------------------------------------------------------------------


FILES = ("rate.png", "rate.svg", "rate.csv", "rate.json")

USUAL_CURRENTS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""[A.g-1], where neither the user nor the data say which."""


@dataclass(frozen=True)
class RateJob:
    """The choices of one `hetsim rate`."""

    system: str
    variant: str
    controls: bool
    comparing: bool
    measured_file: Path | None
    currents: tuple[float, ...]
    cycles: int
    from_equilibrium: bool
    model: str

    @property
    def folder(self) -> Path:
        """Where its files go, unless the user says so: one folder a system and variant."""
        stem = Path(self.system).stem
        return Path("hetsim-out") / (f"{stem}-{self.variant}" if self.variant else stem)

    def check(self) -> None:
        """Read everything that can be wrong before anything runs or is written."""
        for cell, data in self._cells:
            self._protocol(cell, data)
            cell.check_cut_offs()

    def run(self, show_progress: bool) -> list[Pair]:
        """One simulated curve for each system, each with its measured one if it is compared."""
        cells = self._cells
        with click.progressbar(
            cells,
            label="simulating",
            file=sys.stderr,
            hidden=not show_progress,
        ) as bar:
            return [
                (simulate(cell, self._protocol(cell, data), self.model), data) for cell, data in bar
            ]

    @cached_property
    def _cells(self) -> list[tuple[Cell, MeasuredRate | None]]:
        """The system and its controls, each with its measured curve if it is compared; read once."""
        main = load_cell(self.system, self.variant)
        names = main.controls if self.controls else ()
        cells = [main, *(load_cell(name) for name in names)]
        wants = self.comparing or self.measured_file is not None
        found = [(cell, cell.measured if wants else None) for cell in cells]
        if self.measured_file is not None:
            found[0] = (main, read_rate_csv(self.measured_file))
        elif wants and found[0][1] is None:
            measured(self.system)  # says that there is none
        return found

    def _protocol(self, cell: Cell, data: MeasuredRate | None) -> RateTest:
        usual = cell.measured.currents if cell.measured else USUAL_CURRENTS
        main = self._cells[0][0].measured
        chosen = self.currents or (*usual, *(main.currents if main else ()))
        currents = sorted({*chosen, *(data.currents if data else ())})
        return RateTest(currents, self.cycles, self.from_equilibrium)


def report(pairs: Sequence[Pair]) -> str:
    """The table and a line of errors a system."""
    lines = error_lines(pairs)
    return rate_table(pairs) + (f"\n\n{lines}\n" if lines else "\n")


def writers(pairs: Sequence[Pair]) -> dict[str, Writer]:
    """The files of a rate test by name, each with the function that writes it."""
    figure = plots.rates(pairs)
    frames = [
        compare(curve, data).to_frame() if data else curve.to_frame() for curve, data in pairs
    ]
    functions: tuple[Writer, ...] = (
        lambda path: figure.savefig(path, dpi=300),
        lambda path: figure.savefig(path),
        lambda path: pd.concat(frames).to_csv(path, index=False),
        lambda path: _write_json(path, pairs),
    )
    return dict(zip(FILES, functions, strict=True))


def _write_json(path: Path, pairs: Sequence[Pair]) -> None:
    path.write_text(json.dumps(rate_record(pairs), indent=1), encoding="utf-8")
