"""Exports in layers: rows of cycles, below them of steps, below those of records, each one column farther in."""

from collections.abc import Sequence

from hetsim.measurements.aliases import meaning
from hetsim.measurements.header import split

_SEARCHED = 60
_CARRIED = ("cycle", "step", "step_name")
"""What the rows of records take over from those above them."""


def in_layers(lines: Sequence[str]) -> tuple[int, str] | None:
    """The line of the first of three headers and the delimiter, None for a file without layers."""
    for delimiter in (",", "\t", ";"):
        for number in range(min(_SEARCHED, len(lines) - 2)):
            rows = [split(line, delimiter) for line in lines[number : number + 3]]
            if [_depth(row) for row in rows] == [0, 1, 2] and all(_known(row) for row in rows):
                return number, delimiter
    return None


def flattened(text: str, number: int, delimiter: str) -> str:
    """The text with one row a record, each with its cycle and step; other lines are left empty, so that none moves.

    number : line of the first header
    """
    lines = text.split("\n")
    headers = [split(line, delimiter) for line in lines[number : number + 3]]
    carried = [
        (depth, place)
        for depth in (0, 1)
        for place, name in enumerate(headers[depth])
        if (found := meaning(name)) and found.quantity in _CARRIED
    ]
    width = max(len(header) for header in headers)
    names = [headers[depth][place] for depth, place in carried]
    above = [""] * len(carried)
    made = [*lines[:number], "", "", _joined(headers[2], names, width, delimiter)]
    for line in lines[number + 3 :]:
        cells = split(line, delimiter)
        depth = _depth(cells)
        if depth < 2:
            for index, (level, place) in enumerate(carried):
                if level == depth and place < len(cells):
                    above[index] = cells[place]
        made.append(_joined(cells, above, width, delimiter) if depth == 2 else "")
    return "\n".join(made)


def _joined(cells: Sequence[str], more: Sequence[str], width: int, delimiter: str) -> str:
    row = [*cells, *[""] * (width - len(cells)), *more]
    return delimiter.join(f'"{cell}"' if delimiter in cell else cell for cell in row)


def _depth(cells: Sequence[str]) -> int:
    """How many cells are empty before the first that is not."""
    return next((place for place, cell in enumerate(cells) if cell), -1)


def _known(cells: Sequence[str]) -> bool:
    return any(meaning(cell) for cell in cells if cell)
