"""Units that stand in the cells beside their numbers, and full-width signs between cells."""

import re
from collections.abc import Sequence
from typing import Any

from hetsim.measurements.aliases import MEASURES, Meaning
from hetsim.measurements.unit_names import Unit, unit_of

_BESIDE = re.compile(r"^([+-]?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s.,:;+-].*)$")
_FULL_WIDTH = re.compile("[，；]")


def parted(cell: str) -> tuple[str, Unit] | None:
    """The number of a cell as it is written, and its unit; None for a cell of another kind.

    cell : such as "0.5 A/g", "100mA/g" or "1,2 V"
    """
    found = _BESIDE.match(cell.strip())
    unit = unit_of(found[2]) if found else None
    return (found[1], unit) if found and unit else None


def without_units(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows of cells; in columns of which most cells have a unit the numbers alone."""
    made = [list(row) for row in rows]
    for place in range(max(map(len, made), default=0)):
        cells = [(row, row[place]) for row in made if place < len(row) and row[place].strip()]
        parts = [(row, found) for row, cell in cells if (found := parted(cell))]
        if 2 * len(parts) > len(cells):
            for row, (number, _) in parts:
                row[place] = number
    return made


def with_cell_units(meaning: Meaning | None, cells: Any) -> tuple[Meaning, Any, list[float]] | None:
    """A column with a unit in each cell: what it holds with the unit of the first, its cells as text of numbers, and
    how many of that unit the unit of each row is. None for any other column.

    meaning : from the name of the column;  cells : a pandas series

    Cells may differ in unit (100 mA/g and 1 A/g), and must measure the same.
    """
    import pandas as pd

    if meaning is None or pd.api.types.is_numeric_dtype(cells):
        return None
    allowed = MEASURES.get(meaning.quantity, ())
    filled = [
        (row, cell) for row, cell in enumerate(cells) if isinstance(cell, str) and cell.strip()
    ]
    parts = [(row, parted(cell)) for row, cell in filled]
    known = [(row, part) for row, part in parts if part and part[1].measures in allowed]
    if not known or len(known) < len(filled):
        return None
    first = known[0][1][1]
    if {part[1].measures for _, part in known} != {first.measures}:
        return None
    if meaning.unit is not None and meaning.unit.measures != first.measures:
        return None
    text: list[Any] = [None] * len(cells)
    sizes = [1.0] * len(cells)
    for row, (number, unit) in known:
        text[row], sizes[row] = number, unit.size / first.size
    told = Meaning(meaning.quantity, first, meaning.rank)
    return told, pd.Series(text, index=cells.index, dtype="string"), sizes


def without_full_width(text: str, lines: Sequence[str]) -> tuple[str, bool]:
    """A text with tabs between cells where full-width commas or semicolons stand there in most lines, and whether.

    lines : the first ones of the text
    """
    filled = [line for line in lines if line.strip()]
    marked = sum(bool(_FULL_WIDTH.search(line)) for line in filled)
    if 2 * marked <= len(filled) or not marked:
        return text, False
    return _FULL_WIDTH.sub("\t", text), True
