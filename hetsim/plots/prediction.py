"""Figure of a predicted rate curve with its band."""

from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from hetsim.parameters.values import MeasuredRate
from hetsim.plots.axes import colour, describe, draw_measured, legend_above, log_axis
from hetsim.plots.style import COLUMN, STYLE
from hetsim.prediction.prediction import Prediction
from hetsim.results import quantities

_SHADE = 0.18
"""Opacity of a band."""


def predicted(prediction: Prediction, measured: MeasuredRate | None = None) -> Figure:
    """Capacity against current of a predicted electrode, with its band.

    Parameters
    ----------
    prediction : Prediction
        Of `hs.predict`
    measured : MeasuredRate | None, default None
        Measured points, drawn as markers

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.25 * COLUMN, 2.9), layout="constrained")
        axes = figure.subplots()
        order = sorted(range(len(prediction.currents)), key=lambda k: prediction.currents[k])
        _draw(axes, prediction, order)
        if measured is not None:
            draw_measured(axes, measured.currents, measured.capacities, "measured", 1)
        log_axis(axes, "x", one_two_five=True)
        axes.set_xlabel(quantities.CURRENT.label("Specific current"))
        axes.set_ylabel(quantities.CAPACITY.label("Specific capacity"))
        axes.set_ylim(0, 1.05 * axes.dataLim.y1)
        legend_above(axes, 3)
        known = prediction.known
        describe(
            figure,
            f"{prediction.name} against {known.ion}: predicted, not measured",
            "From computed values and what measured electrodes of other materials show; per gram of active material, "
            f"{prediction.loading:g} mg/cm2.",
        )
    return figure


def _draw(axes: Any, prediction: Prediction, order: Sequence[int]) -> None:
    currents = [prediction.currents[k] for k in order]
    axes.fill_between(
        currents,
        prediction.low[order],
        prediction.high[order],
        color=colour(0),
        alpha=_SHADE,
        linewidth=0,
        label=f"{100 * prediction.level:g} % of such electrodes",
    )
    axes.plot(currents, prediction.median[order], color=colour(0), label="median")
    known = prediction.known
    if known.capacity is not None:
        axes.axhline(known.capacity, color="0.5", linestyle=":", linewidth=1, label="theoretical")
