"""The rate curve of a system as a small figure in SVG."""

from io import StringIO

import matplotlib
from matplotlib.figure import Figure

from hetsim.parameters.values import System
from hetsim.plots.style import COLOURS, COLUMN, STYLE


def rate_picture(system: System, capacities: tuple[float, ...]) -> str:
    """Measured points as markers, simulated capacities [mA.h.g-1] at the same currents as a line."""
    curve = system.measured[0]
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": "hetsim"}):
        figure = Figure(figsize=(1.4 * COLUMN, 2.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(
            curve.currents, curve.capacities, "o", color=COLOURS[0], mfc="none", label="measured"
        )
        order = sorted(zip(curve.currents, capacities, strict=True))
        axes.plot(*zip(*order, strict=True), color=COLOURS[0], label="simulated")
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("Specific current [A/g]")
        axes.set_ylabel("Specific capacity [mAh/g]")
        axes.set_title(f"{system.name} against {system.ion}: rate curve", fontsize=8)
        axes.legend(frameon=False)
        # without a date, so that the same numbers are the same file
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
