"""Where the quantities of a particle stand: names, domains and coordinates of PyBaMM."""

from typing import Any

import pybamm

from hetsim import names
from hetsim.submodels.mesh import XI_J
from hetsim.submodels.particle import ParticleStructure

SMALLEST = 1e-12
"""A distance over the radius, or an occupancy, that counts as none [-]."""


class ParticlePlaces:
    """Names, domains and coordinates of the particles of an electrode.

    x_average : one particle stands for all of the electrode (SPM, SPMe), else one at each place (DFN)
    """

    def __init__(self, structure: ParticleStructure, x_average: bool) -> None:
        self.structure = structure
        self.x_average = x_average
        self.electrode = structure.electrode.named(names.ELECTRODE)
        self.particle = structure.electrode.named(names.PARTICLE)

    def name(self, name: str) -> str:
        """Name of a variable of this electrode."""
        name = self.structure.electrode.named(name)
        return names.x_averaged(name) if self.x_average else name

    def state_at_surface(self, name: str, **settings: Any) -> Any:
        """A state with one value for each particle; settings are those of pybamm.Variable."""
        return pybamm.Variable(self.name(name), **self._outside(), **settings)

    def state_inside(self, name: str, **settings: Any) -> Any:
        """A state along the radius; `name` is that of the variable."""
        return pybamm.Variable(name, **self._inside(), **settings)

    def everywhere(self, name: str, value: Any) -> dict[str, Any]:
        """The variables of a value of each particle: along the electrode and averaged over it.

        name : of that along the electrode
        """
        averaged = value if self.x_average else pybamm.x_average(value)
        along = pybamm.PrimaryBroadcast(value, self.electrode) if self.x_average else value
        return {name: along, names.x_averaged(name): averaged}

    def on_particle(self, value: Any) -> Any:
        """A value of each particle at every place inside it; a plain number stays as it is."""
        has_place = isinstance(value, pybamm.Symbol) and value.domain
        return pybamm.PrimaryBroadcast(value, self.particle) if has_place else value

    # --- coordinates ---------------------------------------------------------------------------

    def radius(self) -> Any:
        """x = r/R at the nodes."""
        xi = self._on_mesh(pybamm.SpatialVariable)
        return xi * self.structure.stretch(xi)

    def distance_of_neighbours(self) -> Any:
        """Between the two nodes beside each face, on x; 1 on the outer faces, which have one neighbour.

        There the flux between neighbours vanishes with any length; a tiny one would leave round-off
        where PyBaMM multiplies the constants out.
        """
        x = self.radius()
        apart = pybamm.downwind(x) - pybamm.upwind(x)
        return apart + (apart <= SMALLEST)

    def in_core(self) -> Any:
        """1 at the nodes inside the junction, 0 outside."""
        return self._on_mesh(pybamm.SpatialVariable) < XI_J

    def distances_of_junction(self) -> tuple[Any, Any]:
        """Of the junction from the nodes left and right of each face, on x; of use on its own face."""
        x, junction = self.radius(), self.structure.junction_radius()
        left, right = junction - pybamm.upwind(x), pybamm.downwind(x) - junction
        return abs(left) + SMALLEST, abs(right) + SMALLEST

    def per_face(self, flux: Any) -> Any:
        """A flux on the faces as it stands under the divergence: areas are those of x, the mesh is that of xi."""
        if not self.structure.architecture.has_field:
            return flux
        return self.structure.stretch(self._on_mesh(pybamm.SpatialVariableEdge)) ** 2 * flux

    def divergence(self, per_face: Any) -> Any:
        """(1/x^2) d(x^2 n)/dx of a flux n, given as `per_face(n)`."""
        divergence = pybamm.div(per_face)
        if not self.structure.architecture.has_field:
            return divergence
        return divergence / self.structure.stretched_volume(per_face.domains)

    # --- domains -------------------------------------------------------------------------------

    def _on_mesh(self, kind: Any) -> Any:
        coordinate = self.structure.electrode.named(names.PARTICLE_COORDINATE)
        return kind(coordinate, **self._inside(), coord_sys="spherical polar")

    def _outside(self) -> dict[str, Any]:
        if self.x_average:
            return {"domain": [names.COLLECTOR]}
        return {"domain": [self.electrode], "auxiliary_domains": {"secondary": names.COLLECTOR}}

    def _inside(self) -> dict[str, Any]:
        behind = (
            {"secondary": names.COLLECTOR}
            if self.x_average
            else {"secondary": self.electrode, "tertiary": names.COLLECTOR}
        )
        return {"domain": [self.particle], "auxiliary_domains": behind}
