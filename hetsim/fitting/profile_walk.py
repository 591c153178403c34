"""Profile likelihood: how far a value can go if all others follow it as well as they can.

    z^2(v) = 2 (min over the others of cost(v, others) - min cost)

cost is minus the logarithm of the posterior, its noise as large as the points say (fitting.noise_scale). The 95 %
interval ends where z^2 = 3.84, the 95 % point of chi-squared with one degree of freedom: with the scale of the noise
unknown that is Student's interval where the data determine the value, and the prior's where they do not. Each
value is followed twice, with the priors and without, which tells what the data alone would say.

A profile is walked outwards from the minimum. The others follow along the tangent and are then put right by
Gauss-Newton steps; the slope of z^2 is twice the gradient along the value (envelope theorem), and a step aims at
z = 1.96 by it. All walks ask for their points at once, which are simulated side by side; slopes are carried along a
walk and put right by what is simulated (Broyden), and simulated anew where the interval ends.
Source: D. J. Venzon, S. H. Moolgavkar, J. R. Stat. Soc. C 37, 87 (1988), doi:10.2307/2347496; A. Raue et al.,
Bioinformatics 25, 1923 (2009), doi:10.1093/bioinformatics/btp358.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from hetsim.fitting.gauss_newton import (
    Asking,
    Linearised,
    Residuals,
    cost,
    linearisation,
    minimise,
    side_by_side,
)
from hetsim.fitting.noise_scale import NORMAL, scaled
from hetsim.results import Array

LONGEST = 3.0
"""No value is moved by more than a factor of 20 in one step of a walk."""
MOST_STEPS = 12
"""Of a walk; a straight profile takes one or two, one that the data leave open goes on to the limit of the range."""
PUT_RIGHT = 4
"""Most Gauss-Newton steps of the others at one place."""
SETTLED = 0.02
"""What is left to gain in 2 cost at a place: an end of the interval to 0.5 % of its half width."""
NEAR = 0.15
"""|z - 1.96| from which the end is interpolated between the places of a walk."""
CLOSEST = 1e-6
"""Of the logarithm: places nearer than this are one."""
FLAT = 50.0
"""Without priors these are so many times as wide: 0.5 % of the threshold at four widths, and no singular matrix."""


@dataclass(frozen=True)
class Walk:
    """A profile in one direction, from the minimum outwards.

    Parameters
    ----------
    points : Array
        Logarithms of all values, a row a place; the first is the minimum
    statistic : Array
        z^2 there; below zero where a lower minimum was met
    end : float
        Logarithm of the value where z^2 = 3.84, or of where the walk ended
    closed : bool
        Whether that was reached
    failed : bool
        Whether the walk ended because nothing farther could be simulated
    """

    points: Array
    statistic: Array
    end: float
    closed: bool
    failed: bool = False


def walk_all(
    residuals: Residuals, best: Linearised, low: Array, high: Array, level: float = NORMAL**2
) -> list[tuple[Walk, Walk]]:
    """Both walks of each value, downwards and upwards; `residuals` are in units of the noise as it is.

    level : z^2 at the ends
    """
    searches = [
        _walk(best, index, sign, low, high, float(np.sqrt(level)))
        for index in range(len(best.x))
        for sign in (-1, 1)
    ]
    walks = side_by_side(searches, residuals)
    return list(zip(walks[::2], walks[1::2], strict=True))


def settled(
    residuals: Residuals, best: Linearised, low: Array, high: Array, factors: Array
) -> tuple[Residuals, Linearised]:
    """Deviations divided by some factors, and their minimum, from that of other factors."""
    weighted = weighted_by(residuals, factors)
    found, _ = minimise(weighted, best.x, low, high, best.soft)
    start = scaled(best, factors)
    if found is None or cost(found.deviations, best.soft) > cost(start.deviations, best.soft):
        return weighted, start
    return weighted, found


def weighted_by(residuals: Residuals, factors: Array) -> Residuals:
    """The same deviations divided by some factors."""

    def divided(points: Sequence[Array]) -> list[Array | None]:
        return [None if one is None else one / factors for one in residuals(points)]

    return divided


# --- one walk -------------------------------------------------------------------------------------


def _walk(
    best: Linearised, index: int, sign: int, low: Array, high: Array, z_end: float
) -> Asking[Walk]:
    """Outwards along one value until z reaches its end, or the value its limit."""
    limit = float(high[index] if sign > 0 else low[index])
    room = sign * (limit - best.x[index])
    lowest = cost(best.deviations, best.soft)
    places, failed = [_Place(0.0, best, 0.0)], False
    nothing_runs = np.inf
    step = min(z_end * float(np.sqrt(best.covariance[index, index])), LONGEST)
    search = _Search(index, best.soft, low, high, 1 / best.covariance.diagonal())
    for _ in range(MOST_STEPS):
        inner = max((one for one in places if one.z <= z_end), key=lambda one: one.gone)
        outer = min((one.gone for one in places if one.z > z_end), default=np.inf)
        aim = min(inner.gone + step, room, (inner.gone + nothing_runs) / 2)
        if not aim > inner.gone + CLOSEST or not aim < outer:
            break
        guess = _followed(inner.here, index, best.x[index] + sign * aim, low, high)
        found = yield from search.near(guess, inner.here)
        if found is not None and abs(_z(found[1] - lowest) - z_end) < NEAR:
            found = yield from search.at(found[0].x)  # with the slopes of the place itself
        if found is None:  # nothing runs there: half as far
            nothing_runs, failed = aim, True
            continue
        place = _Place(aim, found[0], 2 * (found[1] - lowest))
        places.append(place)
        if abs(place.z - z_end) < NEAR or (aim >= room - CLOSEST and place.z < z_end):
            break
        step = _next_step(places, index, sign, z_end)
    return _finished(sorted(places, key=lambda one: one.gone), index, limit, z_end, failed)


def _z(rise: float) -> float:
    return float(np.sqrt(max(2 * rise, 0.0)))


@dataclass(frozen=True)
class _Place:
    """How far a walk has gone, where the others are there, and z^2."""

    gone: float
    here: Linearised
    statistic: float

    @property
    def z(self) -> float:
        return float(np.sqrt(max(self.statistic, 0.0)))


def _next_step(places: list[_Place], index: int, sign: int, z_end: float) -> float:
    """From the last place inside on to where z is expected to reach its end.

    By its slope there, z dz/dx = gradient of the cost; between two places around the end, by the line through them, but
    not so near to either that a step would gain nothing.
    """
    inner = max((one for one in places if one.z <= z_end), key=lambda one: one.gone)
    outside = [one for one in places if one.z > z_end]
    if outside:
        outer = min(outside, key=lambda one: one.gone)
        apart = outer.gone - inner.gone
        share = (z_end - inner.z) / (outer.z - inner.z)
        return float(np.clip(share, 0.1, 0.9) * apart)
    slope = sign * float(inner.here.gradient[index])
    if inner.z < 0.2 or slope <= 0:
        straight = z_end * float(np.sqrt(inner.here.covariance[index, index]))
        return float(np.clip(straight, 0.5, LONGEST))
    return float(np.clip((z_end - inner.z) * inner.z / slope, 0.02, LONGEST))


def _followed(here: Linearised, index: int, value: float, low: Array, high: Array) -> Array:
    """Where the others go if one value is moved: along the tangent of the profile, inside their limits."""
    covariance = here.covariance
    tangent = covariance[:, index] / covariance[index, index]
    moved = here.x + tangent * (value - here.x[index])
    moved = np.clip(moved, here.x - LONGEST, here.x + LONGEST)
    moved[index] = value
    return np.asarray(np.clip(moved, low, high), float)


_Found = tuple[Linearised, float]
"""A place with its slopes, and the cost there once the others are at their best."""


@dataclass(frozen=True)
class _Search:
    """The others at their best for one value that is held.

    index : of the value that is held
    soft : which deviations are of data
    metric : of steps, the inverse variances of the values
    """

    index: int
    soft: Array
    low: Array
    high: Array
    metric: Array

    def near(self, x: Array, before: Linearised) -> Asking[_Found | None]:
        """From x, with the slopes of a place before, which the simulations on the way put right (Broyden)."""
        [deviations] = yield [x]
        if deviations is None:
            return None
        here = self._updated(before, x, deviations)
        now = cost(here.deviations, here.soft)
        for _ in range(PUT_RIGHT):
            step, gain = self._step(here)
            if 2 * gain < SETTLED:
                return here, now - gain
            [deviations] = yield [here.x + step]
            after = np.inf if deviations is None else cost(deviations, here.soft)
            if deviations is None or after > now - gain / 4:
                return (yield from self.at(here.x))
            here, now = self._updated(here, here.x + step, deviations), after
        return here, now

    def at(self, x: Array) -> Asking[_Found | None]:
        """From x, with slopes of its own."""
        here = yield from linearisation(x, self.soft)
        if here is None:
            return None
        now = cost(here.deviations, here.soft)
        for _ in range(PUT_RIGHT):
            step, gain = self._step(here)
            if 2 * gain < SETTLED:
                return here, now - gain
            there, after = None, np.inf
            for share in (1.0, 0.3):
                there = yield from linearisation(here.x + share * step, here.soft)
                after = np.inf if there is None else cost(there.deviations, here.soft)
                if after < now:
                    break
            if there is None or after >= now:
                return here, now
            here, now = there, after
        return here, now

    def _updated(self, before: Linearised, x: Array, deviations: Array) -> Linearised:
        """Slopes that explain the change from the place before; those of the priors stay what they are."""
        moved = x - before.x
        length = float(moved @ (self.metric * moved))
        slopes = before.slopes
        if length > 0:
            missed = deviations - before.deviations - slopes @ moved  # none of the priors
            slopes = slopes + np.outer(missed, self.metric * moved) / length
        return Linearised(x, deviations, slopes, before.soft)

    def _step(self, here: Linearised) -> tuple[Array, float]:
        """Gauss-Newton step of the others that are not pressed against a limit, and what it gains."""
        outwards = np.where(
            here.gradient > 0, here.x <= self.low + CLOSEST, here.x >= self.high - CLOSEST
        )
        moving = ~outwards & (np.arange(len(here.x)) != self.index)
        step = np.zeros_like(here.x)
        if not moving.any():
            return step, 0.0
        matrix, gradient = here.normal_matrix[np.ix_(moving, moving)], here.gradient[moving]
        step[moving] = np.linalg.lstsq(matrix, -gradient, rcond=None)[0]
        step = np.clip(here.x + np.clip(step, -LONGEST, LONGEST), self.low, self.high) - here.x
        gain = -(here.gradient @ step) - step @ here.normal_matrix @ step / 2
        return step, max(float(gain), 0.0)


def _finished(places: list[_Place], index: int, limit: float, z_end: float, failed: bool) -> Walk:
    """The walk up to the first place beyond its end, which is where z crosses the threshold."""
    zs = np.array([one.z for one in places])
    beyond = np.flatnonzero(zs > z_end)
    kept = places[: int(beyond[0]) + 1] if beyond.size else places
    zs = zs[: len(kept)]
    xs = np.array([one.here.x for one in kept])
    statistic = np.array([one.statistic for one in kept])
    if zs[-1] <= z_end - NEAR:
        at_limit = abs(xs[-1, index] - limit) < CLOSEST
        return Walk(
            xs,
            statistic,
            limit if at_limit else float(xs[-1, index]),
            False,
            failed and not at_limit,
        )
    end = _crossing(xs[:, index], zs, z_end)
    if (end - limit) * np.sign(end - xs[0, index]) > 0:  # what is interpolated ends at the limit
        return Walk(xs, statistic, limit, False)
    return Walk(xs, statistic, end, True)


def _crossing(values: Array, zs: Array, z_end: float) -> float:
    """Where z crosses its end: a monotone cubic through the places, or the line of the last two beyond them."""
    rising = np.concatenate([[True], np.diff(np.maximum.accumulate(zs)) > 0])
    values, zs = values[rising], zs[rising]
    if zs[-1] < z_end or len(zs) < 3:
        a, b = (0, 1) if len(zs) < 3 else (-2, -1)
        slope = (values[b] - values[a]) / (zs[b] - zs[a])
        return float(values[b] + (z_end - zs[b]) * slope)
    curve: Callable[[float], float] = PchipInterpolator(zs, values)
    return float(curve(z_end))
