"""Machine code of the tapes of a model, where the processor and the system allow it.

`native/machine_code.h` writes it. Here it is put into memory that the processor may run and that nothing can write to
any more, and played once beside the interpreter, on numbers that no model has chosen: where one bit differs, the
interpreter runs.
"""

import ctypes
import mmap
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from hetsim.engine.packed import TAPES, Model, Tape
from hetsim.engine.taped_model import Part
from hetsim.results import Array

__all__ = ["ALONE", "SIDE_BY_SIDE", "Kind", "MachineCode", "machine_code"]

_READ_AND_RUN = mmap.PROT_READ | mmap.PROT_EXEC if hasattr(mmap, "PROT_EXEC") else 0
_ALIGNED = 64


@dataclass(frozen=True)
class Kind:
    """What code is for.

    place : of the function in `Tape`
    lanes : cases
    suffix, played : of the functions of the C file that write code, and that play a tape
    """

    place: int
    lanes: int
    suffix: str
    played: str


ALONE = Kind(0, 1, "_alone", "hetsim_play_alone")
SIDE_BY_SIDE = Kind(1, 8, "", "hetsim_play")
"""For one case alone, and for several side by side."""


@dataclass(frozen=True)
class MachineCode:
    """Code that a model points to as long as this lives."""

    memory: mmap.mmap


def machine_code(
    library: Any, model: Model, kind: Kind, parts: Mapping[str, Sequence[Part]]
) -> MachineCode | None:
    """Write the tapes of a model as machine code, and make `model` point to it; None where that cannot be.

    kind : ALONE or SIDE_BY_SIDE
    parts : tapes of which something is repeated (`TapedModel.parts`)

    HETSIM_MACHINE_CODE=0 says that there is to be none. There is none either where one tape cannot be written so.
    """
    if os.environ.get("HETSIM_MACHINE_CODE") == "0" or not hasattr(library, "hetsim_machine_code"):
        return None
    tapes = [getattr(model, f"tape_{name}") for name in TAPES]
    written, starts = list[bytes](), list[int]()
    for name, tape in zip(TAPES, tapes, strict=True):
        code, start = _written(library, model, tape, kind, parts.get(name, ()))
        if not code:
            return None
        starts.append(sum(map(len, written)) + start)
        written.append(code)
    memory = _runnable(b"".join(written))
    if memory is None:
        return None
    addresses = [_address(memory) + start for start in starts]
    if not all(
        _agrees(library, model, tape, kind, address)
        for tape, address in zip(tapes, addresses, strict=True)
    ):
        return None
    for tape, address in zip(tapes, addresses, strict=True):
        tape.machine[kind.place] = address
    return MachineCode(memory)


def _written(
    library: Any, model: Model, tape: Tape, kind: Kind, parts: Sequence[Part] = ()
) -> tuple[bytes, int]:
    """The code of a tape and where its function begins; no bytes where it cannot be written."""
    written = [_part(library, model, part, kind) for part in parts]
    if written and all(code for code, _ in written):
        return _one_after_the_other(written)
    held = ctypes.cast(tape.code, ctypes.POINTER(ctypes.c_int32))
    code = np.ctypeslib.as_array(held, (tape.length, 5))
    whole = Part(code, 1, model.registers, model.slots, np.empty((0, 2), np.int32))
    return _part(library, model, whole, kind)


class _Part(ctypes.Structure):
    """`Part` of the C file."""

    _fields_ = [
        ("code", ctypes.c_void_p),
        ("length", ctypes.c_longlong),
        *((name, ctypes.c_int) for name in ("times", "kept", "names", "moving")),
        *((name, ctypes.c_void_p) for name in ("slot", "by")),
    ]


