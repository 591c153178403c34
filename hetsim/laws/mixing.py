"""Effective transport of a mixture: from the phases and their geometry to one coefficient.

Every law takes diffusivities [m2.s-1] or conductivities [S.m-1] alike (any transport
coefficient of one unit), as floats, arrays or PyBaMM symbols.  `fractions` are volume fractions
[-] that sum to one.  Shapes are counted by the number of directions in which a body is bounded:
`PLATES`, `FIBRES`, `EQUIAXED`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

PLATES = 1
"""Bounded in one direction: plates, layers, sheets (size = thickness)."""

FIBRES = 2
"""Bounded in two directions: fibres, rods, columnar grains (size = diameter)."""

EQUIAXED = 3
"""Bounded in three directions: spheres, cubes, equiaxed grains (size = diameter)."""

RANDOM_ORIENTATION = 2.0 / 3.0
"""Share of randomly oriented layers that runs along the current, 1 - <cos^2> over the normals."""

FRACTION_TOLERANCE = 1e-9
"""How far volume fractions may miss one: round-off of a user's arithmetic, no more."""


def require_positive(**values: Any) -> None:
    """Refuse numbers that are not finite and > 0; other objects (PyBaMM symbols) pass unchecked.

    Raises ValueError naming the first offending argument and its value.
    """
    for name, value in values.items():
        if _is_number(value) and not np.all(np.isfinite(value) & (np.asarray(value) > 0)):
            raise ValueError(f"{name} must be finite and greater than zero, got {value!r}.")


