"""Sites of a host from its open-circuit curve, as a file of another program gives it.

A curve U(x) over the occupancy x, or its two branches, is met by the isotherm of laws.multi_site: n kinds of sites with
a potential, a share, a width and, with two branches, a hysteresis. The number of kinds grows until the potentials are
met or the most is reached. The curve is taken as exact; measured ones with noise and an ohmic shift belong to the fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit

from hetsim.errors import ParameterError
from hetsim.laws.multi_site import Sites, potential_of, steps_of

Array = NDArray[np.float64]

MOST = 10
"""Kinds of sites at most."""
GOOD_ENOUGH = 2e-3
"""Root mean square deviation of the potentials at which no further kind is tried [V]."""
RIPPLE = 5e-3
"""By how much a curve may rise and is levelled [V]."""
_WIDTHS = (0.21, 59.0)
"""In units of the thermal voltage: within the limits of the parameter files."""
_LARGEST_GAP = 4.0
"""[V], as in the parameter files."""
_FARTHEST = 30.0
"""Of a logarithm."""
_STEPS = 400
_SLOPES = (0.05, 20.0)
"""Slopes of a curve that count, so that neither a plateau is without weight nor an end has all of it [V]."""
_SUM = 10.0
"""Weight of the sum of the shares, which is set to one after the fit [V]."""


@dataclass(frozen=True)
class SitesOfCurve:
    """Sites that meet a curve.

    Parameters
    ----------
    potentials, shares, widths, hysteresis : tuple[float, ...]
        As those of a `Host`: [V], [-], [RT/zF], [V]
    deviation : float
        Root mean square of the potentials [V]
    """

    potentials: tuple[float, ...]
    shares: tuple[float, ...]
    widths: tuple[float, ...]
    hysteresis: tuple[float, ...]
    deviation: float


def sites_of_curve(
    occupancy: Array,
    insertion: Array,
    extraction: Array | None,
    thermal_voltage: float,
    most: int = MOST,
    where: str = "The open-circuit curve",
) -> SitesOfCurve:
    """Sites whose isotherm has an open-circuit curve.

    Parameters
    ----------
    occupancy : Array
        x in (0, 1), rising [-]
    insertion : Array
        Potential at each of them while ions enter [V]
    extraction : Array | None
        While they leave; None where both are the same
    thermal_voltage : float
        RT/zF [V]
    most : int, default 10
        Kinds of sites at most
    where : str, default 'The open-circuit curve'
        What the curve is called in a message

    Returns
    -------
    SitesOfCurve

    Raises
    ------
    ParameterError
        For a curve that does not fall, or lies outside -1 to 6 V.
    """
    branches = [insertion] if extraction is None else [insertion, extraction]
    branches = [_checked(occupancy, branch, where) for branch in branches]
    best: SitesOfCurve | None = None
    for count in range(1, most + 1):
        found = _fitted(occupancy, branches, thermal_voltage, count)
        if best is None or found.deviation < best.deviation:
            best = found
        if best.deviation < GOOD_ENOUGH:
            break
    assert best is not None
    return best


def _checked(occupancy: Array, branch: Array, where: str) -> Array:
    """The branch, falling throughout: ripples of less than RIPPLE, as formulas of others have, are levelled."""
    if not np.isfinite(branch).all():
        wrong = occupancy[~np.isfinite(branch)][0]
        raise ParameterError(f"{where} is no number at an occupancy of {wrong:.3g}.")
    falling = np.minimum.accumulate(branch)
    rise = branch - falling
    if rise.max() > RIPPLE:
        raise ParameterError(
            f"{where} rises by {1e3 * rise.max():.3g} mV up to an occupancy of {occupancy[np.argmax(rise)]:.3g}; the "
            "potential of a host falls while ions enter it."
        )
    if branch.min() < -1 or branch.max() > 6:
        raise ParameterError(
            f"{where} goes from {branch.max():.3g} to {branch.min():.3g} V; allowed are 6 to -1 V."
        )
    return falling


def _fitted(
    occupancy: Array, branches: list[Array], thermal_voltage: float, count: int
) -> SitesOfCurve:
    """The fit with so many kinds of sites.

    theta(U) is explicit, so the deviations are those of the occupancy times the slope -dU/dx, which are those of the
    potential where both are small.
    """
    gaps = len(branches) == 2
    ways = (1, -1) if gaps else (0,)
    slopes = [np.clip(-np.gradient(one, occupancy), *_SLOPES) for one in branches]
    problem = _Problem(occupancy, branches, ways, slopes, thermal_voltage, count)
    start = _start(occupancy, branches, thermal_voltage, count)
    result = least_squares(
        problem.deviations, start, problem.jacobian, method="lm", max_nfev=_STEPS
    )
    found = problem.sites(result.x)
    found = Sites(
        found.potentials,
        list(np.asarray(found.shares) / sum(found.shares)),
        list(np.clip(found.widths, *_WIDTHS)),
        list(np.clip(found.hysteresis, 0, _LARGEST_GAP)),
    )
    deviation = [
        potential_of(occupancy, steps_of(found, thermal_voltage, way)) - branch
        for way, branch in zip(ways, branches, strict=True)
    ]
    order = np.argsort(-np.asarray(found.potentials))

    def listed(numbers: Sequence[Any]) -> tuple[float, ...]:
        return tuple(float(one) for one in np.asarray(numbers)[order])

    return SitesOfCurve(
        potentials=listed(found.potentials),
        shares=listed(found.shares),
        widths=listed(found.widths),
        hysteresis=listed(found.hysteresis),
        deviation=float(np.sqrt(np.mean(np.square(deviation)))),
    )


@dataclass(frozen=True)
class _Problem:
    """Deviations and their derivatives for the unknowns: potentials, and logarithms of shares, widths and, with two
    branches, gaps."""

    occupancy: Array
    branches: list[Array]
    ways: tuple[int, ...]
    slopes: list[Array]
    thermal_voltage: float
    count: int

    def sites(self, x: Array) -> Sites:
        n = self.count
        rest = np.exp(np.clip(x[n:], -_FARTHEST, _FARTHEST))
        gaps = rest[2 * n :] if len(self.ways) == 2 else np.zeros(n)
        return Sites(list(x[:n]), list(rest[:n]), list(rest[n : 2 * n]), list(gaps))

    def _filled(self, x: Array, branch: Array, way: int) -> tuple[Array, Array]:
        """Argument of the logistic function and filling of each kind of site at each potential [points, kinds]."""
        sites = self.sites(x)
        at = np.asarray(sites.potentials) - way * np.asarray(sites.hysteresis) / 2
        argument = (branch[:, None] - at) / (np.asarray(sites.widths) * self.thermal_voltage)
        return argument, expit(-argument)

    def deviations(self, x: Array) -> Array:
        shares = np.asarray(self.sites(x).shares)
        rows = [
            slope * (self._filled(x, branch, way)[1] @ shares - self.occupancy)
            for branch, way, slope in zip(self.branches, self.ways, self.slopes, strict=True)
        ]
        return np.concatenate([*rows, [_SUM * (shares.sum() - 1)]])

    def jacobian(self, x: Array) -> Array:
        sites = self.sites(x)
        shares, gaps = np.asarray(sites.shares), np.asarray(sites.hysteresis)
        rows = []
        for branch, way, slope in zip(self.branches, self.ways, self.slopes, strict=True):
            argument, filled = self._filled(x, branch, way)
            change = shares * filled * (1 - filled)
            by_potential = change / (np.asarray(sites.widths) * self.thermal_voltage)
            columns = [by_potential, shares * filled, change * argument]
            if len(self.ways) == 2:
                columns.append(-way * by_potential * gaps / 2)
            rows.append(slope[:, None] * np.hstack(columns))
        of_sum = np.zeros(x.size)
        of_sum[self.count : 2 * self.count] = _SUM * shares
        return np.vstack([*rows, of_sum])


def _start(occupancy: Array, branches: list[Array], thermal_voltage: float, count: int) -> Array:
    """Sites of equal shares along the middle of the branches, each as wide as its part of the curve."""
    middle = np.mean(branches, axis=0)
    parts = np.linspace(occupancy[0], occupancy[-1], 2 * count + 1)
    potentials = np.interp(parts[1::2], occupancy, middle)
    edges = np.interp(parts[::2], occupancy, middle)
    widths = np.clip((edges[:-1] - edges[1:]) / (4 * thermal_voltage), 0.4, 20.0)
    gap = [max(float(np.mean(branches[-1] - branches[0])), 1e-3)] * (count * (len(branches) - 1))
    return np.concatenate([potentials, np.log([*[1 / count] * count, *widths, *gap])])
