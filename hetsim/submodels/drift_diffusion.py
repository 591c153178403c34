"""Ions in particles with a built-in potential, as a PyBaMM particle submodel."""

from typing import Any

import pybamm

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.laws.transport import fick_flux, lattice_flux
from hetsim.submodels.structure import ParticleStructure, SizeClass

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
        domain: str = "positive",
        phase: str = "primary",
    ) -> None:
        super().__init__(param, domain, options, phase)
        self.structure = structure
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
        variables = self._get_standard_concentration_variables(*self._published())
        variables.update({c.name: c for c in self._c})
        return variables

    def _class_names(self) -> list[str]:
        name = self._variable(names.PARTICLE_CONCENTRATION)
        if self.structure.classes == 1 and not self.structure.fast:
            return [name]
        return [names.in_class(name, i) for i in range(self.structure.classes)]

    def _published(self) -> tuple[Any, Any, None, None, Any]:
        """Concentration averaged over classes and the fast share, and at the surface."""
        weights = self._weights()
        fast = self.structure.fast_fraction()
        c: Any = sum(w * one for w, one in zip(weights, self._c, strict=True))
        if self.structure.fast:
            c = (1 - fast) * c + fast * pybamm.PrimaryBroadcast(self._c_surface, names.PARTICLE)
        surface: Any = self._c_surface
        if self.x_average:
            c = pybamm.SecondaryBroadcast(c, names.ELECTRODE)
            surface = pybamm.PrimaryBroadcast(surface, names.ELECTRODE)
        return c, None, None, None, surface

    # --- fluxes ------------------------------------------------------------------------------

    def get_coupled_variables(self, variables: dict[str, Any]) -> dict[str, Any]:
        c_max = self.phase_param.c_max
        temperature = self._temperature(variables)
        j = variables[self._variable(names.INTERFACIAL_CURRENT)]
        z = pybamm.Parameter(names.CHARGE_NUMBER)
        radius = pybamm.Parameter(names.RADIUS)
        fast = self.structure.fast_fraction()
        theta_surface = self._c_surface / c_max

        arriving = -3 * j / (radius * FARADAY * z * c_max)  # occupancy of all sites per second
        classes = self._classes()
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
        distance = 1 - pybamm.surf(self._coordinate())
        diffusivity = self.phase_param.D(last * self.phase_param.c_max, temperature)
        if one.phi is None:
            return -fick_flux(last, surface, distance, diffusivity)
        return -lattice_flux(last, surface, -pybamm.surf(one.phi), distance, diffusivity)

    def _filling(self, theta: Any, inflow: Any, one: SizeClass, temperature: Any) -> Any:
        """-div n / R_i^2 [s-1]."""
        left, right = pybamm.upwind(theta), pybamm.downwind(theta)
        x = self._coordinate()
        # between the two neighbours of an outer face there is no distance and no flux
        distance = pybamm.maximum(pybamm.downwind(x) - pybamm.upwind(x), _SMALLEST)
        inside = (
            pybamm.PrimaryBroadcast(temperature, names.PARTICLE)
            if temperature.domain
            else temperature
        )
        diffusivity = self.phase_param.D((left + right) / 2 * self.phase_param.c_max, inside)
        if one.phi is None:
            flux = fick_flux(left, right, distance, diffusivity)
        else:
            delta_phi = pybamm.downwind(one.phi) - pybamm.upwind(one.phi)
            flux = lattice_flux(left, right, delta_phi, distance, diffusivity)
        return -pybamm.div(flux - self._at_surface(inflow)) / one.radius**2

    def _at_surface(self, inflow: Any) -> Any:
        """The inflow on the outermost face and 0 on all others.

        PyBaMM imposes a value on a face through the gradient of a field: this one is flat in all
        digits, and each class has its own.
        """
        field = _FLAT * (1 + len(self._edges)) * self._coordinate()
        self._edges[field] = {"left": (_ZERO, "Neumann"), "right": (inflow, "Neumann")}
        return pybamm.grad(field)

    # --- equations ---------------------------------------------------------------------------

    def set_rhs(self, variables: dict[str, Any]) -> None:
        self.rhs = dict(self._rates)
        if self.structure.fast:
            c_max, fast = self.phase_param.c_max, self.structure.fast_fraction()
            self.rhs[self._c_surface] = c_max * self._unshared / fast

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if not self.structure.fast:
            self.algebraic = {self._c_surface: self._unshared * self._time}

    def set_boundary_conditions(self, variables: dict[str, Any]) -> None:
        self.boundary_conditions = self._edges

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        c_max = self.phase_param.c_max
        surface = pybamm.Parameter(names.C_INIT) / c_max
        self.initial_conditions = {self._c_surface: surface * c_max}
        for c, one in zip(self._c, self._classes(), strict=True):
            theta = surface if one.phi is None else equilibrium_occupancy(surface, one.phi)
            self.initial_conditions[c] = theta * c_max

    def _temperature(self, variables: dict[str, Any]) -> Any:
        """One number for the whole cell where it is isothermal, so that D is evaluated once."""
        if self.options["thermal"] == "isothermal":
            return pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        return variables[self._variable(names.TEMPERATURE)]

    # --- domains and names -------------------------------------------------------------------

    def _variable(self, name: str) -> str:
        return names.x_averaged(name) if self.x_average else name

    def _surface_domains(self) -> dict[str, Any]:
        if self.x_average:
            return {"domain": [names.COLLECTOR]}
        return {"domain": [names.ELECTRODE], "auxiliary_domains": {"secondary": names.COLLECTOR}}

    def _particle_domains(self) -> dict[str, Any]:
        behind = (
            {"secondary": names.COLLECTOR}
            if self.x_average
            else {"secondary": names.ELECTRODE, "tertiary": names.COLLECTOR}
        )
        return {"domain": [names.PARTICLE], "auxiliary_domains": behind}

    def _coordinate(self) -> Any:
        return pybamm.SpatialVariable(
            names.PARTICLE_COORDINATE, **self._particle_domains(), coord_sys="spherical polar"
        )

    def _classes(self) -> list[SizeClass]:
        return self.structure.size_classes(self._coordinate())

    def _weights(self) -> list[float]:
        return [one.weight for one in self.structure.size_classes(self._coordinate())]
