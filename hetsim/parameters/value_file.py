"""Numbers of a parameter file, `{ value, kind, source, range?, note? }`, and measured curves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hetsim.errors import ParameterError
from hetsim.parameters.checks import checked_rate, checked_value, known_parameter
from hetsim.parameters.schema import KINDS
from hetsim.parameters.toml_reading import Table, whole_number
from hetsim.parameters.values import AgedPoint, MeasuredRate, Number, Value

EXTRACTIONS = "extraction_capacities_mAh_per_g"
"""Key of a measured rate curve: what was extracted after each insertion."""


def read_values(table: Table, home: str | tuple[str, ...], origin: str) -> dict[str, Value]:
    """The values of a table of parameters that belong to one home of the schema, or to several."""
    homes = (home,) if isinstance(home, str) else home
    return {
        name: _value(name, raw, homes, table.where, origin) for name, raw in table.content.items()
    }


def _value(name: str, raw: Any, homes: tuple[str, ...], where: str, origin: str) -> Value:
    info = known_parameter(name, homes, where)
    entry = value_entry(name, raw, where)
    value = checked_value(name, raw["value"], homes, where)
    return value_of(entry, name, value, (info.low, info.high), origin)


def value_entry(name: str, raw: Any, where: str) -> Table:
    """The `{ value, kind, source, range?, note? }` of a number; ParameterError if it is not one."""
    if not isinstance(raw, dict) or "value" not in raw:
        raise ParameterError(f"{where}: '{name}' must be {{ value, kind, source }}, got {raw!r}.")
    return Table(raw, f"{where}: '{name}'").only("value", "kind", "source", "range", "note")


def value_of(
    entry: Table, name: str, value: Number, bounds: tuple[float, float], origin: str
) -> Value:
    """A checked number with kind, source and range; ParameterError for what is missing or wrong."""
    kind = entry.text("kind", "")
    if kind not in KINDS:
        raise ParameterError(f"{entry.where} has kind {kind!r}; allowed: {', '.join(KINDS)}.")
    source = source_of(entry, KINDS[kind])
    limits = _range(entry, bounds, value) if "range" in entry.content else None
    if kind == "fitted" and limits is None:
        raise ParameterError(f"{entry.where} is fitted and needs its physical `range`.")
    return Value(name, value, kind, source, entry.text("note", ""), limits, origin)


def source_of(table: Table, remedy: str) -> str:
    """The source of a table; ParameterError with the remedy if it has none."""
    source = table.content.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ParameterError(f"{table.where} has no source. {remedy}")
    return source.strip()


def _range(entry: Table, bounds: tuple[float, float], value: Number) -> tuple[float, float]:
    limits = entry.numbers("range")
    if len(limits) != 2:
        raise ParameterError(f"{entry.where}: 'range' must be [low, high], got {list(limits)}.")
    low, high = limits
    if not bounds[0] <= low < high <= bounds[1]:
        raise ParameterError(
            f"{entry.where}: 'range' = {list(limits)} must rise, within {bounds[0]:g} to {bounds[1]:g}."
        )
    if any(not low <= one <= high for one in (value if isinstance(value, tuple) else (value,))):
        raise ParameterError(f"{entry.where} = {value} is outside its own range {list(limits)}.")
    return low, high


def read_measured(
    tables: Sequence[Table],
) -> tuple[tuple[MeasuredRate, ...], tuple[AgedPoint, ...]]:
    """The `[[measured.rate]]` of a file: curves of the fresh electrode, and points with a history.

    A table with `after_cycles` or `history` holds points of an electrode that is not fresh; they belong to
    every curve of the file.
    """
    read = [(_curve(table), *_history(table)) for table in tables]
    aged = tuple(
        AgedPoint(current, capacity, cycles, curve.source, curve.note, history)
        for curve, cycles, history in read
        if cycles or history
        for current, capacity in zip(curve.currents, curve.capacities, strict=True)
    )
    fresh = [curve for curve, cycles, history in read if not (cycles or history)]
    return tuple(replace(curve, aged=aged) for curve in fresh), aged


def _curve(table: Table) -> MeasuredRate:
    table.only(
        "currents_A_per_g",
        "capacities_mAh_per_g",
        EXTRACTIONS,
        "after_cycles",
        "history",
        "source",
        "note",
    )
    currents, capacities = table.numbers("currents_A_per_g"), table.numbers("capacities_mAh_per_g")
    source = source_of(table, KINDS["measured"])
    extracted = table.numbers(EXTRACTIONS)
    curve = MeasuredRate(
        currents, capacities, source, table.text("note", ""), extractions=extracted
    )
    return checked_rate(curve, table.where)


def _history(table: Table) -> tuple[int, str]:
    """Cycles before the points of a table, and what else happened to the electrode."""
    raw = table.content.get("after_cycles", 0)
    cycles = whole_number(raw, "after_cycles", table.where)
    if cycles < 0:
        raise ParameterError(f"{table.where}: 'after_cycles' = {cycles} must be 0 (fresh) or more.")
    return cycles, table.text("history", "")
