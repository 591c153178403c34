"""Where the table of a file begins: its delimiter, the line with the names of the columns, and the row of units."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from hetsim.measurements.aliases import meaning, plain
from hetsim.measurements.unit_names import unit_of

SEARCHED = 400
"""Lines of a file in which the names of the columns are looked for."""

_DELIMITERS = ("\t", ";", ",", "|", "  ", " ")
"""In order of trust; two spaces part columns whose names have spaces."""

NUMBER = re.compile(r"^[+-]?(\d[\d.,']*|[.,]\d+)([eE][+-]?\d+)?$")


@dataclass(frozen=True)
class Layout:
    """Where what stands in a text.

    delimiter : between cells; two spaces for any run of them
    names : of the columns, in their order
    units : below the names, empty where there are none
    header : line of the names, from 0; -1 where the file has none
    first : line of the first row
    """

    delimiter: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    header: int
    first: int


def split(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    if delimiter == "  ":
        return re.split(r"\s{2,}|\t+", line.strip())
    if delimiter == " ":
        return line.split()
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [cell.strip() for cell in cells]


def is_number(cell: str) -> bool:
    """Whether a cell is a number with any decimal sign."""
    return bool(NUMBER.match(cell)) or cell.lower() in ("nan", "inf", "-inf")


def layout(lines: Sequence[str], wanted: Sequence[str], delimiter: str | None) -> Layout:
    """Find the table in the first lines of a file.

    lines : the first lines
    wanted : names that the user states
    delimiter : if it is stated

    The line of which most cells are names that hetsim knows is that of the names; where no line has two, it is the
    first one above numbers.
    """
    best: tuple[int, int, int] | None = None
    found: tuple[str, int, list[str]] | None = None
    names = {plain(name) for name in wanted}
    for order, sign in enumerate(_DELIMITERS if delimiter is None else (delimiter,)):
        for number, line in enumerate(lines):
            bare = line.lstrip("#%~ \ufeff")
            if sign not in bare or len(bare) > 10_000:
                continue
            cells = split(bare, sign)
            if sign == " " and not _goes_on(lines[number + 1 : number + 4], len(cells)):
                continue
            score = _known(cells, names)
            rank = (score, -number, -order)
            if score >= 2 and (best is None or rank[0] > best[0]):
                best, found = rank, (sign, number, cells)
    if found is None:
        return _unnamed(lines, delimiter)
    sign, number, cells = found
    units, first = _unit_row(lines, number + 1, sign)
    return Layout(sign, tuple(cells), units, number, first)


def _goes_on(below: Sequence[str], count: int) -> bool:
    """Whether one of the lines below a header has as many words: words of a name are no columns."""
    return any(len(split(line, " ")) == count for line in below)


def _known(cells: Sequence[str], wanted: set[str]) -> int:
    """How many different quantities the cells of a line name."""
    if sum(is_number(cell) for cell in cells) > len(cells) / 2:
        return 0
    quantities: set[str] = set()
    for cell in cells:
        if plain(cell) in wanted:
            quantities.add(plain(cell))
        elif len(cell) < 60 and (found := meaning(cell)):
            quantities.add(found.quantity)
    return len(quantities)


def _unnamed(lines: Sequence[str], delimiter: str | None) -> Layout:
    """A file without names that hetsim knows: the first line that stands right above numbers, or numbers alone."""
    for sign in _DELIMITERS if delimiter is None else (delimiter,):
        for number, line in enumerate(lines):
            cells = split(line, sign)
            if len(cells) < 2 or not line.strip():
                continue
            numeric = sum(is_number(cell) for cell in cells)
            if numeric == len(cells):
                names = tuple(str(place) for place in range(1, len(cells) + 1))
                return Layout(sign, names, (), -1, number)
            below = split(lines[number + 1], sign) if number + 1 < len(lines) else []
            if numeric == 0 and len(below) == len(cells) and any(is_number(one) for one in below):
                return Layout(sign, tuple(cells), (), number, number + 1)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return Layout(",", (), (), -1, 0)
    sign = delimiter or max(_DELIMITERS[:4], key=lines[first].count)
    return Layout(sign, tuple(split(lines[first], sign)), (), first, first + 1)


def _unit_row(lines: Sequence[str], number: int, delimiter: str) -> tuple[tuple[str, ...], int]:
    """The units below the names and the line after them, where there is such a row."""
    if number >= len(lines):
        return (), number
    cells = split(lines[number].lstrip("#%~ "), delimiter)
    filled = [cell for cell in cells if cell.strip("[]()-# ")]
    spelled = [bool(unit_of(cell)) for cell in filled]
    if all(is_number(cell) for cell in filled) or any(
        is_number(one) and one != "1" for one in filled
    ):
        return (), number
    if sum(spelled) >= 0.6 * len(filled):
        return tuple(cells), number + 1
    return (), number


def decimal_signs(cells: Sequence[str]) -> tuple[int, int, int]:
    """How many numbers have a decimal point for sure, a decimal comma for sure, and either of a comma's meanings.

    1,234 is one and a bit or one thousand; 0,234 and 1,23 can only be decimal, 1,234.5 and 1,234,567 only thousands.
    """
    points = commas = open_ = 0
    for cell in cells:
        if not NUMBER.match(cell):
            continue
        plain_ = cell.lstrip("+-").lower().partition("e")[0]
        comma, point = plain_.count(","), plain_.count(".")
        if comma and point:
            commas += plain_.rfind(",") > plain_.rfind(".")
            points += plain_.rfind(",") < plain_.rfind(".")
        elif comma > 1:
            points += 1
        elif comma:
            if re.fullmatch(r"[1-9]\d{0,2},\d{3}", plain_) and "e" not in cell.lower():
                open_ += 1
            else:
                commas += 1
        elif point == 1:
            points += 1
        elif point > 1:
            commas += 1
    return points, commas, open_
