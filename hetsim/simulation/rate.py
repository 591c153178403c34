"""Running a rate test."""

from typing import Any

import numpy as np

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.engine import measured_steps
from hetsim.engine.building import CLOSER
from hetsim.engine.interpreter import Answers, Chains, Ended
from hetsim.protocols import RateTest
from hetsim.results import RateCurve
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.rate_chains import numbers_of, rate_chains
from hetsim.simulation.rate_plan import Points, rate_plan
from hetsim.simulation.run import provenance, run_protocol


@run_protocol.register
def _rate_test(protocol: RateTest, cell: Cell, model: str) -> RateCurve:
    return rate_curve(protocol, cell, model, points_alone(Potentiostat(cell, model), protocol))


def points_alone(bench: Potentiostat, protocol: RateTest) -> Points:
    """The points of one cell, which no other one shares."""
    points = _interpreted(bench, protocol)
    return bench.run(rate_plan(protocol)) if points is None else points


def _interpreted(bench: Potentiostat, protocol: RateTest) -> Points | None:
    """The points by the interpreter, all currents at once; None where it cannot finish them."""
    built, inputs = bench.built, bench.inputs
    if built.interpreter is None:
        return None
    chains = rate_chains(protocol, inputs, 1, built.interpreter)
    for tolerance in (built.traced, dict.fromkeys(built.traced, CLOSER)):
        answers = built.interpreter.run(
            inputs, chains, tolerance["rtol"], tolerance["atol"], path=True
        )
        found = numbers_of(built, protocol, inputs, chains, answers, halved=False)
        if found.settled[0] and not found.doubtful[0]:
            return _points(bench, protocol, chains, answers)
    return None


def _points(
    bench: Potentiostat, protocol: RateTest, chains: Chains, answers: Answers
) -> Points | None:
    """The points of a test from its chains, with the traces of the last cycle at each current."""
    reached = np.argwhere(answers.code != Ended.NOT_REACHED)
    of_current = (
        reached[:, 0] if protocol.from_equilibrium else reached[:, 1] // (2 * protocol.cycles)
    )
    direction = 0 if protocol.from_equilibrium else reached[:, 1] % 2
    kind = 2 * of_current + direction
    last = [place for place, one in enumerate(kind) if one not in kind[place + 1 :]]
    shown = np.isin(np.arange(len(reached)), last)
    steps = measured_steps(bench.built, bench.inputs, chains, answers, reached, shown)
    plan = rate_plan(protocol)
    next(plan)
    try:
        for step in steps:
            plan.send(step)
    except StopIteration as done:
        points: Points = done.value
        return points
    return None  # pragma: no cover - the plan asks for what the chains have reached


def rate_curve(protocol: RateTest, cell: Cell, model: str, points: Points) -> RateCurve:
    """The result of a rate test from its points."""
    return RateCurve(points=points, **provenance(cell, protocol, model), **masses(cell))


def masses(cell: Cell) -> dict[str, Any]:
    """Which mass counts in a full cell, as fields of its result."""
    if not isinstance(cell, FullCell):
        return {}
    return {"per_gram_of": cell.per_gram_of, "share_of_actives": cell.share_of_actives}
