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
from hetsim.fitting.observations.voltage_curve import CHARGE, SAME_END, VOLTS
from hetsim.measurements.cv import CvCycle, several
from hetsim.protocols import CV
from hetsim.results import Array, CVSweep
from hetsim.simulation import run
from hetsim.simulation.cv_many import swept

SHARE = 0.05
"""Of a current, as a share of the largest of its cycle: what flows without the electrode, and the place of a peak."""
CYCLES = 3
"""That are run at each scan rate."""
POINTS = 300
"""Of a sweep of the simulation: 10 mV of a window of 3 V; at a vertex the current turns within some 50 mV."""


@dataclass(frozen=True, repr=False, eq=False)
class VoltammogramData(Observation):
    """Measured cycles, one at each scan rate, run from the lowest scan rate to the highest.

    Three things are compared: the size of the currents (ln of their root mean square, mean over the scan rates), how it
    changes with the scan rate, and the currents at even potentials of both sweeps over that size. An error of the
    active mass is in the first alone. The noise of a current holds an error of the potential times the slope there, so
    that the flank of a sharp peak weighs little.

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
    charge_level : float, default CHARGE
        Relative standard deviation of the active mass
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
    charge_level: float = CHARGE
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
            (self.charge_level, "active mass"),
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
    def _currents(self) -> Array:
        """Measured, [sweeps, potentials]: falling and rising of each scan rate [A.g-1]."""
        sweeps = [sweep for one in self.measured for sweep in (one.falling(), one.rising())]
        return np.array([np.interp(self.potentials, *sweep) for sweep in sweeps])

    @cached_property
    def data(self) -> Array:
        return _numbers(self._currents)

    @cached_property
    def noise(self) -> Array:
        shapes = self._currents / _sizes(self._currents)
        rates = len(self.measured)
        count = min(self.parts, len(self.potentials))
        parts = [np.array([self.charge_level]), np.full(rates - 1, self.level / np.sqrt(count))]
        for sweep in shapes:
            one = np.hypot(
                self.level * np.abs(shapes).max(),
                self.potential_level * np.gradient(sweep, self.potentials),
            )
            parts.append(widened(one, count))
        return np.concatenate(parts)

    @property
    def independent(self) -> float:
        rates = len(self.measured)
        return rates + 2 * rates * min(self.parts, len(self.potentials))

    @property
    def bears(self) -> int:
        return 6

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        def of(cell: HalfCell) -> Array | None:
            return self._of_sweeps(run(cell, self._protocol(*self._inside(cell)), model).sweeps)

        protocols = [self._protocol(*self._inside(cell)) for cell in cells]
        alike = all(one == protocols[0] for one in protocols)
        together = swept(cells, protocols[0], model) if alike and cells else [None] * len(cells)
        found = [None if one is None else self._of_sweeps(one) for one in together]
        return each_or_none(cells, of, found)

    def _of_sweeps(self, sweeps: Sequence[CVSweep]) -> Array | None:
        """The numbers of the last cycles at all scan rates; None where one failed."""
        currents = []
        for sweep in sweeps:
            if not sweep.outcome.good:
                return None
            for direction in ("insertion", "extraction"):
                potential, current = sweep.of(direction)
                order = np.argsort(potential)
                currents.append(np.interp(self.potentials, potential[order], current[order]))
        return _numbers(np.array(currents))

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
        count, rates = len(self.potentials), [one.scan_rate for one in self.measured]
        sweeps = np.tile(np.repeat(["insertion", "extraction"], count), len(rates))
        sizes = ["ln(size)", *["ln(size) less the mean"] * (len(rates) - 1)]
        return {
            "scan rate [mV.s-1]": np.concatenate([rates, np.repeat(rates, 2 * count)]),
            "what": np.concatenate([sizes, sweeps]),
            "potential [V]": np.concatenate(
                [np.full(len(rates), np.nan), np.tile(self.potentials, 2 * len(rates))]
            ),
        }

    @property
    def quantity(self) -> str:
        return "current over its size"


def _sizes(currents: Array) -> Array:
    """Root mean square current of both sweeps of each scan rate, for each sweep, [sweeps, 1] [A.g-1]."""
    squares = np.mean(currents**2, axis=1).reshape(-1, 2).mean(axis=1)
    return np.repeat(np.sqrt(squares), 2)[:, np.newaxis]


def _numbers(currents: Array) -> Array:
    """ln of the mean size, what the sizes of the other scan rates differ from it by, and currents over their size."""
    sizes = _sizes(currents)
    logarithms = np.log(sizes[::2, 0])
    mean = logarithms.mean()
    return np.concatenate([[mean], logarithms[1:] - mean, (currents / sizes).ravel()])
