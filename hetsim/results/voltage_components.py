"""What the voltage of a run is made of, for results that keep PyBaMM's solution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim import names
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.results import quantities
from hetsim.results.outcome import Array
from hetsim.results.quantities import Quantity
from hetsim.results.tables import table

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

_POINTS = 200
"""Fewest intervals of a curve."""


def component_frame(solution: Any, of: str) -> pd.DataFrame:
    """Time, voltage and its components: one row a time, one column a component [V].

    solution : of PyBaMM, with its whole state
    of : whose it is, for the message

    The times are those of the solver, and some between where they are far apart. The components add up to the voltage
    at each. Raises ParameterError for a result without a solution.
    """
    if solution is None:
        raise ParameterError(
            f"{of} keeps no solution, which its voltage components need; run it alone with `hs.run`, "
            "to a good end."
        )
    found = [
        name
        for name in solution.all_models[0].variables
        if name.startswith(names.VOLTAGE_COMPONENT)
    ]
    time = _filled(np.asarray(solution.t))
    columns = {quantities.TIME: time - time[0]}
    for quantity, name in (
        (quantities.VOLTAGE, names.VOLTAGE),
        *((_quantity(n), n) for n in found),
    ):
        columns[quantity] = np.asarray(solution[name](time))
    return table(columns)


def _filled(time: Array) -> Array:
    """Times, with further ones between those that are more than a 200th of the whole apart [s]."""
    longest = (time[-1] - time[0]) / _POINTS
    if longest == 0:
        return time
    parts = np.ceil(np.diff(time) / longest).astype(int).clip(min=1)
    between = [
        np.linspace(start, end, count, endpoint=False)
        for start, end, count in zip(time[:-1], time[1:], parts, strict=True)
    ]
    return np.concatenate([*between, time[-1:]])


def components_of(frame: pd.DataFrame) -> list[str]:
    """The columns of a table of components that add up to the voltage."""
    others = {one.column for one in (quantities.TIME, quantities.VOLTAGE, *KEYS)}
    return [str(name) for name in frame.columns if name not in others]


KEYS = (quantities.CURRENT, quantities.SCAN_RATE)
"""What tells the parts of a result apart in its table."""


def of_parts(key: Quantity, frames: Sequence[tuple[float, pd.DataFrame]]) -> pd.DataFrame:
    """Tables of several parts below each other, with the key of each part in the first column."""
    for value, frame in frames:
        frame.insert(0, key.column, value)
    return pd.concat([frame for _, frame in frames], ignore_index=True)


def _quantity(name: str) -> Quantity:
    return Quantity(name.removeprefix(names.VOLTAGE_COMPONENT).removesuffix(" [V]"), "V")
