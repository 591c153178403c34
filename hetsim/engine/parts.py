"""A tape in parts, of which some run once for each of several places.

The tape of a DFN says for each volume anew what happens there, and its machine code is longer than what the processor
holds close by. In parts, what happens in a volume is written once, and its slots move from one volume to the next. What
is beside it, as the fluxes between volumes, stands before and after.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, pairwise

import numpy as np

from hetsim.engine.flow import Flow, flow_of
from hetsim.engine.operations import NUMBER, OPERATIONS
from hetsim.engine.repeats import Group, groups_of
from hetsim.engine.taped_model import Code, Part

__all__ = ["parts"]

_STEPS = 12
"""By how many different numbers of slots a part may move: POINTERS of machine_values.h."""


def parts(code: Code, slots: int, kept: int, blocks: Sequence[int]) -> list[Part]:
    """A tape as parts that follow each other; none where nothing is repeated.

    slots : how many the memory has
    kept : the first of the registers, which hold nothing after the tape
    blocks : where the blocks of the memory begin, in rising order
    """
    of = flow_of(code.tolist(), kept, pairs=False)
    groups = groups_of(of, blocks)
    return _Parts(of, groups, slots, kept).parts() if groups else []


_MOVING, _GONE = 1 << 28, 1 << 29
"""Names of what moves and of what is gone count from here until a part is finished."""

_ASSIGN = NUMBER["ASSIGN"]
_KINDS = {NUMBER["TIMES"]: NUMBER["MUL"]}
"""What operations are called whose result has a name of its own."""

Row = tuple[int, ...]
"""The slots of a number, one for each place."""


@dataclass
class _Written:
    """A part as it is written.

    steps : by how many slots rows may move
    moving : the place of each slot and step among the names that move
    """

    steps: set[int] = field(default_factory=set)
    code: list[tuple[int, ...]] = field(default_factory=list)
    moving: dict[tuple[int, int], int] = field(default_factory=dict)

    def name(self, row: Row) -> int | None:
        """The name of a row; None where it does not move evenly."""
        step = row[1] - row[0]
        if step not in self.steps or any(b - a != step for a, b in pairwise(row)):
            return None
        return _MOVING + self.moving.setdefault((row[0], step), len(self.moving))

    def add(self, kind: int, to: int, reads: Sequence[int]) -> None:
        """Add an instruction."""
        kind = _KINDS.get(kind, kind)
        self.code.append((kind, to, reads[0], reads[min(1, len(reads) - 1)], reads[-1]))

    def finished(self, times: int, slots: int, kept: int) -> Part:
        """The part, with names that follow those of the memory."""
        code = np.array([*self.code, (len(OPERATIONS), 0, 0, 0, 0)])
        names = code[:, 1:]
        gone = names >= _GONE
        moves = (names >= _MOVING) & ~gone
        used, place = np.unique(names[gone], return_inverse=True)
        names[moves] += slots - _MOVING
        names[gone] = slots + len(self.moving) + place
        moving = np.array(list(self.moving), np.int32).reshape(-1, 2)
        whole_names = slots + len(moving) + len(used)
        return Part(code.astype(np.int32), times, kept, whole_names, moving)


class _Parts:
    """A tape whose groups run in parts with odd numbers, and what is beside them in those with even ones.

    number : the part of each operation
    homes : slots in which what it computes is left
    stands : the slot in which it stands after its part
    later : operations that a later part reads
    copied : at the end of a part: a value, and the slot that it is copied to
    free : slots that no part has used yet
    fails : whether a part reads from a slot what another place has written over
    """

    def __init__(self, of: Flow, groups: list[Group], slots: int, kept: int) -> None:
        self._of, self._slots = of, slots
        self._free = count(kept)
        self._groups: list[Group] = []
        self._number = [0] * len(of.kinds)
        for group in groups:
            if numbers := _numbers(of, [*self._groups, group]):
                self._groups.append(group)
                self._number = numbers
        self._homes = defaultdict[int, list[int]](list)
        for slot, value in sorted(of.last.items()):
            self._homes[value].append(slot)
        self._stands: dict[int, int] = {}
        self._later = {
            one
            for value, reads in enumerate(of.reads)
            for one in reads
            if one >= 0 and self._number[one] < self._number[value]
        }
        self._copied = defaultdict[int, list[tuple[int, int]]](list)
        self._fails = False

    def parts(self) -> list[Part]:
        """The parts; none where one would read what another one has written over, or where there is no room."""
        repeated = [self._repeated(number) for number in range(len(self._groups))]
        self._stand(sorted(self._later))
        once = [self._once(2 * number) for number in range(len(self._groups) + 1)]
        kept = next(self._free)
        if not repeated or self._fails or kept >= self._slots or self._reads_too_late():
            return []
        made = [once[0].finished(1, self._slots, kept)]
        for group, body, after in zip(self._groups, repeated, once[1:], strict=True):
            made.append(body.finished(len(group), self._slots, kept))
            made.append(after.finished(1, self._slots, kept))
        return made

    def _reads_too_late(self) -> bool:
        """Whether a part reads what stood in a slot before the tape, after another part has written there."""
        last = dict[int, int]()
        for number, reads in zip(self._number, self._of.reads, strict=True):
            for one in reads:
                if one < 0:
                    last[one] = max(number, last.get(one, 0))
        return any(
            last.get(-1 - slot, 0) > self._number[one] for slot, one in self._of.last.items()
        )

    def _stand(self, values: Sequence[int]) -> None:
        """Slots for values that stand nowhere yet, in a row where they are left in none."""
        for one in values:
            if one < 0 or one in self._stands:
                continue
            if self._homes[one]:
                self._stands[one] = self._homes[one][0]
            else:
                self._stands[one] = next(self._free)
                self._copied[self._number[one]].append((one, self._stands[one]))

    def _slot(self, value: int) -> int:
        return self._stands[value] if value >= 0 else -1 - value

    def _once(self, number: int) -> _Written:
        """A part that runs once."""
        made = _Written()
        own = [value for value, part in enumerate(self._number) if part == number]

        def name(value: int) -> int:
            here = value >= 0 and self._number[value] == number
            return _GONE + value if here else self._slot(value)

        for value in own:
            made.add(self._of.kinds[value], _GONE + value, [*map(name, self._of.reads[value])])
        left = [(value, slot) for value in own for slot in self._homes[value]]
        for value, slot in [*left, *self._copied[number]]:
            made.add(_ASSIGN, slot, [name(value)])
        return made

    def _repeated(self, number: int) -> _Written:
        """The part of a group."""
        group, reads_of = self._groups[number], self._of.reads
        values = list(zip(*group, strict=True))
        inside = set(group[0])
        reads = [[*zip(*(reads_of[value] for value in row), strict=True)] for row in values]
        asked = dict.fromkeys(read for row in reads for read in row if read[0] not in inside)
        for read in asked:
            self._stand(read)
        rows = {read: tuple(map(self._slot, read)) for read in asked}
        homes = [self._rows_of(row) for row in values]
        moving = [*rows.values(), *(one for row in homes for one in row)]
        steps = Counter(row[1] - row[0] for row in moving)
        del steps[0]
        made = _Written({1, *(step for step, _ in steps.most_common(_STEPS - 1))})
        names = {
            read: row[0] if len(set(row)) == 1 else self._name(made, number, read, row)
            for read, row in rows.items()
        }
        left = [self._left(made, number, *one) for one in zip(values, homes, strict=True)]
        self._fails |= self._writes_over(rows.values(), left)
        where = {value: place for place, value in enumerate(group[0])}
        for value in sorted(inside):
            read_here = reads[where[value]]
            slots = [_GONE + read[0] if read[0] in inside else names[read] for read in read_here]
            made.add(self._of.kinds[value], _GONE + value, slots)
        for value, of_value in zip(group[0], left, strict=True):
            for row in of_value:
                name = made.name(row)
                assert name is not None
                made.add(_ASSIGN, name, [_GONE + value])
        return made

    def _rows_of(self, values: Sequence[int]) -> list[Row]:
        """The rows in which values are left, if in as many slots each."""
        homes = [self._homes[value] for value in values]
        return [*zip(*homes, strict=True)] if len(set(map(len, homes))) == 1 else []

    def _in_a_row(self, values: Sequence[int]) -> Row:
        return tuple(next(self._free) for _ in values)

    def _name(self, made: _Written, number: int, read: Sequence[int], row: Row) -> int:
        """The name of what is read; what does not move evenly is brought together before."""
        name = made.name(row)
        if name is None:
            row = self._in_a_row(read)
            self._copied[2 * number] += zip(read, row, strict=True)
            name = made.name(row)
            assert name is not None
        return name

    def _left(
        self, made: _Written, number: int, values: Sequence[int], homes: list[Row]
    ) -> list[Row]:
        """The rows that a part writes values to; other slots are copied to after it."""
        left = [row for row in homes if made.name(row) is not None]
        there = {slot for row in left for slot in row}
        others = [
            (value, slot) for value in values for slot in self._homes[value] if slot not in there
        ]
        if not left and (others or not self._later.isdisjoint(values)):
            left = [self._in_a_row(values)]
        if left:
            self._stands.update(zip(values, left[0], strict=True))
        self._copied[2 * number + 2] += others
        return left

    def _writes_over(self, rows: Iterable[Row], left: list[list[Row]]) -> bool:
        """Whether one place may write over what another one reads: not where each reads what it writes itself."""
        written = {row for one in left for row in one}
        slots = {slot for row in written for slot in row}
        return any(row not in written and not slots.isdisjoint(row) for row in rows)


def _numbers(of: Flow, groups: list[Group]) -> list[int] | None:
    """The part of each operation; None where a group asks for what comes after it."""
    own = {
        value: 2 * number + 1
        for number, group in enumerate(groups)
        for values in group
        for value in values
    }
    numbers: list[int] = []
    for value, reads in enumerate(of.reads):
        last = max((numbers[one] for one in reads if one >= 0), default=0)
        numbers.append(own.get(value, last + last % 2))
        if last > numbers[-1]:
            return None
    return numbers
