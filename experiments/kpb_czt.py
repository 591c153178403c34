"""What does a full cell of CoTe2/ZnTe on MXene against Prussian blue deliver, and what does it live on?

Pan et al. (2023, doi:10.1007/s40820-023-01202-6) built KPB||CZT: potassium Prussian blue against CZT, whose half
cell is in experiments/czt_rate.py, with a printed capacity ratio of 1.5 and CZT that had been filled with
potassium in a half cell before. Per gram of KPB they print seven capacities from 50 to 500 mA/g, seven energies
and six powers, plateaus at 2.7 and 1.8 V, and that a cell without pre-potassiation falls below 20 mAh/g.

Here the negative electrode is the half cell of CZT with the values that its own rate curve gave, except for its
extraction curve: four plateaus were assumed there, and they would make one slope of the discharge. The printed
plateaus say that CZT gives its ions back at two potentials, so the file of the cell has 0.72 and 1.52 V. For KPB
nothing but the full cell is printed: two kinds of iron sites in the ratio 4:3, near 3.5 and 4.1 V, at the
theoretical capacity. Three numbers were fitted to the fourteen capacities and energies: the share of CZT's sites
that is filled before assembly, the share of the lower of the two plateaus, and the series resistance; their 68 %
intervals are found here, as in experiments/czt_fit.py, from a noise of 3 % in each of the fourteen. The potentials
of the plateaus were set in view of the printed ones.

What was not put in: the capacity at ten times the current, whose fall is that of CZT's half cell and of the
resistance; and that the cell dies without pre-potassiation. As precipitated, KPB holds ions on its low-spin sites
only, and the first filling of CZT binds as many for good. That loss is not printed for CZT; the 65 % first-cycle
efficiency of WS2/MoS2/Ti3C2Tx is taken, and any up to 70 % gives the same.

What the simulation does not reach: the printed energy at 50 mA/g (220.2 Wh/kg) is 8 % above it. With its own
printed power (110.8 W/kg) it belongs to 99.4 mAh/g and not to the 95.3 mAh/g beside it; from them it would be 211.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import hetsim as hs
from hetsim.parameters.cell_file import MeasuredRagone
from hetsim.results import RateCurve, Trace
from hetsim.results.comparison import Comparison

PRE_POTASSIATION, RESISTANCE = "Pre-potassiation", "Series resistance [Ohm.cm2]"
SHARES = "Negative: Extraction plateau shares"
NOISE = 0.03
STEP = 0.03
BARE = 0.2
"""Current of the cell without pre-potassiation [A.g-1]."""


@dataclass(frozen=True)
class Result:
    """The rate test beside the measured one; the step that a fit would take from the fitted values and their
    68 % intervals, as logarithms; and the capacities at `BARE` without pre-potassiation, from
    a first-cycle efficiency of CZT of 55 to 75 %."""

    comparison: Comparison
    energies: MeasuredRagone
    bare: dict[float, float]
    steps: dict[str, float]
    intervals: dict[str, float]

    @property
    def energy_errors(self) -> NDArray[np.float64]:
        """Simulated over measured energy, minus one [%]."""
        return 100 * (self.comparison.curve.energies / np.array(self.energies.energies) - 1)


def main(figures: Path | None = None) -> Result:
    """The rate test of the paper, and the cell without pre-potassiation; two figures if a folder is given."""
    full = hs.load("KPB-CZT")
    data = hs.measured("KPB-CZT")
    curve = hs.run(full, hs.RateTest(data.currents))
    bare = {}
    for efficiency in (0.55, 0.65, 0.70):
        cell = full.with_values({"Pre-potassiation": 0.0, "First-cycle loss": lost(efficiency)})
        bare[efficiency] = float(hs.run(cell, hs.RateTest([BARE])).capacities[0])
    energies = full.file.ragone[0]
    steps, intervals = gauss_newton(full, curve, energies)
    result = Result(hs.compare(curve, data), energies, bare, steps, intervals)
    if figures is not None:
        for name, figure, seen in (
            (
                "rate",
                hs.plots.rate(curve, data),
                "A full cell against Prussian blue follows its measured curve",
            ),
            (
                "ragone",
                hs.plots.ragone(curve, result.energies),
                "The more power, the less energy: the full cell per mass of KPB",
            ),
        ):
            figure.suptitle(seen, fontsize=9)
            figure.savefig(figures / f"kpb_czt_{name}.png", dpi=200)
    return result


def gauss_newton(
    full: hs.FullCell, base: RateCurve, energies: MeasuredRagone
) -> tuple[dict[str, float], dict[str, float]]:
    """Steps to the least squares and 68 % intervals of the three fitted values, as logarithms."""
    top, middle, low = full.values[SHARES]
    changes = {
        PRE_POTASSIATION: full.values[PRE_POTASSIATION] * np.exp(STEP),
        RESISTANCE: full.values[RESISTANCE] * np.exp(STEP),
        SHARES: (top, middle + low - low * np.exp(STEP), low * np.exp(STEP)),
    }
    target = np.log([*hs.measured("KPB-CZT").capacities, *energies.energies])
    columns = []
    for name, value in changes.items():
        changed = hs.run(full.with_values({name: value}), hs.RateTest(energies.currents))
        columns.append((_logarithms(changed) - _logarithms(base)) / STEP)
    jacobian = np.array(columns).T / NOISE
    covariance = np.linalg.inv(jacobian.T @ jacobian)
    step = covariance @ jacobian.T @ ((target - _logarithms(base)) / NOISE)
    widths = np.sqrt(np.diag(covariance))
    return dict(zip(changes, step, strict=True)), dict(zip(changes, widths, strict=True))


def _logarithms(curve: RateCurve) -> NDArray[np.float64]:
    return np.log([*curve.capacities, *curve.energies])


def lost(efficiency: float) -> float:
    """First-cycle loss per site of CZT, (1/efficiency - 1) of what it stores at 0.1 A/g."""
    half = hs.load("CZT")
    stored = hs.measured("CZT").capacities[0] / half.values["Specific capacity [mA.h.g-1]"]
    return (1 / efficiency - 1) * stored


def plateaus(trace: Trace) -> list[float]:
    """Voltages at which the most charge is delivered: the two highest peaks of dq/dV, 0.5 V apart [V]."""
    edges = np.arange(0.7, 3.5, 0.1)
    grid = np.linspace(0, trace.capacity[-1], 2000)
    share, _ = np.histogram(np.interp(grid, trace.capacity, trace.voltage), edges)
    middle = (edges[1:] + edges[:-1]) / 2
    first = int(np.argmax(share))
    apart = np.abs(middle - middle[first]) >= 0.5
    second = int(np.argmax(np.where(apart, share, -1)))
    return sorted((float(middle[first]), float(middle[second])), reverse=True)


def check(result: Result) -> None:
    """What the file of the cell promises."""
    assert result.comparison.mean_abs_error_percent <= 5
    assert np.all(np.abs(result.energy_errors) <= 8)
    for point in result.comparison.curve.points:
        assert point.outcome.good
        assert point.charge_balance <= 1e-6
    assert max(result.bare.values()) < 20
    # the file holds the optimum: a fit would move no value by more than its interval
    for name, width in result.intervals.items():
        assert abs(result.steps[name]) < width
    lowest = result.comparison.curve.points[0].insertion
    assert lowest is not None
    # printed: 2.7 and 1.8 V
    assert np.allclose(plateaus(lowest), [2.7, 1.8], atol=0.15)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    beside = made.comparison
    print(
        f"capacity: mean error {beside.mean_abs_error_percent:.1f} %, {np.round(beside.errors, 1)}"
    )
    print(f"energy: {made.energy_errors.round(1)} %")
    for efficiency, capacity in made.bare.items():
        print(f"without pre-potassiation, first cycle {efficiency:.0%}: {capacity:.1f} mAh/g")
    for name, width in made.intervals.items():
        factor = np.exp(made.steps[name])
        print(f"{name}: step x{factor:.3f}, interval x{np.exp(width):.3f}")
    check(made)
