"""Docstrings as Sphinx takes them: the plain text of the code, with its equations and tables as they stand there.

An indented block is shown as it is, what stands in backticks is code, entries of numpydoc and lines
"name : meaning" become lists of definitions. All else is text, whatever stars and bars it holds.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

TITLE = re.compile(r"^[A-Z][a-z]+$")
ENTRY = re.compile(r"^(?P<names>[\w*.\"]+(?:(?:, | and )[\w*.\"]+)*) : (?P<meaning>\S.*)$")
BULLET = re.compile(r"^- ")
ENUMERATOR = re.compile(r"^(\(?\w+[.)]) ")
OF_ENTRIES = ("Parameters", "Returns", "Raises", "Attributes", "Yields")


def as_rst(lines: Iterable[str]) -> list[str]:
    """Docstring lines, without common indentation, as reStructuredText."""
    found: list[str] = []
    for title, body in sections(list(lines)):
        if title:
            found += [f".. rubric:: {title}", ""]
        found += entries(body, typed=True) if title in OF_ENTRIES else prose(body)
    return found


def sections(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The text before the first underlined title, under "", and that under each title."""
    starts = [
        i
        for i in range(len(lines) - 1)
        if TITLE.match(lines[i]) and lines[i + 1] == "-" * len(lines[i])
    ]
    yield "", lines[: starts[0]] if starts else lines
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start], lines[start + 2 : end]


def blocks(lines: list[str]) -> list[list[str]]:
    """Lines between blank ones."""
    return [list(one) for full, one in groupby(lines, key=lambda line: bool(line.strip())) if full]


def indented(line: str) -> bool:
    return line.startswith("    ")


def prose(lines: list[str]) -> list[str]:
    """Paragraphs, lists and literal blocks."""
    found: list[str] = []
    literal = False
    for block in blocks(lines):
        for shown, part in groupby(block, key=_kind(block)):
            text = list(part)
            if shown == "literal":
                # blank lines between two blocks of one equation belong to it
                found += (["::", ""] if not literal else []) + text
            elif shown == "list":
                found += _bullets(text)
            elif shown == "entries":
                found += entries(text)
            else:
                # "2. " or "(a) " at the start of a line is text that happens to stand there
                found += [ENUMERATOR.sub(r"\\\1 ", inline(one)) for one in text]
            found.append("")
            literal = shown == "literal"
    return found


def _kind(block: list[str]) -> Callable[[str], str]:
    """What a line of a block is; a line that goes on belongs to the entry or bullet before it."""
    kind = "text"

    def of(line: str) -> str:
        nonlocal kind
        if BULLET.match(line):
            kind = "list"
        elif ENTRY.match(line):
            kind = "entries"
        elif indented(line):
            kind = "literal" if kind == "text" else kind
        elif not (kind == "list" and line.startswith("  ")) and not (
            kind == "entries" and line[0].islower()
        ):
            kind = "text"
        return kind

    return of


def _bullets(lines: list[str]) -> list[str]:
    return [
        f"- {inline(one[2:])}" if BULLET.match(one) else f"  {inline(one.strip())}" for one in lines
    ]


def entries(lines: list[str], typed: bool = False) -> list[str]:
    """Lines "name : meaning" as definitions; in a section of numpydoc (`typed`) "name : type" with indented lines."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(str.strip, lines):
        told = ENTRY.match(line)
        if told:
            names = ", ".join(f"``{one}``" for one in re.split(r", | and ", told["names"]))
            meaning = inline(told["meaning"])
            found.append((f"{names} : {meaning}", []) if typed else (names, [meaning]))
        elif found and (line.startswith(" ") or (line[0].islower() and not typed)):
            found[-1][1].append(inline(line.strip()))
        else:
            found.append((inline(line), []))
    return [
        one for term, told in found for one in ["", term, *(f"    {line}" for line in told)]
    ] + [""]


def inline(text: str) -> str:
    """Text with `code` as code, and everything else as it stands."""
    parts = re.split(r"(`+[^`]+`+)", text)
    return "".join(
        f"``{part.strip('`')}``" if part.startswith("`") and len(part) > 2 else _escaped(part)
        for part in parts
    )


def _escaped(text: str) -> str:
    return re.sub(r"([\\*`|_])", r"\\\1", text)


def process(app: Any, what: str, name: str, found: Any, options: Any, lines: list[str]) -> None:
    """What autodoc calls for each docstring; a property or attribute has its first line alone as text too."""
    lines[:] = as_rst(lines)


def setup(app: Any) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", process)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
