"""A built-in field whose amplitude follows the mean occupancy, derived from a free energy.

Work functions shift as ions enter, so the potential at a site is a(theta_m) phi(r), theta_m = <theta> the
mean over all sites and Phi(r) = z phi / V_T that of the empty particle.  Ions move down

    mu(r) = ln(theta / (1 - theta)) + a(theta_m) Phi(r),        a = 1 - alpha theta_m

**What the electrode sees.**  With a frozen, the open-circuit curve U of the particle is U(G(mu)), where
G(mu) = <1 / (1 + e^{a Phi - mu})> is its mean occupancy at the uniform potential mu.  So

    F[theta] = -F_0 < int_0^theta U(G(ln(t / (1 - t)) + a Phi)) dt >,       a = a(theta_m)

is the free energy per site (F_0 Faraday's constant), and its derivative the potential of an ion,

    dF/d theta(r) = -F_0 U(G(mu(r))) + a' <df/da>,      a' = da/d theta_m.

The second term is the same at every r: it drives no flux, and the first falls wherever mu does.
But an ion that enters at the surface pays both, so the electrode's potential is

    U_el = U(G(mu_s)) + a' Z,
    Z = < int_{mu_s}^{mu(r)} [Phi(r) - Phi_m(m)] t (1 - t) dU(G(m)) >,    t = 1 / (1 + e^{a Phi(r) - m})

with Phi_m = <Phi t (1 - t)> / <t (1 - t)>.  Derivation: df/da under the integral is dU/dm (Phi - Phi_m),
since U(G) depends on a through dG/da = -Phi_m dG/dm; up to mu_s the averages cancel by the definition
of Phi_m, so the integral starts there.  At rest mu = mu_s everywhere and Z = 0: the measured U is
preserved.  Away from rest Z is of first order, as the dissipation is: leaving it out would let
closed cycles yield energy.  With Z every cycle loses what the fluxes dissipate,
-F_0 < N grad U(G(mu)) > >= 0.

The average over sites goes by their potential: shares of 13 levels x_q between 0 (surface) and -1 (the
full step), Phi = top x, found by Lagrange interpolation; the path from mu_s to mu(r) has 8 nodes.
Error of U_el in arbitrary states: below 1e-6 V for |top a| = 2.4, 4e-5 V for 6.  All functions take
floats, arrays or symbols of CasADi.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

LEVELS = tuple(float(x) for x in (np.cos(np.pi * np.arange(13) / 12) - 1) / 2)
"""Chebyshev-Lobatto levels of the potential, from 0 to -1 in units of the step."""


def _lobatto(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nodes and weights on [0, 1], and the matrix that differentiates a polynomial at the nodes."""
    inner = np.polynomial.legendre.Legendre.basis(count - 1).deriv().roots()
    nodes = np.concatenate(([-1.0], np.sort(inner.real), [1.0]))
    last = np.polynomial.legendre.Legendre.basis(count - 1)(nodes)
    weights = 2 / (count * (count - 1) * last**2)
    apart = nodes[:, None] - nodes[None, :] + np.eye(count)
    slopes = last[:, None] / last[None, :] / apart
    slopes[np.diag_indices(count)] = 0
    slopes[np.diag_indices(count)] = -slopes.sum(axis=1)
    return (nodes + 1) / 2, weights / 2, 2 * slopes


_PATH, _WEIGHTS, _SLOPES = _lobatto(8)


def amplitude(mean: Any, fading: Any) -> Any:
    """a = 1 - alpha theta_m [-]."""
    return 1 - fading * mean


def level_share(index: int, psi: Any) -> Any:
    """How much of a site with the potential psi = Phi / top counts for a level (Lagrange) [-]."""
    share: Any = 1.0
    for k, level in enumerate(LEVELS):
        if k != index:
            share = share * (psi - level) / (LEVELS[index] - level)
    return share


def _at_levels(mu: Any, top: Any) -> list[Any]:
    return [1 / (1 + np.exp(top * level - mu)) for level in LEVELS]


def mean_at(mu: Any, top: Any, shares: Sequence[Any]) -> Any:
    """G(mu): mean occupancy at a uniform potential [-]; top = a z V / V_T [-]."""
    return sum(w * t for w, t in zip(shares, _at_levels(mu, top), strict=True))


def _mean_level(mu: Any, top: Any, shares: Sequence[Any]) -> Any:
    """Phi_m / top: mean level of the sites that are being filled [-]."""
    filling = [w * t * (1 - t) for w, t in zip(shares, _at_levels(mu, top), strict=True)]
    return sum(x * one for x, one in zip(LEVELS, filling, strict=True)) / sum(filling)


def path_potential(index: int, theta: Any, surface: Any, phi: Any) -> Any:
    """m at a node of the path from mu_s to mu(r) [-]; phi = a Phi(r)."""
    start = np.log(surface / (1 - surface))
    return start + _PATH[index] * (np.log(theta / (1 - theta)) + phi - start)


def path_mean(index: int, theta: Any, surface: Any, phi: Any, top: Any, *shares: Any) -> Any:
    """G(m) at a node of the path [-]; phi = a Phi(r), top = a z V / V_T."""
    return mean_at(path_potential(index, theta, surface, phi), top, shares)


def path_kernel(
    index: int, theta: Any, surface: Any, phi: Any, psi: Any, top: Any, *shares: Any
) -> Any:
    """[Phi(r) - Phi_m] t (1 - t) / (z V / V_T) at a node of the path, times its quadrature weight [-].

    psi = Phi(r) / (z V / V_T); the others as in `path_mean`.
    """
    mu = path_potential(index, theta, surface, phi)
    t = 1 / (1 + np.exp(phi - mu))
    return float(_WEIGHTS[index]) * t * (1 - t) * (psi - _mean_level(mu, top, shares))


def path_integral(potentials: Sequence[Any], kernels: Sequence[Any]) -> Any:
    """Z / (z V / V_T) of one site [V], to be averaged over all: sum of kernel times dU along the path.

    potentials : U(G) [V] at the nodes of the path, through which U is a polynomial
    """
    return sum(
        kernel * sum(float(d) * u for d, u in zip(slopes, potentials, strict=True))
        for kernel, slopes in zip(kernels, _SLOPES, strict=True)
    )


PATH_NODES = range(len(_PATH))
