"""Flux of ions between two nodes of a particle of two hosts, each with its own isotherm.

At a place with the built-in potential phi a host holds theta_h(u + phi), u the electrochemical potential of the ions
as an electrode potential [V]; ions run to where u is higher,

    n = k D c(u + phi) grad(u),      c = -d(theta)/du,      k capacity per volume over the mean             (1)

Within a host, with phi taken between both nodes,

    n = (k D / h) [theta_h(u_l + phi) - theta_h(u_r + phi)]                                                 (2)

which is the integral of (1) over u: an ion hops at one potential. It is zero if and only if u is the same at both
nodes, is Fick's law for phi = 0, and is bounded whatever u is. Across the junction of A (left) and B (right) u is
continuous, so both half distances conduct in series,

    n = (u_r - u_l) / (h_l / (k_A D_A c_A) + h_r / (k_B D_B c_B)),                                           (3)

c the secants between both nodes (laws.multi_site.secant_capacitance). It rests with u as well, and becomes (2) for
equal hosts. Limits: (3) is of first order in the difference of u over the junction, where the mesh is fine.
"""

from collections.abc import Callable
from typing import Any


def flux_in_host(
    left: Any,
    right: Any,
    phi: Any,
    distance: Any,
    scale: Any,
    occupancy: Callable[[Any], Any],
) -> Any:
    """n from left to right in one host, equation (2) [scale over distance].

    left, right : u of the two nodes;  phi : between them [V];  scale : k D;  occupancy : theta_h of a potential
    """
    return scale / distance * (occupancy(left + phi) - occupancy(right + phi))


def flux_at_junction(
    potentials: tuple[Any, Any],
    phis: tuple[Any, Any],
    distances: tuple[Any, Any],
    scales: tuple[Any, Any],
    secants: tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]],
) -> Any:
    """n from A to B across their junction, equation (3).

    potentials : u left and right [V];  phis : phi on the way to the junction, left and right [V];  distances : to
    the junction;  scales : k D of A and B;  secants : of both isotherms, between two potentials [V-1]
    """
    left, right = potentials
    resistance: Any = 0
    for phi, distance, scale, secant in zip(phis, distances, scales, secants, strict=True):
        resistance = resistance + distance / (scale * secant(left + phi, right + phi))
    return (right - left) / resistance
