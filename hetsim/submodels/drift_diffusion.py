"""Ions in particles with a built-in potential, as a PyBaMM particle submodel."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pybamm

from hetsim import names
from hetsim.architectures.fields import FieldLaw
from hetsim.constants import FARADAY
from hetsim.laws import fading
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.laws.transport import fick_flux, lattice_flux
from hetsim.submodels.particle import ParticleStructure, SizeClass

_ZERO = pybamm.Scalar(0)
_SMALLEST = 1e-12  # of the radius
_FLAT = 1e-100


class DriftDiffusion(pybamm.particle.BaseParticle):
    """Ions on a lattice of sites in particles with a built-in potential.

    For each size class i on x = r/R_i, with theta = c/c_max and Phi = z F phi / (R T):

        d(theta)/dt = -div n / R_i^2
        n = -D [grad(theta) + theta (1 - theta) grad(Phi)]         laws.transport.lattice_flux
        n = 0 at x = 0,   n = -q_i at x = 1

    All classes and the share f that is filled at once have the surface occupancy theta_s, a state of
    its own. The flux q_i into class i is that of the same law over the last half volume, and what the
    electrode reaction brings is shared among all of them:

        f d(theta_s)/dt + (1 - f) sum_i w_i 3 q_i / R_i^2 = -3 j / (R F z c_max)

    so every ion that is passed is in the inventory to round-off, on any mesh. Without a fast share the
    line is algebraic. Runs start from the equilibrium profile whose surface concentration is "Initial
    concentration in positive electrode".

    The field follows the state as `structure.architecture.field` says: phi is its amplitude times the
    potential of the architecture. With `structure.storage` the junctions hold ions beside the sites
    (job sharing; J. Maier, Nat. Mater. 4, 805 (2005), doi:10.1038/nmat1513), a capacitance C per
    junction area a_i in parallel with the sites and behind the electrode reaction,

        dq/dt = (q_eq - q) / t_C,     q_eq = C a_i (U_start - U) / (F z c_max)

    with U the open-circuit potential at the surface, the mean of the branches. q [-] counts in units
    of all sites, dq/dt is taken from what arrives, and q is part of the inventory. It relaxes towards
    lower free energy, so it creates none; t_C is the RC time of a junction.

    The mesh is that of submodels.mesh: with a field it lies on a coordinate xi, and areas and volumes are
    those of x.

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
        self._electrode = self.electrode.named(names.ELECTRODE)
        self._particle = self.electrode.named(names.PARTICLE)
        self._fading = structure.own(names.FADING)
        self.x_average = x_average

    # --- states ------------------------------------------------------------------------------

    def get_fundamental_variables(self) -> dict[str, Any]:
        c_max = self.phase_param.c_max
        surface_name = self._variable(names.SURFACE_CONCENTRATION)
        self._c_surface = pybamm.Variable(
            surface_name, **self._surface_domains(), bounds=(0, c_max), scale=c_max
        )
        self._c = [
            pybamm.Variable(name, **self._particle_domains(), bounds=(0, c_max), scale=c_max)
            for name in self._class_names()
        ]
        self._stored = self.at_surface(names.STORED_OCCUPANCY)
        self._amplitude = self.at_surface(names.FIELD_AMPLITUDE)
        self._levels = [self.at_surface(names.at_level(i)) for i in range(len(fading.LEVELS))]
        variables = self._get_standard_concentration_variables(*self._published())
        variables.update({c.name: c for c in self._c})
        variables[self.electrode.named(names.PARTICLE_RADIUS)] = self._radius()
        if self.structure.storage:
            variables[self._stored.name] = self._stored
        return variables

    def at_surface(self, name: str) -> Any:
        """A state that has one value for each particle."""
        return pybamm.Variable(self._variable(name), **self._surface_domains())

    def _class_names(self) -> list[str]:
        name = self._variable(names.PARTICLE_CONCENTRATION)
        if self.structure.classes == 1 and not self.structure.fast:
            return [name]
        return [names.in_class(name, i) for i in range(len(self.structure.weights()))]

    def _published(self) -> tuple[Any, Any, Any, Any, Any]:
        """Concentration averaged over classes and the fast share, its means over the electrode, the
        particle and both, and at the surface."""
        weights = self.structure.weights()
        fast = self.structure.fast_fraction()
        c: Any = sum(w * one for w, one in zip(weights, self._c, strict=True))
        if self.structure.fast:
            c = (1 - fast) * c + fast * pybamm.PrimaryBroadcast(self._c_surface, self._particle)
        if self.structure.storage:
            stored = self._stored * self.phase_param.c_max
            c = c + pybamm.PrimaryBroadcast(stored, self._particle)
        surface: Any = self._c_surface
        if self.x_average:
            c = pybamm.SecondaryBroadcast(c, self._electrode)
            surface = pybamm.PrimaryBroadcast(surface, self._electrode)
        mean = self.structure.radial_mean
        return c, None, mean(c), mean(pybamm.x_average(c)), surface

    # --- fluxes ------------------------------------------------------------------------------

    def get_coupled_variables(self, variables: dict[str, Any]) -> dict[str, Any]:
        c_max = self.phase_param.c_max
        self._current = variables[names.TOTAL_CURRENT_DENSITY]
        temperature = self._temperature(variables)
        j = variables[self._variable(names.INTERFACIAL_CURRENT)]
        z = pybamm.Parameter(names.CHARGE_NUMBER)
        radius = pybamm.Parameter(self.electrode.named(names.RADIUS))
        fast = self.structure.fast_fraction()
        theta_surface = self._c_surface / c_max

        arriving = -3 * j / (radius * FARADAY * z * c_max)  # occupancy of all sites per second
        if self.structure.storage:
            self._storing = self._filling_of_junctions(variables)
            arriving = arriving - self._storing
        classes = self._classes(self.amplitude())
        inflows = [
            self._inflow(c / c_max, theta_surface, one, temperature)
            for c, one in zip(self._c, classes, strict=True)
        ]
        taken = sum(
            (1 - fast) * one.weight * 3 * inflow / one.radius**2
            for one, inflow in zip(classes, inflows, strict=True)
        )
        self._unshared = arriving - taken
        self._time = radius**2 / self.phase_param.D(self._c_surface, temperature)
        self._rates: dict[Any, Any] = {}
        self._edges: dict[Any, Any] = {}
        for c, one, inflow in zip(self._c, classes, inflows, strict=True):
            if not self.structure.fast:
                # zero but for the tolerance of the algebraic line: this makes the charge exact
                inflow = inflow + self._unshared * one.radius**2 / 3
            self._rates[c] = c_max * self._filling(c / c_max, inflow, one, temperature)
        return variables

    def _inflow(self, theta: Any, surface: Any, one: SizeClass, temperature: Any) -> Any:
        """q_i: flux over the half volume at the surface of the class, times R_i [m2.s-1]."""
        last = pybamm.surf(theta)
        distance = 1 - pybamm.surf(self._radius())
        diffusivity = self.phase_param.D(last * self.phase_param.c_max, temperature)
        if one.phi is None:
            return -fick_flux(last, surface, distance, diffusivity)
        return -lattice_flux(last, surface, -pybamm.surf(one.phi), distance, diffusivity)

    def _filling(self, theta: Any, inflow: Any, one: SizeClass, temperature: Any) -> Any:
        """-div n / R_i^2 [s-1]."""
        left, right = pybamm.upwind(theta), pybamm.downwind(theta)
        x = self._radius()
        # between the two neighbours of an outer face there is no distance and no flux: any length will
        # do, but a tiny one would leave round-off where PyBaMM multiplies the constants out
        apart = pybamm.downwind(x) - pybamm.upwind(x)
        distance = apart + (apart <= _SMALLEST)
        inside = (
            pybamm.PrimaryBroadcast(temperature, self._particle)
            if temperature.domain
            else temperature
        )
        diffusivity = self.phase_param.D((left + right) / 2 * self.phase_param.c_max, inside)
        if one.phi is None:
            flux = fick_flux(left, right, distance, diffusivity)
        else:
            delta_phi = pybamm.downwind(one.phi) - pybamm.upwind(one.phi)
            flux = lattice_flux(left, right, delta_phi, distance, diffusivity)
        flux = flux - self._at_surface(inflow)
        if not self.structure.architecture.has_field:
            return -pybamm.div(flux) / one.radius**2
        # areas and volumes are those of x, the mesh is that of xi
        area = self.structure.stretch(self._faces()) ** 2
        volume = self.structure.stretched_volume(theta.domains)
        return -pybamm.div(area * flux) / volume / one.radius**2

    def _at_surface(self, inflow: Any) -> Any:
        """The inflow on the outermost face and 0 on all others.

        PyBaMM imposes a value on a face through the gradient of a field: this one is flat in all
        digits, and each class has its own.
        """
        field = _FLAT * (1 + len(self._edges)) * self._coordinate()
        self._edges[field] = {"left": (_ZERO, "Neumann"), "right": (inflow, "Neumann")}
        return pybamm.grad(field)

    # --- field and storage -------------------------------------------------------------------

    def amplitude(self) -> Any:
        """Of the field, now [-]; a state where it follows the mean, whose expression is long."""
        return self._amplitude if self.follows_occupancy else self._amplitude_of(self._mean())

    def _amplitude_of(self, mean: Any) -> Any:
        inserting = self.electrode.inserts_on_discharge * self._current
        return self._field.amplitude(mean, inserting, self._fading)

    @property
    def follows_occupancy(self) -> bool:
        """Whether the field depends on the mean occupancy, so that its uniform term is needed."""
        return self._field.follows_occupancy

    def equilibrium_mean(self, surface: Any) -> Any:
        """g(theta_s): mean occupancy in equilibrium with a surface in the field at rest [-]."""
        # a field that follows the mean does so at rest and under current alike
        following = self.follows_occupancy
        at_rest = self._amplitude if following else self._field.at_rest(self._mean(), self._fading)
        return self.structure.mean_occupancy(surface, self._classes(at_rest))

    def uniform_term(self, potential: Callable[[Any], Any]) -> Any:
        """What an ion pays for changing the field of all others, U_el - U(g(theta_s)) [V].

        potential : U [V] of a mean occupancy on the particle.  The law is laws.fading; its steps are
        functions of their own, which PyBaMM takes whole.
        """
        c_max, amplitude = self.phase_param.c_max, self.amplitude()
        surface = pybamm.PrimaryBroadcast(_within(self._c_surface / c_max), self._particle)
        top = pybamm.PrimaryBroadcast(amplitude * self.structure.full_step(), self._particle)
        shares = [pybamm.PrimaryBroadcast(one, self._particle) for one in self._levels]
        of_class = []
        for c, one in zip(self._c, self._classes(amplitude), strict=True):
            ends = (_within(c / c_max), surface, one.phi)
            means = [_whole(fading.path_mean, k, *ends, top, *shares) for k in fading.PATH_NODES]
            kernels = [
                _whole(fading.path_kernel, k, *ends, one.shape, top, *shares)
                for k in fading.PATH_NODES
            ]
            of_class.append(fading.path_integral([potential(g) for g in means], kernels))
        return (
            -self._fading
            * self.structure.full_step()
            * self.structure.average(of_class, pybamm.Scalar(0))
        )

    @property
    def _field(self) -> FieldLaw:
        return self.structure.architecture.field

    def _mean(self) -> Any:
        """Mean occupancy of the sites, those at the surface included [-]."""
        c_max = self.phase_param.c_max
        return self.structure.average([c / c_max for c in self._c], self._c_surface / c_max)

    def _level_shares(self) -> list[Any]:
        """Share of all sites at each level of the potential [-]."""
        return [
            self.structure.average(
                [_whole(fading.level_share, i, one.shape) for one in self._classes()],
                fading.level_share(i, 0.0),
            )
            for i in range(len(fading.LEVELS))
        ]

    def _resting_amplitude(self) -> Any:
        """In the equilibrium from which a run starts, a number that the cell knows [-]."""
        if self.follows_occupancy:
            return self.structure.own(names.INITIAL_AMPLITUDE)
        return self._field.at_rest(_ZERO, self._fading)

    def _filling_of_junctions(self, variables: dict[str, Any]) -> Any:
        """dq/dt [s-1]."""
        z, c_max = pybamm.Parameter(names.CHARGE_NUMBER), self.phase_param.c_max
        area = self.structure.interface_area()
        fill = self.structure.own(names.INTERFACIAL_CAPACITY) * area / (FARADAY * z * c_max)
        potential = variables[self._variable(names.RELAXED_POTENTIAL)]
        stored = fill * (self._starting_potential() - potential)
        return (stored - self._stored) / self.structure.own(names.INTERFACIAL_TIME)

    def _starting_potential(self) -> Any:
        surface = pybamm.Parameter(self.electrode.named(names.C_INIT)) / self.phase_param.c_max
        classes = self._classes(self._resting_amplitude())
        mean = surface
        if self.structure.architecture.has_field:
            filled = [equilibrium_occupancy(surface, one.phi) for one in classes]
            mean = self.structure.average(filled, surface)
        return self.phase_param.U(mean, pybamm.Parameter(names.AMBIENT_TEMPERATURE))

    # --- equations ---------------------------------------------------------------------------

    def set_rhs(self, variables: dict[str, Any]) -> None:
        self.rhs = dict(self._rates)
        if self.structure.fast:
            c_max, fast = self.phase_param.c_max, self.structure.fast_fraction()
            self.rhs[self._c_surface] = c_max * self._unshared / fast
        if self.structure.storage:
            self.rhs[self._stored] = self._storing
        if self.follows_occupancy:
            self.rhs.update({one: _ZERO * one for one in self._levels})

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.follows_occupancy:
            self.algebraic[self._amplitude] = self._amplitude_of(self._mean()) - self._amplitude
        if not self.structure.fast:
            self.algebraic[self._c_surface] = self._unshared * self._time

    def set_boundary_conditions(self, variables: dict[str, Any]) -> None:
        self.boundary_conditions = self._edges

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        c_max = self.phase_param.c_max
        surface = pybamm.Parameter(self.electrode.named(names.C_INIT)) / c_max
        self.initial_conditions = {self._c_surface: surface * c_max}
        if self.structure.storage:
            self.initial_conditions[self._stored] = _ZERO
        if self.follows_occupancy:
            self.initial_conditions[self._amplitude] = self._resting_amplitude()
            shares = zip(self._levels, self._level_shares(), strict=True)
            self.initial_conditions.update(dict(shares))
        for c, one in zip(self._c, self._classes(self._resting_amplitude()), strict=True):
            theta = surface if one.phi is None else equilibrium_occupancy(surface, one.phi)
            self.initial_conditions[c] = theta * c_max

    def _temperature(self, variables: dict[str, Any]) -> Any:
        """One number for the whole cell where it is isothermal, so that D is evaluated once."""
        if self.options["thermal"] == "isothermal":
            return pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        return variables[self._variable(names.TEMPERATURE)]

    # --- domains and names -------------------------------------------------------------------

    def _variable(self, name: str) -> str:
        name = self.electrode.named(name)
        return names.x_averaged(name) if self.x_average else name

    def _surface_domains(self) -> dict[str, Any]:
        if self.x_average:
            return {"domain": [names.COLLECTOR]}
        return {"domain": [self._electrode], "auxiliary_domains": {"secondary": names.COLLECTOR}}

    def _particle_domains(self) -> dict[str, Any]:
        behind = (
            {"secondary": names.COLLECTOR}
            if self.x_average
            else {"secondary": self._electrode, "tertiary": names.COLLECTOR}
        )
        return {"domain": [self._particle], "auxiliary_domains": behind}

    def _radius(self) -> Any:
        """x = r/R at the nodes."""
        xi = self._coordinate()
        return xi * self.structure.stretch(xi)

    def _coordinate(self) -> Any:
        """xi of submodels.mesh at the nodes, which is x where there is no field."""
        return self._on_mesh(pybamm.SpatialVariable)

    def _faces(self) -> Any:
        """xi on the faces."""
        return self._on_mesh(pybamm.SpatialVariableEdge)

    def _on_mesh(self, kind: Any) -> Any:
        name = self.electrode.named(names.PARTICLE_COORDINATE)
        return kind(name, **self._particle_domains(), coord_sys="spherical polar")

    def _classes(self, amplitude: Any = 1) -> list[SizeClass]:
        return self.structure.size_classes(self._radius(), self._inside(amplitude))

    def _inside(self, amplitude: Any) -> Any:
        """On the particle, where it depends on the place in the electrode."""
        has_place = isinstance(amplitude, pybamm.Symbol) and amplitude.domain
        return pybamm.PrimaryBroadcast(amplitude, self._particle) if has_place else amplitude


def _within(theta: Any) -> Any:
    """Inside (0, 1), which a step of the solver that is then refused may leave."""
    return pybamm.maximum(pybamm.minimum(theta, 1 - _SMALLEST), _SMALLEST)


def _whole(law: Callable[..., Any], index: int, *arguments: Any) -> Any:
    """One node of the expression tree for a law of a numbered level or node of the path."""
    return pybamm.Function(partial(law, index), *arguments, name=f"{law.__name__} {index}")
