"""Figures of fits: rate curves with their bands, and the profiles of the fitted values."""

import math
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from scipy.interpolate import PchipInterpolator

from hetsim.fitting import FitResult
from hetsim.fitting.noise_scale import NORMAL
from hetsim.fitting.observations import RateData
from hetsim.fitting.profile import Profile
from hetsim.plots.axes import colour, describe, draw_aged, draw_measured, log_axis
from hetsim.plots.style import COLUMN, STYLE
from hetsim.results import quantities

_SHADE = 0.18
"""Opacity of a band."""
_TOP = 3.0
"""Height of a profile's axis, in z: a half more than where the interval ends."""
_SMOOTH = 200


def fitted_rates(result: FitResult, level: float = 0.9) -> Figure:
    """Rate curves with their bands, and what measured capacities are off by.

    Parameters
    ----------
    result : FitResult
        Of `hs.fit`, with a rate curve among its data
    level : float, default 0.9
        Of the bands

    Returns
    -------
    Figure

    Raises
    ------
    ParameterError
        For a fit without a rate curve, or a level outside 0 to 1.
    """
    fitted = [(index, one) for index, one in result.problem.parts if isinstance(one, RateData)]
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.9), layout="constrained")
        left, right = figure.subplots(1, 2)
        right.axhline(0.0, color="0.6", linewidth=0.8)
        for place, (index, data) in enumerate(fitted or [(0, None)]):
            name = result.cells[index].name
            bands = result.bands(level=level, of=name if data is not None else "")
            assert data is not None
            _draw_band(left, bands, data, result, name, place)
            _draw_errors(right, bands, data, result, name, place)
        for axes in (left, right):
            log_axis(axes, "x", one_two_five=True)
            axes.set_xlabel(quantities.CURRENT.label("Specific current"))
        left.set_ylabel(quantities.CAPACITY.label("Specific capacity"))
        left.set_ylim(0, 1.08 * left.dataLim.y1)
        right.set_ylabel("Measured over fitted - 1 [%]")
        figure.legend(
            *left.get_legend_handles_labels(), loc="outside lower center", frameon=False, ncols=3
        )
        names = ", ".join(result.cells[index].name for index, _ in fitted)
        told = (
            f"Bands hold {100 * level:g} % of further points of the same electrode: values, noise and the model's own "
            "error."
        )
        describe(figure, f"{names}: fitted rate curve ({result.problem.model})", told)
    return figure


def _draw_band(
    axes: Any, bands: Any, data: RateData, result: FitResult, name: str, place: int
) -> None:
    """The fitted curve as a line, its band, and the measured points."""
    currents = bands["current [A.g-1]"].to_numpy()
    low, high = _edges(bands)
    axes.fill_between(
        currents, low, high, color=colour(place), alpha=_SHADE, linewidth=0, label=f"{name}, band"
    )
    x, y = _fitted_line(result, data, name, bands)
    axes.plot(x, y, color=colour(place), label=f"{name}, fitted")
    curve = data.first_pass
    draw_measured(axes, curve.currents, curve.capacities, f"{name}, measured", place)
    draw_aged(axes, curve.aged, name, place)


def _draw_errors(
    axes: Any, bands: Any, data: RateData, result: FitResult, name: str, place: int
) -> None:
    """What each measured capacity is off by, and the band about the fitted curve."""
    currents = bands["current [A.g-1]"].to_numpy()
    x, y = _fitted_line(result, data, name, bands)
    fitted = np.exp(np.interp(np.log(currents), np.log(x), np.log(y)))
    low, high = _edges(bands)
    axes.fill_between(
        currents,
        100 * (low / fitted - 1),
        100 * (high / fitted - 1),
        color=colour(place),
        alpha=_SHADE,
        linewidth=0,
    )
    curve = data.first_pass
    at = np.exp(np.interp(np.log(curve.currents), np.log(x), np.log(y)))
    draw_measured(axes, curve.currents, 100 * (np.array(curve.capacities) / at - 1), "", place)


def _edges(bands: Any) -> tuple[Any, Any]:
    low, high = (
        next(column for column in bands.columns if f" {end} [" in column) for end in ("low", "high")
    )
    return bands[low].to_numpy(), bands[high].to_numpy()


