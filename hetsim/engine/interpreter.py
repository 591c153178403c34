"""Chains of segments of many cases on the engine's interpreter."""

import ctypes
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.machine_code import (
    ALONE,
    SIDE_BY_SIDE,
    Kind,
    MachineCode,
    machine_code,
)
from hetsim.engine.native.library import library
from hetsim.engine.packed import POINTER, Packed, PackedVectors, Task
from hetsim.engine.path import Path
from hetsim.engine.tape_store import TapeStore
from hetsim.engine.taped_model import NotTapedError, Source, TapedModel
from hetsim.engine.vectors import vector_tapes
from hetsim.results import Array

Ints = NDArray[np.int32]

LONGEST = 3000
"""Steps after which a segment is given up."""

_STEPS, _MANY_STEPS, _BYTES = 80, 500, 32_000_000
"""Accepted steps of a segment that there is room for: at least, and as long as all take no more than some bytes."""

_WIDEST = 32
"""Cases side by side that the interpreter does best with."""
_FEW = SIDE_BY_SIDE.lanes
"""The same of machine code: where few cases share the memory, more of what they leave there is at hand."""
_ONE_BY_ONE = 2
"""Cases up to which one runs after the other."""


class Ended(IntEnum):
    """How a segment ended, as the C file counts."""

    NOT_REACHED = -1
    CUT_OFF = 0
    TIME_OVER = 1
    IMPOSSIBLE = 2
    TOO_MANY_STEPS = 3
    TOO_SMALL_STEP = 4
    NO_START = 5
    NO_NUMBER = 6


@dataclass(frozen=True)
class Chains:
    """What is done to each of some cells: the same segments, with values of their own.

    case_of : the case of each chain, [chains]
    imposed : values of each segment in the order of the model, the last is the duration [s],
        [chains, segments, n + 1]
    next : the segment that follows a cut-off, the end of the duration, or a start beyond a cut-off; -1 ends the chain,
        [segments, 3]
    save : whether the state at a cut-off is kept, [segments]
    back : whether the next segment starts from the kept state where the cut-off was not met, [segments]
    start : states to start from, [chains, n]; None for the equilibrium of the values
    """

    case_of: Ints
    imposed: Array
    next: Ints
    save: Ints
    back: Ints
    start: Array | None = None


@dataclass(frozen=True)
class Answers:
    """What came of each segment of each chain.

    code : Ended, [chains, segments];  event : number of the margin that ended it
    steps : of the integration, or times at which the exact step was taken;  exact_steps : 1 where it was taken
    time : at which it ended, from its own start [s]
    kept : what is kept at both ends, [chains, segments, 2, n]
    shown : outputs at the start, half of the time and the end, [chains, segments, 3, n]
    state : at the end of each chain, [chains, n]
    fixed : what depends on the values of a case alone, [cases, n]
    path : the accepted steps;  entered : states at the start of each segment, [chains, segments, n]; None where they
        were not asked for
    """

    code: Ints
    event: Ints
    steps: Ints
    exact_steps: Ints
    time: Array
    kept: Array
    shown: Array
    state: Array
    fixed: Array
    path: Path | None = None
    entered: Array | None = None


