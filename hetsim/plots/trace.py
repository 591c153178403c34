"""Figures of current and voltage against time."""

from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from hetsim.errors import ParameterError
from hetsim.plots.axes import colour, describe, legend_below, per_gram, title_of
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import TraceRun, quantities
from hetsim.results.protocol import NO_TIME
from hetsim.units import HOUR


def trace(run: TraceRun) -> Figure:
    """Voltage and current against time of one run.

    Parameters
    ----------
    run : TraceRun
        A result of `hs.run`

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For a run with an empty trace.
    """
    return traces([run])


def traces(runs: Sequence[TraceRun]) -> Figure:
    """Voltage and current against time of several runs, and the voltage against the charge.

    Parameters
    ----------
    runs : Sequence[TraceRun]
        Results of `hs.run`, one a line

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For a run with an empty trace.
    """
    for run in runs:
        if not run.trace.time.size:
            why = NO_TIME if run.outcome.good else f"it ended with '{run.outcome}', {run.reason}"
            raise ParameterError(f"The run of {run.system} has no trace to draw: {why}.")
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 3.0), layout="constrained")
        grid = figure.add_gridspec(2, 2, height_ratios=(3, 1))
        voltage = figure.add_subplot(grid[0, 0])
        current = figure.add_subplot(grid[1, 0], sharex=voltage)
        against_charge = figure.add_subplot(grid[:, 1])
        for index, run in enumerate(runs):
            line: dict[str, Any] = {"color": colour(index)}
            hours = run.trace.time / HOUR
            voltage.plot(hours, run.trace.voltage, label=run.system, **line)
            current.plot(hours, run.trace.current, **line)
            against_charge.plot(run.trace.charge, run.trace.voltage, **line)
        voltage.tick_params(labelbottom=False)
        voltage.set_ylabel(quantities.VOLTAGE.label())
        current.set_ylabel("Current\n" + quantities.CURRENT.label().partition(" ")[2])
        current.set_xlabel("Time [h]")
        against_charge.set_xlabel(quantities.CAPACITY.label("Charge passed"))
        against_charge.set_ylabel(quantities.VOLTAGE.label())
        if len(runs) > 1:
            legend_below(figure, voltage)
        full = any(getattr(run, "per_gram_of", "") for run in runs)
        does = "discharges" if full else "inserts"
        describe(figure, title_of(runs), f"{per_gram(runs)} A positive current {does}.")
    return figure
