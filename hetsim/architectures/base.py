"""What every architecture states and computes."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from hetsim.architectures.channels import Channel, NoChannel
from hetsim.architectures.fields import FieldLaw, StaticField
from hetsim.architectures.grains import (
    BOTH_HOSTS,
    Values,
    host_diffusivities,
    host_diffusivities_at_reference,
    layer_factor,
    volume_shares,
)

_STATIC = StaticField()
_NO_CHANNEL = NoChannel()


@dataclass(frozen=True)
class Capacities:
    """Chemical capacitance of A and of B per volume [any unit, the same for all].

    grains : in the grains;  layers : in the junction layers that lie in them. A host stores and conducts in
    proportion, D times this; hosts of one open-circuit curve have equal ones.
    """

    grains: tuple[Any, Any] = (1, 1)
    layers: tuple[Any, Any] = (1, 1)


EQUAL = Capacities()
"""Of hosts that share one open-circuit curve."""


class Architecture(ABC):
    """How the grains of the hosts A and B share a particle.

    The laws take `value`, a function from the name of a parameter to its value, so that a model (with symbols)
    and a report (with numbers) evaluate the very same expressions.

    Attributes
    ----------
    summary : what acts in this architecture, one sentence
    statements : letters of the general statements on built-in fields that hold here (junctions.report)
    has_field : whether the potential depends on the radius of the particle
    has_network : whether its junctions are paths along which a channel can carry ions
    channel : which carriers run along the junctions (architectures.channels)
    populations : the hosts of each kind of particle, "AB" where both are in one
    field : how that radial field follows the state of the particle
    needs : parameters that a file must give for this architecture, beside those that every one needs
    no_potential : why "Built-in potential [V]" must be 0, a half sentence; empty where it acts on the ions
    """

    summary: ClassVar[str]
    statements: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    no_potential: ClassVar[str] = ""
    has_field: ClassVar[bool] = False
    has_network: ClassVar[bool] = False
    populations: ClassVar[tuple[str, ...]] = (BOTH_HOSTS,)
    field: FieldLaw = _STATIC
    channel: Channel = _NO_CHANNEL

    def with_field(self, field: FieldLaw) -> "Architecture":
        """The same architecture with another field law. Raises ValueError where there is no radial field."""
        raise ValueError(f"A {type(self).__name__} particle has no radial field.")

    def with_channel(self, channel: Channel) -> "Architecture":
        """The same architecture with other carriers at its junctions.

        Raises ValueError for carriers where no junctions are paths.
        """
        if channel == self.channel:
            return self
        raise ValueError(
            f"A {type(self).__name__} particle has no junctions that ions run along; only NoChannel() is allowed."
        )

    def shape(self, x: Any, radius: Any, value: Values, apply: Callable[..., Any]) -> Any:
        """Potential phi(x) / V_bi at x = r/R, with phi = 0 at the surface [-].

        apply : calls a law with its arguments; a model makes one node of its expression tree of it
        Raises ValueError where there is no radial field.
        """
        raise ValueError(f"A {type(self).__name__} particle has no radial field.")

    def slope(self, x: Any, radius: Any, value: Values, apply: Callable[..., Any]) -> Any:
        """d(shape)/dx [-], so that the field is -V_bi d(shape)/dx / R; arguments as in `shape`.

        Raises ValueError where there is no radial field.
        """
        raise ValueError(f"A {type(self).__name__} particle has no radial field.")

    def junction_radius(self, value: Values) -> Any:
        """Radius of the closed junction over that of the particle [-]. Raises ValueError where there is none."""
        raise ValueError(f"A {type(self).__name__} particle has no closed junction.")

    @abstractmethod
    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        """The mixing law of the grains: volume shares and conductivities of A and B to one conductivity."""

    def joined(self, grains: Any, ratio: Any, fraction: Any) -> Any:
        """Conductivity of grains and junction layers together.

        ratio : conductivity of the layers over that of the grains;  fraction : volume share of the layers [-]
        """
        return grains

    def grain_diffusivity(
        self, value: Values, temperature: Any, capacities: Capacities = EQUAL
    ) -> Any:
        """Diffusivity of the particle without its junctions [m2.s-1]; temperature [K]."""
        hosts = host_diffusivities(value, temperature)
        return self._conductivity(value, hosts, capacities.grains) / _stored(
            value, capacities.grains
        )

    def diffusivity(self, value: Values, temperature: Any, capacities: Capacities = EQUAL) -> Any:
        """Effective diffusivity of the particle, grains and junctions together [m2.s-1]: what it conducts over
        what it stores; temperature [K].

        A junction layer conducts a multiple of the grains at the reference temperature and follows its own
        barrier; the grains follow theirs.
        """
        hosts = host_diffusivities(value, temperature)
        grains = self._conductivity(value, hosts, capacities.grains)
        stored = _stored(value, capacities.grains)
        if not self.channel.conducts:
            return grains / stored
        at_reference = self._conductivity(
            value, host_diffusivities_at_reference(value), capacities.grains
        )
        layer = (
            self.conductivity_ratio(value, temperature, capacities)
            * at_reference
            * layer_factor(value, temperature)
        )
        fraction = self.layer_fraction(value)
        if self.channel.stores:
            more = _stored(value, capacities.layers) - stored
            stored = stored + self.channel.storing_share(value) * fraction * more
        return self.joined(grains, layer / grains, fraction) / stored

    def conductivity_ratio(
        self, value: Values, temperature: Any, capacities: Capacities = EQUAL
    ) -> Any:
        """Conductivity of the junction layers over that of the grains, both with their mobility at the reference
        temperature [-]; temperature [K]."""
        ratio = self.channel.conductivity_ratio(value, temperature)
        if not self.channel.stores:
            return ratio
        hosts = host_diffusivities_at_reference(value)
        layers = self._conductivity(value, hosts, capacities.layers)
        return ratio * layers / self._conductivity(value, hosts, capacities.grains)

    def _conductivity(self, value: Values, hosts: Sequence[Any], capacities: Sequence[Any]) -> Any:
        """D times capacitance, mixed."""
        conductivities = [d * c for d, c in zip(hosts, capacities, strict=True)]
        return self.mean(volume_shares(value), conductivities)

    @abstractmethod
    def interface_area(self, value: Values) -> Any:
        """Area of the junctions per volume of the particle [m-1]."""

    @abstractmethod
    def layer_fraction(self, value: Values) -> Any:
        """Volume share of the layers along the junctions between A and B [-]."""

    def unlike_boundaries(self, value: Values) -> Any:
        """Share of the boundaries between grains that join A to B [-].

        Raises ValueError where the particle is no aggregate of grains.
        """
        raise ValueError("one junction in each particle, no boundaries of grains.")


def _stored(value: Values, capacities: Sequence[Any]) -> Any:
    """Mean capacitance of the grains."""
    return sum(share * c for share, c in zip(volume_shares(value), capacities, strict=True))
