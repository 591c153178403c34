"""Plain text tables for the terminal."""

import math
from collections.abc import Sequence


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their longest cell; numbers flush right."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        made = [
            cell.rjust(width) if _is_number(cell) else cell.ljust(width)
            for cell, width in zip(cells, widths, strict=True)
        ]
        return "  ".join(made).rstrip()

    return "\n".join([line(header), line(["-" * width for width in widths]), *map(line, rows)])


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
