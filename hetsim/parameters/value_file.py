"""Numbers of a parameter file, `{ value, kind, source, range?, note? }`, and measured curves."""

from typing import Any

from hetsim.errors import ParameterError
from hetsim.parameters.checks import checked_rate, checked_value, known_parameter
from hetsim.parameters.schema import KINDS
from hetsim.parameters.toml_reading import Table
from hetsim.parameters.values import MeasuredRate, Number, Value


def read_values(table: Table, home: str, origin: str) -> dict[str, Value]:
    """The values of a table of parameters that belong to one home of the schema."""
    return {
        name: _value(name, raw, home, table.where, origin) for name, raw in table.content.items()
    }


def _value(name: str, raw: Any, home: str, where: str, origin: str) -> Value:
    info = known_parameter(name, (home,), where)
    entry = value_entry(name, raw, where)
    value = checked_value(name, raw["value"], (home,), where)
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


def read_measured(table: Table) -> MeasuredRate:
    """A `[[measured.rate]]` of a file."""
    table.only("currents_A_per_g", "capacities_mAh_per_g", "source", "note")
    currents, capacities = table.numbers("currents_A_per_g"), table.numbers("capacities_mAh_per_g")
    source = source_of(table, KINDS["measured"])
    curve = MeasuredRate(currents, capacities, source, table.text("note", ""))
    return checked_rate(curve, table.where)
