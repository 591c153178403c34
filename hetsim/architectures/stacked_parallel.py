"""Layers of two hosts that ions run along."""

from dataclasses import dataclass
from typing import Any, ClassVar

from hetsim.architectures.base import Values
from hetsim.architectures.grains import host_diffusivities, layer_diffusivity, volume_shares
from hetsim.architectures.stacked import Stack
from hetsim.laws import mixing


@dataclass(frozen=True)
class StackedParallel(Stack):
    """Layers of A and B that ions run along: grains and junction layers side by side.

    The potential across the layers gathers ions where they conduct and where they store, which leaves D as it
    is (laws.limits.along_layers). A gain needs a higher mobility in the junction, "Interface diffusivity
    ratio".
    """

    summary: ClassVar[str] = (
        "stacked-parallel: ions run along the layers, the interfaces are a parallel channel."
    )
    statements: ClassVar[str] = "abe"
    no_potential: ClassVar[str] = (
        "ions run along the layers and the potential across them moves none of them"
    )

    def grain_diffusivity(self, value: Values, temperature: Any) -> Any:
        return mixing.parallel(volume_shares(value), host_diffusivities(value, temperature))

    def diffusivity(self, value: Values, temperature: Any) -> Any:
        grains = self.grain_diffusivity(value, temperature)
        layer = layer_diffusivity(mixing.parallel, value, temperature)
        return mixing.interface_channel(grains, layer / grains, self.layer_fraction(value))
