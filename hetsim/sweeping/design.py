"""Designs: which values belong to which case of a sweep.

A design knows its size and computes case i from i, so that one of 1e9 cases costs no memory.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import numbers
from hetsim.parameters.values import content_hash
from hetsim.results import Array
from hetsim.sweeping.derived import Function, Product, with_derived

_SAMPLED = 64
"""Cases at both ends of a design by which a function is told from another one."""


@dataclass(frozen=True)
class Design(ABC):
    """What all designs share: columns derived from the swept ones, and helping columns.

    derived : name to a function of the columns (name to array), such as `hs.Product`
    auxiliary : swept names that are no parameters of a cell and only serve the derived ones
    """

    derived: Mapping[str, Function] = field(default_factory=dict, kw_only=True)
    auxiliary: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The swept names, in order."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many cases there are."""

    @abstractmethod
    def swept(self, start: int, stop: int) -> dict[str, Array]:
        """The values of the swept names in the cases from start up to stop."""

    @abstractmethod
    def outline(self) -> dict[str, Any]:
        """What defines the swept values, as JSON has it."""

    def explicit(self) -> dict[str, Array]:
        """Values that are worth a check before anything runs: all of them or the ends."""
        return self.swept(0, self.size)

    def columns(self, start: int, stop: int) -> dict[str, Array]:
        """Swept and derived values in the cases from start up to stop."""
        return with_derived(self.swept(start, stop), self.derived)

    def parameters(self) -> tuple[str, ...]:
        """Names that are set in the cells: swept and derived ones without the auxiliary."""
        return tuple(n for n in (*self.names, *self.derived) if n not in self.auxiliary)

    def described(self) -> dict[str, Any]:
        """The design as JSON has it, for the manifest of a store."""
        told = {"kind": type(self).__name__, "cases": self.size, **self.outline()}
        if self.derived:
            told["derived"] = {name: self._of(name) for name in self.derived}
        if self.auxiliary:
            told["auxiliary"] = list(self.auxiliary)
        return told

    def _of(self, name: str) -> Any:
        rule = self.derived[name]
        if isinstance(rule, Product):
            return {"of": list(rule.of), "over": list(rule.over), "factor": rule.factor}
        ends = (
            self.columns(0, min(_SAMPLED, self.size)),
            self.columns(max(0, self.size - _SAMPLED), self.size),
        )
        return {"function with values": content_hash({"at": [e[name].tolist() for e in ends]})}


def checked_columns(values: Mapping[str, Any], what: str) -> dict[str, Array]:
    """Each name with its values as an array; ParameterError for an empty list or what is no number."""
    if not isinstance(values, Mapping) or not values:
        raise ParameterError(f"{what} needs at least one swept parameter, got {values!r}.")
    columns = {name: np.array(numbers(raw, name, what)) for name, raw in values.items()}
    for name, column in columns.items():
        if not column.size:
            raise ParameterError(f"{what}: '{name}' has no values; an empty design has no cases.")
    return columns


@dataclass(frozen=True)
class _Columns(Design):
    """Designs whose values are listed, a column for each name."""

    values: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.values)

    def outline(self) -> dict[str, Any]:
        return {"values": {name: column.tolist() for name, column in self.values.items()}}


@dataclass(frozen=True)
class Grid(_Columns):
    """Every value of each name with every value of the others; the last name varies fastest."""

    def __post_init__(self) -> None:
        found = checked_columns(self.values, "A grid")
        for name, column in found.items():
            if np.unique(column).size < column.size:
                raise ParameterError(f"A grid: '{name}' has a value twice; they must differ.")
        object.__setattr__(self, "values", found)

    @property
    def size(self) -> int:
        return math.prod(len(column) for column in self.values.values())

    def swept(self, start: int, stop: int) -> dict[str, Array]:
        lengths = tuple(len(column) for column in self.values.values())
        places = np.unravel_index(np.arange(start, stop), lengths)
        pairs = zip(self.values.items(), places, strict=True)
        return {name: column[place] for (name, column), place in pairs}

    def explicit(self) -> dict[str, Array]:
        return dict(self.values)


@dataclass(frozen=True)
class Zip(_Columns):
    """The first values of all names together, then the second ones, and so on."""

    def __post_init__(self) -> None:
        found = checked_columns(self.values, "A zip")
        lengths = {name: column.size for name, column in found.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"'{name}' {count}" for name, count in lengths.items())
            raise ParameterError(f"A zip needs equally many values of each name, got {told}.")
        object.__setattr__(self, "values", found)

    @property
    def size(self) -> int:
        return len(next(iter(self.values.values())))

    def swept(self, start: int, stop: int) -> dict[str, Array]:
        return {name: column[start:stop] for name, column in self.values.items()}


@dataclass(frozen=True)
class Cases(Design):
    """A list of cases, each with a value of every name.

    Parameters
    ----------
    cases : Sequence[Mapping[str, float]]
        One mapping of names to values a case
    """

    cases: Sequence[Mapping[str, float]]

    def __post_init__(self) -> None:
        if not self.cases:
            raise ParameterError("A list of cases is empty; a sweep needs at least one case.")
        for index, case in enumerate(self.cases):
            if set(case) != set(self.cases[0]):
                odd = sorted(set(case) ^ set(self.cases[0]))[0]
                raise ParameterError(
                    f"Case {index} and case 0 differ in having '{odd}'; each case gives a value to "
                    "every swept name."
                )
        columns = {name: [case[name] for case in self.cases] for name in self.cases[0]}
        object.__setattr__(self, "_columns", checked_columns(columns, "A list of cases"))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.cases[0])

    @property
    def size(self) -> int:
        return len(self.cases)

    def swept(self, start: int, stop: int) -> dict[str, Array]:
        found: dict[str, Array] = self._columns  # type: ignore[attr-defined]
        return {name: column[start:stop] for name, column in found.items()}

    def outline(self) -> dict[str, Any]:
        return {"values": {name: c.tolist() for name, c in self.swept(0, self.size).items()}}
