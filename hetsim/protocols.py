"""Experiments as frozen values, in the units of the laboratory."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hetsim.parameters import ParameterError


@dataclass(frozen=True)
class RateTest:
    """Galvanostatic insertion (and extraction) between the cut-offs, current after current.

    currents : [A.g-1] of active mass, positive; in the order in which they are run
    cycles : insertions and extractions at each current; the last of them is reported and the next
        current starts from where they ended, as in the laboratory
    from_equilibrium : instead, one insertion at each current from the extracted state at rest

    Raises ParameterError for an empty list, a current that is not positive and finite, or no cycle.
    """

    currents: tuple[float, ...]
    cycles: int = 3
    from_equilibrium: bool = False

    def __init__(
        self, currents: Sequence[float], cycles: int = 3, from_equilibrium: bool = False
    ) -> None:
        object.__setattr__(self, "currents", tuple(float(one) for one in currents))
        object.__setattr__(self, "cycles", cycles)
        object.__setattr__(self, "from_equilibrium", from_equilibrium)
        if not self.currents:
            raise ParameterError("A rate test needs at least one current [A/g].")
        for current in self.currents:
            if not (math.isfinite(current) and current > 0):
                raise ParameterError(
                    f"A rate test cannot run at {current:g} A/g; currents are positive numbers, and "
                    "the direction is part of the protocol."
                )
        if cycles < 1:
            raise ParameterError(
                f"A rate test runs at least 1 cycle at each current, got {cycles}."
            )
