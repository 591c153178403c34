"""Building a model once per structure, and solving one constant-current step of it.

Nothing else in hetsim calls a solver. Every parameter is an input of the built model, so a change of
value costs an integration and never a build.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.fields import SWITCH
from hetsim.cells.full_cell import Cell
from hetsim.constants import FARADAY
from hetsim.models.parameter_values import flat_values
from hetsim.models.solver import TOLERANCES, solver
from hetsim.results import BALANCE_LIMIT, Array, Outcome

BEYOND = 10.0
"""How far the cut-off of the other direction is moved out of the way of a step [V]."""


TRACE = (1 - np.cos(np.pi * np.linspace(0, 1, 300))) / 2
"""Times at which a voltage is kept, as a share of the step: dense at both ends, where it is steep."""


@dataclass(frozen=True)
class Step:
    """A finished constant-current step."""

    outcome: Outcome
    reason: str
    time: Array
    voltage: Array
    charge_balance: float
    state: Array | None
    solution: Any


class BuiltModel:
    """A discretised model and its solver; made by `built_model`, which keeps it."""

    def __init__(self, cell: Cell, kind: str) -> None:
        values = cell.parameter_values()
        self._names = [
            *flat_values(cell.values),
            *cell.start(),
            names.BRANCH_SWITCH,
            names.CURRENT,
        ]
        self.inventories = cell.inventories
        values.update(dict.fromkeys(self._names, "[input]"))
        model = cell.model(kind)
        self.simulation = pybamm.Simulation(model, parameter_values=values)
        self.simulation.build()
        self.model = self.simulation.built_model
        self.tolerances: dict[str, Any] = dict.fromkeys(("rtol", "atol"), TOLERANCES[kind])
        self._solvers = [solver(root, **self.tolerances) for root in (None, "nonlinear_solver")]
        self._equilibrium = self.model.concatenated_initial_conditions

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of all inputs, in the one order."""
        return tuple(self._names)

    @property
    def equilibrium(self) -> Any:
        """The state at rest from which a run starts, an expression of the inputs."""
        return self._equilibrium

    def inputs(self, cell: Cell) -> dict[str, float]:
        """All values of a cell as inputs, in one fixed order, at rest extracted, or charged."""
        found = {
            **flat_values(cell.values),
            **cell.start(),
            names.BRANCH_SWITCH: SWITCH,
            names.CURRENT: 0.0,
        }
        return ordered(found, self._names)

    def entries(self, variables: Iterable[str]) -> Array:
        """Where the states of these names stand in a state vector; names that are no states are left out."""
        wanted = set(variables)
        slices = [
            one
            for variable, found in self.model.y_slices.items()
            if variable.name in wanted
            for one in found
        ]
        size = self.model.len_rhs_and_alg
        return np.concatenate([np.arange(size)[one] for one in slices] or [np.array([], dtype=int)])

    def step(
        self, inputs: Mapping[str, float], current: float, longest: float, state: Array | None
    ) -> Step:
        """Constant current until the cut-off of its direction.

        current : [A], positive inserts
        longest : time after which the step is given up [s]
        state : state vector to start from; None starts from the equilibrium of the inputs
        """
        at = dict(inputs)
        at[names.CURRENT] = current
        other = names.UPPER_CUT_OFF if current > 0 else names.LOWER_CUT_OFF
        at[other] += BEYOND if current > 0 else -BEYOND
        self.model.concatenated_initial_conditions = (
            self._equilibrium if state is None else pybamm.Vector(state)
        )
        message = ""
        for attempt in self._solvers:
            try:
                solution = attempt.solve(self.model, [0, longest], inputs=at)
            except pybamm.SolverError as error:
                message = message or str(error)
            else:
                return _finished(solution, current, at[names.CHARGE_NUMBER], self.inventories)
        return _failed(message)


def ordered(found: Mapping[str, float], wanted: Iterable[str]) -> dict[str, float]:
    """The inputs in the order of a built model; 0 for what the cell that it was built for had beside what
    its structure needs (the core radius of a dispersed particle, say), which stands in no equation."""
    return {name: found.get(name, 0.0) for name in wanted}


def _failed(message: str) -> Step:
    first = message.strip().splitlines()[0] if message.strip() else "no message"
    if "non-positive at initial conditions" in message:
        return infeasible()
    reason = f"{first}; try a smaller potential step or a longer Debye length"
    return _without_result(Outcome.SOLVER_FAILED, reason)


def infeasible() -> Step:
    """A step whose voltage is beyond the cut-off before it starts."""
    reason = "the voltage is beyond the cut-off at the first instant; try a lower current"
    return _without_result(Outcome.INFEASIBLE, reason)


def _without_result(outcome: Outcome, reason: str) -> Step:
    nothing = np.array([])
    return Step(outcome, reason, nothing, nothing, np.nan, None, None)


def _finished(
    solution: Any, current: float, charge_number: float, inventories: Mapping[str, int]
) -> Step:
    time = np.asarray(solution.t)
    passed = current * (time[-1] - time[0]) / (FARADAY * charge_number)
    balance = 0.0
    for name, sign in inventories.items() if passed else ():
        inventory = np.asarray(solution[name](t=time[[0, -1]]))
        balance = max(balance, float(sign * (inventory[-1] - inventory[0]) / passed - 1), key=abs)
    state = np.asarray(solution.y)[:, -1:]
    outcome, reason = judged(solution.termination, balance)
    shown = time[0] + (time[-1] - time[0]) * TRACE
    return Step(
        outcome,
        reason,
        shown,
        np.asarray(solution[names.VOLTAGE](t=shown)),
        balance,
        state,
        solution,
    )


def judged(termination: str, balance: float) -> tuple[Outcome, str]:
    """Outcome and reason of a step from what ended it and its balance of charge."""
    outcome, reason = _outcome(termination)
    if outcome.good and not abs(balance) <= BALANCE_LIMIT:
        return (
            Outcome.NOT_BALANCED,
            f"the inventory differs from the charge passed by {balance:.1e}",
        )
    return outcome, reason


def _outcome(termination: str) -> tuple[Outcome, str]:
    if termination in (names.MINIMUM_VOLTAGE_EVENT, names.MAXIMUM_VOLTAGE_EVENT):
        return Outcome.CUT_OFF, ""
    if termination == "final time":
        return Outcome.EXHAUSTED, "all sites were used before the cut-off was reached"
    if termination.startswith("event: "):
        return Outcome.OUT_OF_RANGE, f"stopped by '{termination.removeprefix('event: ')}'"
    return Outcome.SOLVER_FAILED, f"the solver gave up ({termination})"


_BUILT: dict[tuple[Any, ...], Any] = {}
Model = TypeVar("Model")


def structure_key(cell: Cell, kind: str) -> tuple[Any, ...]:
    """What of a cell changes the equations; everything else is an input."""
    return kind, *cell.build_key


def kept(key: tuple[Any, ...], build: Callable[[], Model]) -> Model:
    """The model of a key: built the first time, the same object after that."""
    if key not in _BUILT:
        _BUILT[key] = build()
    return _BUILT[key]


def built_model(cell: Cell, kind: str = "SPMe") -> BuiltModel:
    """The built model of a cell's structure: a new build the first time, the same object after that."""
    return kept(structure_key(cell, kind), lambda: BuiltModel(cell, kind))


def builds() -> int:
    """How many models have been built in this process."""
    return len(_BUILT)
