"""How far an extracted number is from the value that was put in."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hetsim.analysis.extractions import Extraction
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.results import Outcome
from hetsim.simulation import run


def bias(
    cell: HalfCell,
    protocol: Any,
    analysis: Extraction | Sequence[Extraction],
    over: Mapping[str, Sequence[Any]],
    model: str = "SPM",
) -> pd.DataFrame:
    """Put a known truth in, run the protocol, and set beside it what the analysis finds.

    Parameters
    ----------
    cell : HalfCell
        Half cell; values hold at its ambient temperature
    protocol : protocol
        Such as hs.GITT(...) or hs.CV(...), or a function of the cell that returns one, where
        currents or durations go with the cell
    analysis : Extraction | Sequence[Extraction]
        `GittDiffusivity()`, `CapacitiveShare()`, `MeanExponent()`, or anything with `quantity`,
        `truth(cell)` and `found(cell, result)`; several share one run
    over : Mapping[str, Sequence[Any]]
        Values by name, of a parameter of the cell ("Particle radius [m]", "Built-in potential [V]")
        or of a field of the protocol ("pulse", "current", "scan_rates"); all combinations are run
    model : str, default 'SPM'
        "SPM", which leaves the electrolyte out, so that the bias is that of the method on particles

    Returns
    -------
    pd.DataFrame

    Raises
    ------
    ParameterError
        For a name that neither cell nor protocol has.

    Notes
    -----
    Returns one row a combination and quantity: the values, the quantity with its unit, truth, found, ratio
    = found/truth (not a number for a truth of 0), outcome and reason. A run that fails, or has nothing to extract from,
    keeps its row without a number.
    """
    analyses = (analysis,) if isinstance(analysis, Extraction) else tuple(analysis)
    rows = []
    for values in itertools.product(*over.values()):
        point = dict(zip(over, values, strict=True))
        rows += [{**point, **row} for row in _rows(cell, protocol, analyses, point, model)]
    return pd.DataFrame(rows)


def _rows(
    cell: HalfCell,
    protocol: Any,
    analyses: Sequence[Extraction],
    point: Mapping[str, Any],
    model: str,
) -> list[dict[str, Any]]:
    changed = cell.with_values({name: one for name, one in point.items() if name in cell.values})
    test = _protocol(protocol, changed)
    own = {name: one for name, one in point.items() if name not in cell.values}
    _check(own, test)
    try:
        result = run(changed, replace(test, **own), model)
    except ParameterError as error:
        result, outcome, reason = None, Outcome.INFEASIBLE, str(error)
    else:
        outcome, reason = result.outcome, result.reason
    return [
        {
            "quantity": analysis.quantity,
            "truth": (truth := analysis.truth(changed)),
            "found": (found := analysis.found(changed, result) if outcome.good else np.nan),
            "ratio": found / truth if truth else np.nan,
            "outcome": outcome.value,
            "reason": reason,
        }
        for analysis in analyses
    ]


def _protocol(protocol: Any, cell: HalfCell) -> Any:
    made: Callable[[HalfCell], Any] = protocol
    return made(cell) if callable(protocol) else protocol


def _check(own: Mapping[str, Any], protocol: Any) -> None:
    known = [field.name for field in fields(protocol)] if is_dataclass(protocol) else []
    for name in own:
        if name not in known:
            raise ParameterError(
                f"bias: '{name}' is neither a parameter of the cell nor a field of "
                f"{type(protocol).__name__} ({', '.join(known)})."
            )
