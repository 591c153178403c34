"""Figures of data of any kind beside the fitted model, and of isotherms from measured curves."""

from collections.abc import Callable
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hetsim.fitting import FitResult
from hetsim.fitting.isotherm import Isotherm
from hetsim.fitting.observations import (
    Observed,
    RateData,
    SpectrumData,
    TitrationData,
    VoltageCurveData,
    VoltammogramData,
)
from hetsim.plots.axes import colour, describe, log_axis
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import quantities
from hetsim.units import HOUR

_HEIGHT = 2.4
"""Of a panel [inch]."""
_POINTS = 60
"""Markers of a curve, so that the line beside them is seen."""


def fitted_data(result: FitResult) -> Figure:
    """Everything that was fitted, a panel for each kind of data and cell: markers measured, lines the fitted model.

    Parameters
    ----------
    result : FitResult
        Of `hs.fit`

    Returns
    -------
    Figure
    """
    observed = result.observed
    curves = [one for one in observed if _is_curve(one)]
    numbers = [one for one in observed if not _is_curve(one)]
    panels = len(curves) + bool(numbers)
    rows = -(-panels // 2)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, _HEIGHT * rows), layout="constrained")
        axes = figure.subplots(rows, 2, squeeze=False).ravel()
        for place, one in zip(axes, curves, strict=False):
            _DRAWN[type(one.observation)](place, one)
            place.set_title(f"{one.cell}, {one.observation.kind}", fontsize=7)
        if numbers:
            _draw_numbers(axes[len(curves)], numbers)
        for place in axes[panels:]:
            place.set_axis_off()
        cells = " and ".join(dict.fromkeys(one.cell for one in observed))
        describe(figure, f"{cells}: data and fitted model")
    return figure


def isotherm(found: Isotherm) -> Figure:
    """Measured branches beside the isotherm, and the sites that it is made of.

    Parameters
    ----------
    found : Isotherm
        Of `hs.isotherm_from`

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        for index, branch in enumerate(found.branches):
            low, high = branch.potential.min(), branch.potential.max()
            potential = np.linspace(low, high, 300)
            held = found.capacity * np.asarray(found.occupancy(potential, branch.name))
            kept = np.flatnonzero(branch.shares >= branch.start)
            charge, measured = branch.charge[kept], branch.potential[kept]
            origin = np.median(
                charge - found.capacity * np.asarray(found.occupancy(measured, branch.name))
            )
            some = _thinned(len(kept))
            left.plot(
                charge[some] - origin,
                measured[some],
                "o",
                color=colour(index),
                markerfacecolor="none",
                label=f"{branch.name}, measured",
            )
            left.plot(held, potential, color=colour(index), label="isotherm")
            right.plot(
                potential[1:],
                -np.diff(held) / np.diff(potential),
                color=colour(index),
                label=branch.name,
            )
        for site in found.sites:
            right.axvspan(*site.potential_interval, color="0.8", zorder=0)
            right.axvline(site.potential, color="0.5", linewidth=0.8, zorder=0)
        left.set_xlabel(quantities.CAPACITY.label("Charge held"))
        left.set_ylabel(quantities.VOLTAGE.label("Potential"))
        right.set_xlabel(quantities.VOLTAGE.label("Potential"))
        right.set_ylabel("|dQ/dV| [mAh g$^{-1}$ V$^{-1}$]")
        right.set_ylim(bottom=0)
        right.set_title("grey: sites, middle of both branches, 95 %", fontsize=7)
        figure.legend(
            *left.get_legend_handles_labels(), loc="outside lower center", frameon=False, ncols=4
        )
        describe(figure, f"{len(found.sites)} sites, {1000 * found.rms:.1f} mV rms")
    return figure


def _is_curve(one: Observed) -> bool:
    return type(one.observation) in _DRAWN and len(one.simulated) > 1


def _thinned(count: int) -> Any:
    return np.unique(np.linspace(0, count - 1, min(count, _POINTS)).round().astype(int))


def _markers(axes: Any, x: Any, y: Any, index: int = 0, label: str = "measured") -> None:
    axes.plot(x, y, "o", color=colour(index), markerfacecolor="none", label=label)


def _draw_rate(axes: Any, one: Observed) -> None:
    currents = np.asarray(one.observation.coordinates["current [A.g-1]"])
    order = np.argsort(currents)
    _markers(axes, currents, one.observation.shown(one.observation.data))
    axes.plot(currents[order], one.observation.shown(one.simulated)[order], color=colour(0))
    log_axis(axes, "x")
    axes.set_xlabel(quantities.CURRENT.label())
    axes.set_ylabel(quantities.CAPACITY.label("Capacity"))
    axes.set_ylim(0, 1.08 * max(axes.get_ylim()))


def _draw_curve(axes: Any, one: Observed) -> None:
    curve = one.observation
    assert isinstance(curve, VoltageCurveData)
    some = _thinned(len(curve.charge))
    _markers(axes, curve.charge[some], curve.voltage[some])
    axes.plot(curve.shares * np.exp(one.simulated[0]), one.simulated[1:], color=colour(0))
    axes.set_xlabel(quantities.CAPACITY.label("Charge passed"))
    axes.set_ylabel(quantities.VOLTAGE.label())


def _draw_titration(axes: Any, one: Observed) -> None:
    """Rested voltages, and above them what the voltage changes by along each step."""
    frame = one.to_frame()
    hours = frame["time [s]"] / HOUR
    for index, (what, label) in enumerate((("rested", "rested"), ("change", "change in a step"))):
        here = frame["what"] == what
        _markers(axes, hours[here], frame.loc[here, "measured voltage [V]"], index, label)
        axes.plot(hours[here], frame.loc[here, "simulated voltage [V]"], color=colour(index))
    _stay_at(axes, frame["measured voltage [V]"])
    axes.set_xlabel("Time [h]")
    axes.set_ylabel(quantities.VOLTAGE.label())
    axes.legend(frameon=False)


def _stay_at(axes: Any, measured: Any) -> None:
    """Limits that keep measured points legible, where the model is far from them, as beyond a cut-off."""
    low, high = float(measured.min()), float(measured.max())
    room = 0.5 * (high - low)
    bottom, top = axes.get_ylim()
    axes.set_ylim(max(bottom, low - room), min(top, high + room))


def _draw_voltammogram(axes: Any, one: Observed) -> None:
    cycles = one.observation
    assert isinstance(cycles, VoltammogramData)
    rates, count = len(cycles.measured), len(cycles.potentials)
    shapes = [  # oxidation positive, as in all figures of voltammograms
        -numbers[rates:].reshape(rates, 2, count) for numbers in (cycles.data, one.simulated)
    ]
    for index, cycle in enumerate(cycles.measured):
        for sweep in (0, 1):
            label = f"{cycle.scan_rate:g} mV/s" if not sweep else "_"
            _markers(axes, cycles.potentials, shapes[0][index, sweep], index, label)
            axes.plot(cycles.potentials, shapes[1][index, sweep], color=colour(index))
    axes.set_xlabel(quantities.VOLTAGE.label("Potential"))
    axes.set_ylabel("Current over its size\n(oxidation positive)")
    axes.legend(frameon=False)


def _draw_spectrum(axes: Any, one: Observed) -> None:
    spectrum = one.observation
    assert isinstance(spectrum, SpectrumData)
    half = len(spectrum.frequency)
    for numbers, style in ((spectrum.data, "o"), (one.simulated, "-")):
        ohm = spectrum.shown(numbers)
        axes.plot(ohm[:half], -ohm[half:], style, color=colour(0), markerfacecolor="none")
    unit = {"Ohm.cm2": "Ω cm²", "Ohm": "Ω"}[spectrum.measured.unit]
    axes.set_xlabel(f"Re Z [{unit}]")
    axes.set_ylabel(f"-Im Z [{unit}]")


def _draw_numbers(axes: Any, numbers: list[Observed]) -> None:
    """Single numbers: how far the model is off, with the noise."""
    rows = [(one, k) for one in numbers for k in range(len(one.deviations))]
    places = np.arange(len(rows))[::-1]
    off = [float(one.deviations[k]) for one, k in rows]
    axes.axvline(0.0, color="0.6", linewidth=0.8)
    axes.axvspan(-1, 1, color="0.9", zorder=0)
    axes.plot(off, places, "o", color=colour(0))
    for place, (one, k) in zip(places, rows, strict=True):
        axes.annotate(
            _told(one, k),
            (0.5, place + 0.18),
            xycoords=("axes fraction", "data"),
            ha="center",
            fontsize=7,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )
    axes.set_yticks([])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_xlim(min(-2.0, *off) * 1.1, max(2.0, *off) * 1.1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("Deviation over its noise")
    axes.set_title("single numbers", fontsize=7)


def _told(one: Observed, number: int) -> str:
    """Whose a single number is, and at which current, where there are several."""
    told = f"{one.cell}, {one.observation.kind}"
    currents = one.observation.coordinates.get("current [A.g-1]", ())
    return f"{told}, {float(currents[number]):g} A/g" if len(currents) > 1 else told


_DRAWN: dict[type, Callable[[Any, Observed], None]] = {
    RateData: _draw_rate,
    VoltageCurveData: _draw_curve,
    TitrationData: _draw_titration,
    VoltammogramData: _draw_voltammogram,
    SpectrumData: _draw_spectrum,
}
