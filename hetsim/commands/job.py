"""What every command that runs something shares: its steps, its files, what it prints, and its exit code.

Nothing heavy is imported before a command runs, so that its help does not wait for PyBaMM.
"""

from __future__ import annotations

import json
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from hetsim.commands.files import (
    Writer,
    bdf_name,
    bdf_writer,
    figure_writers,
    json_writer,
    table_writer,
    usable_folder,
    write_all,
)
from hetsim.commands.options import FAILED, model_option, variant_option
from hetsim.commands.text_table import paragraph, screen_width
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.full_cell import Cell
    from hetsim.results import Outcome, Run


@dataclass(frozen=True)
class Ending:
    """How one part of a run ended."""

    of: str
    outcome: Outcome
    reason: str


class Job(ABC):
    """One call of a command: nothing is run before all is read, and nothing is written before all has run."""

    def execute(self, out: Path | None, as_json: bool) -> None:
        """Read, run, write, print, and end with the exit code."""
        self.check()
        folder = usable_folder(out or self.folder, self.files())
        result = self.run(show_progress=sys.stderr.isatty() and not as_json)
        files = write_all(folder, self.writers(result)) if self.worth_writing(result) else []
        if as_json:
            click.echo(json.dumps(self.json_object(result), ensure_ascii=False))
        else:
            click.echo(self.text(result))
            told = ", ".join(str(path) for path in files) or "nothing, no run succeeded"
            click.echo("\n" + paragraph(f"written: {told}", screen_width(), indent="  ", first=""))
        failures = self.failures(result)
        for line in failures:
            click.echo(line, err=True)
        if failures:
            sys.exit(FAILED)

    @property
    @abstractmethod
    def folder(self) -> Path:
        """Folder of its files, unless the user names one."""

    @abstractmethod
    def check(self) -> None:
        """Read everything that can be wrong. Raises HetsimError for any wrong input."""

    @abstractmethod
    def files(self) -> Sequence[str]:
        """Names of the files that it may write."""

    @abstractmethod
    def run(self, show_progress: bool) -> Any:
        """Run it and return the result."""

    @abstractmethod
    def text(self, result: Any) -> str:
        """The text that is printed on the terminal."""

    @abstractmethod
    def json_object(self, result: Any) -> dict[str, Any]:
        """The object that --json prints; units stand in the keys."""

    @abstractmethod
    def writers(self, result: Any) -> dict[str, Writer]:
        """The files by name, each with the function that writes it."""

    def endings(self, result: Any) -> Iterator[Ending]:
        """How each part of the result ended; none for a result that cannot fail."""
        return iter(())

    def worth_writing(self, result: Any) -> bool:
        """Whether any part ended well."""
        outcomes = [ending.outcome for ending in self.endings(result)]
        return not outcomes or any(outcome.good for outcome in outcomes)

    def failures(self, result: Any) -> list[str]:
        """One line for each part that did not end well."""
        return [
            f"{ending.of}: {ending.outcome}. {ending.reason}"
            for ending in self.endings(result)
            if not ending.outcome.good
        ]


def default_folder(*parts: str) -> Path:
    """Folder of the files, unless the user names one: named by what is run; empty parts are left out."""
    return Path("hetsim-out") / "-".join(part for part in parts if part)


# --- experiments -----------------------------------------------------------------------------------


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


def with_controls(system: str, variant: str, controls: bool) -> list[Cell]:
    """A cell and, if wanted, its controls; where there is none, a line for the user says so."""
    from hetsim.cells.load import load_cell

    main = load_cell(system, variant)
    if not controls:
        return [main]
    named = [load_cell(name) for name in main.control_systems]
    found = named or main.controls()
    if not found:
        told = "no system is named as one, and one lumped host cannot be taken apart"
        click.echo(f"{main.name} has no controls: {told}.", err=True)
    return [main, *found]


def simulated(plans: Sequence[tuple[Cell, Any]], model: str, show_progress: bool) -> list[Any]:
    """The result of each cell with its protocol, with a bar on a terminal."""
    from hetsim.simulation import run

    with click.progressbar(
        plans, label="simulating", file=sys.stderr, hidden=not show_progress
    ) as bar:
        return [run(cell, protocol, model) for cell, protocol in bar]


@dataclass(frozen=True)
class ExperimentJob(Job):
    """One protocol on a system and, if wanted, on its controls."""

    system: str
    variant: str
    controls: bool
    model: str
    protocol: Any
    bdf: bool = field(default=False, kw_only=True)

    kind: ClassVar[str] = ""

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant, self.kind)

    @cached_property
    def cells(self) -> list[Cell]:
        """The system first."""
        return with_controls(self.system, self.variant, self.controls)

    def check(self) -> None:
        from hetsim.simulation import check

        for cell in self.cells:
            check(self.protocol, cell)

    def run(self, show_progress: bool) -> list[Any]:
        return simulated([(cell, self.protocol) for cell in self.cells], self.model, show_progress)

    def data_name(self, system: str, first: bool) -> str:
        """Name of the CSV file of a system."""
        return f"{self.kind}.csv" if first else f"{self.kind}-{system}.csv"

    def files(self) -> list[str]:
        tables = [self.data_name(cell.name, i == 0) for i, cell in enumerate(self.cells)]
        more = [bdf_name(table) for table in tables] if self.bdf else []
        return [f"{self.kind}.png", f"{self.kind}.svg", f"{self.kind}.json", *tables, *more]

    def writers(self, result: Sequence[Any]) -> dict[str, Writer]:
        record = {**self.json_object(result), "provenance": [one.record for one in result]}
        drawn = self.figure(result)
        files = {
            **(figure_writers(self.kind, drawn) if drawn is not None else {}),
            f"{self.kind}.json": json_writer(record),
        }
        for index, one in enumerate(result):
            name = self.data_name(one.system, index == 0)
            files[name] = table_writer(one.to_frame())
            if self.bdf and one.has_trace:
                files[bdf_name(name)] = bdf_writer(one)
        return files

    def json_object(self, result: Sequence[Any]) -> dict[str, Any]:
        first: Run = result[0]
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
                for one in result
            ],
        }

    @abstractmethod
    def json_of(self, run: Any) -> dict[str, Any]:
        """What is particular to the run of one cell."""

    @abstractmethod
    def figure(self, runs: Sequence[Any]) -> Any:
        """One figure of all runs; None where there is nothing to draw."""
