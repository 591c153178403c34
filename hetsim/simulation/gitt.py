"""Running GITT."""

import math

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import CURRENT, Piece, Segment
from hetsim.protocols import GITT
from hetsim.results import Outcome, TraceRun
from hetsim.simulation.potentiostat import Potentiostat, square_root_times, traced, within_cut_offs
from hetsim.simulation.run import check_protocol, run_protocol
from hetsim.simulation.steps import told_time

TIMES = square_root_times(81)
"""Of each step that are kept."""


@check_protocol.register
def _check(protocol: GITT, cell: HalfCell) -> None:
    if protocol.end_voltage is not None:
        within_cut_offs(cell, protocol.end_voltage, "end_voltage", "GITT")


@run_protocol.register
def _gitt(protocol: GITT, cell: HalfCell, model: str) -> TraceRun:
    start = 0.0 if protocol.signs[0] > 0 else 1.0
    bench = Potentiostat(cell, model, CURRENT, start)
    pieces: list[Piece] = []
    for sign in protocol.signs:
        solved = bench.follow(_titration(protocol, bench, sign), pieces[-1] if pieces else None)
        pieces += solved
        outcome, reason = _ending(protocol, solved)
        if not outcome.good:
            break
    return traced(bench, pieces, protocol, model, outcome, reason)


def _titration(protocol: GITT, bench: Potentiostat, sign: int) -> list[Segment]:
    """A rest, then pulse and rest in one direction."""
    inserts = sign > 0
    cut_off = names.LOWER_CUT_OFF if inserts else names.UPPER_CUT_OFF
    end = bench.inputs[cut_off] if protocol.end_voltage is None else protocol.end_voltage
    rest = Segment(protocol.rest, 0.0, shares=TIMES)
    pulse = Segment(
        protocol.pulse,
        sign * protocol.current * bench.active_mass,
        shares=TIMES,
        lower=end if inserts else None,
        upper=None if inserts else end,
    )
    enough = math.ceil(bench.insertion_time(protocol.current) / protocol.pulse)
    return [rest, *(protocol.pulses or enough) * [pulse, rest]]


def _ending(protocol: GITT, pieces: list[Piece]) -> tuple[Outcome, str]:
    """How the pulses of one direction ended."""
    last, pulses = pieces[-1], len(pieces) // 2
    at_the_end = last.outcome in (Outcome.CUT_OFF, Outcome.INFEASIBLE)
    if at_the_end and pulses > 1:
        return Outcome.CUT_OFF, ""
    if at_the_end:
        lasted = last.end - last.start
        reason = (
            f"the first pulse met the cut-off after {told_time(lasted)} of its {protocol.pulse:g} s; try a "
            "shorter pulse or a lower current"
        )
        return Outcome.INFEASIBLE, reason
    if last.outcome is Outcome.COMPLETED and protocol.pulses is None:
        return Outcome.EXHAUSTED, "all sites were used before the cut-off was reached"
    return last.outcome, last.reason
