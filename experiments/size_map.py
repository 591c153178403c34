"""How small must a particle be for its field to matter, and how small is too small?

The step of a junction survives only if the particle is larger than the Debye length: with lambda = R it is
flattened to 7 %. And the field must act on the depth that works in the time of the discharge. The map shows the
gain in insertion capacity at 5C over R/lambda and the built-in potential, in a particle whose diffusion
time is held at 1 h, so that only the shape of the field changes. Its companion shows extraction, where the same
field takes away what it gave: no particle size makes a static field help both ways.

Ions at 1e4 mol/m3 screen within a nanometre: a grain of 34 nm has R/lambda of some tens, so its step would
survive; what the ion feels of it is the question, not the size.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments._particle import passed_share, symmetric_cell
from hetsim.laws.potential import surviving_step
from hetsim.plots.axes import describe
from hetsim.plots.style import COLUMN, STYLE

RADIUS_OVER_DEBYE = np.array([0.5, 1, 2, 3, 5, 10, 20, 50])
STEPS = np.array([0.5, 1, 2, 3, 4, 6])
C_RATE = 5.0


@dataclass(frozen=True)
class Result:
    """Relative gain in capacity, of shape (STEPS, RADIUS_OVER_DEBYE)."""

    insertion: NDArray[np.float64]
    extraction: NDArray[np.float64]


def main(figures: Path | None = None) -> Result:
    """Insertion and extraction over the map."""
    thermal_voltage = symmetric_cell(0.0).thermal_voltage
    plain = passed_share(symmetric_cell(0.0), C_RATE)

    def gains(direction: int) -> NDArray[np.float64]:
        return np.array(
            [
                [
                    passed_share(
                        symmetric_cell(step * thermal_voltage, 1 / ratio), direction * C_RATE
                    )
                    / plain
                    - 1
                    for ratio in RADIUS_OVER_DEBYE
                ]
                for step in STEPS
            ]
        )

    result = Result(gains(+1), gains(-1))
    if figures is not None:
        _draw(result).savefig(figures / "size_map.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        panels = figure.subplots(1, 2, sharey=True)
        for axes, gain, name in zip(
            panels, (result.insertion, result.extraction), ("insertion", "extraction"), strict=True
        ):
            shown = axes.contourf(
                RADIUS_OVER_DEBYE, STEPS, 100 * gain, levels=np.arange(-40, 41, 4), cmap="RdBu"
            )
            axes.set_xscale("log")
            axes.set_xticks(RADIUS_OVER_DEBYE, [f"{one:g}" for one in RADIUS_OVER_DEBYE])
            axes.minorticks_off()
            axes.set_xlabel(r"Particle radius over Debye length $R/\lambda$")
            axes.set_title(name)
        panels[0].set_ylabel("Built-in potential [$RT/F$]")
        figure.colorbar(
            shown, ax=panels, label="Gain in capacity at 5C [%]", ticks=range(-40, 41, 20)
        )
    describe(
        figure,
        "A field needs particles larger than its Debye length, and takes on extraction what it gives",
    )
    return figure


def check(result: Result) -> None:
    """Insertion gains where the step survives, extraction loses there, and neither without a step."""
    assert np.all(result.insertion >= -1e-4)
    assert np.all(result.extraction <= 1e-4)
    flattened = surviving_step(2.0, 2.0, 0.7)
    assert flattened < 0.03
    assert np.all(np.abs(result.insertion[:, 0]) < 0.05)  # R = lambda / 2
    along_size = result.insertion[list(STEPS).index(4), RADIUS_OVER_DEBYE <= 10]
    assert np.all(np.diff(along_size) > 0)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    print("gain in insertion [%]\n", (100 * made.insertion).round(1))
    print("gain in extraction [%]\n", (100 * made.extraction).round(1))
