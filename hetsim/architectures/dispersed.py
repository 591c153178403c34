"""Grains of two hosts at random in a particle."""

from dataclasses import dataclass
from typing import Any, ClassVar

from hetsim.architectures.base import Architecture, Values
from hetsim.architectures.grains import (
    GRAIN_SIZE,
    INTERFACE_WIDTH,
    VOLUME_FRACTION,
    host_diffusivities,
    layer_diffusivity,
    volume_shares,
)
from hetsim.laws import mixing


@dataclass(frozen=True)
class Dispersed(Architecture):
    """Grains of A and B at random in the particle.

    The directions of the junctions average out, so their fields give no net drift. The grains mix as a
    symmetric effective medium. The junctions between A and B, a share (boundaries that are A-B) x (layer
    volume) of the particle, are a network of fast paths around the grains.
    """

    summary: ClassVar[str] = (
        "dispersed: junctions point in all directions, their fields give no net drift; the"
        " interface network is a parallel channel."
    )
    statements: ClassVar[str] = "abde"
    no_potential: ClassVar[str] = "the directions of the junctions average out and no field acts"

    def grain_diffusivity(self, value: Values, temperature: Any) -> Any:
        return mixing.bruggeman_symmetric(
            volume_shares(value), host_diffusivities(value, temperature)
        )

    def diffusivity(self, value: Values, temperature: Any) -> Any:
        grains = self.grain_diffusivity(value, temperature)
        # the ratio holds at T_ref; the junction follows its own barrier, the grains follow theirs
        layer = layer_diffusivity(mixing.bruggeman_symmetric, value, temperature)
        return mixing.interface_network(grains, layer / grains, self.layer_fraction(value))

    def layer_fraction(self, value: Values) -> Any:
        """Layers of all boundaries, times the share of them that is A-B."""
        return self.unlike_boundaries(value) * mixing.interface_fraction(
            value(GRAIN_SIZE), value(INTERFACE_WIDTH)
        )

    def interface_area(self, value: Values) -> Any:
        """Grains of one size share their faces: 3/d per volume, and the share of them that is A-B."""
        return self.unlike_boundaries(value) * mixing.EQUIAXED / value(GRAIN_SIZE)

    def unlike_boundaries(self, value: Values) -> Any:
        return mixing.unlike_boundary_fraction(value(VOLUME_FRACTION))
