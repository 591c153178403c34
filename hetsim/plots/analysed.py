"""Figures of an analysis: what was given as markers, what was found in it as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import NullFormatter

from hetsim.parameters.values import MeasuredRate
from hetsim.plots.axes import describe, draw_measured, legend_above, log_axis, per_gram
from hetsim.plots.cv import current_label
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE
from hetsim.results import quantities
from hetsim.results.quantities import Quantity
from hetsim.units import CM2, HOUR, NM, rate

if TYPE_CHECKING:  # the analyses need PyBaMM, a figure of a junction does not
    from hetsim.analysis import (
        ClosedFormFits,
        DunnShares,
        Exponent,
        GittAnalysis,
        InterruptionAnalysis,
        RateEquationFit,
        SpectrumAnalysis,
        TitrationAnalysis,
    )
    from hetsim.analysis.pulses import TimeTrace

_SWEEP = {"falling": "insertion", "rising": "extraction"}


def analysed_gitt(trace: TimeTrace, analysis: TitrationAnalysis | GittAnalysis) -> Figure:
    """Voltage against time, and the apparent diffusivity of each pulse against its state by every method.

    Parameters
    ----------
    trace : TimeTrace
        Time [s], current [A.g-1] and voltage [V]
    analysis : TitrationAnalysis | GittAnalysis
        Of `titration_analysis`, or of `weppner_huggins` alone

    Returns
    -------
    Figure
    """
    gitt = cast("GittAnalysis", getattr(analysis, "gitt", analysis))
    pulses = [result.pulse for result in gitt.results]
    charge = np.array([pulse.passed + pulse.charge / 2 for pulse in pulses])
    methods = [
        _Method("Weppner-Huggins", gitt.diffusivities, [one.remarks for one in gitt.results])
    ]
    if analysis is not gitt:
        methods += _further_methods(cast("TitrationAnalysis", analysis))
    with matplotlib.rc_context(STYLE):
        figure, left, right = _beside_a_trace(trace)
        left.plot(
            [pulse.start / HOUR for pulse in pulses],
            [pulse.before for pulse in pulses],
            MARKERS[0],
            color=COLOURS[0],
            markersize=3,
            label="at rest",
        )
        legend_above(left)
        _draw_diffusivities(right, charge, methods, gitt.length.metres)
        _legend_below(figure, right)
        describe(figure, "Titration: apparent diffusivity", per_gram([], "Charge"))
    return figure


def analysed_ici(trace: TimeTrace, roots: InterruptionAnalysis, fits: ClosedFormFits) -> Figure:
    """Voltage against time, and diffusivity and resistance of each interruption against its state.

    Parameters
    ----------
    trace : TimeTrace
        Time [s], current [A.g-1] and voltage [V]
    roots : InterruptionAnalysis
        Of `intermittent_current_interruption`
    fits : ClosedFormFits
        Of `fit_interruptions` on the same trace

    Returns
    -------
    Figure
    """
    rests = [one.interruption for one in roots.results]
    charge = np.array([rest.passed for rest in rests])
    methods = [
        _Method("sqrt(t)", roots.diffusivities, [one.remarks for one in roots.results]),
        _Method(
            "closed form", fits.diffusivities, [one.remarks for one in fits.results], fits.results
        ),
    ]
    with matplotlib.rc_context(STYLE):
        figure, left, right = _beside_a_trace(trace, 3)
        left.plot(
            [rest.start / HOUR for rest in rests],
            [rest.before for rest in rests],
            MARKERS[0],
            color=COLOURS[0],
            markersize=3,
            label="interrupted",
        )
        legend_above(left)
        _draw_diffusivities(right, charge, methods, roots.length.metres)
        _legend_below(figure, right)
        last = figure.axes[2]
        found = (
            [one.resistance for one in roots.results],
            [one.resistance for one in fits.results],
        )
        for resistance, shade, marker in zip(found, COLOURS, MARKERS, strict=False):
            last.plot(charge, resistance, marker, color=shade)
        last.set_ylim(0, 1.15 * max(max(one) for one in found))
        last.set_xlabel(quantities.CAPACITY.label("Specific charge"))
        last.set_ylabel(quantities.RESISTANCE.label())
        told = "Interruptions of a current: apparent diffusivity and resistance"
        describe(figure, told, per_gram([], "Charge"))
    return figure


def _legend_below(figure: Figure, axes: Any) -> None:
    """Below all panels, where nothing is drawn."""
    handles, labels = axes.get_legend_handles_labels()
    columns = min(len(labels), 4)
    figure.legend(handles, labels, frameon=False, loc="outside lower center", ncols=columns)


@dataclass(frozen=True)
class _Method:
    """Diffusivities of one method [m2.s-1], the remarks of each, and its intervals if it has any."""

    name: str
    values: Any
    remarks: Sequence[Sequence[str]]
    intervals: Sequence[Any] = ()


def _further_methods(analysis: TitrationAnalysis) -> list[_Method]:
    fits = analysis.fits.results
    rests = [analysis.interruption_after(one.pulse) for one in analysis.gitt.results]
    found = [
        _Method("closed form", analysis.fits.diffusivities, [one.remarks for one in fits], fits)
    ]
    if analysis.interruptions is not None:
        remarks = [one.remarks if one else () for one in rests]
        found.append(_Method("interruption", analysis.by_interruption, remarks))
    return found


def _beside_a_trace(trace: TimeTrace, panels: int = 2) -> tuple[Figure, Any, Any]:
    """A figure with the voltage in its first panel, and its first two panels."""
    figure = Figure(figsize=(panels * COLUMN, 2.8), layout="constrained")
    left, right, *_ = figure.subplots(1, panels)
    left.plot(np.asarray(trace.time) / HOUR, trace.voltage, color="0.6", linewidth=0.7)
    left.set_xlabel("Time [h]")
    left.set_ylabel(quantities.VOLTAGE.label())
    return figure, left, right


def _draw_diffusivities(axes: Any, charge: Any, methods: Sequence[_Method], length: float) -> None:
    """Markers of each method, white where there is a remark, on a logarithmic axis of two decades or more."""
    for method, shade, marker in zip(methods, COLOURS, MARKERS, strict=False):
        values = method.values / CM2  # cm2/s
        trusted = np.array([not remarks for remarks in method.remarks])
        for chosen, face in ((trusted, shade), (~trusted, "white")):
            axes.plot(charge[chosen], values[chosen], marker, color=shade, markerfacecolor=face)
        if method.intervals:
            ends = np.array([(one.low, one.high) for one in method.intervals]).T / CM2
            known = np.isfinite(ends).all(axis=0) & trusted
            axes.vlines(charge[known], *ends[:, known], color=shade, linewidth=0.7, zorder=0)
        axes.plot([], [], marker, color=shade, label=method.name)
    axes.plot([], [], MARKERS[0], color="0.4", markerfacecolor="white", label="with a remark")
    axes.set_yscale("log")
    shown = np.concatenate([method.values for method in methods]) / CM2
    shown = shown[np.isfinite(shown) & (shown > 0)]
    if len(shown):  # two decades, so that equal values look equal
        middle = float(np.sqrt(shown.min() * shown.max()))
        axes.set_ylim(min(shown.min() / 1.5, middle / 10), max(shown.max() * 1.5, middle * 10))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(quantities.CAPACITY.label("Specific charge"))
    axes.set_ylabel(
        Quantity("diffusivity", "cm2.s-1").label(f"Apparent $D$, L = {length / NM:.4g} nm")
    )


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


def analysed_eis(
    found: Sequence[SpectrumAnalysis], names: Sequence[str], unit: str = "Ohm.cm2"
) -> Figure:
    """Nyquist plot with the circuit, residuals of the Kramers-Kronig test, and relaxation times if there are any.

    Parameters
    ----------
    found : Sequence[SpectrumAnalysis]
        Of `spectrum_analysis`, one a colour
    names : Sequence[str]
        Of each, for the legend
    unit : str, default 'Ohm.cm2'
        Of the impedance, "Ohm.cm2" or "Ohm"

    Returns
    -------
    Figure
    """
    times = [of.relaxation_times for of in found if of.relaxation_times is not None]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 3.2), layout="constrained")
        grid = figure.add_gridspec(2 if times else 1, 2)
        nyquist = figure.add_subplot(grid[:, 0])
        check = figure.add_subplot(grid[0, 1])
        for k, of in enumerate(found):
            _draw_spectrum(nyquist, check, of, k)
        lowest = min(float((-of.impedance.imag).min()) for of in found)
        nyquist.set_aspect("equal", adjustable="box")
        nyquist.set_ylim(bottom=min(1.05 * lowest, 0))
        nyquist.set_xlabel(Quantity("real", unit).label("Re Z"))
        nyquist.set_ylabel(Quantity("imaginary", unit).label("-Im Z"))
        check.axhline(0, color="0.7", linewidth=0.8, zorder=0)
        check.set_xscale("log")
        check.set_xlabel(quantities.FREQUENCY.label())
        check.set_ylabel("Residual / |Z| [%]")
        check.set_title("Kramers-Kronig: filled Re, open Im", fontsize=7)
        if times:
            _draw_relaxation_times(figure.add_subplot(grid[1, 1]), found, unit)
        _legend_of_spectra(figure, names)
        told = "Markers: spectrum. Lines: Randles circuit."
        describe(figure, "Impedance: Randles circuit and Kramers-Kronig test", told)
    return figure


def _legend_of_spectra(figure: Figure, names: Sequence[str]) -> None:
    """One entry a spectrum, of its marker and its line, in as many columns as the figure is wide enough for."""
    handles = [
        Line2D(
            [],
            [],
            color=COLOURS[k % len(COLOURS)],
            marker=MARKERS[k % len(MARKERS)],
            markerfacecolor="white",
            markersize=3,
            linewidth=1.0,
        )
        for k in range(len(names))
    ]
    letters = 72 * figure.get_figwidth() / (0.52 * 7)  # in a line, font of 7 pt
    fitting = max(int(letters / (max(map(len, names)) + 8)), 1)  # 8: handle and spaces
    rows = -(-len(names) // fitting)
    columns = -(-len(names) // rows)
    figure.set_figheight(figure.get_figheight() + 0.15 * (rows - 1))
    figure.legend(handles, names, frameon=False, loc="outside lower center", ncols=columns)


def _draw_spectrum(nyquist: Any, check: Any, of: SpectrumAnalysis, k: int) -> None:
    shade, marker = COLOURS[k % len(COLOURS)], MARKERS[k % len(MARKERS)]
    nyquist.plot(
        of.impedance.real,
        -of.impedance.imag,
        marker,
        color=shade,
        markerfacecolor="white",
        markersize=3,
    )
    fitted = np.geomspace(of.frequency[0], max(of.lowest, of.frequency[-1]), 200)
    z = of.randles.impedance(fitted)
    nyquist.plot(z.real, -z.imag, color=shade, linewidth=1.0)
    kk = of.kramers_kronig
    check.plot(kk.frequency, 100 * kk.real, marker, color=shade, markersize=2.5)
    check.plot(
        kk.frequency,
        100 * kk.imaginary,
        marker,
        color=shade,
        markersize=2.5,
        markerfacecolor="white",
    )


def _draw_relaxation_times(axes: Any, found: Sequence[SpectrumAnalysis], unit: str) -> None:
    for k, of in enumerate(found):
        if of.relaxation_times is not None:
            times = of.relaxation_times
            axes.plot(times.time_constant, times.gamma, color=COLOURS[k % len(COLOURS)])
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("Relaxation time [s]")
    axes.set_ylabel(Quantity("distribution", unit).label(r"$\gamma$"))
