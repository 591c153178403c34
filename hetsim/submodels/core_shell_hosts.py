"""Ions in a core of one host and a shell of another, each with its own isotherm and diffusivity."""

from collections.abc import Callable
from typing import Any

import pybamm

from hetsim.architectures.composite import Branches
from hetsim.architectures.grains import host_diffusivities
from hetsim.laws.core_shell_flux import flux_at_junction, flux_in_host
from hetsim.laws.electrode import capacity_densities
from hetsim.submodels.host_equilibrium import HostEquilibrium
from hetsim.submodels.particle import SizeClass
from hetsim.submodels.places import SMALLEST, ParticlePlaces

_ZERO = pybamm.Scalar(0)


class CoreShellHosts:
    """Flux and equilibrium of a particle with host A inside the junction and host B outside.

    What stands at a place is s = k theta, theta the occupancy of the host there and k its capacity per volume over
    the mean. Its ions have the electrochemical potential u, as an electrode potential,

        theta = theta_h(u + phi)         phi the built-in potential, 0 at the surface [V]

    which is uniform at rest, also across the junction. The fluxes are those of laws.core_shell_flux. The electrode
    sees U(g(u_s)), with g the mean of s in equilibrium with the surface and U the curve of both hosts without a
    field: as for one host (laws.isotherm), a field does not move the open-circuit curve.

    Limits: a static field; no storage in junction layers.
    """

    def __init__(self, places: ParticlePlaces, hosts: HostEquilibrium) -> None:
        self._places = places
        self._structure = places.structure
        self._hosts = hosts
        self._law = places.structure.hosts
        self.at_surface = hosts.at_surface

    # --- equilibrium ---------------------------------------------------------------------------

    def at_rest(self, potential: Any, of: SizeClass, direction: Any = _ZERO) -> Any:
        """s at each node in equilibrium with a surface at u [V] [-]."""
        inside = self._places.on_particle
        k_a, k_b = capacity_densities(self._structure.own)
        at_a, at_b = (
            self._law.of_host(letter, inside(potential) + self._phi(of), self._inside(direction))
            for letter in "AB"
        )
        core = self._places.in_core()
        return core * k_a * at_a + (1 - core) * k_b * at_b

    def potentials(self, s: Any, of: SizeClass, direction: Any) -> Any:
        """u at each node [V]."""
        k_a, k_b = capacity_densities(self._structure.own)
        core, toward = self._places.in_core(), self._inside(direction)
        # each host is asked at every node, and answers where it is
        in_core, in_shell = (
            self._hosts.potential(_within(part), toward, letter)
            for letter, part in (
                ("A", core * s / k_a + (1 - core) / 2),
                ("B", (1 - core) * s / k_b + core / 2),
            )
        )
        return core * in_core + (1 - core) * in_shell - self._phi(of)

    # --- transport -----------------------------------------------------------------------------

    def inside(self, s: Any, of: SizeClass, direction: Any, temperature: Any) -> Any:
        """n of s on every face [m2.s-1]; 0 on the outer faces."""
        places = self._places
        u, phi, core = self.potentials(s, of, direction), self._phi(of), places.in_core()
        left, right = pybamm.upwind(u), pybamm.downwind(u)
        phi_left, phi_right = pybamm.upwind(phi), pybamm.downwind(phi)
        core_left, core_right = pybamm.upwind(core), pybamm.downwind(core)
        (in_core, in_shell), (sigma_a, sigma_b) = self._curves(direction), self._scales(temperature)
        distance, middle = places.distance_of_neighbours(), (phi_left + phi_right) / 2
        a = flux_in_host(left, right, middle, distance, sigma_a, in_core.occupancy)
        b = flux_in_host(left, right, middle, distance, sigma_b, in_shell.occupancy)
        at_junction = self._phi_at_junction(of)
        to_left, to_right = places.distances_of_junction()
        across = flux_at_junction(
            (left, right),
            ((phi_left + at_junction) / 2, (phi_right + at_junction) / 2),
            (to_left, to_right),
            (sigma_a, sigma_b),
            (in_core.secant, in_shell.secant),
        )
        return core_right * a + (1 - core_left) * b + core_left * (1 - core_right) * across

    def inflow(self, s: Any, surface: Any, of: SizeClass, direction: Any, temperature: Any) -> Any:
        """q = -n over the half volume between the last node and a surface at u [V]."""
        last = pybamm.surf(self.potentials(s, of, direction))
        distance = 1 - pybamm.surf(self._places.radius())
        sigma = self._scales(temperature, lambda value: value)[1]
        curve = _Curve(self, "B", direction)
        return -flux_in_host(
            last, surface, pybamm.surf(self._phi(of)) / 2, distance, sigma, curve.occupancy
        )

    def filling_rates(self, rates: list[Any]) -> tuple[Any, Any]:
        """d(theta)/dt of core and shell [s-1], means over their volume and over the size classes.

        rates : ds/dt of each class along its radius [s-1]
        """
        core, structure = self._places.in_core(), self._structure

        def of_host(places: Any, share: Any) -> Any:
            parts = zip(structure.weights(), rates, strict=True)
            return sum(w * structure.radial_mean(places * one) for w, one in parts) / share

        in_core, in_shell = self._law.host_shares
        return of_host(core, in_core), of_host(1 - core, in_shell)

    def _inside(self, direction: Any) -> Any:
        """The branches at every place of a particle."""
        place = self._places.on_particle
        return direction.at(place) if isinstance(direction, Branches) else place(direction)

    def _scales(
        self, temperature: Any, place: Callable[[Any], Any] | None = None
    ) -> tuple[Any, Any]:
        """k D of A and of B [m2.s-1]."""
        place = place or self._places.on_particle
        own = self._structure.own
        hosts = zip(capacity_densities(own), host_diffusivities(own, temperature), strict=True)
        a, b = (place(k * d) for k, d in hosts)
        return a, b

    def _curves(self, direction: Any) -> tuple["_Curve", "_Curve"]:
        inside = self._inside(direction)
        return _Curve(self, "A", inside), _Curve(self, "B", inside)

    def _phi(self, of: SizeClass) -> Any:
        """Built-in potential at each node [V]."""
        return of.phi * self._law.thermal_voltage

    def _phi_at_junction(self, of: SizeClass) -> Any:
        shape = self._structure.shape_at_junction(of.radius)
        return shape * self._structure.own("Built-in potential [V]")


class _Curve:
    """The isotherm of one host, between two places and at one."""

    def __init__(self, particle: CoreShellHosts, letter: str, direction: Any) -> None:
        self._law, self._letter, self._direction = particle._law, letter, direction

    def occupancy(self, potential: Any) -> Any:
        return self._law.of_host(self._letter, potential, self._direction)

    def secant(self, one: Any, other: Any) -> Any:
        return self._law.secant(self._letter, one, other, self._direction)


def _within(theta: Any) -> Any:
    return pybamm.maximum(pybamm.minimum(theta, 1 - SMALLEST), SMALLEST)
