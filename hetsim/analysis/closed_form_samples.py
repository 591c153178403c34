"""The samples of a pulse or an interruption, and the curve below them: voltage against the charge of the surface."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from hetsim.analysis.pulses import (
    Interruption,
    Pulse,
)
from hetsim.analysis.surface_history import SurfaceHistory
from hetsim.errors import ParameterError

Array = NDArray[np.float64]

_THIN = 30
"""Samples of a part that the first search looks at."""


@dataclass(frozen=True)
class Samples:
    """Of one pulse or interruption: `time`, `voltage` without those behind a switch [s], [V]; `jumped`
    where the jump is; the others as in ClosedFormFit."""

    start: float
    passed: float
    current: float
    duration: float
    time: Array
    voltage: Array
    jumped: NDArray[np.bool_]

    def thin(self) -> "Samples":
        """Some of them, closer behind the switches."""
        kept: list[int] = []
        for part in (np.flatnonzero(self.jumped), np.flatnonzero(~self.jumped)):
            if len(part):
                root = np.sqrt(self.time[part] - self.time[part[0]])
                places = np.linspace(0, root[-1], _THIN)
                kept += part[
                    np.unique(np.searchsorted(root, places).clip(0, len(part) - 1))
                ].tolist()
        chosen = np.sort(kept)
        return Samples(
            self.start,
            self.passed,
            self.current,
            self.duration,
            self.time[chosen],
            self.voltage[chosen],
            self.jumped[chosen],
        )


@dataclass(frozen=True)
class Curve:
    """Voltage against the charge of the surface, through known voltages at known times."""

    history: SurfaceHistory
    time: Array
    voltage: Array
    made: dict[float, Callable[[Array], Array] | None] = field(default_factory=dict)

    def at(self, time_constant: float) -> Callable[[Array], Array] | None:
        """A cubic spline, straight beyond its ends; None where the charge does not go one way.

        The one of the last time constant is kept: the search asks for it once for each of the samples.
        """
        if time_constant not in self.made:
            charge = self.charge(time_constant)
            self.made.clear()
            self.made[time_constant] = _straight_beyond(charge, self.voltage)
        return self.made[time_constant]

    def charge(self, time_constant: float) -> Array:
        """Of the surface at the known times [mA.h.g-1]."""
        return self.history(self.time, time_constant)

    def shape(self, samples: Samples, time_constant: float) -> Array | None:
        """Voltage of the samples without the jump [V]."""
        curve = self.at(time_constant)
        return None if curve is None else curve(self.history(samples.time, time_constant))

    def basis(self, samples: Samples, time_constant: float) -> Array:
        """What one volt more in each known voltage adds to each of the samples; one column each."""
        curve = _straight_beyond(self.charge(time_constant), np.eye(len(self.voltage)))
        at = self.history(samples.time, time_constant)
        return np.zeros((len(at), len(self.voltage))) if curve is None else curve(at)


def _straight_beyond(charge: Array, values: Array) -> Callable[[Array], Array] | None:
    """One row of values a charge."""
    sign = 1.0 if charge[-1] > charge[0] else -1.0
    rising = sign * charge
    if not np.all(np.diff(rising) > 0):
        return None
    spline = CubicSpline(rising, values)
    slope = spline.derivative()

    def curve(at: Array) -> Array:
        inside = np.clip(sign * at, rising[0], rising[-1])
        beyond = (sign * at - inside).reshape(-1, *(1,) * (values.ndim - 1))
        return spline(inside) + slope(inside) * beyond

    return curve


def of_pulse(pulse: Pulse, settle: float, rest: bool) -> Samples:
    """Of a pulse without what lies within a share of its length behind a switch; with its rest, if that is asked for.

    Raises ParameterError for fewer than four samples.
    """
    wait = settle * pulse.duration
    on, off = pulse.time > wait, (pulse.rest_time > wait) & rest
    _enough(
        int(np.count_nonzero(on)), f"pulse at {pulse.start:g} s", f"after {settle:g} of its length"
    )
    end = pulse.start + pulse.duration
    return Samples(
        pulse.start,
        pulse.passed,
        pulse.current,
        pulse.duration,
        np.concatenate([pulse.start + pulse.time[on], end + pulse.rest_time[off]]),
        np.concatenate([pulse.voltage[on], pulse.rest_voltage[off]]),
        np.repeat([True, False], [np.count_nonzero(on), np.count_nonzero(off)]),
    )


def of_interruption(one: Interruption, start: float, end: float | None) -> Samples:
    """Of an interruption between two times after its begin [s]. Raises ParameterError for fewer than four samples."""
    inside = (one.time >= start) & (one.time <= (np.inf if end is None else end)) & (one.time > 0)
    last = one.duration if end is None else end
    where = f"interruption at {one.start:g} s"
    _enough(int(np.count_nonzero(inside)), where, f"from {start:g} to {last:g} s")
    return Samples(
        one.start,
        one.passed,
        one.current,
        one.duration,
        one.start + one.time[inside],
        one.voltage[inside],
        np.ones(np.count_nonzero(inside), dtype=bool),
    )


def _enough(count: int, where: str, part: str) -> None:
    if count < 4:
        raise ParameterError(f"The {where} has {count} samples {part}; the fit needs at least 4.")
