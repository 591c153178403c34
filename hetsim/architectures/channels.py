"""Which ions carry the current in the layer of space charge along a junction.

The layer has the width "Interface width [m]" and a potential that decays from "Interface potential [V]" at the
junction within "Interface Debye length [m]"; > 0 gathers ions. In it ions hop "Interface mobility ratio" times as
fast as in the grains, with "Interface migration barrier [eV]" as their barrier. The laws are those of
laws.junction_channel; a report (with numbers) and a cell (with symbols) evaluate the same expressions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from hetsim import names
from hetsim.architectures.grains import Values
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws.junction_channel import dilute_ratio, lattice_means, layer_places

POTENTIAL = "Interface potential [V]"
DEBYE_LENGTH = "Interface Debye length [m]"
WIDTH = "Interface width [m]"
MOBILITY_RATIO = "Interface mobility ratio"
STORING_SHARE = "Interface storing share"


class Channel:
    """What a junction layer conducts and stores, over the grain that it lies in.

    Attributes
    ----------
    summary : which carriers run there, one sentence
    conducts : whether there is a layer at all
    stores : whether the layer also holds ions beside what the grain would hold
    """

    summary: ClassVar[str]
    conducts: ClassVar[bool] = True
    stores: ClassVar[bool] = False

    def conductivity_ratio(self, value: Values, temperature: Any) -> Any:
        """Conductivity of the layer over that of the lattice in it, at the reference temperature's mobility [-]."""
        raise NotImplementedError

    def in_layer(self, curve: Callable[[Any], Any], potential: Any, value: Values) -> Any:
        """Mean over the layer of a curve of the lattice, such as its occupancy, at the potential u [V] of the grain."""
        return curve(potential)

    def places_in_layer(self, value: Values) -> list[tuple[float, Any]]:
        """Weight [-] and potential [V] of each place at which `in_layer` evaluates a curve."""
        return [(1.0, 0.0)]

    def storing_share(self, value: Values) -> Any:
        """Share of the sites of the layer that fill and empty with the potential in it [-]."""
        return 0


@dataclass(frozen=True)
class NoChannel(Channel):
    """The junction layers are like the grains: neither faster nor fuller."""

    summary: ClassVar[str] = "no channel: ions run through the junctions as through the grains."
    conducts: ClassVar[bool] = False

    def conductivity_ratio(self, value: Values, temperature: Any) -> Any:
        return 1


@dataclass(frozen=True)
class DiluteCarriers(Channel):
    """Mobile defects, few beside the sites: gathered, they conduct and do not store (Maier).

        ratio = m [1 + (2 lambda / w)(e^{v/2} - 1)],     v = zF phi_0 / RT      (Gouy and Chapman)

    m "Interface mobility ratio". D rises with the ratio. Limits: |phi_0| up to 1 V, where more ions would stand at
    the junction than there are places; w of two Debye lengths or more.
    """

    summary: ClassVar[str] = (
        "dilute carriers: mobile defects gather in the layer, conduct there and store nothing."
    )

    def conductivity_ratio(self, value: Values, temperature: Any) -> Any:
        volts = value(names.CHARGE_NUMBER) * FARADAY / (GAS_CONSTANT * temperature)
        gathered = dilute_ratio(volts * value(POTENTIAL), value(DEBYE_LENGTH), value(WIDTH))
        return value(MOBILITY_RATIO) * gathered


@dataclass(frozen=True)
class LatticeCarriers(Channel):
    """The stored ions themselves: the layer is the host at a shifted potential, and conducts as it stores.

        ratio = m <c(u - phi)> / c(u),      stored  s <theta(u - phi)> + (1 - s) theta(u),      c = -d(theta)/du

    m "Interface mobility ratio", s "Interface storing share"; means over the layer. One ideal site conducts best at
    half filling, so there the ratio is at most m, whatever the potential; a nearly empty host gains e^v. Needs
    hosts with isotherms.
    """

    summary: ClassVar[str] = (
        "lattice carriers: the stored ions gather in the layer, conduct there and store in proportion."
    )
    stores: ClassVar[bool] = True

    def conductivity_ratio(self, value: Values, temperature: Any) -> Any:
        return value(MOBILITY_RATIO)

    def in_layer(self, curve: Callable[[Any], Any], potential: Any, value: Values) -> Any:
        return lattice_means(curve, potential, value(POTENTIAL), value(DEBYE_LENGTH), value(WIDTH))

    def places_in_layer(self, value: Values) -> list[tuple[float, Any]]:
        return layer_places(value(POTENTIAL), value(DEBYE_LENGTH), value(WIDTH))

    def storing_share(self, value: Values) -> Any:
        return value(STORING_SHARE)


CHANNELS: dict[str, Channel] = {
    "dilute-carriers": DiluteCarriers(),
    "lattice-carriers": LatticeCarriers(),
    "none": NoChannel(),
}
"""The channels by the names that parameter files give them."""


def channel_named(name: str) -> Channel:
    """The channel of a name in a parameter file. Raises ValueError for an unknown name."""
    if name not in CHANNELS:
        raise ValueError(f"unknown interface '{name}'; allowed: {', '.join(CHANNELS)}.")
    return CHANNELS[name]
