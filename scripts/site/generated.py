"""A Sphinx extension that writes the pages which follow from the code, before Sphinx reads any page."""

import shutil
from pathlib import Path
from typing import Any

from scripts.site import api_pages, gallery, parameter_names, system_pages

API, GALLERY, TABLES = "reference/api", "_gallery", "reference/tables"
SYSTEMS, LIBRARY = "systems", "library"
"""The pages that the site shows in its own way: as tables with a page for each system."""


def written(docs: Path) -> None:
    """Write all generated pages into docs/; a page that has not changed is left as it is."""
    root = docs.parent
    systems = (docs / f"{SYSTEMS}.md").read_text(encoding="utf-8")
    write(docs / API, {f"{name}.rst": text for name, text in api_pages.pages().items()})
    write(docs / TABLES, {"parameters.md": parameter_names.tables()})
    write(docs / GALLERY, gallery.sources(root / "experiments", docs / "figures"))
    write(docs / system_pages.FOLDER, system_pages.pages(systems) | system_pages.figures(systems))


def write(folder: Path, pages: dict[str, str]) -> None:
    """Make a folder hold these files and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in pages:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def shown(app: Any, name: str, content: list[str]) -> None:
    """Replace the pages on all systems."""
    if name == SYSTEMS:
        content[0] = system_pages.index(content[0])
    if name == LIBRARY:
        content[0] = system_pages.library(content[0])


def setup(app: Any) -> dict[str, bool]:
    # before sphinx-gallery (500), which looks for its sources
    app.connect("builder-inited", lambda app: written(Path(app.srcdir)), priority=100)
    app.connect("source-read", shown)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
