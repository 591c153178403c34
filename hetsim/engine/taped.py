"""A built model as tapes: its equations, their Jacobian and the elimination of a step."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import casadi
import numpy as np
import pybamm
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from hetsim import names
from hetsim.engine.elimination import elimination_order
from hetsim.engine.tape import (
    NUMBER,
    Code,
    Instruction,
    Memory,
    NotTapedError,
    Written,
    assembled,
    finished,
    register,
    simplified,
    written,
)
from hetsim.results import Array


@dataclass(frozen=True)
class TapedModel:
    """All that the interpreter needs to know of a model.

    value_names : inputs that are values of a case
    imposed_names : inputs that are values of a segment; the last two are the cut-offs
    events : names of what ends a segment, in the order of the margins
    output_names : what is looked at; the voltage first
    inventories : what is kept for the balance
    states, model_states : with the time as a state where something depends on it, and without
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
    constants: Array
    sizes: Mapping[str, int]
    places: Mapping[str, int]
    tapes: Mapping[str, Code]
    alone: tuple[int, ...] | None


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


class _Equations:
    """The expressions of a model in casadi's scalars."""

    def __init__(self, source: Source) -> None:
        model = source.model
        self.imposed_names, self.value_names = source.imposed_names, source.value_names
        t: Any = casadi.MX.sym("t")
        y: Any = casadi.MX.sym("y", model.len_rhs_and_alg)
        values: Any = casadi.MX.sym("values", len(self.value_names))
        imposed: Any = casadi.MX.sym("imposed", len(self.imposed_names))
        inputs = {name: values[i] for i, name in enumerate(self.value_names)}
        inputs.update({name: imposed[i] for i, name in enumerate(self.imposed_names)})
        known: dict[Any, Any] = {}

        def expression(symbol: Any) -> Any:
            return casadi.densify(symbol.to_casadi(t, y, inputs=inputs, casadi_symbols=known))

        events = {
            event.name: event.expression
            for event in model.events
            if event.event_type == pybamm.EventType.TERMINATION
        }
        self.events = tuple(events)
        self.outputs = _LOOKED_AT
        self.inventories = source.inventories

        def variables(wanted: tuple[str, ...]) -> Any:
            found = [model.get_processed_variable_or_event(name) for name in wanted]
            return casadi.vertcat(*map(expression, found))

        rate = expression(model.concatenated_rhs)
        if model.len_alg:
            rate = casadi.vertcat(rate, expression(model.concatenated_algebraic))
        wanted = [
            rate,
            casadi.vertcat(*map(expression, events.values())),
            variables(self.outputs),
            variables(self.inventories),
            expression(source.equilibrium),
        ]
        written_out = casadi.Function("all", [t, y, values, imposed], wanted).expand()
        symbols: list[Any] = written_out.sx_in()
        clock, self.y, self.values, self.imposed = symbols
        found: list[Any] = written_out.call(symbols)
        self.mass = _diagonal(model.mass_matrix.entries)
        self.model_states = model.len_rhs_and_alg
        self.reference = _references(model)
        self.bounds = _bounds(model)
        if casadi.depends_on(casadi.vertcat(*found[:-1]), clock):
            found[0], found[-1] = casadi.vertcat(found[0], 1), casadi.vertcat(found[-1], 0)
            time: Any = casadi.SX.sym("time")
            found = casadi.substitute(found, [clock], [time])
            self.y, self.mass = casadi.vertcat(self.y, time), np.append(self.mass, 1.0)
            self.reference = np.append(self.reference, 0.0)
            self.bounds = np.vstack([self.bounds, [-np.inf, np.inf]])
        self.rate, self.margins, self.looked_at, self.kept, self.start = found


def _diagonal(mass: Any) -> Array:
    """Of a mass matrix that holds nothing else."""
    diagonal = np.array(mass.diagonal(), dtype=float).ravel()
    if abs(mass).sum() != abs(diagonal).sum():
        raise NotTapedError("The engine runs models whose mass matrix is diagonal.")
    return diagonal


