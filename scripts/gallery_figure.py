"""docs/figures/gallery.png: twelve figures of the experiments on one sheet.

    python -m scripts.gallery_figure

The figures are those in docs/figures, as their experiments wrote them; nothing is run.
"""

from pathlib import Path

from PIL import Image

FIGURES = Path("docs/figures")
PANELS = (
    *("czt_rate", "sum_of_the_parts", "czt_explained"),
    *("field_as_a_diode", "field_reversal", "size_map"),
    *("one_and_a_half_volts_or_sixty_millivolts", "half_full_lattice", "which_carriers"),
    *("series_against_parallel", "gitt_bias_map", "kpb_czt_ragone"),
)
COLUMNS, CELL, GAP = 3, (1000, 560), 40
"""Panels in a row; width and height of one, and the space between two [pixels]."""


def sheet(folder: Path = FIGURES) -> Image.Image:
    """The twelve panels, each as large as its cell allows and no larger than it is."""
    width, height = CELL
    rows = -(-len(PANELS) // COLUMNS)
    size = (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP)
    found = Image.new("RGB", size, "white")
    for place, name in enumerate(PANELS):
        with Image.open(folder / f"{name}.png") as picture:
            panel = picture.convert("RGB")
        panel.thumbnail(CELL, Image.Resampling.LANCZOS)
        row, column = divmod(place, COLUMNS)
        left = GAP + column * (width + GAP) + (width - panel.width) // 2
        top = GAP + row * (height + GAP) + (height - panel.height) // 2
        found.paste(panel, (left, top))
    return found


if __name__ == "__main__":
    # 256 colours: a fifth of the bytes, and the colours of the lines stay apart
    few = sheet().quantize(256, method=Image.Quantize.FASTOCTREE)
    few.save(FIGURES / "gallery.png", optimize=True)
