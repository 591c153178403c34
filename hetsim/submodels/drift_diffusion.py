"""Ions in particles with a built-in potential, as a PyBaMM particle submodel."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import pybamm

from hetsim import names
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.submodels.core_shell_hosts import CoreShellHosts
from hetsim.submodels.field_energy import FieldEnergy, Occupancies
from hetsim.submodels.hysteresis import between_branches
from hetsim.submodels.particle import ParticleStructure, SizeClass
from hetsim.submodels.particle_balance import ParticleBalance
from hetsim.submodels.transport import Diffusivity, Transport

FASTEST = 1e-4
"""Shortest R^2/D that particles in volumes have [s]. What is left behind its surface by a shorter one is less than 1e-6
of its sites at 100C."""


class DriftDiffusion(ParticleBalance):
    """Ions on a lattice of sites in particles with a built-in potential.

    For each size class i on x = r/R_i, with theta = c/c_max and Phi = z F phi / (R T):

        d(theta)/dt = -div n / R_i^2
        n = -D [grad(theta) + theta (1 - theta) grad(Phi)]         submodels.transport
        n = 0 at x = 0,   n = -q_i at x = 1

    All classes and the share f that is filled at once have the surface occupancy theta_s, a state of
    its own. The flux q_i into class i is that of the same law over the last half volume, and what the
    electrode reaction brings is shared among all of them (submodels.particle_balance):

        f d(theta_s)/dt + (1 - f) sum_i w_i 3 q_i / R_i^2 = -3 j / (R F z c_max)

    on any mesh. Without a fast share the line is algebraic.

    The field may follow the state (submodels.field_energy). With `structure.storage` the junctions hold ions
    beside the sites, whose rate is taken from what arrives.

    The mesh is that of submodels.mesh: with a field it lies on a coordinate xi, and areas and volumes are
    those of x (submodels.places).

    Limits: phi = 0 is Fick's law; at rest mu is uniform on any mesh; theta stays in (0, 1). The field
    is taken at the ambient temperature. theta [-], c [mol.m-3], D [m2.s-1], phi [V].
    """

    def __init__(
        self,
        param: Any,
        options: Any,
        structure: ParticleStructure,
        x_average: bool,
        phase: str = "primary",
    ) -> None:
        super().__init__(param, options, structure, x_average, phase)
        self._has_state_at_once = structure.fast
        self.field = FieldEnergy(self.places)
        self._two_hosts = (
            CoreShellHosts(self.places, self.hosts)
            if self.hosts is not None and structure.architecture.has_field
            else None
        )
        self._transport = Transport(self.places)

    def _names_inside(self) -> list[str]:
        name = self.places.name(names.PARTICLE_CONCENTRATION)
        if len(self.structure.weights()) == 1 and not self.structure.fast:
            return [name]
        return [names.in_class(name, i) for i in range(len(self.structure.weights()))]

    # --- equations -----------------------------------------------------------------------------

    def _fill(self, variables: dict[str, Any], taken: list[Any], unshared: Any) -> tuple[Any, ...]:
        c_max, inflows = self.phase_param.c_max, self._inflows(variables)
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
            self.boundary_conditions[n] = {"left": (pybamm.Scalar(0), "Neumann")}
            self.boundary_conditions[n]["right"] = (-q, "Neumann")
            self.rhs[c] = -c_max * self.places.divergence(n) / size_class.radius**2
        if self.field.follows_occupancy:
            self.rhs.update(self.field.constants())
        if self._two_hosts is not None:
            return self._two_hosts.filling_rates([self.rhs[c] / c_max for c in self._c])
        return ()

    def _held_by_classes(self) -> list[Any]:
        return [self.structure.radial_mean(theta) for theta in self.now.classes]

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.field.follows_occupancy:
            self.algebraic.update(self.field.residual(self.now, self._cell_current(variables)))
        super().set_algebraic(variables)

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        super().set_initial_conditions(variables)
        if self.field.follows_occupancy:
            self.initial_conditions.update(self.field.initial_values())

    def _starting_classes(self) -> list[SizeClass]:
        return self.field.classes(self.field.at_start())

    def _at_start(self, surface: Any, of: SizeClass) -> Any:
        if self._two_hosts is not None:
            start = self.structure.own(names.INITIAL_POTENTIAL)
            return self._two_hosts.at_rest(start, of, self.hysteresis.at_start())
        if of.phi is None:
            return self._at_rest_of_hosts(surface, of)
        return equilibrium_occupancy(surface, of.phi)

    # --- what stands in them -------------------------------------------------------------------

    def _share_at_surface(self) -> Any:
        return self.structure.fast_fraction()

    def _taken_by_classes(self, variables: dict[str, Any]) -> list[Any]:
        """3 q_i / R_i^2 [s-1]."""
        return [
            3 * q / size_class.radius**2
            for size_class, q in zip(
                self._classes(variables), self._inflows(variables), strict=True
            )
        ]

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

    def _diffusivities(self, variables: dict[str, Any]) -> list[Diffusivity]:
        """D of each class [m2.s-1], a function of the occupancy and of where it is."""
        temperature, c_max = self._temperature(variables), self.phase_param.c_max
        if self.hosts is None:

            def lumped(theta: Any, where: Callable[[Any], Any]) -> Any:
                return self.phase_param.D(theta * c_max, where(temperature))

            return [_followed(lumped, of) for of in self._classes(variables)]
        found = [self.hosts.diffusivity(of, temperature) for of in self._classes(variables)]
        return [
            _followed(_everywhere(one), of)
            for one, of in zip(found, self._classes(variables), strict=True)
        ]

    def _classes(self, variables: dict[str, Any]) -> list[SizeClass]:
        """The size classes with their potentials of this moment."""
        return self.field.classes(self.field.amplitude(self.now, self._cell_current(variables)))

    @cached_property
    def now(self) -> Occupancies:
        """theta of each class and at the surface."""
        c_max = self.phase_param.c_max
        return Occupancies([c / c_max for c in self._c], self._surface_occupancy)

    @property
    def starting_potential(self) -> Any:
        if self.hosts is not None:
            return self.structure.own(names.INITIAL_POTENTIAL)
        surface, classes = self._starting_surface, self._starting_classes()
        mean = surface
        if self.structure.architecture.has_field:
            filled = [equilibrium_occupancy(surface, size_class.phi) for size_class in classes]
            mean = self.structure.average(filled, surface)
        ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        return between_branches(self.phase_param, mean, ambient, self.hysteresis.at_start())

    def _cell_current(self, variables: dict[str, Any]) -> Any:
        return variables[names.TOTAL_CURRENT_DENSITY]

    # --- what others read ----------------------------------------------------------------------

    @property
    def follows_occupancy(self) -> bool:
        return self.field.follows_occupancy

    def _others(self) -> dict[str, Any]:
        return {self.electrode.named(names.PARTICLE_RADIUS): self.places.radius()}

    def _published(self) -> tuple[Any, Any, Any, Any, Any]:
        """Concentration averaged over classes and the fast share, its means over the electrode, the
        particle and both, and at the surface."""
        weights = self.structure.weights()
        fast = self.structure.fast_fraction()
        c: Any = sum(w * one for w, one in zip(weights, self._c, strict=True))
        if self.structure.fast:
            c = (1 - fast) * c + fast * self.places.on_particle(self._c_surface)
        if self._storage is not None:
            c = c + self.places.on_particle(self._stored_concentration())
        surface: Any = self._c_surface
        if self.places.x_average:
            c = pybamm.SecondaryBroadcast(c, self.places.electrode)
            surface = pybamm.PrimaryBroadcast(surface, self.places.electrode)
        mean = self.structure.radial_mean
        return c, None, mean(c), mean(pybamm.x_average(c)), surface

    def mean_of_sites(self) -> Any:
        return self.structure.average(self.now.classes, self.now.surface)

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


def _followed(diffusivity: Diffusivity, of: SizeClass) -> Diffusivity:
    """No faster than a particle needs to follow its surface in FASTEST: beyond, round-off in its volumes would be all
    that a solver sees."""
    most = of.radius**2 / FASTEST
    return lambda theta, where: pybamm.minimum(diffusivity(theta, where), most)


def _everywhere(diffusivity: Any) -> Diffusivity:
    """One D for the whole of a particle."""
    return lambda _, where: where(diffusivity)
