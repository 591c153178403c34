"""What a sweep keeps of each case: a few numbers of each protocol's result, and traces on request.

A protocol without an entry of its own keeps outcome, reason, charge balance and time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import numpy as np

from hetsim.results import Array, quantities
from hetsim.results.quantities import Quantity

Read = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """One array of a store.

    name : of the array, a quantity as it stands in a file
    along : dimensions beside that of the cases
    """

    name: str
    unit: str = "1"
    along: tuple[str, ...] = ()
    text: bool = False
    meaning: str = ""

    @classmethod
    def of(cls, quantity: Quantity, along: tuple[str, ...] = (), *, meaning: str) -> "Column":
        """A quantity of the result of every case."""
        return cls(quantity.key, quantity.unit, along, not quantity.unit, meaning)


@dataclass(frozen=True)
class Axis:
    """The values of a dimension."""

    values: Array
    unit: str = "1"

    @classmethod
    def of(cls, quantity: Quantity, values: Any) -> "Axis":
        """The values of a quantity."""
        return cls(np.array(values), quantity.unit)


@dataclass(frozen=True)
class Summary:
    """What a protocol's results are read into.

    read : from a result to its numbers by column
    discharges : solved steps a case, from which the size of a chunk follows
    """

    columns: tuple[Column, ...] = ()
    axes: Mapping[str, Axis] = field(default_factory=dict)
    read: Read = lambda result: {}
    discharges: int = 1


OF_EVERY_CASE = (
    Column.of(quantities.OUTCOME, meaning="how the case ended; the first that is not good"),
    Column.of(quantities.REASON, meaning="why, where it is not good"),
    Column.of(quantities.CHARGE_BALANCE, meaning="coulombs against inventory, relative"),
    Column.of(quantities.TIME_USED, meaning="wall time of the case; differs from run to run"),
)


@singledispatch
def summary(protocol: Any, trace_points: int = 0) -> Summary:
    """One registered function for each protocol."""
    return Summary()
