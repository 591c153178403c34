"""The systems in an order to read them in: by ion, by class, each heterostructure with its controls."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from hetsim.parameters.library import component_names
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import System

METALS = {
    "Li": "lithium",
    "Na": "sodium",
    "K": "potassium",
    "NH4": "ammonium",
    "Mg": "magnesium",
    "Ca": "calcium",
    "Zn": "zinc",
    "Al": "aluminium",
}
"""What the ions of `schema.IONS` are called, in the order in which they are listed."""


class Listed(Protocol):
    """What a list needs of a system, of an entry of the index, or of anything that is listed."""

    @property
    def name(self) -> str: ...
    @property
    def ion(self) -> str: ...
    @property
    def classification(self) -> str: ...
    @property
    def controls(self) -> tuple[str, ...]: ...


One = TypeVar("One", bound=Listed)


@dataclass(frozen=True)
class Group(Generic[One]):
    """Systems of one ion and one family (the first part of their class), controls behind theirs."""

    ion: str
    family: str
    systems: tuple[One, ...]

    @property
    def title(self) -> str:
        return f"{METALS[self.ion]} ({self.ion}), {self.family}"


def by_hand() -> list[System]:
    """All systems that are written by hand, by name."""
    return [read_system(name) for name in component_names("systems")]


def heterostructures_of(control: str, systems: Iterable[Listed]) -> list[str]:
    """Names of the systems that a system is a control of."""
    return [system.name for system in systems if control in system.controls]


def groups(systems: Iterable[One]) -> list[Group[One]]:
    """Every system once; a control stands behind its first heterostructure, in that one's family."""
    known = sorted(systems, key=lambda one: (list(METALS).index(one.ion), _family(one), one.name))
    by_name = {one.name: one for one in known}
    leading = [one for one in known if not heterostructures_of(one.name, known)]
    placed: dict[tuple[str, str], list[One]] = {}
    seen = set()
    for one in [*leading, *known]:
        for name in (one.name, *one.controls):
            if name in by_name and name not in seen:
                seen.add(name)
                placed.setdefault((one.ion, _family(one)), []).append(by_name[name])
    return [Group(*key, tuple(found)) for key, found in placed.items()]


def _family(system: Listed) -> str:
    return system.classification.partition("/")[0]
