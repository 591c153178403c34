"""Nonlinear Poisson-Boltzmann equation, numerically, in a slab, a cylinder or a sphere.

    div(eps grad phi) = (eps / lambda^2) V_T g(u),   u = (phi - phi_bulk) / V_T

phi and phi_bulk in units of V_T [-], lambda [m] Debye length, g [-] the charge law of the medium
with g(u) = u + O(u^2): pass `linear`, `boltzmann_pair`, `mobile_cations`, `mobile_anions`, or what
`blakemore` and `bikerman` return.  Numbers and arrays.

The unknowns are phi and q = r^n eps phi' (n = 0 slab, 1 cylinder, 2 sphere); q vanishes at both
ends, so the collocation conserves the total charge (zero) to the residual of its equations.
Limits: mean field, continuum; radii and layers many lattice constants wide.
Solver: scipy.integrate.solve_bvp (fourth-order collocation), J. Kierzenka and L. F. Shampine, ACM
Trans. Math. Softw. 27 (2001) 299, doi:10.1145/502800.502801.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.integrate import solve_bvp

from hetsim.laws.mixing import require_positive

SLAB, CYLINDER, SPHERE = 0, 1, 2
"""Exponent n of the area r^n."""

FIRST_STEP = 1.0
"""Potentials are raised in steps of this many V_T, halved where Newton does not follow ..."""

SMALLEST_STEP = 0.05
"""... down to this one, where the solver gives up."""

ROUGH_TOL, ROUGH_NODES = 1e-2, 1_000
"""Tolerance and nodes on the way up: many nodes there mean that Newton has lost the solution."""

MAX_NODES = 40_000

Charge = Callable[[Any], Any]


class NotConvergedError(RuntimeError):
    """The boundary-value solver stopped short; the message says what to try."""


def linear(u: Any) -> Any:
    """Debye-Hueckel: g = u.  Limits: |u| << 1."""
    return u


def boltzmann_pair(u: Any) -> Any:
    """Two mobile carriers of opposite charge (Gouy-Chapman): g = sinh u."""
    return np.sinh(u)


def mobile_cations(u: Any) -> Any:
    """Dilute mobile cations, frozen anions: g = 1 - e^-u.  u > 0 depletes (Mott-Schottky)."""
    return -np.expm1(-u)


def mobile_anions(u: Any) -> Any:
    """Dilute mobile anions (or electrons), frozen cations: g = e^u - 1.  u < 0 depletes."""
    return np.expm1(u)


def blakemore(occupancy: float) -> Charge:
    """Cations on a lattice of sites, occupied to theta in the bulk, frozen counter charge.

    c / c_bulk = e^-u / (1 - theta + theta e^-u),   g = (1 - e^-u) / (1 - theta + theta e^-u)

    with lambda = sqrt(eps R T / (z^2 F^2 c_bulk (1 - theta))).  -1/theta < g < 1/(1 - theta): the
    charge density ends at full and at empty sites.
    Source: J. S. Blakemore, Solid-State Electron. 25 (1982) 1067, doi:10.1016/0038-1101(82)90143-5.
    """
    if not 0 <= occupancy < 1:
        raise ValueError(f"occupancy must lie in [0, 1), got {occupancy!r}.")

    def charge(u: Any) -> Any:
        depletion = -np.expm1(-u)
        return depletion / (1 - occupancy * depletion)

    return charge


def bikerman(packing: float) -> Charge:
    """Two mobile carriers that share sites, together filling the share nu of them in the bulk.

    g = sinh u / (1 + 2 nu sinh^2(u / 2))

    Source: M. S. Kilic, M. Z. Bazant and A. Ajdari, Phys. Rev. E 75 (2007) 021502,
    doi:10.1103/PhysRevE.75.021502.
    """
    if not 0 <= packing < 1:
        raise ValueError(f"packing must lie in [0, 1), got {packing!r}.")

    def charge(u: Any) -> Any:
        return np.sinh(u) / (1 + 2 * packing * np.sinh(u / 2) ** 2)

    return charge


@dataclass(frozen=True)
class SurfaceLayer:
    """Solution of `surface_layer`: callable u(x / lambda), and its slope."""

    solution: Any

    def __call__(self, x: Any) -> Any:
        """u at x / lambda [-]."""
        return self.solution.sol(x)[0]

    def slope(self, x: Any) -> Any:
        """lambda du/dx at x / lambda [-]."""
        return self.solution.sol(x)[1]


def surface_layer(
    charge: Charge, surface_potential: float, length: float = 20.0, tol: float = 1e-6
) -> SurfaceLayer:
    """u(x) beside a plane whose potential is given; x in units of lambda.

    u'' = g(u),   u(0) = surface_potential,   u'(length) = 0

    length : [lambda] large enough that e^-length does not matter
    Raises NotConvergedError.
    """
    require_positive(length=length, tol=tol)
    x = np.linspace(0, 1, 101) ** 2 * length
    u = np.zeros((2, x.size))

    def problem(level: float) -> tuple[Any, Any]:
        end = np.sign(surface_potential) * level
        return (
            lambda x, u: np.array([u[1], charge(u[0])]),
            lambda left, right: np.array([left[0] - end, right[1]]),
        )

    solution = _raise_potential(problem, abs(surface_potential), x, u, tol)
    return SurfaceLayer(solution)


@dataclass(frozen=True)
class Medium:
    """Charge law, Debye length [m], bulk potential [V_T], permittivity [any one unit]."""

    charge: Charge
    debye_length: float
    bulk_potential: float = 0.0
    permittivity: float = 1.0

    def __post_init__(self) -> None:
        require_positive(debye_length=self.debye_length, permittivity=self.permittivity)


@dataclass(frozen=True)
class TwoMediaProfile:
    """Solution of `two_media`; positions r in [0, radius] [m], potentials in V_T.

    `inner` and `outer` are the media with lengths in units of `radius`.
    """

    inner: Medium
    outer: Medium
    junction: float
    radius: float
    geometry: int
    solution: Any

    def potential(self, r: Any) -> np.ndarray:
        """phi(r) [V_T]; far from the junction it is the bulk potential of either medium."""
        return self._take(r, 0, 2)

    def slope(self, r: Any) -> np.ndarray:
        """dphi/dr [V_T.m-1] for r > 0; jumps at the junction where permittivities differ."""
        x = np.asarray(r, dtype=float) / self.radius
        permittivity = np.where(x < self.junction, self.inner.permittivity, self.outer.permittivity)
        return self._take(r, 1, 3) / (x**self.geometry * permittivity * self.radius)

    def charges(self) -> tuple[float, float]:
        """Charge of the inner and of the outer medium, opposite and equal [eps V_T R^(n - 1)].

        -int (eps / lambda^2) g r^n dr by Simpson's rule on the nodes and their midpoints.
        """
        return self._charge(self.inner, 0, 0.0), self._charge(self.outer, 2, 1.0)

    def _charge(self, medium: Medium, row: int, far_end: float) -> float:
        t = self.solution.x
        length = self.junction - far_end

        def density(t: np.ndarray) -> np.ndarray:
            area = (far_end + length * t) ** self.geometry
            return -_slope_source(medium, self.solution.sol(t)[row]) * area

        ends, middles = density(t), density((t[:-1] + t[1:]) / 2)
        return abs(length) * float(np.sum(np.diff(t) / 6 * (ends[:-1] + 4 * middles + ends[1:])))

    def _take(self, r: Any, row_inner: int, row_outer: int) -> np.ndarray:
        x = np.asarray(r, dtype=float) / self.radius
        at_inner = np.minimum(x / self.junction, 1)
        at_outer = np.minimum((1 - x) / (1 - self.junction), 1)
        inner = self.solution.sol(at_inner)[row_inner]
        return np.where(x < self.junction, inner, self.solution.sol(at_outer)[row_outer])


def two_media(
    inner: Medium,
    outer: Medium,
    junction: float,
    radius: float,
    geometry: int = SPHERE,
    tol: float = 1e-6,
) -> TwoMediaProfile:
    """Two media joined at r = junction, no field at r = 0 and r = radius.

    q' = r^n (eps / lambda^2) g(phi - phi_bulk),   phi' = q / (r^n eps)
    q(0) = 0,   q(radius) = 0,   phi and q continuous at the junction

    Total charge is zero, as in a particle or bilayer without charge outside.
    geometry : SLAB, CYLINDER or SPHERE.   Raises ValueError, NotConvergedError.
    """
    require_positive(junction=junction, radius=radius, tol=tol)
    if junction >= radius:
        raise ValueError(f"junction {junction!r} m must lie inside radius {radius!r} m.")
    x_j = junction / radius
    scaled = [replace(m, debye_length=m.debye_length / radius) for m in (inner, outer)]
    # t = 1 is the junction in both media, where nodes are dense
    t = 1 - np.linspace(1, 0, 121) ** 2
    span = abs(inner.bulk_potential - outer.bulk_potential)
    middle = (inner.bulk_potential + outer.bulk_potential) / 2
    y = np.full((4, t.size), middle)
    y[1] = y[3] = 0

    def problem(level: float) -> tuple[Any, Any]:
        share = level / span if span else 1.0
        a, b = (
            replace(m, bulk_potential=middle + share * (m.bulk_potential - middle)) for m in scaled
        )
        return _two_media_rates(a, b, x_j, geometry), _two_media_ends

    solution = _raise_potential(problem, span, t, y, tol)
    return TwoMediaProfile(scaled[0], scaled[1], x_j, radius, geometry, solution)


def _two_media_rates(
    inner: Medium, outer: Medium, x_j: float, geometry: int
) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    def rates(t: np.ndarray, y: np.ndarray) -> np.ndarray:
        out = np.empty_like(y)
        for row, medium, far_end in ((0, inner, 0.0), (2, outer, 1.0)):
            length = x_j - far_end
            area = (far_end + length * t) ** geometry
            phi, q = y[row], y[row + 1]
            # q falls faster than the area towards r = 0, so the slope there is zero
            slope = np.divide(q, area, out=np.zeros_like(q), where=area > 0) / medium.permittivity
            out[row] = length * slope
            out[row + 1] = length * area * _slope_source(medium, phi)
        return out

    return rates


def _two_media_ends(far: np.ndarray, junction: np.ndarray) -> np.ndarray:
    return np.array([far[1], far[3], junction[0] - junction[2], junction[1] - junction[3]])


def _slope_source(medium: Medium, phi: Any) -> Any:
    """div(eps grad phi) = (eps / lambda^2) g(phi - phi_bulk)."""
    return medium.permittivity / medium.debye_length**2 * medium.charge(phi - medium.bulk_potential)


def _raise_potential(
    problem: Callable[[float], tuple[Any, Any]], target: float, x: Any, y: Any, tol: float
) -> Any:
    """Solve `problem(level)` for levels that rise to `target`, each from the one before."""
    level, step = 0.0, FIRST_STEP
    while level + step < target:
        solution = solve_bvp(*problem(level + step), x, y, tol=ROUGH_TOL, max_nodes=ROUGH_NODES)
        if solution.success:
            level, x, y = level + step, solution.x, solution.y
        elif step > SMALLEST_STEP:
            step /= 2
        else:
            break
    solution = solve_bvp(*problem(target), x, y, tol=tol, max_nodes=MAX_NODES)
    if not solution.success:
        raise NotConvergedError(
            f"Poisson-Boltzmann did not converge ({solution.message.strip()});"
            " try a smaller potential, a larger Debye length or a larger tol."
        )
    # the solver stops its Newton steps at tol; a few more on the same nodes conserve the charge
    nodes = solution.x
    return solve_bvp(*problem(target), nodes, solution.y, tol=1e-13, max_nodes=nodes.size)
