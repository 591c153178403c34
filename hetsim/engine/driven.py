"""Solving a cell whose current or voltage follows straight lines in time.

A trace is a chain of segments, level + slope (t - start), each solved from where the one before
ended: a switch is then exact, and level, slope and start are inputs as every other value is, so that no
change of a protocol builds anew.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.fields import SWITCH
from hetsim.cells.half_cell import HalfCell
from hetsim.constants import FARADAY
from hetsim.engine.built import BEYOND, kept, ordered, structure_key
from hetsim.engine.periodic import PeriodicSearch
from hetsim.models.parameter_values import flat_values
from hetsim.models.solver import solver
from hetsim.results import BALANCE_LIMIT, Array, Outcome

LEAST_TURNOVER = 1e-3
"""Share of the full capacity that a charge balance is referred to where less is passed [-]."""

LEAST_RESISTANCE = 1e-2
"""In series with a double layer [Ohm.cm2]: without any, its charge would follow an imposed potential at
once and the current would be a derivative. 10 mA/cm2 drop 0.1 mV in it."""


_DRIVE = (names.DRIVE_LEVEL, names.DRIVE_SLOPE, names.DRIVE_START)


@dataclass(frozen=True)
class Drive:
    """What is imposed: the PyBaMM parameter that is a function of time, the option for it, whether the
    surfaces hold a double layer, and tolerances other than those of `models.solver`."""

    parameter: str
    options: Mapping[str, str]
    double_layer: bool
    tolerances: Mapping[str, Any] = field(default_factory=dict)


CURRENT = Drive(names.CURRENT, {}, double_layer=False)
"""As in a rate test: all of the current reacts."""

VOLTAGE = Drive(
    names.VOLTAGE_FUNCTION,
    {"operating mode": "voltage"},
    double_layer=True,
    tolerances={"rtol": 1e-6, "atol": 1e-8},
)
"""The current is a state, which starts from nothing: a looser absolute tolerance lets it start late."""

SMALL_CURRENT = Drive(names.CURRENT, {}, double_layer=True)
"""For the linear response; a current that jumps far with it is a transient of microseconds."""


@dataclass(frozen=True)
class Segment:
    """level + slope (t - start) for a time [s], in A or V; positive current inserts.

    shares : times at which values are kept, as shares of the duration from 0 to 1
    lower, upper : voltages that end it [V]; None for no end
    """

    duration: float
    level: float
    slope: float
    shares: Array
    lower: float | None = None
    upper: float | None = None

    @property
    def end(self) -> float:
        """What is imposed at its end."""
        return self.level + self.slope * self.duration


@dataclass(frozen=True)
class Piece:
    """A solved segment."""

    outcome: Outcome
    reason: str
    start: float
    solution: Any = None

    @property
    def end(self) -> float:
        """Time [s]; its start if nothing was solved."""
        return self.start if self.solution is None else float(self.solution.t[-1])

    @property
    def after(self) -> float:
        """The next instant in floating point: PyBaMM joins solutions of increasing time only [s]."""
        return float(np.nextafter(self.end, np.inf))

    @property
    def state(self) -> Array | None:
        """To go on from."""
        return None if self.solution is None else np.asarray(self.solution.y)[:, -1:]


@dataclass(frozen=True)
class Chain:
    """Solved segments, one after the other.

    time, voltage, current : one array for each segment [s], [V], [A]
    charge : that was passed until each point [C]
    charge_balance : as in `results.TraceRun`
    """

    outcome: Outcome
    reason: str
    time: list[Array]
    voltage: list[Array]
    current: list[Array]
    charge: list[Array]
    charge_balance: float
    solution: Any


class DrivenModel:
    """A discretised model with an imposed current or voltage; kept by `driven_model`."""

    def __init__(self, cell: HalfCell, kind: str, drive: Drive) -> None:
        values = cell.parameter_values()
        self.input_names = [*flat_values(cell.values), *cell.start(), names.BRANCH_SWITCH, *_DRIVE]
        level, slope, start = (pybamm.Parameter(one) for one in _DRIVE)
        values.update({drive.parameter: level + slope * (pybamm.t - start)}, **_NEW)
        values.update(dict.fromkeys(self.input_names, "[input]"), **_NEW)
        self.has_double_layer = _has_double_layer(cell, drive)
        model = cell.model(kind, {**_surface_form(cell, drive), **drive.options})
        self.simulation = pybamm.Simulation(model, parameter_values=values)
        self.simulation.build()
        self.model = self.simulation.built_model
        self._solvers = [solver(root, **drive.tolerances) for root in (None, "nonlinear_solver")]
        self._equilibrium = self.model.concatenated_initial_conditions

    def periodic_search(self, inputs: Mapping[str, float]) -> PeriodicSearch:
        """For the state that a cycle of this model brings back."""

        def resting(surface: float) -> Array:
            at = {**inputs, names.INITIAL_OCCUPANCY: surface}
            return np.asarray(self._equilibrium.evaluate(t=0, inputs=at)).ravel()

        return PeriodicSearch(
            self._states(lambda variable: variable.domain == [names.PARTICLE]),
            self._states(lambda variable: variable.name in _SURFACE),
            resting,
        )

    def _states(self, wanted: Callable[[Any], bool]) -> Array:
        """Indices of the states of some variables."""
        inside = [
            np.arange(piece.start, piece.stop)
            for variable, pieces in self.model.y_slices.items()
            if wanted(variable)
            for piece in pieces
        ]
        return np.concatenate(inside)

    def inputs(self, cell: HalfCell, occupancy: float) -> dict[str, float]:
        """All values of a cell as inputs, in one fixed order, at rest at a mean occupancy."""
        found = {
            **flat_values(cell.values),
            **cell.start_at(occupancy),
            names.BRANCH_SWITCH: SWITCH,
            **dict.fromkeys(_DRIVE, 0.0),
        }
        return ordered(found, self.input_names)

    def solve(
        self,
        inputs: Mapping[str, float],
        segments: Iterable[Segment],
        state: Array | None = None,
        start: float = 0.0,
    ) -> list[Piece]:
        """Segment after segment, until one does not reach its duration.

        state : to start from; None starts from the equilibrium of the inputs;  start : time there [s]
        """
        pieces: list[Piece] = []
        for segment in segments:
            pieces.append(self._solve(inputs, segment, start, state))
            if pieces[-1].outcome is not Outcome.COMPLETED:
                break
            start, state = pieces[-1].after, pieces[-1].state
        return pieces

    def _solve(
        self, inputs: Mapping[str, float], segment: Segment, start: float, state: Array | None
    ) -> Piece:
        at = dict(inputs)
        at.update(zip(_DRIVE, (segment.level, segment.slope, start), strict=True))
        if self.has_double_layer:
            at[names.SERIES_RESISTANCE] = max(at[names.SERIES_RESISTANCE], LEAST_RESISTANCE)
        at[names.LOWER_CUT_OFF] = _cut_off(segment.lower, inputs[names.LOWER_CUT_OFF] - BEYOND)
        at[names.UPPER_CUT_OFF] = _cut_off(segment.upper, inputs[names.UPPER_CUT_OFF] + BEYOND)
        self.model.concatenated_initial_conditions = (
            self._equilibrium if state is None else pybamm.Vector(state)
        )
        end = start + segment.duration
        shown = np.clip(start + segment.duration * segment.shares, start, end)
        message = ""
        for attempt in self._solvers:
            try:
                solution = attempt.solve(
                    self.model, np.array([start, end]), inputs=at, t_interp=shown
                )
            except pybamm.SolverError as error:
                message = message or str(error)
            else:
                return Piece(*_ending(solution.termination), start, solution)
        return _failed(message, start)

    def chain(self, inputs: Mapping[str, float], pieces: Sequence[Piece]) -> Chain:
        """What is measured along solved segments; the last one says how it ended."""
        last = pieces[-1]
        solved = [one.solution for one in pieces if one.solution is not None]
        if not solved:
            return Chain(last.outcome, last.reason, [], [], [], [], np.nan, None)
        whole = _joined(solved)
        ends = np.cumsum([len(one.t) for one in solved])[:-1]

        def along(name: str) -> list[Array]:
            return np.split(np.asarray(whole[name].entries), ends)

        charge = [3600 * one for one in along(names.CHARGE_PASSED)]
        held = [inputs[names.CHARGE_NUMBER] * FARADAY * one for one in along(names.ACCOUNTED)]
        if self.has_double_layer:
            layer = inputs[names.DOUBLE_LAYER] * _inner_surface(inputs)
            difference = along(names.SURFACE_POTENTIAL_DIFFERENCE)
            held = [q - layer * v for q, v in zip(held, difference, strict=True)]
        balance = _balance(charge, held, 3600e-6 * _full_charge(inputs))
        outcome, reason = last.outcome, last.reason
        if outcome.good and not balance <= BALANCE_LIMIT:
            outcome = Outcome.NOT_BALANCED
            reason = f"inventory and double layer differ from the charge passed by {balance:.1e}"
        return Chain(
            outcome,
            reason,
            time=_each_instant_once([np.asarray(one.t) for one in solved]),
            voltage=_each_instant_once(along(names.VOLTAGE)),
            current=_each_instant_once(along(names.CURRENT_NOW)),
            charge=_each_instant_once(charge),
            charge_balance=balance,
            solution=whole,
        )


_SURFACE = (names.SURFACE_CONCENTRATION, names.x_averaged(names.SURFACE_CONCENTRATION))
_NEW = {"check_already_exists": False}


def _has_double_layer(cell: HalfCell, drive: Drive) -> bool:
    return drive.double_layer and cell.values[names.DOUBLE_LAYER] != 0


def _surface_form(cell: HalfCell, drive: Drive) -> dict[str, str]:
    """PyBaMM's option for the double layer; without a capacity its potential is algebraic."""
    if not drive.double_layer:
        return {}
    return {"surface form": "differential" if _has_double_layer(cell, drive) else "algebraic"}


