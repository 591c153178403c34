"""Figures of an analysis: what was given as markers, what was found in it as lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from hetsim.parameters.values import MeasuredRate
from hetsim.plots.axes import describe, draw_measured, legend_above, log_axis, per_gram
from hetsim.plots.cv import current_label
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE
from hetsim.results import quantities
from hetsim.results.quantities import Quantity
from hetsim.units import CM2, HOUR, NM, rate

if TYPE_CHECKING:  # the analyses need PyBaMM, a figure of a junction does not
    from hetsim.analysis import DunnShares, Exponent, GittAnalysis, RateEquationFit
    from hetsim.analysis.pulses import TimeTrace

_SWEEP = {"falling": "insertion", "rising": "extraction"}


def analysed_gitt(trace: TimeTrace, analysis: GittAnalysis) -> Figure:
    """Voltage against time, and the apparent diffusivity of each pulse against its state.

    Parameters
    ----------
    trace : TimeTrace
        Time [s], current [A.g-1] and voltage [V]
    analysis : GittAnalysis
        Of `weppner_huggins`

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(trace.time / HOUR, trace.voltage, color="0.6", linewidth=0.7)
        starts = [result.pulse.start / HOUR for result in analysis.results]
        left.plot(
            starts,
            [result.pulse.before for result in analysis.results],
            MARKERS[0],
            color=COLOURS[0],
            markersize=3,
            label="at rest",
        )
        left.set_xlabel("Time [h]")
        left.set_ylabel(quantities.VOLTAGE.label())
        legend_above(left)
        _draw_diffusivities(right, analysis)
        told = f"$L$ = {analysis.length.metres / NM:.4g} nm. {per_gram([], 'Charge')}"
        describe(figure, "Titration: apparent diffusivity of Weppner and Huggins", told)
    return figure


def _draw_diffusivities(axes: Any, analysis: GittAnalysis) -> None:
    charge = np.array(
        [result.pulse.passed + result.pulse.charge / 2 for result in analysis.results]
    )
    trusted = np.array([not result.remarks for result in analysis.results])
    values = analysis.diffusivities / CM2  # cm2/s
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
    axes.set_xlabel(quantities.CAPACITY.label("Specific charge"))
    axes.set_ylabel(Quantity("diffusivity", "cm2.s-1").label("Apparent $D$"))
    legend_above(axes)


def analysed_cv(
    shares: DunnShares, exponents: Sequence[Exponent], insertion_positive: bool = False
) -> Figure:
    """The fastest voltammogram with its k1 v part, the share of each rate, and b along the potential.

    Oxidation is drawn upwards, whatever sign the data have: it is the current of the rising sweep.

    Parameters
    ----------
    shares : DunnShares
        Of `dunn_shares`
    exponents : Sequence[Exponent]
        Of `b_values`
    insertion_positive : bool, default False
        Draw insertion upwards in place of oxidation

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.6), layout="constrained")
        left, middle, right = figure.subplots(1, 3, width_ratios=[1.3, 1, 1.3])
        draw_shares(left, shares, insertion_positive)
        left.set_title(f"{shares.rates[-1]:g} mV/s; shaded: $k_1 v$", fontsize=7)
        middle.plot(shares.rates, 100 * shares.share, MARKERS[0] + "-", color=COLOURS[0])
        middle.set_ylim(0, max(105, 105 * float(shares.share.max())))
        middle.set_xlabel(quantities.SCAN_RATE.label())
        middle.set_ylabel(r"Area of $k_1 v$ [%]")
        _draw_exponents(right, exponents)
        told = "Voltammograms: the part k1 v of the current and the exponents b"
        describe(figure, told, per_gram([], "Currents"))
    return figure


def draw_shares(axes: Any, shares: DunnShares, insertion_positive: bool = False) -> None:
    """The fastest voltammogram on axes, its k1 v part shaded."""
    mean = {one.currents.sweep: float(np.mean(one.currents.currents[-1])) for one in shares.sweeps}
    oxidation = 1 if mean["rising"] >= mean["falling"] else -1
    sign = -oxidation if insertion_positive else oxidation
    for sweep in shares.sweeps:
        potential = sweep.currents.potential
        axes.plot(potential, sign * sweep.currents.currents[-1], color=COLOURS[0])
        axes.fill_between(
            potential, sign * sweep.capacitive()[-1], color=COLOURS[5], alpha=0.5, linewidth=0
        )
    axes.set_xlabel(quantities.POTENTIAL.label())
    axes.set_ylabel(current_label(insertion_positive))


def _draw_exponents(axes: Any, exponents: Sequence[Exponent]) -> None:
    for sweep, colour, marker in zip(_SWEEP, COLOURS, MARKERS, strict=False):
        of_sweep = [exponent for exponent in exponents if exponent.sweep == sweep]
        axes.plot(
            [one.potential for one in of_sweep],
            [one.b for one in of_sweep],
            marker,
            color=colour,
            markersize=2.5,
            label=f"{sweep} potential",
        )
    for b in (0.5, 1.0):
        axes.axhline(b, color="0.8", linewidth=0.8, zorder=0)
    low = min((exponent.b for exponent in exponents), default=0.5)
    high = max((exponent.b for exponent in exponents), default=1.0)
    axes.set_ylim(min(0.4, max(low, 0) - 0.05), max(1.1, min(high, 1.6) + 0.05))
    axes.set_xlabel(quantities.POTENTIAL.label())
    axes.set_ylabel("b [-]")
    legend_above(axes, columns=1)


def analysed_rate(measured: MeasuredRate, fit: RateEquationFit) -> Figure:
    """Capacity against current with the fitted rate equation.

    Parameters
    ----------
    measured : MeasuredRate
        Measured points, drawn as markers
    fit : RateEquationFit
        Of `fit_rate_equation`

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(COLUMN, 2.6), layout="constrained")
        axes = figure.subplots()
        currents, capacities = np.array(measured.currents), np.array(measured.capacities)
        rates = rate(currents, capacities)
        line = fit.curve(np.geomspace(rates.min() / 3, rates.max() * 3, 200))
        axes.plot(
            *line,
            color=COLOURS[0],
            label=f"rate equation: n = {fit.exponent:.2f}, tau = {60 * fit.time_constant:.3g} min",
        )
        draw_measured(axes, currents, capacities)
        log_axis(axes, "x", one_two_five=True)
        axes.set_xlabel(quantities.CURRENT.label("Specific current"))
        axes.set_ylabel(quantities.CAPACITY.label("Specific capacity"))
        axes.set_ylim(bottom=0)
        legend_above(axes, columns=1)
        describe(figure, "Rate curve and rate equation of Tian et al.", per_gram([]))
    return figure
