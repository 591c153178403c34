"""Many constant-current steps at once, on PyBaMM's lists of inputs.

One infeasible case would stop a list. So a start beyond the cut-off is found before, or, where the
potentials of the start are yet to be solved for, ends at once; what looks odd, and what a list could not
do, goes to the ordinary engine one by one, which has the last word on outcome and reason. Nothing is lost
and nothing stops the others.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.engine.endings import FINAL_TIME, INFEASIBLE, ending
from hetsim.engine.kernel import CASE, GIVEN_UP, STEP_NAMES, Kernel, make_kernel
from hetsim.engine.ledger import balance, charge_of, judged
from hetsim.engine.measured import measured_step
from hetsim.engine.segments import Segment, Step, step_without_result
from hetsim.engine.written_out import ListSolver
from hetsim.models.solver import solver, states_of_any_size
from hetsim.results import Array, Outcome

_INSTANT = 1e-6
"""Of the longest time: what ends earlier is looked at by the ordinary engine."""


@dataclass(frozen=True)
class Prepared:
    """A cell on a built model: its inputs, as numbers and as the vectors of the kernel."""

    inputs: Mapping[str, float]
    values: Array
    fixed: Array


@dataclass(frozen=True)
class Task:
    """One constant current to its cut-off of one case, and the state to start from; None for equilibrium."""

    prepared: Prepared
    segment: Segment
    state: Array | None

    def step_values(self) -> list[float]:
        """The values of STEP_NAMES, and the time after which the step is given up [s]."""
        low, high = self.segment.cut_offs(self.prepared.inputs)
        return [self.segment.level, low, high, self.segment.duration]


class ListEngine:
    """A built model for lists of cases; made by `list_engine`, which keeps it.

    threads : cases that are solved at the same time
    """

    def __init__(self, built: BuiltModel, threads: int) -> None:
        self.built = built
        self.value_names = [name for name in built.input_names if name not in STEP_NAMES]
        self._picked = itemgetter(*self.value_names)
        self.inventories = built.inventories
        self.kernel: Kernel = make_kernel(
            built.model, built.equilibrium, self.value_names, list(self.inventories)
        )
        self._solver = solver(
            made_by=ListSolver,
            **built.tolerances,
            output_variables=[names.VOLTAGE],
            on_failure="ignore",
            states=built.model.len_rhs_and_alg,
            options={"num_threads": threads, "num_solvers": threads},
        )

    def prepare(self, inputs: Sequence[Mapping[str, float]]) -> list[Prepared]:
        """The vectors of each of some cells."""
        values = np.array([self._picked(one) for one in inputs])
        fixed = self.kernel.fixed(values.T).full().T
        return [Prepared(*one) for one in zip(inputs, values, fixed, strict=True)]

    def steps(
        self, tasks: Sequence[Task], shown: Array | None = None
    ) -> tuple[list[Step], list[float]]:
        """The finished step of each task in their order, and the seconds that it took: of a list, each
        has its share.

        shown : when the voltage is kept, as shares of the longest time, rising from 0 to 1; at each step of
            the solver without. The end of a step is kept in any case.
        """
        step_values = np.array([task.step_values() for task in tasks])
        starts = self._starts(tasks, step_values)
        found: list[Any] = [None] * len(tasks)
        begin = time.perf_counter()
        sound, beyond = self._screened(tasks, starts, step_values)
        times = None if shown is None else _longest(step_values[sound]) * shown
        self._solve(sound, tasks, starts, step_values, times, found)
        finished = self._finished(tasks, starts, step_values, found)
        for i in beyond:
            finished[i] = step_without_result(*INFEASIBLE)
        seconds = [(time.perf_counter() - begin) / len(tasks)] * len(tasks)
        for i, task in enumerate(tasks):
            if finished[i] is None:
                begin = time.perf_counter()
                finished[i] = self._alone(task)
                seconds[i] += time.perf_counter() - begin
        return finished, seconds  # type: ignore[return-value]

    def voltages_at(self, tasks: Sequence[Task], times: Array) -> Array:
        """Voltage of each task at a time of its own after its start [V]; not a number where a list cannot tell it.

        times : [tasks] [s], before the end of each step
        """
        step_values = np.array([task.step_values() for task in tasks])
        found: list[Any] = [None] * len(tasks)
        shown = np.unique([0.0, *times, _longest(step_values)])
        every = list(range(len(tasks)))
        self._solve(every, tasks, self._starts(tasks, step_values), step_values, shown, found)
        voltages = np.full(len(tasks), np.nan)
        for i, solution in enumerate(found):
            if solution is not None and times[i] in np.asarray(solution.t):
                voltages[i] = _voltage(solution)[np.searchsorted(solution.t, times[i])]
        return voltages

    def _screened(
        self, tasks: Sequence[Task], starts: Array, step_values: Array
    ) -> tuple[list[int], list[int]]:
        """The tasks that a list can try, and those that are beyond a cut-off before they start.

        Of a model with algebraic states the start is where its solver begins to look for a consistent one; what is
        beyond a cut-off there belongs to neither, and the ordinary engine looks at it; so does what has no voltage.
        """
        fixed = np.array([task.prepared.fixed for task in tasks])
        sound = np.isfinite(starts).all(axis=1) & np.isfinite(fixed).all(axis=1)
        margins = self.kernel.margins(starts.T, fixed.T, step_values.T).full().min(axis=0)
        known = sound & (margins <= 0) & (self.built.model.len_alg == 0)
        return list(np.flatnonzero(sound & (margins > 0))), list(np.flatnonzero(known))

    def _starts(self, tasks: Sequence[Task], step_values: Array) -> Array:
        """The state that each task starts from, one a row."""
        starts = np.empty((len(tasks), self.built.model.len_rhs_and_alg))
        fresh = [i for i, task in enumerate(tasks) if task.state is None]
        if fresh:
            values = np.array([tasks[i].prepared.values for i in fresh])
            starts[fresh] = self.kernel.start(values.T, step_values[fresh].T).full().T
        for i, task in enumerate(tasks):
            if task.state is not None:
                starts[i] = np.asarray(task.state).ravel()
        return starts

    def _solve(
        self,
        which: Sequence[int],
        tasks: Sequence[Task],
        starts: Array,
        step_values: Array,
        shown: Array | None,
        found: list[Any],
    ) -> None:
        """Solutions of some of the tasks, put in their places; none for a case that stops a list alone.

        shown : times at which the voltage is kept [s]; None for each step of the solver
        """
        if not which:
            return
        inputs = [
            {CASE: np.concatenate([step_values[i], tasks[i].prepared.fixed, starts[i]])}
            for i in which
        ]
        end = _longest(step_values[which])
        times = None if shown is None else np.append(shown[shown < end], end)
        try:
            with states_of_any_size():
                solutions = self._solver.solve(
                    self.kernel.model, [0, end], inputs=inputs, t_interp=times
                )
        except (pybamm.SolverError, RuntimeError):
            if len(which) > 1:
                half = len(which) // 2
                self._solve(which[:half], tasks, starts, step_values, shown, found)
                self._solve(which[half:], tasks, starts, step_values, shown, found)
            return
        solutions = solutions if isinstance(solutions, list) else [solutions]
        for i, solution in zip(which, solutions, strict=True):
            found[i] = solution

    def _finished(
        self, tasks: Sequence[Task], starts: Array, step_values: Array, found: Sequence[Any]
    ) -> list[Step | None]:
        """The steps of the solutions; None where the ordinary engine is to look at it."""
        kept = [
            i
            for i, solution in enumerate(found)
            if solution is not None
            and solution.termination.startswith("event: ")
            and solution.t[-1] > _INSTANT * tasks[i].segment.duration
            and step_values[i, 1] < _voltage(solution)[0] < step_values[i, 2]
        ]
        finished: list[Step | None] = [None] * len(tasks)
        if not kept:
            return finished
        values = np.array([tasks[i].prepared.values for i in kept]).T
        ends = np.hstack([found[i].y_event for i in kept])
        before = self.kernel.inventories(starts[kept].T, values).full()
        after = self.kernel.inventories(ends, values).full()
        signs = np.array(list(self.inventories.values()))[:, np.newaxis]
        for i, end, gained in zip(kept, ends.T, (signs * (after - before)).T, strict=True):
            finished[i] = _step(found[i], tasks[i], end, gained)
        return [one if one is None or _settled(one) else None for one in finished]

    def _alone(self, task: Task) -> Step:
        """The step of one task, solved by itself instead of in a list."""
        segment = task.segment
        return measured_step(
            self.built,
            task.prepared.inputs,
            segment.level,
            segment.duration,
            task.state,
            by_pybamm=True,
        )


def _longest(step_values: Array) -> float:
    """A time after which every step has ended [s]."""
    return float(1.001 * step_values[:, -1].max(initial=0.0))


def _settled(step: Step) -> bool:
    return step.outcome in (Outcome.CUT_OFF, Outcome.EXHAUSTED)


def _step(solution: Any, task: Task, end: Array, gained: Array) -> Step:
    """gained : ions that each electrode took up [mol], one number for each inventory"""
    inputs, shown = task.prepared.inputs, np.asarray(solution.t)
    passed = [task.segment.level * shown[[0, -1]]]
    drift = max(
        balance(passed, [charge_of(np.array([0.0, ions]), inputs)], inputs) for ions in gained
    )
    termination = solution.termination
    if termination == f"event: {GIVEN_UP}":
        termination = FINAL_TIME
    outcome, reason = judged(*ending(termination, task.segment.to_cut_off), drift)
    return Step(outcome, reason, shown, _voltage(solution), drift, end_state=end[:, np.newaxis])


def _voltage(solution: Any) -> Array:
    return np.asarray(solution[names.VOLTAGE].data).ravel()


def list_engine(built: BuiltModel, threads: int = 1) -> ListEngine:
    """The list engine of a built model: made (and compiled) the first time, and kept as long as the model."""
    return built.kept(ListEngine, threads)