def _references(model: Any) -> Array:
    """Where the zero of the variable of each state lies, in units of the state."""
    found = np.zeros(model.len_rhs_and_alg)
    for variable, slices in model.y_slices.items():
        for part in slices:
            found[part] = -_number(variable.reference, 0.0) / _number(variable.scale, 1.0)
    return found


def _bounds(model: Any) -> Array:
    """Between which each state means something, [states, 2]: numbers, or the scale of its variable."""
    found = np.tile([-np.inf, np.inf], (model.len_rhs_and_alg, 1))
    for variable, slices in model.y_slices.items():
        scale, reference = _number(variable.scale, np.nan), _number(variable.reference, np.nan)
        for end, bound in enumerate(variable.bounds):
            value = _number(bound, np.nan)
            if bound == variable.scale and reference == 0:
                value = 1.0
            elif value != 0 or reference != 0:  # zero is zero in any unit
                value = (value - reference) / scale
            if not np.isnan(value):
                for part in slices:
                    found[part, end] = value
    return found


def _number(symbol: Any, else_: float) -> float:
    """A scale or a reference; another number in place of one that depends on the inputs."""
    return float(symbol.evaluate()) if symbol.is_constant() else else_


_LOOKED_AT = (names.VOLTAGE, names.CURRENT_NOW)


def taped(source: Source) -> TapedModel:
    """The tapes of a model.

    Raises NotTapedError for a model that the interpreter does not know how to run.
    """
    of = _Equations(source)
    states = of.y.numel()
    jacobian = casadi.sparsify(casadi.jacobian(of.rate, of.y))
    pattern = list(zip(*(map(int, one) for one in jacobian.sparsity().get_triplet()), strict=True))
    entries: dict[tuple[int, int], int] = {}
    for entry in pattern:
        entries.setdefault(entry, len(entries))
    memory = Memory({})
    moment = _moment(of, jacobian)
    moment = simplified(moment, moment.given_by(1))
    of_case = moment.given_by(1)
    frontier = _frontier(moment, of_case)
    pivots = _pivots(pattern, of.mass)
    sizes = {
        "state": states,
        "values": len(of.value_names),
        "fixed": len(frontier),
        "imposed": len(of.imposed_names),
        "rate": states,
        "right": states,
        "start": states,
        "margin": len(of.events),
        "output": len(of.outputs),
        "kept": len(of.inventories),
    }
    places = {name: memory.block(size) for name, size in sizes.items()}
    places["matrix"] = memory.block(0)
    elimination = _Elimination(states, pattern, entries, pivots, places, memory)
    start = written(
        casadi.Function("start", [of.values, of.imposed], [casadi.densify(of.start)], {"cse": True})
    )
    arguments = (places["state"], places["values"], places["imposed"])
    inputs = {
        place: arguments[value[1]] + value[2]
        for place, value in enumerate(moment.values)
        if value[0] == "input"
    }
    fixed = {value: places["fixed"] + place for place, value in enumerate(frontier)}
    at_start = {
        place: arguments[value[1] + 1] + value[2]
        for place, value in enumerate(start.values)
        if value[0] == "input"
    }

    def tape(**outputs: int) -> list[Instruction]:
        targets = [
            (places[name] + place, value)
            for name, result in outputs.items()
            for place, value in enumerate(moment.results[result])
        ]
        return assembled(moment, {**inputs, **fixed}, targets, memory)

    beginning = [(places["start"] + place, value) for place, value in enumerate(start.results[0])]
    alone = _alone(moment, pattern, of.mass)
    tapes = {
        "fix": assembled(moment, inputs, [(slot, value) for value, slot in fixed.items()], memory),
        "begin": assembled(start, at_start, beginning, memory),
        "rate": tape(rate=0),
        "both": tape(rate=0, matrix=1) + elimination.cleared,
        "margin": tape(margin=2),
        "output": tape(output=3),
        "keep": tape(kept=4),
        "alone": assembled(
            moment, {**inputs, **fixed}, _targets(alone or (), moment, entries, places), memory
        ),
        "factor": elimination.factor,
        "solve": elimination.solve,
    }
    sizes["matrix"] = len(entries)
    made = finished(tapes, memory)
    constants = np.array(list(memory.constants), dtype=float)
    count = len(constants)
    sizes["slots"] = count + memory.size + memory.registers
    return TapedModel(
        of.value_names,
        of.imposed_names,
        of.events,
        of.outputs,
        of.inventories,
        states,
        of.model_states,
        of.mass,
        of.reference,
        of.bounds,
        np.array(
            [entries[(line, line)] if of.mass[line] else 0 for line in range(states)], np.int32
        ),
        constants,
        sizes,
        {name: place + count for name, place in places.items()},
        made,
        alone,
    )


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


