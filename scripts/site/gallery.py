"""The gallery of experiments: each file of experiments/ as sphinx-gallery takes it.

What takes seconds (`RUN`) is run in the build; the others show the figure that `python -m experiments.NAME` wrote into
docs/figures. The suite runs all of them.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scripts.site.docstrings import prose

RUN = (
    "cold_start",
    "czt_fit",
    "field_as_a_diode",
    "field_reversal",
    "gitt_bias_map",
    "half_full_lattice",
    "kpb_czt",
    "one_and_a_half_volts_or_sixty_millivolts",
    "solid_electrolytes",
    "selenide_pairs",
    "series_against_parallel",
    "size_map",
    "which_carriers",
)
"""Experiments that are run in the build, as they take seconds."""

HEADER = """Experiments
===========

Questions, each with its prose, its run and its check. The suite runs all of them; of these pages, those run while the
site is built that take seconds, and the others show the figure that their ``python -m experiments.NAME`` wrote.

"""
MENTION = re.compile(r"experiments/(\w+)\\?\.py")
TAIL = '\n\nif __name__ == "__main__":'


def sources(folder: Path, figures: Path) -> dict[str, str]:
    """The text of each gallery file by its name, from the experiments in a folder and the figures kept of them."""
    stems = sorted(path.stem for path in figures.glob("*.png"))
    found = {"GALLERY_HEADER.rst": HEADER}
    for path in sorted(folder.glob("[a-z]*.py")):
        found[path.name] = source(path.stem, path.read_text(encoding="utf-8"), stems)
    return found


def source(name: str, text: str, stems: Iterable[str]) -> str:
    """One experiment: prose with a title, the figures that are kept or a run that draws them, and the code."""
    _, told, code = text.split('"""', 2)
    title, _, rest = told.partition("\n")
    title = title.strip().rstrip(".")
    code = code.partition(TAIL)[0].strip()
    parts = [f'r"""\n{title}\n{"=" * len(title)}\n\n{_prose(rest)}\n"""']
    figures = [f"{one}.png" for one in stems if re.search(rf'"{one}(\.png)?"', code)]
    if name in RUN:
        parts += [code, _RUN]
    else:
        parts += [f"# sphinx_gallery_thumbnail_path = 'figures/{figures[0]}'", "# %%"]
        parts += [_kept(name, title, figures), code]
    return "\n\n".join(parts).replace("# %%\n\n", "# %%\n") + "\n"


_RUN = """# %%
# The run, its figure and its check:

result = main(Path())
check(result)"""


def _prose(text: str) -> str:
    """As reStructuredText; an experiment that is named is linked."""
    lines = "\n".join(prose(text.strip().splitlines()))
    return MENTION.sub(_reference, lines).strip()


def _reference(found: re.Match[str]) -> str:
    name = found[1].replace("\\", "")
    return f":ref:`{name} <sphx_glr_experiments_{name}.py>`"


def _kept(name: str, title: str, figures: list[str]) -> str:
    lines = []
    for one in figures:
        lines += [f"# .. figure:: /figures/{one}", f"#    :alt: {title}", "#"]
    return "\n".join(
        [*lines, f"# Written by ``python -m experiments.{name}``, which checks it too."]
    )


def figures_saved(
    block: tuple[Any, ...], variables: dict[str, Any], gallery_conf: dict[str, Any]
) -> str:
    """A scraper of sphinx-gallery: the figures that a block wrote into the folder that it runs in."""
    from sphinx_gallery.scrapers import figure_rst

    titles = (variables["example_globals"].get("__doc__") or "").strip().partition("\n")[0]
    taken = list(_taken(Path(), variables["image_path_iterator"]))
    return str(figure_rst(taken, gallery_conf["src_dir"], titles)) if taken else ""


def _taken(folder: Path, places: Iterator[str]) -> Iterator[str]:
    for path, place in zip(sorted(folder.glob("*.png")), places, strict=False):
        path.replace(place)
        yield place
