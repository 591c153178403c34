"""Ragone plots: energy against power."""

import matplotlib
from matplotlib.figure import Figure

from hetsim.parameters.cell_file import MeasuredRagone
from hetsim.plots.axes import colour, describe, draw_measured, legend_above, log_axis, title_of
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import RateCurve, quantities


def ragone(curve: RateCurve, measured: MeasuredRagone | None = None) -> Figure:
    """Energy against mean power of a full cell, and its discharges, with the measured energies.

    Parameters
    ----------
    curve : RateCurve
        Of a full cell
    measured : MeasuredRagone | None, default None
        Points without a printed power are left out

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(curve.mean_powers, curve.energies, color=colour(0), label="simulated")
        if measured is not None:
            draw_measured(left, measured.powers, measured.energies)
        log_axis(left, "x", one_two_five=True)
        left.set_xlabel(quantities.MEAN_POWER.label(per=f"kg of {curve.per_gram_of}"))
        left.set_ylabel(quantities.ENERGY.label(per=f"kg of {curve.per_gram_of}"))
        left.set_ylim(bottom=0)
        legend_above(left)
        done = [point for point in curve.points if point.outcome.good]
        for index, point in enumerate(done):
            trace = point.insertion
            if trace is not None:
                label = f"{point.current:g} A/g"
                right.plot(trace.capacity, trace.voltage, color=colour(index), label=label)
        right.set_xlabel(
            quantities.CAPACITY.label("Discharge capacity", per=f"g of {curve.per_gram_of}")
        )
        right.set_ylabel(quantities.VOLTAGE.label("Cell voltage"))
        right.set_xlim(left=0)
        legend_above(right, columns=4, title="Discharges")
        mass = f"Currents, capacities, energies and powers per mass of {curve.per_gram_of} alone."
        describe(figure, f"{title_of([curve])}: energy and power", mass)
    return figure