def _moment(of: _Equations, jacobian: Any) -> Written:
    """All that is computed from a state, the values of a case and what is imposed."""
    negative = casadi.vertcat(*(-one for one in jacobian.nonzeros()))
    results = [of.rate, negative, of.margins, of.looked_at, of.kept]
    dense = [casadi.densify(one) for one in results]
    return written(casadi.Function("moment", [of.y, of.values, of.imposed], dense, {"cse": True}))


def _frontier(moment: Written, of_case: list[bool]) -> list[int]:
    """The values that depend on the case alone and are asked for by others, which do not."""
    asked = {one for result in moment.results for one in result}
    for value, given in zip(moment.values, of_case, strict=True):
        if not given and value[0] not in ("input", "constant"):
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


class _Elimination:
    """The tapes that factorise a matrix in place and solve with it."""

    def __init__(
        self,
        states: int,
        pattern: list[tuple[int, int]],
        entries: dict[tuple[int, int], int],
        pivots: dict[int, int],
        places: Mapping[str, int],
        memory: Memory,
    ) -> None:
        order = elimination_order(states, pattern, pivots)
        known = len(entries)
        matrix = places["matrix"]

        def entry(line: int, column: int) -> int:
            return matrix + entries.setdefault((line, column), len(entries))

        right = places["right"]
        inverse, times, less = NUMBER["INV"], NUMBER["TIMES"], NUMBER["LESS_PRODUCT"]
        for line in range(states):
            entry(line, line)
        self.factor: list[Instruction] = []
        self.solve: list[Instruction] = []
        for pivot in order:
            at = entry(pivot.line, pivot.column)
            self.factor.append((inverse, at, at, at))
            for line in pivot.lines:
                below = entry(line, pivot.column)
                self.factor.append((times, below, at, at))
                for column in pivot.columns:
                    beside = entry(pivot.line, column)
                    self.factor.append((less, entry(line, column), below, beside))
                self.solve.append((less, right + line, below, right + pivot.line))
        line_of = {pivot.column: pivot.line for pivot in order}
        for pivot in reversed(order):
            for column in pivot.columns:
                beside = entry(pivot.line, column)
                self.solve.append((less, right + pivot.line, beside, right + line_of[column]))
            at = entry(pivot.line, pivot.column)
            self.solve.append((times, right + pivot.line, at, at))
        self._permute(line_of, right, memory)
        size = memory.block(len(entries))
        assert size == matrix
        zero = -1 - memory.constant(0.0)
        assign = NUMBER["ASSIGN"]
        self.cleared = [
            (assign, matrix + place, zero, zero) for place in range(known, len(entries))
        ]

    def _permute(self, line_of: Mapping[int, int], right: int, memory: Memory) -> None:
        """What was solved for a column stands in the line of its pivot: bring it to its place."""
        moved = {column: line for column, line in line_of.items() if column != line}
        if not moved:
            return
        assign = NUMBER["ASSIGN"]
        for place, line in enumerate(moved.values()):
            aside = register(place)
            self.solve.append((assign, aside, right + line, right + line))
        for place, column in enumerate(moved):
            aside = register(place)
            self.solve.append((assign, right + column, aside, aside))
        memory.registers = max(memory.registers, len(moved))
