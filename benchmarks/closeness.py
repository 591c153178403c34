"""How closely a fit follows its points: the noise that weighs them against the priors, chosen on papers.

A pair of noise and factor at the lowest current is tried on left-out points of all curves but those of one group of
papers, with the priors that were learned without that group; the group is then judged with the pair that is best
there. So nothing of the papers that are judged takes part in the choice. Fits are those of the closed form
(quick_fits.py), each from the fit with the noise of the priors, as `hetsim.fit` makes them.
"""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from measured_curves import Array, Curve
from quick_fits import ClosedForm, Data, Equation, Places, fitted

NOISES, FACTORS = (0.001, 0.002, 0.004, 0.008), (3.0, 4.0, 6.0, 10.0)
"""What is chosen from: a printed capacity is no finer than 0.1 %, and 0.8 % is what curves scatter about the model."""
STARTS = {
    4: np.array([(0, fast, 0, time) for time in (-2.5, 0.0, 2.5) for fast in (-0.5, 0.3)]),
    3: np.array([(0, time, 0) for time in (0.0, -2.0, -4.0, 3.0)]),
}
"""Distances from the centres of the priors, of the values of the cell and of the rate equation."""
Pair = tuple[float, float]
Priors = Sequence[tuple[float, float]]


class LeftOut:
    """Each point of some curves but the lowest left out in turn."""

    ONE_PERCENT: ClassVar[float] = 0.01
    """What an error counts beside: a point that is met by chance is no better than one that is met to 1 %."""

    def __init__(self, curves: Sequence[Curve]) -> None:
        self.data = Data.of(curves)
        counts = self.data.there.sum(axis=1)
        pairs = [(k, place) for k, count in enumerate(counts) for place in range(1, count)]
        self.curves: Places = np.array([k for k, _ in pairs])
        self.places: Places = np.array([place for _, place in pairs])
        self.are_highest = self.places == counts[self.curves] - 1

    def noise(self, noise: float, factor: float) -> Array:
        """Of each point of each problem; infinite where it is left out."""
        found = np.where(self.data.there[self.curves], noise, np.inf)
        found[:, 0] *= factor
        found[np.arange(len(found)), self.places] = np.inf
        return found

    def errors(self, predicted: Array) -> Array:
        """Relative errors of the highest current and, in the mean, of the points inside; [curves, 2]."""
        rows = np.arange(len(self.curves))
        off = predicted[rows, self.places] - self.data.logarithms[self.curves, self.places]
        errors = np.abs(np.expm1(off))
        inside = ~self.are_highest
        count = np.bincount(self.curves[inside])
        means = np.bincount(self.curves[inside], errors[inside]) / count
        return np.stack([errors[self.are_highest], means], axis=1)

    def score(self, predicted: Array) -> float:
        """Mean of ln(1 % + error) over the curves, of the highest currents and of the points inside alike."""
        return float(np.log(self.ONE_PERCENT + self.errors(predicted)).mean())


def scores(
    curves: Sequence[Curve], priors: Priors, of_equation: Priors, first: Pair
) -> tuple[dict[Pair, float], dict[Pair, float]]:
    """The score of each pair, of the cell and of the rate equation; the fits start from those with the pair `first`."""
    left = LeftOut(curves)
    made: list[dict[Pair, float]] = []
    equation = Equation(left.data)
    for model, given in ((ClosedForm(left.data), priors), (equation, of_equation)):
        centres, widths = np.log([centre for centre, _ in given]), np.array([w for _, w in given])
        each = tuple(np.tile(one, (len(left.curves), 1)) for one in (centres, widths))
        begin = fitted(
            model,
            left.curves,
            left.data.logarithms[left.curves],
            left.noise(*first),
            (each[0], each[1]),
            STARTS[len(centres)],
        )
        found: dict[Pair, float] = {}
        for pair in ((noise, factor) for noise in NOISES for factor in FACTORS):
            x = fitted(
                model,
                left.curves,
                left.data.logarithms[left.curves],
                left.noise(*pair),
                (each[0], each[1]),
                [begin - centres],
            )
            shown = (
                equation.predicted(left.curves, x)
                if model is equation
                else model(left.curves, x)[0]
            )
            found[pair] = left.score(shown)
        made.append(found)
    return made[0], made[1]


def chosen(
    curves: Sequence[Curve],
    groups: Sequence[set[str]],
    priors: Sequence[tuple[Priors, Priors]],
    first: Pair,
) -> list[tuple[Pair, Pair]]:
    """For each group of papers the pairs of cell and equation that are best on the others; priors are of those too."""
    found = []
    for papers, (cell, equation) in zip(groups, priors, strict=True):
        kept = [one for one in curves if one.doi not in papers]
        both = scores(kept, cell, equation, first)
        found.append((min(both[0], key=both[0].__getitem__), min(both[1], key=both[1].__getitem__)))
    return found
