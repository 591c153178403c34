"""The documents: links lead somewhere, sections count up, examples are Python, and what they name exists."""

import ast
import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRITTEN_IN_THE_BUILD = ("reference/systems", "reference/tables")
PAGES = [
    *ROOT.glob("*.md"),
    *(
        path
        for path in sorted((ROOT / "docs").rglob("*.md"))
        if not str(path.relative_to(ROOT / "docs")).startswith(WRITTEN_IN_THE_BUILD)
    ),
]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DOTTED = re.compile(
    r"`((?:hetsim\.)?(?:laws|submodels|engine|models|analysis|simulation|measurements|results|architectures)"
    r"(?:\.\w+)+)(?:\(.*?\))?`"
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchor(title: str) -> str:
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    anchors = {anchor(title) for _, title in HEADING.findall(text)}
    for link in LINK.findall(text):
        if link.startswith("#"):
            assert link[1:] in anchors, link
        elif "://" not in link:
            assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_numbered_sections_count_up(page: Path) -> None:
    titles = [title for _, title in HEADING.findall(page.read_text(encoding="utf-8"))]
    numbers = [
        tuple(int(part) for part in found[1].split("."))
        for title in titles
        if (found := re.match(r"(\d+(?:\.\d+)*) ", title))
    ]
    assert numbers == sorted(set(numbers))
    for number, later in pairwise(numbers):
        assert later in ((*number, 1), *((*number[:i], number[i] + 1) for i in range(len(number))))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_examples_are_python(page: Path) -> None:
    for code in EXAMPLE.findall(page.read_text(encoding="utf-8")):
        ast.parse(code)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_names_exists(page: Path) -> None:
    for name in DOTTED.findall(page.read_text(encoding="utf-8")):
        parts = name.removeprefix("hetsim.").split(".")
        found = import_module(f"hetsim.{parts[0]}")
        for depth, part in enumerate(parts[1:], start=2):
            if not hasattr(found, part):
                found = import_module(".".join(["hetsim", *parts[:depth]]))
            else:
                found = getattr(found, part)
