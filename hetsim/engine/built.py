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
from hetsim.engine.endings import STOPPED, ending, failure, stopped, without
from hetsim.engine.interpreted import Stop, piece_of, solved
from hetsim.engine.interpreter import Answers, Chains, Interpreter, interpreter
from hetsim.engine.ledger import balance, charge_of, judged
from hetsim.engine.periodic import (
    SHIFTS,
    PeriodicSearch,
    on_their_branches,
    with_their_means,
)
from hetsim.engine.segments import (
    Chain,
    Piece,
    Segment,
    Step,
    constant_current,
    step_without_result,
)
from hetsim.engine.stretches import Stretch, joined, joined_chain
from hetsim.engine.tape_store import TapeStore
from hetsim.engine.taped_model import Source
from hetsim.engine.tracks import (
    InterpretedTrack,
    PyBaMMTrack,
    Track,
    look_together,
    looked_at,
)
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

TRACE = (1 - np.cos(np.pi * np.linspace(0, 1, 301))) / 2
"""Times at which the voltage of a step is kept, as shares of it: dense at both ends, where it is steep, and half of its
charge among them."""

_NO_LIMIT = -1.0
"""A limit that no current can fall to [A]."""

_SURFACE = (names.SURFACE_CONCENTRATION, names.x_averaged(names.SURFACE_CONCENTRATION))

_NOT_SOLVED = (Outcome.SOLVER_FAILED, Outcome.GIVEN_UP)

_USED_UP = {
    "salt in a place of the electrolyte": (
        (names.SALT,),
        "try a lower current or a slower ramp, or more salt",
    ),
    "ion at the surface of a particle": (_SURFACE, ""),
}
"""What a run can use up: the states that say how much there is, and what a user can try beside the usual."""
_NONE = 1e-4
"""Of the salt in the electrolyte at rest, or of all sites: as good as nothing."""


Made = TypeVar("Made")


