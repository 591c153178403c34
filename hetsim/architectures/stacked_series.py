"""Layers of two hosts that ions cross one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from hetsim import names
from hetsim.architectures.base import EQUAL, Capacities, Values
from hetsim.architectures.grains import GRAIN_SIZE, host_diffusivities, volume_shares
from hetsim.architectures.stacked import Stack
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws import mixing


@dataclass(frozen=True)
class StackedSeries(Stack):
    """Layers of A and B that ions cross one after the other, with the periodic potential of the stack.

    D_eff = 1 / (<e^Phi / D> <e^-Phi>)    (laws.limits.lifson_jackson, averages over a period)

    For Phi = 0 it is the harmonic mean. It never exceeds the larger of both diffusivities, and for grains of
    equal diffusivity the potential only slows. The "core" lengths are those of A, the "shell" lengths those of
    B. Limits: dilute ions. A fast layer at a junction that is crossed at right angles adds at most its own
    thickness (laws.limits.series_gain_limit) and is left out.
    """

    summary: ClassVar[str] = "stacked-series: ions cross every layer, the slowest part decides."
    statements: ClassVar[str] = "abd"
    needs: ClassVar[tuple[str, ...]] = (
        names.CORE_DEBYE_LENGTH,
        names.SHELL_DEBYE_LENGTH,
        names.PERMITTIVITY_RATIO,
    )

    def mean(self, shares: Sequence[Any], values: Sequence[Any]) -> Any:
        return mixing.series(shares, values)

    def diffusivity(self, value: Values, temperature: Any, capacities: Capacities = EQUAL) -> Any:
        hosts = [
            d * c
            for d, c in zip(host_diffusivities(value, temperature), capacities.grains, strict=True)
        ]
        return self.grain_diffusivity(value, temperature, capacities) * self._slowing(
            value, temperature, hosts
        )

    def _slowing(self, value: Values, temperature: Any, hosts: Sequence[Any]) -> Any:
        """What the periodic potential leaves of the mean [-], at most 1 for hosts of one conductivity."""
        volts = value(names.CHARGE_NUMBER) * FARADAY / (GAS_CONSTANT * temperature)
        layers = zip(volume_shares(value), hosts, self._half_layers(value), strict=True)
        flat = against = along = 0
        for share, conductivity, potentials in layers:
            flat += share / conductivity
            for potential, weight in potentials:
                against += share * weight * np.exp(volts * potential) / conductivity
                along += share * weight * np.exp(-volts * potential)
        return flat / (against * along)

    def _half_layers(self, value: Values) -> tuple[list[tuple[Any, float]], ...]:
        """(phi [V], weight) in half a layer of A and of B: Debye-Hueckel, as in laws.planar."""
        size = value(GRAIN_SIZE)
        lengths = (value(names.CORE_DEBYE_LENGTH), value(names.SHELL_DEBYE_LENGTH))
        # half of the thickness of each layer, of which a period of two grains has two
        u_a, u_b = (
            share * size / length
            for share, length in zip(volume_shares(value), lengths, strict=True)
        )
        k_a = value(names.PERMITTIVITY_RATIO) / lengths[0] * np.tanh(u_a)
        k_b = 1 / lengths[1] * np.tanh(u_b)
        step = value(names.BUILT_IN_POTENTIAL)
        rise, fall = step * k_b / (k_a + k_b), step * k_a / (k_a + k_b)
        return (
            [(rise * _cosh_ratio(s * u_a, u_a), weight) for s, weight in _HALF_LAYER],
            [(step - fall * _cosh_ratio(s * u_b, u_b), weight) for s, weight in _HALF_LAYER],
        )


def _half_layer(count: int) -> list[tuple[float, float]]:
    """Gauss nodes and weights on [0, 1] for an integrand that is steep at 1: s = 1 - (1 - q)^2."""
    q, w = np.polynomial.legendre.leggauss(count)
    q, w = (q + 1) / 2, w / 2
    return [
        (float(1 - (1 - node) ** 2), float(2 * weight * (1 - node)))
        for node, weight in zip(q, w, strict=True)
    ]


_HALF_LAYER = _half_layer(16)


def _cosh_ratio(s: Any, u: Any) -> Any:
    """cosh(s) / cosh(u) for 0 <= s <= u, without overflow."""
    return np.exp(s - u) * (1 + np.exp(-2 * s)) / (1 + np.exp(-2 * u))
