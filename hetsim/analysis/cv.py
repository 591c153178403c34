"""Voltammograms of several scan rates on common potentials, sweep by sweep."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import ParameterError
from hetsim.laws.peaks import peaks
from hetsim.measurements.cv import CvCycle, several

Array = NDArray[np.float64]

SWEEPS = ("falling", "rising")


class Cycle(Protocol):
    """One closed cycle: [mV.s-1], [V], [A.g-1]."""

    @property
    def scan_rate(self) -> float: ...
    @property
    def potential(self) -> Array: ...
    @property
    def current(self) -> Array: ...


@dataclass(frozen=True)
class SweepCurrents:
    """Currents of one sweep at all scan rates.

    potential : rising [V]; rates : [mV.s-1]; currents : of shape (rates, potential) [A.g-1]
    """

    sweep: str
    potential: Array
    rates: Array
    currents: Array


def sorted_cycles(cycles: Sequence[Cycle], least: int, what: str) -> tuple[CvCycle, ...]:
    """Checked, in order of scan rate. Raises ParameterError for fewer than `least` or a rate twice."""
    made = [
        cycle
        if isinstance(cycle, CvCycle)
        else CvCycle(float(cycle.scan_rate), np.asarray(cycle.potential), np.asarray(cycle.current))
        for cycle in cycles
    ]
    return several(made, least, what)


def common_grid(cycles: Sequence[CvCycle], points: int) -> list[SweepCurrents]:
    """Both sweeps between the potentials that all cycles reach, each interpolated linearly.

    Raises ParameterError if they reach none in common.
    """
    low = max(float(cycle.potential.min()) for cycle in cycles)
    high = min(float(cycle.potential.max()) for cycle in cycles)
    if not low < high:
        raise ParameterError("The voltammograms have no potential in common.")
    potential = np.linspace(low, high, points)
    rates = np.array([cycle.scan_rate for cycle in cycles])
    return [
        SweepCurrents(
            sweep,
            potential,
            rates,
            np.array([np.interp(potential, *_sweep(cycle, sweep)) for cycle in cycles]),
        )
        for sweep in SWEEPS
    ]


def peak(
    cycle: CvCycle, sweep: str, window: tuple[float, float] | None
) -> tuple[float, float] | None:
    """Potential [V] and current [A.g-1] of the largest peak of a sweep, None if it has none.

    The top of the parabola through the largest local maximum and its two neighbours. The current is
    counted in the direction that the sweep has on average. The current at a turning point or at the
    end of the window is no peak. Raises ParameterError for a window without samples.
    """
    potential, current = _sweep(cycle, sweep)
    if window is not None:
        inside = (potential >= window[0]) & (potential <= window[1])
        if not inside.any():
            raise ParameterError(
                f"The {sweep} sweep at {cycle.scan_rate:g} mV/s has no sample between {window[0]:g} "
                f"and {window[1]:g} V."
            )
        potential, current = potential[inside], current[inside]
    sign = float(np.sign(np.trapezoid(current, potential)) or 1.0)
    tops = peaks(potential, sign * current, 0.0)
    if not tops:
        return None
    top_potential, top_current = max(tops, key=lambda top: top[1])
    return top_potential, sign * top_current


def _sweep(cycle: CvCycle, sweep: str) -> tuple[Array, Array]:
    return cycle.falling() if sweep == "falling" else cycle.rising()
