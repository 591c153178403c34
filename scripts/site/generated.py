"""A Sphinx extension that writes the pages which follow from the code, before Sphinx reads any page."""

import re
import shutil
from pathlib import Path
from typing import Any

from hetsim.teaching.bundle import page_text
from scripts.site import api_pages, gallery, parameter_names, system_pages

API, GALLERY, TABLES = "reference/api", "_gallery", "reference/tables"
LECTURE = "_extra/lecture"
"""Copied as it is: the teaching page, at lecture/index.html."""
TEACHING, OPEN = (
    "teaching",
    """
<p><a class="sd-btn sd-btn-primary" href="lecture/index.html">Open the teaching page</a></p>
""",
)
"""The page of notes for the lecturer, and the link that the site adds below its title."""
EXPERIMENT = re.compile(r"\]\((?:\.\./)+experiments/(\w+)\.py\)")
GALLERY_LINK = re.compile(r"\]\((?:\.\./)+experiments/?\)")
SYSTEMS, LIBRARY = "systems", "library"
"""The pages that the site shows in its own way: as tables with a page for each system."""


def written(docs: Path) -> None:
    """Write all generated pages into docs/; a page that has not changed is left as it is."""
    root = docs.parent
    systems = (docs / f"{SYSTEMS}.md").read_text(encoding="utf-8")
    write(docs / API, {f"{name}.rst": text for name, text in api_pages.pages().items()})
    write(docs / TABLES, {"parameters.md": parameter_names.tables()})
    write(docs / LECTURE, {"index.html": page_text("../experiments/")})
    sources = gallery.sources(root / "experiments", docs / "figures")
    write(docs / GALLERY, sources)
    remove_others(docs / "experiments", {Path(name).stem for name in sources})
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


def remove_others(folder: Path, stems: set[str]) -> None:
    """Pages that sphinx-gallery made of experiments that are gone."""
    for path in folder.glob("[a-z]*.*"):
        if path.is_file() and path.name.partition(".")[0] not in {
            *stems,
            "index",
            "sg_execution_times",
        }:
            path.unlink()


def shown(app: Any, name: str, content: list[str]) -> None:
    """Replace the pages of all systems; a link to an experiment leads to its page in the gallery."""
    if name == SYSTEMS:
        content[0] = system_pages.index(content[0])
    if name == LIBRARY:
        content[0] = system_pages.library(content[0])
    if name == TEACHING:
        content[0] = re.sub(r"(?m)^(# .*\n)", rf"\1{OPEN}", content[0], count=1)
    content[0] = GALLERY_LINK.sub("](/experiments/index.rst)", content[0])
    content[0] = EXPERIMENT.sub(r"](/experiments/\1.rst)", content[0])


def setup(app: Any) -> dict[str, bool]:
    # before sphinx-gallery (500), which looks for its sources
    app.connect("builder-inited", lambda app: written(Path(app.srcdir)), priority=100)
    app.connect("source-read", shown)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
