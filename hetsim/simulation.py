"""run(cell, protocol): from a cell and an experiment to a result."""

import logging
from functools import singledispatch
from importlib.metadata import version
from typing import Any

import pybamm

from hetsim.cell import HalfCell
from hetsim.engine import BuiltModel, Step, built_model
from hetsim.protocols import RateTest
from hetsim.results import Outcome, RateCurve, RatePoint, Trace

pybamm.set_logging_level(logging.ERROR)  # what PyBaMM would warn of is an outcome of the result

PATIENCE = 1.05
"""A step is given up when this multiple of the full capacity has passed."""


def run(cell: HalfCell, protocol: RateTest, model: str = "SPMe") -> RateCurve:
    """Run an experiment on a cell.

    model : "SPM", "SPMe" or "DFN". The first run of a structure in a process builds it (a second or
    so); later ones, with whatever values, cost milliseconds.
    """
    if not isinstance(cell, HalfCell):
        raise TypeError(f"hs.run needs a cell, got {cell!r}; hs.load('CZT') makes one.")
    return _run(protocol, cell, model)


@singledispatch
def _run(protocol: Any, cell: HalfCell, model: str) -> Any:
    raise TypeError(f"{type(protocol).__name__} is not a protocol; try hs.RateTest([0.1, 1, 10]).")


@_run.register
def _rate_test(protocol: RateTest, cell: HalfCell, model: str) -> RateCurve:
    built = built_model(cell, model)
    points = _from_equilibrium if protocol.from_equilibrium else _cycled
    return RateCurve(
        system=cell.name,
        model=model,
        points=tuple(points(protocol, cell, built)),
        parameters=dict(cell.values),
        parameters_hash=cell.parameters_hash,
        protocol=repr(protocol),
        versions=versions(),
        thermodynamic_status=cell.structure.architecture.field.thermodynamic_status,
    )


def versions() -> dict[str, str]:
    """Versions of what a result depends on."""
    return {
        name: version(name) for name in ("hetsim", "pybamm", "pybammsolvers", "casadi", "numpy")
    }


class _Bench:
    """One cell on one built model: steps in A/g."""

    def __init__(self, cell: HalfCell, built: BuiltModel) -> None:
        self.built = built
        self.inputs = built.inputs(cell)
        self.mass = (
            self.inputs["Active mass loading [mg.cm-2]"] * self.inputs["Electrode area [cm2]"]
        )  # mg
        self.capacity = self.inputs["Specific capacity [mA.h.g-1]"]

    def step(self, specific_current: float, state: Any) -> Step:
        longest = PATIENCE * self.capacity / abs(specific_current) * 3.6  # s
        return self.built.step(self.inputs, specific_current * self.mass * 1e-3, longest, state)


def _trace(step: Step, specific_current: float) -> Trace:
    return Trace(step.time, abs(specific_current) * step.time / 3.6, step.voltage)


def _from_equilibrium(protocol: RateTest, cell: HalfCell, built: BuiltModel) -> list[RatePoint]:
    bench = _Bench(cell, built)
    return [_point(current, bench.step(current, None)) for current in protocol.currents]


def _cycled(protocol: RateTest, cell: HalfCell, built: BuiltModel) -> list[RatePoint]:
    bench = _Bench(cell, built)
    state = None
    points = []
    for current in protocol.currents:
        insertion = extraction = None
        for _ in range(protocol.cycles):
            insertion = bench.step(current, state)
            if insertion.outcome is not Outcome.CUT_OFF:
                extraction = None
                break
            extraction = bench.step(-current, insertion.state)
            if extraction.outcome is not Outcome.CUT_OFF:
                break
            state = extraction.state
        assert insertion is not None
        points.append(_point(current, insertion, extraction))
    return points


def _point(current: float, insertion: Step, extraction: Step | None = None) -> RatePoint:
    """The last insertion at a current; a failure of its extraction is the failure of the point."""
    steps = [step for step in (insertion, extraction) if step is not None]
    worst = next((step for step in steps if not step.outcome.good), insertion)
    traces = [_trace(step, current) if step.time.size else None for step in steps]
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
        solution=insertion.solution,
    )
