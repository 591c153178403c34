"""A space charge in a half-full lattice does not conduct better.

"The built-in field gathers ions at the interface, so they move faster there": true of few mobile defects, which
conduct and do not fill the lattice. Where the ions that are gathered are those that the host stores, each of them
also takes a place, and a hop needs an empty one. The conductivity of a lattice goes with θ(1 - θ): the layer at
the junction gains while the host is nearly empty, gains nothing at half filling whatever the potential is, and
loses where the host is full. A discharge passes through all of these.

`LatticeCarriers` and `DiluteCarriers` are asked as the cell asks them, for one ideal kind of site.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from hetsim.plots.style import COLOURS, COLUMN, STYLE

POTENTIALS = (0.03, 0.065, 0.15)
OCCUPANCY = np.linspace(0.02, 0.98, 97)
KELVIN = 298.15


@dataclass(frozen=True)
class Result:
    """Conductivity of the layer over that of the grain, by potential: at each occupancy, and of dilute carriers."""

    lattice: dict[float, NDArray[np.float64]]
    dilute: dict[float, float]


def main(figures: Path | None = None) -> Result:
    """Ask both channels at each potential."""
    host = hs.Host("host", (0.5,), (1.0,), 300.0, widths=(1.0,))
    lattice, dilute = {}, {}
    for potential in POTENTIALS:
        values = {"Interface potential [V]": potential, "Interface storing share": 0.0}
        hosts = hs.heterostructure(
            host, host, ion="Na", interface=hs.LatticeCarriers(), values=values
        ).hosts
        assert hosts is not None
        lattice[potential] = np.asarray(
            hosts.conductivity_ratio(hosts.potential(OCCUPANCY), KELVIN)
        )
        others = hs.heterostructure(host, host, ion="Na", values=values).hosts
        assert others is not None
        dilute[potential] = float(others.conductivity_ratio(0.5, KELVIN))
    result = Result(lattice, dilute)
    if figures is not None:
        _draw(result).savefig(figures / "half_full_lattice.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.5 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        for (potential, ratio), colour in zip(result.lattice.items(), COLOURS, strict=False):
            axes.plot(OCCUPANCY, ratio, color=colour, label=f"{1e3 * potential:.0f} mV")
            axes.axhline(result.dilute[potential], color=colour, linestyle=":", linewidth=1)
        axes.axhline(1, color="0.6", linewidth=0.8, zorder=0)
        axes.set_yscale("log")
        axes.set_yticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
        axes.minorticks_off()
        axes.set_xlabel("Occupancy of the host")
        axes.set_ylabel("Conductivity, layer over grain")
        axes.set_title("A half-full lattice conducts no better in a space charge")
        figure.legend(
            loc="outside right center",
            frameon=False,
            title="stored ions\n(dotted: dilute\ndefects)",
            title_fontsize=7,
        )
    return figure


def check(result: Result) -> None:
    """Above one near empty, at most one at half filling, below one near full; dilute carriers gain always."""
    middle = len(OCCUPANCY) // 2
    for potential, ratio in result.lattice.items():
        assert ratio[0] > 1
        assert ratio[middle] <= 1
        assert ratio[-1] < 1
        assert result.dilute[potential] > 1
    falling = [ratio[middle] for ratio in result.lattice.values()]
    assert falling == sorted(falling, reverse=True)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    for one, values in made.lattice.items():
        print(
            f"{1e3 * one:.0f} mV: nearly empty {values[0]:.2f}, half full {values[48]:.2f}, nearly full "
            f"{values[-1]:.2f}; dilute carriers {made.dilute[one]:.1f}"
        )
    check(made)
