"""What a fit sees of data of any kind: numbers with their noise, and how a model makes the same numbers."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.results import Array


class Observation(ABC):
    """Data of one kind that were measured on one cell.

    The numbers of `data` are on the scale on which their errors are alike: logarithms of capacities, volts, shares of
    the largest current. A deviation is (simulated - measured) / noise, number by number.

    Subclasses are frozen values that are checked when they are made.
    """

    @property
    @abstractmethod
    def kind(self) -> str:
        """What was measured, in the words of the laboratory, such as "rate curve"."""

    @property
    @abstractmethod
    def data(self) -> Array:
        """The measured numbers, each on the scale of its noise."""

    @property
    @abstractmethod
    def noise(self) -> Array:
        """Standard deviation of each number. It is wider where neighbours are not independent (`independent`)."""

    @property
    @abstractmethod
    def independent(self) -> float:
        """How many independent numbers the data count as [-]."""

    @property
    @abstractmethod
    def bears(self) -> int:
        """How many free values such data can bear before it is the priors that speak."""

    @abstractmethod
    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        """The same numbers of some cells, side by side where the engine can; None where a run fails."""

    def in_closed_form(self, cells: Sequence[HalfCell]) -> list[Array | None] | None:
        """The same without time stepping, for the start of a fit; None for data that have no closed form."""
        return None

    @property
    def highest_capacity(self) -> float | None:
        """The largest capacity that the data show [mA.h.g-1]; None where they show none."""
        return None

    @property
    @abstractmethod
    def coordinates(self) -> Mapping[str, Any]:
        """Where each number was measured, a column for each coordinate."""

    def shown(self, numbers: Array) -> Array:
        """The numbers in the unit of `quantity`, for a table or a figure."""
        return numbers

    @property
    @abstractmethod
    def quantity(self) -> str:
        """What `shown` gives, with its unit."""

    def check(self, cell: HalfCell) -> None:  # noqa: B027  most kinds have nothing to check
        """Raises ParameterError for data that a cell cannot have, such as of another window."""

    def warnings(self, cell: HalfCell) -> list["FitWarning"]:
        """What is odd about the data of a cell, but can be fitted."""
        return []

    def deviations(self, simulated: Array) -> Array:
        """(simulated - measured) / noise."""
        return (simulated - self.data) / self.noise


@dataclass(frozen=True)
class FitWarning:
    """Something about data or free values that a reader of the fit must know.

    Parameters
    ----------
    name : str
        Short and always the same, such as "capacity rises with current"
    sentence : str
        What, where, and what follows from it
    """

    name: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.name[0].upper()}{self.name[1:]}: {self.sentence}"


@dataclass(frozen=True, repr=False, eq=False)
class Observed:
    """Data of one cell beside what its model makes of them.

    Parameters
    ----------
    cell : str
        Name of the cell
    observation : Observation
        The data
    simulated : Array
        The same numbers of the model, on the scale of the data
    """

    cell: str
    observation: Observation
    simulated: Array

    def __repr__(self) -> str:
        return f"<Observed {self.observation.kind} of {self.cell}: {self.misfit:.2g} deviations>"

    @property
    def deviations(self) -> Array:
        """(simulated - measured) / noise, number by number."""
        return self.observation.deviations(self.simulated)

    @property
    def misfit(self) -> float:
        """Root mean square deviation of independent numbers: 1 is a fit as good as the noise allows."""
        one = self.observation
        return float(np.sqrt(np.sum(self.deviations**2) / one.independent))

    def to_frame(self) -> pd.DataFrame:
        """One row a number: where it was measured, measured, simulated and deviation."""
        one = self.observation
        return pd.DataFrame(
            {
                "cell": self.cell,
                "kind": one.kind,
                **one.coordinates,
                f"measured {one.quantity}": one.shown(one.data),
                f"simulated {one.quantity}": one.shown(self.simulated),
                "deviation": self.deviations,
            }
        )


def each_or_none(
    cells: Sequence[HalfCell],
    numbers_of: Callable[[HalfCell], Array | None],
    together: Sequence[Array | None] | None = None,
) -> list[Array | None]:
    """The numbers of some cells; None where a run fails or gives what is no number.

    numbers_of : runs one cell;  together : numbers of those that were run side by side, None for the others
    """
    found: list[Array | None] = []
    for cell, numbers in zip(cells, together or [None] * len(cells), strict=True):
        if numbers is None:
            try:
                numbers = numbers_of(cell)
            except (ParameterError, ValueError):  # values that the protocol does not allow
                numbers = None
        found.append(numbers if numbers is not None and np.all(np.isfinite(numbers)) else None)
    return found


def relative(noise: float, what: str) -> float:
    """A noise that is a positive number. Raises ParameterError otherwise."""
    if not 0 < noise < np.inf:
        raise ParameterError(
            f"The noise of a {what} is {noise:g}; it must be a positive number, the standard deviation of one "
            "measured number."
        )
    return float(noise)
