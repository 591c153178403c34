"""Tapes for one case alone: operations of one kind that do not wait for each other, several side by side.

Many cases run side by side, each in a number of the processor's vectors. One case alone fills them with operations:
as many of a kind as the vectors are wide, from numbers in a row of its memory into numbers in a row. What does not lie
in a row is brought together before. Numbers that are given for a whole segment are put into rows when it begins.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hetsim.engine.flow import Flow, flow_of
from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.parallel_elimination import Slots, factor_tape, rounds, solve_tape
from hetsim.engine.taped_model import TapedModel

Ints = NDArray[np.int32]

TAPES = ("rate", "both", "factor", "solve", "margin")
"""Those of a step."""

GATHER, BROADCAST, ALONE = 50, 51, 64
"""As the C file counts."""

_ASSIGN = NUMBER["ASSIGN"]
_QUICK = {
    NUMBER[name]
    for name in (
        *("ADD", "SUB", "MUL", "DIV", "NEG", "ASSIGN", "SQ", "TWICE", "INV", "FABS", "LT", "LE"),
        *("LESS_PRODUCT", "TIMES", "PLUS_PRODUCT", "PRODUCT_LESS", "SUM_TIMES"),
        *("DIFFERENCE_TIMES", "PRODUCT_TIMES", "INV_ONE_PLUS"),
    )
}
"""Operations that can be done one by one."""

_BROUGHT = 2.0
"""What it costs to bring numbers together, in operations on rows."""


@dataclass(frozen=True)
class VectorTapes:
    """The tapes of a step in this form.

    slots : of the memory, those of the model among them
    at_rows : slot of the first of the numbers that are given for a segment
    given : slots that these are copied from
    tapes : each as the C file reads it, one number after the other
    """

    slots: int
    at_rows: int
    given: Ints
    tapes: Mapping[str, Ints]


def vector_tapes(model: TapedModel, width: int) -> VectorTapes:
    """The tapes of a model for vectors of a width."""
    ends = max(place + model.sizes[name] for name, place in model.places.items())
    given = set(range(len(model.constants)))
    for name in ("fixed", "imposed"):
        given.update(range(model.places[name], model.places[name] + model.sizes[name]))
    rows = _Rows(width, -(-model.sizes["slots"] // 8) * 8)
    made, used = _elimination(model, given, rows)
    most = used
    for name in TAPES:
        if name not in made:
            making = _Making(flow_of(model.tapes[name].tolist(), ends), given, rows, used)
            made[name] = making.tape()
            most = max(most, making.used)
    # registers lie behind the rows, whose number is known now
    behind = rows.first + len(rows.slots)
    for tape in made.values():
        tape[tape >= _FAR] += behind - _FAR
    slots = behind + most - _FAR + width
    return VectorTapes(slots, rows.first, np.array(rows.slots, np.int32), made)


def _elimination(model: TapedModel, given: set[int], rows: "_Rows") -> tuple[dict[str, Ints], int]:
    """The tapes that factorise the matrix and solve with it, and the first register that they leave free."""
    pattern = [(line, column) for line, column in model.pattern.tolist()]
    pivots = dict(enumerate(model.pivots.tolist()))
    order = rounds(len(pivots), pattern, pivots)
    first = model.places["matrix"]
    slots = Slots({one: first + place for place, one in enumerate(pattern)}, _FILLED)
    zero = int(np.flatnonzero(model.constants == 0.0)[0])
    flow = flow_of(factor_tape(order, slots, zero), pairs=False)
    factor = _Making(flow, given, rows, _FAR, in_place=False)
    factorised = factor.tape()

    def slot(line: int, column: int) -> int:
        return factor.slot(flow.last[slots.of[line, column]])

    right = model.places["right"]
    solve = solve_tape(order, slot, right, _FREE)
    # what the factors are is given for all solutions with them
    behind = _Rows(rows.width, factor.used)
    known = {slot(*one) for one in slots.of if slots.of[one] in flow.last}
    solving = _Making(flow_of(solve, _FAR, pairs=False), known, behind, _FREE)
    solved = solving.tape()
    brought = [
        number
        for k in range(0, len(behind.slots), rows.width)
        for number in (behind.first + k, *behind.slots[k : k + rows.width])
    ]
    factorised = np.array(
        [*factorised[:-2], GATHER, len(behind.slots) // rows.width, *brought, *_END[:2]], np.int32
    )
    used = behind.first + len(behind.slots)
    solved[solved >= _FREE] += used - _FREE
    return {"factor": factorised, "solve": solved}, used + solving.used - _FREE


_FAR = 1 << 28
"""Registers count from here until all tapes are made."""
_FREE = 1 << 29
"""The same of those that a solution uses."""
_FILLED = 1 << 27
"""Slots of entries that only fill in count from here."""
_END = (len(OPERATIONS), 0, 0, 0, 0)


class _Rows:
    """Rows of given numbers: where the first one stands, and the slots that they are copied from."""

    def __init__(self, width: int, first: int) -> None:
        self.width, self.first = width, first
        self.slots: list[int] = []
        self._known: dict[tuple[int, ...], int] = {}

    def row(self, slots: Sequence[int]) -> int:
        """Where some given numbers stand in a row."""
        key = tuple(slots)
        if key not in self._known:
            self._known[key] = self.first + len(self.slots)
            self.slots += [*key, *[key[-1]] * (self.width - len(key))]
        return self._known[key]


@dataclass(frozen=True)
class _Brought:
    """What is brought together: one number into all places of a row, or several."""

    same: list[list[int]]
    apart: list[list[int]]


def _families(of: Flow, given: set[int]) -> tuple[list[int], list[float]]:
    """Of each operation: the number of its family, which do the same in other places, and its place among them.

    What is computed in the same way from states that follow each other stands in rows when it is sorted so.
    """
    known: dict[tuple[int, ...], int] = {}
    families: list[int] = []
    lanes: list[float] = []
    for kind, reads in zip(of.kinds, of.reads, strict=True):
        told, places = [], []
        for one in reads:
            if one >= 0:
                told.append(families[one])
                places.append(lanes[one])
            elif -1 - one in given:
                told.append(-1)
            else:
                told.append(-2)
                places.append(-1.0 - one)
        families.append(known.setdefault((kind, *told), len(known)))
        lanes.append(sum(places) / len(places) if places else 0.0)
    return families, lanes


class _Making:
    """The instructions of one tape as they are written."""

    def __init__(
        self, of: Flow, given: set[int], rows: _Rows, free: int, *, in_place: bool = True
    ) -> None:
        self._of, self._given, self._rows, self._width = of, given, rows, rows.width
        self._at: dict[int, int] = {}  # where values stand
        self._alone: set[int] = set()  # slots that were written one by one
        self._brought: dict[tuple[int, ...], int] = {}
        self._code: list[int] = []
        self.used = free
        self._last = of.last if in_place else {}
        self._home = {value: slot for slot, value in self._last.items()}
        self._family, self._lane = _families(of, given)
        self._left = Counter(-1 - one for reads in of.reads for one in reads if one < 0)

    def tape(self) -> Ints:
        """All operations, each after those that it reads, and what is left to be put in its place."""
        waiting = [0] * len(self._of.kinds)
        readers: list[list[int]] = [[] for _ in waiting]
        ready: dict[int, list[int]] = {}
        for place, reads in enumerate(self._of.reads):
            asked = {one for one in reads if one >= 0}
            waiting[place] = len(asked)
            for one in asked:
                readers[one].append(place)
            if not asked:
                ready.setdefault(self._of.kinds[place], []).append(place)
        height = [0] * len(waiting)
        for place in reversed(range(len(waiting))):
            height[place] = 1 + max((height[one] for one in readers[place]), default=0)
        while ready:
            kind = max(ready, key=lambda one: max(height[x] for x in ready[one]))
            batch = ready.pop(kind)
            self._write(kind, batch)
            for one in batch:
                for reader in readers[one]:
                    waiting[reader] -= 1
                    if not waiting[reader]:
                        ready.setdefault(self._of.kinds[reader], []).append(reader)
        self._put_in_place()
        return np.array([*self._code, len(OPERATIONS), 0], np.int32)

    # --- which operations go together ------------------------------------------------------------

    def _write(self, kind: int, batch: list[int]) -> None:
        """Operations of one kind, none of which waits for another."""
        operands = {
            one: tuple(None if self._is_given(x) else self.slot(x) for x in self._of.reads[one])
            for one in batch
        }
        orders = [sorted(batch, key=lambda one: (self._family[one], self._lane[one], one))]
        for key in range(len(self._of.reads[batch[0]])):
            by_slots = {one: _by_slots(slots, key) for one, slots in operands.items()}
            orders.append(sorted(batch, key=by_slots.__getitem__))
        found = [_in_streams(order, operands, self._width) for order in orders]
        streams, others = min(
            found,
            key=lambda one: sum(-(-len(s) // self._width) for s in one[0]) + _BROUGHT * len(one[1]),
        )
        brought = _Brought([], [])
        rows: list[list[int]] = []
        alone: list[list[int]] = []
        for stream in streams:
            for first in range(0, len(stream), self._width):
                rows.append(self._row(stream[first : first + self._width], brought))
        for first in range(0, len(others), self._width):
            group = others[first : first + self._width]
            apart = sum(
                1
                for column in zip(*(operands[one] for one in group), strict=True)
                if any(x is not None for x in column)
            )
            if kind in _QUICK and len(group) <= 1 + _BROUGHT * apart:
                alone += [self._one(one) for one in group]
            else:
                rows.append(self._row(group, brought))
        self._add(BROADCAST, brought.same)
        self._add(GATHER, brought.apart)
        self._add(kind, rows)
        self._add(ALONE + kind, alone)

    def _add(self, kind: int, records: list[list[int]]) -> None:
        """Instructions of one kind, none of which waits for another."""
        if records:
            self._code += [kind, len(records), *(number for one in records for number in one)]

    def _is_given(self, value: int) -> bool:
        return value < 0 and -1 - value in self._given

    def slot(self, value: int) -> int:
        return self._at[value] if value >= 0 else -1 - value

    # --- instructions ----------------------------------------------------------------------------

    def _row(self, group: list[int], brought: _Brought) -> list[int]:
        """One operation on rows: where its result goes, and its operands."""
        columns = list(zip(*(self._of.reads[one] for one in group), strict=True))
        rows = [self._operand(column, brought) for column in columns]
        self._take(columns)
        homes = [self._home.get(one, -1) for one in group]
        if len(group) == self._width and _is_row(homes) and homes[0] >= 0 and self._is_free(homes):
            to = homes[0]
        else:
            to = self.used
            self.used += self._width
        self._at.update({one: to + place for place, one in enumerate(group)})
        return [to, *rows]

    def _one(self, one: int) -> list[int]:
        """One operation on numbers."""
        reads = self._of.reads[one]
        slots = [self.slot(value) for value in reads]
        self._take([reads])
        home = self._home.get(one, -1)
        if home >= 0 and self._is_free([home]):
            to = home
        else:
            to = self.used
            self.used += 1
        self._at[one] = to
        self._alone.add(to)
        return [to, *slots]

    def _take(self, columns: Iterable[tuple[int, ...]]) -> None:
        self._left.subtract(-1 - one for column in columns for one in column if one < 0)

    def _is_free(self, homes: Sequence[int]) -> bool:
        """Whether nobody needs any more what stood in some slots before."""
        return not any(self._left[slot] for slot in homes)

    def _operand(self, column: tuple[int, ...], brought: _Brought) -> int:
        """Where some values stand in a row, into which they are brought if need be."""
        slots = tuple(self.slot(value) for value in column)
        if all(map(self._is_given, column)):
            return self._rows.row(slots)
        if _is_row(slots) and not self._alone.intersection(slots):
            return slots[0]
        if slots not in self._brought:
            to = self._brought[slots] = self.used
            self.used += self._width
            if len(set(slots)) == 1:
                brought.same.append([to, slots[0]])
            else:
                brought.apart.append([to, *slots, *[slots[-1]] * (self._width - len(slots))])
        return self._brought[slots]

    def _put_in_place(self) -> None:
        """Results that are not where they belong."""
        left = [
            (slot, self.slot(value), self._is_given(value))
            for slot, value in sorted(self._last.items())
            if self.slot(value) != slot
        ]
        rows: list[list[int]] = []
        brought: list[list[int]] = []
        apart: list[list[int]] = []
        place = 0
        while place < len(left):
            to, slots, given = zip(*left[place : place + self._width], strict=True)
            if len(to) < self._width or not _is_row(to):
                apart.append([to[0], slots[0]])
                place += 1
                continue
            if all(given):
                rows.append([to[0], self._rows.row(slots)])
            elif _is_row(slots) and not self._alone.intersection(slots):
                rows.append([to[0], slots[0]])
            else:
                brought.append([to[0], *slots])
            place += self._width
        self._add(_ASSIGN, rows)
        self._add(GATHER, brought)
        self._add(ALONE + _ASSIGN, apart)


def _is_row(slots: Sequence[int]) -> bool:
    return slots[-1] - slots[0] == len(slots) - 1 and all(
        slot == slots[0] + place for place, slot in enumerate(slots)
    )


def _by_slots(slots: tuple[int | None, ...], key: int) -> tuple[int, ...]:
    """For sorting by the slot of one operand, then by the others."""
    known = [-1 if one is None else one for one in slots]
    return known[key], *known


def _in_streams(
    order: Sequence[int], operands: Mapping[int, tuple[int | None, ...]], width: int
) -> tuple[list[list[int]], list[int]]:
    """Operations in an order, as streams whose operands follow each other in the memory, and those that are left.

    operands : slots of each operation's operands, None for what is given
    """
    streams: list[list[int]] = []
    kinds: tuple[int, ...] | None = None
    before: tuple[int | None, ...] = ()
    for one in order:
        now = operands[one]
        if streams and all((x is None) == (y is None) for x, y in zip(now, before, strict=True)):
            steps = tuple(
                0 if x is None or y is None else x - y for x, y in zip(now, before, strict=True)
            )
            goes_on = all(step in (0, 1) for step in steps) if kinds is None else steps == kinds
        else:
            steps, goes_on = (), False
        if goes_on:
            streams[-1].append(one)
            kinds = steps
        else:
            streams.append([one])
            kinds = None
        before = now
    least = max(2, width // 2)
    others = [one for stream in streams if len(stream) < least for one in stream]
    return [stream for stream in streams if len(stream) >= least], others
