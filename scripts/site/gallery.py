"""The gallery of experiments: each file of experiments/ as sphinx-gallery takes it.

What takes seconds (`RUN`) is run in the build; the others show the figure that `python -m experiments.NAME` wrote into
docs/figures. The suite runs all of them.
"""

import re
from collections.abc import Iterable
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

.. image:: /figures/gallery.png
   :alt: Twelve figures of the experiments: the gain of CZT, what a field does, what it cannot do

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
    parts = [
        f'r"""\n{title}\n{"=" * len(title)}\n\n{_prose(rest)}\n\n{_shown(name, title, figures)}\n"""'
    ]
    if name in RUN:
        parts += [code, _RUN]
    else:
        parts += [f"# sphinx_gallery_thumbnail_path = 'figures/{figures[0]}'", code]
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


def _shown(name: str, title: str, figures: list[str]) -> str:
    """The figures above the code: those of the run below it, or those that are kept."""
    if name in RUN:
        places = [
            f"/experiments/images/sphx_glr_{name}_{i + 1:03d}.png" for i in range(len(figures))
        ]
        said = "Drawn by the code below while this page was made."
    else:
        places = [f"/figures/{one}" for one in figures]
        said = f"Written by ``python -m experiments.{name}``, which checks it too."
    return "\n".join([*(f".. image:: {one}\n   :alt: {title}\n" for one in places), said])


def figures_saved(
    block: tuple[Any, ...], variables: dict[str, Any], gallery_conf: dict[str, Any]
) -> str:
    """A scraper of sphinx-gallery: takes the figures that a block wrote; the page shows them above its code."""
    places = variables["image_path_iterator"]
    for path in sorted(Path().glob("*.png")):
        path.replace(next(places))
    return ""
