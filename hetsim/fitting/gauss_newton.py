"""Least squares with a soft limit: Levenberg and Marquardt's damped Gauss-Newton step.

    cost = sum_k rho(r_k) / 2,   rho(r) = 2 C^2 (sqrt(1 + (r/C)^2) - 1)     (soft L1 for data, C = 2)

so that a point which is off by more than C deviations pulls linearly, not quadratically. Its
Gauss-Newton weights are w^2 = rho'(r) / 2r = 1 / sqrt(1 + (r/C)^2).
Source: K. Levenberg, Q. Appl. Math. 2, 164 (1944); D. Marquardt, J. SIAM 11, 431 (1963).
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from hetsim.results import Array

OUTLIER = 2.0
"""C: deviations beyond which a point counts linearly."""
DIFFERENCE = 0.02
"""Step of the difference quotients in the logarithm: 2 %, far above what a solver's tolerance does."""
SMALL = 0.1
"""A step of less than this share of every interval ends the search."""
STALLED, PATIENCE = 1e-3, 3
"""So do so many steps in a row that make the cost less by less than this, or this share of its mean over the deviations
where that is above one: below, slopes by differences show no way down."""
LONGEST = 1.0
"""No value changes by more than a factor e in one step."""
STIFFEST = 1e6

Residuals = Callable[[Sequence[Array]], Sequence[Array | None]]
"""From points, logarithms of values each, to the deviations there; None where a simulation fails. Points that are asked
for at once can be simulated side by side."""


Found = TypeVar("Found")
Asking = Generator[Sequence[Array], Sequence[Array | None], Found]
"""A search that asks for the deviations at some points again and again, and returns what it found."""


def side_by_side(searches: Sequence[Asking[Found]], residuals: Residuals) -> list[Found]:
    """What each search finds; what all of them ask for is simulated together, until the last has ended."""
    found: dict[int, Found] = {}
    answers: dict[int, Sequence[Array | None] | None] = dict.fromkeys(range(len(searches)))
    while answers:
        asked: dict[int, Sequence[Array]] = {}
        for k, answer in answers.items():
            try:
                asked[k] = next(searches[k]) if answer is None else searches[k].send(answer)
            except StopIteration as done:
                found[k] = done.value
        together = iter(
            residuals([x for points in asked.values() for x in points]) if asked else ()
        )
        answers = {k: [next(together) for _ in points] for k, points in asked.items()}
    return [found[k] for k in range(len(searches))]


def alone(search: Asking[Found], residuals: Residuals) -> Found:
    """What one search finds."""
    return side_by_side([search], residuals)[0]


def one_by_one(function: Callable[[Array], Array | None]) -> Residuals:
    """Residuals of a function of one point."""
    return lambda points: [function(point) for point in points]


