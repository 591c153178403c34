"""The command `hetsim explain`: the gain of a heterostructure shared among mechanisms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.evidence import half_cell, rows_of
from hetsim.commands.files import Writer, figure_writers, json_writer, text_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import clear_messages, json_option, model_option, variant_option
from hetsim.commands.text_table import number, paragraph, screen_width, text_table
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.half_cell import HalfCell
    from hetsim.fitting.explanation import Explanation


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--current", type=float, help="A/g [the highest measured one].")
@click.option(
    "--draws", default=100, show_default=True, help="Of the posterior, for the intervals."
)
@variant_option
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-explain].")
@json_option
@clear_messages
def explain(
    system: str,
    current: float | None,
    draws: int,
    variant: str,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Share the gain of a SYSTEM over its controls among the mechanisms that make it.

    SYSTEM (a name or a .toml file) has two hosts; it is fitted together with the controls that its file names.

    \b
    Examples:
      hetsim explain CZT --current 10
      hetsim explain ZnSe-MoSe2-C-Na --json
    """
    ExplainJob(system, variant, current, draws, model).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExplainJob(Job):
    """One call of `hetsim explain`."""

    system: str
    variant: str
    current: float | None
    draws: int
    model: str

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant, "explain")

    def check(self) -> None:
        from hetsim.fitting.explain import check_numbers
        from hetsim.fitting.joint import joint_problem

        check_numbers(self.current, self.draws)
        joint_problem(self._cell, self.model)

    def files(self) -> Sequence[str]:
        return "explain.png", "explain.svg", "explain.csv", "explain.json"

    def run(self, show_progress: bool) -> Explanation:
        from hetsim.fitting.explain import explain as share

        if show_progress:
            click.echo("fitting it with its controls, and switching mechanisms: a minute", err=True)
        return share(self._cell, self.current, self.model, self.draws)

    def text(self, result: Explanation) -> str:
        header = [
            "mechanism",
            "mAh/g",
            "95 % low",
            "95 % high",
            "of the gain %",
            "loss without it %",
        ]
        rows = [[str(name), *(number(one) for one in row[:5])] for name, *row in _rows(result)]
        ends = [
            f"controls {'measured' if result.start_measured else 'simulated'}: {result.start:.1f} mAh/g",
            f"{result.system} {'measured' if result.end_measured else 'simulated'}: {result.end:.1f} mAh/g",
        ]
        told = paragraph(result.sentence, screen_width())
        return "\n\n".join([text_table(header, rows), "\n".join(ends), told])

    def json_object(self, result: Explanation) -> dict[str, Any]:
        return {
            "system": result.system,
            "current_A_per_g": result.current,
            "controls_mAh_per_g": result.start,
            "controls_measured": result.start_measured,
            "heterostructure_mAh_per_g": result.end,
            "heterostructure_measured": result.end_measured,
            "gain_mAh_per_g": result.gain,
            "simulated_mixture_mAh_per_g": result.mixture,
            "simulated_heterostructure_mAh_per_g": result.heterostructure,
            "shares": rows_of(result.to_frame()),
            "untold": list(result.untold),
            "missing": list(result.missing),
            "sentence": result.sentence,
            "draws": result.joint.posterior.sentence,
        }

    def writers(self, result: Explanation) -> dict[str, Writer]:
        from hetsim.plots import waterfall

        return {
            **figure_writers("explain", waterfall(result)),
            "explain.csv": text_writer(result.to_frame().to_csv()),
            "explain.json": json_writer(self.json_object(result)),
        }

    @cached_property
    def _cell(self) -> HalfCell:
        return half_cell(self.system, self.variant, "An explanation")


def _rows(result: Explanation) -> list[tuple[Any, ...]]:
    return [
        (name, *row)
        for name, row in zip(result.to_frame().index, result.to_frame().to_numpy(), strict=True)
    ]
