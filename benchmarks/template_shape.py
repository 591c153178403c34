"""Which spread of diffusion times and which open-circuit curve the neutral template should have.

    python benchmarks/template_shape.py            # half a minute
    python benchmarks/template_shape.py --write    # and writes its table into docs/fits.md

Each pair of spread and exponent gets the priors that it learns from all curves by itself, in closed form
(quick_fits.py), and is judged on points left out of the curves as closeness.py judges the noise. Then the best pair is
looked for without each group of papers: a choice that hangs on some papers would change.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from closeness import STARTS, LeftOut
from fit_all import FIRST_CYCLE, GROUPS, NOISE, WEAK
from measured_curves import Array, Curve, folds, learned, measured_curves
from quick_fits import ClosedForm, fitted

from hetsim.fitting.fit import CLOSE, CLOSE_FIRST
from hetsim.fitting.gauss_newton import OUTLIER

SPREADS = (1.5, 2.0, 2.25, 2.5, 2.75, 3.0)
EXPONENTS = (1.0, 1.25, 1.5, 1.75, 2.0)
ROUNDS = 2
"""Of fits from which priors are learned, the first with weak priors."""
DOCS = Path(__file__).parents[1] / "docs" / "fits.md"
BEGIN, END = "<!-- benchmarks/template_shape.py -->\n", "<!-- end of template_shape -->\n"


def priors_of(model: ClosedForm, left: LeftOut) -> tuple[Array, Array]:
    """Centres and widths of the logarithms of the values, learned from fits to whole curves."""
    data = left.data
    every = np.arange(len(data.currents))
    noise = np.where(data.there, NOISE, np.inf)
    noise[:, 0] *= FIRST_CYCLE
    centres, widths = np.log([one for one, _ in WEAK]), np.array([one for _, one in WEAK])
    for _ in range(ROUNDS):
        prior = (np.tile(centres, (len(every), 1)), np.tile(widths, (len(every), 1)))
        x = fitted(model, every, data.logarithms, noise, prior, STARTS[4])
        shown, slopes = model(every, x)
        off, slopes = (shown - data.logarithms) / noise, slopes / noise[:, :, None]
        normal = np.einsum("pni,pn,pnj->pij", slopes, 1 / np.hypot(1, off / OUTLIER), slopes)
        centres, widths = learned(x, np.linalg.inv(normal + np.diag(widths**-2)))
    return centres, widths


def errors(model: ClosedForm, left: LeftOut) -> Array:
    """Relative errors of the highest current and, in the mean, of the points inside; [curves, 2]."""
    centres, widths = priors_of(model, left)
    count = len(left.curves)
    prior = (np.tile(centres, (count, 1)), np.tile(widths, (count, 1)))
    logarithms = left.data.logarithms[left.curves]
    x = fitted(model, left.curves, logarithms, left.noise(NOISE, FIRST_CYCLE), prior, STARTS[4])
    starts = [x - centres]
    x = fitted(model, left.curves, logarithms, left.noise(CLOSE, CLOSE_FIRST), prior, starts)
    return left.errors(model(left.curves, x)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the table into docs/fits.md")
    given = parser.parse_args()
    curves = measured_curves()
    left = LeftOut(curves)
    found = {
        (spread, exponent): errors(ClosedForm(left.data, spread, exponent), left)
        for spread in SPREADS
        for exponent in EXPONENTS
    }
    text = "\n".join(lines(curves, found)) + "\n"
    print(text)
    if given.write:
        before, _, rest = DOCS.read_text().partition(BEGIN)
        _, _, after = rest.partition(END)
        DOCS.write_text(before + BEGIN + text + END + after)


def lines(curves: Sequence[Curve], found: dict[tuple[float, float], Array]) -> Sequence[str]:
    """The table of scores, and what is best without each group of papers."""
    scores = {pair: np.log(LeftOut.ONE_PERCENT + one).mean(axis=1) for pair, one in found.items()}
    least = min(one.mean() for one in scores.values())
    table = [
        "| spread | " + " | ".join(f"exponent {one:g}" for one in EXPONENTS) + " |",
        "|---" * (1 + len(EXPONENTS)) + "|",
    ]
    for spread in SPREADS:
        row = (100 * (scores[spread, one].mean() - least) for one in EXPONENTS)
        table.append(f"| {spread:g} | " + " | ".join(f"{one:.1f}" for one in row) + " |")
    chosen = []
    for papers in folds(curves, GROUPS):
        kept = np.array([one.doi not in papers for one in curves])
        chosen.append(min(scores, key=lambda pair: scores[pair][kept].mean()))
    told = ", ".join(f"{spread:g} with {exponent:g}" for spread, exponent in chosen)
    return [*table, "", f"Best without each group of papers: {told}."]


if __name__ == "__main__":
    main()
