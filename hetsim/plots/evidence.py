"""Figures of what data can tell: probabilities of explanations, shares of a gain, and what experiments would add."""

import math
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.fitting.evidence import Evidence
from hetsim.fitting.explain import UNEXPLAINED
from hetsim.fitting.explanation import Explanation
from hetsim.fitting.plan import MOST, Plan
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

_ROW = 0.24
"""Height of a row of bars [inch]."""
_MOST = 12
"""Experiments that a figure shows."""


def evidence_odds(result: Evidence) -> Figure:
    """ln of the odds of the best explanation against each, with its standard error.

    Parameters
    ----------
    result : Evidence
        Of `hs.evidence`

    Returns
    -------
    Figure
        The dashed line is where explanations are told apart
    """
    with matplotlib.rc_context(STYLE):
        figure, [axes] = _rows(len(result.models))
        left = result.left
        for place, one in enumerate(result.models):
            away, error = result.log_odds(result.best, one)
            error = 0.0 if one is result.best else error
            colour = COLOURS[0] if one in left else "0.7"
            axes.barh(place, away, color=colour, xerr=error, error_kw={"linewidth": 1})
            axes.annotate(
                f"{100 * one.probability:.0f} %",
                (away + error, place),
                (3, 0),
                textcoords="offset points",
                va="center",
            )
        axes.axvline(math.log(result.odds), color="0.3", linestyle="--", linewidth=1)
        _names(axes, [one.name for one in result.models])
        furthest = result.log_odds(result.best, result.models[-1])[0]
        axes.set_xlim(0, 1.25 * max(furthest, math.log(result.odds)) + 0.5)
        axes.set_xlabel(f"ln of the odds of {result.best.name} [-]")
        told = f"{result.verdict} Percent: probability. Dashed: odds of {result.odds:g}:1."
        describe(figure, "Which explanation of the data", told)
    return figure


def waterfall(result: Explanation) -> Figure:
    """From what the controls hold to what the heterostructure holds, one step a mechanism, with 95 % intervals.

    Parameters
    ----------
    result : Explanation
        Of `hs.explain`

    Returns
    -------
    Figure
    """
    with matplotlib.rc_context(STYLE):
        figure, [axes] = _rows(len(result.shares) + 2)
        first = "controls" if result.start_measured else "mixture (simulated)"
        last = result.system if result.end_measured else f"{result.system} (simulated)"
        axes.barh(0, result.start, color="0.75")
        level, ends = result.start, [result.start, result.end]
        for place, one in enumerate(result.shares, 1):
            colour = COLOURS[0] if one.capacity >= 0 else COLOURS[1]
            if one.mechanism == UNEXPLAINED:
                colour = "0.5"
            axes.barh(place, one.capacity, left=level, color=colour)
            axes.plot([level, level], [place - 1.4, place + 0.4], color="0.3", linewidth=0.6)
            axes.plot(
                [level + one.low, level + one.high], [place, place], color="black", linewidth=1
            )
            axes.plot(
                [level + one.low, level + one.high],
                [place, place],
                "|",
                color="black",
                markersize=5,
            )
            ends += [level + one.low, level + one.high, level + one.capacity]
            right = max(level, level + one.capacity, level + one.high)
            axes.annotate(
                f"{one.capacity:+.1f}",
                (right, place),
                (4, 0),
                textcoords="offset points",
                va="center",
            )
            level += one.capacity
        axes.barh(len(result.shares) + 1, result.end, color="0.75")
        axes.plot([level, level], [place + 0.4, place + 1.4], color="0.3", linewidth=0.6)
        _names(axes, [first, *(one.mechanism for one in result.shares), last])
        axes.set_xlim(min(0.0, *ends), 1.15 * max(ends))
        axes.set_xlabel(f"Specific capacity at {result.current:g} A/g [mAh/g]")
        told = f"{result.opening} Bars: Shapley shares of the fitted model. Lines: 95 % intervals."
        describe(figure, f"{result.system}: what makes its gain", told)
    return figure


def plan_bars(result: Plan) -> Figure:
    """What each experiment would tell, the best on top; beside it, where explanations are compared, what it would do to
    the odds between them.

    Parameters
    ----------
    result : Plan
        Of `hs.plan`

    Returns
    -------
    Figure
    """
    shown = result.ranked[:_MOST]
    names = [one.experiment.name for one in shown]
    with matplotlib.rc_context(STYLE):
        figure, axes = _rows(len(shown), 2 if result.between else 1)
        told = axes[-1]
        for place, one in enumerate(shown):
            told.barh(place, one.information, color=COLOURS[0])
            label, left = min(one.shrinks.items(), key=lambda pair: pair[1])
            if 1 - left > 0.01:
                _behind(
                    told,
                    one.information,
                    place,
                    f"{label.split(' [')[0]} {-100 * (1 - left):.0f} %",
                )
        room = 2.8 if result.between else 2.3
        told.set_xlim(0, room * max(one.information for one in shown) + 1e-6)
        told.set_xlabel("Expected information [nat]")
        if result.between:
            _growths(axes[0], result, [one.growth for one in shown])
            _names(told, [""] * len(names))
        _names(axes[0], names)
        describe(figure, f"{result.system}: which experiment next", result.sentence)
    return figure


def _growths(axes: Any, result: Plan, growths: list[float]) -> None:
    """Expected growth of ln(odds) between explanations; bars end where a forecast says no more than "clearly"."""
    for place, growth in enumerate(growths):
        if np.isfinite(growth):
            axes.barh(place, min(growth, MOST), color=COLOURS[1])
            more = growth > MOST
            _behind(axes, min(growth, MOST), place, f"> {MOST:.1f}" if more else f"{growth:.1f}")
    axes.set_xlim(0, 1.3 * min(MOST, max([0.1, *(one for one in growths if np.isfinite(one))])))
    axes.set_xlabel(f"Expected growth of ln(odds) [-]\n{' / '.join(result.between)}")


def _behind(axes: Any, end: float, place: int, words: str) -> None:
    """Words behind a bar."""
    axes.annotate(words, (end, place), (3, 0), textcoords="offset points", va="center", fontsize=6)


def _rows(count: int, panels: int = 1) -> tuple[Figure, list[Any]]:
    """A figure of a column's width and a half, or two columns, with rows from top to bottom."""
    width = 1.4 * COLUMN if panels == 1 else 2 * COLUMN
    figure = Figure(figsize=(width, 0.7 + _ROW * count), layout="constrained")
    axes = list(np.ravel(figure.subplots(1, panels)))
    for one in axes:
        one.set_ylim(count - 0.4, -0.6)
    return figure, axes


def _names(axes: Any, names: list[str]) -> None:
    axes.set_yticks(np.arange(len(names)), names)
    axes.tick_params(axis="y", length=0)
