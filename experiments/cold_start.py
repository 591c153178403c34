"""What do junctions give in the cold?

An interface of lower barrier is the only mechanism here whose gain *grows* on cooling: the grains of CoTe2 and
ZnTe lose diffusivity with 0.41 and 0.27 eV, the junction with 0.16 eV (computed barriers). The figure shows
the capacity of CZT at 1 A/g from 230 to 330 K, with its junctions and with the junctions made as slow as the
grains, each with the same electrolyte and charge transfer.

Two things limit the promise. The interface ratio was fitted at 25 degC and only its temperature dependence
is computed; and the charge transfer (0.5 eV) and the electrolyte freeze out at the same time, which no
junction changes.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

TEMPERATURES = np.array([230.0, 245.0, 260.0, 275.0, 298.15, 315.0, 330.0])
CURRENT = 1.0  # A/g
EASY = {"Exchange-current activation energy [eV]": 0.0}


@dataclass(frozen=True)
class Result:
    """Capacity [mA.h.g-1] at each of TEMPERATURES, with and without the fast junctions."""

    junctions: NDArray[np.float64]
    grains_only: NDArray[np.float64]
    junctions_easy: NDArray[np.float64]
    grains_only_easy: NDArray[np.float64]


def main(figures: Path | None = None) -> Result:
    """The capacity from equilibrium over temperature, four times."""

    def capacities(**changes: float) -> NDArray[np.float64]:
        test = hs.RateTest([CURRENT], from_equilibrium=True)
        cells = [
            hs.load("CZT").with_values({"Ambient temperature [K]": kelvin, **changes})
            for kelvin in TEMPERATURES
        ]
        return np.array([hs.run(cell, test, model="SPMe").capacities[0] for cell in cells])

    slow = {"Interface mobility ratio": 1.0, "Interface migration barrier [eV]": 0.34}
    result = Result(
        capacities(), capacities(**slow), capacities(**EASY), capacities(**slow, **EASY)
    )
    if figures is not None:
        _draw(result).savefig(figures / "cold_start.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        axes.plot(TEMPERATURES, result.junctions, color=COLOURS[0], label="with junctions")
        axes.plot(TEMPERATURES, result.grains_only, color=COLOURS[1], label="grains only")
        axes.plot(
            TEMPERATURES,
            result.junctions_easy,
            "--",
            color=COLOURS[0],
            label="charge transfer as at 25 °C",
        )
        axes.plot(TEMPERATURES, result.grains_only_easy, "--", color=COLOURS[1])
        axes.set_xlabel("Temperature [K]")
        axes.set_ylabel("Specific capacity at 1 A/g [mAh/g]")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
    describe(figure, "What junctions give to CZT grows in the cold")
    return figure


def check(result: Result) -> None:
    """Capacity rises with temperature; the junctions' relative gain grows on cooling."""
    for capacity in (result.junctions, result.grains_only):
        assert np.all(np.diff(capacity) > 0)
    gain = result.junctions_easy / result.grains_only_easy
    assert np.all(gain > 1)
    assert gain[0] > gain[-1]


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    print("T [K]       ", TEMPERATURES)
    print("junctions   ", made.junctions.round(0), made.junctions_easy.round(0))
    print("grains only ", made.grains_only.round(0), made.grains_only_easy.round(0))
