"""A rate curve: capacities of a fresh electrode, current after current."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.closed_form import closed_form_capacities
from hetsim.fitting.observations.base import FitWarning, Observation, relative
from hetsim.fitting.observations.units_of_capacity import wrong_units
from hetsim.measurements.rate import RECOVERY
from hetsim.parameters.values import AgedPoint, MeasuredRate
from hetsim.protocols import RateTest
from hetsim.results import Array, RateCurve
from hetsim.simulation import run
from hetsim.simulation.run_many import rate_capacities

NOISE = 0.02
"""Of a printed capacity, relative: what repeated cells differ by."""
FIRST_CYCLE = 2.0
"""Factor of the noise at the lowest current, where the first cycles stand."""
CYCLES = 3
"""At each current of a rate test."""
RISE = 2.0
"""A capacity that is above the one at a lower current by more than this many deviations is said to rise."""


@dataclass(frozen=True)
class RateData(Observation):
    """A measured rate curve, run as it was measured: current after current.

    A current that returns after others is a recovery step. It is no capacity of the fresh electrode and is not
    fitted; it is simulated as part of the history of what was measured after it, and `recovery` tells it apart.

    Parameters
    ----------
    measured : MeasuredRate
        Currents in the order in which they were run [A.g-1], capacities [mA.h.g-1]
    level : float, default NOISE
        Relative error of a capacity
    first_cycle : float, default FIRST_CYCLE
        Factor of the noise at the lowest current of a curve of three points or more
    cycles : int, default CYCLES
        Insertions and extractions at each current; the last of them is compared

    Raises
    ------
    ParameterError
        For currents or capacities that are no positive numbers, a current twice in a row, or a noise that is not
        positive.
    """

    measured: MeasuredRate
    level: float = NOISE
    first_cycle: float = FIRST_CYCLE
    cycles: int = CYCLES

    def __post_init__(self) -> None:
        _check_points(self.measured)
        relative(self.level, "capacity")
        relative(self.first_cycle, "capacity at the lowest current, as a factor,")
        _ = self.protocol

    @property
    def kind(self) -> str:
        return "rate curve"

    @cached_property
    def fresh(self) -> NDArray[np.bool_]:
        """Which points are of the first pass; the others are recovery steps."""
        currents = self.measured.currents
        return np.array([current not in currents[:k] for k, current in enumerate(currents)])

    @cached_property
    def protocol(self) -> RateTest:
        """The rate test as it was measured, up to the last point that is fitted."""
        last = int(np.flatnonzero(self.fresh)[-1])
        return RateTest(self.measured.currents[: last + 1], cycles=self.cycles)

    @cached_property
    def whole_protocol(self) -> RateTest:
        """The rate test with all recovery steps, those of a file without an order at its end."""
        later = [one.current for one in self.measured.aged if one.history == RECOVERY]
        return RateTest((*self.measured.currents, *later), cycles=self.cycles)

    @cached_property
    def first_pass(self) -> MeasuredRate:
        """The curve of the fresh electrode, with its recovery steps among the points that are not fresh."""
        points = list(zip(self.measured.currents, self.measured.capacities, strict=True))
        back = tuple(
            AgedPoint(*point, 0, self.measured.source, history=RECOVERY)
            for point, fresh in zip(points, self.fresh, strict=True)
            if not fresh
        )
        kept = self.measured.at(np.flatnonzero(self.fresh).tolist())
        return replace(kept, aged=(*back, *self.measured.aged))

    @cached_property
    def data(self) -> Array:
        return np.log(self.first_pass.capacities)

    @cached_property
    def noise(self) -> Array:
        currents = np.array(self.first_pass.currents)
        first = (currents == currents.min()) & (len(currents) > 2)
        return self.level * np.where(first, self.first_cycle, 1.0)

    @property
    def independent(self) -> float:
        return float(len(self.data))

    @property
    def bears(self) -> int:
        return 4  # it shows two or three directions, priors hold the rest

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        among = self.fresh[: len(self.protocol.currents)]
        found = rate_capacities(list(cells), self.protocol, model)
        return [_logarithms(None if one is None else one[among]) for one in found]

    def in_closed_form(self, cells: Sequence[HalfCell]) -> list[Array | None]:
        found: list[Array | None] = []
        for cell in cells:
            try:
                found.append(_logarithms(closed_form_capacities(cell, self.first_pass.currents)))
            except ParameterError:  # as for a simulation
                found.append(None)
        return found

    def curve(self, cell: HalfCell, model: str) -> RateCurve:
        """The first pass of the rate test of a cell, with all that its result holds."""
        made = run(cell, self.protocol, model)
        points = [point for point, fresh in zip(made.points, self.fresh, strict=False) if fresh]
        return replace(made, points=tuple(points))

    def recovery(self, cell: HalfCell, model: str) -> pd.DataFrame:
        """Recovery steps: current, capacity measured and simulated after the rate test; none of them is fitted."""
        back = [one for one in self.first_pass.aged if one.history == RECOVERY]
        made = run(cell, self.whole_protocol, model).points if back else ()
        fresh = [*self.fresh, *(False for _ in range(len(made) - len(self.fresh)))]
        simulated = [one for one, first in zip(made, fresh, strict=False) if not first]
        return pd.DataFrame(
            {
                "cell": [cell.name] * len(back),
                "current [A.g-1]": [one.current for one in back],
                "measured capacity [mA.h.g-1]": [one.capacity for one in back],
                "simulated capacity [mA.h.g-1]": [one.capacity for one in simulated],
            }
        )

    @property
    def highest_capacity(self) -> float:
        return max(self.first_pass.capacities)

    @property
    def coordinates(self) -> Mapping[str, Any]:
        return {"current [A.g-1]": np.array(self.first_pass.currents)}

    def shown(self, numbers: Array) -> Array:
        return np.exp(numbers)

    @property
    def quantity(self) -> str:
        return "capacity [mA.h.g-1]"

    def warnings(self, cell: HalfCell) -> list[FitWarning]:
        found = wrong_units(self.first_pass, cell)
        order = np.argsort(self.first_pass.currents)
        currents = np.array(self.first_pass.currents)[order]
        rise = np.diff(self.data[order])
        worst = int(rise.argmax()) if rise.size else 0
        if rise.size and rise[worst] > RISE * self.level:
            found.append(
                FitWarning(
                    "capacity rises with current",
                    f"{cell.name} holds {100 * np.expm1(rise[worst]):.0f} % more at {currents[worst + 1]:g} than at "
                    f"{currents[worst]:g} A/g, which no diffusion or resistance does; the points are kept. An "
                    "electrode that is still activated, or an exchanged pair of numbers, would look like this.",
                )
            )
        return found


def _logarithms(capacities: Array | None) -> Array | None:
    good = capacities is not None and bool(np.all(capacities > 0))
    return np.log(capacities) if good and capacities is not None else None


def _check_points(curve: MeasuredRate) -> None:
    """Raises ParameterError for what is no list of positive currents and capacities."""
    currents, capacities = curve.currents, curve.capacities
    if not currents or len(currents) != len(capacities):
        raise ParameterError(
            f"A rate curve has {len(currents)} currents and {len(capacities)} capacities; it needs equally many, one "
            "at least."
        )
    for what, unit, numbers in (
        ("current", "A/g", currents),
        ("capacity", "mAh/g", capacities),
    ):
        for place, number in enumerate(numbers, 1):
            if not 0 < number < np.inf:
                raise ParameterError(
                    f"Point {place} of the rate curve has a {what} of {number:g} {unit}; it must be a positive number. "
                    "Leave out what was not measured."
                )
    for place, (one, later) in enumerate(pairwise(currents), 2):
        if one == later:
            raise ParameterError(
                f"Points {place - 1} and {place} of the rate curve have the same current of {one:g} A/g; give one "
                "capacity for it. A current that returns after others is taken as a recovery step."
            )
