"""Building a model once per structure, and solving segments of a current or a voltage with it.

Every parameter is an input of the built model, and so is what is imposed: a change of value or of protocol
costs an integration and never a build. A switch of the current is exact, since each segment is solved from
where the one before ended.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from hetsim import names
from hetsim.cells.full_cell import Cell, FullCell
from hetsim.engine.building import (
    CLOSER,
    TRACED,
    Later,
    has_double_layer,
    input_names,
    interpreter_tolerances,
    is_short,
    solver_tolerances,
    structure_key,
    structures,
)
from hetsim.engine.drives import LEAST_RESISTANCE, TO_CUT_OFF, Drive
from hetsim.engine.endings import STOPPED, ending, failure, stopped
from hetsim.engine.interpreted import Stop, solved
from hetsim.engine.interpreter import Interpreter, interpreter
from hetsim.engine.ledger import balance, charge_of
from hetsim.engine.periodic import (
    SHIFTS,
    PeriodicSearch,
    on_their_branches,
    with_their_means,
)
from hetsim.engine.segments import Piece, Segment
from hetsim.engine.tape_store import TapeStore
from hetsim.engine.taped_model import Source
from hetsim.engine.tracks import PyBaMMTrack
from hetsim.engine.used_up import SURFACE, has_less_than_nothing, has_no_salt, used_up
from hetsim.late import late
from hetsim.laws.electrode import particle_surface
from hetsim.models.solver import solver, states_of_any_size
from hetsim.parameters.flat import flat_values
from hetsim.results import BALANCE_LIMIT, Array, Outcome
from hetsim.units import HOUR

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")

OF_GIVEN_TIME = 10.0
"""How much looser than capacities states between segments of given durations may be: a titration is then 0.1 mV off at
most and 0.007 mV rms; from close ones it is 0.1 and 0.005."""

_NO_LIMIT = -1.0
"""A limit that no current can fall to [A]."""

_NOT_SOLVED = (Outcome.SOLVER_FAILED, Outcome.GIVEN_UP)

Made = TypeVar("Made")


class BuiltModel:
    """A model with what is imposed on it: a new one, or one of `built_model`, which keeps it.

    PyBaMM builds it when `model` is first asked for, which the interpreter does not where its tapes are kept.

    drive : what is imposed
    input_names : of all inputs, in the one order
    inventories : variables that hold the ions of an electrode, each with the sign of a discharge
    has_double_layer : whether the surfaces hold charge
    tolerances : of the solver;  interpreted : of the interpreter
    handed_on : of the interpreter where only states between segments are asked for
    advice : what a user can try where no solver succeeds, half a sentence
    """

    def __init__(
        self,
        cell: Cell,
        kind: str,
        drive: Drive = TO_CUT_OFF,
        discretised: Later | None = None,
    ) -> None:
        self.drive = drive
        self.input_names = input_names(cell, drive)
        self.inventories = cell.inventories
        self.has_double_layer = has_double_layer(cell, drive)
        self._discretised = discretised or Later(cell, kind, drive)
        self._key = structure_key(cell, kind, drive)
        self.tolerances = solver_tolerances(cell, kind, drive)
        self.interpreted = interpreter_tolerances(cell, drive)
        self.handed_on = interpreter_tolerances(cell, TO_CUT_OFF)
        self.advice = drive.advice(
            any(one.architecture.has_field for one in structures(cell)),
            any(one.ageing.film is not None for one in structures(cell)),
        )
        self._is_short = is_short(cell, kind)
        self._made_of_it: dict[tuple[Any, ...], Any] = {}

    @property
    def simulation(self) -> Any:
        """Of PyBaMM, built."""
        return self._discretised.made.simulation

    @cached_property
    def model(self) -> Any:
        """Of PyBaMM, discretised."""
        # of its own: PyBaMM's solver keeps the function of the initial state on the model, and would take that of
        # another drive for its own
        return self._discretised.made.model.new_copy()

    @property
    def equilibrium(self) -> Any:
        """The state at rest from which a run starts, an expression of the inputs."""
        return self._discretised.made.equilibrium

    @property
    def _made_by(self) -> type:
        """The class of PyBaMM's solver."""
        from hetsim.engine.written_out import (
            WrittenOutSolver,  # a class of PyBaMM's, which kept tapes need not
        )

        return WrittenOutSolver if self._is_short else pybamm.IDAKLUSolver

    @cached_property
    def _solvers(self) -> list[Any]:
        states = self.model.len_rhs_and_alg
        return [
            # a solution that stops on its way says how far it came; a root that is not found is an error
            solver(made_by=self._made_by, states=states, on_failure="ignore", **self.tolerances),
            solver("nonlinear_solver", made_by=self._made_by, states=states, **self.tolerances),
        ]

    def kept(self, make: Callable[..., Made], *arguments: Any) -> Made:
        """make(self, *arguments): the same object each time, for as long as the model lives."""
        key = (make, *arguments)
        if key not in self._made_of_it:
            self._made_of_it[key] = make(self, *arguments)
        return cast(Made, self._made_of_it[key])

    # --- inputs and states ---------------------------------------------------------------------

    def inputs(
        self, cell: Cell, occupancy: float | None = None, after: str = "insertion"
    ) -> dict[str, float]:
        """All values of a cell as inputs, in one fixed order.

        occupancy : mean at rest [-]; None starts from the extracted electrode or the charged cell
        after : the branch on which it rests there, "insertion" or "extraction"
        """
        if occupancy is None:
            start = cell.start()
        else:
            assert not isinstance(cell, FullCell)
            start = cell.start_at(occupancy, after)
        return self.known({**flat_values(cell.model_values), **start, names.HYSTERESIS_YIELD: 1.0})

    def known(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values by name as the inputs of this model: numbers, or columns of many cells."""
        # 0 for what the cell that the model was built for had beside what its structure needs (the core
        # radius of a dispersed particle, say), which stands in no equation, and for what is imposed
        return {name: values.get(name, 0.0) for name in self.input_names}

    def entries(self, variables: Iterable[str]) -> Array:
        """Indices of the states of these names in a state vector; names that are no states are left out."""
        wanted = set(variables)
        return self._states(lambda variable: variable.name in wanted)

    def _states(self, wanted: Callable[[Any], bool]) -> Array:
        """Indices of the states of some variables."""
        parts = [
            np.arange(part.start, part.stop)
            for variable, slices in self.model.y_slices.items()
            if wanted(variable)
            for part in slices
        ]
        return np.concatenate([np.array([], dtype=int), *parts])

    def imposed(
        self, segment: Segment, inputs: Mapping[str, float], start: float = 0.0
    ) -> dict[str, float]:
        """The inputs that a segment sets, from a time [s] on."""
        assert self.drive.ramps or segment.slope == 0
        assert self.drive.ramps or segment.current_limit is None
        limit = _NO_LIMIT if segment.current_limit is None else segment.current_limit
        imposed = (segment.level, segment.slope, start, limit)
        inputs_set = dict(zip(self.drive.inputs, imposed, strict=False))
        inputs_set[names.LOWER_CUT_OFF], inputs_set[names.UPPER_CUT_OFF] = segment.cut_offs(inputs)
        if self.has_double_layer:
            inputs_set[names.SERIES_RESISTANCE] = max(
                inputs[names.SERIES_RESISTANCE], LEAST_RESISTANCE
            )
        return inputs_set

    def periodic_search(self, inputs: Mapping[str, float], shifts: int = SHIFTS) -> PeriodicSearch:
        """A search for the state that a cycle of this model brings back; shifts : as it takes them."""

        def resting(surface: float) -> Array:
            at = {**inputs, names.INITIAL_OCCUPANCY: surface}
            if self.interpreter is not None:
                return self.interpreter.at_rest(at)
            return np.asarray(self.equilibrium.evaluate(t=0, inputs=at)).ravel()

        particles = self._states(lambda variable: variable.domain == [names.PARTICLE])

        ions = self._ions_of(inputs)

        def settled(reached: Array, proposed: Array) -> Array:
            of = self.model, self.entries, inputs
            with_means = with_their_means(*of, ions, reached, proposed)
            return on_their_branches(*of, with_means)

        return PeriodicSearch(particles, self.entries(SURFACE), resting, settled, shifts)

    def _ions_of(self, inputs: Mapping[str, float]) -> Callable[[Array], Array]:
        """The ions that the particles of a half cell hold in some states [n, k]."""
        of = self.interpreter
        if of is None:
            ions = self.model.get_processed_variable_or_event(names.ACCOUNTED)
            return lambda states: np.array(
                [
                    float(np.squeeze(ions.evaluate(t=0, y=one[:, np.newaxis], inputs=inputs)))
                    for one in states.T
                ]
            )
        fixed = of.fixed(inputs)

        def looked_at(states: Array) -> Array:
            rows = np.zeros((states.shape[1], of.model.states))
            rows[:, : len(states)] = states.T
            nothing = np.zeros(len(of.model.imposed_names))
            return of.look(fixed, nothing, rows)[names.ACCOUNTED]

        return looked_at

    # --- solving -------------------------------------------------------------------------------

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
        wanted = list(segments)
        pieces, stop = self._interpreted(inputs, wanted, state, start) if wanted else ([], None)
        for segment in wanted[len(pieces) :]:
            if pieces and pieces[-1].outcome is not Outcome.COMPLETED:
                break
            if pieces:
                start, state = pieces[-1].after, pieces[-1].state
            gone = None
            if stop is not None:
                gone = used_up(stop, self.entries, segment, start, self.advice)
                if gone is not None and self.drive.ramps and has_no_salt(stop, self.entries):
                    pieces.append(gone)  # PyBaMM would try it with all of its steps
                    break
            piece = self.solve_one(inputs, segment, state, start)
            failed = piece.outcome in _NOT_SOLVED or has_less_than_nothing(piece, self.entries)
            pieces.append(gone if gone is not None and failed else piece)
            stop = None
        return pieces

    @property
    def traced(self) -> dict[str, float]:
        """Tolerances of the interpreter where the voltage along a segment is looked at."""
        return {name: min(one, TRACED) for name, one in self.interpreted.items()}

    @property
    def _roughly(self) -> dict[str, float] | None:
        """Tolerances for the states between segments of given durations; None where they must be close.

        What is passed in them does not depend on any tolerance, as it does up to a cut-off.
        """
        if self.drive.ramps or self.handed_on["rtol"] <= self.traced["rtol"]:
            return None
        return {name: OF_GIVEN_TIME * one for name, one in self.handed_on.items()}

    @cached_property
    def interpreter(self) -> Interpreter | None:
        """The model on the engine's interpreter; None where that cannot be."""
        imposed = (*self.drive.inputs, names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)
        across = (names.LAYER_CHARGE,) if self.has_double_layer else ()
        of_case = tuple(name for name in self.input_names if name not in imposed)
        kept = (names.CHARGE_PASSED, *self.inventories, *across)
        return interpreter(
            lambda: Source(self.model, self.equilibrium, of_case, imposed, kept),
            TapeStore(self._key, self.drive, of_case, imposed, kept),
        )

    def _interpreted(
        self,
        inputs: Mapping[str, float],
        segments: Sequence[Segment],
        state: Array | None,
        start: float,
    ) -> tuple[list[Piece], Stop | None]:
        """What the interpreter can solve of some segments, from the first on, and where it could not go on."""
        if self.interpreter is None:
            return [], None
        known = {id(one): one for one in segments}  # a titration has two, many times
        of_each = {place: self.imposed(segment, inputs) for place, segment in known.items()}
        imposed = [of_each[id(segment)] for segment in segments]
        for closest in (np.inf, CLOSER, CLOSER / 10):
            tolerances = {name: min(one, closest) for name, one in self.traced.items()}
            pieces, kept, stop = solved(
                self.interpreter,
                lambda: self.model,
                tolerances,
                inputs,
                imposed,
                segments,
                state,
                start,
                self._roughly if closest == np.inf else None,
            )
            off = self.balance_of(inputs, kept) if pieces else 0.0
            # usually 1e-12; within a segment it can be ten times what it is at the ends
            if off <= BALANCE_LIMIT / 10:
                break
        return ([], None) if off > BALANCE_LIMIT else (pieces, stop)

    def balance_of(self, inputs: Mapping[str, float], kept: Array) -> float:
        """The balance of charge of segments on the interpreter.

        kept : at both ends of each, or at more times, [n, times, kept]
        """
        assert self.interpreter is not None
        of = dict(zip(self.interpreter.model.inventories, np.moveaxis(kept, -1, 0), strict=True))
        layer = self.layer(inputs) * of.get(names.LAYER_CHARGE, 0.0)
        passed = HOUR * of[names.CHARGE_PASSED]
        solved_ones = np.isfinite(passed).all(
            axis=1
        )  # not one that was beyond its cut-off before it began
        if not solved_ones.any():
            return 0.0
        return max(
            balance(
                passed[solved_ones],
                (charge_of(sign * of[name], inputs) - layer)[solved_ones],
                inputs,
            )
            for name, sign in self.inventories.items()
        )

    def layer(self, inputs: Mapping[str, float]) -> float:
        """Capacity of the double layer [F]; 0 without one."""
        if not self.has_double_layer:
            return 0.0
        return inputs[names.DOUBLE_LAYER] * float(particle_surface(inputs.__getitem__))

    def solve_one(
        self,
        inputs: Mapping[str, float],
        segment: Segment,
        state: Array | None = None,
        start: float = 0.0,
        **options: Any,
    ) -> Piece:
        """One segment by PyBaMM; a second solver tries what the first one cannot do.

        options : of PyBaMM's `solve`, such as calculate_sensitivities
        """
        at = {**inputs, **self.imposed(segment, inputs, start)}
        self.model.concatenated_initial_conditions = (
            self.equilibrium if state is None else pybamm.Vector(state)
        )
        end = start + segment.duration
        if segment.shares is not None:
            options["t_interp"] = np.clip(start + segment.duration * segment.shares, start, end)
        failures = []
        for attempt in self._solvers:
            try:
                # on the way to a failure that is reported
                with np.errstate(all="ignore"), states_of_any_size():
                    solution = attempt.solve(
                        self.model, np.array([start, end]), inputs=at, **options
                    )
            except pybamm.SolverError as error:
                failures.append(failure(str(error), self.advice))
                continue
            if solution.termination != STOPPED:
                found = ending(solution.termination, segment.to_cut_off)
                return Piece(segment, *found, start, PyBaMMTrack(solution))
            failures.append(stopped(solution, start, segment.duration, self.advice))
            if failures[-1][0] is Outcome.GIVEN_UP:
                return Piece(segment, *failures[-1], start)
        return Piece(segment, *failures[0], start)


KEPT = 24
"""Structures that are kept built in a process, the ones that were used last. One takes some megabytes, with two hosts
and a field a hundred."""

_DISCRETISED: OrderedDict[tuple[Any, ...], Later] = OrderedDict()
_BUILT: OrderedDict[tuple[Any, ...], BuiltModel] = OrderedDict()
_builds = 0


def built_model(cell: Cell, kind: str = "SPMe", drive: Drive = TO_CUT_OFF) -> BuiltModel:
    """The built model of a cell's structure for a drive: made the first time, and the same object after that as long
    as it is among the last that were used."""
    global _builds
    structure = structure_key(cell, kind, drive)
    key = (*structure, repr(drive))
    if key not in _BUILT:
        if structure not in _DISCRETISED:
            _DISCRETISED[structure] = Later(cell, kind, drive)
            _builds += 1
        _BUILT[key] = BuiltModel(cell, kind, drive, _DISCRETISED[structure])
    for cache, one in ((_BUILT, key), (_DISCRETISED, structure)):
        cache.move_to_end(one)
        if len(cache) > KEPT:
            cache.popitem(last=False)
    return _BUILT[key]


def builds() -> int:
    """For how many structures a model has been made in this process."""
    return _builds
