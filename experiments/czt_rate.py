"""What limits the rate capability of CoTe2/ZnTe on MXene?

Pan et al. (2023, doi:10.1007/s40820-023-01202-6) measured CoTe2/ZnTe/Ti3C2Tx (CZT) against potassium from
0.1 to 10 A/g, and the two electrodes with one telluride only (CT and ZT). They ascribe the difference
to the built-in field between the tellurides.

Here all three are simulated from their parameter files. The grains are dispersed, so no field has a direction
over a particle; what the junctions give is a network of paths on which carriers gather (an assumed 65 mV) and hop
`Interface mobility ratio` times as fast as in the grains. The hosts CoTe2 and ZnTe are shared by the three
electrodes; to CZT alone were fitted that ratio, the series resistance, the fast share and what its junctions take
off the hysteresis. Layers conduct some forty times as well as grains, far below exp(0.25 eV / k_B T) = 17 000
that the computed barriers allow. What is printed of the controls at 0.2 A/g was measured after 500 cycles
(crosses) and is no rate point.

A second run asks what a radial field could do instead: the same particle as a CoTe2 core in a ZnTe
shell, without a network, at the interface potential of 63 mV that was measured in FeSe/Fe3Se4, and with that field
reversed. Drawing ions into the core costs capacity at every current; keeping them out of it gains some at high
current, in both directions. That is no faster transport: at high current only the surface works, and the sign
decides whether the charge between the cut-offs sits there or in the core. Where diffusion alone limits and the
whole window is used, the same field is a diode (experiments/field_as_a_diode.py).

Seven numbers do not prove a mechanism: the curve of CZT alone is described as well by a larger
diffusivity without any junction (experiments/sum_of_the_parts.py).
"""

from dataclasses import dataclass, replace
from pathlib import Path

import hetsim as hs
from hetsim.results import RateCurve
from hetsim.results.comparison import Comparison

SYSTEMS = ("CZT", "CT", "ZT")
FIELDS = {"+63 mV": 0.063, "no field": 0.0, "-63 mV": -0.063}
FIELD_CURRENTS = hs.measured("CZT").currents
"""At which the core-shell variant is run [A.g-1]."""


@dataclass(frozen=True)
class Result:
    """Each system beside its measured curve, and the core-shell variant by the name of its field."""

    comparisons: dict[str, Comparison]
    core_shell: dict[str, RateCurve]


def main(figures: Path | None = None) -> Result:
    """Run all three systems and the variant; write two figures if a folder is given."""
    currents = hs.measured("CZT").currents
    comparisons = {}
    for name in SYSTEMS:
        data = hs.measured(name)
        test = hs.RateTest(sorted({*currents, *data.currents}))
        comparisons[name] = hs.compare(hs.run(hs.load(name), test), data)
    variant = hs.load("CZT", variant="core-shell")
    core_shell = {}
    for name, volts in FIELDS.items():
        curve = hs.run(
            variant.with_values({"Built-in potential [V]": volts}), hs.RateTest(FIELD_CURRENTS)
        )
        core_shell[name] = replace(curve, system=f"core-shell, {name}")
    result = Result(comparisons, core_shell)
    if figures is not None:
        _draw(result, figures)
    return result


def _draw(result: Result, folder: Path) -> None:
    pairs = [(one.curve, one.measured) for one in result.comparisons.values()]
    core_shell = [(curve, None) for curve in result.core_shell.values()]
    for name, shown, seen in (
        ("czt_rate", pairs, "CZT holds more than CoTe2 (CT) or ZnTe (ZT), at every current"),
        (
            "czt_core_shell",
            [pairs[0], *core_shell],
            "A field of 63 mV that draws ions into the core costs capacity; its reverse gains some",
        ),
    ):
        figure = hs.plots.rates(shown)
        figure.suptitle(seen, fontsize=9)
        figure.savefig(folder / f"{name}.png", dpi=200)


def check(result: Result) -> None:
    """What the parameter files promise of the measured curves."""
    czt, ct, zt = (result.comparisons[name] for name in SYSTEMS)
    assert czt.mean_abs_error_percent <= 4
    assert czt.max_abs_error_percent <= 8
    assert ct.max_abs_error_percent <= 10
    assert zt.max_abs_error_percent <= 10
    # printed polarisation at 0.1 A/g: 0.99, 1.13 and 1.83 V
    at_lowest = [one.curve.points[0].polarisation for one in (czt, ct, zt)]
    assert at_lowest == sorted(at_lowest)
    drawn_in, none, kept_out = (result.core_shell[name].capacities for name in FIELDS)
    assert all(drawn_in < none)
    assert kept_out[-1] > none[-1]
    runs = [one.curve for one in (czt, ct, zt)] + list(result.core_shell.values())
    for curve in runs:
        assert all(point.outcome.good and point.charge_balance <= 1e-6 for point in curve.points)


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    for name, one in made.comparisons.items():
        mean, largest = one.mean_abs_error_percent, one.max_abs_error_percent
        print(f"{name}: mean error {mean:.1f} %, largest {largest:.1f} %")
    for name, curve in made.core_shell.items():
        print(f"core-shell, {name}: {curve.capacities.round(0)} mAh/g")
