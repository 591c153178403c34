"""Many cells, one protocol: a result for each, whatever happens to the others."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from hetsim.cells.full_cell import Cell
from hetsim.engine import Step
from hetsim.engine.lists import ListEngine, Task, list_engine
from hetsim.engine.native.library import compiler_note
from hetsim.errors import ParameterError
from hetsim.models.kinds import check_kind
from hetsim.protocols import RateTest
from hetsim.results import Array, Outcome, RatePoint
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.rate import points_alone, rate_curve
from hetsim.simulation.rate_chains import points_of, rate_numbers
from hetsim.simulation.rate_plan import Points, rate_plan
from hetsim.simulation.run import run

__all__ = ["Case", "compiler_note", "run_alone", "run_many"]

_NO_NUMBER = float("nan")


@dataclass(frozen=True)
class Case:
    """What came out of one cell of many.

    result : what hs.run gives for the protocol; None where no run could start
    outcome, reason : of the first part of the result that is not good, or of all of it
    seconds : time used; of what was solved together with others, its share
    charge_balance : the largest of the result, coulombs passed against inventory [-]
    """

    result: Any
    outcome: Outcome
    reason: str
    seconds: float
    charge_balance: float


def run_many(
    cells: Sequence[Cell | ParameterError],
    protocol: Any,
    model: str = "SPMe",
    *,
    threads: int = 1,
    traces: bool = False,
) -> list[Case]:
    """A case for each cell, in their order.

    cells : of one or several structures, each of which is built once in a process; a ParameterError in
        the place of a cell becomes a case without a result
    threads : cases solved at the same time; 1 where several processes share the cores
    traces : keep the voltage at all steps of the solver; without, at both ends and, in a test with
        extractions, at half the charge

    A rate test runs on the interpreter, many cases side by side; what that cannot finish runs alone. With `traces`, or
    without the engine, all run as lists of cases through PyBaMM (compiler_note() is a sentence for the user where there
    is no C compiler). The results are those of hs.run: the same outcomes, capacities within 1e-5 of the full one, and
    polarisations to 0.1 mV, but without PyBaMM's solutions. Other protocols run one by one. Whatever goes wrong with
    one cell is the outcome of its case. Raises ParameterError for an unknown model.
    """
    check_kind(model)
    if isinstance(protocol, RateTest):
        return _rate_tests(cells, protocol, model, threads, traces)
    return [run_alone(cell, protocol, model) for cell in cells]


def rate_capacities(
    cells: Sequence[Cell], protocol: RateTest, model: str = "SPMe"
) -> list[Array | None]:
    """Capacities of the insertions of a rate test of each cell [mA.h.g-1], as `rate_charges`."""
    return [None if one is None else one[:, 0] for one in rate_charges(cells, protocol, model)]


def rate_charges(
    cells: Sequence[Cell], protocol: RateTest, model: str = "SPMe"
) -> list[Array | None]:
    """Capacities of insertions and extractions of a rate test of each cell [mA.h.g-1], [currents, 2], as `run_many`
    gives them, and no results.

    Not a number where a current failed; None for a cell that cannot start.
    """
    found: list[Array | None] = [None] * len(cells)
    left: list[int] = []
    for runs in _by_structure(cells, protocol, model, lambda place, _: left.append(place)).values():
        built, inputs = runs[0].bench.built, _columns(runs)
        numbers = rate_numbers(built, inputs, len(runs), protocol, halved=False)
        for row, begun in enumerate(runs):
            if numbers is None or not numbers.settled[row]:
                left.append(begun.place)
            else:
                found[begun.place] = numbers.charges(protocol.currents)[row]
    others = [cells[place] for place in left]
    for place, case in zip(left, run_many(others, protocol, model), strict=True):
        if case.result is not None:
            found[place] = np.array(
                [(one.capacity, one.extraction_capacity) for one in case.result.points]
            )
    return found


# --- rate tests: all cases of a structure together ------------------------------------------------


class _Run:
    """A rate test on its way: the plan of one cell, and the step that it asks for."""

    def __init__(self, place: int, cell: Cell, protocol: RateTest, model: str) -> None:
        self.place, self.cell = place, cell
        self.bench = Potentiostat(cell, model)
        self.seconds = 0.0
        self.points: Points = ()
        self._plan = rate_plan(protocol)
        self.asked: tuple[float, Any] | None = next(self._plan)

    def go_on(self, step: Step) -> None:
        """Hand the finished step to the plan."""
        try:
            self.asked = self._plan.send(step)
        except StopIteration as done:
            self.asked, self.points = None, done.value


def _rate_tests(
    cells: Sequence[Cell | ParameterError],
    protocol: RateTest,
    model: str,
    threads: int,
    traces: bool,
) -> list[Case]:
    cases: list[Any] = [None] * len(cells)

    def refused(place: int, reason: str) -> None:
        cases[place] = _not_started(cells[place], protocol, model, reason)

    groups = _by_structure(cells, protocol, model, refused)
    for runs in groups.values():
        left = runs if traces else _interpreted(runs, protocol, threads)
        if left:
            shown = None if traces else _ENDS if protocol.from_equilibrium else _FOR_HALF
            _together(left, list_engine(left[0].bench.built, threads), shown)
        for begun in runs:
            curve = rate_curve(protocol, begun.cell, model, begun.points)
            cases[begun.place] = _case(curve, begun.seconds)
    return cases


def _by_structure(
    cells: Sequence[Cell | ParameterError],
    protocol: RateTest,
    model: str,
    refused: Callable[[int, str], None],
) -> dict[int, list[_Run]]:
    """The cells ready to run, by the model that they share; `refused` is told the place of any other, and why."""
    groups: dict[int, list[_Run]] = {}
    for place, cell in enumerate(cells):
        try:
            if isinstance(cell, ParameterError):
                raise cell
            begun = _Run(place, cell, protocol, model)
            groups.setdefault(id(begun.bench.built), []).append(begun)
        except (ParameterError, ValueError) as error:
            refused(place, str(error))
    return groups


def _columns(runs: Sequence[_Run]) -> dict[str, Array]:
    """The inputs of some runs, one column each."""
    each = [run.bench.inputs for run in runs]
    return {name: np.array([one[name] for one in each]) for name in each[0]}


def _interpreted(runs: Sequence[_Run], protocol: RateTest, threads: int) -> list[_Run]:
    """Give their points to the runs; all come back where there is no interpreter.

    What the interpreter does not settle side by side is run as hs.run does, whose outcome it has then.
    """
    built, begin = runs[0].bench.built, time.perf_counter()
    found = rate_numbers(built, _columns(runs), len(runs), protocol, threads)
    if found is None:
        return list(runs)
    for row, begun in enumerate(runs):
        if found.settled[row]:
            begun.points = points_of(protocol, found, row)
    seconds = (time.perf_counter() - begin) / len(runs)
    for begun in runs:
        begun.seconds += seconds
        if not begun.points:
            begin = time.perf_counter()
            points = points_alone(begun.bench, protocol)
            begun.points = tuple(replace(one, solution=None) for one in points)
            begun.seconds += time.perf_counter() - begin
    return []


_ENDS = np.array([0.0, 1.0])
_FOR_HALF = np.concatenate([[0.0], np.geomspace(1e-6, 1, 180)])
"""When the voltage is kept, of the longest time of a step. Half of a charge lies between two of the second ones 8 %
apart, wherever the step ends: the solver's own steps may leap over a plateau."""
_UNSURE = 2e-4
"""Difference of the curves through the points before and behind half of a charge [V] from which the step is solved
again with that time among those that are kept: between two plateaus 8 % can be a step of the voltage."""


