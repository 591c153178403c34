"""The balance of the ions of an electrode's particles, whatever describes the inside of them."""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.constants import FARADAY
from hetsim.submodels.host_equilibrium import HostEquilibrium
from hetsim.submodels.hysteresis import Hysteresis, HysteresisOfParticles
from hetsim.submodels.junction_storage import JunctionStorage
from hetsim.submodels.particle import ParticleStructure, SizeClass
from hetsim.submodels.places import ParticlePlaces

ZERO = pybamm.Scalar(0)
_NO_PARTICLES = 1e-12
"""Weight of a class of a host of which there is none [-]."""


class ParticleBalance(pybamm.particle.BaseParticle, ABC):
    """Ions of particles of some sizes that share the occupancy of their surface, theta_s.

    What the electrode reaction brings is shared between the share f that follows the surface at once and what is
    inside the particles, of which subclasses say how it takes them up:

        f d(theta_s)/dt + (1 - f) sum_i w_i T_i = -3 j / (R F z c_max) - S

    T_i the rate of class i, f the share of `_share_at_surface`, S the rate of the storage at the junctions
    (submodels.junction_storage). So every ion that is passed is in the inventory to round-off. Runs start from the
    equilibrium whose surface concentration is "Initial concentration in positive electrode".

    j [A.m-2] refers to the inner surface 3 eps/R of the median radius. theta [-], c [mol.m-3], D [m2.s-1].
    """

    _has_state_at_once: bool
    """Whether some share follows the surface at once, so that theta_s is a differential state."""

    def __init__(
        self,
        param: Any,
        options: Any,
        structure: ParticleStructure,
        x_average: bool,
        phase: str = "primary",
    ) -> None:
        super().__init__(param, structure.electrode.domain, options, phase)
        self.structure = structure
        self.electrode = structure.electrode
        self.places = ParticlePlaces(structure, x_average)
        self._storage = JunctionStorage(self.places) if structure.storage else None
        own_particles = len(structure.architecture.populations) > 1
        self._of_particles = HysteresisOfParticles(self.places) if own_particles else None
        self.hysteresis = self._of_particles or Hysteresis(self.places)
        self.hosts = HostEquilibrium(self.places) if structure.sites else None
        # of two hosts one may have more sites per volume than the mean
        composed = structure.sites is not None and structure.architecture.has_field
        most = np.inf if composed else self.phase_param.c_max
        bounds = {"bounds": (0, most), "scale": self.phase_param.c_max}
        self._c_surface = self.places.state_at_surface(names.SURFACE_CONCENTRATION, **bounds)
        self._c = [self.places.state_inside(name, **bounds) for name in self._names_inside()]

    # --- what describes the inside -------------------------------------------------------------

    @abstractmethod
    def _names_inside(self) -> list[str]:
        """Names of the states inside, one for each class."""

    @abstractmethod
    def _classes(self, variables: dict[str, Any]) -> list[SizeClass]:
        """The classes that the states inside belong to."""

    @abstractmethod
    def _taken_by_classes(self, variables: dict[str, Any]) -> list[Any]:
        """T_i, d(theta)/dt of the mean of what is inside each class [s-1]."""

    @abstractmethod
    def _fill(self, variables: dict[str, Any], taken: list[Any], unshared: Any) -> tuple[Any, ...]:
        """Set the equations of what is inside.

        taken : T_i [s-1];  unshared : what is left for the surface [s-1]

        Returns d(theta)/dt of what is inside core and shell, nothing for others [s-1].
        """

    @abstractmethod
    def _held_by_classes(self) -> list[Any]:
        """What is inside each class of its capacity, without what follows the surface at once [-]."""

    @abstractmethod
    def _share_at_surface(self) -> Any:
        """Share of the capacity that follows the surface at once [-]."""

    @abstractmethod
    def _at_start(self, surface: Any, of: SizeClass) -> Any:
        """Occupancy of a class in the equilibrium from which a run starts [-]."""

    # --- equations -----------------------------------------------------------------------------

    def set_rhs(self, variables: dict[str, Any]) -> None:
        arriving, taken = self._arriving(variables), self._taken_by_classes(variables)
        unshared = arriving - self._slow(variables, taken)
        inside = self._fill(variables, taken, unshared)
        if self._has_state_at_once:
            rate = self.phase_param.c_max * unshared / self._share_at_surface()
            self.rhs[self._c_surface] = rate
        if self.hosts is not None:
            self.rhs.update(self.hosts.rates(arriving))
        if self._of_particles is not None:
            self.rhs.update(self._of_particles.slip_rates(arriving))
        else:
            filling = self._filling_rates(arriving, inside, unshared)
            self.rhs.update(self.hysteresis.rates(filling))
        if self._storage is not None:
            self.rhs[self._storage.stored] = self._storing(variables)

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.hosts is not None:
            self.algebraic.update(
                self.hosts.residuals(
                    self._surface_occupancy,
                    self.hysteresis.direction,
                    self._temperature(variables),
                )
            )
        if self._of_particles is not None:
            self.algebraic.update(self._of_particles.residuals(self._filled(variables)))
        if not self._has_state_at_once:
            taken = self._taken_by_classes(variables)
            unshared = self._arriving(variables) - self._slow(variables, taken)
            time = self._radius**2 / self.phase_param.D(
                self._c_surface, self._temperature(variables)
            )
            self.algebraic[self._c_surface] = unshared * time

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        c_max, surface = self.phase_param.c_max, self._starting_surface
        self.initial_conditions = {self._c_surface: surface * c_max}
        for c, of in zip(self._c, self._starting_classes(), strict=True):
            self.initial_conditions[c] = c_max * self._at_start(surface, of)
        if self.hosts is not None:
            ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
            start = self.hysteresis.at_start()
            self.initial_conditions.update(self.hosts.initial_values(ambient, start))
        self.initial_conditions.update(self.hysteresis.initial_values())
        if self._of_particles is not None:
            filled = [self._host_at_start(letter) for letter in BOTH_HOSTS]
            self.initial_conditions.update(self._of_particles.initial_slips(filled))
        if self._storage is not None:
            self.initial_conditions[self._storage.stored] = ZERO

    # --- what stands in them -------------------------------------------------------------------

    def _arriving(self, variables: dict[str, Any]) -> Any:
        """-3 j / (R F z c_max), less what the junctions store: occupancy of all sites per second."""
        j = variables[self.places.name(names.INTERFACIAL_CURRENT)]
        z, c_max = pybamm.Parameter(names.CHARGE_NUMBER), self.phase_param.c_max
        arriving = -3 * j / (self._radius * FARADAY * z * c_max)
        return arriving if self._storage is None else arriving - self._storing(variables)

    def _slow(self, variables: dict[str, Any], taken: list[Any]) -> Any:
        """(1 - f) sum_i w_i T_i [s-1], with f that of the cell ("Fast fraction")."""
        slow = 1 - self.structure.fast_fraction()
        return sum(
            slow * of.weight * rate
            for of, rate in zip(self._classes(variables), taken, strict=True)
        )

    def _filling_rates(self, arriving: Any, inside: Any, unshared: Any) -> tuple[Any, ...]:
        """d(theta)/dt of each host, or of the one lumped host [s-1].

        A lumped host takes all that arrives, and two hosts in one particle share it (laws.hysteresis). Core and shell
        take what reaches their own volume and their part of what follows the surface at once, whose sites are at
        the potential of the surface.
        """
        if self.hosts is None:
            return (arriving,)
        if self.hosts.share_a_particle:
            return self.hosts.filling_rates(arriving, self.hysteresis)
        if not self._has_state_at_once:
            return tuple(inside)
        share = self.structure.fast_fraction()
        fast = self.hosts.filling_rates(unshared, self.hysteresis, self.hosts.at_surface)
        return tuple((1 - share) * one + other for one, other in zip(inside, fast, strict=True))

    def _filled(self, variables: dict[str, Any]) -> list[Any]:
        """Mean occupancy of each of two hosts in particles of their own [-]."""
        assert self.hosts is not None
        slow, at_once = 1 - self.structure.fast_fraction(), self._share_at_surface()
        classes, held = self._classes(variables), self._held_by_classes()
        surface, direction = self._hosts_at_surface(), self.hysteresis.direction
        return [
            slow * mean_of(letter, classes, held)
            + at_once * self.hosts.occupancy_of(letter, surface, direction)
            for letter in BOTH_HOSTS
        ]

    def _host_at_start(self, letter: str) -> Any:
        """Occupancy of host A or B in the equilibrium from which a run starts [-]."""
        assert self.hosts is not None
        start = self.structure.own(names.INITIAL_POTENTIAL)
        return self.hosts.occupancy_of(letter, start, self.hysteresis.at_start())

    def _at_surface(self, of: SizeClass) -> Any:
        """theta at the surface of a class: that of all, but for particles of one host among two."""
        if self.hosts is None or of.population == BOTH_HOSTS:
            return self._surface_occupancy
        direction = self.hysteresis.direction
        return self.hosts.occupancy_of(of.population, self._hosts_at_surface(), direction)

    def _hosts_at_surface(self) -> Any:
        """u_s of two hosts [V]."""
        assert self.hosts is not None
        return self.hosts.at_surface_of(self._surface_occupancy, self.hysteresis.direction)

    def _at_rest_of_hosts(self, surface: Any, of: SizeClass) -> Any:
        """Occupancy of a class without a field at the start: that of its own host at the starting potential [-]."""
        if self.hosts is None or of.population == BOTH_HOSTS:
            return surface
        start = self.structure.own(names.INITIAL_POTENTIAL)
        return self.hosts.occupancy_of(of.population, start, self.hysteresis.at_start())

    def _storing(self, variables: dict[str, Any]) -> Any:
        """Rate of the storage at the junctions [s-1]."""
        assert self._storage is not None
        return self._storage.rate(variables, self.starting_potential, self.phase_param.c_max)

    @property
    @abstractmethod
    def starting_potential(self) -> Any:
        """Open-circuit potential of the state from which a run starts, on its branch [V]."""

    @abstractmethod
    def _starting_classes(self) -> list[SizeClass]:
        """The classes at the start of a run."""

    @property
    def _surface_occupancy(self) -> Any:
        """theta_s [-]."""
        return self._c_surface / self.phase_param.c_max

    @property
    def _radius(self) -> Any:
        return pybamm.Parameter(self.electrode.named(names.RADIUS))

    @property
    def _starting_surface(self) -> Any:
        """theta_s of the equilibrium from which a run starts [-]."""
        return pybamm.Parameter(self.electrode.named(names.C_INIT)) / self.phase_param.c_max

    def _temperature(self, variables: dict[str, Any]) -> Any:
        """One number for the whole cell where it is isothermal, so that D is evaluated once."""
        if self.options["thermal"] == "isothermal":
            return pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        return variables[self.places.name(names.TEMPERATURE)]

    # --- what others read ----------------------------------------------------------------------

    @property
    @abstractmethod
    def follows_occupancy(self) -> bool:
        """Whether the particles have a field that depends on the mean occupancy (submodels.field_energy)."""

    @abstractmethod
    def mean_of_sites(self) -> Any:
        """Mean occupancy of all sites of a particle, those that follow its surface included [-]."""

    @abstractmethod
    def _others(self) -> dict[str, Any]:
        """Further variables of what is inside."""

    def get_fundamental_variables(self) -> dict[str, Any]:
        variables = self._get_standard_concentration_variables(*self._published())
        variables.update({c.name: c for c in self._c})
        variables.update(self._others())
        if self._storage is not None:
            variables[self._storage.stored.name] = self._storage.stored
        if self.hosts is not None:
            variables.update({state.name: state for state in self.hosts.states()})
        variables.update(self.hysteresis.variables())
        return variables

    def get_coupled_variables(self, variables: dict[str, Any]) -> dict[str, Any]:
        if self.hosts is not None:
            direction = self.hysteresis.direction
            variables.update(self.hosts.variables(direction, self._temperature(variables)))
        return variables

    @abstractmethod
    def _published(self) -> tuple[Any, Any, Any, Any, Any]:
        """Concentration inside, its means over the electrode, the particle and both, and at the surface."""

    def _stored_concentration(self) -> Any:
        """What the junctions hold beside the sites, of each particle [mol.m-3]."""
        assert self._storage is not None
        return self._storage.stored * self.phase_param.c_max


def mean_of(population: str, classes: list[SizeClass], values: list[Any]) -> Any:
    """Mean of a value of each class over the particles of one host, also where there are none of them."""
    parts = [
        (of.weight + _NO_PARTICLES, value)
        for of, value in zip(classes, values, strict=True)
        if of.population == population
    ]
    return sum(weight * value for weight, value in parts) / sum(weight for weight, _ in parts)
