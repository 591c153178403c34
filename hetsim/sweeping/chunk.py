"""A chunk of cases: what is sent to a worker, what it does, and what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.cells.full_cell import Cell
from hetsim.errors import ParameterError
from hetsim.results import Outcome
from hetsim.simulation import versions
from hetsim.simulation.run_many import Case, run_alone, run_many
from hetsim.sweeping import protocol_quantities, rate_quantities  # noqa: F401  they register their protocols
from hetsim.sweeping.by_columns import ONE_AT_A_TIME, by_columns, goes_by_columns
from hetsim.sweeping.summaries import OF_EVERY_CASE, Column, summary
from hetsim.sweeping.texts import Texts

Columns = dict[str, Any]
"""By name: numbers as arrays, text as `Texts`."""


@dataclass(frozen=True)
class Order:
    """Cases for a worker: small enough to be sent, and all that it needs.

    cells, which : the cells of the study, and the number of the one that each case starts from, [cases]
    changes : name to values, one a case
    """

    cells: Sequence[Cell]
    which: NDArray[np.intp]
    changes: Mapping[str, NDArray[np.float64]]
    protocol: Any
    model: str
    trace_points: int
    threads: int
    versions: Mapping[str, str]

    def of(self, places: NDArray[np.intp]) -> "Order":
        """The order of some of the cases."""
        changes = {name: column[places] for name, column in self.changes.items()}
        return replace(self, which=self.which[places], changes=changes)

    def only(self, place: int) -> "Order":
        """The order of one of the cases."""
        return self.of(np.array([place]))


def run_order(order: Order) -> Columns:
    """Run the cases of an order; a row for each, whatever happened to it.

    Raises ParameterError if this worker has other versions than the one who ordered.
    """
    here = versions()
    for name, version in order.versions.items():
        if here.get(name) != version:
            raise ParameterError(
                f"A worker has {name} {here.get(name)} and the sweep {version}; all must be equal."
            )
    columns, left = _by_columns(order)
    if left.size:
        others = order.of(left)
        rows = _by_cells(others)
        for name, column in columns.items():
            column[left] = rows[name]
    return columns


def _by_columns(order: Order) -> tuple[Columns, NDArray[np.intp]]:
    """Columns with the cases that need no object of their own, and the places of the others."""
    rows = len(order.which)
    columns = empty(columns_of(order), rows, sizes_of(order))
    left = np.ones(rows, dtype=bool)
    if not goes_by_columns(order.cells, order.protocol, order.trace_points):
        return columns, np.flatnonzero(left)
    for number in np.unique(order.which):
        here = np.flatnonzero(order.which == number)
        changes = {name: column[here] for name, column in order.changes.items()}
        try:
            found = by_columns(
                order.cells[number], changes, order.protocol, order.model, order.threads
            )
        except Exception:  # a fault that nobody foresaw: each case by itself says what it is
            continue
        for places, content in found:
            left[here[places]] = False
            for name, column in content.items():
                columns[name][here[places]] = column
    return columns, np.flatnonzero(left)


def _by_cells(order: Order) -> Columns:
    """The rows of cases, each with a cell of its own."""
    cells = [_cell(order, row) for row in range(len(order.which))]
    with ONE_AT_A_TIME:
        try:
            cases = _run(cells, order)
        except Exception:  # a fault that nobody foresaw must not take the others with it
            cases = [_guarded(cell, order) for cell in cells]
    return collected(cases, order)


def lost(order: Order, outcome: str, reason: str) -> Columns:
    """Rows of cases that came to nothing, with the reason."""
    rows = len(order.which)
    columns = empty(columns_of(order), rows, sizes_of(order))
    columns["outcome"][:] = outcome
    columns["reason"][:] = reason
    return columns


def columns_of(order: Order) -> tuple[Column, ...]:
    """All columns of an order's rows."""
    return (*OF_EVERY_CASE, *summary(order.protocol, order.trace_points).columns)


def sizes_of(order: Order) -> dict[str, int]:
    """Lengths of the dimensions beside that of the cases."""
    axes = summary(order.protocol, order.trace_points).axes
    return {name: axis.values.size for name, axis in axes.items()}


def empty(columns: Sequence[Column], rows: int, sizes: Mapping[str, int]) -> Columns:
    """Columns without content: blank text, and numbers that are none."""
    found: Columns = {}
    for column in columns:
        shape = (rows, *(sizes[name] for name in column.along))
        found[column.name] = Texts.blank(shape) if column.text else np.full(shape, np.nan)
    return found


def joined(parts: Sequence[Columns]) -> Columns:
    """Rows one after the other."""
    found: Columns = {}
    for name, first in parts[0].items():
        several = [part[name] for part in parts]
        found[name] = Texts.joined(several) if isinstance(first, Texts) else np.concatenate(several)
    return found


def collected(cases: Sequence[Case], order: Order) -> Columns:
    """The columns of finished cases."""
    kept = summary(order.protocol, order.trace_points)
    columns = empty(columns_of(order), len(cases), sizes_of(order))
    for row, case in enumerate(cases):
        columns["outcome"][row] = case.outcome.value
        columns["reason"][row] = case.reason
        columns["charge_balance"][row] = case.charge_balance
        columns["time_used_s"][row] = case.seconds
        if case.result is not None:
            for name, value in kept.read(case.result).items():
                columns[name][row] = value
    return columns


def _run(cells: Sequence[Cell | ParameterError], order: Order) -> list[Case]:
    if order.trace_points:  # a list of cases keeps the voltage at the solver's own steps only
        return [run_alone(cell, order.protocol, order.model) for cell in cells]
    return run_many(cells, order.protocol, order.model, threads=order.threads)


def _guarded(cell: Cell | ParameterError, order: Order) -> Case:
    """The case of one cell, whatever it raises."""
    try:
        return _run([cell], order)[0]
    except Exception as error:
        reason = f"hetsim failed ({error!r}); please report it"
        return Case(None, Outcome.SOLVER_FAILED, reason, 0.0, float("nan"))


def _cell(order: Order, row: int) -> Cell | ParameterError:
    """The cell of a case, or why there is none."""
    changes = {name: column[row] for name, column in order.changes.items()}
    try:
        return order.cells[order.which[row]].with_values(changes)
    except ParameterError as error:
        return error
