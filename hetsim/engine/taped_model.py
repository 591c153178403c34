"""What is taped, and the tapes of it: numbers, which are kept and run without PyBaMM and casadi."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.results import Array

Code = NDArray[np.int32]
"""Whole numbers, as instructions [n, 5]: operation, slot of the result, slots of its operands."""


@dataclass(frozen=True)
class Part:
    """Instructions of a tape that run `times` times.

    code : their slots are names: those of the memory, then those of `moving`, then numbers that are gone with the part
    kept : the first slot of those that hold nothing after the part
    names : how many there are
    moving : the slot that a name has the first time, and how much farther on it is each time, [n, 2]
    """

    code: Code
    times: int
    kept: int
    names: int
    moving: Code


class NotTapedError(Exception):
    """A function holds an operation that the interpreter does not know."""


@dataclass(frozen=True)
class Source:
    """A discretised model of PyBaMM, and what of it is a value of a case and what of a segment.

    equilibrium : the state to start from, an expression of the inputs
    value_names : inputs that are values of a case
    imposed_names : inputs that are values of a segment; the last two are the cut-offs
    inventories : variables that are kept for the balance of charge
    """

    model: Any
    equilibrium: Any
    value_names: tuple[str, ...]
    imposed_names: tuple[str, ...]
    inventories: tuple[str, ...]


@dataclass(frozen=True)
class TapedModel:
    """All that the interpreter needs to know of a model.

    value_names : inputs that are values of a case
    imposed_names : inputs that are values of a segment; the last two are the cut-offs
    events : names of what ends a segment, in the order of the margins
    output_names : what is looked at; the voltage first
    inventories : what is kept for the balance
    states, model_states : with the time as a state where something depends on it, and without
    pattern : line and column of the entries of the matrix that may not be zero before its elimination, [n, 2]
    pivots : the line in which the pivot of each column stands, [states]
    branches : states of hystereses, -1 to 1
    held : those of them that have a rate of their own, and are held at their ends in a discharge from rest
    leniency : by how much the tolerance of a state is wider in a discharge from rest, [states]
    parts : tapes of which something is repeated, as parts that follow each other
    alone : states beside those in which the model is affine, each of which follows from itself alone; None where
        a model is not of this kind
    """

    value_names: tuple[str, ...]
    imposed_names: tuple[str, ...]
    events: tuple[str, ...]
    output_names: tuple[str, ...]
    inventories: tuple[str, ...]
    states: int
    model_states: int
    mass: Array
    reference: Array
    bounds: Array
    diagonal: Any
    pattern: Code
    pivots: Code
    branches: Code
    held: Code
    leniency: Array
    constants: Array
    sizes: Mapping[str, int]
    places: Mapping[str, int]
    tapes: Mapping[str, Code]
    parts: Mapping[str, Sequence[Part]]
    alone: tuple[int, ...] | None

    @property
    def registers(self) -> int:
        """The first slot of those that hold nothing after a tape."""
        return max(self.places[name] + self.sizes[name] for name in self.places)

    @property
    def slots(self) -> int:
        """Slots of the memory, with some for machine code, whose operations stand in another order."""
        used = self.sizes["slots"]
        return used + (used - self.registers) // 2 + 64
