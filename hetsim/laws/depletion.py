"""Abrupt depletion: two uniformly doped sides of different permittivity, emptied of carriers.

Side A (x < 0) carries the charge +q N_A, side B (x > 0) the charge -q N_B, so A is the positive
side; V [V] > 0 is the whole step phi(-inf) - phi(+inf).  Poisson's equation gives parabolas, the
displacement is continuous at x = 0.  Numbers and arrays; N [m-3], lengths [m], fields [V.m-1].

Limits: z V >> V_T (the tail of carriers shortens V by V_T for each depleted side), no free
carriers within the widths, frozen dopants.
Sources: W. Schottky, Z. Phys. 113 (1939) 367; two permittivities: R. L. Anderson, Solid-State
Electron. 5 (1962) 341, doi:10.1016/0038-1101(62)90115-6.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from hetsim.constants import ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY
from hetsim.laws.mixing import require_positive


class Sides(NamedTuple):
    """A quantity on the positive side A and on the negative side B."""

    a: Any
    b: Any


def depletion_widths(potential: Any, n_a: Any, n_b: Any, eps_a: Any, eps_b: Any) -> Sides:
    """Depletion widths of both sides [m]; eps relative permittivities [-].

    w_A = sqrt(2 eps_0 eps_A eps_B N_B V / (q N_A (eps_A N_A + eps_B N_B))),   N_A w_A = N_B w_B
    """
    require_positive(potential=potential, n_a=n_a, n_b=n_b, eps_a=eps_a, eps_b=eps_b)
    w_a = np.sqrt(
        2 * VACUUM_PERMITTIVITY * eps_a * eps_b * n_b * potential
        / (ELEMENTARY_CHARGE * n_a * (eps_a * n_a + eps_b * n_b))
    )  # fmt: skip
    return Sides(w_a, n_a * w_a / n_b)


def potential_drops(potential: Any, n_a: Any, n_b: Any, eps_a: Any, eps_b: Any) -> Sides:
    """How the step divides between the sides [V].

    V_A / V_B = eps_B N_B / (eps_A N_A),   V_A + V_B = V
    """
    require_positive(potential=potential, n_a=n_a, n_b=n_b, eps_a=eps_a, eps_b=eps_b)
    v_a = potential * eps_b * n_b / (eps_a * n_a + eps_b * n_b)
    return Sides(v_a, potential - v_a)


def maximum_fields(potential: Any, n_a: Any, n_b: Any, eps_a: Any, eps_b: Any) -> Sides:
    """Field on either face of the junction, where it is largest [V.m-1].

    E_A = q N_A w_A / (eps_0 eps_A),   eps_A E_A = eps_B E_B
    """
    w_a, w_b = depletion_widths(potential, n_a, n_b, eps_a, eps_b)
    return Sides(
        ELEMENTARY_CHARGE * n_a * w_a / (VACUUM_PERMITTIVITY * eps_a),
        ELEMENTARY_CHARGE * n_b * w_b / (VACUUM_PERMITTIVITY * eps_b),
    )


def depletion_potential(
    x: Any, potential: Any, n_a: Any, n_b: Any, eps_a: Any, eps_b: Any
) -> np.ndarray:
    """phi(x) [V], V far in A and 0 far in B.

    phi = V - V_A (1 + x / w_A)^2 for -w_A < x < 0,   phi = V_B (1 - x / w_B)^2 for 0 < x < w_B
    """
    w_a, w_b = depletion_widths(potential, n_a, n_b, eps_a, eps_b)
    v_a, v_b = potential_drops(potential, n_a, n_b, eps_a, eps_b)
    in_a = potential - v_a * np.maximum(1 + x / w_a, 0) ** 2
    in_b = v_b * np.maximum(1 - x / w_b, 0) ** 2
    return np.where(np.asarray(x) < 0, in_a, in_b)


def depletion_field(
    x: Any, potential: Any, n_a: Any, n_b: Any, eps_a: Any, eps_b: Any
) -> np.ndarray:
    """E(x) = -dphi/dx [V.m-1], from A to B, zero outside the widths."""
    w_a, w_b = depletion_widths(potential, n_a, n_b, eps_a, eps_b)
    e_a, e_b = maximum_fields(potential, n_a, n_b, eps_a, eps_b)
    in_a = e_a * np.maximum(1 + x / w_a, 0)
    in_b = e_b * np.maximum(1 - x / w_b, 0)
    return np.where(np.asarray(x) < 0, in_a, in_b)


def one_sided_width(potential: Any, density: Any, relative_permittivity: Any) -> Any:
    """Depletion width of the one depleted side, the other a metal or accumulated [m].

    w = sqrt(2 eps_r eps_0 V / (q N)), the limit N_other -> infinity of `depletion_widths`.
    """
    require_positive(
        potential=potential, density=density, relative_permittivity=relative_permittivity
    )
    permittivity = VACUUM_PERMITTIVITY * relative_permittivity
    return np.sqrt(2 * permittivity * potential / (ELEMENTARY_CHARGE * density))


def one_sided_field(potential: Any, density: Any, relative_permittivity: Any) -> Any:
    """Largest field of `one_sided_width`, at the junction: E = 2 V / w [V.m-1]."""
    return 2 * potential / one_sided_width(potential, density, relative_permittivity)
