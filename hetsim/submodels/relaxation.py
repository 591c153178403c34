"""Ions in particles without a field as relaxation modes, as a PyBaMM particle submodel."""

from functools import cached_property
from typing import Any

import numpy as np
import pybamm
from numpy.typing import NDArray

from hetsim import names
from hetsim.errors import ParameterError
from hetsim.laws.relaxation_modes import exponential_of_series, mode_series, relaxation_rate
from hetsim.submodels.hysteresis import between_branches
from hetsim.submodels.particle import SizeClass
from hetsim.submodels.particle_balance import ParticleBalance


class RelaxationModes(ParticleBalance):
    """Ions in particles without a radial field, whose diffusivity does not depend on the place in a particle.

    Diffusion is then linear, and all size classes together are a few modes (laws.relaxation_modes) of the spread
    sigma of ln(R^2/D):

        theta_mean = f theta_s + (1 - f) [c_0 theta_s + sum_k c_k m_k],     dm_k/dt = (theta_s - m_k) D / (R^2 t_k)
        [f + (1 - f) c_0] d(theta_s)/dt = -3 j / (R F z c_max) - (1 - f) sum_k c_k dm_k/dt

    t_k and c_k are expressions of "Diffusion time spread", which is a value like any other; so is "Fast fraction", 0
    included. Of two hosts that share a particle D is that of the moment (submodels.host_equilibrium), and
    the hosts of a mixture have modes of their own, with theta_s and D of their own.

    Limits: exact but for the modes: capacities at constant current within 1e-5 of the full one
    (laws.relaxation_modes); a diffusion time is 0.01 s at least (`relaxation_rate`). There are no profiles along the
    radius. m [-], t in units of R^2/D.
    """

    _has_state_at_once = True

    def _names_inside(self) -> list[str]:
        name = self.places.name(names.PARTICLE_CONCENTRATION)
        populations = self.structure.architecture.populations
        if len(populations) == 1:
            return [name]
        return [names.in_class(name, i) for i in range(len(populations))]

    @cached_property
    def _modes(self) -> "ModeSymbols":
        spread = self.structure.own(names.TIME_SPREAD)
        if self.structure.classes == 1:
            spread = pybamm.Scalar(0)
        return ModeSymbols(self.places.particle, spread)

    # --- equations -----------------------------------------------------------------------------

    def _rates(self, variables: dict[str, Any]) -> list[Any]:
        """dm_k/dt of each class [s-1]."""
        times = self._modes.times
        rates = []
        for of, c, diffusivity in zip(
            self._classes(variables), self._c, self._diffusivities(variables), strict=True
        ):
            behind = self.places.on_particle(self._at_surface(of)) - c / self.phase_param.c_max
            per_time = self.places.on_particle(relaxation_rate(diffusivity, self._radius))
            rates.append(behind * per_time / self._everywhere(times))
        return rates

    def _taken_by_classes(self, variables: dict[str, Any]) -> list[Any]:
        """sum_k c_k dm_k/dt [s-1]."""
        return [self._sum(rate) for rate in self._rates(variables)]

    def _fill(self, variables: dict[str, Any], taken: list[Any], unshared: Any) -> tuple[Any, ...]:
        for c, rate in zip(self._c, self._rates(variables), strict=True):
            self.rhs[c] = self.phase_param.c_max * rate
        return ()

    def _held_by_classes(self) -> list[Any]:
        """sum_k c_k m_k [-]."""
        return [self._sum(c / self.phase_param.c_max) for c in self._c]

    def _starting_classes(self) -> list[SizeClass]:
        return self._classes({})

    def _at_start(self, surface: Any, of: SizeClass) -> Any:
        return self._at_rest_of_hosts(surface, of)

    # --- what stands in them -------------------------------------------------------------------

    def _classes(self, variables: dict[str, Any]) -> list[SizeClass]:
        """One of each population: a mixture has two."""
        structure = self.structure
        populations = structure.architecture.populations
        shares: list[Any] = [1.0]
        if len(populations) > 1:
            shares = [structure.hosts.population_share(one) for one in populations]
        return [
            SizeClass(share, self._radius, None, None, population)
            for share, population in zip(shares, populations, strict=True)
        ]

    def _diffusivities(self, variables: dict[str, Any]) -> list[Any]:
        """D of each class [m2.s-1]."""
        temperature = self._temperature(variables)
        if self.hosts is not None:
            return [self.hosts.diffusivity(of, temperature) for of in self._classes(variables)]
        nowhere = Nowhere("occupancy", self.electrode.named(names.DIFFUSIVITY))
        return [self.phase_param.D(nowhere * self.phase_param.c_max, temperature)]

    def _share_at_surface(self) -> Any:
        fast = self.structure.fast_fraction()
        return fast + (1 - fast) * self._modes.at_once

    def _sum(self, field: Any) -> Any:
        """sum_k c_k of a field on the modes."""
        return self._modes.total(self._everywhere(self._modes.shares) * field)

    def _everywhere(self, constants: Any) -> Any:
        """What belongs to the modes of one particle, for the particles at all places of the electrode."""
        if self.places.x_average:
            return pybamm.SecondaryBroadcast(constants, names.COLLECTOR)
        through = pybamm.SecondaryBroadcast(constants, self.places.electrode)
        return pybamm.TertiaryBroadcast(through, names.COLLECTOR)

    @property
    def starting_potential(self) -> Any:
        if self.hosts is not None:
            return self.structure.own(names.INITIAL_POTENTIAL)
        ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
        start = self.hysteresis.at_start()
        return between_branches(self.phase_param, self._starting_surface, ambient, start)

    # --- what others read ----------------------------------------------------------------------

    @property
    def follows_occupancy(self) -> bool:
        return False

    def mean_of_sites(self) -> Any:
        at_surface = self._share_at_surface()
        slow = 1 - self.structure.fast_fraction()
        weights = [of.weight for of in self._classes({})]
        inside = sum(w * self._sum(c) for w, c in zip(weights, self._c, strict=True))
        return (slow * inside + at_surface * self._c_surface) / self.phase_param.c_max

    def equilibrium_mean(self, surface: Any) -> Any:
        """g(theta_s): mean occupancy in equilibrium with a surface, without a field the same [-]."""
        return surface

    def _others(self) -> dict[str, Any]:
        return {}

    def _published(self) -> tuple[Any, Any, Any, Any, Any]:
        """Concentrations of the modes averaged over hosts, their means over the electrode, the particle and both, and
        at the surface."""
        weights = [of.weight for of in self._classes({})]
        c: Any = sum(w * one for w, one in zip(weights, self._c, strict=True))
        mean: Any = self.mean_of_sites() * self.phase_param.c_max
        if self._storage is not None:
            mean = mean + self._stored_concentration()
        surface: Any = self._c_surface
        whole = pybamm.x_average(mean)
        if self.places.x_average:
            whole = mean
            c = pybamm.SecondaryBroadcast(c, self.places.electrode)
            mean = pybamm.PrimaryBroadcast(mean, self.places.electrode)
            surface = pybamm.PrimaryBroadcast(surface, self.places.electrode)
        return c, None, mean, whole, surface


