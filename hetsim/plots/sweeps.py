"""Figures of sweeps: maps and lines of grids, clouds of samples, bars of sensitivity indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.late import late
from hetsim.plots.axes import describe, per_gram
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE
from hetsim.results import quantities
from hetsim.results.quantities import Quantity, of_key
from hetsim.units import NM

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")

PANELS = 3
"""Most panels side by side; of more currents the lowest, the middle and the highest are shown."""

BOOKKEEPING = (quantities.CHARGE_BALANCE.key, quantities.TIME_USED.key)
"""Numbers of a case that are no result."""

MAP_FROM = 5
"""Values of the second swept name from which a map says more than a line for each."""

_LOG_FROM = 20.0  # ratio of the ends from which values are drawn on a logarithmic axis
_FAILED = "0.85"


def sweep_overview(data: xr.Dataset, quantity: str | None = None) -> Figure:
    """A quantity over the swept values: a map over two of them, lines over one (or one and a few values of
    another), points of a sample.

    Parameters
    ----------
    data : xr.Dataset
        Of `hs.sweep` or `hs.open_sweep`
    quantity : str | None, default None
        By default the first number of the protocol

    Returns
    -------
    Figure

    Notes
    -----
    Of a grid with more than two swept values the others stand at their middle, as the title says.
    """
    chosen = quantity or main_quantity(data)
    rows = _systems(data)
    panels = [_panels(one, chosen) for _, one in rows]
    with matplotlib.rc_context(STYLE):
        width = len(panels[0])
        size = (COLUMN * max(1.0, 0.72 * width), 2.5 * len(rows))
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots(len(rows), width, squeeze=False, sharey="row")
        for (system, _), line, places in zip(rows, panels, axes, strict=True):
            limits = _limits([found for _, found in line])
            against = _strongest(line) if "case" in data.dims else ""
            for index, ((title, found), place) in enumerate(zip(line, places, strict=True)):
                ends = (index == 0, index == width - 1)
                _draw(place, found, against, limits, of_key(chosen).label(), ends)
                place.set_title(", ".join(filter(None, (system, title))), fontsize=7)
            for place in places[1:]:
                place.set_ylabel("")
        handles, labels = axes[0, 0].get_legend_handles_labels()
        if handles:
            figure.legend(handles, labels, loc="outside lower center", frameon=False, ncols=4)
        describe(figure, *_told(data, chosen))
    return figure


def _told(data: xr.Dataset, quantity: str) -> tuple[str, str]:
    """Title and caption of an overview."""
    one = of_key(quantity)
    run = ", ".join(str(data.attrs[key]) for key in ("system", "model") if key in data.attrs)
    title = f"{one.name[0].upper()}{one.name[1:]} over the swept values" + f" ({run})" * bool(run)
    mass = per_gram([]) if "A/g" in one.axis_unit or "Ah/g" in one.axis_unit else ""
    missing = not np.isfinite(data[quantity].values).all()
    failed = "Grey or left out: cases that did not come to a good end." * missing
    return title, " ".join(filter(None, (mass, failed)))


def sensitivity_bars(frame: pd.DataFrame, title: str = "") -> Figure:
    """Sobol indices (alone and with all others) or Morris effects, the largest on top.

    Parameters
    ----------
    frame : pd.DataFrame
        Of `hs.sensitivity`
    title : str, default ''
        Above the figure

    Returns
    -------
    Figure
    """
    sobol = "ST" in frame
    columns = ("S1", "ST") if sobol else ("mu_star",)
    order = frame.sort_values(columns[-1])
    labels = {
        "S1": "alone (S1)",
        "ST": "with all others (ST)",
        "mu_star": "mean absolute effect",
    }
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.4 * COLUMN, 0.9 + 0.32 * len(frame)), layout="constrained")
        axes = figure.subplots()
        height = 0.8 / len(columns)
        for index, name in enumerate(columns):
            places = np.arange(len(order)) + (index - (len(columns) - 1) / 2) * height
            axes.barh(
                places,
                order[name],
                height,
                xerr=order[f"{name}_conf"],
                color=COLOURS[index],
                label=labels[name],
                error_kw={"linewidth": 0.8},
            )
        axes.set_yticks(np.arange(len(order)), [str(name) for name in order.index])
        axes.set_xlabel(
            "Share of the variance [-]" if sobol else "Effect over the whole range [its unit]"
        )
        axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
        if sobol:
            figure.legend(loc="outside lower center", frameon=False, ncols=2)
        kind = "Sobol indices" if sobol else "Morris effects"
        bars = "Bars of error: 95 % confidence."
        describe(figure, f"{kind}: {title}" if title else kind, bars)
    return figure


def main_quantity(data: xr.Dataset) -> str:
    """The first number of the protocol: what a sweep is drawn by."""
    numbers = [str(n) for n in data.data_vars if data[n].dtype.kind == "f"]
    results = [name for name in numbers if name not in BOOKKEEPING]
    first = quantities.CAPACITY.key
    return first if first in results else (results or numbers)[0]


# --- what is drawn -------------------------------------------------------------------------------


def _systems(data: xr.Dataset) -> list[tuple[str, xr.Dataset]]:
    if "system" not in data.dims:
        return [("", data)]
    return [(str(name), data.sel(system=name)) for name in data["system"].values]


def _swept(found: xr.DataArray) -> list[str]:
    """Dimensions that are parameters, the ones with most values first."""
    return sorted((str(n) for n in found.dims), key=lambda name: -found.sizes[name])


def _panels(data: xr.Dataset, quantity: str) -> list[tuple[str, xr.DataArray]]:
    """Up to three currents (or values of another inner dimension), each with a title."""
    found = data[quantity]
    inner = [name for name in found.dims if name in data[quantities.TIME_USED.key].dims]
    others = [str(name) for name in found.dims if name not in inner]
    if not others:
        return [("", found)]
    name, *rest = others
    for one in rest:
        found = found.isel({one: found.sizes[one] // 2})
    count = found.sizes[name]
    places = sorted({0, (count - 1) // 2, count - 1})[:PANELS]
    unit = Quantity(name, str(data[name].attrs.get("units", "1"))).axis_unit
    return [(f"{name} {float(data[name][i]):g} {unit}", found.isel({name: i})) for i in places]


def _draw(
    axes: Any,
    found: xr.DataArray,
    against: str,
    limits: tuple[float, float],
    label: str,
    ends: tuple[bool, bool],
) -> None:
    """One panel; `ends` says whether it is the first and the last of its row."""
    if against:
        _cloud(axes, found, against, limits, label)
        return
    names = _swept(found)
    for name in names[2:]:
        found = found.isel({name: found.sizes[name] // 2})
    if len(names) == 1 or found.sizes[names[1]] < MAP_FROM:
        _lines(axes, found, names, limits, label, ends[0])
        return
    _map(axes, found, (names[0], names[1]), limits, label, ends[1])


def _map(
    axes: Any,
    found: xr.DataArray,
    names: tuple[str, str],
    limits: tuple[float, float],
    label: str,
    last: bool,
) -> None:
    across, up = names
    values = np.ma.masked_invalid(found.transpose(up, across).values)
    axes.set_facecolor(_FAILED)  # what failed stays empty
    x, y = (_scaled(name, found[name].values) for name in (across, up))
    mesh = axes.pcolormesh(
        _edges(x[1]),
        _edges(y[1]),
        values,
        cmap="cividis",
        vmin=limits[0],
        vmax=limits[1],
        rasterized=True,
    )
    _axis(axes, "x", *x)
    _axis(axes, "y", *y)
    if last:
        axes.figure.colorbar(mesh, ax=axes, label=label)


def _lines(
    axes: Any,
    found: xr.DataArray,
    names: list[str],
    limits: tuple[float, float],
    label: str,
    first: bool,
) -> None:
    across = names[0]
    name, values = _scaled(across, found[across].values)
    if len(names) == 1:
        axes.plot(values, found.values, ".-", color=COLOURS[0])
    else:
        quantity, levels = _scaled(names[1], found[names[1]].values)
        word, _, unit = quantity.partition(" [")
        for index, level in enumerate(levels):
            line = found.isel({names[1]: index}).values
            told = f"{word} {level:.3g} {unit.rstrip(']')}".strip()
            mark = {"marker": MARKERS[index], "markersize": 3, "markevery": max(1, line.size // 8)}
            axes.plot(values, line, label=told, color=COLOURS[index], **mark)
    _axis(axes, "x", name, values)
    axes.set_ylabel(label)
    axes.set_ylim(*_wider(limits))


def _cloud(
    axes: Any, found: xr.DataArray, against: str, limits: tuple[float, float], label: str
) -> None:
    name, values = _scaled(against, found[against].values)
    axes.plot(
        values,
        found.values,
        MARKERS[0],
        color=COLOURS[0],
        markersize=2,
        markeredgewidth=0,
        alpha=0.5,
        rasterized=True,
    )
    _axis(axes, "x", name, values)
    axes.set_ylabel(label)
    axes.set_ylim(*_wider(limits))


def _strongest(panels: list[tuple[str, xr.DataArray]]) -> str:
    """The swept value of a sample that the quantity goes with most closely (rank correlation)."""
    first = panels[0][1]
    inputs = [
        str(name)
        for name in first.coords
        if first[name].dims == ("case",) and name != "case" and first[name].dtype.kind == "f"
    ]
    frame = pd.DataFrame({name: first[name].values for name in inputs}).rank()
    found = [frame.corrwith(pd.Series(one.values).rank()).abs().fillna(0.0) for _, one in panels]
    return str(sum(found[1:], start=found[0]).idxmax())


# --- axes ----------------------------------------------------------------------------------------


def _axis(axes: Any, which: str, name: str, values: Any) -> None:
    getattr(axes, f"set_{which}label")(name)
    if _is_log(values):
        getattr(axes, f"set_{which}scale")("log")
    else:
        axes.ticklabel_format(axis=which, scilimits=(-2, 4), useMathText=True)


def _scaled(name: str, values: Any) -> tuple[str, Any]:
    """Small lengths in nanometres, as they are spoken of."""
    if name.endswith("[m]") and np.abs(values).max() < 1e-5:
        return name.replace("[m]", "[nm]"), values / NM
    return name, values


def _is_log(values: Any) -> bool:
    return bool(values.min() > 0 and values.max() / values.min() >= _LOG_FROM)


def _edges(values: Any) -> Any:
    """Borders half way between neighbours, on the scale on which they are drawn."""
    at = np.log(values) if _is_log(values) else np.asarray(values, dtype=float)
    if at.size == 1:
        return np.array([values[0] - 0.5, values[0] + 0.5])
    middle = (at[1:] + at[:-1]) / 2
    edges = np.concatenate([[2 * at[0] - middle[0]], middle, [2 * at[-1] - middle[-1]]])
    return np.exp(edges) if _is_log(values) else edges


def _limits(found: list[xr.DataArray]) -> tuple[float, float]:
    values = np.concatenate([one.values.ravel() for one in found])
    values = values[np.isfinite(values)]
    return (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)


def _wider(limits: tuple[float, float]) -> tuple[float, float]:
    margin = 0.05 * (limits[1] - limits[0]) or 0.5
    return limits[0] - margin, limits[1] + margin
