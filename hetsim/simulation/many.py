"""Many cells, one protocol: a result for each, whatever happens to the others."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hetsim.cell import HalfCell
from hetsim.reading import ParameterError
from hetsim.results import Outcome
from hetsim.simulation.dispatch import run


@dataclass(frozen=True)
class Case:
    """What came out of one cell of many."""

    result: Any
    outcome: Outcome
    reason: str
    seconds: float
    charge_balance: float


def compiler_note() -> str:
    """A sentence for the user where no C compiler is there; empty otherwise."""
    return ""


def run_many(
    cells: Sequence[HalfCell | ParameterError],
    protocol: Any,
    model: str = "SPMe",
    *,
    threads: int = 1,
    traces: bool = False,
) -> list[Case]:
    """A case for each cell, in their order."""
    return [_case(cell, protocol, model) for cell in cells]


def _case(cell: HalfCell | ParameterError, protocol: Any, model: str) -> Case:
    start = time.perf_counter()
    try:
        if isinstance(cell, ParameterError):
            raise cell
        result = run(cell, protocol, model)
    except ParameterError as error:
        return Case(None, Outcome.INFEASIBLE, str(error), 0.0, float("nan"))
    seconds = time.perf_counter() - start
    worst = next((p for p in result.points if not p.outcome.good), result.points[0])
    balance = max(abs(point.charge_balance) for point in result.points)
    return Case(result, worst.outcome, worst.reason, seconds, balance)
