"""Across the layers or along them: the same heterostructure slows ions down or lets them run.

A stack of two materials has the same junctions, the same potential and the same fast layers, whichever
way the ions go. Across the layers they must cross every step, and a periodic potential only slows:
Lifson and Jackson's D_eff = D / (<e^Phi><e^-Phi>) is never above D. The ions that the potential gathers
are of no use, for they wait before the next step. (A half-filled lattice hardly notices small steps:
what one side lacks in ions the other lacks in empty sites.) Along the layers the ions run in parallel.
There the gathered ions conduct more, but they also store more, and the chemical diffusivity stays as it
was: redistribution alone gains nothing.

A gain needs *faster* layers, and they must lie along the way: in parallel the gain grows without bound,
1 + f (ratio - 1); in series it ends at 1 / (1 - f), because the slow rest remains to be crossed. With
the grains of CZT (34 nm, layers of 1 nm) that end is 3 %.

The left panel shows D_eff over the step of the potential, the right one over the ratio of
diffusivities.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hetsim.constants import BOLTZMANN_EV
from hetsim.junctions.pair import TEMPERATURE, pair_of_system
from hetsim.laws import limits, mixing
from hetsim.laws.planar import Layer, stack_potential
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

POTENTIALS = np.linspace(0, 0.3, 61)
"""Steps of the stack [V]."""

RATIOS = np.geomspace(1, 2e4, 60)
"""Diffusivity of the layers over that of the grains [-]."""

OCCUPANCIES = (1e-4, 0.5)
"""Mean occupancies [-]: dilute, half filled."""

SAMPLES = 20_001


@dataclass(frozen=True)
class Result:
    """D_eff / D [-] over POTENTIALS, by occupancy; and over RATIOS, by geometry."""

    across: dict[float, NDArray[np.float64]]
    along: dict[float, NDArray[np.float64]]
    geometries: dict[str, NDArray[np.float64]]
    fraction: float


def main(figures: Path | None = None) -> Result:
    """A stack of plates as thick as the grains of CZT."""
    pair = pair_of_system("CZT")
    grain, width = pair.number("Grain size [m]"), pair.number("Interface width [m]")
    layer = Layer(grain, width / 2)
    x = np.linspace(0, 2 * grain, SAMPLES, endpoint=False)
    shape = stack_potential(x, 1.0, layer, layer) / (BOLTZMANN_EV * TEMPERATURE)

    def over_potentials(law: object, occupancy: float) -> NDArray[np.float64]:
        return np.array([law(1.0, one * shape, occupancy).diffusivity for one in POTENTIALS])  # type: ignore[operator]

    fraction = float(mixing.interface_fraction(grain, width, mixing.PLATES))
    result = Result(
        across={one: over_potentials(limits.across_layers, one) for one in OCCUPANCIES},
        along={one: over_potentials(limits.along_layers, one) for one in OCCUPANCIES},
        geometries={
            "along the layers": mixing.interface_channel(1.0, RATIOS, fraction),
            "network, all directions": mixing.interface_network(1.0, RATIOS, fraction),
            "across the layers": mixing.series([fraction, 1 - fraction], [RATIOS, 1.0]),
        },
        fraction=fraction,
    )
    if figures is not None:
        _draw(result).savefig(figures / "series_against_parallel.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot(1e3 * POTENTIALS, result.along[0.5], color=COLOURS[0], label="along, any filling")
        for occupancy, style, name in zip(
            OCCUPANCIES, ("-", "--"), ("dilute", "half filled"), strict=True
        ):
            values = result.across[occupancy]
            left.plot(1e3 * POTENTIALS, values, style, color=COLOURS[1], label=f"across, {name}")
        left.axvspan(30, 100, color="0.9", lw=0, zorder=0)
        left.text(65, 3e-3, "measured\nto plausible", ha="center", fontsize=6.5, color="0.3")
        left.set_yscale("log")
        left.set_ylim(2e-3, 3)
        left.set_xlim(0, 300)
        left.set_xlabel("Step of the potential [mV]")
        left.set_ylabel("$D_{eff}/D$ [-]")
        left.set_title("a potential alone", fontsize=8)
        left.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 0.3))
        for (name, values), colour in zip(
            result.geometries.items(), (COLOURS[0], COLOURS[2], COLOURS[1]), strict=True
        ):
            right.plot(RATIOS, values, color=colour, label=name)
        right.set_xscale("log")
        right.set_yscale("log")
        right.set_xlim(1, RATIOS[-1])
        right.set_xlabel("Diffusivity of layers over that of grains [-]")
        right.set_title(f"fast layers, {100 * result.fraction:.1f} % of the volume", fontsize=8)
        right.legend(frameon=False)
    describe(figure, "Across the layers a potential only slows; along fast layers the ions run")
    return figure


def check(result: Result) -> None:
    """Across never above D, along exactly D, series ends at 1 / (1 - f)."""
    for values in result.across.values():
        assert np.all(values <= 1 + 1e-12)  # round-off of the averages
        assert np.all(np.diff(values) < 1e-12)
    for values in result.along.values():
        assert np.allclose(values, 1, rtol=1e-12)
    end = limits.series_gain_limit(result.fraction)
    assert np.all(result.geometries["across the layers"] < end)
    assert end < 1.04
    assert result.geometries["along the layers"][-1] > 100
    order = list(result.geometries.values())
    assert np.all(order[0][1:] > order[1][1:])
    assert np.all(order[1][1:] > order[2][1:])
    # sharp steps between equal halves: dilute D_eff tends to D / cosh^2(Phi / 2)
    step = POTENTIALS[-1] / (BOLTZMANN_EV * TEMPERATURE)
    assert np.isclose(result.across[1e-4][-1], 1 / np.cosh(step / 2) ** 2, rtol=0.2)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    at = int(np.searchsorted(POTENTIALS, 0.065))
    print(f"across, {1e3 * POTENTIALS[at]:.0f} mV: D_eff/D = {made.across[1e-4][at]:.3f} (dilute)")
    print({name: round(float(values[-1]), 3) for name, values in made.geometries.items()})
