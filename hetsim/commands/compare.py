"""The command `hetsim compare`: a measured rate curve by hetsim, the rate equation and galpynostatic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, text_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import clear_messages, json_option, model_option, variant_option
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.half_cell import HalfCell
    from hetsim.fitting.compared import ModelsCompared
    from hetsim.parameters.values import MeasuredRate


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--measured", "measured_file", type=Path, help="A CSV with the rate curve.")
@variant_option
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-compare].")
@json_option
@clear_messages
def compare(
    system: str,
    measured_file: Path | None,
    variant: str,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Compare models of the rate curve of a SYSTEM (a name or a .toml file).

    hetsim's fit, the rate equation of Tian et al. with priors of the same kind, and galpynostatic where it is
    installed: errors of the fit, and of the highest current predicted from the lower ones.

    \b
    Examples:
      hetsim compare CZT
      hetsim compare my.toml --measured my_curve.csv
    """
    CompareJob(system, variant, measured_file, model).execute(out, as_json)


@dataclass(frozen=True)
class CompareJob(Job):
    """One call of `hetsim compare`."""

    system: str
    variant: str
    measured_file: Path | None
    model: str

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant, "compare")

    def check(self) -> None:
        _ = self._cell, self._curve

    def files(self) -> Sequence[str]:
        return "compare.png", "compare.svg", "compare.csv", "compare.json"

    def run(self, show_progress: bool) -> ModelsCompared:
        from hetsim.fitting.compared import compare_models

        return compare_models(self._cell, self._curve, model=self.model)

    def text(self, result: ModelsCompared) -> str:
        width = screen_width()
        header = ["model", "fitted values", "mean error %", "highest current predicted, error %"]
        rows = [
            [
                one.model,
                str(one.values),
                f"{one.mean_abs_error_percent:.2f}",
                f"{one.predicted_error:+.1f}",
            ]
            for one in result.models
        ]
        told = "\n".join(paragraph(one, width) for one in result.left_out)
        title = f"{result.system}: rate curve of {len(result.measured.currents)} currents"
        parts = [title, text_table(header, rows, width), told]
        return "\n\n".join(part for part in parts if part)

    def json_object(self, result: ModelsCompared) -> dict[str, Any]:
        return {
            "system": result.system,
            "currents_A_per_g": list(result.measured.currents),
            "capacities_mAh_per_g": list(result.measured.capacities),
            "models": [
                {
                    "model": one.model,
                    "fitted_values": one.values,
                    "capacities_mAh_per_g": list(one.capacities),
                    "errors_percent": list(one.errors),
                    "mean_abs_error_percent": one.mean_abs_error_percent,
                    "predicted_mAh_per_g": one.predicted,
                    "predicted_error_percent": one.predicted_error,
                }
                for one in result.models
            ],
            "left_out": list(result.left_out),
        }

    def writers(self, result: ModelsCompared) -> dict[str, Writer]:
        from hetsim.plots import compared_models

        return {
            **figure_writers("compare", compared_models(result)),
            "compare.csv": text_writer(result.to_frame().to_csv(index=False)),
            "compare.json": json_writer(self.json_object(result)),
        }

    @cached_property
    def _cell(self) -> HalfCell:
        from hetsim.cells.half_cell import HalfCell
        from hetsim.cells.load import load_cell

        cell = load_cell(self.system, self.variant)
        if not isinstance(cell, HalfCell):
            raise ParameterError(
                f"{cell.name} is a full cell; a comparison needs a half cell, such as its electrodes."
            )
        return cell

    @cached_property
    def _curve(self) -> MeasuredRate | None:
        from hetsim.measurements import read_rate_csv

        return None if self.measured_file is None else read_rate_csv(self.measured_file)
