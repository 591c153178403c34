"""Writing results: all files of a run or none."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from hetsim.errors import OutputError

Writer = Callable[[Path], None]


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
