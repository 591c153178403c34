"""The command `hetsim evidence`: explanations of a rate curve weighed against each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, text_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.json_form import json_value
from hetsim.commands.options import clear_messages, json_option, model_option, variant_option
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.half_cell import HalfCell
    from hetsim.fitting.evidence import Evidence
    from hetsim.parameters.values import MeasuredRate


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option(
    "--models",
    multiple=True,
    help="A mechanism; repeat it for several [diffusivity, exchange current, size].",
)
@click.option(
    "--control", default="", help="A system that is fitted with it and lacks the mechanism."
)
@click.option("--measured", "measured_file", type=Path, help="A CSV for SYSTEM.")
@click.option("--noise", default=2.0, show_default=True, help="Of a capacity, in percent.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@click.option("--odds", default=10.0, show_default=True, help="That tell models apart.")
@variant_option
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-evidence].")
@json_option
@clear_messages
def evidence(
    system: str,
    models: tuple[str, ...],
    control: str,
    measured_file: Path | None,
    noise: float,
    cycles: int,
    odds: float,
    variant: str,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Weigh explanations of the rate curve of a SYSTEM (a name or a .toml file) against each other.

    Without --control the values of SYSTEM are those without any mechanism, and each model changes one of them.

    \b
    Mechanisms: diffusivity, exchange current, size, resistance, fast share, capacity, field, channel
    Examples:
      hetsim evidence CZT --variant lumped
      hetsim evidence CZT --models "fast share" --models channel --control CT
    """
    chosen = models or ("diffusivity", "exchange current", "size")
    job = EvidenceJob(
        system, variant, chosen, control, measured_file, noise / 100, cycles, odds, model
    )
    job.execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class EvidenceJob(Job):
    """One call of `hetsim evidence`."""

    system: str
    variant: str
    models: tuple[str, ...]
    control: str
    measured_file: Path | None
    noise: float
    cycles: int
    odds: float
    model: str

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant, "evidence")

    def check(self) -> None:
        from hetsim.fitting.evidence import ONE_MODEL
        from hetsim.fitting.mechanisms import mechanism_named

        for name in self.models:
            mechanism_named(name)
        if len(self.models) < 2:
            raise ParameterError(ONE_MODEL.format(1))
        if not 0 < self.noise < 1:
            raise ParameterError(
                f"The noise of a capacity is {100 * self.noise:g} %; it must be between 0 and 100 %."
            )
        if self.cycles < 1:
            raise ParameterError(f"A rate test runs at least 1 cycle, got {self.cycles}.")
        _ = self._cells, self._curves

    def files(self) -> Sequence[str]:
        return "evidence.png", "evidence.svg", "evidence.csv", "evidence.json"

    def run(self, show_progress: bool) -> Evidence:
        from hetsim.fitting.evidence import evidence as weigh

        if show_progress:
            click.echo("weighing: some 1500 rate tests a model, a few seconds each", err=True)
        one = not self.control
        return weigh(
            self.models,
            self._curves[0] if one else self._curves,
            self._cells[0] if one else self._cells,
            model=self.model,
            noise=self.noise,
            cycles=self.cycles,
            odds=self.odds,
        )

    def text(self, result: Evidence) -> str:
        header = ["model", "ln evidence", "+-", "probability %", "+- %", "largest deviation"]
        rows = [
            [
                name,
                f"{row['ln evidence']:.2f}",
                f"{row['error of ln evidence']:.2f}",
                f"{100 * row['probability']:.1f}",
                f"{100 * row['error of probability']:.1f}",
                f"{row['largest deviation']:.1f}",
            ]
            for name, row in result.to_frame().iterrows()
        ]
        return f"{text_table(header, rows)}\n\n{paragraph(result.verdict, screen_width())}"

    def json_object(self, result: Evidence) -> dict[str, Any]:
        return {
            "system": self._cells[0].name,
            "odds": result.odds,
            "told": result.told,
            "verdict": result.verdict,
            "models": [
                {
                    "model": one.name,
                    "ln_evidence": one.log_evidence,
                    "ln_evidence_error": one.marginal.error,
                    "probability": one.probability,
                    "probability_error": one.error,
                    "method": one.marginal.method,
                    "values": {
                        label: {
                            "median": row["median"],
                            "low_95": row["95 % low"],
                            "high_95": row["95 % high"],
                        }
                        for label, row in one.marginal.posterior.summary().iterrows()
                    },
                }
                for one in result.models
            ],
        }

    def writers(self, result: Evidence) -> dict[str, Writer]:
        from hetsim.plots import evidence_odds

        return {
            **figure_writers("evidence", evidence_odds(result)),
            "evidence.csv": text_writer(result.to_frame().to_csv()),
            "evidence.json": json_writer(self.json_object(result)),
        }

    @cached_property
    def _cells(self) -> list[HalfCell]:
        made = [half_cell(self.system, self.variant, "An evidence")]
        return [*made, half_cell(self.control, "", "An evidence")] if self.control else made

    @cached_property
    def _curves(self) -> list[MeasuredRate]:
        from hetsim.measurements import measured, read_rate_csv

        file = self.measured_file
        first = measured(self.system) if file is None else read_rate_csv(file)
        return [first, measured(self.control)] if self.control else [first]


def half_cell(name: str, variant: str, what: str) -> HalfCell:
    """The half cell of a name or a file. Raises ParameterError for a full cell."""
    from hetsim.cells.half_cell import HalfCell
    from hetsim.cells.load import load_cell

    cell = load_cell(name, variant)
    if not isinstance(cell, HalfCell):
        raise ParameterError(f"{cell.name} is a full cell; {what.lower()} needs half cells.")
    return cell


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """A table as objects of JSON, with its index."""
    return [
        {name: json_value(one) for name, one in row.items()}
        for row in frame.reset_index().to_dict("records")
    ]
