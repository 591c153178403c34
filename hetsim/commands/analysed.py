"""What the analyses of a file share: options, and the job that reads, analyses and writes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, table_writer
from hetsim.commands.job import Job, default_folder

if TYPE_CHECKING:
    import pandas as pd

file_argument = click.argument("file", type=Path)
out_option = click.option(
    "--out", type=Path, help="Folder for figure and data [hetsim-out/FILE-analyse-KIND]."
)
mass_option = click.option(
    "--mass-mg", type=float, help="Active mass [mg], for a column current_mA."
)


@dataclass(frozen=True)
class Analysed:
    """text : for the terminal; content : the JSON object; frame : for the CSV; figure : of matplotlib."""

    text: str
    content: dict[str, Any]
    frame: pd.DataFrame
    figure: Any


@dataclass(frozen=True)
class AnalysisJob(Job):
    """One analysis of one file."""

    file: Path
    wide: bool = field(default=False, kw_only=True)
    kind: ClassVar[str] = ""

    @abstractmethod
    def analysed(self) -> Analysed:
        """Read, analyse and draw. Raises HetsimError for any wrong input."""

    @cached_property
    def _result(self) -> Analysed:
        return self.analysed()

    @property
    def folder(self) -> Path:
        return default_folder(self.file.stem, "analyse", self.kind)

    def check(self) -> None:
        from hetsim.measurements.csv_table import read_csv

        if not self.file.is_file():
            read_csv(self.file)  # raises, before anything else that is wrong is told
        _ = self._result

    def files(self) -> Sequence[str]:
        return [f"{self.kind}.{ending}" for ending in ("png", "svg", "csv", "json")]

    def run(self, show_progress: bool) -> Analysed:
        return self._result

    def text(self, result: Analysed) -> str:
        return result.text

    def json_object(self, result: Analysed) -> dict[str, Any]:
        return result.content

    def writers(self, result: Analysed) -> dict[str, Writer]:
        return {
            **figure_writers(self.kind, result.figure),
            f"{self.kind}.csv": table_writer(result.frame),
            f"{self.kind}.json": json_writer(result.content),
        }
