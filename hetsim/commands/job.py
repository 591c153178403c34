"""What the commands that run one experiment share: options, the job, its files and its exit code."""

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pandas as pd

from hetsim.cells.full_cell import Cell
from hetsim.cells.load import load_cell
from hetsim.commands.files import Writer, usable_folder, write_all
from hetsim.commands.options import FAILED, model_option, variant_option
from hetsim.parameters.system_file import system_names
from hetsim.results import Outcome, Run
from hetsim.simulation import check
from hetsim.simulation import run as simulate


def experiment_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """SYSTEM, --variant, --controls, --model and --out."""
    options = (
        click.argument("system", shell_complete=lambda *_: system_names()),
        click.option("--controls", is_flag=True, help="Run the control systems too."),
        model_option,
        variant_option,
        click.option(
            "--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-...]."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def run_experiment(job: Any, out: Path | None, as_json: bool) -> None:
    """Run an `experiment_job.ExperimentJob`, write its files, print and end with its exit code."""
    cells = job.cells()
    folder = usable_folder(out or job.folder, job.files(cells))
    runs = job.run(cells, show_progress=sys.stderr.isatty() and not as_json)
    files = write_all(folder, job.writers(runs)) if job.any_good(runs) else []
    if as_json:
        click.echo(json.dumps(job.json_object(runs)))
    else:
        click.echo(job.table(runs))
        click.echo()
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no run succeeded")
        )
    failures = job.failures(runs)
    for line in failures:
        click.echo(line, err=True)
    if failures:
        sys.exit(FAILED)


@dataclass(frozen=True)
class Ending:
    """How one part of a run ended."""

    of: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class ExperimentJob(ABC):
    """One experiment on a system and, if wanted, on its controls."""

    system: str
    variant: str
    controls: bool
    model: str
    protocol: Any

    kind = ""

    @property
    def folder(self) -> Path:
        """Where its files go, unless the user says so."""
        parts = [Path(self.system).stem, self.variant, self.kind]
        return Path("hetsim-out") / "-".join(part for part in parts if part)

    def cells(self) -> list[Cell]:
        """Read what can be wrong before anything runs or is written."""
        main = load_cell(self.system, self.variant)
        names = main.controls if self.controls else ()
        found = [main, *(load_cell(name) for name in names)]
        for cell in found:
            check(self.protocol, cell)
        return found

    def run(self, cells: Sequence[Cell], show_progress: bool) -> list[Any]:
        with click.progressbar(
            cells, label="simulating", file=sys.stderr, hidden=not show_progress
        ) as bar:
            return [simulate(cell, self.protocol, self.model) for cell in bar]

    def data_name(self, system: str, first: bool) -> str:
        """Name of the CSV file of a system."""
        return f"{self.kind}.csv" if first else f"{self.kind}-{system}.csv"

    def files(self, cells: Sequence[Cell]) -> list[str]:
        """Names of all files."""
        tables = [self.data_name(cell.name, i == 0) for i, cell in enumerate(cells)]
        return [f"{self.kind}.png", f"{self.kind}.svg", f"{self.kind}.json", *tables]

    def writers(self, runs: Sequence[Any]) -> dict[str, Writer]:
        """The files by name, each with the function that writes it."""
        figure = self.figure(runs)
        record = {**self.json_object(runs), "provenance": [one.record for one in runs]}
        found: dict[str, Writer] = {
            f"{self.kind}.png": lambda path: figure.savefig(path, dpi=300),
            f"{self.kind}.svg": lambda path: figure.savefig(path),
            f"{self.kind}.json": lambda path: _write(path, json.dumps(record, indent=1)),
        }
        for index, one in enumerate(runs):
            found[self.data_name(one.system, index == 0)] = _table_writer(one.to_frame())
        return found

    def json_object(self, runs: Sequence[Any]) -> dict[str, Any]:
        """The object that --json prints; units stand in the keys."""
        first: Run = runs[0]
        return {
            "system": first.system,
            "model": first.model,
            "parameters_hash": first.parameters_hash,
            "protocol": first.protocol,
            "runs": [
                {
                    "system": one.system,
                    "parameters_hash": one.parameters_hash,
                    "thermodynamic_status": one.thermodynamic_status,
                    **self.json_of(one),
                }
                for one in runs
            ],
        }

    def any_good(self, runs: Sequence[Any]) -> bool:
        return any(end.outcome.good for one in runs for end in self.endings(one))

    def failures(self, runs: Sequence[Any]) -> list[str]:
        """One line for each part that did not end well."""
        return [
            f"{end.of}: {end.outcome}. {end.reason}"
            for one in runs
            for end in self.endings(one)
            if not end.outcome.good
        ]

    @abstractmethod
    def endings(self, one: Any) -> Iterator[Ending]:
        """How each part of a run ended."""

    @abstractmethod
    def table(self, runs: Sequence[Any]) -> str:
        """For the terminal."""

    @abstractmethod
    def json_of(self, one: Any) -> dict[str, Any]:
        """What is particular to one run."""

    @abstractmethod
    def figure(self, runs: Sequence[Any]) -> Any:
        """Of all runs."""


def plain(value: float) -> float | None:
    """A number for JSON; None where there is none."""
    return None if value != value else float(value)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _table_writer(frame: pd.DataFrame) -> Writer:
    return lambda path: frame.to_csv(path, index=False)
