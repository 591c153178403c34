"""What can be wrong in a design, found before anything runs."""

from collections.abc import Sequence

import numpy as np

from hetsim import names
from hetsim.cell import HalfCell
from hetsim.parameters import CELL_HOMES, checked_value, known_parameter
from hetsim.reading import ParameterError
from hetsim.sweeping.design import Design

ASKED_FROM = 1_000_000
"""A design of more cases than this runs only when it is confirmed."""

_WHERE = "A sweep"
_DERIVED_CHECKED = 100_000
"""Cases whose derived values are all checked beforehand; in larger designs those at both ends."""

_SECONDS_A_CASE = 0.005  # one discharge of the single particle model in a compiled list
_BYTES_A_CASE = 100  # compressed


def check_design(design: Design, cells: Sequence[HalfCell]) -> None:
    """Every name and value of a design against the schema and against each cell.

    Raises ParameterError for a name that is unknown, swept twice, a list, or fixed by the
    architecture, and for a value that is outside its limits or that a cell refuses.
    """
    for name in design.auxiliary:
        if name not in design.names:
            raise ParameterError(f"{_WHERE}: the auxiliary '{name}' is not swept.")
    twice = set(design.names) & set(design.derived)
    if twice:
        raise ParameterError(f"{_WHERE}: '{sorted(twice)[0]}' is both swept and derived.")
    for name in design.parameters():
        _check_name(name, cells)
    columns = {**design.explicit(), **_derived(design)}
    for name in design.parameters():
        for value in np.unique(columns[name]):
            checked_value(name, value, CELL_HOMES, _WHERE)
        for cell in cells:
            _check_acts(name, columns[name], cell)


def check_size(cases: int, stored: bool, confirmed: bool) -> None:
    """Raises ParameterError for a very large design that was not confirmed or has no store."""
    if cases <= ASKED_FROM:
        return
    if not confirmed:
        days, gigabytes = cases * _SECONDS_A_CASE / 86400, cases * _BYTES_A_CASE / 1e9
        raise ParameterError(
            f"The design has {cases} cases: at 5 ms each some {days:.3g} days of one core and "
            f"{gigabytes:.3g} GB of store. If that is meant, say so: `--yes`, or large=True."
        )
    if not stored:
        raise ParameterError(f"A sweep of {cases} cases needs a store on disk: store='study.zarr'.")


def _check_name(name: str, cells: Sequence[HalfCell]) -> None:
    info = known_parameter(name, CELL_HOMES, _WHERE)
    if info.is_list:
        raise ParameterError(
            f"{_WHERE}: '{name}' is a list of numbers, and only single numbers can be swept; give "
            "each list a cell of its own and sweep over the cells."
        )
    if info.home == "component" and "migration barrier" not in name:
        raise ParameterError(
            f"{_WHERE}: '{name}' is no value of the equations of a cell; it would change nothing."
        )
    for cell in cells:
        architecture = cell.system.architecture
        if info.default is None and architecture not in info.architectures:
            raise ParameterError(
                f"{_WHERE}: '{name}' is fixed in {cell.name}, whose particle is {architecture}; it "
                f"acts where the particle is {' or '.join(info.architectures)}."
            )


def _check_acts(name: str, values: np.ndarray, cell: HalfCell) -> None:
    """A potential where no field acts is refused by the cell itself."""
    if name == names.BUILT_IN_POTENTIAL:
        for value in np.unique(values):
            cell.with_values({name: value})


def _derived(design: Design) -> dict[str, np.ndarray]:
    if not design.derived:
        return {}
    ends = [(0, design.size)]
    if design.size > _DERIVED_CHECKED:
        half = _DERIVED_CHECKED // 2
        ends = [(0, half), (design.size - half, design.size)]
    found = [design.columns(*end) for end in ends]
    return {name: np.concatenate([one[name] for one in found]) for name in design.derived}
