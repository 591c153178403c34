"""Figures of voltammograms."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.plots.axes import colour, describe, legend_above, log_axis, per_gram, title_of
from hetsim.plots.style import COLUMN, MARKERS, STYLE
from hetsim.results import Voltammogram, quantities


def voltammogram(run: Voltammogram, insertion_positive: bool = False) -> Figure:
    """Current against potential at each scan rate, and the peak currents against the scan rate.

    Parameters
    ----------
    run : Voltammogram
        A result of `hs.run`
    insertion_positive : bool, default False
        Draw insertion upwards, as results and files count it, in place of oxidation

    Returns
    -------
    Figure
    """
    return voltammograms([run], insertion_positive)


def voltammograms(runs: Sequence[Voltammogram], insertion_positive: bool = False) -> Figure:
    """One panel a system, and the highest peaks of all against the scan rate.

    Oxidation is drawn upwards (IUPAC), and potentials run from left to right. Results and files count a current that
    inserts as positive.

    Parameters
    ----------
    runs : Sequence[Voltammogram]
        Results of `hs.run`, one a line
    insertion_positive : bool, default False
        Draw insertion upwards in place of oxidation

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        count = len(runs) + 1
        rows = (count + 1) // 2
        figure = Figure(figsize=(2 * COLUMN, 2.7 * rows), layout="constrained")
        *panels, peaks = figure.subplots(rows, 2, squeeze=False).ravel()[:count]
        for spare in figure.axes[count:]:
            spare.remove()
        for panel, run in zip(panels, runs, strict=True):
            _draw(panel, run, insertion_positive, run.system if len(runs) > 1 else "")
        for index, run in enumerate(runs):
            _draw_peaks(peaks, run, index)
        _finish_peaks(peaks)
        describe(figure, title_of(runs), per_gram(runs, "Currents"))
    return figure


def current_label(insertion_positive: bool) -> str:
    """The axis of currents of a voltammogram, which says which way is up."""
    return f"{quantities.CURRENT.label()} ({'insertion' if insertion_positive else 'oxidation'} positive)"


def _draw(axes: Any, run: Voltammogram, insertion_positive: bool, title: str) -> None:
    sign = 1 if insertion_positive else -1
    shades = matplotlib.colormaps["viridis"](np.linspace(0, 0.85, max(len(run.sweeps), 1)))
    for shade, sweep in zip(shades, run.sweeps, strict=True):
        if sweep.outcome.good:
            label = f"{sweep.scan_rate:g} mV/s"
            axes.plot(sweep.potential, sign * sweep.current, color=shade, label=label)
    axes.axhline(0, color="0.7", linewidth=0.6, zorder=0)
    axes.set_xlabel(quantities.POTENTIAL.label())
    axes.set_ylabel(current_label(insertion_positive))
    legend_above(axes, columns=3, title=title)


def _draw_peaks(axes: Any, run: Voltammogram, index: int) -> None:
    for sweep, filled in (("insertion", True), ("extraction", False)):
        largest = [(one.scan_rate, one.largest(sweep)) for one in run.sweeps]
        points = [(rate, abs(peak.current)) for rate, peak in largest if peak is not None]
        if points:
            axes.plot(
                *zip(*points, strict=True),
                marker=MARKERS[index % len(MARKERS)],
                linestyle="-" if filled else "--",
                color=colour(index),
                markerfacecolor=colour(index) if filled else "white",
                label=f"{run.system}, {sweep}",
            )


def _finish_peaks(axes: Any) -> None:
    axes.set_xlabel(quantities.SCAN_RATE.label())
    axes.set_ylabel(quantities.CURRENT.label("Peak current"))
    if not axes.lines:
        axes.text(0.5, 0.5, "no peak inside the window", ha="center", transform=axes.transAxes)
        return
    log_axis(axes, "x", one_two_five=True)
    log_axis(axes, "y", one_two_five=True)
    legend_above(axes, title="Largest peak of each sweep")
