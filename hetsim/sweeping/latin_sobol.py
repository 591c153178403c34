"""Designs that are drawn from ranges: Latin hypercube and Sobol sequence (scipy.stats.qmc)."""

import warnings
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import whole_number
from hetsim.results import Array
from hetsim.sweeping.design import Design
from hetsim.sweeping.ranges import SCALES, as_range

_BITS = 30  # of scipy's Sobol points; it cannot wind forward a sequence of more than 32

LARGEST_DRAWN = 10_000_000
"""Cases of a design that can only be drawn as a whole; eight bytes a value."""


@dataclass(frozen=True)
class Sampled(Design):
    """n cases drawn from ranges; the seed makes them the same ones each time.

    ranges : name to (low, high), hs.LinearRange or hs.LogRange, in the unit of the name
    Raises ParameterError for no range, a range upside down, or n below 1.
    """

    ranges: Mapping[str, Any]
    n: int
    seed: int = 1

    def __post_init__(self) -> None:
        what = type(self).__name__
        if not isinstance(self.ranges, Mapping) or not self.ranges:
            raise ParameterError(f"{what} needs at least one range, got {self.ranges!r}.")
        ranges = {name: as_range(raw, name) for name, raw in self.ranges.items()}
        object.__setattr__(self, "ranges", ranges)
        for name, lowest in (("n", 1), ("seed", 0)):
            found = whole_number(getattr(self, name), name, what)
            if found < lowest:
                raise ParameterError(f"{what}: '{name}' is {found}; it must be {lowest} or more.")
            object.__setattr__(self, name, found)

    @abstractmethod
    def shares(self, start: int, stop: int) -> Array:
        """Places of the cases in their ranges, 0 to 1: one row a case, one column a name."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.ranges)

    @property
    def size(self) -> int:
        return self.n

    def swept(self, start: int, stop: int) -> dict[str, Array]:
        shares = self.shares(start, stop)
        return {name: one.at(shares[:, i]) for i, (name, one) in enumerate(self.ranges.items())}

    def explicit(self) -> dict[str, Array]:
        return {name: np.array([one.low, one.high]) for name, one in self.ranges.items()}

    def outline(self) -> dict[str, Any]:
        words = {kind: word for word, kind in SCALES.items()}
        ranges = {
            name: {**asdict(one), "scale": words[type(one)]} for name, one in self.ranges.items()
        }
        return {"ranges": ranges, "n": self.n, "seed": self.seed}


@dataclass(frozen=True)
class Drawn(Sampled):
    """A sample that exists only as a whole; it is drawn when it is first needed."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.size > LARGEST_DRAWN:
            raise ParameterError(
                f"{type(self).__name__} of {self.size} cases is drawn as a whole, at most "
                f"{LARGEST_DRAWN}; hs.SobolSequence has no such limit."
            )

    @abstractmethod
    def draw(self) -> Array:
        """Places of all cases in their ranges, 0 to 1: one row a case, one column a name."""

    @cached_property
    def _all(self) -> Array:
        return self.draw()

    def shares(self, start: int, stop: int) -> Array:
        return self._all[start:stop]


@dataclass(frozen=True)
class LatinHypercube(Drawn):
    """n cases of which each n-th part of every range holds exactly one."""

    def draw(self) -> Array:
        from scipy.stats import qmc  # half a second, which other designs do not need

        return qmc.LatinHypercube(d=len(self.ranges), rng=self.seed).random(self.n)


@dataclass(frozen=True)
class SobolSequence(Sampled):
    """The first n points of a scrambled Sobol sequence; a power of 2 balances best.

    Raises
    ------
    ParameterError
        For n above 2^30, where scipy's sequence ends.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.n > 2**_BITS:
            raise ParameterError(
                f"SobolSequence: 'n' is {self.n}; the sequence ends at 2^{_BITS} = {2**_BITS}."
            )

    def shares(self, start: int, stop: int) -> Array:
        from scipy.stats import qmc

        sequence = qmc.Sobol(d=len(self.ranges), rng=self.seed, bits=_BITS)
        if start:
            sequence.fast_forward(start)
        with (
            warnings.catch_warnings()
        ):  # pieces of the sequence are no power of 2, the whole may be
            warnings.filterwarnings("ignore", message=".*power of 2", category=UserWarning)
            return sequence.random(stop - start)
