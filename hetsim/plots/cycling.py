"""Figures of cycling tests."""

from collections.abc import Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from hetsim.plots.axes import colour, describe, legend_above, per_gram, title_of
from hetsim.plots.style import COLUMN, MARKERS, STYLE
from hetsim.results import CyclingResult, quantities

_LINES = ("-", "--", "-.", ":")

_FEW = 20
"""Cycles that are drawn as points too."""

MeasuredCycle = tuple[int, float]
"""Number of a cycle and its capacity [mA.h.g-1]."""


def cycling(
    results: Sequence[CyclingResult],
    labels: Sequence[str] = (),
    measured: Sequence[MeasuredCycle] = (),
) -> Figure:
    """Capacity and coulombic efficiency against the cycle number, and the voltage curves that were kept.

    Parameters
    ----------
    results : Sequence[CyclingResult]
        Results of `hs.run`
    labels : Sequence[str], default ()
        One for each result in the place of its system's name
    measured : Sequence[MeasuredCycle], default ()
        Cycles with their measured capacity, drawn as markers

    Returns
    -------
    Figure
    """
    named = list(labels) or [result.system for result in results]
    dot = "." if max(len(result.cycles) for result in results) <= _FEW else ""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.9), layout="constrained")
        panels = figure.subplots(
            2, 2, height_ratios=(2.2, 1), sharex="col", gridspec_kw={"hspace": 0.05}
        )
        capacity, efficiency = panels[:, 0]
        for one in panels[:, 1]:
            one.remove()
        curves = figure.add_subplot(panels[0, 1].get_gridspec()[:, 1])
        for index, (result, label) in enumerate(zip(results, named, strict=True)):
            settled = [cycle for cycle in result.cycles if not cycle.settling]
            numbers = [one.number for one in settled]
            line = {"marker": dot, "color": colour(index), "linestyle": _LINES[index % len(_LINES)]}
            capacity.plot(numbers, [one.insertion for one in settled], label=label, **line)
            shares = [100 * one.coulombic_efficiency for one in settled]
            efficiency.plot(numbers, shares, **line)
            _draw_curves(curves, result, label, colour(index))
        if measured:
            capacity.plot(*zip(*measured, strict=True), MARKERS[0], color="black", label="measured")
        capacity.set_ylim(bottom=_floor(results))
        capacity.set_ylabel(quantities.INSERTION_CAPACITY.label("Insertion"))
        legend_above(capacity)
        efficiency.set_ylabel("Coulombic\nefficiency [%]")
        efficiency.set_ylim(_bottom(results), 100.2)
        efficiency.set_xlabel("Cycle")
        efficiency.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        curves.set_xlabel(quantities.CAPACITY.label("Specific capacity"))
        curves.set_ylabel(quantities.VOLTAGE.label())
        curves.set_xlim(left=0)
        legend_above(curves)
        describe(figure, title_of(results), per_gram(results))
    return figure


def _floor(results: Sequence[CyclingResult]) -> float:
    """Lower end of the capacities [mA.h.g-1]: zero, unless so little is lost that nothing could be seen."""
    capacities = np.concatenate([result.capacities for result in results])
    lowest = float(np.nanmin(capacities)) if np.isfinite(capacities).any() else 0.0
    return 0.8 * lowest if lowest > 0.6 * float(np.nanmax(capacities, initial=0.0)) else 0.0


def _bottom(results: Sequence[CyclingResult]) -> float:
    """Lower end of the efficiencies: the first cycles of a fresh cell would flatten all others."""
    efficiencies = [
        100 * cycle.coulombic_efficiency
        for result in results
        for cycle in result.cycles
        if (cycle.number >= 10 or len(result.cycles) < _FEW) and not cycle.settling
    ]
    lowest = np.nanmin(efficiencies) if np.isfinite(efficiencies).any() else 99.0
    return float(min(99.0, lowest - 0.2))


def _draw_curves(axes: Any, result: CyclingResult, label: str, shade: str) -> None:
    kept = [cycle for cycle in result.cycles if cycle.traces]
    for style, one in zip(("--", "-", ":", "-."), kept, strict=False):
        for index, trace in enumerate(one.traces):
            axes.plot(
                trace.capacity,
                trace.voltage,
                style,
                color=shade,
                linewidth=1,
                label=f"{label}, cycle {one.number}" if index == 0 else None,
            )
