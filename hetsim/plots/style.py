"""How figures look: colours, markers, sizes. Nothing is imported, so that quick commands stay quick."""

# Okabe and Ito's palette: told apart by colour-blind readers
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
STYLE = {
    "font.size": 8,
    "axes.labelsize": 8,
    "legend.fontsize": 7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "svg.fonttype": "none",
    "figure.dpi": 200,
}
COLUMN = 3.35
"""Width of a column of a journal [inch]."""
