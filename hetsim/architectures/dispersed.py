"""Grains of two hosts at random in a particle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from hetsim.architectures.base import Architecture, Values
from hetsim.architectures.channels import DEBYE_LENGTH, POTENTIAL, Channel, DiluteCarriers
from hetsim.architectures.grains import GRAIN_SIZE, INTERFACE_WIDTH, VOLUME_FRACTION
from hetsim.laws import mixing

_DILUTE = DiluteCarriers()


@dataclass(frozen=True)
class Dispersed(Architecture):
    """Grains of A and B at random in the particle.

    The directions of the junctions average out, so their fields give no net drift. The grains mix as a
    symmetric effective medium. The junctions between A and B, a share (boundaries that are A-B) x (layer
    volume) of the particle, are a network of paths around the grains, along which the carriers of `channel` run.

    Parameters
    ----------
    channel : DiluteCarriers(), LatticeCarriers() or NoChannel()
    """

    channel: Channel = _DILUTE

    summary: ClassVar[str] = (
        "dispersed: junctions point in all directions, their fields give no net drift; the"
        " interface network is a parallel channel."
    )
    statements: ClassVar[str] = "abde"
    has_network: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (POTENTIAL, DEBYE_LENGTH)
    no_potential: ClassVar[str] = "the directions of the junctions average out and no field acts"

    def with_channel(self, channel: Channel) -> "Dispersed":
        return replace(self, channel=channel)

    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        return mixing.bruggeman_symmetric(shares, values)

    def joined(self, grains: Any, ratio: Any, fraction: Any) -> Any:
        return mixing.interface_network(grains, ratio, fraction)

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
