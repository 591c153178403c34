"""How a built-in field follows the state of its particle.

A field law scales the potential of the architecture (`Architecture.potential`) by an amplitude. Each says
in `thermodynamic_status` whether it derives from a free energy, a sentence for results to show.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from hetsim.laws.fading import amplitude as faded_amplitude

SWITCH = 1e6
"""Sharpness of a change of direction [m2.A-1]: complete at 1e-5 A/m2, below the current of any test."""


class FieldLaw(Protocol):
    """Amplitude of a field as a function of the state, 1 for the potential as it is given."""

    thermodynamic_status: ClassVar[str]
    follows_occupancy: ClassVar[bool]

    def amplitude(self, mean: Any, current: Any, fading: Any) -> Any:
        """a [-] of numbers, arrays or symbols.

        mean : mean occupancy of the sites [-]
        current : current density of the cell [A.m-2], > 0 inserts
        fading : the parameter "Field fading" [-]
        """
        ...

    def at_rest(self, mean: Any, fading: Any) -> Any:
        """a without a current [-]: the field that the measured open-circuit curve belongs to."""
        ...


@dataclass(frozen=True)
class StaticField:
    """The field stays as it is, a = 1. Derived from a free energy: closed cycles yield no energy."""

    thermodynamic_status: ClassVar[str] = (
        "static field: derived from a free energy, a closed cycle yields no energy"
    )
    follows_occupancy: ClassVar[bool] = False

    def amplitude(self, mean: Any, current: Any, fading: Any) -> Any:
        return 1

    def at_rest(self, mean: Any, fading: Any) -> Any:
        return 1


@dataclass(frozen=True)
class StateDependentField:
    """Work functions shift as ions enter: V_bi(theta_m) = V_bi (1 - alpha theta_m), alpha "Field fading".

    Derived from a free energy (the derivation stands in laws.fading). An ion that enters changes the
    field of all others; per ion that is a' <df/da>, the same at every place of the particle, so that
    it drives no flux, but the electrode's potential contains it:

        U_el = U(g(theta_s; a(theta_m))) + a' Z,      a' = -alpha

    Z is zero at rest, so the measured curve is preserved, and alpha = 0 is `StaticField`. Limits:
    alpha z V / V_T > -4 (beyond it the particle has phase transitions), |z V a| < 6 V_T for the stated
    accuracy of Z.
    """

    thermodynamic_status: ClassVar[str] = (
        "state-dependent field: derived from a free energy, a closed cycle yields no energy"
    )
    follows_occupancy: ClassVar[bool] = True

    def amplitude(self, mean: Any, current: Any, fading: Any) -> Any:
        return faded_amplitude(mean, fading)

    def at_rest(self, mean: Any, fading: Any) -> Any:
        return faded_amplitude(mean, fading)


@dataclass(frozen=True)
class SwitchingField:
    """The sign of the field follows the direction of the current, as several papers claim.

    a = tanh(SWITCH i / 2). NOT derived from a free energy: nothing pays for turning the field round,
    and a closed cycle can create energy. Without a current there is no field, so the measured curve is
    that of a particle without one, U(theta_s); ions that are drawn inwards on insertion then enter
    above it, and ions that are driven out on extraction leave below it. For showing what such a claim
    implies, not for predictions.
    """

    thermodynamic_status: ClassVar[str] = (
        "switching field: NOT derived from a free energy, a closed cycle can create energy"
    )
    follows_occupancy: ClassVar[bool] = False

    def amplitude(self, mean: Any, current: Any, fading: Any) -> Any:
        return np.tanh(SWITCH * current / 2)

    def at_rest(self, mean: Any, fading: Any) -> Any:
        return 0
