"""A rate test of many cases on the interpreter: chains of constant currents, and the numbers of what came of them.

From equilibrium each current is a chain of its own. A cycled test is one chain of insertions and extractions that
goes on as `simulation.rate_plan` does: a step that does not end at its cut-off ends the cycles at its current, and
the next current starts from where the last whole cycle ended.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim import names, units
from hetsim.engine.building import CLOSER
from hetsim.engine.built import BuiltModel
from hetsim.engine.chains import Answers, Chains, Ended
from hetsim.engine.endings import FINAL_TIME, INFEASIBLE, ending
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.ledger import balances
from hetsim.engine.segments import BEYOND, Step, step_without_result
from hetsim.engine.tracks import INTERPRETER
from hetsim.laws.electrode import active_mass
from hetsim.protocols import RateTest
from hetsim.results import BALANCE_LIMIT, Array, RatePoint
from hetsim.simulation.potentiostat import PATIENCE
from hetsim.simulation.rate_plan import rate_point

Values = Mapping[str, Any]
"""Inputs of cases by name: one number for all, or [cases]."""

ENDINGS = (ending(names.MINIMUM_VOLTAGE_EVENT, True), ending(FINAL_TIME, True), INFEASIBLE)
"""Outcome and reason of a step by its code: the cut-off, the time, a start beyond the cut-off."""

_INSTANT = 1e-6
"""Of the longest time: a step that ends earlier is looked at by another engine."""

_NEAR = 0.05
"""Of a cut-off, at the end of a step [V]: where the salt is used up, the voltage falls by more in a digit of time."""

FROM_REST, WIDEST = 2.0, 2.5e-4
"""By how much the tolerance of the interpreter is wider in a discharge from rest than in one of a chain, and the widest
that it is: its errors are not handed on. They are 1e-5 of the full capacity at most, but 3e-5 where a discharge ends
on its way to the other branch of a hysteresis, as one of a thousand does: those are done again."""

_ON_BRANCH = 0.98
"""State of a hysteresis from which it counts as on its branch."""

_MET = 1e-5
"""A cut-off that is further off was not met but narrowed down in time [V]: the last step was too long to tell it. The
exact step knows the time to 1e-8 where its voltage is further off: the surface is all but full or empty."""

_CHAINS = 4096
"""Chains that are run together: their states stay in a cache, and few lanes wait for the last ones."""

_CUT_OFFS = (names.MINIMUM_VOLTAGE_EVENT, names.MAXIMUM_VOLTAGE_EVENT)


@dataclass(frozen=True)
class RateNumbers:
    """What came of the last insertion and extraction at each current.

    settled : whether the case is finished, [cases]; if not, another engine has the last word on all of it
    doubtful : whether a step could not begin in a state that is itself a solution, [cases]: near an empty surface the
        voltage after a reversal depends on digits that the capacities do not need. Or whether a discharge from rest
        ended between the branches of a hysteresis
    code : of insertion and extraction, a place in ENDINGS, or -1 where there was none, [cases, currents, 2]
    time : at which they ended, from their own start [s], [cases, currents, 2]
    voltage : of each at its start, at half of its charge and at its end [V], [cases, currents, 2, 3]
    balance : of charge, each [-], [cases, currents, 2]
    """

    settled: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    code: NDArray[np.int32]
    time: Array
    voltage: Array
    balance: Array

    def with_cases(self, places: NDArray[np.intp], others: "RateNumbers") -> "RateNumbers":
        """These numbers, with those of others in some places."""
        changed = {}
        for one in fields(self):
            values = getattr(self, one.name).copy()
            values[places] = getattr(others, one.name)
            changed[one.name] = values
        return RateNumbers(**changed)

    @property
    def worst(self) -> NDArray[np.int32]:
        """The ending of each current, a place in ENDINGS: the first that is not good, [cases, currents]."""
        insertion, extraction = self.code[..., 0], self.code[..., 1]
        return np.where(insertion == Ended.CUT_OFF, np.maximum(extraction, insertion), insertion)

    def charges(self, currents: Any) -> Array:
        """Charge of insertion and extraction where both ended well [mA.h.g-1], [cases, currents, 2]."""
        passed = units.specific_charge(np.asarray(currents)[:, np.newaxis], self.time)
        good = (self.worst == Ended.CUT_OFF)[..., np.newaxis] & (self.code == Ended.CUT_OFF)
        return np.where(good, passed, np.nan)

    @property
    def polarisation(self) -> Array:
        """Extraction minus insertion at half of the charge, where both ended well [V], [cases, currents]."""
        good = (self.worst == Ended.CUT_OFF) & (self.code[..., 1] == Ended.CUT_OFF)
        return np.where(good, self.voltage[..., 1, 1] - self.voltage[..., 0, 1], np.nan)


def rate_numbers(
    built: BuiltModel,
    inputs: Values,
    cases: int,
    protocol: RateTest,
    threads: int = 1,
    *,
    halved: bool = True,
) -> RateNumbers | None:
    """The numbers of a rate test of all cases; None where the model has no interpreter.

    inputs : as `BuiltModel.inputs` gives them
    threads : that share the cases
    halved : whether the voltages of a cycled test are wanted at half of the charge
    """
    of = built.interpreter
    if of is None:
        return None
    each = 1 if not protocol.from_equilibrium else len(protocol.currents)
    size = max(1, _CHAINS // each)
    # as many blocks as threads at least, so that none of them waits
    size = min(size, max(1, -(-cases // threads)))
    places = np.arange(cases)
    from_rest, usual = protocol.from_equilibrium, dict(built.interpreted)
    if from_rest:
        usual = {name: min(FROM_REST * one, WIDEST) for name, one in usual.items()}

    def run(
        part: slice | NDArray[np.intp], tolerances: Mapping[str, float], lenient: bool = False
    ) -> RateNumbers:
        here, count = inputs, len(places[part])
        if count < cases:
            here = {name: one[part] if np.ndim(one) else one for name, one in inputs.items()}
        return _solved(built, of, here, count, protocol, tolerances, halved, lenient)

    def block(first: int) -> RateNumbers:
        part = slice(first, min(first + size, cases))
        found = run(part, usual, from_rest)
        again = np.flatnonzero(~found.settled | found.doubtful)
        if again.size:
            closer = {name: min(one, CLOSER) for name, one in built.interpreted.items()}
            found = found.with_cases(again, run(places[part][again], closer))
        return found

    starts = range(0, cases, size)
    if threads == 1 or len(starts) == 1:
        parts = [block(first) for first in starts]
    else:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(block, starts))
    return _joined(parts)


def _joined(parts: Sequence[RateNumbers]) -> RateNumbers:
    """The numbers of all cases, from those of some at a time."""
    return RateNumbers(
        *(np.concatenate([getattr(one, field.name) for one in parts]) for field in fields(parts[0]))
    )


def _solved(
    built: BuiltModel,
    of: Interpreter,
    inputs: Values,
    cases: int,
    protocol: RateTest,
    tolerances: Mapping[str, float],
    halved: bool,
    lenient: bool,
) -> RateNumbers:
    chains = rate_chains(protocol, inputs, cases, of)
    if not any(np.ndim(inputs[name]) for name in of.model.value_names):
        chains = replace(chains, case_of=np.zeros_like(chains.case_of))  # one case, many currents
    half = 2 * protocol.cycles if halved and not protocol.from_equilibrium else 0
    answers = of.run(
        inputs, chains, tolerances["rtol"], tolerances["atol"], half=half, from_rest=lenient
    )
    found = numbers_of(built, protocol, inputs, chains, answers, halved)
    if not lenient:
        return found
    states = answers.state.reshape(cases, -1, of.model.states)[..., of.model.branches]
    by_steps = (answers.code == Ended.CUT_OFF) & (answers.exact_steps == 0)
    on_way = (np.abs(states) < _ON_BRANCH).any(axis=2) & by_steps.reshape(cases, -1)
    return replace(found, doubtful=found.doubtful | on_way.any(axis=1))


def points_of(protocol: RateTest, found: RateNumbers, case: int) -> tuple[RatePoint, ...]:
    """The points of a settled case, with the voltages that were looked at."""
    cycled = not protocol.from_equilibrium
    points = []
    for place, current in enumerate(protocol.currents):
        steps = [
            _step(found, (case, place, which), cycled)
            for which in (0, 1)
            if found.code[case, place, which] != Ended.NOT_REACHED
        ]
        points.append(replace(rate_point(current, *steps), engine=INTERPRETER))
    return tuple(points)


def _step(found: RateNumbers, at: tuple[int, int, int], with_half: bool) -> Step:
    """A step with its voltage at both ends, and at half of the charge."""
    outcome, reason = ENDINGS[found.code[at]]
    if found.code[at] == Ended.IMPOSSIBLE:
        return step_without_result(outcome, reason)
    shown = [0, 1, 2] if with_half else [0, 2]
    time = found.time[at] * np.array([0, 0.5, 1.0])
    balance = float(found.balance[at])
    return Step(outcome, reason, time[shown], found.voltage[at][shown], balance)


def rate_chains(protocol: RateTest, inputs: Values, cases: int, of: Interpreter) -> Chains:
    """The steps of a rate test of all cases, [cases * currents, 1] or [cases, currents * cycles * 2]."""
    currents = np.array(protocol.currents)
    mass, capacity, low, high = (
        np.broadcast_to(one, cases)[:, np.newaxis]
        for one in (
            active_mass(inputs.__getitem__),
            inputs[names.SPECIFIC_CAPACITY],
            inputs[names.LOWER_CUT_OFF],
            inputs[names.UPPER_CUT_OFF],
        )
    )
    longest = units.time_to_pass(PATIENCE * capacity, currents)
    insertion = _rows(of, mass * currents, low, high + BEYOND, longest)
    if protocol.from_equilibrium:
        case_of = np.repeat(np.arange(cases, dtype=np.int32), currents.size)
        nothing = np.zeros(1, np.int32)
        return Chains(
            case_of,
            insertion.reshape(case_of.size, 1, -1),
            np.full((1, 3), -1, np.int32),
            nothing,
            nothing,
        )
    extraction = _rows(of, -mass * currents, low - BEYOND, high, longest)
    cycle = np.stack([insertion, extraction], axis=2)
    steps = np.repeat(cycle, protocol.cycles, axis=1).reshape(cases, -1, insertion.shape[-1])
    return Chains(np.arange(cases, dtype=np.int32), steps, *_order(currents.size, protocol.cycles))


def _rows(of: Interpreter, current: Array, low: Array, high: Array, longest: Array) -> Array:
    """What is imposed in a step and how long, [cases, currents, n + 1]."""
    names_of, last = of.model.imposed_names, len(of.model.imposed_names)
    rows = np.empty((*current.shape, last + 1))
    imposed = {names.CURRENT: current, names.LOWER_CUT_OFF: low, names.UPPER_CUT_OFF: high}
    for place, name in enumerate(names_of):
        rows[..., place] = imposed[name]
    rows[..., last] = longest
    return rows


def _order(
    currents: int, cycles: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """What follows each step, which of them keep their end, and which go back to what is kept."""
    count = 2 * cycles * currents
    step = np.arange(count)
    of_next_current = (step // (2 * cycles) + 1) * 2 * cycles
    follows = np.stack([step + 1, of_next_current, of_next_current], axis=1)
    follows[follows >= count] = -1
    extracts = (step % 2).astype(np.int32)
    return follows.astype(np.int32), extracts, np.ones(count, np.int32)


def numbers_of(
    built: BuiltModel,
    protocol: RateTest,
    inputs: Values,
    chains: Chains,
    answers: Answers,
    halved: bool = True,
) -> RateNumbers:
    """The numbers of a rate test from what came of its chains.

    halved : whether the voltage at half of the charge was looked at
    """
    of = built.interpreter
    assert of is not None
    steps = (1, 1) if protocol.from_equilibrium else (protocol.cycles, 2)
    each = (len(protocol.currents), *steps)
    shape = (answers.code.size // math.prod(each), *each)
    imposed = chains.imposed.reshape(*shape, chains.imposed.shape[-1])
    current = imposed[..., of.model.imposed_names.index(names.CURRENT)]
    code, time = answers.code.reshape(shape), answers.time.reshape(shape)
    shown = answers.shown[..., 0].reshape(*shape, 3)
    balance = _balances(built, inputs, current * time, answers.kept.reshape(*shape, 2, -1))
    usual = _usual(of, answers.event.reshape(shape), code, imposed, time, shown, balance)
    if not protocol.from_equilibrium and halved:
        usual[:, :, -1] &= (code[:, :, -1] != Ended.CUT_OFF) | np.isfinite(shown[:, :, -1, :, 1])
    reached = code != Ended.NOT_REACHED
    of_case = (usual | ~reached).all(axis=(1, 2, 3)) & reached[:, :, 0, 0].all(axis=1)
    last = np.maximum(reached[..., 0].sum(axis=2) - 1, 0)[:, :, np.newaxis, np.newaxis]
    time = np.where(code == Ended.IMPOSSIBLE, np.nan, time)
    balance = np.where(code == Ended.IMPOSSIBLE, np.nan, balance)
    turned = not protocol.from_equilibrium
    return RateNumbers(
        of_case,
        _doubtful(code, answers.exact_steps == 0, _from_cut_off(of, imposed, shown), turned),
        _of_last(code, last, Ended.NOT_REACHED),
        _of_last(time, last, np.nan),
        _of_last(shown, last, np.nan),
        _of_last(balance, last, np.nan),
    )


def _of_last(values: Any, last: NDArray[np.intp], missing: Any) -> Any:
    """Of the last cycle at each current, [cases, currents, 2]; what is not reached is `missing`."""
    if values.shape[2] == 1:
        found = values[:, :, 0]
    else:
        at = last.reshape(last.shape + (1,) * (values.ndim - 4))
        found = np.take_along_axis(values, at, axis=2)[:, :, 0]
    if found.shape[2] == 2:
        return found
    return np.concatenate([found, np.full_like(found, missing)], axis=2)


def _usual(
    of: Interpreter,
    event: NDArray[np.int32],
    code: NDArray[np.int32],
    imposed: Array,
    time: Array,
    shown: Array,
    balance: Array,
) -> NDArray[np.bool_]:
    """Which steps ended as steps do, so that no other engine needs to look at them."""
    met = np.array([f"event: {name}" in _CUT_OFFS for name in of.model.events])[event]
    # what is no number further on is no cut-off, though the interpreter stops there as at one
    there = _from_cut_off(of, imposed, shown) < _NEAR
    at_cut_off = met & there & (balance <= BALANCE_LIMIT) & (time > _INSTANT * imposed[..., -1])
    return np.select(
        [code == Ended.CUT_OFF, code == Ended.IMPOSSIBLE],
        [at_cut_off, met],
        (code == Ended.TIME_OVER) & (balance <= BALANCE_LIMIT),
    )


def _doubtful(
    code: NDArray[np.int32], integrated: NDArray[np.bool_], off: Array, turned: bool
) -> NDArray[np.bool_]:
    """Cases with a start after a reversal that was impossible, or with a cut-off that was not met, [cases].

    integrated : whether each step was not exact;  off : how far its voltage is from a cut-off at its end [V]
    turned : currents are reversed
    """
    missed = (code == Ended.CUT_OFF) & integrated.reshape(code.shape) & (off > _MET)
    beside = missed.any(axis=(1, 2, 3))
    impossible = (code == Ended.IMPOSSIBLE).reshape(len(code), -1)[:, 1:].any(axis=1)
    return np.asarray(beside | (impossible & turned))


def _from_cut_off(of: Interpreter, imposed: Array, shown: Array) -> Array:
    """How far the voltage at the end of each step is from the nearer cut-off [V]."""
    names_of, end = of.model.imposed_names, shown[..., 2]
    low, high = (
        imposed[..., names_of.index(one)] for one in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)
    )
    return np.asarray(np.minimum(np.abs(end - low), np.abs(end - high)))


def _balances(built: BuiltModel, inputs: Values, passed: Array, kept: Array) -> Array:
    """Of the charge of each step; the largest of all electrodes [-].

    passed : [cases, currents, cycles, 2] [C];  kept : at both ends, [..., 2, n]
    """
    assert built.interpreter is not None
    places = {name: place for place, name in enumerate(built.interpreter.model.inventories)}
    by_case = {
        name: np.reshape(inputs[name], (-1, 1, 1, 1)) if np.ndim(inputs[name]) else inputs[name]
        for name in (names.CHARGE_NUMBER, names.SPECIFIC_CAPACITY, names.LOADING, names.AREA)
    }
    found = [
        balances(passed, sign * (kept[..., 1, places[name]] - kept[..., 0, places[name]]), by_case)
        for name, sign in built.inventories.items()
    ]
    return np.max(found, axis=0)
