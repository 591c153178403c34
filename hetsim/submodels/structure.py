"""What a particle is made of: its architecture, its size classes and what is stored at once.

The particle is described on the fixed coordinate x = r/R, so that its radius, the Debye lengths and the
spread of sizes are numbers of a built model and not part of it.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pybamm

from hetsim import names
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.laws.potential import core_shell_potential


class Architecture(Protocol):
    """How the two hosts share a particle, which decides whether its field has a direction."""

    @property
    def has_field(self) -> bool:
        """Whether the potential depends on the radius."""
        ...

    def potential(self, x: Any, radius: Any) -> Any:
        """phi(x) with phi = 0 at the surface [V]; only called if `has_field`."""
        ...


@dataclass(frozen=True)
class Dispersed:
    """Grains of A and B at random in the particle: junction directions average out, no net drift.

    What is left of the junctions is a parallel channel, which enters through the diffusivity
    (laws.mixing.interface_channel).
    """

    has_field: bool = False

    def potential(self, x: Any, radius: Any) -> Any:
        raise ValueError("A dispersed particle has no radial field: its junctions average out.")


@dataclass(frozen=True)
class CoreShell:
    """Core A in a shell B: a static radial field (laws.potential). Derived from a free energy."""

    has_field: bool = True

    def potential(self, x: Any, radius: Any) -> Any:
        return core_shell_potential(
            x,
            pybamm.Parameter(names.BUILT_IN_POTENTIAL),
            pybamm.Parameter(names.CORE_DEBYE_LENGTH) / radius,
            pybamm.Parameter(names.SHELL_DEBYE_LENGTH) / radius,
            pybamm.Parameter(names.CORE_FRACTION),
            pybamm.Parameter(names.PERMITTIVITY_RATIO),
        )


@dataclass(frozen=True)
class SizeClass:
    """One class: its share of the slow capacity, radius [m] and potential [RT/zF], None if flat."""

    weight: float
    radius: Any
    phi: Any | None


@dataclass(frozen=True)
class ParticleStructure:
    """All that changes the equations of a particle; everything else is a parameter.

    architecture : Dispersed() or CoreShell()
    classes : number of size classes of the log-normal spread of diffusion times, 1 for one size
    fast : whether a share of the capacity ("Fast fraction") is filled at once
    """

    architecture: Architecture = Dispersed()
    classes: int = 1
    fast: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.classes <= 40:
            raise ValueError(f"The number of size classes is {self.classes}; allowed: 1 to 40.")

    def size_classes(self, x: Any) -> list[SizeClass]:
        """The classes on the coordinate x = r/R of the particle domain.

        ln(R_i^2/D) is normal with the standard deviation "Diffusion time spread"; nodes and weights
        are those of the Gauss-Hermite rule, as in laws.rate_equation.log_normal_classes.
        """
        nodes, weights = np.polynomial.hermite_e.hermegauss(self.classes)
        weights = weights / weights.sum()
        median = pybamm.Parameter(names.RADIUS)
        spread = pybamm.Parameter(names.TIME_SPREAD)
        made = []
        for node, weight in zip(nodes, weights, strict=True):
            radius = median if self.classes == 1 else median * np.exp(spread * float(node) / 2)
            made.append(SizeClass(float(weight), radius, self._phi(x, radius)))
        return made

    def fast_fraction(self) -> Any:
        """Share f of the capacity that is filled at once [-]."""
        return pybamm.Parameter(names.FAST_FRACTION) if self.fast else pybamm.Scalar(0)

    def mean_occupancy(self, surface: Any, classes: list[SizeClass]) -> Any:
        """g(theta_s): mean occupancy in equilibrium with the surface, fast share included [-].

        surface : theta_s on any domain; the phi of the classes have the particle as primary domain
            and that domain behind it
        """
        if not self.architecture.has_field:
            return surface
        inside = pybamm.PrimaryBroadcast(surface, names.PARTICLE)
        slow = sum(
            one.weight * pybamm.r_average(equilibrium_occupancy(inside, one.phi)) for one in classes
        )
        fast = self.fast_fraction()
        return (1 - fast) * slow + fast * surface

    def _phi(self, x: Any, radius: Any) -> Any | None:
        if not self.architecture.has_field:
            return None
        z, temperature = (
            pybamm.Parameter(names.CHARGE_NUMBER),
            pybamm.Parameter(names.AMBIENT_TEMPERATURE),
        )
        return self.architecture.potential(x, radius) * z * FARADAY / (GAS_CONSTANT * temperature)
