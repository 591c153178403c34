"""The pulses of a GITT: where a trace has current, and the rests before and after."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import ParameterError
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
    time, current, voltage = (
        np.asarray(one, dtype=float) for one in (trace.time, trace.current, trace.voltage)
    )
    largest = float(np.abs(current).max()) if len(current) else 0.0
    sign = np.where(np.abs(current) > OFF * largest, np.sign(current), 0.0)
    edges = [0, *(np.flatnonzero(np.diff(sign)) + 1).tolist(), len(sign)]
    complete: list[Pulse] = []
    passed = 0.0
    for k in range(len(edges) - 1):
        first, end = edges[k], edges[k + 1]
        if sign[first] == 0:
            continue
        start = float(time[max(first - 1, 0)])
        mean = float(current[first:end].mean())
        if 0 < k < len(edges) - 2 and sign[first - 1] == 0 and sign[end] == 0:
            rest = slice(end, edges[k + 2])
            complete.append(
                Pulse(
                    start,
                    time[first:end] - start,
                    voltage[first:end],
                    mean,
                    float(voltage[first - 1]),
                    float(voltage[rest][-1]),
                    _drift(time[rest], voltage[rest]),
                    passed,
                )
            )
        passed += mean * (float(time[end - 1]) - start) / MAH
    if not complete:
        raise ParameterError(
            "The trace has no pulse of current between two rests, so it is no GITT; "
            f"its largest current is {largest:g} A/g over {len(time)} samples."
        )
    return complete


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
