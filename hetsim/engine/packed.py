"""A taped model as the C file of the engine takes it."""

import ctypes
from typing import Any

import numpy as np

from hetsim.engine.tableau import EXPONENTIAL, NEARLY_EXPONENTIAL, RODAS, Exponential, Tableau
from hetsim.engine.taped_model import Code, TapedModel
from hetsim.engine.vectors import TAPES as VECTOR_TAPES
from hetsim.engine.vectors import VectorTapes

POINTER = ctypes.c_void_p


class Tape(ctypes.Structure):
    """Instructions and how many."""

    _fields_ = [("code", POINTER), ("length", ctypes.c_longlong), ("machine", POINTER * 2)]


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
    "corners",
    "entries",
    "registers",
]
_PLACES = [
    "state",
    "values",
    "fixed",
    "imposed",
    "rate",
    "matrix",
    "right",
    "inverse",
    "start",
    "margin",
    "output",
    "kept",
    "corner",
    "pole",
]
TAPES = [
    "fix",
    "begin",
    "rate",
    "both",
    "factor",
    "solve",
    "margin",
    "output",
    "keep",
    "alone",
    "corner",
    "pole",
]


_EXPONENTIAL: list[tuple[str, Any]] = [
    ("poles", ctypes.c_longlong),
    ("rest", ctypes.c_double),
    ("pole", POINTER),
]


class Model(ctypes.Structure):
    """`Model` of the C file."""

    _fields_ = [
        *((name, ctypes.c_int) for name in _SIZES),
        *((f"at_{name}", ctypes.c_int) for name in _PLACES),
        *((name, ctypes.c_int) for name in ("stages", "dense", "has_algebraic", "clock")),
        *((name, ctypes.c_double) for name in ("gamma", "order")),
        *(
            (name, POINTER)
            for name in ("constant", "mass", "reference", "bounds", "diagonal", "a", "c", "h")
        ),
        *((f"nearly_{name}", kind) for name, kind in _EXPONENTIAL),
        *((f"whole_{name}", kind) for name, kind in _EXPONENTIAL),
        ("alone", ctypes.c_longlong),
        ("which", POINTER),
        ("branches", ctypes.c_longlong),
        ("branch", POINTER),
        *((f"tape_{name}", Tape) for name in TAPES),
    ]


class Task(ctypes.Structure):
    """`Task` of the C file."""

    _fields_ = [
        *((name, ctypes.c_longlong) for name in ("chains", "cases")),
        *((name, ctypes.c_int) for name in ("segments", "longest")),
        *((name, ctypes.c_double) for name in ("rtol", "atol")),
        *(
            (name, POINTER)
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
                "lenient",
            ]
        ),
        *((name, ctypes.c_int) for name in ("look", "half")),
        ("path", POINTER),
        ("room", ctypes.c_longlong),
        *(
            (name, POINTER)
            for name in ["code", "event", "steps", "time", "kept", "shown", "state", "entered"]
        ),
        ("exact", ctypes.c_int),
        ("exact_steps", POINTER),
        ("recorded", ctypes.c_longlong),
    ]


def _numbers_of(of: TapedModel, method: Tableau) -> dict[str, float]:
    """The numbers of `Model`."""
    return {
        "slots": of.slots,
        "constants": len(of.constants),
        "states": of.states,
        "values": len(of.value_names),
        "fixed": of.sizes["fixed"],
        "imposed": len(of.imposed_names),
        "margins": len(of.events),
        "outputs": len(of.output_names),
        "kept": len(of.inventories),
        "corners": of.sizes["corner"],
        "entries": of.sizes["matrix"],
        "registers": of.registers,
        **{f"at_{name}": of.places[name] for name in _PLACES},
        "stages": method.stages,
        "dense": len(method.h),
        "has_algebraic": int((of.mass == 0).any()),
        "clock": of.model_states if of.states > of.model_states else -1,
        "gamma": method.gamma,
        "order": method.order,
        "alone": len(of.alone or ()),
        "branches": len(of.held),
    }


def _arrays_of(of: TapedModel, method: Tableau) -> dict[str, Any]:
    """What `Model` points to, but for tapes and exponentials."""
    return {
        "constant": of.constants,
        "mass": of.mass,
        "reference": of.reference,
        "bounds": of.bounds,
        "diagonal": of.diagonal,
        "a": method.a,
        "c": method.c,
        "h": method.h,
        "which": np.array(of.alone or (), np.int32),
        "branch": of.held,
    }


class Packed:
    """A taped model, its structure for the C file, and the arrays that this points to.

    structure : `Model`
    """

    def __init__(self, model: TapedModel) -> None:
        self.model = model
        self._arrays: list[Any] = []
        arrays = _arrays_of(model, RODAS)
        self.structure = Model(
            **_numbers_of(model, RODAS),
            **{name: self._hold(array) for name, array in arrays.items()},
            **self._exponential("nearly", NEARLY_EXPONENTIAL),
            **self._exponential("whole", EXPONENTIAL),
            **{f"tape_{name}": self._tape(model.tapes[name]) for name in TAPES},
        )

    def _exponential(self, name: str, of: Exponential) -> dict[str, Any]:
        """No poles where the model has no exact step."""
        poles = 0 if self.model.alone is None else len(of.poles)
        return {
            f"{name}_poles": poles,
            f"{name}_rest": of.rest,
            f"{name}_pole": self._hold(of.poles),
        }

    def _hold(self, array: Any) -> int:
        made = np.ascontiguousarray(array)
        self._arrays.append(made)
        return int(made.ctypes.data)

    def _tape(self, code: Code) -> Tape:
        return Tape(self._hold(code), len(code))


class Vectors(ctypes.Structure):
    """`Vectors` of the C file."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("slots", "rows", "at_rows")),
        ("given", POINTER),
        *((name, POINTER) for name in VECTOR_TAPES),
    ]


class PackedVectors:
    """The tapes of one case alone, and their structure for the C file.

    structure : `Vectors`
    """

    def __init__(self, tapes: VectorTapes) -> None:
        self.tapes = tapes
        self.structure = Vectors(
            slots=tapes.slots,
            rows=len(tapes.given),
            at_rows=tapes.at_rows,
            given=tapes.given.ctypes.data,
            **{name: one.ctypes.data for name, one in tapes.tapes.items()},
        )
