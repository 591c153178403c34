"""How the capacity moves with each value near a cell, by PyBaMM's forward sensitivities."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import CURRENT, BuiltModel, built_model
from hetsim.engine.sensitivity import moved_end
from hetsim.errors import ParameterError
from hetsim.laws.electrode import active_mass
from hetsim.parameters.checks import CELL_HOMES, known_parameter
from hetsim.results import Outcome
from hetsim.results.quantities import CAPACITY
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.units import MAH, specific_charge

_STEP = 1e-4
"""Relative step by which the inputs that follow from a value are differentiated."""


def local_sensitivity(
    cell: HalfCell, parameters: Sequence[str], current: float, model: str = "SPMe"
) -> pd.DataFrame:
    """Derivatives of the capacity of one insertion from equilibrium, at one current [A.g-1].

    One row a parameter: its value p, the capacity Q [mA.h.g-1], dQ/dp [mA.h.g-1 per the unit of p] and
    p dQ/dp [mA.h.g-1], what a relative change moves. Integrated with the model, not differenced: a run
    for each parameter is saved. What a value changes beside itself, such as the occupancy at the start
    or the current of the electrode, is followed.

    Parameters
    ----------
    cell : HalfCell
        Half cell; values hold at its ambient temperature
    parameters : Sequence[str]
        Names of the values that are changed
    current : float
        Of the insertion [A.g-1], positive
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"

    Returns
    -------
    pd.DataFrame

    Raises
    ------
    ParameterError
        For a name that is no single number of the cell, for a current that is not positive, or if
        the insertion does not reach its cut-off.
    """
    where = "A sensitivity"
    for name in parameters:
        if known_parameter(name, CELL_HOMES, where).is_list:
            raise ParameterError(f"{where}: '{name}' is a list of numbers; name a single number.")
        if name not in cell.values:
            raise ParameterError(f"{where}: {cell.name} has no '{name}'.")
    if not current > 0:
        raise ParameterError(f"{where} needs a positive current [A/g], got {current}.")
    built = built_model(cell, model, CURRENT)
    inputs = _inputs(built, cell, current)
    following = {name: _following(built, cell, name, current) for name in parameters}
    wanted = sorted({one for moved in following.values() for one in moved})
    longest = Potentiostat(cell, model, CURRENT).insertion_time(current)
    end = moved_end(built, inputs, longest, wanted)
    if isinstance(end, Outcome):
        raise ParameterError(
            f"{where}: at {current:g} A/g {cell.name} does not reach its cut-off ({end.value}); "
            "try another current."
        )
    rows = []
    for name, moved in following.items():
        slope = sum(end.by_input[one] * rate for one, rate in moved.items()) * current / MAH
        value = cell.values.number(name)
        rows.append([value, specific_charge(current, end.time), slope, slope * value])
    columns = [
        "value",
        CAPACITY.column,
        f"derivative [{CAPACITY.unit} per unit]",
        f"per relative change [{CAPACITY.unit}]",
    ]
    return pd.DataFrame(rows, index=pd.Index(list(parameters), name="parameter"), columns=columns)


def _inputs(built: BuiltModel, cell: HalfCell, current: float) -> dict[str, float]:
    inputs = built.inputs(cell)
    return {**inputs, names.CURRENT: current * active_mass(inputs.__getitem__)}


def _following(built: BuiltModel, cell: HalfCell, name: str, current: float) -> dict[str, float]:
    """du/dp of every input u that moves with a parameter p."""
    value: Any = cell.values[name]
    low, high = value * (1 - _STEP), value * (1 + _STEP)
    if value == 0:
        low, high = -_STEP, _STEP
    below, above = _at(cell, name, low), _at(cell, name, high)
    if below is None:  # at a limit of the schema one side has to do
        low, below = value, cell
    if above is None:
        high, above = value, cell
    before, after = _inputs(built, below, current), _inputs(built, above, current)
    slopes = {u: (after[u] - before[u]) / (high - low) for u in before if after[u] != before[u]}
    return {u: rate for u, rate in slopes.items() if np.isfinite(rate)}


def _at(cell: HalfCell, name: str, value: float) -> HalfCell | None:
    """The cell with another value, if that is allowed and leaves its structure."""
    try:
        changed = cell.with_values({name: value})
    except ParameterError:
        return None
    return changed if changed.structure == cell.structure else None
