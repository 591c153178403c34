"""A study: cells, design and protocol together, and everything that follows from them before a run."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.models.kinds import check_kind
from hetsim.parameters.toml_reading import whole_number
from hetsim.parameters.values import content_hash
from hetsim.results import Array
from hetsim.simulation import versions
from hetsim.sweeping.by_columns import goes_by_columns
from hetsim.sweeping.checks import check_design
from hetsim.sweeping.chunk import Order
from hetsim.sweeping.design import Design
from hetsim.sweeping.store import Layout
from hetsim.sweeping.summaries import OF_EVERY_CASE, Summary, summary

FORMAT = 2
"""Of the store; counts up when what it holds is arranged in another way."""

READABLE = (1, FORMAT)
"""Formats of stores that can be gone on with."""

DISCHARGES_A_CHUNK = 200
"""Twice the hundred below which sending a chunk to a worker costs more than it gains."""

_FEWEST, _MOST = 10, 1000
"""Cases a chunk: what a kill can cost, and what a list of inputs holds in memory."""

_OF_COLUMNS, _OF_SLOW_COLUMNS = 20_000, 1000
"""Cases a chunk that go by columns: seconds of work each, beside which writing them is little."""


@dataclass(frozen=True)
class Study:
    """What a sweep runs.

    cells : the cells that the design's values are set in; several make a dimension `system`
    trace_points : points of each kept voltage curve, 0 for none
    chunk : cases that are run and written together; by default it follows from the protocol

    Raises ParameterError for anything in the design that a cell cannot have.
    """

    cells: tuple[Cell, ...]
    design: Design
    protocol: Any
    model: str = "SPMe"
    trace_points: int = 0
    chunk: int | None = None

    def __post_init__(self) -> None:
        for cell in self.cells:
            if not isinstance(cell, HalfCell | FullCell):
                raise TypeError(f"A sweep needs cells, got {cell!r}; hs.load('CZT') makes one.")
        names = [cell.name for cell in self.cells]
        twice = [name for name in names if names.count(name) > 1]
        if twice or not names:
            problem = f"has {twice[0]} twice" if twice else "has no cell"
            raise ParameterError(f"A sweep over systems {problem}; each name must differ.")
        check_kind(self.model)
        for name, value, lowest in (
            ("trace_points", self.trace_points, 0),
            ("chunk", 1 if self.chunk is None else self.chunk, 1),
        ):
            if whole_number(value, name, "A sweep") < lowest:
                raise ParameterError(f"A sweep: '{name}' is {value}; it must be {lowest} or more.")
        check_design(self.design, self.cells)

    @property
    def cases(self) -> int:
        """How many rows there will be."""
        return len(self.cells) * self.design.size

    @property
    def summary(self) -> Summary:
        """What is kept of each case."""
        return summary(self.protocol, self.trace_points)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Swept and derived names."""
        return (*self.design.names, *self.design.derived)

    @cached_property
    def layout(self) -> Layout:
        """How the rows are stored."""
        chunk = self.chunk or self._usual_chunk()
        columns = (*OF_EVERY_CASE, *self.summary.columns)
        return Layout(self.cases, min(chunk, self.cases), self.inputs, columns, self.summary.axes)

    @cached_property
    def by_columns(self) -> bool:
        """Whether its cases need no object each (sweeping.by_columns)."""
        return goes_by_columns(self.cells, self.protocol, self.trace_points)

    def _usual_chunk(self) -> int:
        discharges = self.summary.discharges
        if not self.by_columns:
            return int(np.clip(-(-DISCHARGES_A_CHUNK // discharges), _FEWEST, _MOST))
        fields = (cell.structure for cell in self.cells if isinstance(cell, HalfCell))
        slow = self.model == "DFN" or any(one.architecture.has_field for one in fields)
        most = _OF_SLOW_COLUMNS if slow else _OF_COLUMNS
        return max(_FEWEST, 7 * most // max(7, discharges))

    def values(self, rows: slice) -> dict[str, Array]:
        """Swept and derived values of some rows; the cells follow one another with all cases each."""
        size = self.design.size
        parts = []
        for place in range(rows.start // size, (rows.stop - 1) // size + 1):
            first = place * size
            start, stop = max(rows.start, first) - first, min(rows.stop, first + size) - first
            parts.append(self.design.columns(start, stop))
        return {name: np.concatenate([part[name] for part in parts]) for name in self.inputs}

    def order(self, index: int, threads: int = 1) -> Order:
        """The chunk of a number, as a worker takes it."""
        rows = self.layout.rows(index)
        values = self.values(rows)
        return Order(
            self.cells,
            np.arange(rows.start, rows.stop) // self.design.size,
            {name: values[name] for name in self.design.parameters()},
            self.protocol,
            self.model,
            self.trace_points,
            threads,
            versions(),
        )

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """All that the rows depend on, as JSON has it."""
        content = {
            "format": FORMAT,
            "versions": versions(),
            "systems": {cell.name: _told_cell(cell) for cell in self.cells},
            "design": self.design.described(),
            "protocol": told_protocol(self.protocol),
            "model": self.model,
            "trace_points": self.trace_points,
            "chunk": self.layout.chunk,
        }
        return {**content, "hash": content_hash(content)}


def told_protocol(protocol: Any) -> dict[str, Any]:
    """A protocol as JSON has it: its kind and its fields."""
    if not is_dataclass(protocol):
        raise TypeError(f"{protocol!r} is not a protocol; try hs.RateTest([0.1, 1, 10]).")
    told = {field.name: _plain(getattr(protocol, field.name)) for field in fields(protocol)}
    return {"kind": type(protocol).__name__, **told}


def difference(there: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The first thing in which two manifests differ, in words; empty if there is none."""
    for name in dict.fromkeys([*there, *now]):
        if name == "hash":
            continue
        found = _difference(name, there.get(name), now.get(name))
        if found:
            return found
    return ""


def _difference(where: str, there: Any, now: Any) -> str:
    if there == now:
        return ""
    if isinstance(there, Mapping) and isinstance(now, Mapping):
        if where == "systems" and list(there) != list(now):
            return f"systems: {', '.join(there)} in the store, {', '.join(now)} now"
        for name in dict.fromkeys([*there, *now]):
            found = _difference(f"{where}, {name}", there.get(name), now.get(name))
            if found:
                return found
    return f"{where}: {_short(there)} in the store, {_short(now)} now"


def _short(value: Any) -> str:
    if value is None:
        return "none"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:40]} ... ({len(value)} entries)"


def _told_cell(cell: Cell) -> dict[str, Any]:
    values = {name: _plain(value) for name, value in cell.values.items()}
    return {"structure": repr(cell.build_key), "parameters": values}


def _plain(value: Any) -> Any:
    """Tuples and arrays as lists, other objects as their words."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return repr(value)
