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
        rows = sum(1 + (data is not None) for _, data in pairs) / 3
        figure = Figure(figsize=(2 * COLUMN, 2.7 + 0.14 * rows), layout="constrained")
        left, right = figure.subplots(1, 2)
        for index, (curve, measured) in enumerate(pairs):
            _draw_rate(left, curve, measured, index)
            _draw_profile(right, curve, index)
        gram = _gram(pairs)
        _finish_rate(left, gram)
        figure.legend(loc="outside lower center", frameon=False, ncols=3)
        right.set_xlabel(quantities.CAPACITY.label("Specific capacity", per=gram))
        right.set_ylabel(quantities.VOLTAGE.label())
        right.set_xlim(left=0)
        lowest = min(float(curve.currents.min()) for curve, _ in pairs)
        cycled = any(point.extraction for curve, _ in pairs for point in curve.points)
        full = any(curve.per_gram_of for curve, _ in pairs)
        down, up = ("discharge", "charge") if full else ("insertion", "extraction")
        what = f"{down} (down) and {up} (up)" if cycled else down
        right.set_title(f"{what} at {lowest:g} A/g", fontsize=7)
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


def _draw_profile(axes: Any, curve: RateCurve, index: int) -> None:
    point = curve.points[int(np.argmin(curve.currents))]
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
