"""An electrode at rest: its open-circuit potentials, and the state from which a run starts."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures.composite import Composite
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.cells.equilibrium import EMPTY, FULL, occupancy_at_cut_off
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.laws.diffusion_spread import log_normal_classes
from hetsim.laws.electrode import capacity_densities
from hetsim.laws.isotherm import equilibrium_occupancy, plateau_staircase, surface_occupancy
from hetsim.laws.potential import core_shell_potential
from hetsim.laws.sloping_curve import sloping_potential
from hetsim.parameters.host_names import SLOPING_CURVE, is_sloping
from hetsim.parameters.values import ParameterNumbers
from hetsim.submodels import ParticleStructure
from hetsim.submodels.mesh import XI_J, placed

optimize = late("scipy.optimize")

DIRECTIONS = {"insertion": 1.0, "extraction": -1.0}
"""The branches of the hysteresis, as the laws count them (laws.hysteresis)."""


@dataclass(frozen=True)
class ElectrodeAtRest:
    """Equilibria of an electrode.

    Parameters
    ----------
    name : str
        Of the electrode, for messages
    values : ParameterNumbers
        All of them, by name
    structure : ParticleStructure
        Of its particles; the state at rest is that of the mesh that the models use
    hosts : Composite | None
        The two hosts of the particles; None for one lumped host
    """

    name: str
    values: ParameterNumbers
    structure: ParticleStructure
    hosts: Composite | None

    @cached_property
    def thermal_voltage(self) -> float:
        """V_T = RT/zF [V] at the ambient temperature."""
        return (
            self.values.number(names.AMBIENT_TEMPERATURE)
            * GAS_CONSTANT
            / FARADAY
            / self.values.number(names.CHARGE_NUMBER)
        )

    def open_circuit_potential(self, occupancy: Any, branch: str = "insertion") -> Any:
        """U [V] of the "insertion" or the "extraction" branch at a mean occupancy in (0, 1)."""
        if self.hosts is not None:
            return self.hosts.potential(occupancy, DIRECTIONS[branch])
        if is_sloping(self.values):
            return sloping_potential(occupancy, *map(self.values.number, SLOPING_CURVE))
        name = {"insertion": "Insertion", "extraction": "Extraction"}[branch]
        return plateau_staircase(
            occupancy,
            self.values.numbers(f"{name} plateau potentials [V]"),
            self.values.numbers(f"{name} plateau shares"),
            self.values.numbers(f"{name} plateau widths"),
            self.thermal_voltage,
        )

    def occupancy_at(self, cut_off: str, branch: str) -> float:
        """Mean occupancy at rest at a cut-off, or empty or full where the curve ends before it [-]."""
        if self.hosts is not None:
            mean = float(self.hosts.occupancy(self.values.number(cut_off), DIRECTIONS[branch]))
            return min(max(mean, EMPTY), FULL)
        try:
            return occupancy_at_cut_off(
                lambda theta: self.open_circuit_potential(theta, branch),
                self.values.number(cut_off),
                upper=cut_off == names.UPPER_CUT_OFF,
            )
        except ValueError as error:
            raise ParameterError(f"{self.name}: '{cut_off}' cannot be met. {error}") from error

    def inputs(self, mean: float, after: str) -> dict[str, float]:
        """Surface occupancy, field amplitude, hysteresis state and, of two hosts, potential at rest at a mean
        occupancy on the branch of "insertion" or "extraction", by name."""
        direction = DIRECTIONS[after]
        at_rest = {
            names.INITIAL_AMPLITUDE: self.amplitude(mean),
            names.INITIAL_HYSTERESIS: -direction,
        }
        if self.hosts is None:
            return {names.INITIAL_OCCUPANCY: self.surface_occupancy(mean), **at_rest}
        potential = self._resting_potential(mean, direction)
        field, fast = self.structure.architecture.has_field, self.structure.fast
        population = "B" if field and not fast else BOTH_HOSTS
        at_surface = float(self.hosts.occupancy(potential, direction, population))
        return {
            names.INITIAL_OCCUPANCY: at_surface,
            **at_rest,
            names.INITIAL_POTENTIAL: potential,
        }

    def _resting_potential(self, mean: float, direction: float) -> float:
        """u of two hosts at rest at a mean occupancy on a branch, on the mesh that the models use [V]."""
        hosts = self.hosts
        assert hosts is not None
        free = float(hosts.potential(mean, direction))
        if not self.structure.architecture.has_field:
            return free
        densities = capacity_densities(hosts.value)
        volumes, phis, weights = self._potential_in_classes(mean)
        fast = self.values.number(names.FAST_FRACTION) if self.structure.fast else 0.0
        core = self._in_core()

        def missing(potential: float) -> float:
            held = fast * hosts.occupancy(potential, direction)
            for weight, phi in zip(weights, phis, strict=True):
                at_a, at_b = (
                    k * hosts.of_host(letter, potential + phi * self.thermal_voltage, direction)
                    for k, letter in zip(densities, "AB", strict=True)
                )
                held += (1 - fast) * weight * float(volumes @ np.where(core, at_a, at_b))
            return float(held - mean)

        reach = self.thermal_voltage * max(float(np.abs(phi).max()) for phi in phis) + 1e-9
        return float(optimize.brentq(missing, free - reach, free + reach, xtol=1e-13))

    def surface_occupancy(self, mean: float) -> float:
        """Surface occupancy in equilibrium with a mean, on the mesh that the models use [-]."""
        structure = self.structure
        if not structure.architecture.has_field:
            return mean
        volumes, phis, weights = self._potential_in_classes(mean)
        fast = self.values.number(names.FAST_FRACTION) if structure.fast else 0.0

        def mean_of(surface: float) -> float:
            slow = sum(
                w * float(volumes @ equilibrium_occupancy(surface, phi))
                for w, phi in zip(weights, phis, strict=True)
            )
            return (1 - fast) * slow + fast * surface

        largest = max(float(np.abs(phi).max()) for phi in phis)
        return surface_occupancy(mean, mean_of, largest)

    def amplitude(self, mean: float) -> float:
        """Amplitude of the field at rest at a mean occupancy, 1 for a static one [-]."""
        field = self.structure.architecture.field
        fading = self.values.number(names.FADING) if names.FADING in self.values else 0.0
        return float(field.at_rest(mean, fading))

    def _potential_in_classes(self, mean: float) -> tuple[Any, list[Any], Any]:
        """Volumes of a particle, and of each size class the potential at rest in them [RT/zF] and its share [-]."""
        structure = self.structure
        edges, x = placed(
            structure.edges(structure.volumes), self.values.number(names.CORE_FRACTION)
        )
        times, weights = log_normal_classes(
            structure.classes, self.values.number(names.TIME_SPREAD)
        )
        radii = np.sqrt(times) if structure.classes > 1 else np.ones(1)
        phis = [self.amplitude(mean) * self.phi(x, radius) for radius in radii]
        return np.diff(edges**3), phis, weights

    def _in_core(self) -> Any:
        """Which volumes of a core-shell particle are inside its junction."""
        edges = self.structure.edges(self.structure.volumes)
        return edges[1:] <= XI_J * (1 + 1e-9)

    def phi(self, x: Any, relative_radius: float) -> Any:
        """Potential of a particle of a relative radius at places x from its centre to its surface [RT/zF]."""
        radius = self.values.number(names.PARTICLE_SIZE) * relative_radius
        phi = core_shell_potential(
            x,
            self.values.number(names.BUILT_IN_POTENTIAL),
            self.values.number(names.CORE_DEBYE_LENGTH) / radius,
            self.values.number(names.SHELL_DEBYE_LENGTH) / radius,
            self.values.number(names.CORE_FRACTION),
            self.values.number(names.PERMITTIVITY_RATIO),
        )
        return phi / self.thermal_voltage