def _together(runs: Sequence[_Run], engine: ListEngine, shown: Any) -> None:
    """Step after step of all runs, until the last of them has ended, with the voltage where `shown` says."""
    prepared = engine.prepare([run.bench.inputs for run in runs])
    under_way = list(zip(runs, prepared, strict=True))
    while under_way:
        tasks = []
        for one, ready in under_way:
            assert one.asked is not None
            current, state = one.asked
            tasks.append(Task(ready, one.bench.segment(current), state))
        steps, seconds = engine.steps(tasks, shown)
        steps = _halved(engine, tasks, steps, keep_all=shown is None)
        for (one, _), step, used in zip(under_way, steps, seconds, strict=True):
            one.seconds += used
            one.go_on(step)
        under_way = [pair for pair in under_way if pair[0].asked is not None]


def _halved(
    engine: ListEngine, tasks: Sequence[Task], steps: Sequence[Step], keep_all: bool
) -> list[Step]:
    """The steps with their voltages at both ends and at half of the charge, or with that beside all others."""
    halved, unsure = list(steps), []
    for place, step in enumerate(steps):
        if step.time.size <= 2:  # no result, or both ends only
            continue
        half = step.time[-1] / 2
        voltage, is_sure = _voltage_at(half, step)
        halved[place] = _with_half(step, voltage, keep_all)
        if not is_sure:
            unsure.append(place)
    if unsure:
        halves = np.array([steps[place].time[-1] / 2 for place in unsure])
        again = engine.voltages_at([tasks[place] for place in unsure], halves)
        for place, voltage in zip(unsure, again, strict=True):
            if np.isfinite(voltage):
                halved[place] = _with_half(steps[place], float(voltage), keep_all)
    return halved


