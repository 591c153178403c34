"""A system with its values, each with where it comes from; as its file says it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hetsim.parameters.schema import SCHEMA, ParameterInfo

Number = float | tuple[float, ...]


@dataclass(frozen=True)
class Value:
    """One parameter with where it comes from."""

    name: str
    value: Number
    kind: str
    source: str
    note: str = ""
    range: tuple[float, float] | None = None
    origin: str = ""

    @property
    def info(self) -> ParameterInfo:
        return SCHEMA[self.name]

    @property
    def number(self) -> float:
        """The value of a parameter that is one number. Raises TypeError for a list."""
        return _number(self.name, self.value)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The value of a parameter that is a list of numbers. Raises TypeError for one number."""
        return _numbers(self.name, self.value)


class ParameterNumbers(Mapping[str, Number]):
    """The parameters of a cell by name, to be read only: each a number or a tuple of numbers.

    `values[name]` is either; `values.number(name)` and `values.numbers(name)` say which, also to a type checker.
    """

    def __init__(self, content: Mapping[str, Number]) -> None:
        self._content = dict(content)

    def __getitem__(self, name: str) -> Number:
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def __repr__(self) -> str:
        return f"ParameterNumbers({self._content!r})"

    def number(self, name: str) -> float:
        """One number. Raises KeyError for an unknown name and TypeError for a list."""
        return _number(name, self._content[name])

    def numbers(self, name: str) -> tuple[float, ...]:
        """A list of numbers. Raises KeyError for an unknown name and TypeError for one number."""
        return _numbers(name, self._content[name])


def _number(name: str, value: Number) -> float:
    if isinstance(value, tuple):
        raise TypeError(f"'{name}' is a list of {len(value)} numbers; read it with `numbers`.")
    return value


def _numbers(name: str, value: Number) -> tuple[float, ...]:
    if not isinstance(value, tuple):
        raise TypeError(f"'{name}' is one number, {value:g}; read it with `number`.")
    return value


@dataclass(frozen=True)
class AgedPoint:
    """A measured capacity of an electrode that is no longer fresh, so no point of its rate curve.

    Parameters
    ----------
    current : float
        [A.g-1]
    capacity : float
        [mA.h.g-1]
    after_cycles : int
        Cycles before it; 0 where they are not printed, and `history` says what happened
    source, note : str
        Where it is printed, and what else is known
    history : str
        What the electrode went through, such as "back at this current after the rate test"
    """

    current: float
    capacity: float
    after_cycles: int
    source: str
    note: str = ""
    history: str = ""

    @property
    def label(self) -> str:
        """The history in a few words."""
        return self.history or f"after {self.after_cycles} cycles"


@dataclass(frozen=True)
class MeasuredRate:
    """A measured rate curve: capacity [mA.h.g-1] at each current [A.g-1] of a fresh electrode.

    Parameters
    ----------
    currents, capacities : tuple[float, ...]
        Points of the curve
    source, note : str
        Where they are printed, and what else is known
    aged : tuple[AgedPoint, ...]
        Capacities of the same electrode after cycles: shown beside the curve, never fitted with it
    extractions : tuple[float, ...]
        What was extracted after each insertion [mA.h.g-1], not a number where it was not measured; empty without any
    """

    currents: tuple[float, ...]
    capacities: tuple[float, ...]
    source: str
    note: str = ""
    aged: tuple[AgedPoint, ...] = ()
    extractions: tuple[float, ...] = ()

    def at(self, places: Iterable[int]) -> "MeasuredRate":
        """Some of its points, in the order of the places."""
        kept = list(places)
        return replace(
            self,
            currents=tuple(self.currents[k] for k in kept),
            capacities=tuple(self.capacities[k] for k in kept),
            extractions=tuple(self.extractions[k] for k in kept) if self.extractions else (),
        )


@dataclass(frozen=True)
class Component:
    """A material or an electrolyte: a name and its values.

    reference : what its file names as its source
    ions : of a material, what it is as a host for an ion (isotherm, capacity, diffusivity), by ion
    """

    name: str
    title: str
    values: Mapping[str, Value]
    ions: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    reference: str = ""


@dataclass(frozen=True)
class System:
    """An electrode in its half cell, as its file says."""

    name: str
    title: str
    ion: str
    classification: str
    architecture: str
    materials: tuple[str, ...]
    components: tuple[str, ...]
    electrolyte: str
    values: Mapping[str, Value]
    controls: tuple[str, ...] = ()
    reference: str = ""
    note: str = ""
    variant: str = ""
    variants: tuple[str, ...] = ()
    measured: tuple[MeasuredRate, ...] = ()
    aged: tuple[AgedPoint, ...] = ()
    interface: str = ""
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name, with the variant behind it."""
        return f"{self.name} ({self.variant})" if self.variant else self.name


def content_hash(content: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that change when any value does."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
