"""Polarisation: how far extraction and insertion lie apart at one current."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import Observation, relative
from hetsim.fitting.observations.voltage_curve import CYCLES
from hetsim.protocols import RateTest
from hetsim.results import Array
from hetsim.simulation.run_many import run_many

LEAST = 0.02
"""Of a polarisation [V]: it is read off two curves, each within 10 to 20 mV."""
SHARE = 0.05
"""Of a polarisation, relative, where that is more."""

FACT, AT = "Polarisation at 0.1 A/g [V]", 0.1
"""What parameter files call it, and the current [A.g-1]."""


@dataclass(frozen=True)
class Polarisation(Observation):
    """Extraction minus insertion voltage at a current, each at half of its charge, as papers print it.

    Parameters
    ----------
    current : float
        [A.g-1], positive
    voltage : float
        [V], positive
    cycles : int, default CYCLES
        Which cycle at this current it is; the cell begins extracted, at rest
    level : float | None, default None
        Standard deviation [V]; None is 20 mV, or 5 % where that is more

    Raises
    ------
    ParameterError
        For a current or voltage that is no positive number, cycles below 1, or a noise that is not positive.
    """

    current: float
    voltage: float
    cycles: int = CYCLES
    level: float | None = None

    def __post_init__(self) -> None:
        for what, unit, number in (
            ("current", "A/g", self.current),
            ("voltage", "V", self.voltage),
        ):
            if isinstance(number, str) or not 0 < number < np.inf:
                raise ParameterError(
                    f"A polarisation has a {what} of {number} {unit}; it must be a positive number."
                )
        if self.level is not None:
            relative(self.level, "polarisation")
        _ = self.protocol

    @classmethod
    def of(cls, cell: HalfCell) -> "Polarisation":
        """The one that the file of a system states, at 0.1 A/g.

        Raises ParameterError if it states none.
        """
        stated = cell.system.facts.get(FACT)
        if stated is None:
            raise ParameterError(f"The file of {cell.name} states no '{FACT}'.")
        return cls(AT, stated.number)

    @property
    def kind(self) -> str:
        return "polarisation"

    @cached_property
    def protocol(self) -> RateTest:
        return RateTest((self.current,), cycles=self.cycles)

    @property
    def data(self) -> Array:
        return np.array([self.voltage])

    @property
    def noise(self) -> Array:
        usual = max(LEAST, SHARE * self.voltage)
        return np.array([usual if self.level is None else self.level])

    @property
    def independent(self) -> float:
        return 1.0

    @property
    def bears(self) -> int:
        return 1

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        found: list[Array | None] = []
        for case in run_many(cells, self.protocol, model):
            apart = np.nan if case.result is None else case.result.points[0].polarisation
            found.append(np.array([apart]) if case.outcome.good and np.isfinite(apart) else None)
        return found

    @property
    def coordinates(self) -> Mapping[str, Any]:
        return {"current [A.g-1]": [self.current]}

    @property
    def quantity(self) -> str:
        return "polarisation [V]"
