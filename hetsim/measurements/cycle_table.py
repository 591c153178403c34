"""Measured capacity against the number of the cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hetsim.late import late
from hetsim.measurements.rate_from_cycling import cycle_capacity
from hetsim.measurements.specific import chosen, over, per_gram, used_mass
from hetsim.measurements.table import Array, Table, dropped
from hetsim.results.quantities import CAPACITY, CURRENT, CYCLE
from hetsim.results.tables import table as frame_of

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")


@dataclass(frozen=True)
class CycleTable:
    """Capacity of each cycle.

    cycle : number of the cycle
    capacity : [mA.h.g-1], inserted
    current : [A.g-1], if the file has it
    """

    cycle: Array
    capacity: Array
    current: Array | None = None

    def to_frame(self) -> pd.DataFrame:
        """One row a cycle."""
        more = {} if self.current is None else {CURRENT: self.current}
        return frame_of({CYCLE: self.cycle, CAPACITY: self.capacity, **more})


def read_cycles(table: Table) -> tuple[CycleTable, tuple[str, ...]]:
    """The cycles of a table, and what was understood in a few phrases. Raises MeasurementError."""
    column, cycle = cycle_capacity(table), table.one_of("cycle", CYCLE.key)
    table, blank = table.without_blank([cycle, column])
    table.require_rows()
    numbers, capacity = table.numbers(cycle), per_gram(table, column, "capacity")
    current = None
    if table.has("current"):
        one = chosen(table, "current", CURRENT.key)
        if not used_mass(table, [one]) or table.stated.mass_mg is not None:
            current = np.abs(per_gram(table, one))
    return CycleTable(numbers, capacity, current), (
        f"{len(numbers)} cycles from {numbers.min():g} to {numbers.max():g}",
        f"inserted capacity {column.told}{over(table, column)}",
        *dropped(blank, "without numbers"),
        *table.how,
    )
