"""The steps of a rate test, and its points from the steps."""

from hetsim.engine import Step, engines, solution_later
from hetsim.protocols import RateTest
from hetsim.results import Outcome, RatePoint
from hetsim.simulation.potentiostat import Plan, step_trace

Points = tuple[RatePoint, ...]


def rate_plan(protocol: RateTest) -> Plan[Points]:
    """The steps of a rate test."""
    return _from_equilibrium(protocol) if protocol.from_equilibrium else _cycled(protocol)


def _from_equilibrium(protocol: RateTest) -> Plan[Points]:
    points = []
    for current in protocol.currents:
        step = yield current, None
        points.append(rate_point(current, step))
    return tuple(points)


def _cycled(protocol: RateTest) -> Plan[Points]:
    state = None
    points = []
    for current in protocol.currents:
        insertion = extraction = None
        for _ in range(protocol.cycles):
            insertion = yield current, state
            if insertion.outcome is not Outcome.CUT_OFF:
                extraction = None
                break
            extraction = yield -current, insertion.state
            if extraction.outcome is not Outcome.CUT_OFF:
                break
            state = extraction.state
        assert insertion is not None
        points.append(rate_point(current, insertion, extraction))
    return tuple(points)


def rate_point(current: float, insertion: Step, extraction: Step | None = None) -> RatePoint:
    """The last insertion at a current; a failure of its extraction is the failure of the point."""
    steps = [step for step in (insertion, extraction) if step is not None]
    worst = next((step for step in steps if not step.outcome.good), insertion)
    traces = [step_trace(step, current) if step.time.size else None for step in steps]
    good = worst.outcome.good
    return RatePoint(
        current=current,
        capacity=float(traces[0].capacity[-1]) if good and traces[0] else float("nan"),
        outcome=worst.outcome,
        reason=worst.reason,
        charge_balance=max((abs(step.charge_balance) for step in steps), default=float("nan")),
        extraction_capacity=float(traces[1].capacity[-1])
        if good and len(traces) == 2 and traces[1]
        else float("nan"),
        insertion=traces[0],
        extraction=traces[1] if len(traces) == 2 else None,
        solution=solution_later([insertion.track] if insertion.track else []),
        engine=engines(step.track for step in steps),
    )
