"""What many cells hold after cycles at one current, side by side, with leaps over most of the cycles.

The leaps are those of `simulation.cycle_jump`: what keeps a record of age (active material, ions lost with it, a
film) goes on at the rate of the last cycle, and is corrected by the trapezoidal rule with the rate that is found
after the leap, when the cell has settled. Here all cells leap alike, by lengths that double up to a share of the test.
So the result of a cell does not depend on which others are run with it, and changes smoothly with its values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hetsim.cells.half_cell import HalfCell
from hetsim.engine.chains import Ended
from hetsim.protocols import Cycling, RateTest
from hetsim.results import Array
from hetsim.simulation.benches import by_model
from hetsim.simulation.cycle_jump import FIRST, SETTLING, AgedStates
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.rate_chains import rate_chains
from hetsim.simulation.run import run
from hetsim.units import specific_charge

SETTLED = 10
"""Cycles before the first leap: a fresh cell fills up in them, and what it loses meanwhile is not its later rate."""
LONGEST = 4
"""No leap is longer than the test over this."""


def capacities_after(
    cells: Sequence[HalfCell], current: float, cycles: int, model: str = "SPMe"
) -> list[float | None]:
    """Capacity of the last of so many cycles at a current [mA.h.g-1]; None where a cycle fails.

    current : [A.g-1], positive
    """
    found: list[float | None] = [None] * len(cells)
    for places, benches in by_model(cells, lambda cell: Potentiostat(cell, model)):
        if benches[0].built.interpreter is None:
            capacities = [_alone(bench.cell, current, cycles, model) for bench in benches]
        else:
            capacities = _together(benches, current, cycles)
        for place, capacity in zip(places, capacities, strict=True):
            found[place] = capacity
    return found


def leaps(cycles: int) -> Iterator[tuple[int, int]]:
    """How many cycles are run, and over how many the cells leap after them, until the test is over."""
    done, length = min(SETTLED, cycles), FIRST
    run_now = done
    while True:
        room = cycles - done - SETTLING
        leap = max(0, min(length, room, max(FIRST, cycles // LONGEST)))
        if not leap:
            run_now += cycles - done
            yield run_now, 0
            return
        yield run_now, leap
        done += leap + SETTLING
        run_now, length = SETTLING, 2 * length


def _together(benches: Sequence[Potentiostat], current: float, cycles: int) -> list[float | None]:
    """Cells of one model on the interpreter."""
    built = benches[0].built
    of = built.interpreter
    assert of is not None
    each = [bench.inputs for bench in benches]
    inputs: Mapping[str, Any] = {name: np.array([one[name] for one in each]) for name in each[0]}
    aged = AgedStates(built, each[0]).all
    tolerances = built.interpreted["rtol"], built.interpreted["atol"]
    good, time = np.ones(len(benches), bool), np.full(len(benches), np.nan)

    def go_on(state: Array | None, count: int) -> Array | None:
        """Some cycles further; the time of the last insertion is kept."""
        if not count:
            return state
        protocol = RateTest((current,), cycles=count)
        chains = replace(rate_chains(protocol, inputs, len(benches), of), start=state)
        answers = of.run(inputs, chains, *tolerances, look=False)
        good[:] &= np.all(answers.code == Ended.CUT_OFF, axis=1)
        time[:] = answers.time[:, -2]
        after = answers.state.copy()
        after[:, of.model.model_states :] = 0.0  # the clock of the interpreter starts again
        return after

    state: Array | None = None
    rate: Array | None = None
    length = 0
    for count, leap in leaps(cycles):
        before = go_on(state, count - 1)
        state = go_on(before, 1)
        assert state is not None
        if not leap or before is None:
            continue
        now = state[:, aged] - before[:, aged]
        if rate is not None:
            state[:, aged] += length * (now - rate) / 2
        state[:, aged] += leap * now
        rate, length = now, leap
    capacities = specific_charge(current, time)
    return [
        float(one) if well and np.isfinite(one) else None
        for one, well in zip(capacities, good, strict=True)
    ]


def _alone(cell: Any, current: float, cycles: int, model: str) -> float | None:
    """One cell where there is no engine."""
    made = run(cell, Cycling(current, cycles, jump=max(FIRST, cycles // LONGEST)), model)
    last = made.cycles[-1]
    return float(last.insertion) if made.outcome.good and last.number == cycles else None
