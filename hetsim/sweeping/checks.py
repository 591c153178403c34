"""What can be wrong in a design, found before anything runs."""

from collections.abc import Sequence

import numpy as np

from hetsim import names
from hetsim.cells.full_cell import Cell
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.parameters.cell_file import side_of
from hetsim.parameters.checks import (
    CELL_HOMES,
    architectures_that_need,
    checked_value,
    known_parameter,
)
from hetsim.parameters.schema import SCHEMA
from hetsim.results import Array
from hetsim.sweeping.design import Design

ASKED_FROM = 1_000_000
"""A design of more cases than this runs only when it is confirmed."""

_WHERE = "A sweep"
_FULL_CELL_HOMES = ("cell", "system", "electrolyte")
_DERIVED_CHECKED = 100_000
"""Cases whose derived values are all checked beforehand; in larger designs those at both ends."""

_SECONDS_A_CASE = 2e-4  # two discharges of a single particle model of two hosts
_BYTES_A_CASE = 100  # compressed


def check_design(design: Design, cells: Sequence[Cell]) -> None:
    """Every name and value of a design against the schema and against each cell.

    Raises ParameterError for a name that is unknown, swept twice, a list, or fixed by the
    architecture, and for a value that is outside its limits or that a cell refuses.
    """
    for name in design.auxiliary:
        if name not in design.names:
            raise ParameterError(f"{_WHERE}: the auxiliary '{name}' is not swept.")
        if "/" in name or name in SCHEMA:
            raise ParameterError(
                f"{_WHERE}: the auxiliary '{name}' must have a name of its own, without a slash."
            )
    twice = set(design.names) & set(design.derived)
    if twice:
        raise ParameterError(f"{_WHERE}: '{sorted(twice)[0]}' is both swept and derived.")
    columns = {**design.explicit(), **_derived(design)}
    for name in design.parameters():
        for cell in cells:
            _check_name(name, columns[name], cell)


def check_size(cases: int, stored: bool, confirmed: bool) -> None:
    """Raises ParameterError for a very large design that was not confirmed or has no store."""
    if cases <= ASKED_FROM:
        return
    if not confirmed:
        days, gigabytes = cases * _SECONDS_A_CASE / 86400, cases * _BYTES_A_CASE / 1e9
        raise ParameterError(
            f"The design has {cases} cases: at 0.2 ms each some {days:.3g} days of one core and "
            f"{gigabytes:.3g} GB of store. If that is meant, say so: `--yes`, or large=True."
        )
    if not stored:
        raise ParameterError(f"A sweep of {cases} cases needs a store on disk: store='study.zarr'.")


def _check_name(name: str, values: Array, cell: Cell) -> None:
    stem, homes, half = _meaning(name, cell)
    info = known_parameter(stem, homes, _WHERE)
    if info.is_list:
        raise ParameterError(
            f"{_WHERE}: '{name}' is a list of numbers, and only single numbers can be swept; give "
            "each list a cell of its own and sweep over the cells."
        )
    if info.home == "component" and "migration barrier" not in stem:
        raise ParameterError(
            f"{_WHERE}: '{name}' is no value of the equations of a cell; it would change nothing."
        )
    ends = _ends(values)
    for value in ends:
        checked_value(stem, value, homes, _WHERE)
    if half is None:
        return
    architecture, acting = half.system.architecture, architectures_that_need(stem)
    if not info.always and architecture not in acting:
        raise ParameterError(
            f"{_WHERE}: '{name}' is fixed in {half.name}, whose particle is {architecture}; it "
            f"acts where the particle is {' or '.join(acting)}."
        )
    if stem == names.BUILT_IN_POTENTIAL:  # refused by the cell itself where no field acts
        for value in ends:
            half.with_values({stem: value})


def _ends(values: Array) -> list[float]:
    """The values that a limit could refuse: least, most (not a number, if there is one) and the one that
    is farthest from a whole number."""
    fraction = np.abs(values - np.round(values))
    return [float(np.min(values)), float(np.max(values)), float(values[np.argmax(fraction)])]


def _meaning(name: str, cell: Cell) -> tuple[str, tuple[str, ...], HalfCell | None]:
    """The schema's name of a parameter, where it may come from, and the electrode that it belongs to."""
    if isinstance(cell, HalfCell):
        return name, CELL_HOMES, cell
    side, stem = side_of(name, _WHERE)
    if not side:
        return stem, _FULL_CELL_HOMES, None
    return stem, CELL_HOMES, cell.negative if side == "negative" else cell.positive


def _derived(design: Design) -> dict[str, Array]:
    if not design.derived:
        return {}
    ends = [(0, design.size)]
    if design.size > _DERIVED_CHECKED:
        half = _DERIVED_CHECKED // 2
        ends = [(0, half), (design.size - half, design.size)]
    at_ends = [design.columns(*end) for end in ends]
    return {name: np.concatenate([one[name] for one in at_ends]) for name in design.derived}