def _cut_off(wanted: float | None, away: float) -> float:
    return away if wanted is None else wanted


def _ending(termination: str) -> tuple[Outcome, str]:
    if termination == "final time":
        return Outcome.COMPLETED, ""
    if termination in (names.MINIMUM_VOLTAGE_EVENT, names.MAXIMUM_VOLTAGE_EVENT):
        return Outcome.CUT_OFF, ""
    if termination.startswith("event: "):
        return Outcome.OUT_OF_RANGE, f"stopped by '{termination.removeprefix('event: ')}'"
    return Outcome.SOLVER_FAILED, f"the solver gave up ({termination})"


def _failed(message: str, start: float) -> Piece:
    if "non-positive at initial conditions" in message:
        reason = "the voltage is beyond the cut-off at the first instant; try a lower current"
        return Piece(Outcome.INFEASIBLE, reason, start)
    first = message.strip().splitlines()[0] if message.strip() else "no message"
    reason = (
        f"{first}; try a slower ramp, a lower current or a larger 'Double-layer capacity [F.m-2]'"
    )
    return Piece(Outcome.SOLVER_FAILED, reason, start)


def _each_instant_once(segments: list[Array]) -> list[Array]:
    """Without the first point of a segment, the instant at which the one before ended."""
    return [one[1:] if number else one for number, one in enumerate(segments)]


