"""Moving pictures of the profiles in the particles and the electrolyte."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from hetsim.errors import OutputError, ParameterError
from hetsim.plots.profiles import (
    laid_out,
    lines_of,
    quantity_range,
    shown,
    told_time,
)
from hetsim.plots.style import COLOURS, STYLE
from hetsim.results import quantities

_DPI = 150
_FILES = {".gif": "pillow", ".mp4": "ffmpeg"}


def animate(
    result: Any,
    path: str | Path,
    frames: int = 60,
    per_second: int = 12,
    size_class: int | None = None,
    depth: float = 0.5,
    **which: Any,
) -> Path:
    """Profiles over the radius and through the electrolyte as they move, the start in grey.

    Parameters
    ----------
    result : Any
        A result that keeps its solution, or the dataset that its `profiles()` gives
    path : str | Path
        A file .gif or .mp4, or a folder for numbered PNG pictures, new or empty. An .mp4 needs ffmpeg; where it is
        not installed the pictures are written into a folder of that name without the suffix
    frames : int, default 60
        How many pictures, evenly in time; a dataset has its own
    per_second : int, default 12
        Pictures per second
    size_class : int | None, default None
        Which one is shown, from 1; None for the one with the largest share
    depth : float, default 0.5
        Place of the particles in a DFN, 0 and 1 at the ends of the electrode
    which : Any
        Handed on to `result.profiles`, such as current=1.0

    Returns
    -------
    Path
        The file or the folder that was written

    Raises
    ------
    ParameterError
        As `plots.profiles`, for another suffix, fewer than two frames, `times`, and less than one a second.
    OutputError
        Where it cannot be written; then nothing is left behind.
    """
    target = _target(Path(path))
    if frames < 2:
        raise ParameterError(f"animate: the number of frames is {frames}; allowed: 2 or more.")
    if per_second < 1:
        raise ParameterError(
            f"animate: the pictures per second are {per_second}; allowed: 1 or more."
        )
    if "times" in which:
        raise ParameterError("animate: 'times' is not taken; use frames=6 for six pictures.")
    data = shown(result, frames, size_class, depth, which)
    with matplotlib.rc_context(STYLE), _written(target) as there:
        figure, draw = _moving(data)
        _write(figure, draw, data.sizes["time"], there, target.suffix, per_second)
    return target


# --- files -----------------------------------------------------------------------------------------


def _target(path: Path) -> Path:
    """What is written in the end: the file, or a folder."""
    from matplotlib.animation import writers

    if path.suffix and not path.is_dir():
        if path.suffix not in _FILES:
            raise ParameterError(
                f"animate: '{path}' ends in {path.suffix}; allowed: {', '.join(_FILES)}, or a folder for PNG pictures."
            )
        if writers.is_available(_FILES[path.suffix]):
            return path
        path = path.with_suffix("")
    if path.is_file():
        raise OutputError(f"'{path}' is a file; a folder for pictures is to be written there.")
    if path.is_dir() and any(path.iterdir()):
        raise OutputError(f"The folder '{path}' is not empty; pictures need a new or empty one.")
    return path


@contextmanager
def _written(target: Path) -> Iterator[Path]:
    """A place beside the target, moved there when all is written, else removed."""
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".hetsim-") as temporary:
            there = Path(temporary) / target.name
            yield there
            os.replace(there, target)
    except (OSError, CalledProcessError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"The animation '{target}' cannot be written: {reason}.") from error


def _write(
    figure: Figure,
    draw: Callable[[int], None],
    count: int,
    there: Path,
    suffix: str,
    per_second: int,
) -> None:
    if suffix not in _FILES:
        there.mkdir()
        digits = len(str(count))
        for number in range(count):
            draw(number)
            figure.savefig(there / f"frame-{number + 1:0{digits}}.png", dpi=_DPI)
        return
    from matplotlib.animation import writers

    writer = writers[_FILES[suffix]](fps=per_second)
    with writer.saving(figure, str(there), _DPI):
        for number in range(count):
            draw(number)
            writer.grab_frame()


# --- pictures --------------------------------------------------------------------------------------


def _moving(data: Any) -> tuple[Figure, Callable[[int], None]]:
    """The figure, and what draws one of its pictures."""
    figure, axes, panels = laid_out(data)
    moving = []
    for one, panel in zip(axes, panels, strict=True):
        lines = lines_of(data, panel)
        one.set_ylim(*quantity_range(lines))
        for x, y, style in lines:
            one.plot(x, y[0], style, color="0.75", linewidth=0.9)
            (line,) = one.plot(x, y[0], style, color=COLOURS[0], linewidth=1.3)
            moving.append((line, y))
    moments = data[quantities.TIME.variable].to_numpy()
    tell = told_time(moments)
    means = data.get(quantities.MEAN_OCCUPANCY.variable)
    caption = figure.supxlabel(" ", fontsize=7)

    def draw(number: int) -> None:
        for line, y in moving:
            line.set_ydata(y[number])
        filled = "" if means is None else f",  mean occupancy {float(means[number]):.2f}"
        caption.set_text(f"{tell(moments[number])}{filled}")

    return figure, draw
