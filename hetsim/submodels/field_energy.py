"""A built-in field that follows the state of its particle, and what that costs an ion."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pybamm

from hetsim import names
from hetsim.architectures.fields import FieldLaw
from hetsim.laws import fading
from hetsim.submodels.particle import SizeClass
from hetsim.submodels.places import SMALLEST, ParticlePlaces

_ZERO = pybamm.Scalar(0)


@dataclass(frozen=True)
class Occupancies:
    """theta of each size class along its radius, and theta_s at the surface of all [-]."""

    classes: list[Any]
    surface: Any


class FieldEnergy:
    """The amplitude of the field, and the energy of a field that the ions themselves change.

    phi is the amplitude times the potential of the architecture, as `structure.architecture.field` says.
    Where it follows the mean occupancy, the amplitude is an algebraic state, for its expression is long,
    and an ion pays for the change of the field of all others: the uniform term of laws.fading.
    """

    def __init__(self, places: ParticlePlaces) -> None:
        self._places = places
        self._structure = places.structure
        self._fading = places.structure.own(names.FADING)
        self._state = places.state_at_surface(names.FIELD_AMPLITUDE)
        self._levels = [
            places.state_at_surface(names.at_level(i)) for i in range(len(fading.LEVELS))
        ]

    @property
    def follows_occupancy(self) -> bool:
        """Whether the field depends on the mean occupancy, so that its uniform term is needed."""
        return self._field.follows_occupancy

    @property
    def _field(self) -> FieldLaw:
        return self._structure.architecture.field

    # --- amplitude -----------------------------------------------------------------------------

    def amplitude(self, now: Occupancies, current: Any) -> Any:
        """Of the field [-]; current : of the cell, positive on discharge [A.m-2]."""
        return self._state if self.follows_occupancy else self._law(now, current)

    def _law(self, now: Occupancies, current: Any) -> Any:
        inserting = self._structure.electrode.inserts_on_discharge * current
        return self._field.amplitude(self._mean(now), inserting, self._fading)

    def at_rest(self, now: Occupancies) -> Any:
        """Amplitude without a current [-]; one that follows the mean does so with and without a current."""
        if self.follows_occupancy:
            return self._state
        return self._field.at_rest(self._mean(now), self._fading)

    def at_start(self) -> Any:
        """Amplitude in the equilibrium from which a run starts, a number that the cell knows [-]."""
        if self.follows_occupancy:
            return self._structure.own(names.INITIAL_AMPLITUDE)
        return self._field.at_rest(_ZERO, self._fading)

    def classes(self, amplitude: Any = 1) -> list[SizeClass]:
        """The size classes with their potentials at an amplitude."""
        inside = self._places.on_particle(amplitude)
        return self._structure.size_classes(self._places.radius(), inside)

    def _mean(self, now: Occupancies) -> Any:
        """Mean occupancy of the sites, those at the surface included [-]."""
        return self._structure.average(now.classes, now.surface)

    # --- states --------------------------------------------------------------------------------

    def residual(self, now: Occupancies, current: Any) -> dict[Any, Any]:
        """The algebraic line of the amplitude."""
        return {self._state: self._law(now, current) - self._state}

    def constants(self) -> dict[Any, Any]:
        """The rates of the shares of sites at each level of the potential: numbers that a run keeps."""
        return {level: _ZERO * level for level in self._levels}

    def initial_values(self) -> dict[Any, Any]:
        """Initial values of the amplitude and of the shares."""
        values = {self._state: self.at_start()}
        for i, level in enumerate(self._levels):
            of_class = [
                _whole(fading.level_share, i, size_class.shape) for size_class in self.classes()
            ]
            values[level] = self._structure.average(of_class, fading.level_share(i, 0.0))
        return values

    # --- energy --------------------------------------------------------------------------------

    def uniform_term(self, now: Occupancies, potential: Callable[[Any], Any]) -> Any:
        """What an ion pays for changing the field of all others, U_el - U(g(theta_s)) [V].

        potential : U [V] of a mean occupancy on the particle.  The law is laws.fading; its steps are
        functions of their own, which PyBaMM takes whole.
        """
        on_particle = self._places.on_particle
        surface = on_particle(_within(now.surface))
        top = on_particle(self._state * self._structure.full_step())
        shares = [on_particle(level) for level in self._levels]
        of_class = []
        for theta, size_class in zip(now.classes, self.classes(self._state), strict=True):
            ends = (_within(theta), surface, size_class.phi)
            means = [_whole(fading.path_mean, k, *ends, top, *shares) for k in fading.PATH_NODES]
            kernels = [
                _whole(fading.path_kernel, k, *ends, size_class.shape, top, *shares)
                for k in fading.PATH_NODES
            ]
            of_class.append(fading.path_integral([potential(mean) for mean in means], kernels))
        step = self._fading * self._structure.full_step()
        return -step * self._structure.average(of_class, pybamm.Scalar(0))


def _within(theta: Any) -> Any:
    """Inside (0, 1), which a step of the solver that is then refused may leave."""
    return pybamm.maximum(pybamm.minimum(theta, 1 - SMALLEST), SMALLEST)


def _whole(law: Callable[..., Any], index: int, *arguments: Any) -> Any:
    """One node of the expression tree for a law of a numbered level or node of the path."""
    return pybamm.Function(partial(law, index), *arguments, name=f"{law.__name__} {index}")
