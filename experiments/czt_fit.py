"""How well does the rate curve of CZT determine what was fitted to it?

The hosts of CZT are shared with its controls CT and ZT, and all three were fitted in one go (docs/fits.md). Here
the seven capacities of CZT stand alone: of four values, what do they determine? The residuals are
ln(simulated/measured) over 2 %; weak priors are those of the joint fit: 480 mAh/g for the capacity of both hosts,
a mobility ratio of 30, 3 ohm cm2 and a fast fraction of 0.5, each as the logarithm of a factor.

This run does not fit again. It takes the values of the parameter files, finds the step that a fit would take
from there (a Gauss-Newton step: it must be small against the interval of each value) and the 68 % intervals. An
interval of a factor of two or more means: the data say little about this value.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from hetsim.fitting import Problem
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

CAPACITY = "Specific capacity [mA.h.g-1]"
FREE = (
    hs.FreeValue(CAPACITY, prior=480.0, width=0.5, of="CZT"),
    hs.FreeValue("Interface mobility ratio", prior=30.0, width=2.0),
    hs.FreeValue("Series resistance [Ohm.cm2]", prior=3.0, width=1.0),
    hs.FreeValue("Fast fraction", prior=0.5, width=0.5),
)
NOISE = {"CZT": 0.02}


@dataclass(frozen=True)
class Result:
    """By free value: what the file has, the step a fit would take and the 68 % interval, both of its logarithm."""

    labels: tuple[str, ...]
    values: NDArray[np.float64]
    steps: NDArray[np.float64]
    intervals: NDArray[np.float64]


def main(figures: Path | None = None) -> Result:
    """One Jacobian at the values of the parameter files."""
    problem = Problem(
        cells=tuple(hs.load(name) for name in NOISE),
        measured=tuple(hs.measured(name) for name in NOISE),
        free=FREE,
        noise=tuple(NOISE.values()),
        first_cycle=1.0,
    )
    x = problem.present()
    found = problem.linearised(x)
    assert found is not None  # the shipped cells run
    labels = tuple(one.label for one in FREE)
    result = Result(labels, np.exp(x), found.step, found.intervals)
    if figures is not None:
        _draw(result).savefig(figures / "czt_fit.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.5 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        place = np.arange(len(result.labels))[::-1]
        factor = np.exp(result.intervals)
        axes.hlines(place, 1 / factor, factor, color=COLOURS[0], linewidth=3)
        axes.plot(np.exp(result.steps), place, "|", color=COLOURS[1], markersize=10)
        axes.axvline(1, color="0.8", linewidth=0.8, zorder=0)
        axes.set_xscale("log")
        axes.set_xticks([0.25, 0.5, 1, 2, 4], ["1/4", "1/2", "1", "2", "4"])
        axes.minorticks_off()
        axes.set_yticks(
            place,
            [
                f"{label} = {value:.3g}"
                for label, value in zip(result.labels, result.values, strict=True)
            ],
        )
        axes.set_xlabel("68 % interval, as a factor of the value")
    describe(figure, "The curve of CZT determines its capacity and fast fraction, and little else")
    return figure


def check(result: Result) -> None:
    """Alone, the curve of CZT would move no value by more than its interval from where the joint fit has it."""
    assert np.all(np.abs(result.steps) < result.intervals)
    # what the seven points do determine: the capacity, to better than 10 %
    assert result.intervals[0] < 0.1


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    for label, value, step, interval in zip(
        made.labels, made.values, made.steps, made.intervals, strict=True
    ):
        print(
            f"{label:45s} {value:10.3g}  step x{np.exp(step):.3f}  interval x{np.exp(interval):.2f}"
        )
    check(made)
