"""The volumes of a particle: where they are thin, and how they follow the junction.

Without a radial field a particle is divided on x = r/R, in volumes that thin out towards the surface: at high
rates only the layer sqrt(D t) below it works. With a radial field they thin out towards the junction too,
and one face lies on it. Where the junction is, x_j, is a value of the cell, and the mesh of a built model is made
of numbers; so it is made on a coordinate xi on which the junction is always at XI_J, and core and shell
are stretched to their sizes, each evenly:

    x = s xi,      s = b + (1 - b) / max(xi, XI_J),      b = (1 - x_j) / (1 - XI_J)

Areas and volumes are those of x, exactly: no ion is lost by the stretch.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Edges = NDArray[np.float64]

XI_J = 0.8
"""Place of the junction on xi."""
SURFACE_STRETCH = 4.0
"""How much thinner the outermost volume of a particle without a field is: exp(SURFACE_STRETCH) times."""
_ZONES = (10, 8, 10)
"""Volumes of the core, of the inner and of the outer half of the shell, or in these proportions."""
_THINNEST = (0.03, 0.1, 0.05)
"""Distance from the junction or surface, over the length of the zone, within which volumes are even."""


def _thinning(count: int, stretch: float) -> Edges:
    """Edges of `count` volumes of [0, 1] that thin out towards 1, the last exp(stretch) times."""
    inwards = np.linspace(1, 0, count + 1)
    return 1 - np.expm1(stretch * inwards) / np.expm1(stretch)


def surface_refined_edges(count: int) -> Edges:
    """Edges of `count` volumes of [0, 1] that thin out towards 1.

    x_k = 1 - (e^{a (1 - k/N)} - 1) / (e^a - 1), a = SURFACE_STRETCH.
    """
    return _thinning(count, SURFACE_STRETCH)


def junction_refined_edges(count: int) -> Edges:
    """Edges on xi of `count` volumes, 3 or more, that thin out towards XI_J on both sides and towards 1.

    Raises ValueError for fewer.
    """
    if count < len(_ZONES):
        raise ValueError(f"A particle with a field has {count} volumes; allowed: 3 or more.")
    ends = np.round(np.cumsum([0, *_ZONES]) * count / sum(_ZONES)).astype(int)
    core, inner, outer = (
        _thinning(number, np.log1p(1 / thinnest))
        for number, thinnest in zip(np.diff(ends), _THINNEST, strict=True)
    )
    middle = (XI_J + 1) / 2
    half = middle - XI_J
    return np.concatenate(
        [XI_J * core, (middle - half * inner[::-1])[1:], (middle + half * outer)[1:]]
    )


def centres_of_mass(edges: Edges) -> Edges:
    """Places at which a linear profile has its mean over each spherical volume."""
    return np.asarray(3 / 4 * np.diff(edges**4) / np.diff(edges**3))


def stretch(xi: Any, junction: Any) -> Any:
    """x / xi for a junction at x_j = r_j/R in (0, 1); numbers, arrays or symbols."""
    shell = (1 - junction) / (1 - XI_J)
    return shell + (1 - shell) / np.maximum(xi, XI_J)


def placed(edges: Edges, junction: float) -> tuple[Edges, Edges]:
    """Edges and nodes on x of volumes with these edges on xi, for a junction at x_j = r_j/R."""
    nodes = centres_of_mass(edges)
    return edges * stretch(edges, junction), nodes * stretch(nodes, junction)


def particle_edges(has_field: bool) -> Callable[[int], Edges]:
    """The law of the edges of a particle with or without a radial field."""
    return junction_refined_edges if has_field else surface_refined_edges


def volume_count(has_field: bool, classes: int) -> int:
    """Volumes that a particle has unless told otherwise: more where there is one size only, for the errors of
    several sizes do not fall together."""
    if classes == 1:
        return 48 if has_field else 40
    return 36 if has_field else 24
