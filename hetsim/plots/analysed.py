"""Figures of an analysis: what was given as markers, what was found in it as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from hetsim.parameters.values import MeasuredRate
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE

if TYPE_CHECKING:  # the analyses need PyBaMM, a figure of a junction does not
    from hetsim.analysis import DunnShares, Exponent, GittAnalysis, RateEquationFit
    from hetsim.analysis.pulses import TimeTrace

_SWEEP = {"falling": "insertion", "rising": "extraction"}


def analysed_gitt(trace: TimeTrace, analysis: GittAnalysis) -> Figure:
    """Voltage against time, and the apparent diffusivity of each pulse against its state."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(trace.time / 3600, trace.voltage, color="0.6", linewidth=0.7)
        starts = [one.pulse.start / 3600 for one in analysis.results]
        left.plot(
            starts,
            [one.pulse.before for one in analysis.results],
            MARKERS[0],
            color=COLOURS[0],
            markersize=3,
            label="at rest",
        )
        left.set_xlabel("Time [h]")
        left.set_ylabel("Voltage [V]")
        left.legend(frameon=False)
        _draw_diffusivities(right, analysis)
    return figure


def _draw_diffusivities(axes: Any, analysis: GittAnalysis) -> None:
    charge = np.array([one.pulse.passed + one.pulse.charge / 2 for one in analysis.results])
    trusted = np.array([not one.remarks for one in analysis.results])
    values = 1e4 * analysis.diffusivities  # cm2/s
    for chosen, face, label in (
        (trusted, COLOURS[0], "no remark"),
        (~trusted, "white", "with a remark"),
    ):
        if np.isfinite(values[chosen]).any():
            axes.plot(
                charge[chosen],
                values[chosen],
                MARKERS[0],
                color=COLOURS[0],
                markerfacecolor=face,
                label=label,
            )
    axes.set_yscale("log")
    shown = values[np.isfinite(values)]
    if len(shown):  # two decades, so that equal values look equal
        middle = float(np.sqrt(shown.min() * shown.max()))
        axes.set_ylim(min(shown.min() / 1.5, middle / 10), max(shown.max() * 1.5, middle * 10))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("Specific charge [mAh/g]")
    axes.set_ylabel(r"Apparent $D$ [cm$^2$/s]")
    axes.set_title(f"L = {1e9 * analysis.length.metres:.6g} nm", fontsize=7)
    if len(shown):
        axes.legend(frameon=False)


def analysed_cv(shares: DunnShares, exponents: Sequence[Exponent]) -> Figure:
    """The fastest voltammogram with its k1 v part, the share of each rate, and b along the potential."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.6), layout="constrained")
        left, middle, right = figure.subplots(1, 3, width_ratios=[1.3, 1, 1.3])
        for sweep in shares.sweeps:
            potential = sweep.currents.potential
            left.plot(potential, sweep.currents.currents[-1], color=COLOURS[0])
            left.fill_between(
                potential, sweep.capacitive()[-1], color=COLOURS[5], alpha=0.5, linewidth=0
            )
        left.set_xlabel("Potential [V]")
        left.set_ylabel("Specific current [A/g]")
        left.set_title(f"{shares.rates[-1]:g} mV/s; shaded: $k_1 v$", fontsize=7)
        middle.plot(shares.rates, 100 * shares.share, MARKERS[0] + "-", color=COLOURS[0])
        middle.set_ylim(0, max(105, 105 * float(shares.share.max())))
        middle.set_xlabel("Scan rate [mV/s]")
        middle.set_ylabel(r"Area of $k_1 v$ [%]")
        _draw_exponents(right, exponents)
    return figure


def _draw_exponents(axes: Any, exponents: Sequence[Exponent]) -> None:
    for sweep, colour, marker in zip(_SWEEP, COLOURS, MARKERS, strict=False):
        found = [one for one in exponents if one.sweep == sweep]
        axes.plot(
            [one.potential for one in found],
            [one.b for one in found],
            marker,
            color=colour,
            markersize=2.5,
            label=f"{sweep} potential",
        )
    for b in (0.5, 1.0):
        axes.axhline(b, color="0.8", linewidth=0.8, zorder=0)
    low = min((one.b for one in exponents), default=0.5)
    high = max((one.b for one in exponents), default=1.0)
    axes.set_ylim(min(0.4, max(low, 0) - 0.05), max(1.1, min(high, 1.6) + 0.05))
    axes.set_xlabel("Potential [V]")
    axes.set_ylabel("b [-]")
    axes.legend(frameon=False)


def analysed_rate(measured: MeasuredRate, fit: RateEquationFit) -> Figure:
    """Capacity against current with the fitted rate equation."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(COLUMN, 2.6), layout="constrained")
        axes = figure.subplots()
        currents, capacities = np.array(measured.currents), np.array(measured.capacities)
        rates = 1e3 * currents / capacities
        line = fit.curve(np.geomspace(rates.min() / 3, rates.max() * 3, 200))
        axes.plot(
            *line,
            color=COLOURS[0],
            label=f"rate equation: n = {fit.exponent:.2f}, tau = {60 * fit.time_constant:.3g} min",
        )
        axes.plot(
            currents,
            capacities,
            MARKERS[0],
            color=COLOURS[0],
            markerfacecolor="white",
            label="measured",
        )
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.set_xlabel("Specific current [A/g]")
        axes.set_ylabel("Specific capacity [mAh/g]")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
    return figure
