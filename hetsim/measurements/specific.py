"""Currents and capacities per gram of active mass, from what a file has and the user states."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import MeasurementError
from hetsim.measurements.stated import Stated
from hetsim.measurements.table import Array, Column, Table, measure_of
from hetsim.results.quantities import CURRENT, WHOLE_CURRENT

_PER_GRAM = ("current per mass", "charge per mass")
_EXAMPLE = {"current": "mA", "capacity": "mAh"}


def per_gram(table: Table, column: Column, what: str = "current") -> Array:
    """A column per gram of active mass: current [A.g-1] or capacity [mA.h.g-1]. Raises MeasurementError.

    what : "current" or "capacity"
    """
    return table.value(column, _EXAMPLE[what]) * factor(table, column, what)


def per_gram_where_measured(table: Table, column: Column, what: str) -> Array:
    """The same, and not a number where a cell holds no positive number. Raises MeasurementError for an unknown unit."""
    values = table.raw(column)
    size = table.size(column, _EXAMPLE[what]) * factor(table, column, what)
    return np.where(values > 0, values, np.nan) * size


def without_noise(values: Any) -> Any:
    """Nine digits of each number, as 0.15 mA over 1.5 mg are 0.1 A/g."""
    size = np.abs(values)
    digits = 10.0 ** (8 - np.floor(np.log10(np.where(size > 0, size, 1.0))))
    return np.where(np.isfinite(values), np.round(values * digits) / digits, values)


def factor(table: Table, column: Column, what: str) -> float:
    """What mA, mA.cm-2, C (or mA.h, mA.h.cm-2) are multiplied with to be per gram."""
    assert column.meaning is not None
    unit, given = column.meaning.unit, table.stated
    target = "A/g" if what == "current" else "mAh/g"
    if unit is None or unit.measures in _PER_GRAM:
        return 1.0
    if unit.measures == "C-rate":
        if given.one_c is None:
            raise MeasurementError(
                f"{table.path}: '{column.name}' is a C-rate; state the current at 1C in mA/g (--one-c)."
            )
        return given.one_c / 1000
    mass = given.mass_mg
    scale = 1.0 if what == "current" else 1000.0  # mA/mg = A/g, mA.h/mg = 1000 mA.h/g
    if unit.measures.endswith("per area"):
        loading = given.loading_mg_cm2
        if loading is None and mass is not None and given.area_cm2 is not None:
            loading = mass / given.area_cm2
        if loading is None:
            raise MeasurementError(
                f"{table.path}: '{column.name}' is per area; to become {target} it needs the loading in mg/cm2 "
                "(--loading-mg-cm2), or the active mass and the area (--mass-mg, --area-cm2)."
            )
        return scale / loading
    if mass is None and given.loading_mg_cm2 is not None and given.area_cm2 is not None:
        mass = given.loading_mg_cm2 * given.area_cm2
    if mass is None:
        name = WHOLE_CURRENT.key if table.own(WHOLE_CURRENT.key) else column.name
        raise MeasurementError(
            f"{table.path}: '{name}' needs the active mass to become {target}: state it in mg (--mass-mg)."
        )
    return scale / mass


def chosen(table: Table, quantity: str, key: str) -> Column:
    """The column of a current or a capacity: per gram where there is one, the whole where a mass is stated.

    Raises MeasurementError for none, and for two that could both be meant.
    """
    found = table.all_of(quantity)
    if len(found) < 2:
        return table.one_of(quantity, key)
    kinds = {measure_of(one) for one in found}
    for kind in _wanted(table.stated, kinds):
        some = [one for one in found if measure_of(one) == kind]
        if some:
            return table.the_one(some, quantity)
    return table.the_one(found, quantity)


def _wanted(given: Stated, kinds: Iterable[str]) -> list[str]:
    """Kinds of units, the one to read first."""
    whole = [
        kind for kind in kinds if kind not in _PER_GRAM and "per" not in kind and kind != "C-rate"
    ]
    specific = [kind for kind in kinds if kind in _PER_GRAM]
    rest = [kind for kind in kinds if kind not in whole and kind not in specific]
    return [*whole, *specific, *rest] if given.mass_mg is not None else [*specific, *whole, *rest]


def used_mass(table: Table, columns: Iterable[Column]) -> bool:
    """Whether a column needs a mass; one without a unit may."""
    whole = ("", "current", "charge", "current per area", "charge per area")
    return any(measure_of(one) in whole for one in columns)


def check_use(table: Table, columns: Iterable[Column]) -> None:
    """Raises MeasurementError for a mass without use."""
    columns = list(columns)
    if table.stated.mass_mg is not None and columns and not used_mass(table, columns):
        name = CURRENT.key if table.own(CURRENT.key) else columns[0].name
        why = "is a C-rate" if measure_of(columns[0]) == "C-rate" else "is per gram already"
        raise MeasurementError(
            f"{table.path}: '{name}' {why}; a mass is only for a whole current or capacity, such as "
            f"'{WHOLE_CURRENT.key}'."
        )


def over(table: Table, column: Column) -> str:
    """What a column was divided by or multiplied with, for a sentence."""
    unit = column.meaning.unit if column.meaning else None
    given = table.stated
    if unit is None or unit.measures in (*_PER_GRAM, "number"):
        return ""
    if unit.measures == "C-rate":
        return f" at {given.one_c:g} mA/g for 1C"
    if unit.measures.endswith("per area") and given.loading_mg_cm2 is not None:
        return f" over {given.loading_mg_cm2:g} mg/cm2"
    if unit.measures.endswith("per area"):
        return f" over {given.mass_mg:g} mg on {given.area_cm2:g} cm2"
    if given.mass_mg is None:
        return f" over {given.loading_mg_cm2:g} mg/cm2 on {given.area_cm2:g} cm2"
    return f" over {given.mass_mg:g} mg"


def positive(table: Table, column: Column, values: Array) -> Array:
    """The same values. Raises MeasurementError naming the row of one that is not positive and finite."""
    bad: NDArray[np.bool_] = ~(np.isfinite(values) & (values > 0))
    table.refuse(column, bad, "a positive finite number")
    return values
