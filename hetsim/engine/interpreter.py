"""Chains of segments of many cases on the engine's interpreter."""

import ctypes
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from hetsim.engine.asked import Asked, scratch
from hetsim.engine.chains import Answers, Chains, Ints
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

_STEPS, _MANY_STEPS, _BYTES = 80, 500, 32_000_000
"""Accepted steps of a segment that there is room for: at least, and as long as all take no more than some bytes."""

_WIDEST = 32
"""Cases side by side that the interpreter does best with."""
_FEW = SIDE_BY_SIDE.lanes
"""The same of machine code: where few cases share the memory, more of what they leave there is at hand."""
_ONE_BY_ONE = 2
"""Cases up to which one runs after the other."""


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
            asked = Asked(self.packed, values, chains, room, entered)
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

    def _one_case(self, values: Mapping[str, Any]) -> "Asked":
        """A task of one case and one segment, in which nothing is imposed."""
        nothing = np.zeros(1, np.int32)
        imposed = np.zeros((1, 1, len(self.model.imposed_names) + 1))
        ends = Chains(nothing, imposed, np.full((1, 3), -1, np.int32), nothing, nothing)
        return Asked(self.packed, values, ends)

    def _given(self, asked: "Asked") -> tuple[Any, ...]:
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
        block = scratch("memory", size + 8)
        first = (-block.ctypes.data % 64) // 8
        return block[first : first + size]


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
