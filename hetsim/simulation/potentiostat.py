"""A cell on a built model, with the units of the laboratory at its terminals."""

from collections.abc import Generator, Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

from hetsim import names, units
from hetsim.cells.full_cell import Cell
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import (
    TO_CUT_OFF,
    Chain,
    Drive,
    Piece,
    Segment,
    Step,
    built_model,
    constant_current,
    engines,
    measured_chain,
    measured_step,
    solution_later,
)
from hetsim.errors import ParameterError
from hetsim.laws.electrode import active_mass
from hetsim.results import Array, Outcome, TimeTrace, Trace, TraceRun
from hetsim.simulation.run import provenance

PATIENCE = 1.05
"""A current is given up when this multiple of the full capacity has passed [-]."""

T = TypeVar("T")

Plan = Generator[tuple[float, Any], Step, T]
"""Constant-current steps that a protocol asks for: it yields a specific current [A.g-1] and the state to start
from, receives the finished step, and returns its result. The steps of many cells can be run together."""


class Potentiostat:
    """One cell, ready for a current or a voltage.

    drive : what is imposed
    filling : 0 extracted to 1 inserted, at rest; None starts from `cell.start()`
    after : the branch on which it rests there, "insertion" or "extraction"; None is that on which a filling is
        reached from the extracted cell
    """

    def __init__(
        self,
        cell: Cell,
        model: str,
        drive: Drive = TO_CUT_OFF,
        filling: float | None = None,
        after: str | None = None,
    ) -> None:
        self.cell = cell
        self.built = built_model(cell, model, drive)
        occupancy, branch = None, ""
        if filling is not None:
            assert isinstance(cell, HalfCell)
            occupancy, branch = occupancy_of(cell, filling), branch_after(filling, after)
        self.inputs = self.built.inputs(cell, occupancy, branch)

    def start_at(self, occupancy: float, after: str) -> None:
        """Start from rest at a mean occupancy on a branch instead."""
        self.inputs = self.built.inputs(self.cell, occupancy, after)

    @property
    def active_mass(self) -> float:
        """[g]"""
        return float(active_mass(self.inputs.__getitem__))

    # --- constant currents to a cut-off --------------------------------------------------------

    def insertion_time(self, specific_current: float) -> float:
        """Time in which a current [A.g-1] would pass a little more than the full capacity [s]."""
        enough = PATIENCE * self.inputs[names.SPECIFIC_CAPACITY]
        return float(units.time_to_pass(enough, abs(specific_current)))

    def segment(self, specific_current: float) -> Segment:
        """A constant current [A.g-1] to the cut-off of its direction."""
        current = specific_current * self.active_mass
        return constant_current(self.inputs, current, self.insertion_time(specific_current))

    def step(self, specific_current: float, state: Any) -> Step:
        """Constant current [A.g-1] to the cut-off of its direction, from a state or from rest (None)."""
        segment = self.segment(specific_current)
        return measured_step(self.built, self.inputs, segment.level, segment.duration, state)

    def run(self, plan: "Plan[T]") -> T:
        """Run a plan to its end."""
        try:
            wanted = next(plan)
            while True:
                wanted = plan.send(self.step(*wanted))
        except StopIteration as done:
            return done.value

    # --- chains of segments --------------------------------------------------------------------

    def follow(
        self, segments: Iterable[Segment], last: Piece | None = None, start: float = 0.0
    ) -> list[Piece]:
        """Segment after segment from where another ended, or from rest at a time [s]."""
        if last is None:
            return self.built.solve(self.inputs, segments, start=start)
        return self.built.solve(self.inputs, segments, last.state, last.after)

    def chain(self, pieces: Sequence[Piece]) -> Chain:
        """What was measured along solved segments."""
        return measured_chain(self.built, self.inputs, pieces)

    def trace(self, chain: Chain) -> TimeTrace:
        """One trace of all segments, each a step."""
        if not chain.time:
            empty = np.array([])
            return TimeTrace(empty, empty, empty, empty.astype(int))
        number = np.repeat(np.arange(len(chain.time)), [points.size for points in chain.time])
        current = np.concatenate(chain.current) / self.active_mass
        return TimeTrace(
            np.concatenate(chain.time),
            current,
            np.concatenate(chain.voltage),
            number,
            np.concatenate(chain.charge) / (units.MAH * self.active_mass),
        )


def square_root_times(points: int) -> Array:
    """Shares of a duration that are evenly spaced in the square root of time, as diffusion wants."""
    return np.linspace(0, 1, points) ** 2


def occupancy_of(cell: HalfCell, filling: float) -> float:
    """Mean occupancy at a filling: 0 is at rest at the upper cut-off, 1 at the lower one."""
    empty, full = cell.extracted_occupancy, cell.inserted_occupancy
    return empty + filling * (full - empty)


def branch_after(filling: float, after: str | None) -> str:
    """The branch on which a cell rests at a filling: what the user says, or else that on which the filling is reached
    from the extracted cell."""
    return after or ("insertion" if filling > 0 else "extraction")


def within_cut_offs(cell: Cell, voltage: float, name: str, where: str) -> None:
    """Raises ParameterError for a voltage outside the cut-offs of a cell."""
    low, high = (
        cell.values.number(cut_off) for cut_off in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)
    )
    if not low <= voltage <= high:
        raise ParameterError(
            f"{where}: '{name}' is {voltage:g} V; allowed: {low:g} to {high:g} V, the cut-offs of "
            f"{cell.name}."
        )


def step_trace(step: Step, specific_current: float) -> Trace:
    """The voltage of a step over the specific charge that was passed."""
    return Trace(step.time, units.specific_charge(abs(specific_current), step.time), step.voltage)


def traced(
    bench: Potentiostat,
    pieces: Sequence[Piece],
    protocol: Any,
    model: str,
    outcome: Outcome,
    reason: str = "",
) -> TraceRun:
    """The result of solved segments; a charge that does not balance is the worse outcome."""
    chain = bench.chain(pieces)
    if outcome.good and chain.outcome is Outcome.NOT_BALANCED:
        outcome, reason = chain.outcome, chain.reason
    return TraceRun(
        trace=bench.trace(chain),
        outcome=outcome,
        reason=reason,
        charge_balance=chain.charge_balance,
        solution=solution_later(chain.tracks),
        engine=engines(chain.tracks),
        **provenance(bench.cell, protocol, model),
    )
