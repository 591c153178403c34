"""Tables in Markdown, whatever their cells hold."""

import re
from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines of a table with a head."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(one)} |" for one in lines)


def row(*cells: str) -> list[str]:
    """Cells with everything that Markdown would read taken as text."""
    return [re.sub(r"([\\|*_<>\[\]`$])", r"\\\1", one.replace("\n", " ")) for one in cells]
