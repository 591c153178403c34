"""Many cells on the models that they share."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from hetsim.cells.half_cell import HalfCell
from hetsim.engine import BuiltModel
from hetsim.errors import ParameterError


class OnModel(Protocol):
    """What is ready to run on a built model."""

    @property
    def built(self) -> BuiltModel:
        """The model."""


Ready = TypeVar("Ready", bound=OnModel)


def by_model(
    cells: Sequence[HalfCell], ready: Callable[[HalfCell], Ready]
) -> list[tuple[list[int], list[Ready]]]:
    """Places of the cells of each model among all, and what makes them ready to run.

    Cells whose values do not fit together, or do not fit the protocol, are left out.
    """
    groups: dict[int, tuple[list[int], list[Ready]]] = {}
    for place, cell in enumerate(cells):
        try:
            made = ready(cell)
        except (ParameterError, ValueError):
            continue
        places, several = groups.setdefault(id(made.built), ([], []))
        places.append(place)
        several.append(made)
    return list(groups.values())
