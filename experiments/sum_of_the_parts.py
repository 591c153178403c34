"""What would the sum of the parts give?

CoTe2/ZnTe on MXene (CZT) holds more than CoTe2 (CT) and ZnTe (ZT) alone, and the more so the higher the current:
134.3 against 51.9 and 30.3 mAh/g at 10 A/g (Pan et al. 2023, doi:10.1007/s40820-023-01202-6, Fig. 4e). How much
of that is capacity, which two powders stirred together would have as well, and how much is the junction?

The hosts of CZT are those of CT and ZT. The mixture of both, at the mass share of CZT and without a junction, is
what the sum of the parts would give; the heterostructure without its channel says what its junctions conduct. The
capacity of a fresh CT or ZT at low current was never printed, only what is left after 500 cycles; what the mixture
says of it is a prediction, and it is printed beside the measured one, whatever it is.

Two things set CZT apart from the mixture of its hosts that no junction layer explains: a larger share that is
filled at once, and less hysteresis. Both were fitted to CZT. The mixture that is shown has the fast share of CT
and ZT and their own hysteresis."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

import hetsim as hs
from hetsim.plots.axes import draw_measured, log_axis
from hetsim.plots.style import COLOURS, COLUMN, STYLE
from hetsim.results import RateCurve

FAST, RATIO = "Fast fraction", "Site hysteresis ratio"


@dataclass(frozen=True)
class Result:
    """Rate curves of CZT, of what it lacks step by step, and of its hosts as they were measured."""

    whole: RateCurve
    without_channel: RateCurve
    mixture: RateCurve
    hosts: dict[str, RateCurve]


def main(figures: Path | None = None) -> Result:
    """Run CZT, CZT without its channel, the mixture of CT and ZT, and both of them."""
    czt, ct = hs.load("CZT"), hs.load("CT")
    made = {one.system.variant: one for one in czt.controls()}
    own = {name: ct.values.number(name) for name in (FAST, RATIO)}
    protocol = hs.RateTest(hs.measured("CZT").currents)
    result = Result(
        hs.run(czt, protocol),
        hs.run(made["without channel"], protocol),
        hs.run(made["mixture"].with_values(own), protocol),
        {name: hs.run(hs.load(name), protocol) for name in ("CT", "ZT")},
    )
    if figures is not None:
        _draw(result).savefig(figures / "sum_of_the_parts.png", dpi=200)
    return result


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(1.5 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        lines = [
            (result.whole, "CZT", "-", 0),
            (result.without_channel, "CZT without channel", ":", 0),
            (result.mixture, "mixture of CT and ZT", "--", 6),
            (result.hosts["CT"], "CT (CoTe2)", "-", 1),
            (result.hosts["ZT"], "ZT (ZnTe)", "-", 2),
        ]
        for curve, label, style, index in lines:
            axes.plot(curve.currents, curve.capacities, style, color=COLOURS[index], label=label)
        for index, name in enumerate(("CZT", "CT", "ZT")):
            data = hs.measured(name)
            draw_measured(axes, data.currents, data.capacities, f"{name}, measured", index)
        log_axis(axes, "x", one_two_five=True)
        axes.set_xlabel("Specific current [A/g]")
        axes.set_ylabel("Specific capacity [mAh/g]")
        axes.set_ylim(bottom=0)
        axes.set_title("Most of CZT's gain over its hosts is rate, not capacity")
        figure.legend(loc="outside right center", frameon=False)
    return figure


def check(result: Result) -> None:
    """The mixture lies between its hosts; at high current CZT is several times the sum of its parts."""
    whole, mixture = result.whole.capacities, result.mixture.capacities
    low, high = (
        np.array([one.capacities[end] for one in result.hosts.values()]) for end in (0, -1)
    )
    assert low.min() * 0.9 <= mixture[0] <= low.max() * 1.1
    assert whole[-1] > 2 * mixture[-1]
    assert whole[-1] / mixture[-1] > 1.5 * whole[0] / mixture[0]
    assert np.all(result.without_channel.capacities <= whole + 1e-6)
    measured = hs.measured("CZT").capacities
    assert abs(whole[0] / measured[0] - 1) < 0.03
    assert high.max() < 0.5 * whole[-1]


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    measured = hs.measured("CZT").capacities
    for end, current in ((0, "0.1"), (-1, "10")):
        print(
            f"at {current} A/g: mixture of CT and ZT {made.mixture.capacities[end]:.0f} mAh/g, CZT "
            f"{made.whole.capacities[end]:.0f}, without its channel "
            f"{made.without_channel.capacities[end]:.0f}, measured {measured[end]:.0f}"
        )
    check(made)
