"""Figure of a measured rate curve beside several models."""

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.fitting.compared import ModelsCompared
from hetsim.plots.axes import colour, describe, draw_measured, log_axis
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import quantities

_MARKS = ("s", "^", "D")
_LINES = ("-", "--", ":")


def compared_models(compared: ModelsCompared) -> Figure:
    """Capacity against current by each model, what each is off by, and the highest current predicted.

    Parameters
    ----------
    compared : ModelsCompared
        Of `hs.compare_models`

    Returns
    -------
    Figure
    """
    currents = np.array(compared.measured.currents)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.9), layout="constrained")
        left, right = figure.subplots(1, 2)
        right.axhline(0.0, color="0.6", linewidth=0.8)
        for index, one in enumerate(compared.models):
            own = {"color": colour(index + 1), "linestyle": _LINES[index % len(_LINES)]}
            left.plot(currents, one.capacities, label=f"{one.model}, fitted", **own)
            right.plot(currents, one.errors, **own)
            hollow = {"color": colour(index + 1), "fillstyle": "none", "linestyle": "none"}
            mark = {"marker": _MARKS[index % len(_MARKS)], "markersize": 5, **hollow}
            label = f"{one.model}, predicted from the lower currents"
            left.plot(currents[-1:], [one.predicted], label=label, **mark)
            right.plot(currents[-1:], [one.predicted_error], **mark)
        draw_measured(left, currents, compared.measured.capacities, "measured", 0)
        for axes in (left, right):
            log_axis(axes, "x", one_two_five=True)
            axes.set_xlabel(quantities.CURRENT.label("Specific current"))
        left.set_ylabel(quantities.CAPACITY.label("Specific capacity"))
        left.set_ylim(0, 1.08 * left.dataLim.y1)
        right.set_ylabel("Model over measured - 1 [%]")
        figure.legend(loc="outside lower center", frameon=False, ncols=2)
        title = f"{compared.system}: measured rate curve and models of it"
        describe(figure, title, " ".join(compared.left_out))
    return figure
