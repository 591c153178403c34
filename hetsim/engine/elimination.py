"""Gaussian elimination without choice at run time: its order and its operations, found once from a pattern.

The matrix of a step is M/(h gamma) - J, where J changes and its pattern does not. Pivots are chosen once, by the least
fill (H. M. Markowitz, Manage. Sci. 3, 255 (1957), doi:10.1287/mnsc.3.3.255) among the entries that may be pivots.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Pivot:
    """One step of the elimination: line and column of the pivot, and the lines and columns left that it meets."""

    line: int
    column: int
    lines: tuple[int, ...]
    columns: tuple[int, ...]


def elimination_order(
    size: int, entries: Iterable[tuple[int, int]], pivots: dict[int, int]
) -> list[Pivot]:
    """The pivots in their order.

    entries : line and column of what is not zero
    pivots : the line in which the pivot of each column stands
    """
    lines: list[set[int]] = [set() for _ in range(size)]
    columns: list[set[int]] = [set() for _ in range(size)]
    for line, column in entries:
        lines[line].add(column)
        columns[column].add(line)
    for column, line in pivots.items():
        lines[line].add(column)
        columns[column].add(line)

    def cost(column: int) -> int:
        return (len(lines[pivots[column]]) - 1) * (len(columns[column]) - 1)

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
        for other in other_columns:  # what has become cheaper
            heapq.heappush(waiting, (cost(other), other))
    return order
