"""Built-in potential of a core-shell particle: two Debye-Hueckel media joined at a sphere.

Core A for r < r_j, shell B for r_j < r < R; in each the potential relaxes to the value that the
neutral bulk would have,

    (r phi)'' = (r phi - r phi_bulk) / lambda^2,       phi_bulk = phi_A in the core, phi_B in the shell
    phi'(0) = 0,  phi'(R) = 0                          no net charge inside the particle (Gauss)
    phi and eps phi' continuous at r_j,                phi_B - phi_A = V_bi

solved by (phi - phi_A) ~ sinh(r/lambda_A) / r and
(phi - phi_B) ~ (cosh s - (lambda_B/R) sinh s) / r with s = (R - r)/lambda_B. The reference is
phi(R) = 0. V_bi = (W_A - W_B)/e > 0 puts the core below the shell: it draws cations into the core.

Limits: lambda << R gives the full step V_bi; lambda >> R a flat profile. Linear in V_bi, so at
steps above V_T the true profile is steeper (laws.poisson_boltzmann).
Source: Debye and Hueckel, Phys. Z. 24, 185 (1923); the two-region solution is derived above.
"""

from typing import Any

import numpy as np


def _sinh_ratio(u: Any, v: Any) -> Any:
    """sinh(u) / sinh(v) for 0 <= u <= v, without overflow."""
    return np.exp(u - v) * (1 - np.exp(-2 * u)) / (1 - np.exp(-2 * v))


def _coth(u: Any) -> Any:
    return (1 + np.exp(-2 * u)) / (1 - np.exp(-2 * u))


def core_shell_potential(
    x: Any,
    built_in_potential: Any,
    debye_core: Any,
    debye_shell: Any,
    core_fraction: Any,
    permittivity_ratio: Any = 1.0,
) -> Any:
    """phi at the radius x R, with phi(R) = 0 [V].

    x : r/R in (0, 1]
    built_in_potential : V_bi = phi_B - phi_A, shell minus core [V]; (W_A - W_B)/e is its upper bound
    debye_core, debye_shell : lambda_A / R and lambda_B / R [-], positive
    core_fraction : r_j / R in (0, 1)
    permittivity_ratio : eps_A / eps_B [-]
    """
    a, b, x_j = debye_core, debye_shell, core_fraction
    core, shell, h_j = _amplitudes(built_in_potential, a, b, x_j, permittivity_ratio)
    s_j = (1 - x_j) / b
    phi_shell = -2 * np.exp(-s_j) * shell
    phi_core = phi_shell - built_in_potential

    inner = np.minimum(x, x_j)
    outer = np.maximum(x, x_j)
    s = (1 - outer) / b
    h = (1 - b) * np.exp(s - s_j) + (1 + b) * np.exp(-s - s_j)
    in_core = phi_core + core * _sinh_ratio(inner / a, x_j / a) / inner
    in_shell = phi_shell + shell * h / outer
    # both are equal at x_j; at all other x one of them is frozen at its value there
    at_junction = phi_shell + shell * h_j / x_j
    return in_core + in_shell - at_junction


def core_shell_slope(
    x: Any,
    built_in_potential: Any,
    debye_core: Any,
    debye_shell: Any,
    core_fraction: Any,
    permittivity_ratio: Any = 1.0,
) -> Any:
    """d(phi)/dx of `core_shell_potential` [V]; the field is -d(phi)/dx / R [V.m-1].

    Arguments as in `core_shell_potential`. At the junction the slope jumps with the permittivity, which keeps
    eps phi' continuous; x = r_j/R itself counts as shell. At x = 1 it is zero.
    """
    a, b, x_j = debye_core, debye_shell, core_fraction
    core, shell, _ = _amplitudes(built_in_potential, a, b, x_j, permittivity_ratio)
    s_j = (1 - x_j) / b
    inner = np.minimum(x, x_j)
    outer = np.maximum(x, x_j)
    u, u_j, s = inner / a, x_j / a, (1 - outer) / b
    sinh = _sinh_ratio(u, u_j)
    # (sinh(x/a)/x)' = [cosh(x/a)/a - sinh(x/a)/x] / x
    in_core = core * (_coth(u) / a - 1 / inner) * sinh / inner
    grows, falls = (1 - b) * np.exp(s - s_j), (1 + b) * np.exp(-s - s_j)
    # (h/x)' = [-(dh/ds)/b - h/x] / x
    in_shell = shell * (-(grows - falls) / b - (grows + falls) / outer) / outer
    inside = x < x_j
    return inside * in_core + (1 - inside) * in_shell


def _amplitudes(
    built_in_potential: Any, a: Any, b: Any, x_j: Any, permittivity_ratio: Any
) -> tuple[Any, Any, Any]:
    """Amplitude of the core, at x_j, and of the shell, with h(s_j) of the shell, both times exp(-s_j) 2 [V], [-]."""
    decay = np.exp(-2 * (1 - x_j) / b)
    # shell shape h(s) = cosh s - b sinh s and its slope, both divided by exp(s_j) / 2
    h_j = (1 - b) + (1 + b) * decay
    dh_j = (1 - b) - (1 + b) * decay
    # eps phi' continuous: amplitude of the core over that of the shell, both taken at x_j
    slope_core = permittivity_ratio * (_coth(x_j / a) / a - 1 / x_j)
    slope_shell = -dh_j / b - h_j / x_j
    core_over_shell = slope_shell / slope_core
    # phi continuous: phi_A + core = phi_B + shell
    shell = x_j * built_in_potential / (core_over_shell - h_j)
    return core_over_shell * shell, shell, h_j


def surviving_step(debye_core: float, debye_shell: float, core_fraction: float) -> float:
    """Share of V_bi that is left between the centre and the surface of the particle [-].

    Near 1 for lambda << R, falling as (R/lambda)^2 for lambda >> R: the size ratio decides
    whether there is a field at all.
    """
    centre = core_shell_potential(1e-6 * core_fraction, 1.0, debye_core, debye_shell, core_fraction)
    return float(-centre)
