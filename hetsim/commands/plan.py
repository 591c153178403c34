"""The command `hetsim plan`: which experiment would tell the most."""

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
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.half_cell import HalfCell
    from hetsim.fitting.evidence import Evidence
    from hetsim.fitting.plan import Plan


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--target", "targets", multiple=True, help="A free value of interest [all].")
@click.option(
    "--between", multiple=True, help="A mechanism, as of hetsim evidence; repeat it for several."
)
@variant_option
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-plan].")
@json_option
@clear_messages
def plan(
    system: str,
    targets: tuple[str, ...],
    between: tuple[str, ...],
    variant: str,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Rank further experiments on a SYSTEM by how well they would tell mechanisms apart.

    SYSTEM (a name or a .toml file) has two hosts; it is fitted together with the controls that its file names.
    With --between mechanisms are weighed by the data of SYSTEM alone, as by hetsim evidence, and the experiments
    ranked by how much they would move the odds between those that these data leave.

    \b
    Examples:
      hetsim plan CZT
      hetsim plan CZT --target "Interface mobility ratio" --target "Fast fraction"
      hetsim plan CZT --between channel --between diffusivity
    """
    PlanJob(system, variant, targets, between, model).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanJob(Job):
    """One call of `hetsim plan`."""

    system: str
    variant: str
    targets: tuple[str, ...]
    between: tuple[str, ...]
    model: str

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant, "plan")

    def check(self) -> None:
        from hetsim.fitting.evidence import ONE_MODEL
        from hetsim.fitting.joint import joint_problem
        from hetsim.fitting.mechanisms import mechanism_named
        from hetsim.fitting.plan import target_rows

        for name in self.between:
            mechanism_named(name)
        if len(self.between) == 1:
            raise ParameterError(ONE_MODEL.format(1))
        target_rows(joint_problem(self._cell, self.model), self.targets or None)

    def files(self) -> Sequence[str]:
        return "plan.png", "plan.svg", "plan.csv", "plan.json"

    def run(self, show_progress: bool) -> Plan:
        from hetsim.fitting.plan import plan as rank

        if show_progress:
            click.echo("fitting it with its controls, and trying experiments: a minute", err=True)
            if self.between:
                click.echo("before that, weighing each mechanism: a minute", err=True)
        return rank(self._cell, self.targets or None, model=self.model, between=self._weighed())

    def _weighed(self) -> Evidence | None:
        """The mechanisms that are compared, by the data of the system alone: with its controls that takes minutes."""
        if not self.between:
            return None
        from hetsim.fitting.evidence import evidence
        from hetsim.fitting.joint import joint_problem

        problem = joint_problem(self._cell, self.model)
        return evidence(self.between, problem.measured[0], problem.cells[0], model=self.model)

    def text(self, result: Plan) -> str:
        header = ["experiment", "nat", "narrows most", "by %"]
        if result.between:
            header.append("ln odds")
        rows = []
        for one in result.ranked:
            label, left = min(one.shrinks.items(), key=lambda pair: pair[1])
            row = [one.experiment.name, f"{one.information:.2f}", label, f"{100 * (1 - left):.0f}"]
            odds = "-" if one.odds is None else f"{one.growth:.2f}"
            rows.append([*row, odds] if result.between else row)
        parts = [
            text_table(header, rows, screen_width()),
            paragraph(result.sentence, screen_width()),
        ]
        if result.left_out:
            parts.append(paragraph(f"Not simulated: {', '.join(result.left_out)}.", screen_width()))
        return "\n\n".join(parts)

    def json_object(self, result: Plan) -> dict[str, Any]:
        return {
            "system": result.system,
            "targets": [
                {"parameter": label, "interval_95_factor": result.intervals[label]}
                for label in result.targets
            ],
            "between": list(result.between),
            "experiments": rows_of(result.to_frame()),
            "not_simulated": list(result.left_out),
            "sentence": result.sentence,
        }

    def writers(self, result: Plan) -> dict[str, Writer]:
        from hetsim.plots import plan_bars

        return {
            **figure_writers("plan", plan_bars(result)),
            "plan.csv": text_writer(result.to_frame().to_csv()),
            "plan.json": json_writer(self.json_object(result)),
        }

    @cached_property
    def _cell(self) -> HalfCell:
        return half_cell(self.system, self.variant, "A plan")