class BuiltModel:
    """A model with what is imposed on it: a new one, or one of `built_model`, which keeps it.

    PyBaMM builds it when `model` is first asked for, which the interpreter does not where its tapes are kept.

    drive : what is imposed
    input_names : of all inputs, in the one order
    inventories : variables that hold the ions of an electrode, each with the sign of a discharge
    has_double_layer : whether the surfaces hold charge
    tolerances : of the solver;  interpreted : of the interpreter
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

        def settled(reached: Array, proposed: Array) -> Array:
            of = self.model, self.entries, inputs
            return on_their_branches(*of, with_their_means(*of, reached, proposed))

        return PeriodicSearch(particles, self.entries(_SURFACE), resting, settled, shifts)

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
            used_up = None if stop is None else self._used_up(stop, segment, start)
            if used_up is not None and self.drive.ramps and self._salt_left(stop) < _NONE:
                pieces.append(used_up)  # PyBaMM would try it with all of its steps
                break
            piece = self.solve_one(inputs, segment, state, start)
            failed = piece.outcome in _NOT_SOLVED or self._below_nothing(piece)
            pieces.append(used_up if used_up is not None and failed else piece)
            stop = None
        return pieces

    def _below_nothing(self, piece: Piece) -> bool:
        """Whether PyBaMM has gone on with less than nothing at the surface of a particle."""
        surface = np.empty(0) if piece.state is None else piece.state[self.entries(_SURFACE)]
        return bool(surface.size and surface.min() < 0)

    def _salt_left(self, stop: Stop | None) -> float:
        """The least salt of all places of the electrolyte where the interpreter stopped, in units of that at rest."""
        salt = np.empty(0) if stop is None else stop.state[self.entries((names.SALT,))]
        return float(salt.min(initial=1.0))

    def _used_up(self, stop: Stop, segment: Segment, start: float) -> Piece | None:
        """A segment that ends where the interpreter stopped because something is used up; None if nothing is."""
        for what, (variables, advice) in _USED_UP.items():
            found = stop.state[self.entries(variables)]
            if found.size and found.min() < _NONE:
                told = without(what, stop.time, segment.duration, advice or self.advice)
                return Piece(segment, *told, start)
        return None

    @property
    def traced(self) -> dict[str, float]:
        """Tolerances of the interpreter where the voltage along a segment is looked at."""
        return {name: min(one, TRACED) for name, one in self.interpreted.items()}

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

    # --- what is measured ----------------------------------------------------------------------

    def step(
        self,
        inputs: Mapping[str, float],
        current: float,
        longest: float,
        state: Array | None,
        *,
        by_pybamm: bool = False,
    ) -> Step:
        """Constant current until the cut-off of its direction.

        current : [A], positive inserts
        longest : time after which the step is given up [s]
        state : state vector to start from; None starts from the equilibrium of the inputs
        by_pybamm : PyBaMM has the word, not the interpreter
        """
        segment = constant_current(inputs, current, longest)
        if by_pybamm:
            piece = self.solve_one(inputs, segment, state)
        else:
            [piece] = self.solve(inputs, [segment], state)
        return self._step(inputs, piece)

    def steps_of(
        self,
        inputs: Mapping[str, float],
        chains: Chains,
        answers: Answers,
        which: Any,
        with_trace: Any,
    ) -> list[Step]:
        """Some of the constant currents of chains of one cell that the interpreter has solved, each to its cut-off.

        which : chain and segment of each, [n, 2];  with_trace : whether its voltage is wanted all along, [n]
        """
        of = self.interpreter
        assert of is not None
        pieces, traced = [], []
        for (chain, number), with_voltage in zip(which.tolist(), with_trace, strict=True):
            *imposed, longest = chains.imposed[chain, number].tolist()
            named = dict(zip(of.model.imposed_names, imposed, strict=True))
            segment = constant_current(inputs, named[names.CURRENT], longest)
            row = chains.imposed[chain, number, :-1]
            piece = piece_of(
                of, lambda: self.model, answers, inputs, named, row, segment, chain, number
            )
            assert piece is not None
            pieces.append(piece)
            traced.append(piece.track if with_voltage else None)
        times = [piece.start + (piece.end - piece.start) * TRACE for piece in pieces]
        at_all = [(track, each) for track, each in zip(traced, times, strict=True) if track]
        looks = iter(looked_at(*map(list, zip(*at_all, strict=True))) if at_all else ())
        steps = []
        for (chain, number), piece, track, each in zip(
            which.tolist(), pieces, traced, times, strict=True
        ):
            if piece.track is None:
                steps.append(step_without_result(piece.outcome, piece.reason))
            elif track is not None:
                seen = next(looks)
                steps.append(self._measured(inputs, piece, each, seen[names.VOLTAGE], seen))
            else:
                kept = dict(zip(of.model.inventories, answers.kept[chain, number].T, strict=True))
                voltage = answers.shown[chain, number, [0, 2], 0]
                ends = np.array([piece.start, piece.end])
                steps.append(self._measured(inputs, piece, ends, voltage, kept))
        return steps

    def _step(self, inputs: Mapping[str, float], piece: Piece) -> Step:
        """What was measured along a constant current."""
        if piece.track is None:
            return step_without_result(piece.outcome, piece.reason)
        times = piece.start + (piece.end - piece.start) * TRACE
        voltage, *held = piece.track.read_at((names.VOLTAGE, *self.inventories), times)
        return self._measured(
            inputs, piece, times, voltage, dict(zip(self.inventories, held, strict=True))
        )

    def _measured(
        self,
        inputs: Mapping[str, float],
        piece: Piece,
        times: Array,
        voltage: Array,
        held: Mapping[str, Array],
    ) -> Step:
        """The step of a constant current, with the ions that each inventory held at the first and the last time."""
        passed = [piece.segment.level * (times[[0, -1]] - piece.start)]
        drift = max(
            balance(passed, [charge_of(sign * held[name][[0, -1]], inputs)], inputs)
            for name, sign in self.inventories.items()
        )
        outcome, reason = judged(piece.outcome, piece.reason, drift)
        return Step(outcome, reason, times, voltage, drift, piece.track)

    def chain(self, inputs: Mapping[str, float], pieces: Sequence[Piece]) -> Chain:
        """What is measured along solved segments of a half cell; the last one says how it ended."""
        return joined_chain([self.stretch(inputs, pieces)], pieces[-1], inputs)

    def stretch(self, inputs: Mapping[str, float], pieces: Sequence[Piece]) -> Stretch:
        """What is read along solved segments of this model."""
        tracks = [piece.track for piece in pieces if piece.track is not None]
        if not tracks:
            return Stretch((), (), (), (), {}, ())
        along = _reader(tracks)
        held = {
            name: [charge_of(sign * one, inputs) for one in along(name)]
            for name, sign in self.inventories.items()
        }
        if self.has_double_layer:
            layer = self.layer(inputs)
            across = along(names.LAYER_CHARGE)
            held = {
                name: [q - layer * v for q, v in zip(charges, across, strict=True)]
                for name, charges in held.items()
            }
        return Stretch(
            time=[track.time for track in tracks],
            voltage=along(names.VOLTAGE),
            current=along(names.CURRENT_NOW),
            charge=[HOUR * one for one in along(names.CHARGE_PASSED)],
            held=held,
            tracks=tracks,
        )


def _reader(tracks: Sequence[Track]) -> Callable[[str], list[Array]]:
    """A variable along each of some tracks; of PyBaMM's all at once, which prepares it only once."""
    interpreted = [track for track in tracks if isinstance(track, InterpretedTrack)]
    if interpreted:
        look_together(interpreted)
    if not all(isinstance(track, PyBaMMTrack) for track in tracks):
        return lambda name: [track.read(name) for track in tracks]
    whole = joined([track.solution for track in tracks])
    ends = np.cumsum([len(track.time) for track in tracks])[:-1]
    return lambda name: np.split(np.asarray(whole[name].entries), ends)


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
