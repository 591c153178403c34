"""How well do the rate curves of CZT, CT and ZT determine what was fitted to them?

Eight values were fitted to eleven capacities: of CZT the capacity, the diffusivity ratio of its junctions,
the series resistance and the fast fraction (the last two shared with the controls); of each control a capacity
and the diffusivity of its telluride (shared with CZT). The residuals are ln(simulated/measured) over 2 % for CZT
and 3 % for the controls, with a soft limit for outliers; weak priors hold what the data do not: 470 mAh/g, a
ratio of 300, 10 ohm cm2 and 0.31 for CZT, 300 mAh/g and 2e-18 m2/s for the controls, each as the logarithm of a
factor.

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
from hetsim.style import COLOURS, COLUMN, STYLE

RATIO, RESISTANCE, FAST = (
    "Interface diffusivity ratio",
    "Series resistance [Ohm.cm2]",
    "Fast fraction",
)
CAPACITY = "Specific capacity [mA.h.g-1]"
GRAINS = {"CT": "Component A diffusivity [m2.s-1]", "ZT": "Component B diffusivity [m2.s-1]"}
SHARED = (RATIO, RESISTANCE, FAST, *GRAINS.values())

# name, the file that holds it, prior, width of the prior as a logarithm
FREE = (
    (CAPACITY, "CZT", 470.0, 0.5),
    (RATIO, "CZT", 300.0, 2.0),
    (RESISTANCE, "CZT", 10.0, 1.0),
    (FAST, "CZT", 0.31, 0.5),
    (CAPACITY, "CT", 300.0, 0.5),
    (GRAINS["CT"], "CZT", 2e-18, 3.0),
    (CAPACITY, "ZT", 300.0, 0.5),
    (GRAINS["ZT"], "CZT", 2e-18, 3.0),
)
NOISE = {"CZT": 0.02, "CT": 0.03, "ZT": 0.03}
OUTLIER = 2.0
"""Residuals beyond it count linearly (soft L1)."""
STEP = 0.02


@dataclass(frozen=True)
class Result:
    """By free value: what the file has, the step a fit would take and the 68 % interval, both of its logarithm."""

    labels: tuple[str, ...]
    values: NDArray[np.float64]
    steps: NDArray[np.float64]
    intervals: NDArray[np.float64]


def main(figures: Path | None = None) -> Result:
    """One Jacobian at the values of the parameter files."""
    values = np.array([hs.load(system).values[name] for name, system, *_ in FREE])
    x = np.log(values)
    base = residuals(x)
    jacobian = np.array([(residuals(x + STEP * unit) - base) / STEP for unit in np.eye(len(x))]).T
    weight = (1 + (base / OUTLIER) ** 2) ** -0.25  # of soft L1, as a factor of the residual
    weight[-len(FREE) :] = 1  # the priors have no outliers
    weighted, target = jacobian * weight[:, None], base * weight
    covariance = np.linalg.inv(weighted.T @ weighted)
    labels = tuple(f"{system}: {name}" for name, system, *_ in FREE)
    result = Result(labels, values, -covariance @ weighted.T @ target, np.sqrt(np.diag(covariance)))
    if figures is not None:
        _draw(result).savefig(figures / "czt_fit.png", dpi=200)
    return result


def residuals(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of the three curves and of the priors, at the logarithms of the free values."""
    found = dict(zip(((name, system) for name, system, *_ in FREE), np.exp(x), strict=True))
    shared = {name: found[name, "CZT"] for name in SHARED}
    parts = []
    for system, noise in NOISE.items():
        cell = hs.load(system).with_values({**shared, CAPACITY: found[CAPACITY, system]})
        data = hs.measured(system)
        capacities = hs.run(cell, hs.RateTest(data.currents)).capacities
        parts.append(np.log(capacities / np.array(data.capacities)) / noise)
    parts.append(
        np.array(
            [(one - np.log(prior)) / width for one, (*_, prior, width) in zip(x, FREE, strict=True)]
        )
    )
    return np.concatenate(parts)


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
    return figure


def check(result: Result) -> None:
    """The files hold the optimum: a fit would move no value by half of its interval."""
    assert np.all(np.abs(result.steps) < 0.5 * result.intervals)
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
