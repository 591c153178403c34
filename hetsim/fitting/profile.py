"""The profile of each fitted value: its 95 % interval, and whether the data or the prior hold its ends.

How a profile is walked, and by which statistic, stands in fitting.profile_walk and fitting.noise_scale.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hetsim.errors import ParameterError
from hetsim.fitting.free_value import FreeValue
from hetsim.fitting.gauss_newton import Linearised, Residuals
from hetsim.fitting.noise_scale import NORMAL, NoiseScale, noise_scale, scaled
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile_walk import FLAT, Walk, settled, walk_all
from hetsim.results import Array

MOSTLY = 1.5
"""The data alone hold a side if without the prior its end lies at most so many times as far."""
LOWER = -0.5
"""z^2 from which a lower minimum counts as another one: half a unit of 2 cost."""
FOLLOWS = 3.0
"""Another value is said to follow where a profile is so many times as wide as with all others held."""

COMPENSATED = 0.5
"""And that it does so if it takes back at least half of what the first does to the curves."""

DATA, BOTH, PRIOR, RANGE, FAILED = "data", "data and prior", "prior", "range", "simulation"
"""What ends an interval: the data alone; both; the prior alone; the range of the parameter file; nothing, for beyond it
no simulation runs."""


@dataclass(frozen=True)
class End:
    """One end of a 95 % interval.

    Parameters
    ----------
    value : float
        Where it is, in the unit of the parameter
    held_by : str
        "data", "data and prior", "prior", "range" or "simulation"
    data_value : float
        Where it would be without the prior; the limit of the range where the data leave it open
    at_fitted : bool, default False
        Whether it is the fitted value, which follows the points more closely than the interval asks for
    """

    value: float
    held_by: str
    data_value: float
    at_fitted: bool = False

    def reaching(self, value: float, sign: int) -> "End":
        """The same end, or a fitted value that lies beyond it, downwards (-1) or upwards (1)."""
        beyond = sign * value > sign * self.value
        return replace(self, value=value, at_fitted=True) if beyond else self

    @property
    def open(self) -> bool:
        """Whether the data alone leave the side open."""
        return self.held_by in (PRIOR, RANGE, FAILED)

    def told(self, side: str) -> str:
        """In words; "" where the data hold it. side : "lower" or "upper"."""
        words = {
            DATA: "",
            BOTH: f"the data alone would let its {side} end go to {self.data_value:.3g}",
            PRIOR: f"no {side} limit from the data: the prior holds it",
            RANGE: f"no {side} limit up to the end of its range ({self.value:.3g})",
            FAILED: f"no {side} limit: beyond {self.value:.3g} no simulation runs",
        }[self.held_by]
        if not self.at_fitted:
            return words
        own = f"its {side} end is the fitted value, which meets the points closer than the interval asks for"
        return f"{words}, and {own}" if words else own


@dataclass(frozen=True)
class Profile:
    """How the fit gets worse if one value is moved and all others follow.

    Parameters
    ----------
    free : FreeValue
        Which value
    best : float
        Where the fit is best
    low, high : End
        Ends of the 95 % interval
    values, statistic : Array
        The value at the places that were simulated, rising, and z^2 there
    data_values, data_statistic : Array
        The same without priors
    follows : Mapping[str, float]
        What the others do if the data alone are to stay as they are: by label the exponent m in other ~ value^m; empty
        where none follows far
    """

    free: FreeValue
    best: float
    low: End
    high: End
    values: Array
    statistic: Array
    data_values: Array
    data_statistic: Array
    follows: Mapping[str, float]

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval."""
        return self.low.value, self.high.value

    @property
    def sentence(self) -> str:
        """Value, interval, and what holds its ends."""
        told = [one for one in (self.low.told("lower"), self.high.told("upper")) if one]
        if self.low.held_by == self.high.held_by == PRIOR and not any(
            one.at_fitted for one in (self.low, self.high)
        ):
            told = ["no limit from the data on either side: the prior holds it"]
        if not told:
            told = ["both ends by the data"]
        ends = f"{self.low.value:.3g} to {self.high.value:.3g}"
        return f"'{self.free.label}' = {self.best:.3g} (95 %: {ends}): {'; '.join(told)}."


@dataclass(frozen=True)
class Profiles(Sequence[Profile]):
    """The profiles of all fitted values, in the order in which they were freed.

    Parameters
    ----------
    each : tuple[Profile, ...]
        The profiles
    scale : NoiseScale
        The noise that they rest on
    lower : bool
        Whether a better fit was met on the way; the profiles are those around it, and the fit ought to be repeated
    """

    each: tuple[Profile, ...]
    scale: NoiseScale
    lower: bool

    def __len__(self) -> int:
        return len(self.each)

    def __getitem__(self, key: Any) -> Any:
        """By position, or by the label of a value. Raises ParameterError for an unknown label."""
        if not isinstance(key, str):
            return self.each[key]
        for one in self.each:
            if key == one.free.label:
                return one
        known = ", ".join(one.free.label for one in self.each)
        raise ParameterError(f"'{key}' was not fitted; fitted were: {known}.")

    def __iter__(self) -> Iterator[Profile]:
        return iter(self.each)

    def to_frame(self) -> pd.DataFrame:
        """One row a value: its 95 % interval, what holds each end, and the interval of the data alone."""
        return pd.DataFrame(
            [
                {
                    "parameter": one.free.label,
                    "value": one.best,
                    "95 % low": one.low.value,
                    "95 % high": one.high.value,
                    "low held by": one.low.held_by,
                    "high held by": one.high.held_by,
                    "data alone low": -math.inf if one.low.open else one.low.data_value,
                    "data alone high": math.inf if one.high.open else one.high.data_value,
                }
                for one in self.each
            ]
        ).set_index("parameter")