def _part(library: Any, model: Model, part: Part, kind: Kind) -> tuple[bytes, int]:
    """The code of a part of a tape and where its function begins; no bytes where it cannot be written."""
    slot, by = (np.ascontiguousarray(part.moving[:, k]) for k in (0, 1))
    given = _Part(
        part.code.ctypes.data,
        len(part.code),
        *(part.times, part.kept, part.names, len(part.moving)),
        *(slot.ctypes.data, by.ctypes.data),
    )
    room, numbers = (
        getattr(library, f"hetsim_machine_{what}{kind.suffix}")(ctypes.byref(given))
        for what in ("room", "work")
    )
    work = np.empty(numbers, np.int32)
    code = np.empty(room + _ALIGNED, np.uint8)
    code = code[-code.ctypes.data % _ALIGNED :][:room]
    start = ctypes.c_longlong()
    size = getattr(library, f"hetsim_machine_code{kind.suffix}")(
        ctypes.byref(model),
        ctypes.byref(given),
        ctypes.c_int(kind.lanes),
        ctypes.c_void_p(code.ctypes.data),
        ctypes.c_longlong(room),
        ctypes.byref(start),
        ctypes.c_void_p(work.ctypes.data),
    )
    return _padded(code[:size].tobytes()), start.value


def _padded(code: bytes) -> bytes:
    return code + bytes(-len(code) % _ALIGNED)


def _one_after_the_other(parts: list[tuple[bytes, int]]) -> tuple[bytes, int]:
    """Functions that take the address of the memory, and behind them one that calls each in turn."""
    codes = [code for code, _ in parts]
    ends = list(accumulate(map(len, codes)))
    calls = b"\x53\x48\x89\xfb"  # push rbx; mov rbx, rdi
    for (code, start), end in zip(parts, ends, strict=True):
        calls += b"\x48\x89\xdf\xe8"  # mov rdi, rbx; call
        away = end - len(code) + start - (ends[-1] + len(calls) + 4)
        calls += away.to_bytes(4, "little", signed=True)
    calls += b"\x5b\xc3"  # pop rbx; ret
    return b"".join([*codes, _padded(calls)]), ends[-1]


def _runnable(code: bytes) -> mmap.mmap | None:
    """Memory that holds code and may be run and not be written to; None where the system allows none."""
    try:
        memory = mmap.mmap(-1, len(code), prot=mmap.PROT_READ | mmap.PROT_WRITE)
        memory[:] = code
        protect = ctypes.CDLL(None).mprotect
    except (OSError, TypeError, AttributeError):
        return None
    at, size = ctypes.c_void_p(_address(memory)), ctypes.c_size_t(len(code))
    return None if protect(at, size, ctypes.c_int(_READ_AND_RUN)) else memory


def _address(memory: mmap.mmap) -> int:
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def _agrees(library: Any, model: Model, tape: Tape, kind: Kind, address: int) -> bool:
    """Whether a tape leaves the same numbers, to the last bit, as the interpreter does."""
    numbers = np.random.default_rng(0).normal(size=(model.slots, kind.lanes))
    numbers[: model.constants] = _constants(model)[:, None]
    left = [_played(library, model, tape, kind, numbers, one) for one in (0, address)]
    count = model.registers
    return np.array_equal(left[0][:count], left[1][:count], equal_nan=True)


def _constants(model: Model) -> Array:
    held = ctypes.cast(model.constant, ctypes.POINTER(ctypes.c_double))
    return np.ctypeslib.as_array(held, (model.constants,))


def _played(
    library: Any, model: Model, tape: Tape, kind: Kind, numbers: Array, address: int
) -> Array:
    """The numbers of all slots after a tape."""
    block = np.empty(numbers.size + 8)
    memory = block[-block.ctypes.data % _ALIGNED // 8 :][: numbers.size].reshape(numbers.shape)
    memory[:] = numbers
    one = Tape(tape.code, tape.length)
    one.machine[kind.place] = address
    at = ctypes.c_void_p(memory.ctypes.data)
    getattr(library, kind.played)(ctypes.byref(one), at)
    return memory
