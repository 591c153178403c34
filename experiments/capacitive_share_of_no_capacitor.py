"""How capacitive does a cell without any capacitor look?

Voltammograms at several scan rates are split into a part that goes with v, called capacitive, and one that
goes with sqrt(v), called diffusion (Dunn); or log i is drawn against log v, and a slope b near 1 is called
capacitive (Lindstroem). Here the truth is known: a particle with one diffusivity, no double layer, no storage at
junctions, kinetics that take no voltage. There is no capacitor, so the true share is 0.

Both methods say otherwise as soon as the particle is small. A particle that keeps up with the scan is in
equilibrium at every instant; its current is dQ/dE times v, like a capacitor's. What decides is
w = (R^2/D) v F/RT, the diffusion time over the time that the scan takes for one thermal voltage. Up to w = 20 or so
everything is "capacitive" (a sphere relaxes in R^2/15D), and only from some thousands on, where the layer at the
surface is thin, is b a half. At 1 mV/s and D = 1e-18 m2/s, w = 50 is a radius of 36 nm: its share of 89 % is what
smallness gives by itself.

Only R^2/D acts in the particle, so the size is varied through D at a fixed radius: the surface that the kinetics
work on stays the same.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

import hetsim as hs
from experiments._particle import HOUR, RADIUS, symmetric_cell
from hetsim.analysis import CapacitiveShare, MeanExponent, bias
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE

SIZES = np.array([0.1, 0.3, 0.6, 1.0, 2.0, 4.0, 12.0])
"""R over that of a particle with R^2/D = 1 h."""
SCAN_RATES = (0.1, 0.2, 0.5, 1.0)
"""[mV/s], in the range of the CZT paper."""


@dataclass(frozen=True)
class Result:
    """By size: w at the fastest scan, and what `hs.analysis.bias` finds of share and b."""

    w: np.ndarray
    bias: pd.DataFrame

    def found(self, quantity: str) -> np.ndarray:
        """By size."""
        return self.bias.loc[self.bias["quantity"] == quantity, "found"].to_numpy()


def main(figures: Path | None = None) -> Result:
    """One set of voltammograms a size."""
    cell = symmetric_cell(0.0).with_values(
        {"Double-layer capacity [F.m-2]": 0.0, "Exchange-current density [A.m-2]": 10.0}
    )
    test = hs.CV(SCAN_RATES, cycles=2, tolerance=None, points=150)
    over = {"Component A diffusivity [m2.s-1]": RADIUS**2 / (HOUR * SIZES**2)}
    found = bias(cell, test, [CapacitiveShare(), MeanExponent()], over)
    w = SIZES**2 * HOUR * 1e-3 * max(SCAN_RATES) / cell.thermal_voltage
    result = Result(w, found)
    if figures is not None:
        _draw(result).savefig(figures / "capacitive_share_of_no_capacitor.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.6), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(
            result.w, 100 * result.found("capacitive share"), MARKERS[0] + "-", color=COLOURS[0]
        )
        left.axhline(0, color=COLOURS[1], linestyle="--", label="put in: no capacitor")
        left.set_ylabel("Capacitive share found at 1 mV/s [%]")
        left.legend(frameon=False)
        right.plot(result.w, result.found("b"), MARKERS[0] + "-", color=COLOURS[0])
        for b, name, at in ((1.0, "read as a capacitor", 3), (0.5, "read as diffusion", 0)):
            right.axhline(b, color="0.8", linewidth=0.8, zorder=0)
            right.annotate(name, (result.w[at], b), xytext=(0, 2), textcoords="offset points")
        right.set_ylabel("b found [-]")
        right.set_ylim(0.4, 1.1)
        for axes in (left, right):
            axes.set_xscale("log")
            axes.set_xlabel(r"$(R^2/D)\,vF/RT$ at 1 mV/s [-]")
    describe(figure, "A cell without any capacitor looks capacitive if its particles are small")
    return figure


def check(result: Result) -> None:
    """From "a capacitor" to "diffusion" by size alone."""
    assert (result.bias["outcome"] == "protocol completed").all()
    share, b = result.found("capacitive share"), result.found("b")
    assert (result.bias.loc[result.bias["quantity"] == "capacitive share", "truth"] == 0).all()
    # in equilibrium at every instant: i = (dQ/dE) v
    assert share[0] > 0.98
    assert abs(b[0] - 1) < 0.02
    # semi-infinite: b = 1/2 within 0.02, and no share to speak of
    assert abs(b[-1] - 0.5) < 0.02
    assert abs(share[-1]) < 0.05
    assert np.all(np.diff(share) < 0)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    print(made.w.round(3))
    print(made.bias.to_string())
    check(made)
