"""Volume shares and diffusivities of the grains and of the junction layers, as every architecture needs them."""

from collections.abc import Callable
from typing import Any

from hetsim import names
from hetsim.laws.hopping import arrhenius_factor

VOLUME_FRACTION = "Component A volume fraction"
DIFFUSIVITIES = tuple(f"Component {letter} diffusivity [m2.s-1]" for letter in "AB")
BARRIERS = tuple(f"Component {letter} migration barrier [eV]" for letter in "AB")
INTERFACE_BARRIER = "Interface migration barrier [eV]"
GRAIN_SIZE = "Grain size [m]"
INTERFACE_WIDTH = "Interface width [m]"

BOTH_HOSTS = "AB"
"""The hosts of a particle that has both of them."""

Values = Callable[[str], Any]
"""The value of a parameter by its name: a number in a report, a PyBaMM symbol in a model."""


def volume_shares(value: Values) -> list[Any]:
    """Volume shares of the grains of A and of B [-]."""
    share = value(VOLUME_FRACTION)
    return [share, 1 - share]


def host_diffusivities(value: Values, temperature: Any) -> list[Any]:
    """D of A and of B, each with its own barrier: D(T_ref) exp(-E_b/k_B (1/T - 1/T_ref)) [m2.s-1]."""
    return [
        value(diffusivity)
        * arrhenius_factor(value(barrier), temperature, value(names.REFERENCE_TEMPERATURE))
        for diffusivity, barrier in zip(DIFFUSIVITIES, BARRIERS, strict=True)
    ]


def host_diffusivities_at_reference(value: Values) -> list[Any]:
    """D of A and of B at the reference temperature [m2.s-1]."""
    return [value(name) for name in DIFFUSIVITIES]


def layer_factor(value: Values, temperature: Any) -> Any:
    """Mobility of the junction layers over that at the reference temperature, by their own barrier [-]."""
    return arrhenius_factor(
        value(INTERFACE_BARRIER), temperature, value(names.REFERENCE_TEMPERATURE)
    )
