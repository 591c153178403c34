"""Where a trace has current: the pulses of a GITT with their rests, and the interruptions of a current."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hetsim.errors import ParameterError
from hetsim.results import TimeTrace as RecordedTrace
from hetsim.results.quantities import CURRENT, TIME, VOLTAGE
from hetsim.units import MAH

Array = NDArray[np.float64]

OFF = 0.01
"""Below this share of the largest current a sample counts as at rest."""


class TimeTrace(Protocol):
    """Samples against time: [s], [A.g-1], [V]; positive current inserts."""

    @property
    def time(self) -> Array: ...
    @property
    def current(self) -> Array: ...
    @property
    def voltage(self) -> Array: ...


class SteppedTrace(TimeTrace, Protocol):
    """A trace that has the number of the step of each sample and its charge since the start."""

    @property
    def step(self) -> NDArray[np.int64]: ...
    @property
    def charge(self) -> Array: ...


@dataclass(frozen=True)
class Pulse:
    """A pulse of current with the rests before and after it.

    Parameters
    ----------
    start : float
        Time of its first instant, that of the last sample of the rest before it [s]
    time, voltage : Array
        Its samples, time counted from its first instant [s], [V]
    current : float
        Mean over its samples [A.g-1], positive inserts
    before, after : float
        Voltage at the end of the rest before and of the rest after it [V]
    drift : float
        Change of the voltage over the second half of the rest after it [V]
    passed : float
        Specific charge up to its first instant, counted by the pulses before it [mA.h.g-1]
    passed_at_end : float, optional
        Specific charge up to its last instant; not a number unless the trace has steps [mA.h.g-1]
    number : int, optional
        Of the pulse in a trace with steps, from 1; 0 without steps
    rest_time, rest_voltage : Array, optional
        Samples of the rest after it, time counted from the end of the pulse [s], [V]; empty if the
        pulses are those of steps

    Notes
    -----
    Without a rest before or after it, `before`, `after` and `drift` are not a number.
    """

    start: float
    time: Array
    voltage: Array
    current: float
    before: float
    after: float
    drift: float
    passed: float
    passed_at_end: float = float("nan")
    number: int = 0
    rest_time: Array = field(default_factory=lambda: np.empty(0))
    rest_voltage: Array = field(default_factory=lambda: np.empty(0))

    @property
    def end(self) -> float:
        """Voltage at the last instant [V]."""
        return float(self.voltage[-1])

    @property
    def duration(self) -> float:
        """[s]"""
        return float(self.time[-1])

    @property
    def charge(self) -> float:
        """[mA.h.g-1], positive inserts."""
        return self.current * self.duration / MAH


def pulses(trace: TimeTrace) -> list[Pulse]:
    """Every pulse that has a rest before and after it, in order of time.

    A pulse begins at the last sample at rest and ends at the last sample with current; in between,
    the current keeps its sign.

    Parameters
    ----------
    trace : TimeTrace
        Time [s], current [A.g-1] and voltage [V]

    Returns
    -------
    list[Pulse]

    Raises
    ------
    ParameterError
        If there is none.
    """
    pieces = current_pieces(trace)
    time, voltage = np.asarray(trace.time, dtype=float), np.asarray(trace.voltage, dtype=float)
    complete: list[Pulse] = []
    passed = 0.0
    for k, piece in enumerate(pieces):
        if not piece.current:
            continue
        if 0 < k < len(pieces) - 1 and not pieces[k - 1].current and not pieces[k + 1].current:
            on, rest = piece.samples, pieces[k + 1].samples
            complete.append(
                Pulse(
                    piece.start,
                    time[on] - piece.start,
                    voltage[on],
                    piece.current,
                    float(voltage[on.start - 1]),
                    float(voltage[rest][-1]),
                    _drift(time[rest], voltage[rest]),
                    passed,
                    rest_time=time[rest] - piece.end,
                    rest_voltage=voltage[rest],
                )
            )
        passed += piece.charge
    if not complete:
        raise ParameterError(
            "The trace has no pulse of current between two rests, so it is no GITT; "
            f"its largest current is {_largest(trace):g} A/g over {len(time)} samples."
        )
    return complete


@dataclass(frozen=True)
class Piece:
    """Neighbouring samples at rest, or with a current of one sign.

    samples : their place in the trace
    start, end : time of the last sample before them (of the first, at the start of the trace) and of
        the last of them [s]
    current : mean over the samples [A.g-1]; 0 at rest
    """

    samples: slice
    start: float
    end: float
    current: float

    @property
    def duration(self) -> float:
        """[s]"""
        return self.end - self.start

    @property
    def charge(self) -> float:
        """[mA.h.g-1], positive inserts."""
        return self.current * self.duration / MAH


def current_pieces(trace: TimeTrace) -> list[Piece]:
    """The rests and the currents of a trace, in order of time.

    A sample counts as at rest below OFF of the largest current. Raises ParameterError for columns of
    different length, for samples that are not finite, and for a time that falls.
    """
    time, current, voltage = (
        np.asarray(one, dtype=float) for one in (trace.time, trace.current, trace.voltage)
    )
    if not len(time) == len(current) == len(voltage) or not len(time):
        raise ParameterError(
            f"A trace has as many times as currents and voltages; got {len(time)}, {len(current)} "
            f"and {len(voltage)}."
        )
    if not all(np.isfinite(one).all() for one in (time, current, voltage)):
        raise ParameterError("A trace has finite times [s], currents [A/g] and voltages [V] only.")
    falls = np.flatnonzero(np.diff(time) < 0)
    if falls.size:
        first = falls[0]
        raise ParameterError(
            f"The time of a trace falls from {time[first]:g} to {time[first + 1]:g} s at sample "
            f"{first + 2}; samples must be in order of time."
        )
    sign = np.where(np.abs(current) > OFF * np.abs(current).max(), np.sign(current), 0.0)
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), len(sign)]
    return [
        Piece(
            slice(first, end),
            float(time[max(first - 1, 0)]),
            float(time[end - 1]),
            float(current[first:end].mean()) if sign[first] else 0.0,
        )
        for first, end in pairwise(edges)
    ]


@dataclass(frozen=True)
class Interruption:
    """A rest that interrupts a current, with what came before it.

    Parameters
    ----------
    start : float
        Time at which the current ends, that of its last sample [s]
    time, voltage : Array
        Samples of the rest, time counted from there [s], [V]
    current : float
        Mean of the current before [A.g-1], positive inserts
    before : float
        Voltage of the last sample with current [V]
    passed : float
        Specific charge passed up to there [mA.h.g-1]
    """

    start: float
    time: Array
    voltage: Array
    current: float
    before: float
    passed: float

    @property
    def duration(self) -> float:
        """[s]"""
        return float(self.time[-1])


def interruptions(trace: TimeTrace) -> list[Interruption]:
    """Every rest that follows a current, in order of time: of an ICI, or the rests of a GITT.

    Parameters
    ----------
    trace : TimeTrace
        Time [s], current [A.g-1] and voltage [V]

    Returns
    -------
    list[Interruption]

    Raises
    ------
    ParameterError
        If there is none, or for a time that falls.
    """
    pieces = current_pieces(trace)
    time, voltage = np.asarray(trace.time, dtype=float), np.asarray(trace.voltage, dtype=float)
    found: list[Interruption] = []
    passed = 0.0
    for before, piece in zip([None, *pieces[:-1]], pieces, strict=True):
        if before is not None and not piece.current:
            here = piece.samples
            found.append(
                Interruption(
                    piece.start,
                    time[here] - piece.start,
                    voltage[here],
                    before.current,
                    float(voltage[here.start - 1]),
                    passed,
                )
            )
        passed += piece.charge
    if not found:
        raise ParameterError(
            "The trace has no interruption, which is a rest after a current; "
            f"its largest current is {_largest(trace):g} A/g over {len(time)} samples."
        )
    return found


def as_trace(data: Any) -> TimeTrace:
    """A trace from what has one.

    Parameters
    ----------
    data : TimeTrace | TraceRun | pd.DataFrame
        A trace, a result of `hs.run` with a trace, or a table with "time [s]", "current [A.g-1]" and
        "voltage [V]" or, as in a file, time_s, current_A_per_g and voltage_V

    Returns
    -------
    TimeTrace

    Raises
    ------
    ParameterError
        For a table without one of these columns.
    """
    if not isinstance(data, pd.DataFrame):
        return getattr(data, "trace", data)
    columns = []
    for quantity in (TIME, CURRENT, VOLTAGE):
        names = [name for name in (quantity.column, quantity.key) if name in data.columns]
        if not names:
            raise ParameterError(
                f"The table has no column '{quantity.column}'; found: {', '.join(map(str, data.columns))}."
            )
        columns.append(data[names[0]].to_numpy(dtype=float))
    time, current, voltage = columns
    return RecordedTrace(time, current, voltage, np.zeros(len(data), dtype=np.int64))


def _largest(trace: TimeTrace) -> float:
    return float(np.abs(np.asarray(trace.current, dtype=float)).max())


def step_pulses(trace: SteppedTrace) -> list[Pulse]:
    """Every step with current of a trace with step numbers, in order; an empty trace has none.

    Steps whose last current is zero are rests. In contrast to `pulses`, a pulse counts without a rest
    before or after it, and its current is that of its last sample.
    """
    steps = np.asarray(trace.step)
    charge = np.asarray(trace.charge, dtype=float)
    parts = [np.flatnonzero(steps == number) for number in np.unique(steps)]
    result: list[Pulse] = []
    before = nan = float("nan")
    for k, samples in enumerate(parts):
        last, first = samples[-1], samples[0]
        if trace.current[last] == 0:
            before = float(trace.voltage[last])
            continue
        after = drift = nan
        # the voltage relaxes only if the next step is a rest
        if k + 1 < len(parts) and trace.current[parts[k + 1][-1]] == 0:
            rest = parts[k + 1]
            after = float(trace.voltage[rest[-1]])
            drift = _drift(trace.time[rest], trace.voltage[rest])
        earlier = max(first - 1, 0)
        start = float(trace.time[earlier])
        result.append(
            Pulse(
                start=start,
                time=trace.time[samples] - start,
                voltage=trace.voltage[samples],
                current=float(trace.current[last]),
                before=before,
                after=after,
                drift=drift,
                passed=float(charge[earlier]) if first else 0.0,
                passed_at_end=float(charge[last]),
                number=len(result) + 1,
            )
        )
    return result


def _drift(time: Array, voltage: Array) -> float:
    return float(voltage[-1] - np.interp((time[0] + time[-1]) / 2, time, voltage))
