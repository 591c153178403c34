"""The mean over all places of a particle of a law that differs from place to place."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import casadi
import numpy as np
import pybamm

Law = Callable[..., Any]


def mean_over_places(
    law: Law,
    value: Any,
    volumes: Any,
    weights: Sequence[Any],
    at_places: Sequence[Sequence[Any]],
    numbers: Sequence[Any] = (),
) -> Any:
    """G(v) = sum_i w_i sum_k V_k law(v, a_ik, ...) for the value v at each place of a particle.

    Each v meets every place k of every size class i: with the value of one place it is what the whole particle
    would hold if it were in equilibrium with that place.

    law : of a value, what stands at a place, and numbers
    value : field v on the particle
    volumes : V_k, share of each volume of the mesh, a field on the particle alone
    weights : w_i, of the size classes
    at_places : of each size class the fields a on the particle that the law takes
    numbers : what the law takes beside them, of the same value throughout a particle
    """
    classes, per_class = len(weights), len(at_places[0])
    fields = [one for of_class in at_places for one in of_class]
    name = f"mean of {law.__name__} over {classes} x {per_class}"
    # one node of PyBaMM's tree, for it has no field of two places
    mean = partial(_mean, law, classes, per_class)
    return pybamm.Function(mean, value, volumes, *weights, *fields, *numbers, name=name)


def _mean(law: Law, classes: int, per_class: int, *arguments: Any) -> Any:
    """With arrays of NumPy or CasADi: columns with all places of one particle after those of another."""
    value, volumes, *others = _of_one_kind(arguments)
    places = volumes.shape[0]
    weights, others = others[:classes], others[classes:]
    fields, numbers = others[: classes * per_class], others[classes * per_class :]
    of_particles = []
    for first in range(0, value.shape[0], places):
        here = partial(_in_particle, first, places)
        fixed = [_first(here(number)) for number in numbers]
        total: Any = 0
        for i, weight in enumerate(weights):
            of_class = [here(one) for one in fields[i * per_class : (i + 1) * per_class]]
            curve = law(*_pairs(here(value), of_class), *fixed)
            total = total + _first(here(weight)) * (curve @ volumes)
        of_particles.append(total)
    symbolic = isinstance(of_particles[0], casadi.MX)
    return casadi.vertcat(*of_particles) if symbolic else np.vstack(of_particles)


def _of_one_kind(arguments: Sequence[Any]) -> list[Any]:
    """All symbolic where one is, else columns of NumPy."""
    if any(isinstance(one, casadi.MX) for one in arguments):
        return [casadi.MX(one) for one in arguments]
    return [np.reshape(one, (-1, 1)) for one in arguments]


def _in_particle(first: int, places: int, field: Any) -> Any:
    """The part of a field in one particle; what is the same in all of them stays as it is."""
    return field if field.shape[0] <= places else field[first : first + places, :]


def _first(number: Any) -> Any:
    """A number that stands once or at every place of a particle."""
    return number[0, 0]


def _pairs(value: Any, fields: Sequence[Any]) -> list[Any]:
    """Matrices with the value of one place in each row and what stands at one place in each column."""
    count = value.shape[0]
    repeat = casadi.repmat if isinstance(value, casadi.MX) else np.tile
    sizes = [one.shape[0] for one in fields]
    # a field that is the same at all places may come as one number
    columns = [
        repeat(one.T, *_times(value, count, count if size == 1 else 1))
        for one, size in zip(fields, sizes, strict=True)
    ]
    return [repeat(value, *_times(value, 1, count)), *columns]


def _times(value: Any, rows: int, columns: int) -> tuple[Any, ...]:
    """Repetitions as CasADi or NumPy take them."""
    return (rows, columns) if isinstance(value, casadi.MX) else ((rows, columns),)
