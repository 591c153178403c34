"""A slow host fed by a fast one: what do small grains do, and what does the junction?

A host that stores much and conducts badly, in grains among those of a host that conducts well. Three things may
feed it: the fast host itself, the layers along their junctions, and both the more, the smaller the grains are. In
a particle of grains the ions take the way that conducts, so the size of the grains acts through the volume of the
junction layers alone: without a channel it does nothing at all. And the fast grains, 30 % of the volume, do not
connect: a particle of grains without a channel is hardly faster than the slow host. As a core in a shell of the
fast host the slow one is reached from all sides, but through its own depth; a channel of layers beats that, the
more so in small grains."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from hetsim.plots.axes import log_axis
from hetsim.plots.style import COLOURS, COLUMN, STYLE

SLOW = hs.Host("slow", (0.8, 0.4), (0.5, 0.5), 600.0, diffusivity=1e-20, density=5000.0)
FAST = hs.Host("fast", (0.9, 0.5), (0.5, 0.5), 200.0, diffusivity=1e-16, density=5000.0)
GRAINS = np.array([4.0, 8.0, 16.0, 32.0, 64.0])
MOBILITIES = (0.0, 30.0, 1000.0)
CURRENT = 2.0
CLASSES = 9
"""Sizes of particles, as in the cells of a file."""
BULK = {"Fast fraction": 0.05}
"""Hardly anything is filled at once, so that what is seen is diffusion."""


@dataclass(frozen=True)
class Result:
    """Capacity at 2 A/g [mA.h.g-1]: by mobility in the layers (0: no channel) and grain size; alone; as a core."""

    dispersed: dict[float, NDArray[np.float64]]
    slow_alone: float
    core: float


def main(figures: Path | None = None) -> Result:
    """Run the grid, the slow host alone and the core-shell particle."""
    protocol = hs.RateTest([CURRENT], from_equilibrium=True)

    def capacity(cell: hs.HalfCell) -> float:
        of_sizes = cell.with_particle(classes=CLASSES)
        return float(hs.run(of_sizes, protocol, "SPM").capacities[0])

    dispersed = {}
    for mobility in MOBILITIES:
        channel = hs.DiluteCarriers() if mobility else hs.NoChannel()
        cell = hs.heterostructure(
            SLOW, FAST, ion="Na", mass_share=0.7, interface=channel, values=BULK
        )
        values = {"Interface mobility ratio": mobility} if mobility else {}
        dispersed[mobility] = np.array(
            [capacity(cell.with_values({**values, "Grain size [m]": 1e-9 * d})) for d in GRAINS]
        )
    whole = hs.heterostructure(SLOW, FAST, ion="Na", mass_share=0.7, values=BULK)
    core = hs.heterostructure(
        SLOW, FAST, ion="Na", mass_share=0.7, architecture=hs.CoreShell(), values=BULK
    )
    result = Result(dispersed, capacity(whole.controls()[0]), capacity(core))
    if figures is not None:
        _draw(result).savefig(figures / "slow_host_fed_by_fast.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.5 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        for (mobility, found), colour in zip(result.dispersed.items(), COLOURS, strict=False):
            label = f"layers {mobility:g} times as mobile" if mobility else "no channel"
            axes.plot(GRAINS, found, ".-", color=colour, label=label)
        axes.axhline(
            result.core, color=COLOURS[3], linestyle="--", label="slow core in a fast shell"
        )
        axes.axhline(result.slow_alone, color=COLOURS[6], linestyle=":", label="slow host alone")
        log_axis(axes, "x", one_two_five=True)
        axes.set_xlabel("Grain size [nm]")
        axes.set_ylabel("Specific capacity at 2 A/g [mAh/g]")
        axes.set_ylim(bottom=0)
        axes.set_title("Small grains help through their junctions, and only so")
        figure.legend(loc="outside right center", frameon=False)
    return figure


def check(result: Result) -> None:
    """Without a channel the size of the grains does nothing; with one, smaller is better, and better than a shell."""
    none, some, much = result.dispersed.values()
    assert np.ptp(none) < 1e-3 * none[0]
    for found in (some, much):
        assert np.all(np.diff(found) < 0)
    assert np.all(much > some)
    assert np.all(some > none)
    assert result.slow_alone < none[0]
    assert none[0] < result.core < some[0]


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    for one, capacities in made.dispersed.items():
        print(f"mobility {one:g}: {capacities.round(0)} mAh/g at {GRAINS} nm")
    print(f"slow host alone {made.slow_alone:.0f}, as a core {made.core:.0f} mAh/g")
    check(made)
