"""What several figures do with their axes and points."""

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from hetsim.parameters.values import AgedPoint
from hetsim.plots.style import COLOURS, MARKERS
from hetsim.results import Run

_PROTOCOLS = {
    "RateTest": "rate test",
    "CV": "cyclic voltammetry",
    "EIS": "impedance at rest",
    "GITT": "intermittent titration",
    "Cycling": "cycling",
    "Replay": "replay of a current",
    "ConstantCurrent": "constant current",
    "Rest": "rest",
    "Hold": "hold of a voltage",
}
"""What the protocols are called in a title; any other by the name of its class."""

_NAMED = 3
"""Most systems that a title names."""

ACTIVE = "active material"

_TITLE, _CAPTION = 8.0, 6.5
"""Sizes of letters [pt]."""

_LEGEND, _HANDLE = 6.5, 9
"""Of a legend below a figure: the size of its letters [pt], and the place of a handle and a gap, in letters."""


def log_axis(axes: Any, which: str, *, one_two_five: bool = False) -> None:
    """A logarithmic axis, "x" or "y", with plain numbers at its ticks.

    one_two_five : ticks at 1, 2 and 5 of each decade, for an axis of few decades
    """
    getattr(axes, f"set_{which}scale")("log")
    axis = getattr(axes, f"{which}axis")
    if one_two_five:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.set_minor_formatter(NullFormatter())


def draw_measured(axes: Any, x: Any, y: Any, label: str = "measured", index: int = 0) -> None:
    """Measured points: white markers in the colour of the line of the same index."""
    axes.plot(
        x,
        y,
        MARKERS[index % len(MARKERS)],
        color=colour(index),
        markerfacecolor="white",
        label=label,
    )


def draw_aged(axes: Any, points: Sequence[AgedPoint], label: str, index: int = 0) -> None:
    """Points of an electrode that is not fresh: crosses in the colour of the line, with the cycles beside them."""
    if not points:
        return
    axes.plot(
        [point.current for point in points],
        [point.capacity for point in points],
        "x",
        color=colour(index),
        markersize=4,
        label=f"{label}, not fresh (cycles before)",
    )
    for point in points:
        if point.after_cycles:
            where = {"xytext": (3, 2), "textcoords": "offset points", "fontsize": 6}
            at = (point.current, point.capacity)
            axes.annotate(f"{point.after_cycles}", at, color=colour(index), **where)


def colour(index: int) -> str:
    """Colour of the line of an index."""
    return COLOURS[index % len(COLOURS)]


def describe(figure: Figure, title: str, caption: str = "") -> None:
    """What is seen, above a figure, and a sentence on it, below; the figure grows by their lines.

    A legend below the figure is made before; the sentence stands above it, since matplotlib gives both one place.
    """
    above, below = _wrapped(figure, title, _TITLE), _wrapped(figure, caption, _CAPTION)
    figure.suptitle(above, fontsize=_TITLE)
    small: dict[str, Any] = {"fontsize": _CAPTION, "color": "0.25"}
    if figure.legends:
        figure.legends[0].set_title(below)
        figure.legends[0].get_title().set(**small, ha="center")
    elif caption:
        figure.supxlabel(below, **small)
    lines = _TITLE * (1 + above.count("\n")) + _CAPTION * len(below.splitlines())
    figure.set_figheight(figure.get_figheight() + 1.4 * lines / 72)


def _wrapped(figure: Figure, text: str, size: float) -> str:
    """Lines as wide as a figure, in a font whose letters are half as wide as high [pt]."""
    letters = int(72 * figure.get_figwidth() / (0.52 * size))
    return textwrap.fill(text, letters, break_long_words=False)


def legend_above(axes: Any, columns: int = 2, title: str = "") -> None:
    """A legend between the axes and their title, where it covers nothing; none if nothing has a label."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            loc="lower center",
            bbox_to_anchor=(0.5, 1.0),
            ncols=columns,
            frameon=False,
            title=title or None,
            fontsize=6.5,
            title_fontsize=7,
            columnspacing=1.2,
            handlelength=1.6,
            borderaxespad=0.2,
        )


def legend_below(figure: Figure, axes: Any) -> None:
    """A legend below the figure of what has a label in some axes, in as many columns as fit; the figure grows by it."""
    handles, labels = axes.get_legend_handles_labels()
    letters = 72 * figure.get_figwidth() / (0.52 * _LEGEND)
    columns = min(3, max(1, int(letters / (max(map(len, labels)) + _HANDLE))), len(labels))
    figure.legend(
        handles, labels, loc="outside lower center", frameon=False, ncols=columns, fontsize=_LEGEND
    )
    rows = -(-len(labels) // columns)
    figure.set_figheight(figure.get_figheight() + 1.5 * _LEGEND * rows / 72)


def per_gram(runs: Sequence[Any], what: str = "Currents and capacities") -> str:
    """Whose mass specific quantities count by, as a caption; that of both electrodes of a full cell is no other."""
    masses = dict.fromkeys(getattr(run, "per_gram_of", "") or ACTIVE for run in runs)
    return f"{what} per gram of {' or '.join(masses) or ACTIVE}."


def title_of(runs: Sequence[Run]) -> str:
    """System, protocol and model: "CZT: rate test (SPMe)"."""
    named = list(dict.fromkeys(run.system for run in runs))
    told = ", ".join(named[:_NAMED])
    if len(named) > _NAMED:
        told = f"{named[0]} and {len(named) - 1} others"
    kind = runs[0].protocol.partition("(")[0]
    return f"{told}: {_PROTOCOLS.get(kind, kind)} ({', '.join(dict.fromkeys(run.model for run in runs))})"
