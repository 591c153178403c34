"""What the analyses of a file share: options, and the job that reads, analyses and writes."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from os.path import isfile  # False for a name that is too long, where Path.is_file raises
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, table_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.reading_options import reading_of, understood_line

if TYPE_CHECKING:
    import pandas as pd

    from hetsim.measurements import Reading

file_argument = click.argument("file", type=Path)
out_option = click.option(
    "--out", type=Path, help="Folder for figure and data [hetsim-out/FILE-analyse-KIND]."
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
    """One analysis of one file.

    words : what is stated of the file; spare_mass : whether a mass is for a length too; reads : kind of measurement
    """

    file: Path
    wide: bool = field(default=False, kw_only=True)
    words: dict[str, Any] = field(default_factory=dict, kw_only=True)
    spare_mass: bool = field(default=False, kw_only=True)
    kind: ClassVar[str] = ""
    reads: ClassVar[str] = ""

    @abstractmethod
    def analysed(self) -> Analysed:
        """Read, analyse and draw. Raises HetsimError for any wrong input."""

    @cached_property
    def _result(self) -> Analysed:
        return self.analysed()

    @cached_property
    def reading(self) -> Reading:
        """The file as it was understood. Raises HetsimError."""
        return reading_of(self.file, self.words, self.reads, self.spare_mass)

    @property
    def folder(self) -> Path:
        # a record that a command of hetsim wrote is called by its kind; its folder says of what it is
        above = self.file.resolve().parent.name
        own = self.file.stem == self.kind and above.endswith(f"-{self.kind}")
        return default_folder(above if own else self.file.stem, "analyse", self.kind)

    def check(self) -> None:
        from hetsim.measurements.encoding import decoded

        if not isfile(self.file):
            decoded(self.file)  # raises, before anything else that is wrong is told
        _ = self._result

    def files(self) -> Sequence[str]:
        return [f"{self.kind}.{ending}" for ending in ("png", "svg", "csv", "json")]

    def run(self, show_progress: bool) -> Analysed:
        return self._result

    def text(self, result: Analysed) -> str:
        return "\n".join([understood_line(self.reading.understood), "", result.text])

    def json_object(self, result: Analysed) -> dict[str, Any]:
        return self._content(result)

    def _content(self, result: Analysed) -> dict[str, Any]:
        name, *rest = result.content.items()
        return dict([name, ("understood", self.reading.understood), *rest])

    def writers(self, result: Analysed) -> dict[str, Writer]:
        return {
            **figure_writers(self.kind, result.figure),
            f"{self.kind}.csv": table_writer(result.frame),
            f"{self.kind}.json": json_writer(self._content(result)),
        }