def scale_of(problem: Problem, best: Linearised) -> NoiseScale:
    """Noise of each part of a problem's data as its points say."""
    parts = [one for _, one in problem.parts]
    return noise_scale(best, [len(one.data) for one in parts], [one.independent for one in parts])


def profiles_of(problem: Problem, best: Linearised, fitted: Array | None = None) -> Profiles:
    """The profiles of all free values of a problem around its least cost: some 500 rate tests for four values.

    fitted : logarithms of the values that are reported, where they are others; an interval reaches to them
    """
    low, high = problem.limits
    scale = scale_of(problem, best)
    factors = scale.factors(len(best.soft))
    with_prior, lower = _walked(problem.deviations, best, low, high, factors)
    flat = np.where(best.soft, factors, FLAT)
    alone, _ = _walked(problem.deviations, best, low, high, flat)
    labels = [one.label for one in problem.free]
    each = []
    for index, free in enumerate(problem.free):
        pair, data = with_prior[index], alone[index]
        at = float(best.x[index])
        low_end, high_end = (_end(at, one, other) for one, other in zip(pair, data, strict=True))
        if fitted is not None:
            at = float(fitted[index])
            low_end, high_end = (
                low_end.reaching(math.exp(at), -1),
                high_end.reaching(math.exp(at), 1),
            )
        values, statistic = _joined(index, pair)
        data_values, data_statistic = _joined(index, data)
        each.append(
            Profile(
                free,
                math.exp(at),
                low_end,
                high_end,
                values,
                statistic,
                data_values,
                data_statistic,
                _followers(best, index, data, labels, factors),
            )
        )
    return Profiles(tuple(each), scale, lower)


def _walked(
    residuals: Residuals, best: Linearised, low: Array, high: Array, factors: Array
) -> tuple[list[tuple[Walk, Walk]], bool]:
    """The walks around the minimum of deviations divided by some factors; again from a lower one that they meet."""
    start, walks, lower = best, [], False
    for _ in range(2):
        weighted, start = settled(residuals, start, low, high, factors)
        walks = walk_all(weighted, start, low, high)
        all_walks = [walk for pair in walks for walk in pair]
        deepest = min(all_walks, key=lambda walk: float(walk.statistic.min()))
        if deepest.statistic.min() > LOWER:
            break
        lower = True
        there = deepest.points[int(np.argmin(deepest.statistic))]
        [deviations] = residuals([there])
        if deviations is None:
            break
        start = Linearised(there, deviations, start.slopes * 0, start.soft)
    return walks, lower


def _end(at: float, walk: Walk, data: Walk) -> End:
    """An end and what holds it; `data` is the walk without priors."""
    alone = math.exp(data.end)
    if not walk.closed:
        return End(math.exp(walk.end), FAILED if walk.failed else RANGE, alone)
    if not data.closed:
        return End(math.exp(walk.end), PRIOR, alone)
    far = abs(data.end - at) > MOSTLY * abs(walk.end - at)
    return End(math.exp(walk.end), BOTH if far else DATA, alone)


def _joined(index: int, pair: tuple[Walk, Walk]) -> tuple[Array, Array]:
    """Both walks as one curve, the value rising."""
    down, up = pair
    values = np.concatenate([down.points[:0:-1, index], up.points[:, index]])
    return np.exp(values), np.concatenate([down.statistic[:0:-1], up.statistic])


def _followers(
    best: Linearised, index: int, data: tuple[Walk, Walk], labels: Sequence[str], factors: Array
) -> dict[str, float]:
    """The value that takes back most of what this one does to the curves along a profile of the data alone, with its
    exponent."""
    down, up = (walk.points[-1] for walk in data)
    moved = up - down
    slopes = best.slopes[best.soft] * (best.weights / factors)[best.soft, None]
    own = slopes[:, index]
    size = float(np.linalg.norm(own))
    if size == 0 or len(labels) < 2 or abs(moved[index]) * size < 2 * NORMAL * FOLLOWS:
        return {}
    left = np.linalg.norm(own[:, None] * moved[index] + slopes * moved, axis=0)
    left[index] = np.inf
    other = int(np.argmin(left))
    if left[other] > COMPENSATED * size * abs(moved[index]):
        return {}
    return {labels[other]: float(moved[other] / moved[index])}


def linear_factors(problem: Problem, best: Linearised) -> Array:
    """Half widths of the 95 % intervals of the logarithms by the linearised problem, with the noise as it is."""
    return NORMAL * scaled(best, scale_of(problem, best).factors(len(best.soft))).intervals
