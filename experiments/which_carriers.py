"""A hundred to a thousand times: which carriers, and which potential?

Reviews of the field give 10² to 10³ as what an interface conducts over the bulk. What does that ask for? The
space charge of dilute defects conducts e^(v/2) times as well over two Debye lengths, v = zFφ/RT: at the interface
potentials that were measured (17 and 63 mV, FeSe/Fe3Se4) that is 1.4 and 3.4, and a hundred needs 0.24 V, a
thousand 0.36 V. Stored ions gain even less, and nothing at half filling. So the ratio of a rate curve is mostly a
higher mobility in the layer (a lower barrier, "Interface mobility ratio"), or a potential that nobody has
measured yet; Mo2C/MoO3 with 240 at 300 K would be 0.28 V for dilute carriers of bulk mobility."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from hetsim.plots.style import COLOURS, COLUMN, STYLE

POTENTIALS = np.linspace(0.0, 0.4, 81)
MEASURED = (0.01724, 0.06284)
KELVIN = 298.15


@dataclass(frozen=True)
class Result:
    """Conductivity of the layer over the grain at each potential, and the potentials that 100 and 1000 need [V]."""

    dilute: NDArray[np.float64]
    nearly_empty: NDArray[np.float64]
    half_full: NDArray[np.float64]
    needed: tuple[float, float]


def main(figures: Path | None = None) -> Result:
    """Ask the channels of a cell at each potential."""
    dilute = _ratios(hs.DiluteCarriers(), 0.5)
    result = Result(
        dilute,
        _ratios(hs.LatticeCarriers(), 0.02),
        _ratios(hs.LatticeCarriers(), 0.5),
        tuple(float(np.interp(np.log(x), np.log(dilute), POTENTIALS)) for x in (100.0, 1000.0)),  # type: ignore[arg-type]
    )
    if figures is not None:
        _draw(result).savefig(figures / "which_carriers.png", dpi=200)
    return result


def _ratios(
    channel: hs.DiluteCarriers | hs.LatticeCarriers, occupancy: float
) -> NDArray[np.float64]:
    host = hs.Host("host", (0.5,), (1.0,), 300.0, widths=(1.0,))
    grain = {"Interface storing share": 0.0}  # the occupancy below is that of the grain
    cell = hs.heterostructure(host, host, ion="Na", interface=channel, values=grain)
    found = []
    for potential in POTENTIALS:
        hosts = cell.with_values({"Interface potential [V]": float(potential)}).hosts
        assert hosts is not None
        found.append(float(hosts.conductivity_ratio(hosts.potential(occupancy), KELVIN)))
    return np.array(found)


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.4 * COLUMN, 2.9), layout="constrained")
        axes = figure.subplots()
        axes.axhspan(100, 1000, color="0.9", zorder=0)
        axes.annotate("as reviews print it", (80, 300), fontsize=7)
        lines = (
            (result.dilute, "dilute defects", "-"),
            (result.nearly_empty, "stored ions, host 2 % full", "--"),
            (result.half_full, "stored ions, host half full", ":"),
        )
        for (ratio, label, style), colour in zip(lines, COLOURS, strict=False):
            axes.plot(1e3 * POTENTIALS, ratio, style, color=colour, label=label)
        for one in MEASURED:
            axes.axvline(1e3 * one, color="0.6", linewidth=0.8)
        axes.annotate("measured", (1e3 * MEASURED[1] + 4, 0.13), fontsize=7, color="0.4")
        axes.set_yscale("log")
        axes.set_ylim(0.1, 3000)
        axes.set_xlim(0, 400)
        axes.set_xlabel("Interface potential [mV]")
        axes.set_ylabel("Conductivity, layer over grain")
        axes.set_title("A ratio of 100 needs 0.24 V; measured are 0.02 to 0.06 V")
        figure.legend(loc="outside lower center", frameon=False, ncols=3, fontsize=6)
    return figure


def check(result: Result) -> None:
    """What the measured potentials give, and what the printed ratios ask for."""
    at_measured = np.interp(MEASURED, POTENTIALS, result.dilute)
    assert np.all(at_measured < 3.6)
    assert 0.23 < result.needed[0] < 0.25
    assert 0.34 < result.needed[1] < 0.37
    assert np.all(result.half_full <= 1 + 1e-9)
    assert result.nearly_empty.max() < 30  # the lattice fills up


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    print(f"a ratio of 100 needs {made.needed[0]:.3f} V, 1000 {made.needed[1]:.3f} V")
    check(made)
