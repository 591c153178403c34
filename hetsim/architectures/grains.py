"""Volume shares and diffusivities of the grains and of the junction layers, as every architecture needs them."""

from collections.abc import Callable, Sequence
from typing import Any

from hetsim import names
from hetsim.architectures.base import Values
from hetsim.laws.hopping import arrhenius_factor

VOLUME_FRACTION = "Component A volume fraction"
DIFFUSIVITIES = tuple(f"Component {letter} diffusivity [m2.s-1]" for letter in "AB")
BARRIERS = tuple(f"Component {letter} migration barrier [eV]" for letter in "AB")
DIFFUSIVITY_RATIO = "Interface diffusivity ratio"
INTERFACE_BARRIER = "Interface migration barrier [eV]"
GRAIN_SIZE = "Grain size [m]"
INTERFACE_WIDTH = "Interface width [m]"

Mean = Callable[[Sequence[Any], Sequence[Any]], Any]
"""A mixing law: volume shares and diffusivities to one diffusivity."""


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


def layer_diffusivity(mean: Mean, value: Values, temperature: Any) -> Any:
    """D in the junction layers [m2.s-1]: a multiple of the grains' at T_ref, with a barrier of its own."""
    at_reference = mean(volume_shares(value), [value(name) for name in DIFFUSIVITIES])
    factor = arrhenius_factor(
        value(INTERFACE_BARRIER), temperature, value(names.REFERENCE_TEMPERATURE)
    )
    return value(DIFFUSIVITY_RATIO) * at_reference * factor
