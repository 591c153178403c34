"""Ions in particles with a built-in potential, as a PyBaMM particle submodel."""

from functools import cached_property
from typing import Any

import pybamm

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.submodels.field_energy import FieldEnergy, Occupancies
from hetsim.submodels.junction_storage import JunctionStorage
from hetsim.submodels.particle import ParticleStructure, SizeClass
from hetsim.submodels.places import ParticlePlaces
from hetsim.submodels.transport import Transport

_ZERO = pybamm.Scalar(0)


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
        c_max = self.phase_param.c_max
        self._transport = Transport(
            self.places, lambda theta, temperature: self.phase_param.D(theta * c_max, temperature)
        )
        bounds = {"bounds": (0, c_max), "scale": c_max}
        self._c_surface = self.places.state_at_surface(names.SURFACE_CONCENTRATION, **bounds)
        self._c = [self.places.state_inside(name, **bounds) for name in self._class_names()]

    def _class_names(self) -> list[str]:
        name = self.places.name(names.PARTICLE_CONCENTRATION)
        if self.structure.classes == 1 and not self.structure.fast:
            return [name]
        return [names.in_class(name, i) for i in range(len(self.structure.weights()))]

    # --- equations -----------------------------------------------------------------------------

    def set_rhs(self, variables: dict[str, Any]) -> None:
        c_max, inflows = self.phase_param.c_max, self._inflows(variables)
        unshared = self._arriving(variables) - self._taken(variables, inflows)
        for c, size_class, q in zip(self._c, self._classes(variables), inflows, strict=True):
            if not self.structure.fast:
                # zero but for the tolerance of the algebraic line: this makes the charge exact
                q = q + unshared * size_class.radius**2 / 3
            n = self._transport.inside(c / c_max, size_class, self._temperature(variables))
            n = self.places.per_face(n)
            self.boundary_conditions[n] = {"left": (_ZERO, "Neumann"), "right": (-q, "Neumann")}
            self.rhs[c] = -c_max * self.places.divergence(n) / size_class.radius**2
        if self.structure.fast:
            self.rhs[self._c_surface] = c_max * unshared / self.structure.fast_fraction()
        if self._storage is not None:
            self.rhs[self._storage.stored] = self._storing(variables)
        if self.field.follows_occupancy:
            self.rhs.update(self.field.constants())

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.field.follows_occupancy:
            self.algebraic.update(self.field.residual(self.now, self._cell_current(variables)))
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
            theta = (
                surface
                if size_class.phi is None
                else equilibrium_occupancy(surface, size_class.phi)
            )
            self.initial_conditions[c] = theta * c_max
        if self._storage is not None:
            self.initial_conditions[self._storage.stored] = _ZERO
        if self.field.follows_occupancy:
            self.initial_conditions.update(self.field.initial_values())

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

    def _inflows(self, variables: dict[str, Any]) -> list[Any]:
        """q_i of each class [m2.s-1]."""
        temperature = self._temperature(variables)
        return [
            self._transport.inflow(theta, self.now.surface, size_class, temperature)
            for theta, size_class in zip(self.now.classes, self._classes(variables), strict=True)
        ]

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
        start = self.phase_param.U(mean, pybamm.Parameter(names.AMBIENT_TEMPERATURE))
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

    def equilibrium_mean(self, surface: Any) -> Any:
        """g(theta_s): mean occupancy in equilibrium with a surface in the field at rest [-]."""
        return self.structure.mean_occupancy(
            surface, self.field.classes(self.field.at_rest(self.now))
        )
