"""The rate test."""

from collections.abc import Sequence
from dataclasses import dataclass

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import numbers, whole_number

_WHERE = "A rate test"


@dataclass(frozen=True)
class RateTest:
    """Galvanostatic insertion (and extraction) between the cut-offs, current after current.

    Parameters
    ----------
    currents : Sequence[float]
        [A.g-1] of active mass, positive; in the order in which they are run
    cycles : int, default 3
        Insertions and extractions at each current; the last of them is reported and the next
        current starts from where they ended, as in the laboratory
    from_equilibrium : bool, default False
        Instead, one insertion at each current from the extracted state at rest

    Raises
    ------
    ParameterError
        For currents that are no list of positive finite numbers, an empty list, or cycles that are
        no whole number from 1 on.
    """

    currents: tuple[float, ...]
    cycles: int = 3
    from_equilibrium: bool = False

    def __init__(
        self, currents: Sequence[float], cycles: int = 3, from_equilibrium: bool = False
    ) -> None:
        object.__setattr__(self, "currents", numbers(currents, "currents", _WHERE))
        object.__setattr__(self, "cycles", whole_number(cycles, "cycles", _WHERE))
        object.__setattr__(self, "from_equilibrium", from_equilibrium)
        if not self.currents:
            raise ParameterError("A rate test needs at least one current [A/g].")
        for current in self.currents:
            if current <= 0:
                raise ParameterError(
                    f"A rate test cannot run at {current:g} A/g; currents are positive numbers, and "
                    "the direction is part of the protocol."
                )
        if self.cycles < 1:
            raise ParameterError(
                f"A rate test runs at least 1 cycle at each current, got {cycles}."
            )
