"""Running single steps."""

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import CURRENT, VOLTAGE, Segment
from hetsim.protocols import ConstantCurrent, Hold, Rest
from hetsim.results import TraceRun
from hetsim.simulation.potentiostat import (
    Potentiostat,
    square_root_times,
    traced,
    within_cut_offs,
)
from hetsim.simulation.run import check_protocol, run_protocol

TIMES = square_root_times(201)


@run_protocol.register
def _rest(protocol: Rest, cell: HalfCell, model: str) -> TraceRun:
    bench = Potentiostat(cell, model, CURRENT, protocol.filling, protocol.after)
    return _one_segment(bench, Segment(protocol.duration, 0.0, shares=TIMES), protocol, model)


@check_protocol.register
def _check(protocol: Hold, cell: HalfCell) -> None:
    within_cut_offs(cell, protocol.potential, "potential", "Hold")


@run_protocol.register
def _hold(protocol: Hold, cell: HalfCell, model: str) -> TraceRun:
    bench = Potentiostat(cell, model, VOLTAGE, protocol.filling, protocol.after)
    segment = Segment(protocol.duration, protocol.potential, shares=TIMES)
    return _one_segment(bench, segment, protocol, model)


@run_protocol.register
def _constant_current(protocol: ConstantCurrent, cell: HalfCell, model: str) -> TraceRun:
    assert protocol.filling is not None
    bench = Potentiostat(cell, model, CURRENT, protocol.filling, protocol.after)
    inserts = protocol.current > 0
    segment = Segment(
        protocol.duration,
        protocol.current * bench.active_mass,
        shares=TIMES,
        lower=bench.inputs[names.LOWER_CUT_OFF] if inserts else None,
        upper=None if inserts else bench.inputs[names.UPPER_CUT_OFF],
    )
    return _one_segment(bench, segment, protocol, model)


def _one_segment(
    bench: Potentiostat, segment: Segment, protocol: Rest | Hold | ConstantCurrent, model: str
) -> TraceRun:
    pieces = bench.follow([segment])
    return traced(bench, pieces, protocol, model, pieces[-1].outcome, pieces[-1].reason)