def _joined(solutions: Sequence[Any]) -> Any:
    """One PyBaMM solution of several."""

    def all_of(name: str) -> list[Any]:
        return [part for one in solutions for part in getattr(one, name)]

    return pybamm.Solution(
        all_of("all_ts"), all_of("all_ys"), all_of("all_models"), all_of("all_inputs")
    )


def _balance(charge: list[Array], held: list[Array], full: float) -> float:
    """Largest drift of what is held from what was passed, over what went back and forth."""
    drift = max(
        float(np.abs((h - held[0][0]) - (q - charge[0][0])).max())
        for q, h in zip(charge, held, strict=True)
    )
    turnover = sum(float(np.abs(np.diff(q)).sum()) for q in charge)
    return drift / max(turnover, LEAST_TURNOVER * full)


def _active_mass(inputs: Mapping[str, float]) -> float:
    """[mg]"""
    return inputs["Active mass loading [mg.cm-2]"] * inputs["Electrode area [cm2]"]


def _full_charge(inputs: Mapping[str, float]) -> float:
    """[uA.h]"""
    return inputs["Specific capacity [mA.h.g-1]"] * _active_mass(inputs)


def _inner_surface(inputs: Mapping[str, float]) -> float:
    """Of all particles, 3 m / (rho R) [m2]."""
    volume = _active_mass(inputs) * 1e-6 / inputs["Active material density [kg.m-3]"]
    return 3 * volume / inputs["Particle radius [m]"]


def driven_model(cell: HalfCell, kind: str, drive: Drive) -> DrivenModel:
    """The model of a cell's structure for a drive: built the first time, the same object after that."""
    form = _surface_form(cell, drive).get("surface form")
    key = (*structure_key(cell, kind), drive.parameter, form)
    return kept(key, lambda: DrivenModel(cell, kind, drive))