def parallel(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Phases side by side along the flux: the arithmetic mean, upper Wiener bound.

    k = sum_i f_i k_i.   Limits: exact for layers along the flux; an upper bound for any geometry.
    Source: O. Wiener, Abh. Saechs. Akad. Wiss. 32 (1912) 507.
    """
    _require_fractions(fractions, values)
    return sum(f * k for f, k in zip(fractions, values, strict=True))


def series(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Phases one after the other along the flux: the harmonic mean, lower Wiener bound.

    1 / k = sum_i f_i / k_i.   Limits: exact for layers across the flux; a lower bound for any
    geometry.  For a diffusivity it also assumes equal solubility in all phases (else
    `limits.lifson_jackson`).   Source: O. Wiener, Abh. Saechs. Akad. Wiss. 32 (1912) 507.
    """
    _require_fractions(fractions, values)
    return 1 / sum(f / k for f, k in zip(fractions, values, strict=True))


def maxwell(fraction: Any, matrix: Any, inclusion: Any) -> Any:
    """Spheres in a matrix, Maxwell (Maxwell Garnett), three dimensions.

    k = k_m [2 k_m (1 - f) + k_i (1 + 2 f)] / [k_m (2 + f) + k_i (1 - f)],  f [-] of inclusions.

    Limits: derived for f -> 0; exact at any f for coated spheres that fill space.
    Source: J. C. Maxwell, A Treatise on Electricity and Magnetism (1873), article 314.
    """
    return (
        matrix
        * (2 * matrix * (1 - fraction) + inclusion * (1 + 2 * fraction))
        / (matrix * (2 + fraction) + inclusion * (1 - fraction))
    )


def hashin_shtrikman_bounds(fractions: Sequence[Any], values: Sequence[Any]) -> tuple[Any, Any]:
    """Lower and upper bound for two phases, isotropic in three dimensions.

    k_lower = k_1 + f_2 / (1 / (k_2 - k_1) + f_1 / (3 k_1)) for k_1 <= k_2;
    k_upper exchanges 1 and 2.

    Written as coated spheres (`maxwell` with either phase outside), the same expression without
    the division by k_2 - k_1.   Limits: the tightest bounds for an isotropic mixture of which only
    fractions are known.   Source: Z. Hashin and S. Shtrikman, J. Appl. Phys. 33 (1962) 3125,
    doi:10.1063/1.1728579.
    """
    _require_fractions(fractions, values)
    (f_1, f_2), (k_1, k_2) = fractions, values
    outside_1, outside_2 = maxwell(f_2, k_1, k_2), maxwell(f_1, k_2, k_1)
    return np.minimum(outside_1, outside_2), np.maximum(outside_1, outside_2)


def bruggeman_symmetric(fractions: Sequence[Any], values: Sequence[Any]) -> Any:
    """Effective medium of two phases on an equal footing, spherical grains, three dimensions.

    f_1 (k_1 - k) / (k_1 + 2 k) + f_2 (k_2 - k) / (k_2 + 2 k) = 0, its positive root
    k = [b + sqrt(b^2 + 8 k_1 k_2)] / 4,   b = (3 f_1 - 1) k_1 + (3 f_2 - 1) k_2.

    Limits: random mixture, no phase is the matrix; percolates at one third.
    Source: D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636, doi:10.1002/andp.19354160705.
    """
    _require_fractions(fractions, values)
    (f_1, f_2), (k_1, k_2) = fractions, values
    b = (3 * f_1 - 1) * k_1 + (3 * f_2 - 1) * k_2
    large = (abs(b) + np.sqrt(b**2 + 8 * k_1 * k_2)) / 4
    # the two roots have the product -k_1 k_2 / 2: a small one is not a difference of large numbers
    return large * (b >= 0) + k_1 * k_2 / (2 * large) * (b < 0)


def interface_fraction(grain_size: Any, layer_width: Any, shape: int = EQUIAXED) -> Any:
    """Volume fraction [-] of the boundary layers in a solid that consists of grains.

    f = 1 - (1 - w / d)^n,  d grain size [m], w whole width of a boundary layer [m] (half of it in
    each of the two grains that share the boundary), n = 1 plates, 2 fibres, 3 equiaxed.

    Limits: w << d gives n w / d, boundary area per volume times width; exact for cubes, square
    columns and plates of one size.   Raises ValueError for w > d, where layers would fill more than
    the grain.   Source: geometry.
    """
    require_positive(grain_size=grain_size, layer_width=layer_width)
    if _is_number(grain_size, layer_width) and np.any(
        np.asarray(layer_width) > np.asarray(grain_size)
    ):
        raise ValueError(
            f"layer_width {layer_width!r} m exceeds grain_size {grain_size!r} m: the layer would"
            " fill more than the grain; take a narrower layer or a larger grain."
        )
    return 1 - (1 - layer_width / grain_size) ** shape


def unlike_boundary_fraction(fraction_a: Any) -> Any:
    """Share [-] of boundaries that join unlike grains when A and B are mixed at random.

    A boundary has two sides; each is A with probability x and B with 1 - x, independently:
    P(A|B) + P(B|A) = x (1 - x) + (1 - x) x = 2 x (1 - x).

    Limits: at most one half; A and B of one grain size; no ordering or clustering.
    """
    return 2 * fraction_a * (1 - fraction_a)


def interface_channel(d_bulk: Any, ratio: Any, fraction: Any) -> Any:
    """Grains and interface layers side by side along the flux (`stacked-parallel`).

    D_eff = D_bulk [1 + f (ratio - 1)],  ratio = D_interface / D_bulk, f [-] of the layers.

    Limits: the most that an interface of this ratio and fraction can give in any geometry
    (`parallel`).  `ratio` is one of mobilities: carriers that conduct *and* store leave the
    chemical diffusivity as it was (`limits.along_layers`).
    """
    return d_bulk * (1 + fraction * (ratio - 1))


def interface_network(d_bulk: Any, ratio: Any, fraction: Any) -> Any:
    """Grains inside a connected network of interface layers of all orientations (`dispersed`).

    D_eff = `maxwell` with the interface as matrix: coated grains, the Hashin-Shtrikman upper bound
    for ratio > 1.   Limits: f (ratio) >> 1 gives (2/3) f ratio D_bulk, since one third of an
    isotropic network lies across the flux; f = 0 gives D_bulk.   `ratio` as in `interface_channel`.
    Source: Z. Hashin and S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, doi:10.1063/1.1728579.
    """
    return maxwell(1 - fraction, d_bulk * ratio, d_bulk)


def coating_fraction(
    filler_fraction: Any, filler_size: Any, layer_width: Any, shape: int = EQUIAXED
) -> Any:
    """Volume fraction [-] of the layer around filler particles in a matrix.

    f_L = f [(1 + 2 w / d)^n - 1],  d filler size (diameter, thickness) [m], w layer width [m].

    Limits: w << d gives f Omega w with the area per filler volume Omega = 2 n / d; layers of
    neighbours do not overlap.   Source: geometry.
    """
    require_positive(filler_size=filler_size, layer_width=layer_width)
    return filler_fraction * ((1 + 2 * layer_width / filler_size) ** shape - 1)


def composite_conductivity(
    filler_fraction: Any,
    sigma_bulk: Any,
    sigma_layer: Any,
    filler_size: Any,
    layer_width: Any,
    shape: int = EQUIAXED,
    share_along: Any = RANDOM_ORIENTATION,
) -> Any:
    """Solid electrolyte with an insulating filler and its space-charge layers [S.m-1].

    sigma = (1 - f - f_L) sigma_bulk + beta f_L sigma_layer   (heterogeneous doping)

    f filler fraction [-], f_L `coating_fraction`, beta the share of the layers that is connected
    and runs along the current: 1 aligned sheets, 2/3 random orientation, 0 layers apart.

    Limits: parallel paths, so an upper estimate; layers in series with grains are left out.
    Raises ValueError where filler and layers would fill more than the volume.
    Source: J. Maier, Prog. Solid State Chem. 23 (1995) 171, doi:10.1016/0079-6786(95)00004-E.
    """
    rest, f_layer = _matrix_and_coating(filler_fraction, filler_size, layer_width, shape)
    return rest * sigma_bulk + share_along * f_layer * sigma_layer


def layer_conductivity_needed(
    sigma_composite: Any,
    filler_fraction: Any,
    sigma_bulk: Any,
    filler_size: Any,
    layer_width: Any,
    shape: int = EQUIAXED,
    share_along: Any = RANDOM_ORIENTATION,
) -> Any:
    """Conductivity that the layers must have for a measured composite [S.m-1].

    sigma_layer = [sigma - (1 - f - f_L) sigma_bulk] / (beta f_L),   `composite_conductivity` solved

    Limits: as `composite_conductivity`; since that is an upper estimate, this is the least value.
    Over sigma_bulk it goes into `space_charge.potential_for_ratio`; negative: no layer is needed.
    """
    rest, f_layer = _matrix_and_coating(filler_fraction, filler_size, layer_width, shape)
    return (sigma_composite - rest * sigma_bulk) / (share_along * f_layer)


def _matrix_and_coating(
    filler_fraction: Any, filler_size: Any, layer_width: Any, shape: int
) -> tuple[Any, Any]:
    f_layer = coating_fraction(filler_fraction, filler_size, layer_width, shape)
    rest = 1 - filler_fraction - f_layer
    if _is_number(rest) and np.any(np.asarray(rest) < 0):
        raise ValueError(
            f"Filler ({filler_fraction!r}) and its layers ({f_layer!r}) fill more than the volume:"
            " the layers overlap; take less filler, larger filler or a narrower layer."
        )
    return rest, f_layer


def _is_number(*values: Any) -> bool:
    return all(isinstance(v, int | float | np.number | np.ndarray | list | tuple) for v in values)


def _require_fractions(fractions: Sequence[Any], values: Sequence[Any]) -> None:
    if len(fractions) != len(values):
        raise ValueError(f"{len(fractions)} fractions for {len(values)} values: give one for each.")
    if _is_number(*fractions):
        total = sum(np.asarray(f, dtype=float) for f in fractions)
        if np.any(np.abs(total - 1) > FRACTION_TOLERANCE) or any(
            np.any(np.asarray(f) < 0) for f in fractions
        ):
            raise ValueError(f"Volume fractions must be >= 0 and sum to one, got {fractions!r}.")
