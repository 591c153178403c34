"""Particles of two hosts side by side, without a junction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from hetsim.architectures.base import Architecture, Values
from hetsim.laws import mixing


@dataclass(frozen=True)
class Mixture(Architecture):
    """Particles of A and particles of B, each with its own isotherm and diffusivity; no junction.

    Both see the potential of the electrode, so at rest they share u. It is what two powders give that were
    stirred together: the control of every heterostructure. Needs hosts with isotherms.
    """

    summary: ClassVar[str] = (
        "mixture: particles of A and of B side by side, which touch the same electrolyte and no junction."
    )
    statements: ClassVar[str] = "ab"
    no_potential: ClassVar[str] = "no particle has a junction"
    populations: ClassVar[tuple[str, ...]] = ("A", "B")

    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        return mixing.parallel(shares, values)

    def interface_area(self, value: Values) -> Any:
        """No junction."""
        return 0.0

    def layer_fraction(self, value: Values) -> Any:
        """No layer."""
        return 0.0
