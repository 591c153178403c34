"""A capacity that is left after cycles at one current."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import Observation, relative
from hetsim.parameters.values import AgedPoint
from hetsim.results import Array
from hetsim.simulation.aged_many import capacities_after

NOISE = 0.05
"""Of a capacity after cycles, relative: cells that are cycled for long differ by more than fresh ones."""
_FEW = 20
"""Cycles that a cell without ageing may be compared after."""


@dataclass(frozen=True)
class AgedCapacity(Observation):
    """What an electrode holds after so many cycles at the same current.

    Most of the cycles are leapt over (simulation.aged_many), which changes the capacity by 0.1 % or less. The cell must
    age (`cell.with_ageing`), and what it loses is a value that may be free.

    Parameters
    ----------
    point : AgedPoint
        Current [A.g-1], capacity [mA.h.g-1] and the number of cycles before it
    level : float, default NOISE
        Relative standard deviation of the capacity

    Raises
    ------
    ParameterError
        For a point without its number of cycles, numbers that are not positive, or a noise that is not positive.
    """

    point: AgedPoint
    level: float = NOISE

    def __post_init__(self) -> None:
        point = self.point
        for what, number in (("current", point.current), ("capacity", point.capacity)):
            if not 0 < number < np.inf:
                raise ParameterError(
                    f"An aged point has a {what} of {number:g}; it must be positive."
                )
        if point.after_cycles < 1:
            raise ParameterError(
                f"The aged point at {point.current:g} A/g ({point.label}) does not say after how many cycles at this "
                "current it was measured, so it cannot be run."
            )
        relative(self.level, "capacity after cycles")

    @property
    def kind(self) -> str:
        return "capacity after cycles"

    @property
    def data(self) -> Array:
        return np.log([self.point.capacity])

    @property
    def noise(self) -> Array:
        return np.array([self.level])

    @property
    def independent(self) -> float:
        return 1.0

    @property
    def bears(self) -> int:
        return 1

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        point = self.point
        return [
            np.log([found]) if found else None
            for found in capacities_after(cells, point.current, point.after_cycles, model)
        ]

    @property
    def coordinates(self) -> Mapping[str, Any]:
        return {
            "current [A.g-1]": [self.point.current],
            "after cycles": [self.point.after_cycles],
        }

    def shown(self, numbers: Array) -> Array:
        return np.exp(numbers)

    @property
    def quantity(self) -> str:
        return "capacity [mA.h.g-1]"

    def check(self, cell: HalfCell) -> None:
        ageing = cell.ageing
        if ageing.loss is None and ageing.film is None and self.point.after_cycles > _FEW:
            raise ParameterError(
                f"{cell.name} does not age, and {self.point.capacity:g} mAh/g were measured after "
                f"{self.point.after_cycles} cycles; try cell.with_ageing(hs.ChargeDrivenLoss())."
            )
