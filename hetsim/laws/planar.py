"""Built-in potential of plane layers: two Debye-Hueckel media joined at a plane.

Layer A fills -l_A < x < 0, layer B 0 < x < l_B; in each the potential relaxes to its bulk value,

    phi'' = (phi - phi_bulk) / lambda^2,    phi_B - phi_A = V_bi
    phi'(-l_A) = 0,  phi'(l_B) = 0          no net charge in the bilayer (Gauss)
    phi and eps phi' continuous at x = 0

solved by cosh profiles about the outer faces.  With the stiffness k = (eps / lambda)
tanh(l / lambda) of each layer, phi(0) divides the step as a capacitive divider.  V_bi > 0 puts A
below B: it draws cations into A.  A periodic stack is the same bilayer of half thicknesses,
mirrored.  Lengths [m], potentials [V], permittivities in any one unit; numbers and arrays.

Limits: linear, so |V_bi| below about V_T; above it the layers are steeper (`poisson_boltzmann`).
Source: P. Debye and E. Hueckel, Phys. Z. 24 (1923) 185; the two-layer solution is derived above.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.laws.mixing import require_positive


@dataclass(frozen=True)
class Layer:
    """One layer: thickness [m], Debye length [m], permittivity [any one unit]."""

    thickness: float
    debye_length: float
    permittivity: float = 1.0

    def __post_init__(self) -> None:
        require_positive(
            thickness=self.thickness,
            debye_length=self.debye_length,
            permittivity=self.permittivity,
        )

    @property
    def stiffness(self) -> float:
        """k = (eps / lambda) tanh(l / lambda): charge per area and volt at the junction."""
        ratio = self.thickness / self.debye_length
        return float(self.permittivity / self.debye_length * np.tanh(ratio))


def bilayer_potential(x: Any, built_in_potential: float, a: Layer, b: Layer) -> np.ndarray:
    """phi(x) of a bilayer with phi(l_B) = 0 [V], x in [-l_A, l_B].

    phi = phi_A + V_bi k_B / (k_A + k_B) cosh((x + l_A)/lambda_A) / cosh(l_A/lambda_A)   in A
    phi = phi_B - V_bi k_A / (k_A + k_B) cosh((l_B - x)/lambda_B) / cosh(l_B/lambda_B)   in B
    """
    x = np.asarray(x, dtype=float)
    rise_a, fall_b = _shares(built_in_potential, a, b)
    phi_a, phi_b = bulk_potentials(built_in_potential, a, b)
    in_a = phi_a + rise_a * _cosh_ratio(np.minimum(x, 0) + a.thickness, a)
    in_b = phi_b - fall_b * _cosh_ratio(b.thickness - np.maximum(x, 0), b)
    return np.where(x < 0, in_a, in_b)


def bilayer_slope(x: Any, built_in_potential: float, a: Layer, b: Layer) -> np.ndarray:
    """dphi/dx of `bilayer_potential` [V.m-1]; the field is its negative."""
    x = np.asarray(x, dtype=float)
    rise_a, fall_b = _shares(built_in_potential, a, b)
    in_a = rise_a / a.debye_length * _sinh_ratio(np.minimum(x, 0) + a.thickness, a)
    in_b = fall_b / b.debye_length * _sinh_ratio(b.thickness - np.maximum(x, 0), b)
    return np.where(x < 0, in_a, in_b)


def bulk_potentials(built_in_potential: float, a: Layer, b: Layer) -> tuple[float, float]:
    """phi_A and phi_B [V], what neutral A and B would have where phi(l_B) = 0."""
    phi_b = float(_shares(built_in_potential, a, b)[1] * _cosh_ratio(0.0, b))
    return phi_b - built_in_potential, phi_b


def bilayer_surviving_step(a: Layer, b: Layer) -> float:
    """Share of V_bi left between the outer faces, [phi(l_B) - phi(-l_A)] / V_bi [-].

    1 - [k_B / cosh(l_A/lambda_A) + k_A / cosh(l_B/lambda_B)] / (k_A + k_B)

    One for layers much thicker than lambda, falling as (l / lambda)^2 for thin ones.
    """
    return float(-bilayer_potential(-a.thickness, 1.0, a, b))


def stack_potential(x: Any, built_in_potential: float, a: Layer, b: Layer) -> np.ndarray:
    """phi(x) of the endless stack ...ABAB..., zero in the middle of every B [V].

    x = 0 is one A|B junction, B on its right; the period is l_A + l_B (whole thicknesses).
    """
    period = a.thickness + b.thickness
    half_a = Layer(a.thickness / 2, a.debye_length, a.permittivity)
    half_b = Layer(b.thickness / 2, b.debye_length, b.permittivity)
    # distance from the middle of A, folded into half a period
    from_a = np.mod(np.asarray(x, dtype=float) + half_a.thickness, period)
    folded = np.minimum(from_a, period - from_a)
    return bilayer_potential(folded - half_a.thickness, built_in_potential, half_a, half_b)


def _shares(built_in_potential: float, a: Layer, b: Layer) -> tuple[float, float]:
    """phi(0) - phi_A and phi_B - phi(0) [V]."""
    k_a, k_b = a.stiffness, b.stiffness
    return built_in_potential * k_b / (k_a + k_b), built_in_potential * k_a / (k_a + k_b)


def _cosh_ratio(s: Any, layer: Layer) -> Any:
    """cosh(s / lambda) / cosh(l / lambda) for 0 <= s <= l, without overflow."""
    u, v = s / layer.debye_length, layer.thickness / layer.debye_length
    return np.exp(u - v) * (1 + np.exp(-2 * u)) / (1 + np.exp(-2 * v))


def _sinh_ratio(s: Any, layer: Layer) -> Any:
    """sinh(s / lambda) / cosh(l / lambda) for 0 <= s <= l, without overflow."""
    u, v = s / layer.debye_length, layer.thickness / layer.debye_length
    return np.exp(u - v) * (1 - np.exp(-2 * u)) / (1 + np.exp(-2 * v))
