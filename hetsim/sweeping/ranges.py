"""A range of values between two ends, linear or logarithmic, and how a user may write it."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.results import Array


@dataclass(frozen=True)
class Range(ABC):
    """From `low` to `high`, in the unit of the parameter that it belongs to.

    Raises ParameterError for an end that is no finite number, and for a range upside down or empty.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        for end in ("low", "high"):
            object.__setattr__(self, end, number(getattr(self, end), end, "A range"))
        if not self.low < self.high:
            raise ParameterError(
                f"A range from {self.low:g} to {self.high:g} is upside down or empty; the first "
                "number must be below the second."
            )

    @abstractmethod
    def at(self, share: Array) -> Array:
        """Values at shares of the range: 0 is the low end and 1 the high one."""

    def points(self, count: int) -> Array:
        """`count` values that divide the range evenly, with both ends."""
        values = self.at(np.linspace(0, 1, count))
        values[0], values[-1] = self.low, self.high
        return values


@dataclass(frozen=True)
class LinearRange(Range):
    """Every value between the ends is as likely as any other."""

    def at(self, share: Array) -> Array:
        return self.low + (self.high - self.low) * np.asarray(share)


@dataclass(frozen=True)
class LogRange(Range):
    """Every decade between the ends is as likely as any other.

    Raises
    ------
    ParameterError
        If an end is not positive: no logarithm goes through zero.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low <= 0:
            raise ParameterError(
                f"A logarithmic range from {self.low:g} to {self.high:g} goes through zero; both "
                "ends must be positive, or the range linear."
            )

    def at(self, share: Array) -> Array:
        low, high = math.log(self.low), math.log(self.high)
        return np.clip(np.exp(low + (high - low) * np.asarray(share)), self.low, self.high)


SCALES: Mapping[str, type[Range]] = {"linear": LinearRange, "log": LogRange}
"""Ranges by the word that stands for them in a file."""


def as_range(raw: Any, name: str) -> Range:
    """A Range as it is, and a pair (low, high) as a linear one; ParameterError for anything else."""
    if isinstance(raw, Range):
        return raw
    try:
        low, high = raw
    except (TypeError, ValueError):
        raise ParameterError(
            f"'{name}' must be a range: a pair (low, high), hs.LinearRange or hs.LogRange, got {raw!r}."
        ) from None
    try:
        return LinearRange(low, high)
    except ParameterError as error:
        raise ParameterError(f"'{name}': {error}") from error