def _fitted_line(result: FitResult, data: RateData, name: str, bands: Any) -> tuple[Any, Any]:
    """Currents, rising, and capacities of the fitted model: where it was measured, by a monotone curve in between."""
    found = next(
        one for one in result.comparisons if set(data.first_pass.currents) == set(one.measured.currents)
        and one.curve.system == name
    )  # fmt: skip
    order = np.argsort(found.curve.currents)
    currents, capacities = found.curve.currents[order], found.curve.capacities[order]
    if len(currents) < 3:
        return currents, capacities
    fine = np.union1d(np.geomspace(currents[0], currents[-1], _SMOOTH), currents)
    return fine, np.exp(PchipInterpolator(np.log(currents), np.log(capacities))(np.log(fine)))


# --- profiles -------------------------------------------------------------------------------------


def fit_profiles(result: FitResult) -> Figure:
    """The profile of each fitted value, with and without the priors, and its 95 % interval.

    Parameters
    ----------
    result : FitResult
        Of `hs.fit`; its profiles are made if they are not there yet

    Returns
    -------
    Figure
    """
    profiles = result.profiles()
    columns = len(profiles) if len(profiles) < 3 else 2 if len(profiles) == 4 else 3
    rows = math.ceil(len(profiles) / columns)
    with matplotlib.rc_context(STYLE):
        figure = Figure(
            figsize=(COLUMN * max(columns, 1.5) * 0.75, 2.0 * rows), layout="constrained"
        )
        grid = figure.subplots(rows, columns, squeeze=False)
        for axes in grid.flat[len(profiles) :]:
            axes.set_visible(False)
        for axes, profile, value in zip(grid.flat, profiles, result.values, strict=False):
            _draw_profile(axes, profile, (value.known.low, value.known.high))
        for axes in grid[:, 0]:
            axes.set_ylabel("$z^2$ [-]")
        handles, labels = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", frameon=False, ncols=4)
        names = ", ".join(cell.name for cell in result.cells)
        told = (
            "$z^2$: how much worse the fit gets. Shaded: the 95 % interval, which ends where $z^2$ = 3.84, with the "
            "range of the value, or at the fitted value where that lies beyond."
        )
        describe(figure, f"{names}: profile likelihood", told)
    return figure


def _draw_profile(axes: Any, profile: Profile, limits: tuple[float, float]) -> None:
    """z^2 of one value, with the places that were simulated."""
    axes.axvspan(*profile.interval, color="0.92", linewidth=0)
    axes.axhline(NORMAL**2, color="0.5", linewidth=0.8, label="95 %")
    for values, statistic, style, index, label in (
        (profile.values, profile.statistic, "-", 0, "data and priors"),
        (profile.data_values, profile.data_statistic, "--", 1, "data alone"),
    ):
        x, y = _through(values, statistic)
        axes.plot(x, y, style, color=colour(index), label=label)
        axes.plot(values, statistic, ".", markersize=3, color=colour(index))
    axes.axvline(profile.best, color="0.3", linewidth=0.8, linestyle=":", label="fitted")
    seen = [*profile.values, *profile.data_values]
    low, high = max(limits[0], min(seen) / 1.1), min(limits[1], 1.1 * max(seen))
    log_axis(axes, "x", one_two_five=high < 100 * low)
    if high < 10 * low:
        axes.xaxis.set_major_locator(MaxNLocator(4))
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlim(low, high)
    axes.set_ylim(-0.2, _TOP**2)
    axes.set_xlabel(profile.free.label.replace(" [", "\n["))


def _through(values: Any, statistic: Any) -> tuple[Any, Any]:
    """A smooth curve through the places: signed z is nearly straight in the logarithm of the value."""
    x, kept = np.unique(np.log(values), return_index=True)
    lowest = int(np.argmin(statistic))
    sign = np.where(np.arange(len(values)) < lowest, -1.0, 1.0)
    z = (sign * np.sqrt(np.maximum(statistic, 0.0)))[kept]
    if len(x) < 3:
        return values, statistic
    fine = np.union1d(np.linspace(x[0], x[-1], _SMOOTH), x)
    return np.exp(fine), PchipInterpolator(x, z)(fine) ** 2
