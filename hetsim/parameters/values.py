"""A system with its values, each with where it comes from; as its file says it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class MeasuredRate:
    """A measured rate curve: capacity [mA.h.g-1] at each current [A.g-1]."""

    currents: tuple[float, ...]
    capacities: tuple[float, ...]
    source: str
    note: str = ""


@dataclass(frozen=True)
class Component:
    """A material or an electrolyte: a name and its values."""

    name: str
    title: str
    values: Mapping[str, Value]


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
    facts: Mapping[str, Value] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name, with the variant behind it."""
        return f"{self.name} ({self.variant})" if self.variant else self.name


def content_hash(content: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that change when any value does."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
