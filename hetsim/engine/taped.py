"""A built model as tapes: its equations, their Jacobian and the elimination of a step."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import casadi
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from hetsim.engine.derivatives import with_matrix
from hetsim.engine.elimination import EliminationTapes
from hetsim.engine.equations import Equations
from hetsim.engine.partial_sums import in_partial_sums
from hetsim.engine.parts import parts
from hetsim.engine.pole_tape import NUMBERS, pole_tape
from hetsim.engine.tape import Instruction, Memory, assembled, finished
from hetsim.engine.taped_model import NotTapedError, Part, Source, TapedModel
from hetsim.engine.written import Written, simplified, written
from hetsim.results import Array


def taped(source: Source) -> TapedModel:
    """The tapes of a model.

    Raises NotTapedError for a model that the interpreter does not know how to run.
    """
    with _nothing_collected():
        return _taped(source)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Without garbage collection: a tape is made of a million small objects that stay, and each round looks at all of
    them, a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _taped(source: Source) -> TapedModel:
    of = Equations(source)
    making = _Making(of)
    made = finished(in_partial_sums(making.tapes(), making.memory), making.memory)
    constants = np.array(list(making.memory.constants), dtype=float)
    count, memory, entries = len(constants), making.memory, making.entries
    lines = range(len(of.mass))
    places = {name: place + count for name, place in making.places.items()}
    sizes = {
        **making.sizes,
        "matrix": len(entries),
        "slots": count + memory.size + memory.registers,
    }
    model = TapedModel(
        of.value_names,
        of.imposed_names,
        of.events,
        of.outputs,
        of.inventories,
        len(of.mass),
        of.model_states,
        of.mass,
        of.reference,
        of.bounds,
        np.array([entries[(line, line)] if of.mass[line] else 0 for line in lines], np.int32),
        np.array(list(entries)[: making.computed], np.int32),
        np.array([making.pivots[column] for column in lines], np.int32),
        np.array(of.branches, np.int32),
        np.array(of.held, np.int32),
        of.leniency,
        constants,
        sizes,
        places,
        made,
        {},
        making.alone,
    )
    return replace(model, parts=_parts(model))


_LONG = 2000
"""Instructions of a tape from which it is looked through for what is repeated."""


def _parts(model: TapedModel) -> dict[str, list[Part]]:
    """The tapes of a step of which something is repeated."""
    blocks = sorted(set(model.places.values()))
    found = {
        name: parts(model.tapes[name], model.slots, model.registers, blocks)
        for name in ("rate", "both", "factor", "solve")
        if len(model.tapes[name]) >= _LONG
    }
    return {name: several for name, several in found.items() if several}


class _Making:
    """The tapes of some equations in one memory.

    entries : of the matrix of a step, by line and column;  computed : how many do not only fill in
    pivots : the line in which the pivot of each column stands
    """

    def __init__(self, of: Equations) -> None:
        _check_length(of.rate)
        moment = written(_moment(of))
        moment = simplified(moment, moment.given_by(1))
        moment, self.pattern = with_matrix(moment, _LONGEST)
        self._moment = simplified(moment, moment.given_by(1))
        self.entries: dict[tuple[int, int], int] = {}
        for entry in self.pattern:
            self.entries.setdefault(entry, len(self.entries))
        self._frontier = _frontier(self._moment, self._moment.given_by(1))
        self._of, states = of, len(of.mass)
        self._corners = _corners(self._moment)
        self.alone = _alone(self._moment, self.pattern, of.mass)
        self.sizes = {
            "state": states,
            "values": len(of.value_names),
            "fixed": len(self._frontier),
            "imposed": len(of.imposed_names),
            "rate": 0 if self.alone is None else states,
            "right": states,
            "inverse": 1,
            "start": states,
            "margin": len(of.events),
            "output": len(of.outputs),
            "kept": len(of.inventories),
            "corner": len(self._corners),
            "pole": 0 if self.alone is None else len(NUMBERS),
        }
        self.memory = Memory({})
        self.places = {name: self.memory.block(size) for name, size in self.sizes.items()}
        self.places["matrix"] = self.memory.block(0)
        self.computed = len({*self.pattern, *((place, place) for place in range(states))})
        self.pivots = _pivots(self.pattern, of.mass)
        self._elimination = EliminationTapes(
            self.pattern, self.entries, self.pivots, self.places, self.memory
        )

    def tapes(self) -> dict[str, list[Instruction]]:
        """All of them, by name."""
        blocks = ("state", "values", "imposed", "right", "inverse")
        arguments = tuple(self.places[one] for one in blocks)
        step = _step(self._moment, self.pattern, self._of.mass)
        inputs = _inputs(step.moment, arguments)
        fixed = {value: self.places["fixed"] + k for k, value in enumerate(self._frontier)}
        beside = _targets(self.alone or (), self._moment, self.entries, self.places)

        def of_moment(targets: list[tuple[int, int]]) -> list[Instruction]:
            return assembled(step.moment, {**inputs, **fixed}, targets, self.memory)

        def in_block(name: str, values: Iterable[int]) -> list[tuple[int, int]]:
            return [(self.places[name] + place, value) for place, value in enumerate(values)]

        def tape(name: str, result: int) -> list[Instruction]:
            return of_moment(in_block(name, self._moment.results[result]))

        at_case = [(slot, value) for value, slot in fixed.items()]
        matrix = {self.places["matrix"] + self.entries[one]: k for one, k in step.matrix.items()}
        both = [*in_block("right", self._moment.results[0]), *matrix.items()]
        cleared = [one for one in self._elimination.cleared if one[1] not in matrix]
        return {
            "fix": assembled(step.moment, inputs, at_case, self.memory),
            "begin": self._beginning(arguments[1:]),
            "rate": of_moment(in_block("right", step.sums)),
            "both": of_moment(both) + cleared,
            "margin": tape("margin", 2),
            "output": tape("output", 3),
            "keep": tape("kept", 4),
            "corner": of_moment(in_block("corner", self._corners)),
            "alone": of_moment(beside),
            "factor": self._elimination.factor,
            "solve": self._elimination.solve,
            "pole": self._pole(),
        }

    def _pole(self) -> list[Instruction]:
        """The tape of a pole of the exact step; empty where the model has none."""
        if self.alone is None:
            return []
        eliminated = [*self._elimination.factor, *self._elimination.solve]
        affine = [state for state in range(len(self._of.mass)) if state not in self.alone]
        of_matrix = eliminated, self.entries, self.computed
        return pole_tape(*of_matrix, self._of.mass, affine, self.places, self.memory)

    def _beginning(self, arguments: tuple[int, ...]) -> list[Instruction]:
        """The tape of the state to start from."""
        of = self._of
        symbols, wanted = [of.values, of.imposed], [casadi.densify(of.start)]
        start = written(casadi.Function("start", symbols, wanted, {"cse": True}))
        targets = [(self.places["start"] + k, value) for k, value in enumerate(start.results[0])]
        return assembled(start, _inputs(start, arguments), targets, self.memory)


def _inputs(of: Written, arguments: tuple[int, ...]) -> dict[int, int]:
    """The slots of the values that are arguments, of which each begins at a slot."""
    return {
        place: arguments[value[1]] + value[2]
        for place, value in enumerate(of.values)
        if value[0] == "input"
    }


_RIGHT, _INVERSE = 3, 4
"""Arguments behind those of `_moment`: what stands in the right-hand side, and 1 / (h gamma) of a step."""


@dataclass(frozen=True)
class _Step:
    """What a step asks for.

    moment : all values
    sums : of what stands in the right-hand side and the rates
    matrix : M / (h gamma) - J, by line and column
    """

    moment: Written
    sums: list[int]
    matrix: dict[tuple[int, int], int]


def _step(moment: Written, pattern: list[tuple[int, int]], mass: Array) -> _Step:
    """The same with the sums and the matrix of a step, of which the pattern names the entries of -J."""
    values = list(moment.values)

    def added(*value: Any) -> int:
        values.append(value)
        return len(values) - 1

    rates, slopes = moment.results[:2]
    sums = [added("ADD", added("input", _RIGHT, k), rate) for k, rate in enumerate(rates)]
    inverse = added("input", _INVERSE, 0)
    shifts = {
        one: inverse if one == 1 else added("MUL", added("constant", one), inverse)
        for one in set(mass.tolist())
    }
    matrix = dict(zip(pattern, slopes, strict=True))
    for k, one in enumerate(mass.tolist()):
        if one:
            before = matrix.get((k, k))
            matrix[k, k] = shifts[one] if before is None else added("ADD", before, shifts[one])
    return _Step(Written(values, moment.results), sums, matrix)


def _corners(moment: Written) -> list[int]:
    """The ends of hystereses, and the arguments of tanh on which the rates depend."""
    needed = moment.needed_for(moment.results[0])
    tanh = {moment.values[one][1] for one in needed if moment.values[one][0] == "TANH"}
    return sorted(tanh.union(moment.results[5]))


_MOST_ALONE = 4


def _alone(moment: Written, pattern: list[tuple[int, int]], mass: Array) -> tuple[int, ...] | None:
    """The states that are left when those are taken in which the model is affine; None where it is not of this kind.

    A state is affine where its line of the Jacobian holds no state, and where it asks for affine states only. Each of
    the others must ask for itself alone.
    """
    if (mass == 0).any():
        return None
    of_state = moment.asks_for(0)
    others = {
        line for (line, _), value in zip(pattern, moment.results[1], strict=True) if of_state[value]
    }
    while more := {line for line, column in pattern if column in others} - others:
        others |= more
    if len(others) > _MOST_ALONE or len(others) == len(mass):
        return None
    if any(line in others and line != column for line, column in pattern):
        return None
    return tuple(sorted(others))


def _targets(
    states: tuple[int, ...],
    moment: Written,
    entries: Mapping[tuple[int, int], int],
    places: Mapping[str, int],
) -> list[tuple[int, int]]:
    """Rates and entries of the diagonal of some states."""
    rates = [(places["rate"] + state, moment.results[0][state]) for state in states]
    diagonal = [entries[(state, state)] for state in states]
    return rates + [(places["matrix"] + entry, moment.results[1][entry]) for entry in diagonal]


_LONGEST = 200_000
"""Operations of the equations, and of these with their Jacobian, up to which a model is taped, some 7 s: a DFN with a
radial field. Core and shell of two hosts in several sizes, and fields that follow the state, have more; PyBaMM runs
them."""


def _check_length(expressions: Any) -> None:
    if casadi.n_nodes(expressions) > _LONGEST:
        raise NotTapedError("Tapes of a model this large take longer than most runs of it.")


def _moment(of: Equations) -> Any:
    """All that is computed from a state, the values of a case and what is imposed, as a function of casadi."""
    dense = [
        casadi.densify(one) for one in (of.rate, of.margins, of.looked_at, of.kept, of.corners)
    ]
    return casadi.Function("moment", [of.y, of.values, of.imposed], dense, {"cse": True})


def _frontier(moment: Written, of_case: list[bool]) -> list[int]:
    """The values that depend on the case alone and are asked for by others, which do not."""
    asked = {one for result in moment.results for one in result}
    for place in moment.needed_for(asked):
        value = moment.values[place]
        if not of_case[place] and value[0] not in ("input", "constant"):
            asked.update(value[1:])
    return sorted(one for one in asked if of_case[one] and moment.values[one][0] != "constant")


def _pivots(pattern: list[tuple[int, int]], mass: Array) -> dict[int, int]:
    """The line in which the pivot of each column stands.

    That of a differential state is its own, which holds M / (h gamma). Those of algebraic states are among their
    lines, whose block has an inverse in a system of index 1; their own where that is not zero.
    """
    pivots = {int(column): int(column) for column in np.flatnonzero(mass)}
    algebraic = np.flatnonzero(mass == 0)
    if not algebraic.size:
        return pivots
    place = {int(state): number for number, state in enumerate(algebraic)}
    inside = [one for one in pattern if one[0] in place and one[1] in place]
    costs = [1.0 if line == column else 2.0 for line, column in inside]
    lines, columns = ([place[one[k]] for one in inside] for k in (0, 1))
    block = csr_matrix((costs, (lines, columns)), shape=(len(place), len(place)))
    matched = min_weight_full_bipartite_matching(block)
    for line, column in zip(*matched, strict=True):
        pivots[int(algebraic[column])] = int(algebraic[line])
    return pivots
