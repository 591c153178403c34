"""What every architecture states and computes."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from hetsim.architectures.fields import FieldLaw, StaticField

Values = Callable[[str], Any]
"""The value of a parameter by its name: a number in a report, a PyBaMM symbol in a model."""

_STATIC = StaticField()


class Architecture(ABC):
    """How the grains of the hosts A and B share a particle.

    The laws take `value`, a function from the name of a parameter to its value, so that a model (with symbols)
    and a report (with numbers) evaluate the very same expressions.

    Attributes
    ----------
    summary : what acts in this architecture, one sentence
    statements : letters of the general statements on built-in fields that hold here (junctions.report)
    has_field : whether the potential depends on the radius of the particle
    field : how that radial field follows the state of the particle
    needs : parameters that a file must give for this architecture, beside those that every one needs
    no_potential : why "Built-in potential [V]" must be 0, a half sentence; empty where it acts on the ions
    """

    summary: ClassVar[str]
    statements: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    no_potential: ClassVar[str] = ""
    has_field: ClassVar[bool] = False
    field: FieldLaw = _STATIC

    def with_field(self, field: FieldLaw) -> "Architecture":
        """The same architecture with another field law. Raises ValueError where there is no radial field."""
        raise ValueError(f"A {type(self).__name__} particle has no radial field.")

    def shape(self, x: Any, radius: Any, value: Values, apply: Callable[..., Any]) -> Any:
        """Potential phi(x) / V_bi at x = r/R, with phi = 0 at the surface [-].

        apply : calls a law with its arguments; a model makes one node of its expression tree of it
        Raises ValueError where there is no radial field.
        """
        raise ValueError(f"A {type(self).__name__} particle has no radial field.")

    def junction_radius(self, value: Values) -> Any:
        """Radius of the closed junction over that of the particle [-]. Raises ValueError where there is none."""
        raise ValueError(f"A {type(self).__name__} particle has no closed junction.")

    @abstractmethod
    def grain_diffusivity(self, value: Values, temperature: Any) -> Any:
        """Diffusivity of the particle without its junctions [m2.s-1]; temperature [K]."""

    @abstractmethod
    def diffusivity(self, value: Values, temperature: Any) -> Any:
        """Effective diffusivity of the particle, grains and junctions together [m2.s-1]; temperature [K]."""

    @abstractmethod
    def interface_area(self, value: Values) -> Any:
        """Area of the junctions per volume of the particle [m-1]."""

    @abstractmethod
    def layer_fraction(self, value: Values) -> Any:
        """Volume share of the layers along the junctions between A and B [-]."""

    def unlike_boundaries(self, value: Values) -> Any:
        """Share of the boundaries between grains that join A to B [-].

        Raises ValueError where the particle is no aggregate of grains.
        """
        raise ValueError("one junction in each particle, no boundaries of grains.")
