"""An elimination for one case alone: many pivots at once, in few rounds that wait for each other.

For many cases side by side the fewest operations are best, and a chain of places is eliminated from one end to the
other. One case alone waits for each of them. Here every other place of a chain goes in the first round, every other one
of those left in the second, and so on (cyclic reduction), with some more operations in a fraction of the time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from hetsim.engine.elimination import Pivot, lines_and_columns, pivot_entries
from hetsim.engine.operations import NUMBER
from hetsim.engine.tape import Instruction

_DEARER = 3.0
"""A pivot goes in a round where it costs this many times the cheapest one at most."""

_LEAST = 4
"""Or this many products: those of a place in a chain."""


def rounds(
    size: int, entries: Iterable[tuple[int, int]], pivots: Mapping[int, int]
) -> list[list[Pivot]]:
    """Pivots that do not wait for each other, round after round.

    entries : line and column of what is not zero;  pivots : the line in which the pivot of each column stands
    """
    lines, columns = lines_and_columns(size, [*entries, *pivot_entries(pivots)])
    column_of = {line: column for column, line in pivots.items()}
    left, made = set(range(size)), []
    while left:
        cost = {one: (len(lines[pivots[one]]) - 1) * (len(columns[one]) - 1) for one in left}
        most = max(_LEAST, _DEARER * min(cost.values()))
        blocked: set[int] = set()
        together = []
        for column in sorted(left, key=lambda one: (cost[one], one)):
            if cost[column] > most:
                break
            line = pivots[column]
            met = lines[line] | {column_of[one] for one in columns[column]}
            if column in blocked:
                continue
            blocked |= met
            together.append(
                Pivot(
                    line,
                    column,
                    tuple(sorted(columns[column] - {line})),
                    tuple(sorted(lines[line] - {column})),
                )
            )
        for pivot in together:
            left.discard(pivot.column)
            for line in pivot.lines:
                lines[line].discard(pivot.column)
                lines[line].update(pivot.columns)
            for column in pivot.columns:
                columns[column].discard(pivot.line)
                columns[column].update(pivot.lines)
        made.append(together)
    return made


_INVERSE, _TIMES, _LESS = NUMBER["INV"], NUMBER["TIMES"], NUMBER["LESS_PRODUCT"]
_ASSIGN = NUMBER["ASSIGN"]


class Slots:
    """Slots of the entries of a matrix, given away as they are asked for."""

    def __init__(self, known: Mapping[tuple[int, int], int], first: int) -> None:
        self.of, self._first = dict(known), first

    def entry(self, line: int, column: int) -> int:
        """Of an entry, which is zero before if it was not known."""
        return self.of.setdefault((line, column), self._first + len(self.of))


def factor_tape(made: Sequence[Sequence[Pivot]], slots: Slots, zero: int) -> list[Instruction]:
    """Instructions that leave each pivot inverted, the entries below it divided by it, and so those beside it.

    zero : a slot that holds zero, from which entries that only fill in begin
    """
    known = len(slots.of)
    code: list[Instruction] = []
    for together in made:
        for pivot in together:
            at = slots.entry(pivot.line, pivot.column)
            code.append((_INVERSE, at, at, at, at))
            for line in pivot.lines:
                below = slots.entry(line, pivot.column)
                code.append((_TIMES, below, at, at, at))
                for column in pivot.columns:
                    beside = slots.entry(pivot.line, column)
                    to = slots.entry(line, column)
                    code.append((_LESS, to, below, beside, to))
        for pivot in together:
            at = slots.entry(pivot.line, pivot.column)
            code += [
                (_TIMES, slots.entry(pivot.line, column), at, at, at) for column in pivot.columns
            ]
    return [(_ASSIGN, slot, zero, zero, zero) for slot in list(slots.of.values())[known:]] + code


def solve_tape(
    made: Sequence[Sequence[Pivot]],
    slot: Callable[[int, int], int],
    right: int,
    free: int,
) -> list[Instruction]:
    """Instructions that solve for a right-hand side in place.

    slot : of an entry after `factor_tape`;  right : the first slot of the right-hand side
    free : slots that may be used from here on
    """
    code: list[Instruction] = []
    line_of = {pivot.column: pivot.line for together in made for pivot in together}
    for together in made:
        code += [
            (_LESS, right + line, slot(line, pivot.column), right + pivot.line, right + line)
            for pivot in together
            for line in pivot.lines
        ]
    for together in made:
        for pivot in together:
            here = right + pivot.line
            at = slot(pivot.line, pivot.column)
            code.append((_TIMES, here, at, at, at))
    order = {pivot.column: number for number, together in enumerate(made) for pivot in together}
    for together in reversed(made):
        code += [
            (_LESS, here, slot(pivot.line, column), right + line_of[column], here)
            for pivot in together
            for here in [right + pivot.line]
            # those that are known first
            for column in sorted(pivot.columns, key=lambda one: -order[one])
        ]
    moved = {column: line for column, line in line_of.items() if column != line}
    for place, line in enumerate(moved.values()):
        aside, here = free + place, right + line
        code.append((_ASSIGN, aside, here, here, here))
    for place, column in enumerate(moved):
        aside, here = free + place, right + column
        code.append((_ASSIGN, here, aside, aside, aside))
    return code
