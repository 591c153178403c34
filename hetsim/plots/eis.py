"""Figures of impedance spectra."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.plots.style import COLOURS, COLUMN, STYLE
from hetsim.results import ImpedanceRun, Spectrum

MARKED = (1e2, 1.0, 1e-2)
"""Frequencies that a Nyquist plot marks [Hz]."""

NEAR = 0.1
"""How near a computed frequency must be to be marked as one of them, in decades."""


def impedance(run: ImpedanceRun) -> Figure:
    """Nyquist and Bode plot of one run."""
    return impedances([run])


def impedances(runs: Sequence[ImpedanceRun]) -> Figure:
    """Nyquist and Bode plot of several runs, one line a state of charge."""
    lines = [(run, one) for run in runs for one in run.spectra if one.outcome.good]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 3.0), layout="constrained")
        grid = figure.add_gridspec(2, 2)
        nyquist = figure.add_subplot(grid[:, 0])
        size = figure.add_subplot(grid[0, 1])
        phase = figure.add_subplot(grid[1, 1], sharex=size)
        for index, (run, spectrum) in enumerate(lines):
            colour = COLOURS[index % len(COLOURS)]
            label = f"{run.system}, filling {spectrum.filling:g}"
            _draw_nyquist(nyquist, spectrum, colour, label, named=index == 0)
            size.loglog(spectrum.frequency, np.abs(spectrum.impedance), color=colour)
            angle = np.degrees(np.angle(spectrum.impedance))
            phase.semilogx(spectrum.frequency, -angle, color=colour)
        nyquist.set_aspect("equal", adjustable="box")
        nyquist.set_ylim(bottom=0)
        nyquist.set_xlabel("Re Z [Ohm cm²]")
        nyquist.set_ylabel("-Im Z [Ohm cm²]")
        if lines:
            nyquist.legend(frameon=False)
        size.tick_params(labelbottom=False)
        size.set_ylabel("|Z| [Ohm cm²]")
        phase.set_ylabel("-Phase [degrees]")
        phase.set_xlabel("Frequency [Hz]")
    return figure


def _draw_nyquist(axes: Any, spectrum: Spectrum, colour: str, label: str, named: bool) -> None:
    """A line with some frequencies marked, and named if wanted."""
    z = spectrum.impedance
    axes.plot(z.real, -z.imag, color=colour, label=label)
    for frequency in MARKED:
        nearest = int(np.argmin(np.abs(np.log(spectrum.frequency / frequency))))
        if abs(np.log10(spectrum.frequency[nearest] / frequency)) > NEAR:
            continue
        place = (z.real[nearest], -z.imag[nearest])
        axes.plot(*place, ".", color=colour)
        if named:
            words = {"textcoords": "offset points", "xytext": (4, 4), "fontsize": 6}
            axes.annotate(f"{frequency:g} Hz", place, color=colour, **words)
