"""A static built-in field is a diode.

"The built-in field accelerates the ions": in which direction? A field that is fixed to the particle draws
ions inwards whether they are entering or leaving. So it must help insertion and hinder extraction, or the
other way round, and reversing the field must exchange the two. On a lattice of sites this is exact: an
ion in phi is a vacancy in -phi.

The figure shows the share of the sites that is filled (insertion) and emptied (extraction) at constant
current between symmetric cut-offs, from rest, for no field and for a field of +4 and -4 V_T (103 mV) with
lambda = 0.05 R. The lines of (+V, insertion) and (-V, extraction) lie on each other. At 20C only a thin layer below the
surface works, the junction is too deep to matter, and the field does next to nothing.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from experiments._particle import passed_share, symmetric_cell
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

C_RATES = np.array([1.0, 2.0, 5.0, 10.0, 20.0])
STEPS = (0, 4, -4)
"""V_bi in thermal voltages."""


@dataclass(frozen=True)
class Result:
    """Share of the sites passed at each of C_RATES, by V_bi/V_T."""

    inserted: dict[int, NDArray[np.float64]]
    extracted: dict[int, NDArray[np.float64]]


def main(figures: Path | None = None) -> Result:
    """Insertion and extraction from rest at each rate, for each field."""
    inserted, extracted = {}, {}
    for step in STEPS:
        cell = symmetric_cell(step * symmetric_cell(0.0).thermal_voltage)
        inserted[step] = np.array([passed_share(cell, rate) for rate in C_RATES])
        extracted[step] = np.array([passed_share(cell, -rate) for rate in C_RATES])
    result = Result(inserted, extracted)
    if figures is not None:
        _draw(result).savefig(figures / "field_as_a_diode.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        for colour, step in zip(COLOURS, STEPS, strict=False):
            name = "no field" if step == 0 else f"{step:+d} $V_T$"
            axes.plot(C_RATES, result.inserted[step], color=colour, label=f"{name}, insertion")
            axes.plot(
                C_RATES, result.extracted[step], "--", color=colour, label=f"{name}, extraction"
            )
        axes.set_xscale("log")
        axes.set_xticks(C_RATES, [f"{rate:g}" for rate in C_RATES])
        axes.minorticks_off()
        axes.set_xlabel("C-rate [1/h]")
        axes.set_ylabel("Share of the sites passed")
        axes.set_ylim(0, 1)
        axes.legend(frameon=False)
    describe(
        figure, "A static field is a diode: it gives in one direction what it takes in the other"
    )
    return figure


def check(result: Result) -> None:
    """The exchange is exact; what helps one way hinders the other; at 20C little is left of it."""
    for step in STEPS:
        # the solver's relative tolerance is 1e-6 a step
        np.testing.assert_allclose(result.inserted[step], result.extracted[-step], rtol=2e-5)
    gain = result.inserted[4] / result.inserted[0] - 1
    loss = result.extracted[4] / result.extracted[0] - 1
    at_5c, at_20c = (list(C_RATES).index(rate) for rate in (5, 20))
    assert gain[at_5c] > 0.1 > 0 > loss[at_5c]
    assert abs(gain[at_20c]) < 0.5 * gain[at_5c]


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    for step in STEPS:
        print(
            f"{step:+d} V_T  inserted {made.inserted[step].round(3)}  extracted {made.extracted[step].round(3)}"
        )
