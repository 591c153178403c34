"""How the two hosts share a particle: its field, its effective diffusivity and its junction area.

One class for each architecture; the laws they choose from are in laws.mixing, laws.limits and
laws.potential. Everything here is an expression of hetsim's parameters.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import pybamm

from hetsim import names
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws import mixing
from hetsim.laws.hopping import arrhenius_factor
from hetsim.laws.potential import core_shell_potential
from hetsim.submodels.field import FieldLaw, StaticField

P = pybamm.Parameter
_STATIC = StaticField()


class Architecture(Protocol):
    """How the two hosts share a particle: whether its field has a direction, and how fast ions are."""

    @property
    def has_field(self) -> bool:
        """Whether the potential depends on the radius."""
        ...

    @property
    def field(self) -> FieldLaw:
        """How the radial field follows the state; without one it never acts."""
        ...

    def shape(self, x: Any, radius: Any) -> Any:
        """phi(x) / V_bi with phi = 0 at the surface [-]; only called if `has_field`."""
        ...

    def junction(self) -> Any:
        """x_j = r_j/R of the junction, where the field is [-]; only called if `has_field`."""
        ...

    def diffusivity(self, temperature: Any) -> Any:
        """Effective diffusivity of the particle [m2.s-1]."""
        ...

    def interface_area(self) -> Any:
        """Area of the junctions per volume of the particle [m-1]."""
        ...


class _WithoutRadialField:
    """Architectures whose junctions give the particle no radial potential."""

    @property
    def has_field(self) -> bool:
        return False

    @property
    def field(self) -> FieldLaw:
        return _STATIC

    def shape(self, x: Any, radius: Any) -> Any:
        raise ValueError(f"A {type(self).__name__} particle has no radial field.")

    def junction(self) -> Any:
        raise ValueError(f"A {type(self).__name__} particle has no closed junction.")


@dataclass(frozen=True)
class Dispersed(_WithoutRadialField):
    """Grains of A and B at random in the particle: junction directions average out, no net drift.

    The grains mix as a symmetric effective medium; the junctions between A and B, a share
    f_i = (boundaries that are A-B) x (layer volume), are a network of fast paths around them.
    """

    def diffusivity(self, temperature: Any) -> Any:
        bulk = mixing.bruggeman_symmetric(_shares(), _grains(temperature))
        # the ratio holds at T_ref; the junction follows its own barrier, the grains follow theirs
        interface = _interface(mixing.bruggeman_symmetric, temperature)
        layer = mixing.unlike_boundary_fraction(_shares()[0]) * mixing.interface_fraction(
            P("Grain size [m]"), P("Interface width [m]")
        )
        return mixing.interface_network(bulk, interface / bulk, layer)

    def interface_area(self) -> Any:
        """Grains of one size share their faces: 3/d per volume, and the share of them that is A-B."""
        return mixing.unlike_boundary_fraction(_shares()[0]) * mixing.EQUIAXED / P("Grain size [m]")


@dataclass(frozen=True)
class StackedParallel(_WithoutRadialField):
    """Layers of A and B that ions run along: grains and junction layers side by side.

    "Grain size" is the mean thickness of a layer. The potential across the layers gathers ions where
    they conduct and where they store, which leaves D as it is (laws.limits.along_layers): a gain needs
    a higher mobility in the junction, "Interface diffusivity ratio".
    """

    def diffusivity(self, temperature: Any) -> Any:
        bulk = mixing.parallel(_shares(), _grains(temperature))
        interface = _interface(mixing.parallel, temperature)
        layer = mixing.interface_fraction(
            P("Grain size [m]"), P("Interface width [m]"), mixing.PLATES
        )
        return mixing.interface_channel(bulk, interface / bulk, layer)

    def interface_area(self) -> Any:
        """One junction for each layer."""
        return mixing.PLATES / P("Grain size [m]")


@dataclass(frozen=True)
class StackedSeries(_WithoutRadialField):
    """Layers of A and B that ions cross one after the other, with the periodic potential of the stack.

    D_eff = 1 / (<e^Phi / D> <e^-Phi>)    (laws.limits.lifson_jackson, averages over a period)

    For Phi = 0 it is the harmonic mean. It never exceeds the larger of both diffusivities, and for
    grains of equal diffusivity the potential only slows. "Grain size" is the mean thickness of a layer;
    the "core" lengths are those of A, the "shell" lengths those of B. Limits: dilute ions; a fast
    layer at a junction that is crossed at right angles adds at most its own thickness
    (laws.limits.series_gain_limit) and is left out.
    """

    def diffusivity(self, temperature: Any) -> Any:
        volts = P(names.CHARGE_NUMBER) * FARADAY / (GAS_CONSTANT * temperature)
        against = with_it = 0
        for share, d, layer in zip(_shares(), _grains(temperature), self._layers(), strict=True):
            for phi, weight in layer:
                against += share * weight * np.exp(volts * phi) / d
                with_it += share * weight * np.exp(-volts * phi)
        return 1 / (against * with_it)

    def _layers(self) -> tuple[list[tuple[Any, float]], list[tuple[Any, float]]]:
        """(phi [V], weight) in half a layer of A and of B: Debye-Hueckel, as in laws.planar."""
        size = P("Grain size [m]")
        lengths = (P(names.CORE_DEBYE_LENGTH), P(names.SHELL_DEBYE_LENGTH))
        # half of the thickness of each layer, of which a period of two grains has two
        u_a, u_b = (share * size / one for share, one in zip(_shares(), lengths, strict=True))
        k_a = P(names.PERMITTIVITY_RATIO) / lengths[0] * np.tanh(u_a)
        k_b = 1 / lengths[1] * np.tanh(u_b)
        step = P(names.BUILT_IN_POTENTIAL)
        rise, fall = step * k_b / (k_a + k_b), step * k_a / (k_a + k_b)
        return (
            [(rise * _cosh_ratio(s * u_a, u_a), w) for s, w in _HALF_LAYER],
            [(step - fall * _cosh_ratio(s * u_b, u_b), w) for s, w in _HALF_LAYER],
        )

    def interface_area(self) -> Any:
        """One junction for each layer."""
        return mixing.PLATES / P("Grain size [m]")


@dataclass(frozen=True)
class CoreShell:
    """Core A in a shell B: a radial field (laws.potential) that follows the state as `field` says.

    Its one junction is closed in itself, so there is no network of fast paths: the diffusivity is
    that of the two hosts as a symmetric effective medium.
    """

    field: FieldLaw = _STATIC
    has_field: ClassVar[bool] = True

    def shape(self, x: Any, radius: Any) -> Any:
        # one node of PyBaMM's tree, which it walks many times, instead of some hundred
        return pybamm.Function(
            core_shell_potential,
            x,
            1.0,
            P(names.CORE_DEBYE_LENGTH) / radius,
            P(names.SHELL_DEBYE_LENGTH) / radius,
            P(names.CORE_FRACTION),
            P(names.PERMITTIVITY_RATIO),
        )

    def junction(self) -> Any:
        return P(names.CORE_FRACTION)

    def diffusivity(self, temperature: Any) -> Any:
        return mixing.bruggeman_symmetric(_shares(), _grains(temperature))

    def interface_area(self) -> Any:
        """4 pi r_j^2 in 4/3 pi R^3, with the median radius."""
        return 3 * P(names.CORE_FRACTION) ** 2 / P(names.RADIUS)


def _shares() -> list[Any]:
    share = P("Component A volume fraction")
    return [share, 1 - share]


def _grains(temperature: Any) -> list[Any]:
    """D of A and B, each with its own barrier: D(T_ref) exp(-E_b/k_B (1/T - 1/T_ref)) [m2.s-1]."""
    return [
        P(f"Component {one} diffusivity [m2.s-1]")
        * arrhenius_factor(
            P(f"Component {one} migration barrier [eV]"),
            temperature,
            P(names.REFERENCE_TEMPERATURE),
        )
        for one in "AB"
    ]


def _interface(mean: Any, temperature: Any) -> Any:
    """D in the junction layers [m2.s-1]: a multiple of the grains' at T_ref, with its own barrier."""
    at_reference = mean(_shares(), [P(f"Component {one} diffusivity [m2.s-1]") for one in "AB"])
    barrier = arrhenius_factor(
        P("Interface migration barrier [eV]"), temperature, P(names.REFERENCE_TEMPERATURE)
    )
    return P("Interface diffusivity ratio") * at_reference * barrier


def _half_layer(count: int) -> list[tuple[float, float]]:
    """Gauss nodes and weights on [0, 1] for an integrand that is steep at 1: s = 1 - (1 - q)^2."""
    q, w = np.polynomial.legendre.leggauss(count)
    q, w = (q + 1) / 2, w / 2
    return [
        (float(1 - (1 - one) ** 2), float(2 * weight * (1 - one)))
        for one, weight in zip(q, w, strict=True)
    ]


_HALF_LAYER = _half_layer(16)


def _cosh_ratio(s: Any, u: Any) -> Any:
    """cosh(s) / cosh(u) for 0 <= s <= u, without overflow."""
    return np.exp(s - u) * (1 + np.exp(-2 * s)) / (1 + np.exp(-2 * u))
