"""Profiles over the radius of the particles, and through the cell, from the solution that a result keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim import names
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.results import quantities
from hetsim.results.outcome import Array, Outcome
from hetsim.results.quantities import Quantity

if TYPE_CHECKING:
    import xarray as xr
else:
    xr = late("xarray")

TIMES = 11
"""How many times are shown unless told otherwise."""

ELECTRODES = {electrode.domain: electrode for electrode in (names.WORKING, names.NEGATIVE)}

OVER_RADIUS = {
    quantities.OCCUPANCY: names.OCCUPANCY,
    quantities.ELECTROCHEMICAL_POTENTIAL: names.ELECTROCHEMICAL_POTENTIAL,
    quantities.BUILT_IN_POTENTIAL: names.PROFILE_POTENTIAL,
    quantities.BUILT_IN_FIELD: names.PROFILE_FIELD,
    quantities.OCCUPANCY_OF_A: names.occupancy_of("A"),
    quantities.OCCUPANCY_OF_B: names.occupancy_of("B"),
}
"""Of each size class, along the radius."""

OF_PARTICLES = {
    quantities.SURFACE_OCCUPANCY: names.SURFACE_OCCUPANCY,
    quantities.MEAN_OCCUPANCY_OF_A: names.mean_occupancy_of("A"),
    quantities.MEAN_OCCUPANCY_OF_B: names.mean_occupancy_of("B"),
    quantities.HYSTERESIS_STATE: names.hysteresis_state_of(""),
    quantities.HYSTERESIS_STATE_OF_A: names.hysteresis_state_of("A"),
    quantities.HYSTERESIS_STATE_OF_B: names.hysteresis_state_of("B"),
    quantities.CONDUCTIVITY_RATIO: names.CONDUCTIVITY_RATIO,
    quantities.JUNCTION_SHARE: names.JUNCTION_SHARE,
}
"""One number for all particles at a place of the electrode."""

OF_CELL = {
    quantities.VOLTAGE: names.VOLTAGE,
    quantities.MEAN_OCCUPANCY: names.MEAN_OCCUPANCY,
}

_THROUGH_CELL = {
    "negative electrode": "x_n [m]",
    "separator": "x_s [m]",
    "positive electrode": "x_p [m]",
}
_POTENTIAL = quantities.ELECTROCHEMICAL_POTENTIAL
_ELECTROLYTE = "Electrolyte concentration [mol.m-3]"
_EACH = (*OVER_RADIUS, *OF_PARTICLES, *OF_CELL, quantities.ELECTROLYTE_CONCENTRATION)


def profiles_of(
    solution: Any,
    of: str,
    outcome: Outcome,
    reason: str,
    times: int | Sequence[float] = TIMES,
    quantities: Sequence[str] | None = None,
    electrode: str = "positive",
) -> xr.Dataset:
    """The dataset of a solution of PyBaMM.

    of : what the solution belongs to, for a message
    outcome, reason : how that ended
    times : [s] since the start, or how many from the start to the end
    quantities : names of variables of the dataset; None for all that there are
    electrode : "positive" or "negative"; the working electrode of a half cell is positive

    Raises ParameterError without a solution, for one of relaxation modes, for times outside it, for a quantity or an
    electrode that it does not have.
    """
    if solution is None:
        why = (
            "what runs in lists and sweeps keeps none; run it by itself with hs.run"
            if outcome.good
            else f"it ended with '{outcome}', {reason or 'before anything was solved'}"
        )
        raise ParameterError(f"{of} keeps no solution to take profiles from: {why}.")
    if electrode not in ELECTRODES:
        raise ParameterError(
            f"profiles: the electrode is {electrode!r}; allowed: {', '.join(ELECTRODES)}."
        )
    looked_at = _LookedAt(_at_times(solution, _times(solution, times)), ELECTRODES[electrode])
    if looked_at.has_modes:
        raise ParameterError(
            f"{of} was run with relaxation modes, which have no profiles; run it with hs.run(..., profiles=True)."
        )
    if not looked_at.has(_POTENTIAL):
        raise ParameterError(
            f"profiles: the {electrode} electrode of this cell is a metal and has no particles; allowed: positive."
        )
    return looked_at.dataset(_wanted(quantities, looked_at))


def the_part(parts: Sequence[Any], values: Sequence[float], wanted: Any, kind: Quantity) -> Any:
    """The part of a result with a value, such as the current of a rate test; None is the only one.

    Raises ParameterError for a value that no part has, or for None where there are several.
    """
    if wanted is None and len(parts) == 1:
        return parts[0]
    for part, value in zip(parts, values, strict=True):
        if wanted is not None and np.isclose(value, wanted, rtol=1e-9, atol=0):
            return part
    unit = f" {kind.axis_unit}" if kind.axis_unit else ""
    asked = "is not given" if wanted is None else f"is {wanted!r}"
    allowed = ", ".join(f"{value:g}" for value in values)
    raise ParameterError(f"profiles: the {kind.name} {asked}; allowed: {allowed}{unit}.")


def _wanted(wanted: Sequence[str] | None, looked_at: _LookedAt) -> list[Quantity]:
    there = [one for one in _EACH if looked_at.has(one)]
    if wanted is None:
        return there
    by_name = {one.variable: one for one in there}
    chosen = [wanted] if isinstance(wanted, str) else list(wanted)
    for name in chosen:
        if name not in by_name:
            raise ParameterError(
                f"profiles: there is no quantity {name!r}; this run has {', '.join(by_name)}."
            )
    return [by_name[name] for name in chosen]


# --- times -----------------------------------------------------------------------------------------


def _times(solution: Any, times: int | Sequence[float]) -> Array:
    """Times [s] within the solution, rising, each once."""
    start, end = float(solution.all_ts[0][0]), float(solution.all_ts[-1][-1])
    if isinstance(times, int | np.integer) and not isinstance(times, bool):
        if times < 1:
            raise ParameterError(f"profiles: the number of times is {times}; allowed: 1 or more.")
        return np.linspace(start, end, int(times)) if times > 1 else np.array([end])
    try:
        asked = np.unique(np.asarray(times, dtype=float))
    except (TypeError, ValueError) as error:
        raise ParameterError(
            f"profiles: the times are {times!r}; allowed: how many, or a list of seconds."
        ) from error
    near = 1e-9 * (end - start)
    outside = asked[~((asked >= start - near) & (asked <= end + near))]
    if outside.size or not asked.size:
        told = f"{outside[0]:g} s" if outside.size else "none"
        raise ParameterError(
            f"profiles: a time is {told}; allowed: {start:g} to {end:g} s, which the run lasts."
        )
    return np.asarray(np.clip(asked, start, end))


def _at_times(solution: Any, times: Array) -> Any:
    """A solution of PyBaMM with its states at some times only: variables are then evaluated nowhere else."""
    pieces = []
    ends = np.array([ts[-1] for ts in solution.all_ts])
    # the instant of a switch belongs to the step that ends with it
    of_time = np.minimum(np.searchsorted(ends, times, side="left"), len(ends) - 1)
    for number in np.unique(of_time):
        ts, ys = np.asarray(solution.all_ts[number]), np.asarray(solution.all_ys[number])
        slopes = np.asarray(solution.all_yps[number]) if solution.all_yps else None
        here = times[of_time == number]
        states = np.stack([_state(ts, ys, slopes, one) for one in here], axis=1)
        pieces.append((here, states, solution.all_models[number], solution.all_inputs[number]))
    return type(solution)(*(list(column) for column in zip(*pieces, strict=True)))


def _state(ts: Array, ys: Array, slopes: Array | None, time: float) -> Array:
    """State at a time: cubic where the solver keeps its slopes, else on the line between two kept times."""
    if len(ts) == 1:
        return ys[:, 0]
    i = int(np.clip(np.searchsorted(ts, time, side="right") - 1, 0, len(ts) - 2))
    h = ts[i + 1] - ts[i]
    s = (time - ts[i]) / h
    left, right = ys[:, i], ys[:, i + 1]
    if slopes is None:
        return left + s * (right - left)
    bend = (1 - s) * (h * slopes[:, i] - (right - left)) - s * (
        h * slopes[:, i + 1] - (right - left)
    )
    return left + s * (right - left) + s * (1 - s) * bend


# --- the dataset -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _LookedAt:
    """A solution at the times of a dataset, and the electrode that is looked at."""

    solution: Any
    electrode: names.Electrode

    def has(self, quantity: Quantity) -> bool:
        """Whether the model of the solution has a quantity."""
        if quantity in OVER_RADIUS:
            return any(name in self._there for name in self._of_classes(OVER_RADIUS[quantity]))
        name = {**OF_PARTICLES, **OF_CELL}.get(quantity, _ELECTROLYTE)
        return self._name(name, quantity in OF_PARTICLES) in self._there

    @property
    def has_modes(self) -> bool:
        """Whether the electrode has particles without a radius (submodels.relaxation)."""
        in_particles = self.electrode.named(names.SURFACE_CONCENTRATION) in self._there
        return in_particles and not self.has(_POTENTIAL)

    def dataset(self, wanted: Sequence[Quantity]) -> xr.Dataset:
        """With the coordinates that the quantities need."""
        found = {quantity.variable: self._variable(quantity) for quantity in wanted}
        dimensions = {dimension for dims, _, _ in found.values() for dimension in dims}
        coordinates: dict[str, Any] = {
            quantities.TIME.variable: (
                "time",
                np.asarray(self.solution.t),
                _described(quantities.TIME, "time since the start"),
            )
        }
        for dimension, made in self._coordinates().items():
            if dimension in dimensions:
                coordinates.update(made())
        return xr.Dataset(found, coords=coordinates, attrs={"electrode": self.electrode.domain})

    def _coordinates(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """Of each dimension but the time, made when it is needed."""
        return {
            "radius": self._radii,
            "size_class": self._size_classes,
            "x": lambda: {"x": ("x", self._x_of_particles, _described(quantities.PLACE))},
            "x_electrolyte": lambda: {
                "x_electrolyte": (
                    "x_electrolyte",
                    self._x_of_electrolyte,
                    _described(quantities.PLACE_IN_ELECTROLYTE),
                )
            },
        }

    def _variable(self, quantity: Quantity) -> tuple[tuple[str, ...], Any, dict[str, str]]:
        """Dimensions, values and attributes."""
        through = () if self._x_averaged else ("x",)
        if quantity in OVER_RADIUS:
            of_classes = [self._entries(one) for one in self._of_classes(OVER_RADIUS[quantity])]
            shape = next(one.shape for one in of_classes if one is not None)
            # a class whose particles do not have the host
            values = [np.full(shape, np.nan) if one is None else one for one in of_classes]
            dims: tuple[str, ...] = ("radius", *through, "time")
            if len(values) == 1:
                return self._time_first(dims, values[0], quantity)
            return self._time_first(("size_class", *dims), np.array(values), quantity)
        if quantity in OF_PARTICLES:
            found = self._entries(self._name(OF_PARTICLES[quantity], True))
            if through and found.ndim == 1:  # what does not depend on the state has no place
                found = np.tile(found, (len(self._x_of_particles), 1))
            return self._time_first((*through, "time"), found, quantity)
        if quantity in OF_CELL:
            name = self._name(OF_CELL[quantity], False)
            return self._time_first(("time",), self._entries(name), quantity)
        return self._time_first(("x_electrolyte", "time"), self._entries(_ELECTROLYTE), quantity)

    def _time_first(
        self, dims: tuple[str, ...], values: Any, quantity: Quantity
    ) -> tuple[tuple[str, ...], Any, dict[str, str]]:
        values = np.moveaxis(np.asarray(values), -1, 0)
        return (dims[-1], *dims[:-1]), values, _described(quantity)

    # --- names and coordinates -----------------------------------------------------------------

    @cached_property
    def _there(self) -> Any:
        """Names of the variables of the model."""
        return self.solution.all_models[0].variables

    @cached_property
    def _x_averaged(self) -> bool:
        """Whether one particle stands for the electrode: its states then have the name of a mean."""
        states = {variable.name for variable in self.solution.all_models[0].y_slices}
        return names.x_averaged(self.electrode.named(names.SURFACE_CONCENTRATION)) in states

    def _name(self, name: str, of_particles: bool) -> str:
        name = self.electrode.named(name)
        return names.x_averaged(name) if of_particles and self._x_averaged else name

    def _of_classes(self, name: str) -> list[str]:
        """Names of a profile in each size class, as many as there are; of the only class without a number."""
        potential = self.electrode.named(names.ELECTROCHEMICAL_POTENTIAL)
        if potential in self._there:
            return [self._name(name, True)]
        count = sum(1 for _ in self._numbers(potential))
        return [self._name(names.in_class(name, i), True) for i in range(count)]

    def _numbers(self, name: str) -> Iterator[int]:
        number = 0
        while names.in_class(name, number) in self._there:
            yield number
            number += 1

    def _entries(self, name: str) -> Any:
        """Values with the time last; None for a variable that the model does not have."""
        return np.asarray(self.solution[name].entries) if name in self._there else None

    def _radii(self) -> dict[str, Any]:
        radius = self._entries(self.electrode.named(names.PARTICLE_RADIUS))
        shares = self._entries(self.electrode.named(names.VOLUME_SHARE))
        found = {}
        for quantity, values in ((quantities.RADIUS, radius), (quantities.VOLUME_SHARE, shares)):
            at_nodes = values.reshape(len(values), -1)[:, 0]
            found[quantity.variable] = ("radius", at_nodes, _described(quantity))
        return {"radius": found.pop(quantities.RADIUS.variable), **found}

    def _size_classes(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for quantity, name in (
            (quantities.CLASS_RADIUS, names.MEDIAN_RADIUS),
            (quantities.CLASS_SHARE, names.CLASS_SHARE),
        ):
            values = [np.ravel(self._entries(one))[0] for one in self._of_classes(name)]
            found[quantity.variable] = ("size_class", np.array(values), _described(quantity))
        count = np.arange(1, len(values) + 1)
        return {**found, "size_class": ("size_class", count, {"long_name": "size class"})}

    @cached_property
    def _x_of_electrolyte(self) -> Array:
        """[m] from where the electrolyte begins."""
        parts = [self._places_in(domain) for domain in self.solution[_ELECTROLYTE].domain]
        x = np.concatenate(parts)
        return x - self._origin

    @cached_property
    def _x_of_particles(self) -> Array:
        return self._places_in(self.electrode.named(names.ELECTRODE)) - self._origin

    @cached_property
    def _origin(self) -> float:
        """Left face of the first volume of the electrolyte [m]; its volumes are even."""
        first, second = self._places_in(self.solution[_ELECTROLYTE].domain[0])[:2]
        return float(first - (second - first) / 2)

    def _places_in(self, domain: str) -> Array:
        return np.asarray(self._entries(_THROUGH_CELL[domain])[:, 0])


def _described(quantity: Quantity, text: str = "") -> dict[str, str]:
    """Attributes of a variable: unit and long name."""
    return {**quantity.attributes, "long_name": text or quantity.name}
