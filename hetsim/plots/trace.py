"""Figures of current and voltage against time."""

from collections.abc import Sequence

import matplotlib
from matplotlib.figure import Figure

from hetsim.plots.style import COLOURS, COLUMN, STYLE
from hetsim.results import TraceRun


def trace(run: TraceRun) -> Figure:
    """Voltage and current against time of one run."""
    return traces([run])


def traces(runs: Sequence[TraceRun]) -> Figure:
    """Voltage and current against time of several runs, and the voltage against the charge."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 3.0), layout="constrained")
        grid = figure.add_gridspec(2, 2, height_ratios=(3, 1))
        voltage = figure.add_subplot(grid[0, 0])
        current = figure.add_subplot(grid[1, 0], sharex=voltage)
        against_charge = figure.add_subplot(grid[:, 1])
        for index, run in enumerate(runs):
            colour = COLOURS[index % len(COLOURS)]
            hours = run.trace.time / 3600
            voltage.plot(hours, run.trace.voltage, color=colour, label=run.system)
            current.plot(hours, run.trace.current, color=colour)
            against_charge.plot(run.trace.charge, run.trace.voltage, color=colour)
        voltage.tick_params(labelbottom=False)
        voltage.set_ylabel("Voltage [V]")
        current.set_ylabel("Current [A/g]")
        current.set_xlabel("Time [h]")
        against_charge.set_xlabel("Charge passed [mAh/g]")
        against_charge.set_ylabel("Voltage [V]")
        voltage.legend(frameon=False)
    return figure
