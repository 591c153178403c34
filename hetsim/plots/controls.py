"""A heterostructure beside its hosts, their mixture, and itself without what its junctions do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.errors import ParameterError
from hetsim.plots.axes import colour, describe, draw_measured, log_axis, per_gram, title_of
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import RateCurve, quantities

if TYPE_CHECKING:
    from hetsim.cells.half_cell import HalfCell
    from hetsim.protocols import RateTest

_LINES = (("without", ":"), ("mixture", "--"))


def controls(cell: HalfCell, protocol: RateTest, model: str = "SPMe") -> Figure:
    """Capacity against current of a heterostructure and of its controls, at equal mass.

    Parameters
    ----------
    cell : HalfCell
        Of two hosts
    protocol : RateTest
        Run on the cell and on each of `cell.controls()`
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For a cell of one lumped host, which has no controls of its own.
    """
    from hetsim.simulation.run import run  # figures of what was run do not wait for PyBaMM

    others = cell.controls()
    if not others:
        raise ParameterError(
            f"{cell.name} has one lumped host and no controls; give its two hosts isotherms."
        )
    curves: list[Any] = [run(one, protocol, model) for one in (cell, *others)]
    return draw_controls(cell, curves)


def draw_controls(cell: HalfCell, curves: list[RateCurve]) -> Figure:
    """The figure of `controls` from curves that were run: the heterostructure, then its controls."""
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(COLUMN, 3.1), layout="constrained")
        axes = figure.subplots()
        for index, curve in enumerate(curves):
            _draw(axes, curve, cell, index)
        if cell.measured is not None:
            measured = cell.measured
            draw_measured(axes, measured.currents, measured.capacities, "measured", 0)
        log_axis(axes, "x", one_two_five=True)
        axes.set_xlabel(quantities.CURRENT.label("Specific current", per="g"))
        axes.set_ylabel(quantities.CAPACITY.label("Specific capacity", per="g"))
        axes.set_ylim(bottom=0)
        figure.legend(loc="outside lower center", frameon=False, ncols=2)
        told = f"{title_of(curves[:1])}: what its hosts give, and what its junctions add"
        describe(figure, told, per_gram(curves))
    return figure


def _draw(axes: Any, curve: RateCurve, cell: HalfCell, index: int) -> None:
    """The heterostructure as a thick line; hosts solid, the mixture dashed, what lacks something dotted."""
    name = curve.system.removeprefix(cell.system.name).strip(" ()") or "heterostructure"
    style = next((line for words, line in _LINES if name.startswith(words)), "-")
    order = np.argsort(curve.currents)
    axes.plot(
        curve.currents[order],
        curve.capacities[order],
        style,
        color=colour(index),
        linewidth=2.0 if index == 0 else 1.0,
        label=name,
    )
