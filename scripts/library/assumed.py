"""docs/assumed.md: which values are assumed, how often and why, and which sources were not read again."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hetsim.parameters.index import entries
from hetsim.parameters.library import PARAMETER_SETS, component_names
from hetsim.parameters.schema import KINDS
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import Value
from scripts.library.said import said

UNSURE, SECOND = "unsure", "second source"
"""Words by which a file marks a source that was not at hand, and one whose number was found elsewhere."""
LONGEST = 110
"""Of a reason in the table."""


def lines() -> Iterator[str]:
    """The page."""
    values: dict[str, list[Value]] = {}
    systems = [one.name for one in entries() if "||" not in one.architecture]
    made = set(component_names("library"))
    for name in systems:
        for value in read_system(name).values.values():
            values.setdefault(value.name, []).append(value)
    every = [one for some in values.values() for one in some]
    kinds = Counter(one.kind for one in every)
    yield "# What is assumed"
    yield ""
    told = ", ".join(f"{kinds[kind]} {kind}" for kind in KINDS)
    yield said(
        f"""Written by `python -m scripts.library_pages`. The {len(systems)} systems ({len(made)} of them made from
        facts) hold {len(every)} numbers: {told}. A number that is assumed says why in its file (`hetsim show SYSTEM`).
        Here is in how many systems each one is, and the reason that is given most often."""
    )
    yield ""
    yield "| value | assumed in | values | most often because |"
    yield "|---|---|---|---|"
    counted = {
        name: [one for one in some if one.kind == "assumed"] for name, some in values.items()
    }
    for name, some in sorted(counted.items(), key=lambda item: (-len(item[1]), item[0])):
        if some:
            yield f"| {name} | {len(some)} of {len(values[name])} | {_span(some)} | {_reason(some)} |"
    yield ""
    yield from _handbooks()


def _span(some: list[Value]) -> str:
    """One number, or the lowest and the highest; how many lists there are."""
    numbers = sorted(one.value for one in some if not isinstance(one.value, tuple))
    if not numbers:
        return f"{len({one.value for one in some})} lists"
    return (
        f"{numbers[0]:g}" if numbers[0] == numbers[-1] else f"{numbers[0]:.3g} to {numbers[-1]:.3g}"
    )


def _reason(some: list[Value]) -> str:
    """The most frequent reason, without the numbers of one system."""
    counts = Counter(one.source.removeprefix("neutral template: ") for one in some)
    text, _ = min(counts.items(), key=lambda item: (-item[1], item[0]))
    return _short(text)


def _handbooks() -> Iterator[str]:
    """Values whose source was not at hand."""
    lines = [
        (f"{folder}/{path.stem}", *found)
        for folder in ("materials", "electrolytes", "systems", "cells")
        for path in sorted((PARAMETER_SETS / folder).glob("*.toml"))
        for found in _marked(path)
    ]
    for mark, title, told in (
        (
            SECOND,
            "Read in a second source",
            "The handbook itself was not at hand; the number stands elsewhere, too.",
        ),
        (
            UNSURE,
            "Unsure",
            "Neither the source nor a second one was at hand, or two sources differ.",
        ),
    ):
        some = [one for one in lines if one[-1] == mark]
        yield f"## {title}"
        yield ""
        yield f"{told} {len(some)} numbers, marked in their files."
        yield ""
        yield "| file | value | source |"
        yield "|---|---|---|"
        for where, name, source, _ in some:
            yield f"| {where} | {name} | {source} |"
        yield ""


def _marked(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, source and mark of the numbers of a file that have one."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = re.match(r'"([^"]+)" = \{.*?source = "([^"]*)"', line)
        marks = [mark for mark in (UNSURE, SECOND) if mark in line]
        if entry and marks:
            yield entry[1], _short(entry[2]), marks[0]


def _short(text: str) -> str:
    text = text if len(text) <= LONGEST else text[:LONGEST].rsplit(" ", 1)[0] + " ..."
    return text.replace("|", "\\|")
