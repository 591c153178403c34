"""Values of many cells of one system at once: a number where all of them have the same, an array where not."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim import names
from hetsim.architectures import DiluteCarriers, architecture_named, channel_named
from hetsim.architectures.channels import DEBYE_LENGTH, POTENTIAL
from hetsim.architectures.grains import GRAIN_SIZE, INTERFACE_WIDTH
from hetsim.parameters.checks import (
    CELL_HOMES,
    in_order,
    inside_window,
    is_dilute,
    layer_is_wide,
    layers_fit,
    neutral,
    whole_where_needed,
    within_limits,
)
from hetsim.parameters.host_names import (
    CAPACITY,
    DENSITY,
    ISOTHERM,
    LETTERS,
    is_composed,
    is_sloping,
    of_component,
)
from hetsim.parameters.hosts import VOLUME_FRACTION, composed_capacity, core_radius, is_other_core
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.values import System

Values = dict[str, Any]
Mask = NDArray[np.bool_]


def changed_values(system: System, changes: Mapping[str, Any]) -> tuple[Values, Mask]:
    """The values of a system with changes, one a case, and in which cases they fit together.

    changes : single numbers by name, [cases] each

    What does not fit here is refused by `HalfCell.with_values`, which says why; what is unusual may be left to it,
    too, without being wrong.
    """
    cases = len(next(iter(changes.values())))
    values: Values = {name: value.value for name, value in system.values.items()}
    fits = np.ones(cases, dtype=bool)
    for name, column in changes.items():
        info = SCHEMA.get(name)
        if info is None or info.home not in CELL_HOMES or info.is_list:
            return values, np.zeros(cases, dtype=bool)
        fits &= np.isfinite(column) & within_limits(info, column) & whole_where_needed(name, column)
        values[name] = column
    # what is out of its limits must not disturb the arithmetic of what follows
    values |= {name: np.where(fits, column, np.nan) for name, column in changes.items()}
    if is_composed(values):
        if any(of_component(letter, DENSITY) not in values for letter in LETTERS):
            return values, np.zeros(cases, dtype=bool)
        _complete(values, changes, architecture_named(system.architecture).has_field)
    return values, fits & _fit_together(system, values)


def _complete(values: Values, given: Mapping[str, Any], has_core: bool) -> None:
    """What follows from the values of two hosts, as `parameters.hosts.completed` has it."""
    if has_core and names.CORE_FRACTION in given:
        values[VOLUME_FRACTION] = values[names.CORE_FRACTION] ** 3
    elif has_core and names.CORE_FRACTION in values:
        radius, there = core_radius(values[VOLUME_FRACTION]), values[names.CORE_FRACTION]
        values[names.CORE_FRACTION] = np.where(is_other_core(radius, there), radius, there)
    total = composed_capacity(values.__getitem__)
    if names.SPECIFIC_CAPACITY not in given:
        values[names.SPECIFIC_CAPACITY] = total
        return
    for letter in LETTERS:
        name = of_component(letter, CAPACITY)
        values[name] = values[name] * values[names.SPECIFIC_CAPACITY] / total


def _fit_together(system: System, values: Values) -> Mask:
    """What `parameters.checks.checked_system` asks of values that a case can change."""
    top = values[names.UPPER_CUT_OFF]
    fits = np.asarray(in_order(values[names.LOWER_CUT_OFF], top))
    charges = (values.get(name, 1.0) for name in (names.CHARGE_NUMBER, names.ANION_CHARGE_NUMBER))
    fits = fits & neutral(*charges)
    architecture = architecture_named(system.architecture)
    if architecture.no_potential:
        fits = fits & (values[names.BUILT_IN_POTENTIAL] == 0)
    channel = channel_named(system.interface) if system.interface else architecture.channel
    if isinstance(channel, DiluteCarriers) and POTENTIAL in values:
        fits = fits & is_dilute(values[POTENTIAL])
        fits = fits & layer_is_wide(
            values[POTENTIAL], values[DEBYE_LENGTH], values[INTERFACE_WIDTH]
        )
    if architecture.has_network and channel.conducts and INTERFACE_WIDTH in values:
        fits = fits & layers_fit(values[INTERFACE_WIDTH], values[GRAIN_SIZE])
    if is_sloping(values):
        fits = fits & in_order(values[names.FULL_POTENTIAL], values[names.EMPTY_POTENTIAL])
    if not is_composed(values):
        return fits
    for letter in LETTERS:
        potentials, gaps = (values[of_component(letter, ISOTHERM[place])] for place in (0, 3))
        for potential, gap in zip(potentials, gaps, strict=True):
            fits = fits & inside_window(potential, gap, top)
    return fits
