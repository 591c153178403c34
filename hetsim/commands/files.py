"""Writing results: all files of a run or none."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetsim.errors import OutputError

if TYPE_CHECKING:
    from hetsim.results.quantities import Quantity

Writer = Callable[[Path], None]


def figure_writers(stem: str, figure: Any) -> dict[str, Writer]:
    """A figure of matplotlib as pixels and as vectors."""

    def pixels(path: Path) -> None:
        figure.savefig(path, dpi=300)
        figure.set_layout_engine("none")  # it is laid out: the second file need not do it again

    return {f"{stem}.png": pixels, f"{stem}.svg": lambda path: figure.savefig(path)}


def table_writer(frame: Any) -> Writer:
    """A table of pandas as CSV, with units in the names of its columns."""
    from hetsim.results.tables import file_form

    return lambda path: file_form(frame).to_csv(path, index=False)


def columns_writer(tables: Sequence[Mapping[Quantity, Any]]) -> Writer:
    """Tables beneath each other as CSV, from their columns."""
    from hetsim.results.tables import csv_text

    return text_writer(csv_text(tables))


def bdf_name(table: str) -> str:
    """The file in the Battery Data Format beside a table: "gitt.bdf.csv" beside "gitt.csv"."""
    return f"{table.removesuffix('.csv')}.bdf.csv"


def bdf_writer(run: Any) -> Writer:
    """The traces of a run in the Battery Data Format."""
    return lambda path: run.to_bdf(path)


def netcdf_writer(dataset: Any) -> Writer:
    """A dataset of xarray as netCDF, which scipy writes."""
    return lambda path: dataset.to_netcdf(path, engine="scipy")


def json_writer(content: Any) -> Writer:
    """An object as JSON."""
    return text_writer(json.dumps(content, indent=1, ensure_ascii=False))


def text_writer(text: str) -> Writer:
    """A text, with a newline at its end."""
    return lambda path: _write(path, text)


def _write(path: Path, text: str) -> None:
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def usable_folder(folder: Path, names: Iterable[str] = ()) -> Path:
    """Make the folder and try to write in it.

    names : the files that will be written there
    Raises OutputError if that is not possible, or if a folder stands in the place of a file.
    """
    try:
        for name in names:
            if (folder / name).is_dir():
                raise OutputError(f"'{folder / name}' is a folder; a file is to be written there.")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def write_all(folder: Path, writers: Mapping[str, Writer]) -> list[Path]:
    """Write each named file beside its place, then move all of them there.

    writers : file name to a function that writes the file at a given path
    Raises OutputError if a file cannot be written; then all earlier files are as they were.
    """
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".hetsim-") as temporary:
            for name, write in writers.items():
                write(Path(temporary) / name)
            _move_all(Path(temporary), folder, list(writers))
    except OSError as error:
        raise _unwritable(folder, error) from error
    return [folder / name for name in writers]


def _move_all(here: Path, there: Path, names: list[str]) -> None:
    """Move the files, one after the other; if one cannot be moved, undo those before it."""
    with ExitStack() as undo:
        for name in names:
            target, kept = there / name, here / f"{name}.earlier"
            if target.exists():
                shutil.copy2(target, kept)
                undo.callback(os.replace, kept, target)
            else:
                undo.callback(target.unlink, missing_ok=True)
            os.replace(here / name, target)
        undo.pop_all()


def _unwritable(folder: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    return OutputError(f"The output folder '{folder}' cannot be written: {reason}.")