@dataclass(frozen=True)
class Linearised:
    """Deviations at a point x and their slopes, weighted as the soft limit says.

    soft : for which deviations there is a soft limit (data); the others are priors
    """

    x: Array
    deviations: Array
    slopes: Array
    soft: Array

    @property
    def weights(self) -> Array:
        weights = (1 + (self.deviations / OUTLIER) ** 2) ** -0.25
        return np.where(self.soft, weights, 1.0)

    @property
    def normal_matrix(self) -> Array:
        weighted = self.slopes * self.weights[:, None]
        return weighted.T @ weighted

    @property
    def gradient(self) -> Array:
        return self.slopes.T @ (self.weights**2 * self.deviations)

    @property
    def covariance(self) -> Array:
        """Covariance matrix of the logarithms of the values."""
        return np.asarray(np.linalg.inv(self.normal_matrix), float)

    @property
    def intervals(self) -> Array:
        """68 % intervals of the logarithms."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), float)

    @property
    def correlation(self) -> Array:
        intervals = self.intervals
        return self.covariance / np.outer(intervals, intervals)

    @property
    def cosines(self) -> Array:
        """Between the changes of the curves that any two values make: 1 if they do the same."""
        data = self.slopes[self.soft] * self.weights[self.soft, None]
        size = np.linalg.norm(data, axis=0)
        size[size == 0] = 1.0  # a value without effect is no direction
        return data.T @ data / np.outer(size, size)

    @property
    def step(self) -> Array:
        """The Gauss-Newton step: what a fit would change from here."""
        return np.asarray(np.linalg.solve(self.normal_matrix, -self.gradient), float)

    def damped_step(self, damping: float) -> Array:
        matrix = self.normal_matrix
        step = np.linalg.solve(matrix + damping * np.diag(np.diag(matrix)), -self.gradient)
        return np.asarray(np.clip(step, -LONGEST, LONGEST), float)


def cost(deviations: Array, soft: Array) -> float:
    """sum rho / 2; the priors have no soft limit."""
    limited = 2 * OUTLIER**2 * (np.sqrt(1 + (deviations / OUTLIER) ** 2) - 1)
    return float(np.where(soft, limited, deviations**2).sum() / 2)


def linearisation(x: Array, soft: Array) -> Asking[Linearised | None]:
    """Deviations and slopes at x by difference quotients; None where x itself fails. Asks for its points (`alone`)."""
    units = np.eye(len(x))
    deviations, *beside = yield [x, *(x + DIFFERENCE * unit for unit in units)]
    if deviations is None:
        return None
    differences = [DIFFERENCE if one is not None else -DIFFERENCE for one in beside]
    failed = [k for k, one in enumerate(beside) if one is None]  # there the quotients are backwards
    behind = (yield [x - DIFFERENCE * units[k] for k in failed]) if failed else []
    for k, one in zip(failed, behind, strict=True):
        beside[k] = one
    columns = []
    for one, difference in zip(beside, differences, strict=True):
        if one is None:
            return None
        columns.append((one - deviations) / difference)
    return Linearised(x, deviations, np.array(columns).T, soft)


def linearise(residuals: Residuals, x: Array, soft: Array) -> Linearised | None:
    """Deviations and slopes at x by difference quotients; None where x itself fails."""
    return alone(linearisation(x, soft), residuals)


def minimise(
    residuals: Residuals, x: Array, low: Array, high: Array, soft: Array, longest: int = 25
) -> tuple[Linearised | None, bool]:
    """The least cost within limits, linearised there, and whether the search came to its end.

    Values at a limit that the gradient pushes outwards are held there in that step. A trial is linearised at once:
    most are an improvement, and beside the trial its slopes cost little.
    """
    x = np.clip(x, low, high)
    damping, stalled = 1e-2, 0
    here = linearise(residuals, x, soft)
    if here is None:
        return None, False
    for _ in range(longest):
        now = cost(here.deviations, soft)
        # of the whole step: a damped one is short along what the data hardly determine, wherever it is taken
        step = np.abs(_trial(here, 0.0, low, high) - here.x)
        if np.all(step < SMALL * here.intervals) or stalled == PATIENCE:
            return here, True
        while damping < STIFFEST:
            trial = _trial(here, damping, low, high)
            there = linearise(residuals, trial, soft)
            if there is not None and cost(there.deviations, soft) < now:
                break
            damping *= 6
        else:
            return here, False
        gained = now - cost(there.deviations, soft)
        stalled = stalled + 1 if gained < STALLED * max(1.0, 2 * now / len(soft)) else 0
        damping = max(damping / 10, 1e-4)
        here = there
    return here, False


def _trial(here: Linearised, damping: float, low: Array, high: Array) -> Array:
    """A damped step from here, within the limits."""
    return np.asarray(np.clip(here.x + _inside(here, damping, low, high), low, high), float)


def _inside(here: Linearised, damping: float, low: Array, high: Array) -> Array:
    """The damped step of the values that are not held at a limit."""
    outwards = np.where(here.gradient > 0, here.x <= low, here.x >= high)
    step = np.zeros_like(here.x)
    if np.all(outwards):
        return step
    free = Linearised(here.x[~outwards], here.deviations, here.slopes[:, ~outwards], here.soft)
    step[~outwards] = free.damped_step(damping)
    return step
