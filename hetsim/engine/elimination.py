"""Gaussian elimination without choice at run time: its order and its operations, found once from a pattern.

The matrix of a step is M/(h gamma) - J, where J changes and its pattern does not. Pivots are chosen once, by the least
fill (H. M. Markowitz, Manage. Sci. 3, 255 (1957), doi:10.1287/mnsc.3.3.255) among the entries that may be pivots; of
those that fill in as little, the one that has waited for fewest others. So a chain of places is eliminated from both
ends to its middle, and no result is waited for longer than half of it.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hetsim.engine.operations import NUMBER
from hetsim.engine.tape import Instruction, Memory, register


@dataclass(frozen=True)
class Pivot:
    """One step of the elimination: line and column of the pivot, and the lines and columns left that it meets."""

    line: int
    column: int
    lines: tuple[int, ...]
    columns: tuple[int, ...]


def lines_and_columns(
    size: int, entries: Iterable[tuple[int, int]]
) -> tuple[list[set[int]], list[set[int]]]:
    """The columns in which each line holds an entry, and the lines in which each column does."""
    lines: list[set[int]] = [set() for _ in range(size)]
    columns: list[set[int]] = [set() for _ in range(size)]
    for line, column in entries:
        lines[line].add(column)
        columns[column].add(line)
    return lines, columns


def pivot_entries(pivots: Mapping[int, int]) -> list[tuple[int, int]]:
    """Line and column of the pivots, given by the line of each column."""
    return [(line, column) for column, line in pivots.items()]


def elimination_order(
    size: int, entries: Iterable[tuple[int, int]], pivots: dict[int, int]
) -> list[Pivot]:
    """The pivots in their order.

    entries : line and column of what is not zero
    pivots : the line in which the pivot of each column stands
    """
    lines, columns = lines_and_columns(size, [*entries, *pivot_entries(pivots)])
    column_of = {line: column for column, line in pivots.items()}
    waited = [0] * size  # pivots that follow each other before one

    def cost(column: int) -> tuple[int, int]:
        fill = (len(lines[pivots[column]]) - 1) * (len(columns[column]) - 1)
        return fill, waited[column]

    waiting = [(cost(column), column) for column in range(size)]
    heapq.heapify(waiting)
    done = [False] * size
    order = []
    while waiting:
        known, column = heapq.heappop(waiting)
        if done[column]:
            continue
        now = cost(column)
        if now > known:
            heapq.heappush(waiting, (now, column))
            continue
        line = pivots[column]
        done[column] = True
        other_lines = sorted(columns[column] - {line})
        other_columns = sorted(lines[line] - {column})
        order.append(Pivot(line, column, tuple(other_lines), tuple(other_columns)))
        for other in other_lines:
            lines[other].discard(column)
            lines[other].update(other_columns)
        for other in other_columns:
            columns[other].discard(line)
            columns[other].update(other_lines)
        for other in (*other_columns, *(column_of[one] for one in other_lines)):
            waited[other] = max(waited[other], waited[column] + 1)
        for other in other_columns:  # what has become cheaper
            heapq.heappush(waiting, (cost(other), other))
    return order


_INVERSE, _TIMES, _LESS = NUMBER["INV"], NUMBER["TIMES"], NUMBER["LESS_PRODUCT"]
_ASSIGN = NUMBER["ASSIGN"]


class EliminationTapes:
    """The tapes that factorise a matrix in place and solve with it, and that clear the entries which only fill in.

    pattern : line and column of the entries that are computed
    entries : place of each entry in the matrix, which those that fill in are added to
    pivots : the line in which the pivot of each column stands
    places : slots of the matrix and of the right-hand side
    """

    def __init__(
        self,
        pattern: list[tuple[int, int]],
        entries: dict[tuple[int, int], int],
        pivots: dict[int, int],
        places: Mapping[str, int],
        memory: Memory,
    ) -> None:
        self._entries, self._matrix, self._right = entries, places["matrix"], places["right"]
        order, known = elimination_order(len(pivots), pattern, pivots), len(entries)
        for line in range(len(pivots)):
            self._entry(line, line)
        self.factor: list[Instruction] = []
        self.solve: list[Instruction] = []
        self._sums: dict[int, list[tuple[int, int]]] = {}
        for pivot in order:
            self._eliminate(pivot)
        line_of = {pivot.column: pivot.line for pivot in order}
        for pivot in reversed(order):
            self._substitute(pivot, line_of)
        self._permute(line_of, memory)
        first = memory.block(len(entries))
        assert first == self._matrix
        zero = -1 - memory.constant(0.0)
        self.cleared = [
            (_ASSIGN, self._matrix + place, zero, zero, zero)
            for place in range(known, len(entries))
        ]

    def _entry(self, line: int, column: int) -> int:
        return self._matrix + self._entries.setdefault((line, column), len(self._entries))

    def _eliminate(self, pivot: Pivot) -> None:
        """The line and the column of a pivot, from all pivots before: sums that are written one after the other."""
        right, line = self._right, self._right + pivot.line
        at = self._entry(pivot.line, pivot.column)
        below = [self._entry(one, pivot.column) for one in pivot.lines]
        beside = [self._entry(pivot.line, one) for one in pivot.columns]
        for place in (at, *below, *beside):
            self._add_up(place, self.factor)
        self.factor.append((_INVERSE, at, at, at, at))
        for place in below:
            self.factor.append((_TIMES, place, at, at, at))
        for other, first in zip(pivot.lines, below, strict=True):
            for column, second in zip(pivot.columns, beside, strict=True):
                self._sums.setdefault(self._entry(other, column), []).append((first, second))
        self._add_up(line, self.solve)
        for other, first in zip(pivot.lines, below, strict=True):
            self._sums.setdefault(right + other, []).append((first, line))

    def _add_up(self, place: int, tape: list[Instruction]) -> None:
        for first, second in self._sums.pop(place, ()):
            tape.append((_LESS, place, first, second, place))

    def _substitute(self, pivot: Pivot, line_of: Mapping[int, int]) -> None:
        here = self._right + pivot.line
        for column in pivot.columns:
            beside = self._entry(pivot.line, column)
            self.solve.append((_LESS, here, beside, self._right + line_of[column], here))
        at = self._entry(pivot.line, pivot.column)
        self.solve.append((_TIMES, here, at, at, at))

    def _permute(self, line_of: Mapping[int, int], memory: Memory) -> None:
        """What was solved for a column stands in the line of its pivot: bring it to its place."""
        moved = {column: line for column, line in line_of.items() if column != line}
        right = self._right
        for place, line in enumerate(moved.values()):
            aside = register(place)
            self.solve.append((_ASSIGN, aside, right + line, right + line, aside))
        for place, column in enumerate(moved):
            aside = register(place)
            self.solve.append((_ASSIGN, right + column, aside, aside, aside))
        memory.registers = max(memory.registers, len(moved))