class Interpreter:
    """A model on the interpreter; made by `interpreter`.

    model : its tapes;  packed : the same as the C file takes it
    """

    def __init__(self, model: TapedModel) -> None:
        found = library()
        assert found is not None
        self._library = found.functions
        self.model = model
        self.packed = Packed(model)
        self._machine_code: dict[Kind, MachineCode | None] = {}
        self._lock = threading.Lock()

    # --- running -------------------------------------------------------------------------------

    def run(
        self,
        values: Mapping[str, Any],
        chains: Chains,
        rtol: float,
        atol: float,
        *,
        look: bool = True,
        half: int = 0,
        path: bool = False,
        lanes: int = 0,
        exact: bool = True,
        entered: bool = False,
        in_order: bool = True,
        from_rest: bool = False,
    ) -> Answers:
        """All segments of all chains.

        values : of each case by the name of the input, one number for all or [cases]
        look : outputs at both ends
        half : outputs also at half of the time, in the last two of every `half` segments; 1 for all
        path : whether accepted steps are returned
        exact : the exact step where the model has one and no path is asked for
        entered : whether states at the start of each segment are returned
        in_order : whether the steps of a path are sorted; if not they stand as lanes wrote them, and only until
            the next run of this thread
        from_rest : whether each chain is one discharge from rest, whose errors no other one takes over; some states may
            then be further off (`TapedModel.leniency`)
        """
        room = self._room(chains) if path else 0
        while True:
            asked = _Asked(self.packed, values, chains, room, entered)
            if from_rest:
                asked.be_lenient()
            self._run(asked.task, rtol, atol, look or half > 0, half, exact and not path, lanes)
            if asked.task.recorded <= room or not path:
                return asked.answers(in_order)
            room = int(asked.task.recorded)

    def _room(self, chains: Chains) -> int:
        """Accepted steps that there is room for at first; what is not written to takes no memory."""
        segments = chains.imposed.shape[0] * chains.imposed.shape[1]
        row = 8 * (4 + self.model.states * (2 + self.packed.structure.dense))
        return max(_STEPS * segments, min(_MANY_STEPS * segments, _BYTES // row))

    def _run(
        self, task: Task, rtol: float, atol: float, look: bool, half: int, exact: bool, lanes: int
    ) -> None:
        """One run of the C file."""
        task.rtol, task.atol = rtol, atol
        task.look, task.half = int(look), half
        task.exact = int(exact and self.model.alone is not None)
        lanes = lanes or self._lanes_for(task)
        if lanes == _FEW:
            self.has_machine_code(SIDE_BY_SIDE)
        if lanes == 1:
            self._run_alone(task)
            return
        memory = self._memory(task, lanes)
        at = ctypes.c_void_p(memory.ctypes.data)
        model, whole = ctypes.byref(self.packed.structure), ctypes.byref(task)
        cases, count = (ctypes.c_longlong(one) for one in (task.cases, task.chains))
        fixed, first = ctypes.c_void_p(task.fixed), ctypes.c_longlong(0)
        self._library.hetsim_prepare(model, whole, first, cases, fixed, at, lanes)
        self._library.hetsim_run(model, whole, first, count, at, lanes)

    def _lanes_for(self, task: Task) -> int:
        """How many cases side by side serve a number of chains best."""
        if task.chains <= _ONE_BY_ONE:
            return 1
        if task.chains <= 2 * _FEW:
            return _FEW
        return _FEW if self.has_machine_code(SIDE_BY_SIDE) else _WIDEST

    def has_machine_code(self, kind: Kind) -> bool:
        """Whether tapes run as machine code of a kind, which is written when this is first asked for."""
        with self._lock:
            if kind not in self._machine_code:
                written = machine_code(self._library, self.packed.structure, kind, self.model.parts)
                self._machine_code[kind] = written
            return self._machine_code[kind] is not None

    def _run_alone(self, task: Task) -> None:
        """One case after the other."""
        vectors = None if self.has_machine_code(ALONE) else self._vectors
        memory = self._memory(task, 1, vectors.tapes.slots if vectors else 0)
        at = ctypes.c_void_p(memory.ctypes.data)
        model, whole = ctypes.byref(self.packed.structure), ctypes.byref(task)
        cases, count = (ctypes.c_longlong(one) for one in (task.cases, task.chains))
        fixed, first = ctypes.c_void_p(task.fixed), ctypes.c_longlong(0)
        self._library.hetsim_prepare_alone(model, whole, first, cases, fixed, at)
        side = ctypes.byref(vectors.structure) if vectors else None
        self._library.hetsim_run_alone(model, side, whole, first, count, at)

    @cached_property
    def _vectors(self) -> PackedVectors:
        """The tapes of one case alone where there is no machine code, made when the first one is run."""
        return PackedVectors(vector_tapes(self.model, self._library.hetsim_width()))

    def at_rest(self, values: Mapping[str, Any]) -> Array:
        """The model's states that a case starts from, [n]; the algebraic ones do not yet fit what is imposed."""
        asked = self._one_case(values)
        memory = self._memory(asked.task, 1)
        self._library.hetsim_begin(*self._given(asked), self._at(memory))
        state: Array = asked.answers().state[0]
        return state[: self.model.model_states]

    def fixed(self, values: Mapping[str, Any]) -> Array:
        """What depends on the values of one case alone, [n]."""
        asked = self._one_case(values)
        memory = self._memory(asked.task, 1)
        self._library.hetsim_prepare_alone(
            *self._given(asked), self._at(asked.fixed), self._at(memory)
        )
        found: Array = asked.fixed[0]
        return found

    def _one_case(self, values: Mapping[str, Any]) -> "_Asked":
        """A task of one case and one segment, in which nothing is imposed."""
        nothing = np.zeros(1, np.int32)
        imposed = np.zeros((1, 1, len(self.model.imposed_names) + 1))
        ends = Chains(nothing, imposed, np.full((1, 3), -1, np.int32), nothing, nothing)
        return _Asked(self.packed, values, ends)

    def _given(self, asked: "_Asked") -> tuple[Any, ...]:
        """The model, the task and the one case that a function of the C file does."""
        both = (ctypes.byref(one) for one in (self.packed.structure, asked.task))
        return *both, ctypes.c_longlong(0), ctypes.c_longlong(1)

    def _at(self, array: Array) -> Any:
        """Where an array stands, which must live until it is used."""
        return ctypes.c_void_p(array.ctypes.data)

    def look(
        self, fixed: Array, imposed: Array, states: Array, case_of: Ints | None = None
    ) -> dict[str, Array]:
        """What is looked at and what is kept along some states, by name.

        fixed : of the case, [n], or [cases, n];  imposed : [m], the same at all, or [times, m];  states : [times, n]
        case_of : the case of each state, [times]; None where there is only one
        """
        count = len(states)
        cases = np.ascontiguousarray(np.zeros(count) if case_of is None else case_of, np.int32)
        shape = (count, len(self.model.imposed_names))
        rows = np.ascontiguousarray(np.broadcast_to(imposed, shape), float)
        given = (fixed, cases, rows, np.ascontiguousarray(states))
        return self._looked(self._library.hetsim_look, given, count)

    def look_along(
        self,
        fixed: Array,
        imposed: Array,
        path: Path,
        at: Any,
        share: Array,
        case_of: Ints | None = None,
    ) -> dict[str, Array]:
        """The same at places along the steps of a path.

        imposed : [places, m];  at : the step of each, [places];  share : of its step, 0 to 1, [places]
        """
        count = len(share)
        cases = np.ascontiguousarray(np.zeros(count) if case_of is None else case_of, np.int32)
        given = (
            np.ascontiguousarray(path.steps),
            np.ascontiguousarray(at, np.int32),
            np.ascontiguousarray(share, float),
            np.ascontiguousarray(imposed, float),
        )
        return self._looked(self._library.hetsim_along, (fixed, cases, *given), count)

    def _looked(self, function: Any, given: tuple[Any, ...], count: int) -> dict[str, Array]:
        """What a function of the C file sees of some states, by name."""
        of = self.model
        outputs = np.empty((count, len(of.output_names) + len(of.inventories)))
        memory = self._memory(Task(longest=1), _WIDEST)
        function(
            ctypes.byref(self.packed.structure),
            *(POINTER(one.ctypes.data) for one in given),
            ctypes.c_longlong(count),
            POINTER(outputs.ctypes.data),
            POINTER(memory.ctypes.data),
        )
        return dict(zip((*of.output_names, *of.inventories), outputs.T, strict=True))

    def _memory(self, task: Task, lanes: int, more: int = 0) -> Array:
        """A block that starts on a cache line."""
        size = self._library.hetsim_memory(
            ctypes.byref(self.packed.structure), ctypes.byref(task), ctypes.c_int(lanes)
        )
        size += more
        block = _scratch("memory", size + 8)
        first = (-block.ctypes.data % 64) // 8
        return block[first : first + size]


class _Asked:
    """A task of the C file with the arrays that it reads and writes, which live as long as this does."""

    def __init__(
        self,
        packed: Packed,
        values: Mapping[str, Any],
        chains: Chains,
        room: int = 0,
        entered: bool = False,
    ) -> None:
        of = packed.model
        given = [values[name] for name in of.value_names]
        columns, addresses, stride, cases = _columns(given)
        count, segments = chains.imposed.shape[:2]
        self._of = of
        self.fixed = np.empty((cases, max(of.sizes["fixed"], 1)))
        self._answers = _blank_answers(of, count, segments)
        if entered:
            self._answers["entered"] = np.empty((count, segments, of.states))
        width = 4 + of.states * (2 + packed.structure.dense)
        self._steps = _scratch("steps", room * width).reshape(room, width)
        self._given = {
            "stride": stride,
            "imposed": np.ascontiguousarray(chains.imposed, float),
            **{
                name: np.ascontiguousarray(getattr(chains, name), np.int32)
                for name in ("case_of", "next", "save", "back")
            },
        }
        start = None if chains.start is None else np.ascontiguousarray(chains.start, float)
        self._kept = columns, addresses, start
        arrays = {**self._given, **self._answers, "fixed": self.fixed}
        self.task = Task(
            chains=count,
            cases=cases,
            segments=segments,
            longest=LONGEST,
            columns=addresses.ctypes.data,
            **{name: array.ctypes.data for name, array in arrays.items()},
            begin=None if start is None else start.ctypes.data,
            path=self._steps.ctypes.data if room else None,
            room=room,
        )

    def be_lenient(self) -> None:
        """With the states whose tolerance may be wider."""
        self._lenient = np.ascontiguousarray(1.0 / self._of.leniency)
        self.task.lenient = self._lenient.ctypes.data

    def answers(self, in_order: bool = True) -> Answers:
        """What came of it."""
        steps = self._steps[: self.task.recorded]
        path = self._path(steps, in_order) if self.task.room else None
        return Answers(**self._answers, fixed=self.fixed, path=path)

    def _path(self, steps: Array, in_order: bool) -> Path:
        """The accepted steps, which lanes side by side write in turn."""
        if not in_order:
            return Path(steps, self._of.states)
        if self.task.chains == 1:
            return Path(steps.copy(), self._of.states)
        order = np.lexsort((steps[:, 2], steps[:, 1], steps[:, 0]))
        return Path(steps[order], self._of.states)


_KEPT = threading.local()
_MOST_KEPT = 4_000_000
"""Numbers that a thread keeps room for: memory that is new costs as much as what is written to it."""


def _scratch(what: str, size: int) -> Array:
    """Room for numbers, until it is asked for again by the same thread for the same."""
    known: Array | None = getattr(_KEPT, what, None)
    if known is None or known.size < size:
        known = np.empty(size)
        if size <= _MOST_KEPT:
            setattr(_KEPT, what, known)
    return known[:size]


def _columns(given: list[Any]) -> tuple[list[Array], NDArray[np.uintp], Ints, int]:
    """What is given of the cases, one number for all or [cases]: the arrays, the address of each, 1 where it has one
    number a case, and the number of cases.

    Arrays of one size are copied to one place, until the same thread does this again: to ask each for its address
    takes longer.
    """
    if not any(isinstance(one, np.ndarray) for one in given):
        numbers = np.array(given, dtype=float)
        addresses = numbers.ctypes.data + numbers.itemsize * np.arange(len(given), dtype=np.uintp)
        return [numbers], addresses, np.zeros(len(given), np.int32), 1
    shapes = {getattr(one, "shape", ()) for one in given}
    if len(shapes) == 1 and given[0].ndim == 1:
        size = given[0].size
        block = _scratch("columns", len(given) * size)
        np.concatenate(given, out=block)
        addresses = block.ctypes.data + block.itemsize * size * np.arange(
            len(given), dtype=np.uintp
        )
        return [block], addresses, np.full(len(given), size > 1, np.int32), size
    columns = [np.ascontiguousarray(one, dtype=float) for one in given]
    addresses = np.array([column.ctypes.data for column in columns], dtype=np.uintp)
    stride = np.array([int(column.size > 1) for column in columns], np.int32)
    return columns, addresses, stride, max(map(np.size, columns), default=1)


def _blank_answers(of: TapedModel, count: int, segments: int) -> dict[str, Any]:
    """The arrays of `Answers` before a run."""
    shape = (count, segments)
    return {
        "code": np.full(shape, Ended.NOT_REACHED, np.int32),
        **{name: np.zeros(shape, np.int32) for name in ("event", "steps", "exact_steps")},
        "time": np.full(shape, np.nan),
        "kept": np.full((*shape, 2, len(of.inventories)), np.nan),
        "shown": np.full((*shape, 3, len(of.output_names)), np.nan),
        "state": np.empty((count, of.states)),
    }


def interpreter(source: Callable[[], Source], store: TapeStore) -> Interpreter | None:
    """The interpreter of a model; None where there is no library, or for a model that it cannot run.

    source : makes the model where the store does not hold its tapes
    """
    if library() is None:
        return None
    kept = store.read()
    if kept is not None:
        return Interpreter(kept)
    from hetsim.engine.taped import taped  # here, for kept tapes do not wait for casadi

    try:
        made = taped(source())
    except NotTapedError:
        return None
    store.write(made)
    return Interpreter(made)
