"""Write docs/library.md, docs/ledger.md and docs/assumed.md from the facts, the files and what was simulated.

python -m scripts.library_pages
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.library import assumed, library_page, states

DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "library.md": library_page.lines,
    "ledger.md": states.lines,
    "assumed.md": assumed.lines,
}


def text_of(page: str) -> str:
    """The whole page."""
    return "\n".join(PAGES[page]()).rstrip() + "\n"


def main() -> None:
    for page in PAGES:
        (DOCS / page).write_text(text_of(page), encoding="utf-8")


if __name__ == "__main__":
    main()
