"""Figures of what the voltage of a run is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim import names
from hetsim.late import late
from hetsim.plots.axes import describe, per_gram, title_of
from hetsim.plots.style import COLOURS, COLUMN, STYLE
from hetsim.results import RateCurve, TraceRun, Voltammogram, quantities
from hetsim.results.voltage_components import KEYS, components_of
from hetsim.units import HOUR, MV

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

SMALLEST = 0.5 * MV
"""A component that stays below is not drawn [V]."""

_PARTS = 3
"""Most panels: of more currents or scan rates the lowest, the middle and the highest."""

_SHADES = (*COLOURS[:6], "#999999", "#F0E442", "#661100", "#332288")


def voltage_components(result: RateCurve | Voltammogram | TraceRun) -> Figure:
    """Voltage and open-circuit voltage against time, and the overpotentials and ohmic losses between them, stacked.

    Parameters
    ----------
    result : RateCurve | Voltammogram | TraceRun
        A result of `hs.run`, which keeps its solution; of more than three currents or scan rates the lowest, the
        middle and the highest are drawn

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For a result that keeps no solution.

    Notes
    -----
    Above, the voltage and the open-circuit voltage at the mean composition. Below, the parts of their difference: what
    raises the voltage is stacked upwards from zero, what lowers it downwards. Parts that stay below 0.5 mV are left
    out.
    """
    frame = result.voltage_components()
    parts = _parts(frame)
    drawn = _drawn(frame)
    with matplotlib.rc_context(STYLE):
        width = COLUMN if len(parts) == 1 else 2 * COLUMN
        columns = 1 if len(parts) == 1 else 2
        height = 3.9 + 0.14 * np.ceil((len(drawn) + 3) / columns)
        figure = Figure(figsize=(width, height), layout="constrained")
        panels = figure.subplots(
            2, len(parts), squeeze=False, sharex="col", sharey="row", height_ratios=(1, 1.3)
        )
        for index, (title, part) in enumerate(parts):
            _draw(panels[0, index], panels[1, index], part, drawn)
            panels[0, index].set_title(title, fontsize=7)
        panels[0, 0].set_ylabel(quantities.VOLTAGE.label())
        panels[1, 0].set_ylabel("Parts of the difference [V]")
        handles, labels = (
            [*above, *below]
            for above, below in zip(
                *(one.get_legend_handles_labels() for one in panels[:, 0]), strict=True
            )
        )
        figure.legend(
            handles,
            labels,
            loc="outside lower center",
            frameon=False,
            fontsize=6,
            handlelength=1.4,
            ncols=columns,
        )
        mass = per_gram([result], "Currents") if isinstance(result, RateCurve) else ""
        describe(figure, f"{title_of([result])}: parts of the voltage", mass)
    return figure


def _parts(frame: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Title and rows of each part."""
    key = next((one for one in KEYS if one.column in frame), None)
    if key is None:
        return [("", frame)]
    groups = list(frame.groupby(key.column))
    places = sorted({0, (len(groups) - 1) // 2, len(groups) - 1})[:_PARTS]
    return [(f"{groups[i][0]:g} {key.axis_unit}", groups[i][1]) for i in places]


def _drawn(frame: pd.DataFrame) -> list[str]:
    """The components that can be seen, without the open-circuit potentials."""
    return [
        name
        for name in components_of(frame)
        if not name.startswith(names.OF_EQUILIBRIUM) and frame[name].abs().max() >= SMALLEST
    ]


def _draw(above: Any, below: Any, part: pd.DataFrame, drawn: list[str]) -> None:
    """Both voltages, and what lies between them: gains stacked upwards, losses downwards; a short run in seconds."""
    time = part[quantities.TIME.column].to_numpy()
    long = time[-1] > HOUR / 2
    x = time / HOUR if long else time
    voltage = part[quantities.VOLTAGE.column].to_numpy()
    equilibrium = [name for name in components_of(part) if name.startswith(names.OF_EQUILIBRIUM)]
    resting = part[equilibrium].sum(axis=1).to_numpy()
    above.plot(
        x,
        resting,
        color="0.5",
        linestyle="--",
        label="open-circuit voltage at the mean composition",
    )
    above.plot(x, voltage, color="black", label="voltage")
    edges = {1: np.zeros_like(x), -1: np.zeros_like(x)}
    for name, shade in zip(drawn, _SHADES, strict=False):
        label = name.removesuffix(" [V]")
        for sign, edge in edges.items():
            further = edge + sign * np.maximum(sign * part[name].to_numpy(), 0)
            below.fill_between(
                x, edge, further, color=shade, linewidth=0, label=label if sign < 0 else None
            )
            edges[sign] = further
    below.plot(
        x,
        voltage - resting,
        color="black",
        linestyle=":",
        label="their sum, voltage less open-circuit voltage",
    )
    below.axhline(0, color="0.5", linestyle="--", linewidth=0.8)
    below.set_xlabel("Time [h]" if long else "Time [s]")
    below.set_xlim(float(np.min(x)), float(np.max(x)))
