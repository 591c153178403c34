"""Plain text tables and paragraphs for the terminal."""

import math
import shutil
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

SCREEN = 100
"""Columns of a terminal that everything fits, unless the user wants long lines."""

_NARROW = 60
"""Fewest columns that a text is wrapped to."""

_GAP = "  "


def screen_width(wide: bool = False) -> int | None:
    """Columns to fit: those of the terminal, at most SCREEN; None for lines as long as they are."""
    if wide:
        return None
    return min(SCREEN, max(_NARROW, shutil.get_terminal_size((SCREEN, 24)).columns))


def paragraph(text: str, width: int | None, indent: str = "", first: str | None = None) -> str:
    """A text in lines of at most so many columns; its own line ends stay.

    indent : before each line
    first : before the first line, in place of it
    """
    lead = indent if first is None else first
    if width is None:
        return lead + text
    made = []
    for line in text.splitlines() or [""]:
        made.append(_filled(line, width, lead, indent))
        lead = indent
    return "\n".join(made)


def _filled(line: str, width: int, first: str, indent: str) -> str:
    if not line.strip():
        return first.rstrip()
    return textwrap.fill(
        line,
        width,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,  # of a doi or the name of a file
        break_long_words=False,
    )


def text_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None = None,
    most: Sequence[int] = (),
) -> str:
    """Columns as wide as their longest cell, or wrapped so that all fit; numbers flush right.

    width : columns to fit; None for cells in one line
    most : widest that the first columns may be where the table must be wrapped
    """
    return "\n".join(table_rows(header, rows, width, most))


def remarked_table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    remarks: Sequence[Sequence[str]],
    wide: bool = False,
) -> str:
    """A table whose last column holds remarks: numbers of a list below it, or with `wide` the text."""
    if wide:
        made = [[*row, "; ".join(of)] for row, of in zip(rows, remarks, strict=True)]
        return text_table([*(" ".join(one.split("\n")) for one in header), "remarks"], made)
    listed = list(dict.fromkeys(one for of in remarks for one in of))
    made = [
        [*row, " ".join(str(listed.index(one) + 1) for one in of)]
        for row, of in zip(rows, remarks, strict=True)
    ]
    width = screen_width()
    lines = [text_table([*header, "notes"], made, width)]
    for i, one in enumerate(listed, 1):
        lines.append(paragraph(one, width, "    ", f"{i}.".ljust(4)))
    return "\n".join(lines)


def table_rows(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int | None = None,
    most: Sequence[int] = (),
) -> list[str]:
    """The header, the rule below it, and each row, which may be several lines."""
    longest = [
        max(len(line) for row in [header, *rows] for line in row[i].splitlines() or [""])
        for i in range(len(header))
    ]
    widths = _fitted(longest, width, most)
    rule = ["-" * one for one in widths]
    return [_row(cells, widths) for cells in (header, rule, *rows)]


def _fitted(longest: list[int], width: int | None, most: Sequence[int]) -> list[int]:
    """Widths of the columns: of those that are too wide together, the widest are cut to one width."""
    room = math.inf if width is None else width - len(_GAP) * (len(longest) - 1)
    if sum(longest) <= room:
        return longest
    limits = [*most, *[max(longest)] * (len(longest) - len(most))]
    kept = [min(pair) for pair in zip(longest, limits, strict=True)]
    cut = max(kept)
    while sum(min(one, cut) for one in kept) > room and cut > 1:
        cut -= 1
    return [min(one, cut) for one in kept]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """One row, as many lines as its longest cell takes."""
    wrapped = [
        [part for line in cell.splitlines() for part in _lines(line, width)] or [""]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return "\n".join(
        _GAP.join(part.ljust(width) for part, width in zip(line, widths, strict=True)).rstrip()
        for line in zip_longest(*wrapped, fillvalue="")
    )


def _lines(line: str, width: int) -> list[str]:
    if len(line) > width:
        return textwrap.wrap(line, width, break_on_hyphens=False)
    return [line.rjust(width) if all(map(_is_number, line.split(" .. "))) else line]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return cell == "-"
    return True


def number(value: float, digits: int = 1) -> str:
    """A number for a table; a dash where there is none."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def ended(outcome: str, reason: str) -> str:
    """How a run ended, with the reason where there is one."""
    return f"{outcome}: {reason}" if reason else outcome


def some_rows(count: int, most: int) -> list[int]:
    """Indices of at most so many of the rows of a table, evenly from the first to the last."""
    shown = min(count, most)
    return sorted({round(i * (count - 1) / max(shown - 1, 1)) for i in range(shown)})
