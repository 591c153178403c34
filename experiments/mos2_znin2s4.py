"""MoS2/ZnIn2S4 against sodium: four reactions in, hysteresis out, and two faces with opposite fields.

Sodium goes into the sheets of MoS2 (1.55 V) and of ZnIn2S4 (0.90 V) before both sulfides are converted (0.40
and 0.37 V); on extraction ZnIn2S4 recovers between 0.5 and 1.2 V and MoS2 at 1.56 V. These potentials are printed.
The open-circuit curve has a branch for each direction, built from them, so that a slow run shows them again: its
plateaus lie where the curve is flattest, and a voltammogram at 0.1 mV/s has its peaks there. That is a check of how
the file was written and of the two branches, not of the electrode.

ZnIn2S4 meets MoS2 with its zinc side or with its indium side, and the charge transfer, so the field, turns round with
the face. The electrode is stacked (sheets on rods), where a field of either sign moves no ion along the sheets. What
it could do as a shell around a rod is shown by the variants: opposite fields, opposite effects on the first insertion,
some ten percent at 63 mV.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, MARKERS, STYLE

NAME, STEP = "MoS2-ZnIn2S4", "Built-in potential [V]"
INSERTION = (1.55, 0.90, 0.40, 0.37)
"""Printed reaction potentials [V]: review of sodium-ion heterostructures, section 4.1, eqs. 1 to 4."""
EXTRACTION = (1.56, (0.5, 1.2))
"""Printed potential and range [V], eqs. 6 and 5."""
CURRENTS = (1.0, 5.0, 20.0)
"""[A.g-1], those of the faces."""

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]

LEAST = 0.01
"""Of the largest current: what is smaller is no peak."""


@dataclass(frozen=True)
class Result:
    """By direction: open circuit (occupancy, potential [V]), voltammogram (potential [V], current
    [A.g-1]); by face: the step [V] and the gain over no step [%] at CURRENTS."""

    open_circuit: dict[str, Curve]
    voltammogram: dict[str, Curve]
    faces: dict[str, tuple[float, NDArray[np.float64]]]


def main(figures: Path | None = None) -> Result:
    """The second cycle of a voltammogram, and insertion from rest for the faces."""
    cell = hs.load(NAME, "lumped")
    theta = np.linspace(0.01, 0.99, 2000)
    sweep = hs.run(cell, hs.CV([0.1], cycles=2, tolerance=None), "SPM").sweeps[0]
    branches = ("insertion", "extraction")
    result = Result(
        open_circuit={one: (theta, cell.open_circuit_potential(theta, one)) for one in branches},
        voltammogram={one: sweep.of(one) for one in branches},
        faces={one: _face(one) for one in cell.system.variants if "face" in one},
    )
    if figures is not None:
        _draw(result).savefig(figures / "mos2_znin2s4.png", dpi=200)
    return result


def _face(variant: str) -> tuple[float, NDArray[np.float64]]:
    cell = hs.load(NAME, variant).with_particle(classes=3)
    protocol = hs.RateTest(CURRENTS, from_equilibrium=True)
    with_field, without = (
        hs.run(one, protocol, "SPM").capacities for one in (cell, cell.with_values({STEP: 0.0}))
    )
    return float(cell.values[STEP]), 100 * (with_field / without - 1)


def flattest(curve: Curve) -> list[float]:
    """Potentials where an open-circuit curve is flatter than on either side [V]."""
    theta, potential = curve
    slope = np.abs(np.gradient(potential, theta))
    return [float(potential[i]) for i in _tops(-slope)]


def peaks(curve: Curve) -> list[float]:
    """Potentials where the current of a sweep is larger than on either side [V]; ripples of the solver in
    its tails, a ten thousandth of the largest, are no peaks."""
    potential, current = curve
    size = np.abs(current)
    return [float(potential[i]) for i in _tops(size) if size[i] > LEAST * size.max()]


def _tops(values: NDArray[np.float64]) -> NDArray[np.intp]:
    inner = values[1:-1]
    return np.flatnonzero((inner > values[:-2]) & (inner >= values[2:])) + 1


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        for (branch, curve), colour in zip(result.open_circuit.items(), COLOURS, strict=False):
            left.plot(*curve, color=colour, label=branch)
            potential, current = result.voltammogram[branch]
            right.plot(potential, -current, color=colour)
        left.set_xlabel("Occupancy [-]")
        left.set_ylabel("Open-circuit potential [V vs Na]")
        left.set_title("MoS2/ZnIn2S4 against sodium", fontsize=7)
        left.legend(frameon=False)
        right.set_xlabel("Potential [V vs Na]")
        right.set_ylabel("Current [A/g] (oxidation positive)")
        right.set_title("Voltammogram at 0.1 mV/s", fontsize=7)
        right.axhline(0, color="0.8", lw=0.8, zorder=0)
        top = max(np.abs(curve[1]).max() for curve in result.voltammogram.values())
        right.plot(
            INSERTION,
            [-1.12 * top] * len(INSERTION),
            MARKERS[4],
            color=COLOURS[0],
            label="printed, insertion",
        )
        right.plot(
            EXTRACTION[0], 1.12 * top, MARKERS[2], color=COLOURS[1], label="printed, extraction"
        )
        right.hlines(1.12 * top, *EXTRACTION[1], color=COLOURS[1], linewidth=3)
        right.set_xlim(0, 2.2)
        right.legend(frameon=False, loc="center", bbox_to_anchor=(0.45, 0.3))
    describe(figure, "Four reactions in, hysteresis out")
    return figure


def check(result: Result) -> None:
    """Plateaus within 0.05 V, peaks within 0.1 V of what is printed; opposite faces, opposite effects."""
    found = flattest(result.open_circuit["insertion"])
    assert len(found) == len(INSERTION)
    assert np.allclose(found, INSERTION, atol=0.05, rtol=0)
    first, *rest = flattest(result.open_circuit["extraction"])
    low, high = EXTRACTION[1]
    assert abs(first - EXTRACTION[0]) < 0.05
    assert len(rest) == 3
    assert all(low < one < high for one in rest)
    # hysteresis: what comes out does so above where it went in
    assert np.all(result.open_circuit["extraction"][1] > result.open_circuit["insertion"][1])

    # peaks 0.03 V apart may run into one
    falling = np.array(peaks(result.voltammogram["insertion"]))
    assert all(np.abs(falling - one).min() < 0.1 for one in INSERTION)
    assert all(np.abs(np.array(INSERTION) - one).min() < 0.1 for one in falling)
    assert len(falling) >= 3
    rising = sorted(peaks(result.voltammogram["extraction"]))
    assert abs(rising[-1] - EXTRACTION[0]) < 0.1
    assert all(low - 0.1 < one < high + 0.1 for one in rising[:-1])

    (zinc, zinc_gain), (indium, indium_gain) = (result.faces[one] for one in ("Zn-face", "In-face"))
    assert (
        zinc == -indium < 0
    )  # electrons go from MoS2 to the zinc face, from the indium face to MoS2
    strongest = np.argmax(np.abs(zinc_gain))
    assert zinc_gain[strongest] * indium_gain[strongest] < 0
    assert np.abs(zinc_gain).max() < 20


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    for branch in ("insertion", "extraction"):
        print(branch, "plateaus", np.round(flattest(made.open_circuit[branch]), 3))
        print(branch, "peaks", np.round(peaks(made.voltammogram[branch]), 3))
    for face, (step, gain) in made.faces.items():
        print(f"{face}: {1e3 * step:+.0f} mV, gain % at {CURRENTS} A/g: {gain.round(2)}")
    check(made)
