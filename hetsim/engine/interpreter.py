"""Chains of segments of many cases on the engine's interpreter."""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.native.library import library
from hetsim.engine.tableau import EXPONENTIAL, NEARLY_EXPONENTIAL, RODAS
from hetsim.engine.tape import Code, NotTapedError
from hetsim.engine.taped import Source, TapedModel, taped
from hetsim.results import Array

Ints = NDArray[np.int32]

LONGEST = 3000
"""Steps after which a segment is given up."""


_ROUND_OFF = 1e-12


def _lanes_for(chains: int) -> int:
    """How many cases side by side serve a number of chains best."""
    return 2 if chains <= 2 else 8 if chains <= 16 else 32


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


_POINTER = ctypes.c_void_p


class _Tape(ctypes.Structure):
    _fields_ = [("code", _POINTER), ("length", ctypes.c_longlong)]


_SIZES = [
    "slots",
    "constants",
    "states",
    "values",
    "fixed",
    "imposed",
    "margins",
    "outputs",
    "kept",
    "entries",
]
_PLACES = [
    "state",
    "values",
    "fixed",
    "imposed",
    "rate",
    "matrix",
    "right",
    "start",
    "margin",
    "output",
    "kept",
]
_TAPES = ["fix", "begin", "rate", "both", "factor", "solve", "margin", "output", "keep", "alone"]


_EXPONENTIAL: list[tuple[str, Any]] = [
    ("poles", ctypes.c_longlong),
    ("rest", ctypes.c_double),
    ("pole", _POINTER),
]


class _Model(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int) for name in _SIZES),
        *((f"at_{name}", ctypes.c_int) for name in _PLACES),
        *((name, ctypes.c_int) for name in ("stages", "dense", "has_algebraic", "clock")),
        *((name, ctypes.c_double) for name in ("gamma", "order")),
        *(
            (name, _POINTER)
            for name in ("constant", "mass", "reference", "bounds", "diagonal", "a", "c", "h")
        ),
        *((f"nearly_{name}", kind) for name, kind in _EXPONENTIAL),
        *((f"whole_{name}", kind) for name, kind in _EXPONENTIAL),
        ("alone", ctypes.c_longlong),
        ("which", _POINTER),
        *((f"tape_{name}", _Tape) for name in _TAPES),
    ]


class _Task(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_longlong) for name in ("chains", "cases")),
        *((name, ctypes.c_int) for name in ("segments", "longest")),
        *((name, ctypes.c_double) for name in ("rtol", "atol")),
        *(
            (name, _POINTER)
            for name in [
                "columns",
                "stride",
                "fixed",
                "case_of",
                "imposed",
                "next",
                "save",
                "back",
                "begin",
            ]
        ),
        *((name, ctypes.c_int) for name in ("look", "half")),
        ("path", _POINTER),
        ("room", ctypes.c_longlong),
        *(
            (name, _POINTER)
            for name in ["code", "event", "steps", "time", "kept", "shown", "state"]
        ),
        ("exact", ctypes.c_int),
        ("exact_steps", _POINTER),
        ("recorded", ctypes.c_longlong),
    ]


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
class Path:
    """Accepted steps, sorted by chain, segment and time.

    chain, segment : [n];  time, step : from the start of the segment, and its length [s], [n]
    first, last : states at both ends, [n, states]
    bend : [n, dense, states], of the output between them
    """

    chain: Ints
    segment: Ints
    time: Array
    step: Array
    first: Array
    last: Array
    bend: Array

    def part(self, chain: int, segment: int) -> "Path":
        """The steps of one segment."""
        low, high = np.searchsorted(self.chain, (chain, chain + 1))
        first, last = low + np.searchsorted(self.segment[low:high], (segment, segment + 1))
        fields = (getattr(self, name)[first:last] for name in self.__dataclass_fields__)
        return Path(*fields)

    def states(self, times: Array) -> Array:
        """States [times, n] at times within one segment, of which this is the path [s]."""
        at, share = self._at(times)
        found: Array = (1 - share) * self.first[at] + share * (
            self.last[at] + (1 - share) * self._bent(at, share)
        )
        return found

    def rates(self, times: Array) -> Array:
        """Their rates of change [times, n] [s-1]."""
        at, share = self._at(times)
        bend = np.zeros_like(self.first[at])  # how the bend itself changes along the step
        for k in reversed(range(1, self.bend.shape[1])):
            bend = k * self.bend[at, k] + share * bend
        moved = self.last[at] - self.first[at] + (1 - 2 * share) * self._bent(at, share)
        found: Array = (moved + share * (1 - share) * bend) / self.step[at][:, None]
        return found

    def _at(self, times: Array) -> tuple[Any, Array]:
        """The step of each time, and the share of it, [times, 1]."""
        at = np.clip(np.searchsorted(self.time, times, "right") - 1, 0, None)
        share = ((times - self.time[at]) / self.step[at])[:, None]
        return at, np.where(share > 1 - _ROUND_OFF, 1.0, share)  # the end is the state itself

    def _bent(self, at: Any, share: Array) -> Array:
        """How the states bend along their steps."""
        bend = np.zeros_like(self.first[at])
        for k in reversed(range(self.bend.shape[1])):
            bend = self.bend[at, k] + share * bend
        return bend


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


