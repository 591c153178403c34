"""Voltammograms: current against potential, cycles at one or several scan rates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import MeasurementError, ParameterError
from hetsim.fitting.observations.base import Observation, each_or_none, relative
from hetsim.fitting.observations.correlation import PARTS, evenly, widened
from hetsim.fitting.observations.voltage_curve import SAME_END, VOLTS
from hetsim.measurements.cv import CvCycle, several
from hetsim.protocols import CV
from hetsim.results import Array
from hetsim.simulation import run

SHARE = 0.05
"""Of a current, as a share of the largest of its cycle: the active mass, and what flows without the electrode."""
CYCLES = 3
"""That are run at each scan rate."""
POINTS = 100
"""Of a sweep of the simulation: a hundredth of the window, less than a tenth of a peak."""


@dataclass(frozen=True, repr=False, eq=False)
class VoltammogramData(Observation):
    """Measured cycles, one at each scan rate, run from the lowest scan rate to the highest.

    Compared are currents at even potentials of both sweeps, as shares of the largest current of the measured cycle. The
    noise of a current holds an error of the potential times the slope there, so that the flank of a sharp peak
    weighs little.

    Parameters
    ----------
    measured : Sequence[CvCycle]
        Cycles at different scan rates, currents in A per gram of active mass, positive inserts
    cycles : int, default CYCLES
        How many are run at each scan rate, the last of which is compared
    level : float, default SHARE
        Standard deviation of a current, as a share of the largest of its cycle
    potential_level : float, default VOLTS
        Standard deviation of the potential [V]
    parts : float, default PARTS
        How many independent parts a sweep has (fitting.observations.correlation)

    Raises
    ------
    ParameterError
        For no cycle, a scan rate twice, numbers that are not finite or a noise that is not positive.
    """

    measured: tuple[CvCycle, ...]
    cycles: int = CYCLES
    level: float = SHARE
    potential_level: float = VOLTS
    parts: float = PARTS

    def __post_init__(self) -> None:
        try:
            kept = several(self.measured, 1, "A fit of voltammograms")
        except MeasurementError as error:
            raise ParameterError(str(error)) from error
        object.__setattr__(self, "measured", kept)
        for cycle in kept:
            if not (np.isfinite(cycle.current).all() and np.isfinite(cycle.potential).all()):
                raise ParameterError(
                    f"The voltammogram at {cycle.scan_rate:g} mV/s holds what is no finite number."
                )
        for noise, what in (
            (self.level, "current"),
            (self.potential_level, "potential"),
            (self.parts, "sweep, as a number of independent parts,"),
        ):
            relative(noise, what)
        _ = self._protocol(*self._window)

    def __repr__(self) -> str:
        rates = ", ".join(f"{one.scan_rate:g}" for one in self.measured)
        return f"<VoltammogramData {rates} mV/s>"

    @property
    def kind(self) -> str:
        return "voltammogram"

    @cached_property
    def _window(self) -> tuple[float, float]:
        """What all cycles cover [V]."""
        lowest = max(float(one.potential.min()) for one in self.measured)
        return lowest, min(float(one.potential.max()) for one in self.measured)

    def _protocol(self, lower: float, upper: float) -> CV:
        rates = [one.scan_rate for one in self.measured]
        return CV(rates, lower, upper, cycles=self.cycles, tolerance=None, points=POINTS)

    @cached_property
    def potentials(self) -> Array:
        """Where currents are compared, of each sweep [V]."""
        low, high = self._window
        return low + (high - low) * evenly(self.parts)

    @cached_property
    def _largest(self) -> list[float]:
        return [float(np.abs(one.current).max()) for one in self.measured]

    @cached_property
    def data(self) -> Array:
        parts = []
        for cycle, largest in zip(self.measured, self._largest, strict=True):
            for sweep in (cycle.falling(), cycle.rising()):
                parts.append(np.interp(self.potentials, *sweep) / largest)
        return np.concatenate(parts)

    @cached_property
    def noise(self) -> Array:
        parts = []
        for sweep in np.split(self.data, 2 * len(self.measured)):
            slopes = np.gradient(sweep, self.potentials)
            one = np.hypot(self.level, self.potential_level * slopes)
            parts.append(widened(one, min(self.parts, len(sweep))))
        return np.concatenate(parts)

    @property
    def independent(self) -> float:
        return 2 * len(self.measured) * min(self.parts, len(self.potentials))

    @property
    def bears(self) -> int:
        return 6

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        def of(cell: HalfCell) -> Array | None:
            made = run(cell, self._protocol(*self._inside(cell)), model)
            parts = []
            for sweep, largest in zip(made.sweeps, self._largest, strict=True):
                if not sweep.outcome.good:
                    return None
                for direction in ("insertion", "extraction"):
                    potential, current = sweep.of(direction)
                    order = np.argsort(potential)
                    at = np.interp(self.potentials, potential[order], current[order])
                    parts.append(at / largest)
            return np.concatenate(parts)

        return each_or_none(cells, of)

    def _inside(self, cell: HalfCell) -> tuple[float, float]:
        """The window, no wider than that of the cell: a few millivolts beyond are an instrument's."""
        low, high = self._window
        ends = (cell.values.number(name) for name in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF))
        lower, upper = ends
        return max(low, lower), min(high, upper)

    def check(self, cell: HalfCell) -> None:
        for measured, inside in zip(self._window, self._inside(cell), strict=True):
            if abs(measured - inside) > SAME_END:
                raise ParameterError(
                    f"The voltammogram is swept to {measured:.3g} V, outside the cut-offs of {cell.name}, which end "
                    f"at {inside:g} V; change them with cell.with_values."
                )

    @property
    def coordinates(self) -> Mapping[str, Any]:
        count = len(self.potentials)
        return {
            "scan rate [mV.s-1]": np.repeat([one.scan_rate for one in self.measured], 2 * count),
            "sweep": np.tile(np.repeat(["insertion", "extraction"], count), len(self.measured)),
            "potential [V]": np.tile(self.potentials, 2 * len(self.measured)),
        }

    def shown(self, numbers: Array) -> Array:
        return numbers * np.repeat(self._largest, 2 * len(self.potentials))

    @property
    def quantity(self) -> str:
        return "current [A.g-1]"
