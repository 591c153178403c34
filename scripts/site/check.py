"""What a built site is held against: names, links, offline, search."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from scripts.site import api_pages

SEARCHED = ("Debye length", "Interface mobility ratio", "GITT")
"""What a reader must find."""

MADE_BY_SCRIPT = "lecture"
"""Folder of the teaching page, which makes its sections when it is opened."""

LOADS = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
"""Elements that a browser fetches without being asked, and where from."""


class Page(HTMLParser):
    """The anchors, links and loaded files of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.without_text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {value for key in ("id", "name") if (value := given.get(key))}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag in LOADS and given.get(LOADS[tag]):
            self.loaded.append(given[LOADS[tag]] or "")
        if tag == "img" and given.get("alt") is None:  # an empty one says: beside its own title
            self.without_text.append(given.get("src") or "")


def faults(site: Path) -> list[str]:
    """Everything that is wrong with a site, one sentence each."""
    return [
        *(f"{name} is on no page of the API." for name in api_pages.missing()),
        *names_missing(site),
        *links_broken(site),
        *loaded_from_elsewhere(site),
        *pictures_without_text(site),
        *not_found(site),
    ]


def pages(site: Path) -> list[Path]:
    """All pages; what lies under _static is of the theme."""
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


def names_missing(site: Path, names: list[str] | None = None) -> list[str]:
    """Public names that are no target in the reference."""
    wanted = api_pages.every_name() if names is None else names
    anchors = {one for path in (site / "reference").rglob("*.html") for one in _page(path).anchors}
    return [
        f"{name} is not in the API reference."
        for name in wanted
        if name not in anchors and f"module-{name}" not in anchors
    ]


def links_broken(site: Path) -> list[str]:
    """Links to a file or an anchor that is not there."""
    found = []
    for path in pages(site):
        for link in [*_page(path).links, *_page(path).loaded]:
            if re.match(r"[a-z]+:|//", link) or link == "#":
                continue
            file, _, anchor = link.partition("#")
            target = (path.parent / unquote(file.partition("?")[0])).resolve() if file else path
            if target.is_dir():
                target = target / "index.html"
            if not target.exists():
                found.append(f"{path.relative_to(site)}: {link} leads nowhere.")
            elif (
                anchor
                and path.parent.name != MADE_BY_SCRIPT
                and target.suffix == ".html"
                and unquote(anchor) not in _page(target).anchors
            ):
                found.append(f"{path.relative_to(site)}: {link} has no such section.")
    return found


def loaded_from_elsewhere(site: Path) -> list[str]:
    """What a page or a style sheet would fetch from the network."""
    found = []
    for path in pages(site):
        for link in _page(path).loaded:
            if re.match(r"https?:|//", link):
                found.append(f"{path.relative_to(site)} loads {link}.")
    for path in sorted(site.rglob("*.css")):
        for link in re.findall(r"url\(\s*['\"]?((?:https?:)?//[^'\")]+)", path.read_text("utf-8")):
            found.append(f"{path.relative_to(site)} loads {link}.")
    return found


def pictures_without_text(site: Path) -> list[str]:
    """Pictures of which a reader who does not see them is told nothing."""
    return [
        f"{path.relative_to(site)}: {picture} has no alternative text."
        for path in pages(site)
        for picture in _page(path).without_text
    ]


def not_found(site: Path, phrases: tuple[str, ...] = SEARCHED) -> list[str]:
    """Phrases whose words have no page in common in the index of the search."""
    index = (site / "searchindex.js").read_text("utf-8")
    found = json.loads(index[index.index("{") : index.rindex("}") + 1])
    return [f'The search does not find "{one}".' for one in phrases if not _pages_of(found, one)]


def _pages_of(index: dict[str, dict[str, int | list[int]]], phrase: str) -> set[int]:
    """Pages with all words of a phrase; an index keeps the stem of a word, in lower case."""
    from snowballstemmer import stemmer

    pages = []
    for word in phrase.lower().split():
        stem = stemmer("english").stemWord(word)
        places = [index[kind].get(stem, []) for kind in ("terms", "titleterms")]
        pages.append(
            {one for found in places for one in (found if isinstance(found, list) else [found])}
        )
    return set.intersection(*pages)


@cache
def _page(path: Path) -> Page:
    return Page(path.read_text("utf-8"))
