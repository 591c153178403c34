"""Writing results: all files of a run or none."""

import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from hetsim.parameters import ParameterError

Writer = Callable[[Path], None]


def usable_folder(folder: Path) -> Path:
    """Make the folder and try to write in it; ParameterError if that is not possible."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        reason = error.strerror or str(error)
        raise ParameterError(
            f"The output folder '{folder}' cannot be written: {reason}."
        ) from error
    return folder


def write_all(folder: Path, writers: Mapping[str, Writer]) -> list[Path]:
    """Write each named file beside its place, then move all of them there.

    writers : file name to a function that writes the file at a given path
    """
    with tempfile.TemporaryDirectory(dir=folder, prefix=".hetsim-") as temporary:
        for name, write in writers.items():
            write(Path(temporary) / name)
        for name in writers:
            os.replace(Path(temporary) / name, folder / name)
    return [folder / name for name in writers]
