"""Running a measured current or voltage."""

from collections.abc import Sequence

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import CURRENT, VOLTAGE, Segment, followed, sample_times
from hetsim.protocols import Replay
from hetsim.results import Array, TraceRun
from hetsim.simulation.benches import by_model
from hetsim.simulation.potentiostat import Potentiostat, traced
from hetsim.simulation.run import run_protocol

SAME_CURRENT = 1e-9
"""Currents that differ by less than this share of the largest are one [-]."""

SAME_LINE = 1e-6
"""Voltages that are this close to a straight line are on it [V]."""

INSTANT = 1e-9
"""A sample that follows another within this time [s] marks a jump."""


@run_protocol.register
def _replay(protocol: Replay, cell: HalfCell, model: str) -> TraceRun:
    drive = CURRENT if protocol.current is not None else VOLTAGE
    bench = Potentiostat(cell, model, drive, protocol.filling, protocol.after)
    pieces = bench.follow(recorded(protocol, bench), start=protocol.time[0])
    return traced(bench, pieces, protocol, model, pieces[-1].outcome, pieces[-1].reason)


def replayed_voltages(
    cells: Sequence[HalfCell], protocol: Replay, model: str
) -> list[Array | None]:
    """Voltages at the samples of a current that is imposed on each of some cells, side by side [V].

    At a switch it is that at the end of what comes before. None for a cell that `run` has to be asked about: one that
    the interpreter does not carry to the end of the record.
    """
    found: list[Array | None] = [None] * len(cells)
    groups = by_model(
        cells, lambda cell: Potentiostat(cell, model, CURRENT, protocol.filling, protocol.after)
    )
    for places, benches in groups:
        segments = [recorded(protocol, bench) for bench in benches]
        made = followed(benches[0].built, [bench.inputs for bench in benches], segments)
        if made is None:
            continue
        times = sample_times(segments[0], protocol.time[0])
        for row, place in enumerate(places):
            if made.settled[row]:
                found[place] = np.interp(protocol.time, times, made.looked_at[names.VOLTAGE][row])
    return found


def recorded(protocol: Replay, bench: Potentiostat) -> list[Segment]:
    """The segments of a record."""
    time, values = np.array(protocol.time), np.array(protocol.values)
    if protocol.current is not None:
        return held(time, bench.active_mass * values)
    return ramps(time, values)


def held(time: Array, current: Array) -> list[Segment]:
    """Each sample of a current [A] holds since the one before; equal ones make one segment."""
    same = SAME_CURRENT * np.abs(current).max()
    segments, first = [], 0
    for last in range(1, len(time)):
        ends = last + 1 == len(time) or abs(current[last + 1] - current[last]) > same
        if ends:
            segments += _segment(time[first : last + 1], float(current[last]), 0.0)
            first = last
    return segments


def ramps(time: Array, voltage: Array) -> list[Segment]:
    """Straight lines through the samples of a voltage [V]; those on one line make one segment."""
    segments, first = [], 0
    while first < len(time) - 1:
        slope = (voltage[first + 1] - voltage[first]) / (time[first + 1] - time[first])
        line = voltage[first] + slope * (time[first:] - time[first])
        off = np.nonzero(np.abs(voltage[first:] - line) > SAME_LINE)[0]
        last = first + int(off[0]) - 1 if off.size else len(time) - 1
        segments += _segment(time[first : last + 1], float(voltage[first]), float(slope))
        first = last
    return segments


def _segment(time: Array, level: float, slope: float) -> list[Segment]:
    span = float(time[-1] - time[0])
    if span <= INSTANT:
        return []
    return [Segment(span, level, slope, (time - time[0]) / span)]
