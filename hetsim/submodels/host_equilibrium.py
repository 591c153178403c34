"""Two hosts at one potential: what stands between the occupancy of a particle and the voltage of the electrode."""

from itertools import chain
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.composite import Composite
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.laws.hysteresis import shared_rates
from hetsim.laws.multi_site import potential_of
from hetsim.submodels.hysteresis import Hysteresis
from hetsim.submodels.particle import SizeClass
from hetsim.submodels.places import SMALLEST, ParticlePlaces

_CLOSE, _LOOSE = 10.0, 100.0
"""What u_s and u_m are counted from [V], and the logarithm of D: the solver holds a state to a millionth of its size
or some (models.solver), so u_s to 0.06 mV while it moves, and ln D to 6e-4. Steps then follow the ions."""


def potential_as_a_function(
    hosts: Composite, occupancy: Any, direction: Any = 0, population: str = BOTH_HOSTS
) -> pybamm.Function:
    """u of an occupancy [V] as one node of PyBaMM's tree, which has a hundred times as many of its steps.

    hosts : in PyBaMM's parameters
    """
    return potential_at_steps(occupancy, hosts.steps(direction, population))


class HostEquilibrium:
    """The potential of the ions at the surface, u_s, and of the mean of all sites, u_m.

    Hosts in local equilibrium share u, and the isotherms are explicit in it. The voltage is u_s, the potential at
    which all sites hold theta_s:

        u_s = u(theta_s)                        the inverse of Theta(u), laws.multi_site.potential_of

    Where both hosts are in one particle, D depends on u; it is that between u_m and u_s
    (architectures.composite), the same in all size classes. u_m follows from the mean occupancy, a state whose
    rate is all that arrives.

    Limits: within a particle, and from class to class, D does not depend on the place. Against a solution with D
    at every place, capacities are within 2.5 % for hosts whose D differ by 40 and 5 % by 1000 (test_two_hosts).
    """

    def __init__(self, places: ParticlePlaces) -> None:
        structure = places.structure
        self._structure = structure
        self._hosts = structure.hosts
        architecture = structure.architecture
        self._shared = len(architecture.populations) == 1 and not architecture.has_field
        self._name = places.name
        # without a fast share what stands at the surface of a shell is the shell's own
        self.population = "B" if architecture.has_field and not structure.fast else BOTH_HOSTS
        state = places.state_at_surface
        self.at_surface = state(names.ION_POTENTIAL, reference=-_CLOSE)
        self._mean = state(names.MEAN_OF_SITES)
        self._mean_potential = state(names.MEAN_ION_POTENTIAL, reference=-_LOOSE)
        self._log_diffusivity = state(names.LOG_DIFFUSIVITY, reference=_LOOSE)

    # --- what others read ----------------------------------------------------------------------

    def states(self) -> list[Any]:
        """The states of the equilibrium, and those that the transport in both hosts needs."""
        shared = [self._mean, self._mean_potential, self._log_diffusivity]
        return [self.at_surface, *(shared if self._shared else [])]

    def potential(self, occupancy: Any, direction: Any, population: str = BOTH_HOSTS) -> Any:
        """u of an occupancy of all sites, or of those of one host [V]."""
        return potential_as_a_function(self._hosts, occupancy, direction, population)

    def at_surface_of(self, surface: Any, direction: Any) -> Any:
        """u_s as the fluxes need it [V]: the state, or where theta_s is algebraic itself the expression of it, so
        that the solver finds both from any start."""
        if self._structure.fast:
            return self.at_surface
        return self.potential(surface, direction, self.population)

    def occupancy_of(self, population: str, potential: Any, direction: Any) -> Any:
        """Occupancy of the sites of a host or of both at u [V] [-]."""
        return self._hosts.occupancy(potential, direction, population)

    def diffusivity(self, of: SizeClass, temperature: Any) -> Any:
        """D of a size class [m2.s-1]."""
        if not self._shared:
            return self._hosts.host_diffusivity(of.population, temperature)
        return np.exp(self._log_diffusivity)

    def mean_potential(self) -> Any:
        """u of the mean of all sites [V]; None where no balance needs it."""
        return self._mean_potential if self._shared else None

    def variables(self, direction: Any, temperature: Any) -> dict[str, Any]:
        """Occupancy of each host at the surface, and what the junction layers conduct over the grains."""
        hosts = self._hosts
        found = {
            self._name(names.surface_occupancy_of(letter)): hosts.of_host(
                letter, self.at_surface, direction
            )
            for letter in "AB"
        }
        if self._structure.architecture.channel.conducts:
            ratio = hosts.conductivity_ratio(self.at_surface, temperature, direction)
            found[self._name(names.CONDUCTIVITY_RATIO)] = ratio
        return found

    # --- equations -----------------------------------------------------------------------------

    def rates(self, arriving: Any) -> dict[Any, Any]:
        """The balance of all sites [s-1]."""
        return {self._mean: arriving} if self._shared else {}

    def filling_rates(
        self, arriving: Any, hysteresis: Hysteresis, potential: Any = None
    ) -> tuple[Any, Any]:
        """What each of two hosts that share a potential takes of what arrives, d(theta)/dt of each [s-1].

        potential : [V]; that of the mean of all sites if it is not given
        """
        direction = hysteresis.direction
        at = self._mean_potential if potential is None else potential
        return shared_rates(
            arriving,
            self._hosts.host_shares,
            self._hosts.responses(at, direction),
            (direction.a, direction.b),
            hysteresis.crossing,
            hysteresis.yields,
        )

    @property
    def share_a_particle(self) -> bool:
        """Whether both hosts are in one particle, in equilibrium at each place."""
        return self._shared

    def residuals(self, surface: Any, direction: Any, temperature: Any) -> dict[Any, Any]:
        """The algebraic lines of u_s and u_m [V], and of D [-].

        surface : theta_s [-]
        """
        lines = {
            self.at_surface: self.potential(surface, direction, self.population) - self.at_surface
        }
        if not self._shared:
            return lines
        hosts = self._hosts
        lines |= {
            potential: hosts.thermal_voltage
            * hosts.log_odds_beyond(_inside(occupancy), potential, direction)
            for potential, occupancy in (
                (self.at_surface, surface),
                (self._mean_potential, self._mean),
            )
        }
        between = hosts.diffusivity(self._mean_potential, self.at_surface, temperature, direction)
        lines[self._log_diffusivity] = np.log(between) - self._log_diffusivity
        return lines

    def initial_values(self, temperature: Any, direction: Any) -> dict[Any, Any]:
        """Those of the equilibrium from which a run starts."""
        start = self._structure.own(names.INITIAL_POTENTIAL)
        values = {self.at_surface: start}
        if self._shared:
            values[self._mean] = self._structure.own(names.INITIAL_OCCUPANCY)
            values[self._mean_potential] = start
            at_rest = self._hosts.diffusivity(start, start, temperature, direction)
            values[self._log_diffusivity] = np.log(at_rest)
        return values


def potential_at_steps(occupancy: Any, steps: list[tuple[Any, Any, Any]]) -> Any:
    """u of an occupancy of the sites of some kinds, each with its share, potential and width [V]."""
    return pybamm.Function(_potential, _inside(occupancy), *chain(*steps), name="potential")


def _inside(theta: Any) -> Any:
    """Inside (0, 1), which a step of the solver that is then refused may leave."""
    return pybamm.maximum(pybamm.minimum(theta, 1 - SMALLEST), SMALLEST)


def _potential(theta: Any, *steps: Any) -> Any:
    """The inverse, with the numbers of each kind of site one after the other."""
    if isinstance(theta, np.ndarray) and np.isnan(theta).all():
        return theta  # while it builds PyBaMM asks for nothing but the shape, thousands of times
    return potential_of(theta, list(zip(steps[::3], steps[1::3], steps[2::3], strict=True)))
