"""Figures of rate curves."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.parameters.values import MeasuredRate
from hetsim.plots.axes import (
    colour,
    describe,
    draw_aged,
    draw_measured,
    legend_below,
    log_axis,
    per_gram,
    title_of,
)
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import RateCurve, quantities
from hetsim.results.comparison import Pair


def rate(curve: RateCurve, measured: MeasuredRate | None = None) -> Figure:
    """Capacity against current of one system, with its measured points.

    Parameters
    ----------
    curve : RateCurve
        Simulated, of `hs.run`
    measured : MeasuredRate | None, default None
        Measured points, drawn as markers

    Returns
    -------
    Figure
    """
    return rates([(curve, measured)])


def rates(pairs: Sequence[Pair]) -> Figure:
    """Capacity against current of several systems, and the voltage curves at the lowest current.

    Parameters
    ----------
    pairs : Sequence[Pair]
        Simulated curves, each with its measured points or None

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2)
        currents = _of_profiles([curve for curve, _ in pairs])
        for index, (curve, measured) in enumerate(pairs):
            _draw_rate(left, curve, measured, index)
            _draw_profile(right, curve, currents[index], index)
        gram = _gram(pairs)
        _finish_rate(left, gram)
        legend_below(figure, left)
        right.set_xlabel(quantities.CAPACITY.label("Specific capacity", per=gram))
        right.set_ylabel(quantities.VOLTAGE.label())
        right.set_xlim(left=0)
        cycled = any(point.extraction for curve, _ in pairs for point in curve.points)
        full = any(curve.per_gram_of for curve, _ in pairs)
        down, up = ("discharge", "charge") if full else ("insertion", "extraction")
        what = f"{down} (down) and {up} (up)" if cycled else down
        right.set_title(f"{what} at {_told(currents)}", fontsize=7)
        curves = [curve for curve, _ in pairs]
        describe(figure, title_of(curves), per_gram(curves))
    return figure


def _draw_rate(axes: Any, curve: RateCurve, measured: MeasuredRate | None, index: int) -> None:
    order = np.argsort(curve.currents)
    axes.plot(
        curve.currents[order],
        curve.capacities[order],
        marker=".",
        markersize=3,
        color=colour(index),
        label=f"{curve.system}, simulated",
    )
    if measured is not None:
        label = f"{curve.system}, measured"
        draw_measured(axes, measured.currents, measured.capacities, label, index)
        draw_aged(axes, measured.aged, curve.system, index)


def _of_profiles(curves: Sequence[RateCurve]) -> list[float]:
    """The lowest current that all curves have; the lowest one of each, where they have none in common."""
    shared = set.intersection(*({float(one) for one in curve.currents} for curve in curves))
    return [min(shared) if shared else float(curve.currents.min()) for curve in curves]


def _told(currents: Sequence[float]) -> str:
    """Currents of profiles in words."""
    low, high = min(currents), max(currents)
    return f"{low:g} A/g" if low == high else f"the lowest current of each, {low:g} to {high:g} A/g"


def _draw_profile(axes: Any, curve: RateCurve, current: float, index: int) -> None:
    point = curve.points[list(curve.currents).index(current)]
    for trace in (point.insertion, point.extraction):
        if trace is not None:
            axes.plot(trace.capacity, trace.voltage, color=colour(index))


def _finish_rate(axes: Any, gram: str) -> None:
    log_axis(axes, "x", one_two_five=True)
    axes.set_xlabel(quantities.CURRENT.label("Specific current", per=gram))
    axes.set_ylabel(quantities.CAPACITY.label("Specific capacity", per=gram))
    axes.set_ylim(0, 1.05 * axes.dataLim.y1)


def _gram(pairs: Sequence[Pair]) -> str:
    """The unit of mass, with the material that it means where all are full cells of one kind."""
    masses = {curve.per_gram_of for curve, _ in pairs}
    return f"g of {masses.pop()}" if len(masses) == 1 and "" not in masses else "g"
