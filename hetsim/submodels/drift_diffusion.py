"""Ions in particles with a built-in potential, as a PyBaMM particle submodel."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.constants import FARADAY
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.submodels.core_shell_hosts import CoreShellHosts
from hetsim.submodels.field_energy import FieldEnergy, Occupancies
from hetsim.submodels.host_equilibrium import HostEquilibrium
from hetsim.submodels.hysteresis import Hysteresis, between_branches
from hetsim.submodels.junction_storage import JunctionStorage
from hetsim.submodels.particle import ParticleStructure, SizeClass
from hetsim.submodels.places import ParticlePlaces
from hetsim.submodels.transport import Diffusivity, Transport

_ZERO = pybamm.Scalar(0)
_NO_PARTICLES = 1e-12
"""Share of a host that counts as none of it [-]."""


class DriftDiffusion(pybamm.particle.BaseParticle):
    """Ions on a lattice of sites in particles with a built-in potential.

    For each size class i on x = r/R_i, with theta = c/c_max and Phi = z F phi / (R T):

        d(theta)/dt = -div n / R_i^2
        n = -D [grad(theta) + theta (1 - theta) grad(Phi)]         submodels.transport
        n = 0 at x = 0,   n = -q_i at x = 1

    All classes and the share f that is filled at once have the surface occupancy theta_s, a state of
    its own. The flux q_i into class i is that of the same law over the last half volume, and what the
    electrode reaction brings is shared among all of them:

        f d(theta_s)/dt + (1 - f) sum_i w_i 3 q_i / R_i^2 = -3 j / (R F z c_max)

    so every ion that is passed is in the inventory to round-off, on any mesh. Without a fast share the
    line is algebraic. Runs start from the equilibrium profile whose surface concentration is "Initial
    concentration in positive electrode".

    The field may follow the state (submodels.field_energy). With `structure.storage` the junctions hold ions
    beside the sites (submodels.junction_storage), whose rate is taken from what arrives.

    The mesh is that of submodels.mesh: with a field it lies on a coordinate xi, and areas and volumes are
    those of x (submodels.places).

    Limits: phi = 0 is Fick's law; at rest mu is uniform on any mesh; theta stays in (0, 1). The field
    is taken at the ambient temperature. j [A.m-2] refers to the inner surface 3 eps/R of the median
    radius. theta [-], c [mol.m-3], D [m2.s-1], phi [V].
    """

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
        self.field = FieldEnergy(self.places)
        self._storage = JunctionStorage(self.places) if structure.storage else None
        self.hysteresis = Hysteresis(self.places)
        self.hosts = HostEquilibrium(self.places) if structure.sites else None
        self._two_hosts = (
            CoreShellHosts(self.places, self.hosts)
            if self.hosts is not None and structure.architecture.has_field
            else None
        )
        c_max = self.phase_param.c_max
        self._transport = Transport(self.places)
        # of two hosts one may have more sites per volume than the mean
        most = c_max if self._two_hosts is None else np.inf
        bounds = {"bounds": (0, most), "scale": c_max}
        self._c_surface = self.places.state_at_surface(names.SURFACE_CONCENTRATION, **bounds)
        self._c = [self.places.state_inside(name, **bounds) for name in self._class_names()]

    def _class_names(self) -> list[str]:
        name = self.places.name(names.PARTICLE_CONCENTRATION)
        if len(self.structure.weights()) == 1 and not self.structure.fast:
            return [name]
        return [names.in_class(name, i) for i in range(len(self.structure.weights()))]

    # --- equations -----------------------------------------------------------------------------

    def set_rhs(self, variables: dict[str, Any]) -> None:
        c_max, inflows = self.phase_param.c_max, self._inflows(variables)
        unshared = self._arriving(variables) - self._taken(variables, inflows)
        classes, diffusivities = self._classes(variables), self._diffusivities(variables)
        if not self.structure.fast:
            # zero but for the tolerance of the algebraic line: this makes the charge exact
            inflows = [
                q + unshared * one.radius**2 / 3 for q, one in zip(inflows, classes, strict=True)
            ]
        for c, size_class, q, diffusivity in zip(
            self._c, classes, inflows, diffusivities, strict=True
        ):
            n = self._inside(c / c_max, size_class, diffusivity, variables)
            n = self.places.per_face(n)
            self.boundary_conditions[n] = {"left": (_ZERO, "Neumann"), "right": (-q, "Neumann")}
            self.rhs[c] = -c_max * self.places.divergence(n) / size_class.radius**2
        if self.structure.fast:
            self.rhs[self._c_surface] = c_max * unshared / self.structure.fast_fraction()
        if self.hosts is not None:
            self.rhs.update(self.hosts.rates(self._arriving(variables)))
        filling = self._filling_rates(variables, classes, inflows, unshared)
        self.rhs.update(self.hysteresis.rates(filling))
        if self._storage is not None:
            self.rhs[self._storage.stored] = self._storing(variables)
        if self.field.follows_occupancy:
            self.rhs.update(self.field.constants())

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.field.follows_occupancy:
            self.algebraic.update(self.field.residual(self.now, self._cell_current(variables)))
        if self.hosts is not None:
            self.algebraic.update(
                self.hosts.residuals(
                    self.now.surface, self.hysteresis.direction, self._temperature(variables)
                )
            )
        if not self.structure.fast:
            unshared = self._arriving(variables) - self._taken(variables, self._inflows(variables))
            time = self._radius**2 / self.phase_param.D(
                self._c_surface, self._temperature(variables)
            )
            self.algebraic[self._c_surface] = unshared * time

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        c_max, surface = self.phase_param.c_max, self._starting_surface
        self.initial_conditions = {self._c_surface: surface * c_max}
        for c, size_class in zip(self._c, self.field.classes(self.field.at_start()), strict=True):
            self.initial_conditions[c] = c_max * self._at_start(surface, size_class)
        if self.hosts is not None:
            ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
            start = self.hysteresis.at_start()
            self.initial_conditions.update(self.hosts.initial_values(ambient, start))
        self.initial_conditions.update(self.hysteresis.initial_values())
        if self._storage is not None:
            self.initial_conditions[self._storage.stored] = _ZERO
        if self.field.follows_occupancy:
            self.initial_conditions.update(self.field.initial_values())

    def _at_start(self, surface: Any, of: SizeClass) -> Any:
        """Occupancy of a class in the equilibrium from which a run starts [-]."""
        if self._two_hosts is not None:
            start = self.structure.own(names.INITIAL_POTENTIAL)
            return self._two_hosts.at_rest(start, of, self.hysteresis.at_start())
        return surface if of.phi is None else equilibrium_occupancy(surface, of.phi)

    # --- what stands in them -------------------------------------------------------------------

    def _arriving(self, variables: dict[str, Any]) -> Any:
        """-3 j / (R F z c_max), less what the junctions store: occupancy of all sites per second."""
        j = variables[self.places.name(names.INTERFACIAL_CURRENT)]
        z, c_max = pybamm.Parameter(names.CHARGE_NUMBER), self.phase_param.c_max
        arriving = -3 * j / (self._radius * FARADAY * z * c_max)
        return arriving if self._storage is None else arriving - self._storing(variables)

    def _taken(self, variables: dict[str, Any], inflows: list[Any]) -> Any:
        """(1 - f) sum_i w_i 3 q_i / R_i^2 [s-1]."""
        slow = 1 - self.structure.fast_fraction()
        return sum(
            slow * size_class.weight * 3 * q / size_class.radius**2
            for size_class, q in zip(self._classes(variables), inflows, strict=True)
        )

    def _filling_rates(
        self, variables: dict[str, Any], classes: list[SizeClass], inflows: list[Any], unshared: Any
    ) -> tuple[Any, ...]:
        """d(theta)/dt of each host, or of the one lumped host [s-1].

        A lumped host takes all that arrives, and two hosts in one particle share it (laws.hysteresis). The hosts of
        a mixture, and core and shell, take what reaches their own volume and their part of the fast share, whose
        sites are at the potential of the surface.
        """
        arriving = self._arriving(variables)
        if self.hosts is None:
            return (arriving,)
        if self.hosts.share_a_particle:
            return self.hosts.filling_rates(arriving, self.hysteresis)
        if self._two_hosts is not None:
            slow = self._two_hosts.filling_rates(
                [self.rhs[c] / self.phase_param.c_max for c in self._c]
            )
        else:
            taken = [3 * q / of.radius**2 for of, q in zip(classes, inflows, strict=True)]
            slow = tuple(_mean_of(letter, classes, taken) for letter in BOTH_HOSTS)
        if not self.structure.fast:
            return slow
        share = self.structure.fast_fraction()
        fast = self.hosts.filling_rates(unshared, self.hysteresis, self.hosts.at_surface)
        return tuple((1 - share) * one + other for one, other in zip(slow, fast, strict=True))

    def _inflows(self, variables: dict[str, Any]) -> list[Any]:
        """q_i of each class [m2.s-1]."""
        classes, diffusivities = self._classes(variables), self._diffusivities(variables)
        if self._two_hosts is not None:
            surface, temperature = self._hosts_at_surface(), self._temperature(variables)
            return [
                self._two_hosts.inflow(theta, surface, of, self.hysteresis.direction, temperature)
                for theta, of in zip(self.now.classes, classes, strict=True)
            ]
        return [
            self._transport.inflow(theta, self._at_surface(of), of, diffusivity)
            for theta, of, diffusivity in zip(self.now.classes, classes, diffusivities, strict=True)
        ]

    def _inside(
        self, theta: Any, of: SizeClass, diffusivity: Diffusivity, variables: dict[str, Any]
    ) -> Any:
        """n of a class on every face [m2.s-1]."""
        if self._two_hosts is None:
            return self._transport.inside(theta, of, diffusivity)
        temperature = self._temperature(variables)
        return self._two_hosts.inside(theta, of, self.hysteresis.direction, temperature)

    def _at_surface(self, of: SizeClass) -> Any:
        """theta at the surface of a class: that of all, but for particles of one host among two."""
        if self.hosts is None or of.population == BOTH_HOSTS:
            return self.now.surface
        direction = self.hysteresis.direction
        return self.hosts.surface_occupancy(of, self._hosts_at_surface(), direction)

    def _hosts_at_surface(self) -> Any:
        """u_s of two hosts [V]."""
        assert self.hosts is not None
        return self.hosts.at_surface_of(self.now.surface, self.hysteresis.direction)

    def _diffusivities(self, variables: dict[str, Any]) -> list[Diffusivity]:
        """D of each class [m2.s-1], a function of the occupancy and of where it is."""
        temperature, c_max = self._temperature(variables), self.phase_param.c_max
        if self.hosts is None:

            def lumped(theta: Any, where: Callable[[Any], Any]) -> Any:
                return self.phase_param.D(theta * c_max, where(temperature))

            return [lumped] * len(self._c)
        found = [self.hosts.diffusivity(of, temperature) for of in self._classes(variables)]
        return [_everywhere(one) for one in found]

    def _classes(self, variables: dict[str, Any]) -> list[SizeClass]:
        """The size classes with their potentials of this moment."""
        return self.field.classes(self.field.amplitude(self.now, self._cell_current(variables)))

    @cached_property
    def now(self) -> Occupancies:
        """theta of each class and at the surface."""
        c_max = self.phase_param.c_max
        return Occupancies([c / c_max for c in self._c], self._c_surface / c_max)

    def _storing(self, variables: dict[str, Any]) -> Any:
        """Rate of the storage at the junctions [s-1]."""
        assert self._storage is not None
        surface, classes = self._starting_surface, self.field.classes(self.field.at_start())
        mean = surface
        if self.structure.architecture.has_field:
            filled = [equilibrium_occupancy(surface, size_class.phi) for size_class in classes]
            mean = self.structure.average(filled, surface)
        ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        start = between_branches(self.phase_param, mean, ambient, self.hysteresis.at_start())
        return self._storage.rate(variables, start, self.phase_param.c_max)

    @property
    def _radius(self) -> Any:
        return pybamm.Parameter(self.electrode.named(names.RADIUS))

    @property
    def _starting_surface(self) -> Any:
        """theta_s of the equilibrium from which a run starts [-]."""
        return pybamm.Parameter(self.electrode.named(names.C_INIT)) / self.phase_param.c_max

    def _cell_current(self, variables: dict[str, Any]) -> Any:
        return variables[names.TOTAL_CURRENT_DENSITY]

    def _temperature(self, variables: dict[str, Any]) -> Any:
        """One number for the whole cell where it is isothermal, so that D is evaluated once."""
        if self.options["thermal"] == "isothermal":
            return pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        return variables[self.places.name(names.TEMPERATURE)]

    # --- what others read ----------------------------------------------------------------------

    def get_fundamental_variables(self) -> dict[str, Any]:
        variables = self._get_standard_concentration_variables(*self._published())
        variables.update({c.name: c for c in self._c})
        variables[self.electrode.named(names.PARTICLE_RADIUS)] = self.places.radius()
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

    def _published(self) -> tuple[Any, Any, Any, Any, Any]:
        """Concentration averaged over classes and the fast share, its means over the electrode, the
        particle and both, and at the surface."""
        weights = self.structure.weights()
        fast = self.structure.fast_fraction()
        c: Any = sum(w * one for w, one in zip(weights, self._c, strict=True))
        if self.structure.fast:
            c = (1 - fast) * c + fast * self.places.on_particle(self._c_surface)
        if self._storage is not None:
            c = c + self.places.on_particle(self._storage.stored * self.phase_param.c_max)
        surface: Any = self._c_surface
        if self.places.x_average:
            c = pybamm.SecondaryBroadcast(c, self.places.electrode)
            surface = pybamm.PrimaryBroadcast(surface, self.places.electrode)
        mean = self.structure.radial_mean
        return c, None, mean(c), mean(pybamm.x_average(c)), surface

    def mean_of_hosts(self) -> Any:
        """g(u_s): mean occupancy of both hosts in equilibrium with the surface, in the field [-]."""
        assert self.hosts is not None
        assert self._two_hosts is not None
        at_surface = self.hosts.at_surface
        classes = self.field.classes(self.field.at_rest(self.now))
        direction = self.hysteresis.direction
        inside = [self._two_hosts.at_rest(at_surface, of, direction) for of in classes]
        return self.structure.average(inside, self.now.surface)

    def equilibrium_mean(self, surface: Any) -> Any:
        """g(theta_s): mean occupancy in equilibrium with a surface in the field at rest [-]."""
        return self.structure.mean_occupancy(
            surface, self.field.classes(self.field.at_rest(self.now))
        )


def _everywhere(diffusivity: Any) -> Diffusivity:
    """One D for the whole of a particle."""
    return lambda _, where: where(diffusivity)


def _mean_of(population: str, classes: list[SizeClass], rates: list[Any]) -> Any:
    """Mean of a value of each size class over the particles of one host, of which there may be none."""
    parts = [
        (of.weight, rate)
        for of, rate in zip(classes, rates, strict=True)
        if of.population == population
    ]
    whole = np.maximum(sum(weight for weight, _ in parts), _NO_PARTICLES)
    return sum(weight * rate for weight, rate in parts) / whole
