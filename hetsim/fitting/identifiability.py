"""Which directions of the values the data measure, and which values they cannot tell apart.

With the deviations in units of the noise as it is, J their slopes and W the widths of the priors, the matrix

    W J^T J W = V diag(lambda) V^T

says of each direction v by how much the data beat the prior: its width shrinks by 1 / sqrt(1 + lambda). A direction
with lambda > 1 is one that the data measure. Two values whose slopes are parallel change the curves alike: nothing
changes along b ~ a^m, and what the curves show of the pair is the combination a^m / b.
Limits: all of it holds near the fitted values; profiles (fitting.profile) look farther.
Source: R. N. Gutenkunst et al., PLoS Comput. Biol. 3, e189 (2007), doi:10.1371/journal.pcbi.0030189.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from hetsim.fitting.gauss_newton import Linearised
from hetsim.results import Array

ALIKE = 0.95
"""|cos| from which two values change the curves in the same way."""
MANY = 4.0
"""A larger exponent is written as its inverse on the other value."""
SMALL_SHARE = 0.1
"""Exponents of a direction below this share of the largest are left out of its words."""
NEAR_FRACTION = 0.06
"""An exponent so near to a half or a whole number is written as it, relative."""


@dataclass(frozen=True)
class Direction:
    """A combination of values and how well the data measure it.

    Parameters
    ----------
    exponents : dict[str, float]
        By label, of value^exponent in the combination, the largest of them 1
    measured : float
        lambda: how much more the data say of it than the prior, as a ratio of squared widths
    """

    exponents: dict[str, float]
    measured: float

    @property
    def left(self) -> float:
        """Width that is left of the prior's, 0 to 1."""
        return 1 / math.sqrt(1 + self.measured)

    @property
    def by_data(self) -> bool:
        return self.measured > 1

    @property
    def words(self) -> str:
        """As a product: "(radius)^2 / (diffusivity)"."""
        return product(
            {name: one for name, one in self.exponents.items() if abs(one) >= SMALL_SHARE}
        )


@dataclass(frozen=True)
class Pair:
    """Two values that change the curves alike.

    Parameters
    ----------
    one, other : str
        Labels, the value that changes the curves more first
    cosine : float
        Between their slopes
    exponent : float
        m in other ~ one^m, along which the curves stay as they are; |m| is 1 or more
    """

    one: str
    other: str
    cosine: float
    exponent: float

    @property
    def combination(self) -> str:
        """What of the two the curves can show."""
        power, of_other = abs(self.exponent), -math.copysign(1, self.exponent)
        if power > MANY:
            return product({self.one: 1.0, self.other: of_other / power})
        return product({self.one: power, self.other: of_other})

    @property
    def sentence(self) -> str:
        way = "lowering" if self.cosine < 0 else "raising"
        back = "raised" if self.exponent > 0 else "lowered"
        return (
            f"Raising '{self.one}' does to the curves what {way} '{self.other}' does "
            f"(|cos| = {abs(self.cosine):.2f}): only {self.combination} is measured. If the first is raised by 10 % "
            f"and the other {back} by a factor of {1.1 ** abs(self.exponent):.2g}, hardly anything changes; fix one."
        )


def directions(linearised: Linearised, widths: Array, labels: Sequence[str]) -> list[Direction]:
    """The directions of the values, the best measured first; `linearised` in units of the noise as it is."""
    slopes = linearised.slopes[linearised.soft] * linearised.weights[linearised.soft, None]
    scaled = slopes * widths
    eigenvalues, vectors = np.linalg.eigh(scaled.T @ scaled)
    found = []
    for value, vector in zip(eigenvalues[::-1], vectors.T[::-1], strict=True):
        exponents = vector / widths  # of the combination that the data see: sum_j v_j x_j / w_j
        exponents = exponents / exponents[np.argmax(np.abs(exponents))]
        by_label = dict(zip(labels, (float(one) for one in exponents), strict=True))
        found.append(Direction(by_label, max(float(value), 0.0)))
    return found


def pairs(linearised: Linearised, labels: Sequence[str], alike: float = ALIKE) -> list[Pair]:
    """The pairs of values whose slopes are parallel to within |cos| > alike."""
    slopes = linearised.slopes[linearised.soft] * linearised.weights[linearised.soft, None]
    cosines, sizes = linearised.cosines, np.linalg.norm(slopes, axis=0)
    found = []
    for i, one in enumerate(labels):
        for j, other in enumerate(labels[:i]):
            cosine = float(cosines[i, j])
            if abs(cosine) > alike:
                names = (one, other) if sizes[i] >= sizes[j] else (other, one)
                ratio = float(max(sizes[i], sizes[j]) / min(sizes[i], sizes[j]))
                found.append(Pair(*names, cosine, -cosine * ratio))
    return found


def directions_table(found: Sequence[Direction]) -> pd.DataFrame:
    """One row a direction, the best measured first: what the data say over the prior, and its exponents."""
    rows = [
        {
            "combination": one.words,
            "data over prior": one.measured,
            "width left": one.left,
            "measured by": "data" if one.by_data else "prior",
            **one.exponents,
        }
        for one in found
    ]
    return pd.DataFrame(rows)


def product(exponents: dict[str, float]) -> str:
    """A product of powers, divided where an exponent is below zero: "(Particle radius)^2 / (Diffusivity)"."""
    above = [_power(name, one) for name, one in exponents.items() if one > 0]
    below = [_power(name, -one) for name, one in exponents.items() if one < 0]
    return " / ".join([" x ".join(above) or "1", *below])


def _power(name: str, exponent: float) -> str:
    half = Fraction(round(2 * exponent), 2)
    base = f"({name.split(' [')[0]})"
    if half and abs(exponent / float(half) - 1) < NEAR_FRACTION:
        return base if half == 1 else f"{base}^{float(half):g}"
    return f"{base}^{exponent:.2g}"