class ModeSymbols:
    """Times, shares and sums of the modes of a particle as expressions of the spread.

    particle : PyBaMM's domain, whose nodes are the modes
    spread : sigma, 0 to 4 [-]
    """

    def __init__(self, particle: str, spread: Any) -> None:
        self._particle, self._spread = particle, spread
        series = mode_series()
        self.times = self._of_spread("relaxation times", series.log_times)
        ratios = self._of_spread("shares of modes over that at once", series.log_ratios)
        self.at_once = 1 / (1 + self.total(ratios))
        self.shares = ratios * pybamm.PrimaryBroadcast(self.at_once, particle)

    def total(self, field: Any) -> Any:
        """Sum of a field over the modes."""
        modes = pybamm.SpatialVariable("mode", domains=field.domains, coord_sys="cartesian")
        return pybamm.Integral(field, modes)

    def _of_spread(self, name: str, coefficients: NDArray[np.float64]) -> Any:
        """One node of PyBaMM's tree, which has hundreds of times as many of its steps."""
        constants = [
            ModeConstants(f"{name}, order {order}", row, self._particle)
            for order, row in enumerate(coefficients)
        ]
        return pybamm.Function(exponential_of_series, self._spread, *constants, name=name)


class ModeConstants(pybamm.SpatialVariable):
    """One number for each mode of a particle."""

    __slots__ = ("values",)

    def __init__(self, name: str, values: NDArray[np.float64], particle: str) -> None:
        self.values = values
        super().__init__(name, domain=[particle], coord_sys="cartesian")

    def create_copy(self, new_children: Any = None, perform_simplifications: bool = True) -> Any:
        """The node itself, without a copy: nothing of it can be edited."""
        return self


class ModeMethod(pybamm.FiniteVolume):
    """PyBaMM's spatial method for a domain whose nodes are modes: `ModeConstants` become vectors of numbers."""

    def spatial_variable(self, symbol: Any) -> Any:
        """The numbers of the modes; places have no meaning."""
        if not isinstance(symbol, ModeConstants):
            return super().spatial_variable(symbol)
        nodes = self.mesh[symbol.domain].npts
        if nodes != len(symbol.values):
            raise ParameterError(
                f"The {symbol.domain[0]} has {nodes} nodes where {len(symbol.values)} relaxation modes stand; leave "
                "'var_pts' of particles out, or ask for volumes: ParticleStructure(in_volumes=True)."
            )
        return pybamm.Vector(symbol.values, domains=symbol.domains)


class ModeSubMesh(pybamm.Uniform1DSubMesh):
    """A mode a node, each of length 1, so that an integral is a sum."""

    def __init__(self, lims: Any, npts: Any) -> None:
        variable, _, tabs = self.read_lims(lims)
        pybamm.SubMesh1D.__init__(
            self, np.arange(npts[variable.name] + 1.0), coord_sys="cartesian", tabs=tabs
        )


class Nowhere(pybamm.Symbol):
    """Stands for the occupancy where a law must not depend on it; a law that does cannot be evaluated.

    parameter : whose law it is
    """

    __slots__ = ("parameter",)

    def __init__(self, name: str, parameter: str) -> None:
        self.parameter = parameter
        super().__init__(name)

    def create_copy(self, new_children: Any = None, perform_simplifications: bool = True) -> Any:
        """The node itself, without a copy: nothing of it can be edited."""
        return self

    def _evaluate_for_shape(self) -> Any:
        return np.nan

    def _to_casadi(self, t: Any, y: Any, y_dot: Any, inputs: Any, casadi_symbols: Any) -> Any:
        raise self._error()

    def _base_evaluate(
        self, t: Any = None, y: Any = None, y_dot: Any = None, inputs: Any = None
    ) -> Any:
        raise self._error()

    def _error(self) -> ParameterError:
        return ParameterError(
            f"'{self.parameter}' depends on the occupancy, which relaxation modes cannot follow; ask for volumes: "
            "ParticleStructure(in_volumes=True)."
        )
