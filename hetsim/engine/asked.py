"""A task of the interpreter's C file, with the arrays that it reads and writes."""

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.chains import LONGEST, Answers, Chains, Ended, Ints
from hetsim.engine.packed import Packed, Task
from hetsim.engine.path import Path
from hetsim.engine.taped_model import TapedModel
from hetsim.results import Array

__all__ = ["Asked", "scratch"]


class Asked:
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
        self._steps = scratch("steps", room * width).reshape(room, width)
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


def scratch(what: str, size: int) -> Array:
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
        block = scratch("columns", len(given) * size)
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
