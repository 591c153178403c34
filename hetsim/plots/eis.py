"""Figures of impedance spectra."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.errors import ParameterError
from hetsim.plots.axes import colour, describe, title_of
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import ImpedanceRun, ProtocolRun, Spectrum, quantities
from hetsim.results.eis import spectrum_names

MARKED = (1e2, 1.0, 1e-2)
"""Frequencies that a Nyquist plot marks [Hz]."""

MOST_NAMED = 7
"""Spectra that have a colour and a name each."""

NEAR = 0.1
"""How near a computed frequency must be to be marked as one of them, in decades."""


def impedance(run: ImpedanceRun | ProtocolRun) -> Figure:
    """Nyquist and Bode plot of one run.

    Parameters
    ----------
    run : ImpedanceRun | ProtocolRun
        A result of `hs.run` with spectra

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For results without any spectrum.
    """
    return impedances([run])


def impedances(runs: Sequence[ImpedanceRun | ProtocolRun]) -> Figure:
    """Nyquist and Bode plot of several runs, one line a state of charge.

    Parameters
    ----------
    runs : Sequence[ImpedanceRun | ProtocolRun]
        Results of `hs.run` with spectra

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For results without any spectrum.
    """
    lines = [
        (f"{run.system}, {name}", spectrum)
        for run in runs
        for spectrum, name in _named(run)
        if spectrum.outcome.good
    ]
    if not lines:
        raise ParameterError(
            f"The result of {' and '.join(run.system for run in runs)} has no spectrum to draw; hs.EIS() after a "
            "rest measures one."
        )
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 3.0), layout="constrained")
        grid = figure.add_gridspec(2, 2)
        nyquist = figure.add_subplot(grid[:, 0])
        size = figure.add_subplot(grid[0, 1])
        phase = figure.add_subplot(grid[1, 1], sharex=size)
        for index, (label, spectrum) in enumerate(lines):
            shade = _shade(index, len(lines))
            if len(lines) > MOST_NAMED and index not in (0, len(lines) - 1):
                label = "_"  # of many spectra the first and the last are named
            _draw_nyquist(nyquist, spectrum, shade, label)
            size.loglog(spectrum.frequency, np.abs(spectrum.impedance), color=shade)
            angle = np.degrees(np.angle(spectrum.impedance))
            phase.semilogx(spectrum.frequency, -angle, color=shade)
        nyquist.set_aspect("equal", adjustable="box")
        nyquist.set_ylim(bottom=0)
        nyquist.set_xlabel(quantities.REAL.label("Re Z"))
        nyquist.set_ylabel(quantities.IMAGINARY.label("-Im Z"))
        size.tick_params(labelbottom=False)
        size.set_ylabel(quantities.REAL.label("|Z|"))
        phase.set_ylabel("-Phase [degrees]")
        phase.set_xlabel(quantities.FREQUENCY.label())
        figure.legend(loc="outside lower center", frameon=False, ncols=3)
        told = "Impedance of the cell times the area of the electrode."
        seen = [f"{one:g}" for one in MARKED if any(_nearest(line, one) for _, line in lines)]
        if seen:
            told += f" Dots: {', '.join(seen)} Hz, from left to right."
        describe(figure, title_of(runs), told)
    return figure


def _named(run: ImpedanceRun | ProtocolRun) -> list[tuple[Spectrum, str]]:
    """The spectra of a run, each with what tells it from the others; none of a run of another kind."""
    spectra = getattr(run, "spectra", ())
    return [*zip(spectra, spectrum_names([one.filling for one in spectra]), strict=True)]


def _shade(index: int, lines: int) -> Any:
    """Colour of a line; of many, one along a scale from dark to light that is read without colours too."""
    if lines <= MOST_NAMED:
        return colour(index)
    return matplotlib.colormaps["viridis"](0.9 * index / (lines - 1))


def _nearest(spectrum: Spectrum, frequency: float) -> list[int]:
    """The place of a frequency in a spectrum, none where it was not computed."""
    apart = np.abs(np.log10(spectrum.frequency / frequency))
    nearest = int(np.argmin(apart))
    return [nearest] if apart[nearest] <= NEAR else []


def _draw_nyquist(axes: Any, spectrum: Spectrum, shade: Any, label: str) -> None:
    """A line with some frequencies marked."""
    z = spectrum.impedance
    axes.plot(z.real, -z.imag, color=shade, label=label)
    for frequency in MARKED:
        for place in _nearest(spectrum, frequency):
            axes.plot(z.real[place], -z.imag[place], ".", color=shade)
