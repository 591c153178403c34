"""Files of junctions: what was measured or calculated of a pair, not of either material.

A file names two materials (their files need not exist) and the ion that its energies hold for;
each fact is `{ value, kind, source, range?, note? }` as in every parameter file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from hetsim.architectures.grains import BARRIERS, INTERFACE_BARRIER
from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.schema import KINDS
from hetsim.parameters.toml_reading import Table, number, read_document
from hetsim.parameters.value_file import source_of, value_entry, value_of
from hetsim.parameters.values import Value

INTERFACE_POTENTIAL = "Measured interface potential [V]"
BARRIER_A, BARRIER_B = BARRIERS

FACTS: dict[str, tuple[float, float]] = {
    INTERFACE_POTENTIAL: (0.0, 3.0),
    "Built-in potential [V]": (-3.0, 3.0),
    INTERFACE_BARRIER: (0.0, 3.0),
    BARRIER_A: (0.0, 3.0),
    BARRIER_B: (0.0, 3.0),
    "Adsorption energy at the junction [eV]": (-10.0, 5.0),
}
"""Every fact with its limits, those of plausibility (a value in mV or kJ/mol falls outside)."""

_HEAD = ("name", "components", "ion", "reference", "field_direction", "note")


@dataclass(frozen=True)
class MeasuredRatio:
    """Interfacial over bulk conductivity [-] at a temperature [K]; printed as > where `lower_bound`."""

    temperature_K: float
    ratio: float
    lower_bound: bool
    source: str


@dataclass(frozen=True)
class JunctionFile:
    """One pair, for one ion, as its file says."""

    name: str
    components: tuple[str, str]
    ion: str
    reference: str
    facts: Mapping[str, Value]
    field_direction: str = ""
    note: str = ""
    ratios: tuple[MeasuredRatio, ...] = ()

    def value(self, fact: str) -> float | None:
        """A fact's number, or None where the file has none."""
        fact_value = self.facts.get(fact)
        return None if fact_value is None else fact_value.number

    def exchanged(self) -> JunctionFile:
        """The same pair with its sides called the other way round."""
        swap = {BARRIER_A: BARRIER_B, BARRIER_B: BARRIER_A}
        facts = {
            swap.get(name, name): replace(value, name=swap.get(name, name))
            for name, value in self.facts.items()
        }
        a, b = self.components
        return replace(self, components=(b, a), facts=facts)


def junction_names() -> list[str]:
    """Names of the junction files, sorted."""
    return sorted(path.stem for path in (PARAMETER_SETS / "junctions").glob("*.toml"))


@cache
def read_junction(name: str) -> JunctionFile:
    """Read a junction of the library by its name.

    Raises ParameterError for an unknown name (with the nearest) and for anything wrong in the file.
    """
    known = junction_names()
    if name not in known:
        raise ParameterError(f"Unknown junction '{name}'. {did_you_mean(name, known)}")
    return read_junction_file(PARAMETER_SETS / "junctions" / f"{name}.toml")


def read_junction_file(path: Path) -> JunctionFile:
    """Read and check a junction file (.toml).  Raises ParameterError naming file, key and remedy."""
    document = read_document(path).only("junction", "facts", "measured")
    head = document.table("junction").only(*_HEAD)
    components = head.names("components")
    if len(components) != 2:
        raise ParameterError(
            f"{head.where}: 'components' must be two materials, A and B, got {list(components)}."
        )
    measured = document.table("measured", {}).only("conductivity_ratio")
    facts = document.table("facts", {})
    return JunctionFile(
        name=head.text("name"),
        components=(components[0], components[1]),
        ion=head.text("ion"),
        reference=head.text("reference"),
        facts={
            name: _fact(name, raw, facts.where, path.stem) for name, raw in facts.content.items()
        },
        field_direction=head.text("field_direction", ""),
        note=head.text("note", ""),
        ratios=tuple(_ratio(table) for table in measured.tables("conductivity_ratio")),
    )


def junctions_of(a: str, b: str) -> tuple[JunctionFile, ...]:
    """Every file of a pair, one for each ion, with A and B in the order asked for."""
    junctions = [read_junction(name) for name in junction_names()]
    here = [one for one in junctions if one.components == (a, b)]
    there = [one.exchanged() for one in junctions if one.components == (b, a)]
    return (*here, *there)


def _fact(name: str, raw: Any, where: str, origin: str) -> Value:
    if name not in FACTS:
        raise ParameterError(f"{where}: unknown fact '{name}'. {_remedy(name)}")
    entry = value_entry(name, raw, where)
    low, high = FACTS[name]
    value = number(raw["value"], name, where)
    if not low <= value <= high:
        raise ParameterError(f"{where}: '{name}' = {value:g} is outside {low:g} to {high:g}.")
    return value_of(entry, name, value, (low, high), origin)


def _ratio(table: Table) -> MeasuredRatio:
    table.only("temperature_K", "ratio", "lower_bound", "source", "note")
    numbers = {}
    for key in ("temperature_K", "ratio"):
        numbers[key] = number(table.content.get(key), key, table.where)
        if numbers[key] <= 0:
            raise ParameterError(
                f"{table.where}: '{key}' must be greater than zero, got {numbers[key]:g}."
            )
    bound = table.content.get("lower_bound", False)
    if not isinstance(bound, bool):
        raise ParameterError(f"{table.where}: 'lower_bound' must be true or false, got {bound!r}.")
    return MeasuredRatio(lower_bound=bound, source=source_of(table, KINDS["measured"]), **numbers)


def _remedy(name: str) -> str:
    stem = name.split(" [")[0].lower()
    for known in FACTS:
        if known.split(" [")[0].lower() == stem:
            return f"It is written '{known}'."
    return did_you_mean(name, FACTS)
