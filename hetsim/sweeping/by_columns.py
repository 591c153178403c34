"""Rate tests of a sweep from the columns of its design to the columns of its store, without an object for each case."""

import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.cells.columns import CellColumns, cell_columns
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import built_model
from hetsim.engine.chains import Ended
from hetsim.engine.native.library import library
from hetsim.protocols import RateTest
from hetsim.results import Array, quantities
from hetsim.simulation.rate_chains import ENDINGS, RateNumbers, rate_numbers
from hetsim.sweeping.rate_quantities import OUTCOME_AT_CURRENT, REASON_AT_CURRENT
from hetsim.sweeping.texts import Texts

Rows = NDArray[np.intp]
Found = tuple[Rows, dict[str, Any]]
"""Places of cases, and their columns."""

ONE_AT_A_TIME = threading.Lock()
"""A built model holds the state of PyBaMM's run in it, and a worker of a cluster may have several threads; the
interpreter keeps nothing, so that only building needs it here."""

_OUTCOMES = [outcome.value for outcome, _ in ENDINGS]
_REASONS = [reason for _, reason in ENDINGS]


def goes_by_columns(cells: Any, protocol: Any, trace_points: int) -> bool:
    """Whether cases can go by columns: rate tests of half cells without traces, where the engine has its library."""
    return (
        isinstance(protocol, RateTest)
        and not trace_points
        and all(isinstance(cell, HalfCell) for cell in cells)
        and library() is not None
    )


def by_columns(
    cell: HalfCell,
    changes: dict[str, Array],
    protocol: RateTest,
    model: str,
    threads: int,
) -> list[Found]:
    """The cases that could be finished: their places among the changes, and their columns.

    What is missing is for the cells one by one: what a cell refuses, and what another engine is to look at.
    """
    if not changes:
        return []
    begin, found = time.perf_counter(), []
    for group in cell_columns(cell, changes):
        with ONE_AT_A_TIME:
            built = built_model(group.cell, model)
            _ = built.interpreter
        inputs = built.known(group.inputs)
        numbers = rate_numbers(built, inputs, group.rows.size, protocol, threads)
        if numbers is None:
            continue
        now = time.perf_counter()
        columns = rate_columns(numbers, protocol)
        columns[quantities.TIME_USED.key] = np.full(
            group.rows.size, (now - begin) / group.rows.size
        )
        found.append(_settled(group, numbers, columns))
        begin = now
    return found


def _settled(group: CellColumns, numbers: RateNumbers, columns: dict[str, Any]) -> Found:
    if numbers.settled.all():
        return group.rows, columns
    places = np.flatnonzero(numbers.settled)
    return group.rows[places], {name: column[places] for name, column in columns.items()}


def rate_columns(numbers: RateNumbers, protocol: RateTest) -> dict[str, Any]:
    """The columns of rate tests by name, as the results of single cases give them."""
    code = numbers.worst
    bad = code != Ended.CUT_OFF
    # the first current that did not end well, or else the first
    worst = code[np.arange(len(code)), np.argmax(bad, axis=1)]
    charges = numbers.charges(protocol.currents)
    with np.errstate(invalid="ignore"):
        balance = np.fmax.reduce(numbers.balance, axis=(1, 2))
    found = {
        quantities.OUTCOME: Texts(worst, _OUTCOMES),
        quantities.REASON: Texts(worst, _REASONS),
        quantities.CHARGE_BALANCE: balance,
        quantities.CAPACITY: charges[..., 0],
        OUTCOME_AT_CURRENT: Texts(code, _OUTCOMES),
        REASON_AT_CURRENT: Texts(code, _REASONS),
    }
    if not protocol.from_equilibrium:
        found[quantities.EXTRACTION_CAPACITY] = charges[..., 1]
        found[quantities.POLARISATION] = numbers.polarisation
    return {quantity.key: column for quantity, column in found.items()}
