"""A core of one host in a shell of the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from hetsim import names
from hetsim.architectures.base import Architecture, Values
from hetsim.architectures.fields import FieldLaw, StaticField
from hetsim.architectures.grains import INTERFACE_WIDTH
from hetsim.laws import mixing
from hetsim.laws.potential import core_shell_potential, core_shell_slope

_STATIC = StaticField()
_RADIUS = "Particle radius [m]"


@dataclass(frozen=True)
class CoreShell(Architecture):
    """Core A in a shell B, with a radial field (laws.potential) that follows the state as `field` says.

    The one junction of a particle is closed in itself, so there is no network of fast paths: the diffusivity
    is that of the two hosts as a symmetric effective medium.

    Parameters
    ----------
    field : StaticField(), StateDependentField() or SwitchingField()
    """

    field: FieldLaw = _STATIC

    summary: ClassVar[str] = "core-shell: one radial field in every particle, no parallel channel."
    statements: ClassVar[str] = "abc"
    has_field: ClassVar[bool] = True
    needs: ClassVar[tuple[str, ...]] = (
        names.CORE_DEBYE_LENGTH,
        names.SHELL_DEBYE_LENGTH,
        names.CORE_FRACTION,
        names.PERMITTIVITY_RATIO,
    )

    def with_field(self, field: FieldLaw) -> "CoreShell":
        return replace(self, field=field)

    def shape(self, x: Any, radius: Any, value: Values, apply: Callable[..., Any]) -> Any:
        return self._of_law(core_shell_potential, x, radius, value, apply)

    def slope(self, x: Any, radius: Any, value: Values, apply: Callable[..., Any]) -> Any:
        return self._of_law(core_shell_slope, x, radius, value, apply)

    def _of_law(
        self, law: Callable[..., Any], x: Any, radius: Any, value: Values, apply: Callable[..., Any]
    ) -> Any:
        return apply(
            law,
            x,
            1.0,
            value(names.CORE_DEBYE_LENGTH) / radius,
            value(names.SHELL_DEBYE_LENGTH) / radius,
            value(names.CORE_FRACTION),
            value(names.PERMITTIVITY_RATIO),
        )

    def junction_radius(self, value: Values) -> Any:
        return value(names.CORE_FRACTION)

    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        return mixing.bruggeman_symmetric(shares, values)

    def interface_area(self, value: Values) -> Any:
        """4 pi r_j^2 in 4/3 pi R^3, with the median radius."""
        return 3 * value(names.CORE_FRACTION) ** 2 / value(_RADIUS)

    def layer_fraction(self, value: Values) -> Any:
        """One layer about the radius of the junction."""
        half = value(INTERFACE_WIDTH) / 2 / value(_RADIUS)
        junction = value(names.CORE_FRACTION)
        return (junction + half) ** 3 - (junction - half) ** 3