def _with_half(step: Step, voltage: float, keep_all: bool) -> Step:
    kept = slice(None) if keep_all else [0, -1]
    times, voltages = step.time[kept], step.voltage[kept]
    half = step.time[-1] / 2
    if half not in times:
        place = np.searchsorted(times, half)
        times, voltages = np.insert(times, place, half), np.insert(voltages, place, voltage)
    return replace(step, time=times, voltage=voltages, track=None, end_state=step.state)


def _voltage_at(time: float, step: Step) -> tuple[float, bool]:
    """Voltage [V] between two of the times at which it is kept, and whether the curves of both sides agree on it.

    A cubic through the four around; it is sure of itself where the parabolas through three points before and three
    behind meet there.
    """
    t, v = step.time, step.voltage
    after = int(np.searchsorted(t, time))
    cubic = _through(t[max(after - 2, 0) : after + 2], v[max(after - 2, 0) : after + 2])
    if time in t:
        return float(v[after]), True
    if after < 3 or after + 3 > t.size:
        return cubic(time), False
    before = _through(t[after - 3 : after], v[after - 3 : after])
    behind = _through(t[after : after + 3], v[after : after + 3])
    return cubic(time), abs(before(time) - behind(time)) < _UNSURE


def _through(t: Array, v: Array) -> Callable[[float], float]:
    """The polynomial through some points."""

    def value(time: float) -> float:
        shares = [np.prod([(time - b) / (a - b) for b in t if b != a]) for a in t]
        return float(np.dot(shares, v))

    return value


def _not_started(cell: Cell | ParameterError, protocol: RateTest, model: str, reason: str) -> Case:
    """Values that do not fit together: no current can be run."""
    if not isinstance(cell, Cell):
        return Case(None, Outcome.INFEASIBLE, reason, 0.0, _NO_NUMBER)
    points = tuple(
        RatePoint(current, _NO_NUMBER, Outcome.INFEASIBLE, reason) for current in protocol.currents
    )
    return _case(rate_curve(protocol, cell, model, points), 0.0)


# --- other protocols: one by one ------------------------------------------------------------------


def run_alone(cell: Cell | ParameterError, protocol: Any, model: str) -> Case:
    """The case of one cell by hs.run, with all that its result holds."""
    begin = time.perf_counter()
    try:
        if isinstance(cell, ParameterError):
            raise cell
        result = run(cell, protocol, model)
    except (ParameterError, ValueError) as error:
        return Case(None, Outcome.INFEASIBLE, str(error), time.perf_counter() - begin, _NO_NUMBER)
    return _case(result, time.perf_counter() - begin)


def _case(result: Any, seconds: float) -> Case:
    """The case of a result, which says itself how it ended."""
    return Case(result, result.outcome, result.reason, seconds, abs(result.charge_balance))
