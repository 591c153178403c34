"""Extractions of a rate curve: how much of each insertion comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import FitWarning, Observation, relative
from hetsim.fitting.observations.rate import CYCLES, RateData
from hetsim.parameters.checks import checked_rate
from hetsim.parameters.values import MeasuredRate
from hetsim.results import Array
from hetsim.simulation.run_many import rate_charges

NOISE = 0.01
"""Of an extraction over its insertion, relative: side reactions take as much of a cycle after the first ones, and the
active mass is the same in both."""
LOST = 0.9
"""Share that comes back, below which side reactions are said to be in the data [-]."""


@dataclass(frozen=True)
class ExtractionData(Observation):
    """Extracted over inserted capacity of the same cycle, at each current of a rate test after the first one.

    An error of the active mass is in neither. In later cycles at one current what goes in comes out, whatever the
    electrode is; in the first cycle after a change of the current it does not, and how much comes back tells how much
    slower one direction is than the other, which a built-in field changes. So `cycles=1` tells the most. The first
    current of the test is left out: its cycles are the first ones of the electrode, and the film that forms in them
    takes more than any of this.

    Parameters
    ----------
    measured : MeasuredRate
        Currents in the order in which they were run [A.g-1], capacities of the insertions and `extractions`
        [mA.h.g-1]
    level : float, default NOISE
        Relative standard deviation of the ratio
    cycles : int, default CYCLES
        Insertions and extractions at each current; the last of them are compared

    Raises
    ------
    ParameterError
        For currents or capacities that are no positive numbers, no extraction after the first current, or a noise that
        is not positive.
    """

    measured: MeasuredRate
    level: float = NOISE
    cycles: int = CYCLES

    def __post_init__(self) -> None:
        checked_rate(self.measured, "Extractions of a rate curve")
        relative(self.level, "extraction over its insertion")
        if not self.places.size:
            raise ParameterError(
                "The rate curve has no extraction at a current after its first one; give MeasuredRate an extraction "
                "[mAh/g] for each insertion."
            )

    @property
    def kind(self) -> str:
        return "extractions"

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """Of the currents that are compared."""
        measured = np.isfinite(self.measured.extractions)
        return np.flatnonzero(measured & (np.arange(measured.size) > 0))

    @cached_property
    def data(self) -> Array:
        inserted, extracted = (
            np.array(one)[self.places]
            for one in (self.measured.capacities, self.measured.extractions)
        )
        return np.log(extracted / inserted)

    @cached_property
    def noise(self) -> Array:
        return np.full(len(self.data), self.level)

    @property
    def independent(self) -> float:
        return float(len(self.data))

    @property
    def bears(self) -> int:
        return 1  # how unlike the directions are

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        protocol = RateData(self.measured, cycles=self.cycles).protocol
        found: list[Array | None] = []
        for charges in rate_charges(cells, protocol, model):
            of_places = None if charges is None else charges[self.places]
            good = of_places is not None and bool(np.all(of_places > 0))
            found.append(
                np.log(of_places[:, 1] / of_places[:, 0])
                if good and of_places is not None
                else None
            )
        return found

    @property
    def coordinates(self) -> Mapping[str, Any]:
        return {"current [A.g-1]": np.array(self.measured.currents)[self.places]}

    def shown(self, numbers: Array) -> Array:
        return np.exp(numbers)

    @property
    def quantity(self) -> str:
        return "extracted over inserted capacity"

    def warnings(self, cell: HalfCell) -> list[FitWarning]:
        least = int(np.argmin(self.data))
        share, current = float(np.exp(self.data[least])), self.measured.currents[self.places[least]]
        if self.cycles == 1 or share > LOST or cell.ageing.film is not None:
            return []
        return [
            FitWarning(
                "extractions give back too little",
                f"at {current:g} A/g {cell.name} gives back {100 * share:.0f} % of what was inserted; a film or "
                "another side reaction takes the rest, which the model has only with cell.with_ageing.",
            )
        ]
