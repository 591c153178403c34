"""What a particle is made of: its architecture, its size classes and what is stored at once.

The particle is described on the fixed coordinate x = r/R, so that its radius, the Debye lengths and the
spread of sizes are numbers of a built model and not part of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim import names
from hetsim.architectures import Architecture, Dispersed
from hetsim.architectures.composite import Composite
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.late import late
from hetsim.laws.diffusion_spread import normal_rule
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.laws.relaxation_modes import mode_series
from hetsim.submodels.ageing import Ageing
from hetsim.submodels.electrode_names import renamed
from hetsim.submodels.mesh import Edges, particle_edges, stretch, volume_count

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")

_DISPERSED = Dispersed()
_NO_AGEING = Ageing()


@dataclass(frozen=True)
class SizeClass:
    """One class: its share of the slow capacity, radius [m], and the shape phi / V_bi of its potential
    and the potential [RT/zF] at the amplitude that was asked for, both None without a field; and which hosts
    its particles are made of."""

    weight: Any
    radius: Any
    phi: Any | None
    shape: Any | None
    population: str = BOTH_HOSTS


@dataclass(frozen=True)
class ParticleStructure:
    """All that changes the equations of a particle; everything else is a parameter.

    architecture : Dispersed(), CoreShell(), StackedParallel() or StackedSeries()
    classes : size classes of the log-normal spread of diffusion times, 1 for one size; those that would
        hold less than 1e-4 of the capacity are left out (laws.diffusion_spread.normal_rule)
    fast : whether a share of the capacity ("Fast fraction") is filled at once
    storage : whether the junctions store ions beside the sites ("Interfacial capacity [F.m-2]")
    electrode : whose particle it is; the parameters are those of this electrode
    ageing : what is lost or grows with charge or time; nothing by default
    sites : kinds of sites of the hosts A and B; None for one lumped host with an open-circuit curve
    in_volumes : whether the particles are divided along their radius also where relaxation modes would do:
        for profiles, and for a diffusivity that depends on the occupancy
    """

    architecture: Architecture = _DISPERSED
    classes: int = 1
    fast: bool = False
    storage: bool = False
    electrode: names.Electrode = field(default=names.WORKING, repr=False)
    ageing: Ageing = _NO_AGEING
    sites: tuple[int, int] | None = None
    in_volumes: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.classes <= 40:
            raise ValueError(f"The number of size classes is {self.classes}; allowed: 1 to 40.")

    @property
    def has_modes(self) -> bool:
        """Whether relaxation modes (submodels.relaxation) stand for the inside of the particles, and not volumes.

        Without a radial field diffusion is linear, for no diffusivity of hetsim depends on the place in a particle.
        """
        return not (self.in_volumes or self.architecture.has_field)

    @property
    def nodes(self) -> int:
        """How many nodes the inside of a particle has, modes or volumes."""
        return mode_series().count if self.has_modes else self.volumes

    @property
    def volumes(self) -> int:
        """How many volumes each particle has unless told otherwise."""
        count = volume_count(self.architecture.has_field, self.classes)
        # a shell of another diffusivity than the core has a front of its own at the surface
        return count * 3 // 2 if self.architecture.has_field and self.sites else count

    @property
    def edges(self) -> Callable[[int], Edges]:
        """The law of the edges of these volumes, a function of their number (submodels.mesh)."""
        return particle_edges(self.architecture.has_field)

    def stretch(self, xi: Any) -> Any:
        """x / xi on the coordinate of the mesh: 1 without a field, else what lays the junction on its face."""
        if not self.architecture.has_field:
            return 1
        return stretch(xi, self.junction_radius())

    def stretched_volume(self, domains: Any) -> Any:
        """Size of each volume on x over that on xi, for a field on these domains of the particle [-]."""
        xi = pybamm.SpatialVariableEdge(
            self.electrode.named(names.PARTICLE_COORDINATE),
            domains=domains,
            coord_sys="spherical polar",
        )
        # div of (x^3 / 3 xi^2) over a volume, (x^3 of one face - that of the other) / (those of xi)
        return pybamm.div(self.stretch(xi) ** 3 * xi / 3)

    def radial_mean(self, field: Any) -> Any:
        """Mean of a field on the particle over its volume."""
        if not self.architecture.has_field:
            return pybamm.r_average(field)
        return pybamm.r_average(self.stretched_volume(field.domains) * field)

    def volume_shares(self) -> Any:
        """Share of each volume in that of the particle, one number a node, the same in all particles [-]."""
        particle = self.electrode.named(names.PARTICLE)
        xi = pybamm.SpatialVariable(
            self.electrode.named(names.PARTICLE_COORDINATE),
            domain=[particle],
            coord_sys="spherical polar",
        )
        volumes = pybamm.DefiniteIntegralVector(xi, vector_type="column") / (4 * np.pi / 3)
        return volumes * self.stretched_volume(xi.domains)

    def of(self, electrode: names.Electrode) -> "ParticleStructure":
        """The same structure in another electrode."""
        return replace(self, electrode=electrode)

    def size_classes(self, x: Any, amplitude: Any = 1) -> list[SizeClass]:
        """The classes on the coordinate x = r/R of the particle domain, at an amplitude of the field.

        ln(R_i^2/D) is normal with the standard deviation "Diffusion time spread"; nodes and weights
        are those of laws.diffusion_spread.normal_rule.
        """
        nodes, _ = normal_rule(self.classes)
        median = pybamm.Parameter(self.electrode.named(names.RADIUS))
        spread = self.own(names.TIME_SPREAD)
        radii = [
            median if self.classes == 1 else median * np.exp(spread * float(node) / 2)
            for node in nodes
        ]
        populations = self.architecture.populations
        places = [(population, radius) for population in populations for radius in radii]
        return [
            self._size_class(weight, radius, x, amplitude, population)
            for weight, (population, radius) in zip(self.weights(), places, strict=True)
        ]

    def weights(self) -> list[Any]:
        """Share of the slow capacity in each class [-], those of one population after those of another."""
        of_size = [float(one) for one in normal_rule(self.classes)[1]]
        populations = self.architecture.populations
        if len(populations) == 1:
            return of_size
        shares = [self.hosts.population_share(population) for population in populations]
        return [share * weight for share in shares for weight in of_size]

    @cached_property
    def hosts(self) -> Composite:
        """The laws of both hosts, in the parameters of this electrode."""
        assert self.sites is not None
        return Composite(self.architecture, self.sites, self.own)

    def _size_class(
        self, weight: Any, radius: Any, x: Any, amplitude: Any, population: str
    ) -> SizeClass:
        if not self.architecture.has_field:
            return SizeClass(weight, radius, None, None, population)
        # one node of PyBaMM's tree, which it walks many times, instead of some hundred
        law = self.architecture.shape(x, radius, pybamm.Parameter, apply=pybamm.Function)
        shape = renamed(law, self.electrode)
        return SizeClass(weight, radius, amplitude * self.full_step() * shape, shape)

    def interface_area(self) -> Any:
        """Area of the junctions per volume of the particle [m-1]."""
        return renamed(self.architecture.interface_area(pybamm.Parameter), self.electrode)

    def own(self, name: str) -> Any:
        """hetsim's parameter of this electrode."""
        return pybamm.Parameter(self.electrode.own(name))

    def junction_radius(self) -> Any:
        """r_j/R of a core-shell particle [-]."""
        return renamed(self.architecture.junction_radius(pybamm.Parameter), self.electrode)

    def shape_at_junction(self, radius: Any) -> Any:
        """phi / V_bi at the junction of a particle of a radius [m] [-]."""
        law = self.architecture.shape(
            self.architecture.junction_radius(pybamm.Parameter),
            radius,
            pybamm.Parameter,
            apply=pybamm.Function,
        )
        return renamed(law, self.electrode)

    def slope_of_shape(self, x: Any, radius: Any) -> Any:
        """d(phi / V_bi)/dx at x = r/R of a particle of a radius [m] [-]."""
        law = self.architecture.slope(x, radius, pybamm.Parameter, apply=pybamm.Function)
        return renamed(law, self.electrode)

    def full_step(self) -> Any:
        """z V_bi / V_T: the built-in potential as an ion feels it, in units of RT [-]."""
        z = pybamm.Parameter(names.CHARGE_NUMBER)
        temperature = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        return self.own(names.BUILT_IN_POTENTIAL) * z * FARADAY / (GAS_CONSTANT * temperature)

    def average(self, of_class: list[Any], at_surface: Any) -> Any:
        """Mean over all sites: fields of the classes on their radius, and one value at the surface."""
        slow = sum(
            w * self.radial_mean(one) for w, one in zip(self.weights(), of_class, strict=True)
        )
        fast = self.fast_fraction()
        return (1 - fast) * slow + fast * at_surface

    def fast_fraction(self) -> Any:
        """Share f of the capacity that is filled at once [-]."""
        return self.own(names.FAST_FRACTION) if self.fast else pybamm.Scalar(0)

    def mean_occupancy(self, surface: Any, classes: list[SizeClass]) -> Any:
        """g(theta_s): mean occupancy in equilibrium with the surface, fast share included [-].

        surface : theta_s on any domain; the phi of the classes have the particle as primary domain
            and that domain behind it
        """
        if not self.architecture.has_field:
            return surface
        inside = pybamm.PrimaryBroadcast(surface, self.electrode.named(names.PARTICLE))
        return self.average(
            [equilibrium_occupancy(inside, size_class.phi) for size_class in classes], surface
        )


DEFAULT_STRUCTURE = ParticleStructure(classes=9, fast=True)
"""Nine size classes, of which seven hold enough to be simulated: within 0.1 % of capacity of the continuous
spread for a spread of 2."""
