"""Running single steps, and the segments that they are made of."""

from dataclasses import replace
from typing import Any

import numpy as np

from hetsim import names, units
from hetsim.cells.full_cell import Cell
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import CURRENT, VOLTAGE, Piece, Segment
from hetsim.protocols import ConstantCurrent, Hold, Ramp, Rest
from hetsim.results import Array, Outcome, TraceRun
from hetsim.simulation.potentiostat import (
    Potentiostat,
    branch_after,
    occupancy_of,
    square_root_times,
    traced,
    within_cut_offs,
)
from hetsim.simulation.run import check_protocol, run_protocol

TIMES = square_root_times(201)

RAMPED = np.linspace(0, 1, 201)
"""Of a ramp that are kept."""

FIRST_INSTANT = 1e-3
"""Until a current that follows from a voltage is looked at [s], or a thousandth of the step where that is
less: the current that flows before the cell feels the voltage is nothing, and no limit."""

SAME_VOLTAGE = 1e-9
"""A potential that is this close to where a ramp ends is there [V]."""


@check_protocol.register
def _check_hold(protocol: Hold, cell: HalfCell) -> None:
    within_cut_offs(cell, protocol.potential, "potential", "Hold")


@check_protocol.register
def _check_ramp(protocol: Ramp, cell: HalfCell) -> None:
    within_cut_offs(cell, protocol.to, "to", "Ramp")


@check_protocol.register
def _check_current(protocol: ConstantCurrent, cell: Cell) -> None:
    if protocol.until is not None:
        within_cut_offs(cell, protocol.until, "until", "ConstantCurrent")


@run_protocol.register
def _rest(protocol: Rest, cell: HalfCell, model: str) -> TraceRun:
    bench = Potentiostat(cell, model, CURRENT, protocol.filling, protocol.after)
    return _one_step(bench, bench.follow([rest(protocol)]), protocol, model)


@run_protocol.register
def _constant_current(protocol: ConstantCurrent, cell: HalfCell, model: str) -> TraceRun:
    assert protocol.filling is not None
    bench = Potentiostat(cell, model, CURRENT, protocol.filling, protocol.after)
    return _one_step(bench, bench.follow([constant(protocol, bench)]), protocol, model)


@run_protocol.register
def _hold(protocol: Hold, cell: HalfCell, model: str) -> TraceRun:
    bench = Potentiostat(cell, model, VOLTAGE, protocol.filling, protocol.after)
    return _one_step(bench, hold(protocol, bench), protocol, model)


@run_protocol.register
def _ramp(protocol: Ramp, cell: HalfCell, model: str) -> TraceRun:
    bench = Potentiostat(cell, model, VOLTAGE, protocol.filling, protocol.after)
    segment = ramp(protocol, rest_potential(cell, protocol.filling, protocol.after))
    return _one_step(bench, bench.follow([segment]), protocol, model)


def _one_step(
    bench: Potentiostat,
    pieces: list[Piece],
    protocol: Rest | Hold | Ramp | ConstantCurrent,
    model: str,
) -> TraceRun:
    outcome = outcome_of(protocol, pieces[-1].outcome)
    run = traced(bench, pieces, protocol, model, outcome, pieces[-1].reason)
    return replace(run, trace=replace(run.trace, step=np.zeros_like(run.trace.step)))


def outcome_of(step: Any, found: Outcome) -> Outcome:
    """How a step ended that its drive ended so: a limit of its own is no cut-off of the cell."""
    of_its_own = getattr(step, "until", None), getattr(step, "until_current", None)
    return Outcome.LIMIT if found is Outcome.CUT_OFF and of_its_own != (None, None) else found


def told_time(seconds: float) -> str:
    """A time in a message, without an exponent where it is long [s]."""
    return f"{seconds:.0f}" if seconds >= 100 else f"{seconds:.3g}"


# --- segments -------------------------------------------------------------------------------------


def rest(step: Rest, times: Array = TIMES) -> Segment:
    """A rest as a segment."""
    return Segment(step.duration, 0.0, shares=times)


def constant(step: ConstantCurrent, bench: Potentiostat, times: Array = TIMES) -> Segment:
    """A constant current to its duration, its voltage or the cut-off of its direction."""
    inserts = step.current > 0
    cut_off = bench.inputs[names.LOWER_CUT_OFF if inserts else names.UPPER_CUT_OFF]
    end = cut_off if step.until is None else step.until
    longest = bench.insertion_time(step.current) if step.duration is None else step.duration
    return Segment(
        longest,
        step.current * bench.active_mass,
        shares=times,
        lower=end if inserts else None,
        upper=None if inserts else end,
        to_cut_off=step.duration is None,
    )


def ramp(step: Ramp, start: float) -> Segment:
    """A ramp from a potential [V]; it takes no time where it is there already."""
    change = step.to - start
    slope = step.rate * units.MV * np.sign(change)
    if abs(change) < SAME_VOLTAGE:
        return Segment(0.0, start, 0.0)
    return Segment(abs(change) / abs(slope), start, slope, RAMPED)


def hold(
    step: Hold, bench: Potentiostat, state: Array | None = None, start: float = 0.0
) -> list[Piece]:
    """A held potential from a state of the bench, or from rest, at a time [s]: as one segment, or as two where its
    current is watched."""
    solve = bench.built.solve_one
    if step.until_current is None:
        assert step.duration is not None
        whole = Segment(step.duration, step.potential, shares=TIMES)
        return [solve(bench.inputs, whole, state, start)]
    longest = step.duration or bench.insertion_time(step.until_current)
    instant = min(FIRST_INSTANT, longest / 1000)
    first = solve(
        bench.inputs, Segment(instant, step.potential, shares=np.array([0.0, 1.0])), state, start
    )
    if first.track is None or first.outcome is not Outcome.COMPLETED:
        return [first]
    limit = step.until_current * bench.active_mass
    if abs(first.last(names.CURRENT_NOW)) <= limit:
        return [replace(first, outcome=Outcome.CUT_OFF)]
    watched = Segment(
        longest - instant,
        step.potential,
        shares=TIMES,
        to_cut_off=step.duration is None,
        current_limit=limit,
    )
    second = solve(bench.inputs, watched, first.state, first.after)
    if second.outcome is Outcome.EXHAUSTED:
        reason = (
            f"the current did not fall to {step.until_current:g} A/g in {told_time(longest)} s, in which it would "
            "have passed all sites"
        )
        second = replace(second, reason=reason)
    return [first, second]


def rest_potential(cell: HalfCell, filling: float, after: str | None) -> float:
    """Open-circuit potential at a filling on a branch [V]."""
    branch = branch_after(filling, after)
    return float(cell.open_circuit_potential(occupancy_of(cell, filling), branch))
