"""Running a cycling test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import Step, engines, solution_later
from hetsim.errors import ParameterError
from hetsim.protocols import Cycling
from hetsim.results import Array, Cycle, CyclingResult, Outcome
from hetsim.simulation.cycle_jump import SETTLING, AgedStates, Leap
from hetsim.simulation.potentiostat import Potentiostat, step_trace
from hetsim.simulation.run import provenance, run_protocol
from hetsim.units import specific_charge

Report = Callable[[Cycle], None]

NO_AGEING = "electrodes of a full cell do not age"
ACTIVE_MATERIAL = "active material"


@run_protocol.register
def _cycling(protocol: Cycling, cell: Cell, model: str) -> CyclingResult:
    return run_cycling(protocol, cell, model)


def run_cycling(
    protocol: Cycling, cell: Cell, model: str = "SPMe", report: Report | None = None
) -> CyclingResult:
    """What hs.run does, calling `report` after each cycle.

    A step that fails, and Ctrl-C, end the test with their outcome; what was done before is kept.
    Raises ParameterError for an end capacity that the cell does not hold.
    """
    check_end(protocol, cell)
    log = _Log(protocol, Potentiostat(cell, model))
    try:
        for cycle in log.run():
            if report is not None:
                report(cycle)
    except KeyboardInterrupt:
        log.end(Outcome.INTERRUPTED, f"stopped by the user after {len(log.cycles)} cycles")
    return CyclingResult(
        formation=tuple(log.formation),
        cycles=tuple(log.cycles),
        reference=protocol.reference,
        outcome=log.outcome,
        reason=log.reason,
        jump_error=log.leap.relative_error,
        ageing=repr(cell.ageing) if isinstance(cell, HalfCell) else NO_AGEING,
        per_gram_of=cell.per_gram_of if isinstance(cell, FullCell) else ACTIVE_MATERIAL,
        **provenance(cell, protocol, model),
    )


def check_end(protocol: Cycling, cell: Cell) -> None:
    full = cell.values["Specific capacity [mA.h.g-1]"]
    assert not isinstance(full, tuple)
    if protocol.end_capacity is not None and protocol.end_capacity >= full:
        raise ParameterError(
            f"A cycling test of {cell.name} cannot end at {protocol.end_capacity:g} mAh/g; all its sites "
            f"hold {full:g} mAh/g, and 'end_capacity' must be below that."
        )


@dataclass
class _Log:
    """A test as it goes: the state of the cell and what was found so far."""

    protocol: Cycling
    bench: Potentiostat
    state: Array | None = None
    formation: list[Cycle] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    outcome: Outcome = Outcome.COMPLETED
    reason: str = ""

    def __post_init__(self) -> None:
        self.aged = AgedStates(self.bench.built, self.bench.inputs)
        self.leap = Leap(self.aged, self.protocol.jump)

    def end(self, outcome: Outcome, reason: str) -> None:
        self.outcome, self.reason = outcome, reason

    def run(self) -> Iterator[Cycle]:
        for current, count in self.protocol.formation:
            for number in range(1, count + 1):
                yield self._cycle(number, current, self.formation)
                if not self.formation[-1].outcome.good:
                    return
        number = 1
        while number <= self.protocol.cycles:
            before = self.state
            yield self._cycle(number, self.protocol.current, self.cycles)
            if self._is_over():
                return
            number += 1 + self._leap(number, before)

    def _cycle(self, number: int, current: float, log: list[Cycle]) -> Cycle:
        """One cycle, put into the log when it is over."""
        insertion = self.bench.step(current, self.state)
        extraction = None
        if insertion.outcome is Outcome.CUT_OFF:
            extraction = self.bench.step(-current, insertion.state)
            if extraction.outcome is Outcome.CUT_OFF:
                self.state = extraction.state
        kept = log is self.cycles and number in (*self.protocol.traces, self.protocol.cycles)
        made = _cycle_of(number, current, log is self.formation, insertion, extraction, kept)
        settling = self.leap.settling
        log.append(made if self.state is None else self.aged.marked(made, self.state, settling))
        if not log[-1].outcome.good:
            self.end(log[-1].outcome, log[-1].reason)
        return log[-1]

    def _is_over(self) -> bool:
        """Whether the test ends after the last cycle, and why."""
        last, protocol = self.cycles[-1], self.protocol
        if not last.outcome.good:
            return True
        lowest = protocol.end_capacity
        if lowest is not None and last.insertion < lowest:
            if len(self.cycles) == 1:
                raise ParameterError(
                    f"A cycling test at {protocol.current:g} A/g cannot end at {lowest:g} mAh/g; the first "
                    f"cycle already inserts {last.insertion:.1f} mAh/g, and 'end_capacity' must be below that."
                )
            return self._ended(f"cycle {last.number} inserted less than {lowest:g} mAh/g")
        share = protocol.end_retention
        if share is not None and last.number > protocol.reference:
            settled = next(cycle for cycle in self.cycles if cycle.number >= protocol.reference)
            if last.insertion < share * settled.insertion:
                return self._ended(f"cycle {last.number} kept less than {100 * share:g} %")
        return False

    def _ended(self, reason: str) -> bool:
        self.end(Outcome.COMPLETED, reason)
        return True

    def _leap(self, number: int, before: Array | None) -> int:
        """Number of cycles that are leapt over after this one, so that the cell settles before the next
        one whose traces are kept."""
        if not self.protocol.jump or before is None or self.state is None:
            return 0
        if number < self.protocol.reference:
            return 0
        ahead = [one for one in (*self.protocol.traces, self.protocol.cycles) if one > number]
        room = min(ahead, default=number) - number - SETTLING
        count, self.state = self.leap.after(before, self.state, room)
        return count


def _cycle_of(
    number: int,
    current: float,
    formation: bool,
    insertion: Step,
    extraction: Step | None,
    kept: bool,
) -> Cycle:
    steps = [one for one in (insertion, extraction) if one is not None]
    worst = next((step for step in steps if step.outcome is not Outcome.CUT_OFF), insertion)
    found: dict[str, Any] = {}
    for name, one in (("insertion", insertion), ("extraction", extraction)):
        if one is not None and one.outcome is Outcome.CUT_OFF:
            found[name] = float(specific_charge(current, one.time[-1]))
            found[f"{name}_voltage"] = float(np.trapezoid(one.voltage, one.time) / one.time[-1])
    return Cycle(
        number=number,
        current=current,
        formation=formation,
        outcome=worst.outcome,
        reason=worst.reason,
        charge_balance=max(abs(step.charge_balance) for step in steps),
        traces=tuple(step_trace(step, current) for step in steps if step.time.size) if kept else (),
        engine=engines(step.track for step in steps),
        solutions=tuple(solution_later([step.track]) for step in steps if step.track)
        if kept
        else (),
        **found,
    )
