"""Two hosts in equilibrium: what a particle of both holds at a potential, and how fast ions diffuse in it.

At the potential u of the ions the grains of both hosts hold

    Theta(u) = sum_h f_h k_h theta_h(u),        f_h volume share, k_h capacity per volume over the mean      (1)

and with a storing share s of the junction layers (volume share f) the occupancy of those follows the potential in
the layer, theta_h(u - phi). The chemical diffusivity is what a particle conducts over what it stores,

    D = sigma_eff / C_eff,     sigma_h = D_h k_h c_h,     C_eff = sum_h f_h k_h c_h,     c = -d(theta)/du     (2)

with sigma_eff by the mixing law of the architecture. Between two potentials, c is the secant
(laws.multi_site.secant_capacitance): a steady flux between two places is then exactly that of the mixing law, and
for hosts of one isotherm D does not depend on u at all.

`direction` is the branch of the hosts (laws.hysteresis), one number or symbol for both or `Branches`.

Each law takes `value`, a function from the name of a parameter to its value, lists by the number of their entry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures.base import Architecture, Capacities
from hetsim.architectures.grains import Values, host_diffusivities, volume_shares
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws.electrode import capacity_densities
from hetsim.laws.multi_site import (
    Sites,
    composed,
    filled_and_empty,
    potential_of,
    responses,
    secant_capacitance,
    steps_of,
)
from hetsim.names import numbered

_LETTERS = "AB"
HYSTERESIS_RATIO = "Site hysteresis ratio"
_LEAST = 1e-9
"""Capacitance that a host has beyond all of its sites [V-1], so that no ratio is 0/0 there."""


@dataclass(frozen=True)
class Branches:
    """Where between its branches each host is: 1 insertion, -1 extraction (laws.hysteresis)."""

    a: Any
    b: Any

    def of(self, letter: str) -> Any:
        """That of host A or B."""
        return (self.a, self.b)[_LETTERS.index(letter)]

    def at(self, place: Callable[[Any], Any]) -> "Branches":
        """Both brought to another place."""
        return Branches(place(self.a), place(self.b))


def _toward(direction: Any, letter: str) -> Any:
    return direction.of(letter) if isinstance(direction, Branches) else direction


@dataclass(frozen=True)
class Composite:
    """The hosts of a particle.

    Parameters
    ----------
    architecture : how they share it
    counts : kinds of sites of A and of B
    value : values by name, numbers or symbols
    """

    architecture: Architecture
    counts: tuple[int, int]
    value: Values

    @cached_property
    def thermal_voltage(self) -> Any:
        """V_T = RT/zF [V] at the ambient temperature."""
        kelvin = self.value(names.AMBIENT_TEMPERATURE)
        return GAS_CONSTANT / FARADAY * kelvin / self.value(names.CHARGE_NUMBER)

    def sites(self, letter: str) -> Sites:
        """The sites of host A or B."""
        return self._sites[_LETTERS.index(letter)]

    @cached_property
    def _sites(self) -> list[Sites]:
        return [self._sites_of(letter) for letter in _LETTERS]

    def _sites_of(self, letter: str) -> Sites:
        def listed(stem: str) -> list[Any]:
            count = self.counts[_LETTERS.index(letter)]
            return [
                self.value(numbered(f"Component {letter} site {stem}", i)) for i in range(count)
            ]

        gaps = [self.value(HYSTERESIS_RATIO) * gap for gap in listed("hysteresis [V]")]
        return Sites(listed("potentials [V]"), listed("shares"), listed("widths"), gaps)

    # --- capacity ------------------------------------------------------------------------------

    @cached_property
    def host_shares(self) -> list[Any]:
        """Capacity shares of A and B, f_h k_h [-]."""
        densities = capacity_densities(self.value)
        return [f * k for f, k in zip(volume_shares(self.value), densities, strict=True)]

    def population_share(self, population: str) -> Any:
        """Share of the capacity in the particles of a population [-]."""
        return sum(
            share
            for letter, share in zip(_LETTERS, self.host_shares, strict=True)
            if letter in population
        )

    # --- equilibrium ---------------------------------------------------------------------------

    def filled_and_empty(
        self, potential: Any, direction: Any = 0, population: str = _LETTERS
    ) -> tuple[Any, Any]:
        """Occupancy and vacancy of the particles of a population at u [V], equation (1) [-]."""
        hosts = [self._of_host(letter, potential, direction) for letter in population]
        if len(hosts) == 1:
            return hosts[0]
        filled, empty = zip(*hosts, strict=True)
        return composed(filled, self.host_shares), composed(empty, self.host_shares)

    def occupancy(self, potential: Any, direction: Any = 0, population: str = _LETTERS) -> Any:
        """Theta(u) [-]."""
        return self.filled_and_empty(potential, direction, population)[0]

    def log_odds_beyond(self, occupancy: Any, potential: Any, direction: Any = 0) -> Any:
        """ln(Theta / (1 - Theta)) at u [V], less that of an occupancy in (0, 1): zero where u holds it."""
        filled, empty = self.filled_and_empty(potential, direction)
        return np.log(filled * (1 - occupancy) / (empty * occupancy))

    def potential(self, occupancy: Any, direction: Any = 0, population: str = _LETTERS) -> Any:
        """u at which the particles of a population hold an occupancy in (0, 1) [V]."""
        return potential_of(occupancy, self.steps(direction, population))

    def steps(self, direction: Any = 0, population: str = _LETTERS) -> list[tuple[Any, Any, Any]]:
        """Share [-], potential [V] and width [V] of every kind of site of a population."""
        shares = self.host_shares if population == _LETTERS else [1]
        return self._layered(
            [
                step
                for letter, share in zip(population, shares, strict=True)
                for step in steps_of(
                    self.sites(letter), self.thermal_voltage, _toward(direction, letter), share
                )
            ]
        )

    def _layered(self, steps: list[tuple[Any, Any, Any]]) -> list[tuple[Any, Any, Any]]:
        """The same sites, those of storing junction layers each at the potential that they have there."""
        channel = self.architecture.channel
        if not channel.stores:
            return steps
        share = channel.storing_share(self.value) * self.architecture.layer_fraction(self.value)
        places = channel.places_in_layer(self.value)
        return [
            (part * of_step, site + shift, width)
            for part, site, width in steps
            for of_step, shift in [(1 - share, 0), *((share * w, v) for w, v in places)]
        ]

    def of_host(self, letter: str, potential: Any, direction: Any = 0) -> Any:
        """Occupancy of one host at u [V], its share of the junction layers included [-]."""
        return self._of_host(letter, potential, direction)[0]

    def _of_host(self, letter: str, potential: Any, direction: Any) -> tuple[Any, Any]:
        sites, thermal = self.sites(letter), self.thermal_voltage
        toward = _toward(direction, letter)
        grain = filled_and_empty(potential, sites, thermal, toward)
        channel = self.architecture.channel
        if not channel.stores:
            return grain
        share = channel.storing_share(self.value) * self.architecture.layer_fraction(self.value)

        def of_layer(index: int) -> Any:
            return channel.in_layer(
                lambda u: filled_and_empty(u, sites, thermal, toward)[index],
                potential,
                self.value,
            )

        layer = (of_layer(0), of_layer(1))
        return (
            grain[0] + share * (layer[0] - grain[0]),
            grain[1] + share * (layer[1] - grain[1]),
        )

    # --- transport -----------------------------------------------------------------------------

    def diffusivity(self, one: Any, other: Any, temperature: Any, direction: Any = 0) -> Any:
        """D between two potentials of the ions [V], equation (2) [m2.s-1]."""
        capacities = self.capacities(one, other, direction)
        return self.architecture.diffusivity(self.value, temperature, capacities)

    def secant(self, letter: str, one: Any, other: Any, direction: Any = 0) -> Any:
        """Capacitance of one host between two potentials [V-1]."""
        sites, thermal = self.sites(letter), self.thermal_voltage
        toward = _toward(direction, letter)
        return secant_capacitance(one, other, sites, thermal, toward) + _LEAST

    def responses(self, potential: Any, direction: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        """-d(theta)/du [V-1] and -d(theta)/d(direction) [-] of the grains of A and of B (laws.multi_site)."""
        a, b = (
            responses(
                potential, self.sites(letter), self.thermal_voltage, _toward(direction, letter)
            )
            for letter in _LETTERS
        )
        return (a[0] + _LEAST, a[1]), (b[0] + _LEAST, b[1])

    def host_diffusivity(self, letter: str, temperature: Any) -> Any:
        """D of one host [m2.s-1]."""
        return host_diffusivities(self.value, temperature)[_LETTERS.index(letter)]

    def conductivity_ratio(self, potential: Any, temperature: Any, direction: Any = 0) -> Any:
        """Conductivity of the junction layers over that of the grains at the reference mobilities, at u [V] [-]."""
        capacities = self.capacities(potential, potential, direction)
        return self.architecture.conductivity_ratio(self.value, temperature, capacities)

    def capacities(self, one: Any, other: Any, direction: Any = 0) -> Capacities:
        """k_h c_h of the grains and of the layers between two potentials."""
        channel, densities = self.architecture.channel, capacity_densities(self.value)

        def of_host(letter: str) -> Callable[[Any], Any]:
            sites, thermal, apart = self.sites(letter), self.thermal_voltage, other - one
            toward = _toward(direction, letter)
            return lambda u: secant_capacitance(u, u + apart, sites, thermal, toward) + _LEAST

        hosts = [of_host(letter) for letter in _LETTERS]
        grains = [k * host(one) for k, host in zip(densities, hosts, strict=True)]
        layers = grains
        if channel.stores:
            layers = [
                k * channel.in_layer(host, one, self.value)
                for k, host in zip(densities, hosts, strict=True)
            ]
        return Capacities((grains[0], grains[1]), (layers[0], layers[1]))
