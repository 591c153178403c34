"""What the voltage of a run is made of, for results that keep PyBaMM's solution."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hetsim import names
from hetsim.errors import ParameterError
from hetsim.results import quantities
from hetsim.results.quantities import Quantity
from hetsim.results.tables import table


def component_frame(solution: Any, of: str) -> pd.DataFrame:
    """Time, voltage and its components: one row a time of the solution, one column a component [V].

    solution : of PyBaMM, with its whole state
    of : whose it is, for the message

    The components add up to the voltage. Raises ParameterError for a result without a solution.
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
    time = np.asarray(solution.t)
    columns = {
        quantities.TIME: time - time[0],
        quantities.VOLTAGE: np.asarray(solution[names.VOLTAGE].entries),
    }
    for name in found:
        columns[_quantity(name)] = np.asarray(solution[name].entries)
    return table(columns)


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
