"""Figures of what is inside the particles and the electrolyte: profiles over the radius and through the cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import quantities
from hetsim.results.quantities import Quantity
from hetsim.units import HOUR

if TYPE_CHECKING:
    import xarray as xr
else:
    xr = late("xarray")

TIMES = 6
"""How many times a figure shows unless told otherwise."""

COLOURS_OF_TIME = "viridis"
"""Told apart by colour-blind readers and in grey; its yellow end is left out, which is faint on white."""

_ENDS_OF_COLOURS = (0.0, 0.88)
_LINES = ("-", "--")
_GREY = "0.35"
_HOSTS = (quantities.OCCUPANCY_OF_A, quantities.OCCUPANCY_OF_B)
_VOLTS, _MILLI, _MICRO, _LITRE = 1.0, 1e3, 1e6, 1e-3


@dataclass(frozen=True)
class _Panel:
    """One axes: what is drawn over which coordinate.

    names : variables of the dataset; what is not a number of one of them is left out
    scale, along_scale : number that is drawn over the number in SI
    """

    names: tuple[str, ...]
    label: str
    scale: float = 1.0
    along: str = "radius"
    along_label: str = "r / R"
    along_scale: float = 1.0


def profiles(
    result: Any,
    times: int | Sequence[float] = TIMES,
    size_class: int | None = None,
    depth: float = 0.5,
    **which: Any,
) -> Figure:
    """Occupancy, electrochemical potential, built-in potential and field over the radius, and the electrolyte.

    Parameters
    ----------
    result : Any
        A result that keeps its solution, or the dataset that its `profiles()` gives
    times : int | Sequence[float], default 6
        Seconds since the start, or how many from the start to the end; colours tell them apart. All those of a
        dataset are shown
    size_class : int | None, default None
        Which one is shown, from 1; None for the one with the largest share. Of a mixture None shows one of each host
    depth : float, default 0.5
        Place of the particles in a DFN, 0 and 1 at the ends of the electrode
    which : Any
        Handed on to `result.profiles`, such as current=1.0

    Returns
    -------
    Figure
        One column wide, with what the cell has: no built-in potential where there is none

    Raises
    ------
    ParameterError
        As `result.profiles`, for a size class that there is not, and for a depth outside 0 to 1.
    """
    data = shown(result, times, size_class, depth, which)
    with matplotlib.rc_context(STYLE):
        figure, axes, panels = laid_out(data)
        moments = data.time.to_numpy()
        unit, name = _unit_of(moments)
        colours = matplotlib.colormaps[COLOURS_OF_TIME]
        span = Normalize(moments[0], moments[-1] if len(moments) > 1 else moments[0] + 1)
        low, high = _ENDS_OF_COLOURS
        for one, panel in zip(axes, panels, strict=True):
            lines = lines_of(data, panel)
            still = len(moments) > 1 and all(_is_still(y) for _, y, _ in lines)
            for x, y, style in lines:
                for i in [0] if still else range(len(moments)):
                    colour = _GREY if still else colours(low + (high - low) * span(moments[i]))
                    one.plot(x, y[i], style, color=colour, linewidth=1.1)
            if still:
                one.set_title("at all times", fontsize=6, loc="right", pad=2)
        _colour_bar(figure, axes, moments / unit, f"Time [{name}]")
    return figure


def shown(
    result: Any,
    times: int | Sequence[float],
    size_class: int | None,
    depth: float,
    which: dict[str, Any],
) -> xr.Dataset:
    """The dataset with the classes that are shown and the particles of one place."""
    data = result
    if not isinstance(data, xr.Dataset):
        if not hasattr(result, "profiles"):
            raise ParameterError(
                f"A {type(result).__name__} has no profiles; allowed: results that keep a solution, as those of "
                "rate tests, GITT, CV, cycling and other runs in time."
            )
        data = result.profiles(times=times, **which)
    if not 0 <= depth <= 1:
        raise ParameterError(f"profiles: the depth is {depth:g}; allowed: 0 to 1.")
    if "x" in data.dims:
        data = data.isel(x=round(depth * (data.sizes["x"] - 1)))
    if "size_class" in data.dims:
        data = data.isel(size_class=[one - 1 for one in _classes(data, size_class)])
    elif size_class not in (None, 1):
        raise ParameterError(f"profiles: the size class is {size_class}; allowed: 1.")
    return data


def _classes(data: xr.Dataset, size_class: int | None) -> list[int]:
    """Those that are shown: one, or one of each host where the particles are of one host each."""
    count = data.sizes["size_class"]
    if size_class is not None:
        if size_class not in range(1, count + 1):
            raise ParameterError(
                f"profiles: the size class is {size_class}; allowed: 1 to {count}."
            )
        return [size_class]
    share = data[quantities.CLASS_SHARE.variable]
    if not _is_mixture(data):
        return [int(np.argmax(share.to_numpy())) + 1]
    held = [data[one.variable].notnull().any(("time", "radius")) for one in _HOSTS]
    return [int(np.argmax(share.where(there, 0).to_numpy())) + 1 for there in held]


def _is_mixture(data: xr.Dataset) -> bool:
    """Whether a particle is of one host only."""
    if not all(one.variable in data for one in _HOSTS):
        return False
    missing = [data[one.variable].isnull().all(("time", "radius")) for one in _HOSTS]
    return any(bool(one.any()) for one in missing)


# --- panels ----------------------------------------------------------------------------------------


def laid_out(data: xr.Dataset) -> tuple[Figure, list[Any], list[_Panel]]:
    """An empty figure with its axes and what belongs in them."""
    panels = _panels(data)
    if not panels:
        raise ParameterError("profiles: the dataset has nothing over the radius to draw.")
    rows = (len(panels) + 1) // 2
    figure = Figure(figsize=(COLUMN, 1.25 * rows + 0.75), layout="constrained")
    grid = figure.add_gridspec(rows, 2)
    alone = len(panels) - 1 if len(panels) % 2 else None
    axes = [
        figure.add_subplot(grid[i // 2, :] if i == alone else grid[i // 2, i % 2])
        for i in range(len(panels))
    ]
    for one, panel in zip(axes, panels, strict=True):
        one.set_xlabel(panel.along_label, fontsize=7)
        one.set_ylabel(panel.label, fontsize=7)
        one.tick_params(labelsize=6)
        if panel.along == "radius":
            one.set_xlim(0, 1)
            one.set_xticks([0, 0.5, 1])
            _draw_junction(one, data)
    figure.suptitle(_title(data), fontsize=7)
    return figure, axes, panels


def _panels(data: xr.Dataset) -> list[_Panel]:
    found = [*_of_occupancy(data)]
    field = _largest(data, quantities.BUILT_IN_FIELD)
    size, unit = (1e-6, "MV/m") if field >= 1e6 else (1e-3, "kV/m")
    for quantity, label, scale in (
        (quantities.ELECTROCHEMICAL_POTENTIAL, "Electrochemical\npotential u [V]", _VOLTS),
        (quantities.BUILT_IN_POTENTIAL, "Built-in\npotential [mV]", _MILLI),
        (quantities.BUILT_IN_FIELD, f"Built-in\nfield [{unit}]", size),
    ):
        if _largest(data, quantity) > 0:
            found.append(_Panel((quantity.variable,), label, scale))
    salt = quantities.ELECTROLYTE_CONCENTRATION.variable
    if salt in data and np.ptp(data[salt].to_numpy()) > 0:  # the SPM has it the same everywhere
        through = ("x_electrolyte", "x [µm]", _MICRO)
        found.append(_Panel((salt,), "Electrolyte\n[mol/L]", _LITRE, *through))
    return found


def _largest(data: xr.Dataset, quantity: Quantity) -> float:
    """The largest value, whatever its sign; 0 for what the dataset does not have."""
    return float(abs(data[quantity.variable]).max()) if quantity.variable in data else 0.0


def _of_occupancy(data: xr.Dataset) -> list[_Panel]:
    """One panel, or one of each host where both are at the same places."""
    hosts = [one.variable for one in _HOSTS if one.variable in data]
    if len(hosts) == 2:
        both = data[hosts[0]].notnull() & data[hosts[1]].notnull()
        if bool(both.any()):
            letters = zip(hosts, "AB", strict=True)
            return [_Panel((name,), f"Occupancy\nof host {letter}") for name, letter in letters]
        return [_Panel(tuple(hosts), "Occupancy")]
    there = quantities.OCCUPANCY.variable
    return [_Panel((there,), "Occupancy")] if there in data else []


Line = tuple[Any, Any, str]
"""Coordinate, values over time and coordinate, and style."""


def lines_of(data: xr.Dataset, panel: _Panel) -> list[Line]:
    """The lines of a panel; of several classes the second is dashed."""
    x = panel.along_scale * data[panel.along].to_numpy()
    found: list[Line] = []
    for name in panel.names:
        values = panel.scale * data[name]
        if "size_class" not in values.dims:
            found.append((x, values.transpose("time", panel.along).to_numpy(), "-"))
            continue
        for i in range(data.sizes["size_class"]):
            y = values.isel(size_class=i).transpose("time", panel.along).to_numpy()
            if not np.isnan(y).all():
                found.append((x, y, _LINES[i % len(_LINES)]))
    return found


def _is_still(y: Any) -> bool:
    """Whether it is the same at all times."""
    return bool(np.nanmax(np.ptp(y, axis=0)) <= 1e-9 * np.nanmax(np.abs(y)))


def _draw_junction(axes: Any, data: xr.Dataset) -> None:
    """Where the core ends, if the particle has a core of one host in a shell of the other."""
    core = quantities.OCCUPANCY_OF_A.variable
    if core not in data:
        return
    there = data[core].isel(time=0)
    if "size_class" in there.dims:
        there = there.isel(size_class=0)
    inside = there.notnull().to_numpy()
    if inside.all() or not inside.any():
        return
    last = int(np.flatnonzero(inside)[-1])
    place = float(data.radius[last : last + 2].mean())
    axes.axvline(place, color="0.8", linewidth=0.8, zorder=0)


# --- texts -----------------------------------------------------------------------------------------


def _title(data: xr.Dataset) -> str:
    parts = [str(data.attrs.get("system", ""))]
    if data.attrs.get("electrode") == "negative":
        parts.append("negative electrode")
    for quantity, unit in (("current", "A/g"), ("scan_rate", "mV/s")):
        if quantity in data.attrs:
            parts.append(f"{data.attrs[quantity]:g} {unit}")
    if "cycle" in data.attrs:
        parts.append(f"{data.attrs['half']} of cycle {data.attrs['cycle']}")
    radius = quantities.CLASS_RADIUS.variable
    if radius in data.coords and data.sizes.get("size_class", 1) == 1:
        size = float(np.ravel(data[radius].to_numpy())[0])
        parts.append(f"particles of R = {1e9 * size:.3g} nm")
    if data.sizes.get("size_class", 1) == 2:
        parts.append("particles of A (solid) and of B (dashed)")
    return ", ".join(part for part in parts if part)


_UNITS = ((HOUR, "h"), (60.0, "min"), (1.0, "s"))


def _unit_of(moments: Any) -> tuple[float, str]:
    """Unit in which the times are numbers above two, and its length [s]."""
    longest = float(moments[-1])
    return next(((size, name) for size, name in _UNITS if longest >= 2 * size), (1.0, "s"))


def told_time(moments: Any) -> Callable[[float], str]:
    """A function that writes a time [s] in the unit that suits all of them."""
    size, name = _unit_of(moments)
    return lambda moment: f"t = {moment / size:.2f} {name}"


def _colour_bar(figure: Figure, axes: list[Any], moments: Any, label: str) -> None:
    if len(moments) < 2:
        figure.supxlabel(
            f"{label.split(' [')[0]} {moments[0]:.3g} {label[:-1].split('[')[1]}", fontsize=7
        )
        return
    low, high = _ENDS_OF_COLOURS
    colours = matplotlib.colormaps[COLOURS_OF_TIME](np.linspace(low, high, 256))
    scale = matplotlib.cm.ScalarMappable(
        Normalize(moments[0], moments[-1]), matplotlib.colors.ListedColormap(colours)
    )
    bar = figure.colorbar(scale, ax=axes, location="bottom", aspect=40, pad=0.02)
    bar.set_label(label, fontsize=7)
    bar.ax.tick_params(labelsize=6)
    for moment in moments:
        bar.ax.axvline(moment, color="white", linewidth=0.8)


def quantity_range(lines: list[Line]) -> tuple[float, float]:
    """Ends of an axis that holds all lines at all times, with a margin."""
    low = min(float(np.nanmin(y)) for _, y, _ in lines)
    high = max(float(np.nanmax(y)) for _, y, _ in lines)
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return low - margin, high + margin
