"""Layers of two hosts that ions run along."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from hetsim.architectures.channels import DEBYE_LENGTH, POTENTIAL, Channel, DiluteCarriers
from hetsim.architectures.stacked import Stack
from hetsim.laws import mixing

_DILUTE = DiluteCarriers()


@dataclass(frozen=True)
class StackedParallel(Stack):
    """Layers of A and B that ions run along: grains and junction layers side by side.

    The potential across the layers gathers ions where they conduct and where they store, which leaves D as it
    is (laws.limits.along_layers). A gain needs a higher mobility in the junction ("Interface mobility ratio"), or
    carriers that conduct and do not store.

    Parameters
    ----------
    channel : DiluteCarriers(), LatticeCarriers() or NoChannel()
    """

    channel: Channel = _DILUTE

    summary: ClassVar[str] = (
        "stacked-parallel: ions run along the layers, the interfaces are a parallel channel."
    )
    statements: ClassVar[str] = "abe"
    has_network: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (POTENTIAL, DEBYE_LENGTH)
    no_potential: ClassVar[str] = (
        "ions run along the layers and the potential across them moves none of them"
    )

    def with_channel(self, channel: Channel) -> "StackedParallel":
        return replace(self, channel=channel)

    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        return mixing.parallel(shares, values)

    def joined(self, grains: Any, ratio: Any, fraction: Any) -> Any:
        return mixing.interface_channel(grains, ratio, fraction)
