"""Running a rate test."""

from dataclasses import replace
from typing import Any

import numpy as np

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.engine import measured_steps
from hetsim.engine.building import CLOSER
from hetsim.engine.chains import Answers, Chains, Ended
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.relay import LEAST, side_by_side
from hetsim.protocols import RateTest
from hetsim.results import RateCurve
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.rate_chains import numbers_of, rate_chains
from hetsim.simulation.rate_plan import Points, rate_plan, rate_point
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
    if not protocol.from_equilibrium:
        points = _relayed(bench, protocol, built.interpreter)
        if points is not None:
            return points
    chains = rate_chains(protocol, inputs, 1, built.interpreter)
    for tolerance in (built.traced, dict.fromkeys(built.traced, CLOSER)):
        answers = built.interpreter.run(
            inputs, chains, tolerance["rtol"], tolerance["atol"], path=True
        )
        found = numbers_of(built, protocol, inputs, chains, answers, halved=False)
        if found.settled[0] and not found.doubtful[0]:
            return _points(bench, protocol, chains, answers)
    return None


def _relayed(bench: Potentiostat, protocol: RateTest, of: Interpreter) -> Points | None:
    """The points of a test whose steps all end at their cut-offs; None of any other.

    The last cycles of all currents are run side by side, from the states that a rougher run of the whole test came to
    them with.
    """
    built, inputs = bench.built, bench.inputs
    if built.traced == built.handed_on or len(protocol.currents) * protocol.cycles < LEAST // 2:
        return None
    chains = rate_chains(protocol, inputs, 1, of)
    rtol, atol = built.handed_on["rtol"], built.handed_on["atol"]
    roughly = of.run(inputs, chains, rtol, atol, entered=True)
    found = numbers_of(built, protocol, inputs, chains, roughly, halved=False)
    if not found.settled[0] or (roughly.code != Ended.CUT_OFF).any():
        return None
    each = 2 * protocol.cycles
    last = np.arange(len(protocol.currents)) * each + each - 2
    again = side_by_side(of, inputs, chains, roughly, last, 2, built.traced)
    if again is None:
        return None
    once = replace(protocol, cycles=1)
    if not numbers_of(built, once, inputs, *again, halved=False).settled[0]:
        return None
    which = np.argwhere(again[1].code != Ended.NOT_REACHED)
    steps = measured_steps(built, inputs, *again, which, np.ones(len(which), bool))
    pairs = zip(protocol.currents, steps[::2], steps[1::2], strict=True)
    return tuple(rate_point(current, *both) for current, *both in pairs)


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