@dataclass
class Interpreter:
    """A model on the interpreter; made by `interpreter`."""

    model: TapedModel
    lanes: int = 32
    _kept: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        of, method = self.model, RODAS
        found = library()
        assert found is not None
        self._library = found.functions
        self._kept = []
        sizes = of.sizes
        self._struct = _Model(
            slots=sizes["slots"],
            constants=len(of.constants),
            states=of.states,
            values=len(of.value_names),
            fixed=sizes["fixed"],
            imposed=len(of.imposed_names),
            margins=len(of.events),
            outputs=len(of.output_names),
            kept=len(of.inventories),
            entries=sizes["matrix"],
            **{f"at_{name}": of.places[name] for name in _PLACES},
            stages=method.stages,
            dense=len(method.h),
            has_algebraic=int((of.mass == 0).any()),
            clock=of.model_states if of.states > of.model_states else -1,
            gamma=method.gamma,
            order=method.order,
            constant=self._hold(of.constants),
            mass=self._hold(of.mass),
            reference=self._hold(of.reference),
            bounds=self._hold(of.bounds),
            diagonal=self._hold(of.diagonal),
            a=self._hold(method.a),
            c=self._hold(method.c),
            h=self._hold(method.h),
            alone=0 if of.alone is None else len(of.alone),
            **{
                f"{name}{field}": value
                for name, one in (("nearly", NEARLY_EXPONENTIAL), ("whole", EXPONENTIAL))
                for field, value in (
                    ("_poles", 0 if of.alone is None else len(one.poles)),
                    ("_rest", one.rest),
                    ("_pole", self._hold(one.poles)),
                )
            },
            which=self._hold(np.array(() if of.alone is None else of.alone, np.int32)),
            **{f"tape_{name}": self._tape(of.tapes[name]) for name in _TAPES},
        )

    def _hold(self, array: Any) -> int:
        made = np.ascontiguousarray(array)
        self._kept.append(made)
        return int(made.ctypes.data)

    def _tape(self, code: Code) -> _Tape:
        return _Tape(self._hold(code), len(code))

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
        path: int = 0,
        lanes: int = 0,
        exact: bool = True,
    ) -> Answers:
        """All segments of all chains.

        values : of each case by the name of the input, one number for all or [cases]
        look : outputs at both ends
        half : outputs also at half of the time, in the last two of every `half` segments; 1 for all
        path : room for accepted steps; they are returned
        exact : the exact step where the model has one and no path is asked for
        """
        lanes = lanes or _lanes_for(len(chains.case_of))
        columns = [
            np.ascontiguousarray(values[name], dtype=float) for name in self.model.value_names
        ]
        cases = max(column.size for column in columns)
        count, segments = chains.imposed.shape[:2]
        of = self.model
        made = {
            "code": np.full((count, segments), Ended.NOT_REACHED, np.int32),
            "event": np.zeros((count, segments), np.int32),
            "steps": np.zeros((count, segments), np.int32),
            "exact_steps": np.zeros((count, segments), np.int32),
            "time": np.full((count, segments), np.nan),
            "kept": np.full((count, segments, 2, len(of.inventories)), np.nan),
            "shown": np.full((count, segments, 3, len(of.output_names)), np.nan),
            "state": np.empty((count, of.states)),
        }
        fixed = np.empty((cases, max(of.sizes["fixed"], 1)))
        given = {
            "case_of": np.ascontiguousarray(chains.case_of, np.int32),
            "imposed": np.ascontiguousarray(chains.imposed, float),
            "next": np.ascontiguousarray(chains.next, np.int32),
            "save": np.ascontiguousarray(chains.save, np.int32),
            "back": np.ascontiguousarray(chains.back, np.int32),
            "stride": np.array([int(column.size > 1) for column in columns], np.int32),
            "fixed": fixed,
        }
        pointers = (_POINTER * len(columns))(*(column.ctypes.data for column in columns))
        width = 4 + of.states * (2 + self._struct.dense)
        steps = np.empty((path, width)) if path else None
        start = None if chains.start is None else np.ascontiguousarray(chains.start, float)
        task = _Task(
            chains=count,
            cases=cases,
            segments=segments,
            longest=LONGEST,
            rtol=rtol,
            atol=atol,
            columns=ctypes.cast(pointers, _POINTER),
            **{name: array.ctypes.data for name, array in {**given, **made}.items()},
            begin=None if start is None else start.ctypes.data,
            look=int(look or half > 0),
            half=half,
            path=None if steps is None else steps.ctypes.data,
            room=path,
            exact=int(exact and of.alone is not None and not path),
        )
        memory = self._memory(task, lanes)
        at = ctypes.c_void_p(memory.ctypes.data)
        model, whole = ctypes.byref(self._struct), ctypes.byref(task)
        lib, number = self._library, ctypes.c_longlong
        lib.hetsim_prepare(
            model, whole, number(0), number(cases), ctypes.c_void_p(fixed.ctypes.data), at, lanes
        )
        lib.hetsim_run(model, whole, number(0), number(count), at, lanes)
        found = None
        if steps is not None:
            if task.recorded > path:
                return self.run(
                    values,
                    chains,
                    rtol,
                    atol,
                    look=look,
                    half=half,
                    path=int(task.recorded),
                    lanes=lanes,
                )
            found = self._path(steps[: task.recorded])
        return Answers(**made, fixed=fixed, path=found)

    def look(self, fixed: Array, imposed: Array, states: Array) -> dict[str, Array]:
        """What is looked at and what is kept along some states of one case, by name.

        fixed : of the case, [n];  imposed : [m], the same at all;  states : [times, n]
        """
        count, of = len(states), self.model
        outputs = np.empty((count, len(of.output_names) + len(of.inventories)))
        cases = np.zeros(count, np.int32)
        rows = np.ascontiguousarray(np.broadcast_to(imposed, (count, len(imposed))), float)
        states = np.ascontiguousarray(states)
        memory = self._memory(_Task(longest=1), self.lanes)
        pointers = (_POINTER(one.ctypes.data) for one in (fixed, cases, rows, states))
        self._library.hetsim_look(
            ctypes.byref(self._struct),
            *pointers,
            ctypes.c_longlong(count),
            _POINTER(outputs.ctypes.data),
            _POINTER(memory.ctypes.data),
        )
        return dict(zip((*of.output_names, *of.inventories), outputs.T, strict=True))

    def _memory(self, task: _Task, lanes: int) -> Array:
        """A block that starts on a cache line."""
        size = self._library.hetsim_memory(
            ctypes.byref(self._struct), ctypes.byref(task), ctypes.c_int(lanes)
        )
        block = np.empty(size + 8)
        first = (-block.ctypes.data % 64) // 8
        return block[first : first + size]

    def _path(self, steps: Array) -> Path:
        steps = steps[np.lexsort((steps[:, 2], steps[:, 1], steps[:, 0]))]
        n = self.model.states
        return Path(
            steps[:, 0].astype(np.int32),
            steps[:, 1].astype(np.int32),
            steps[:, 2],
            steps[:, 3],
            steps[:, 4 : 4 + n],
            steps[:, 4 + n : 4 + 2 * n],
            steps[:, 4 + 2 * n :].reshape(len(steps), self._struct.dense, n),
        )


def interpreter(source: Source) -> Interpreter | None:
    """The interpreter of a model; None where there is no library, or for a model that it cannot run."""
    if library() is None:
        return None
    try:
        return Interpreter(taped(source))
    except NotTapedError:
        return None
