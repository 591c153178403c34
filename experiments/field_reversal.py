"""Does it matter which way the field points?

Papers draw the built-in field with its arrow in the helpful direction. From rest, one direction of the
current does gain from it, and reversing the field (the other face of the crystal outside, core and shell
exchanged) hands the gain to the other direction. But a battery is cycled: what went in must come out before it
can go in again. On a symmetric lattice between symmetric cut-offs the cycled capacity cannot depend on the sign of
the field at all, and what is left of the gain is small or negative, because the slower direction sets the pace.
(A real cell is not symmetric: if its lower cut-off ends the insertion long before the sites are full, a field that
keeps ions near the surface lets more of them take part. That is storage, not speed.)

The figure shows, at 5C and R^2/D = 1 h, the share of the sites inserted and extracted from rest, and the share
that is cycled, against the built-in potential.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from experiments._particle import passed_share, symmetric_cell
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

STEPS = np.array([-8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8])
C_RATE = 5.0
CYCLES = 12  # the cycled share changes by less than 1e-3 after that


@dataclass(frozen=True)
class Result:
    """Share of the sites at each of STEPS."""

    inserted: NDArray[np.float64]
    extracted: NDArray[np.float64]
    cycled: NDArray[np.float64]


def main(figures: Path | None = None) -> Result:
    """Both directions from rest, and cycles, for each built-in potential."""
    thermal_voltage = symmetric_cell(0.0).thermal_voltage
    cells = [symmetric_cell(step * thermal_voltage) for step in STEPS]
    result = Result(
        np.array([passed_share(cell, C_RATE) for cell in cells]),
        np.array([passed_share(cell, -C_RATE) for cell in cells]),
        np.array([_cycled_share(cell) for cell in cells]),
    )
    if figures is not None:
        _draw(result).savefig(figures / "field_reversal.png", dpi=200)
    return result


def _cycled_share(cell: hs.HalfCell) -> float:
    full = cell.values["Specific capacity [mA.h.g-1]"]
    test = hs.RateTest([C_RATE * full / 1e3], cycles=CYCLES)
    return float(hs.run(cell, test, model="SPM").capacities[0] / full)


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        axes.plot(STEPS, result.inserted, color=COLOURS[0], label="insertion from rest")
        axes.plot(STEPS, result.extracted, color=COLOURS[1], label="extraction from rest")
        axes.plot(STEPS, result.cycled, color=COLOURS[2], label="cycled")
        axes.axvline(0, color="0.8", linewidth=0.8, zorder=0)
        axes.set_xlabel("Built-in potential, shell minus core [$RT/F$]")
        axes.set_ylabel("Share of the sites at 5C")
        axes.set_ylim(0, 1)
        axes.legend(frameon=False, loc="lower center")
    describe(
        figure, "Reversing the field exchanges insertion and extraction; cycled, it gives nothing"
    )
    return figure


def check(result: Result) -> None:
    """Reversal exchanges the directions from rest and changes nothing in cycles."""
    # solver tolerance 1e-6 a step, over one step and over two dozen
    np.testing.assert_allclose(result.inserted, result.extracted[::-1], rtol=2e-5)
    np.testing.assert_allclose(result.cycled, result.cycled[::-1], rtol=3e-3)
    none, four = int(np.flatnonzero(STEPS == 0)[0]), int(np.flatnonzero(STEPS == 4)[0])
    from_rest = result.inserted[four] / result.inserted[none] - 1
    in_cycles = result.cycled[four] / result.cycled[none] - 1
    assert from_rest > 0.25
    assert abs(in_cycles) < 0.25 * from_rest


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    for step, *shares in zip(STEPS, made.inserted, made.extracted, made.cycled, strict=True):
        print(
            f"{step:+d} V_T: inserted {shares[0]:.3f}, extracted {shares[1]:.3f}, cycled {shares[2]:.3f}"
        )
