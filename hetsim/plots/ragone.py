"""Ragone plots: energy against power."""

import matplotlib
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from hetsim.parameters.cell_file import MeasuredRagone
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE
from hetsim.results import RateCurve


def ragone(curve: RateCurve, measured: MeasuredRagone | None = None) -> Figure:
    """Energy against mean power of a full cell, and its discharges, with the measured energies.

    curve : of a full cell
    measured : points without a printed power are left out
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(curve.mean_powers, curve.energies, color=COLOURS[0], label="simulated")
        if measured is not None:
            left.plot(
                measured.powers,
                measured.energies,
                MARKERS[0],
                color=COLOURS[0],
                markerfacecolor="white",
                label="measured",
            )
        left.set_xscale("log")
        left.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        left.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        left.xaxis.set_minor_formatter(NullFormatter())
        left.set_xlabel(f"Mean power [W per kg of {curve.per_gram_of}]")
        left.set_ylabel(f"Energy [Wh per kg of {curve.per_gram_of}]")
        left.set_ylim(bottom=0)
        left.set_title(curve.system, fontsize=7)
        left.legend(frameon=False)
        done = [point for point in curve.points if point.outcome.good]
        for index, point in enumerate(done):
            trace = point.insertion
            shade = COLOURS[index % len(COLOURS)]
            if trace is not None:
                right.plot(
                    trace.capacity, trace.voltage, color=shade, label=f"{point.current:g} A/g"
                )
        right.set_xlabel(f"Discharge capacity [mAh per g of {curve.per_gram_of}]")
        right.set_ylabel("Cell voltage [V]")
        right.set_xlim(left=0)
        right.legend(frameon=False, ncols=2)
    return figure
