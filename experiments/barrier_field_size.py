"""Barrier, field or size: which can give what CZT gains over CT and ZT?

At 10 A/g CoTe2/ZnTe (CZT) keeps 134.3 mAh/g, CoTe2 alone (CT) 38.6 % and ZnTe alone (ZT) 22.6 % of
that. If diffusion is behind it, by how much must D have grown? Capacity at constant current goes as D
while only the surface works (Sand), more slowly once a spread of particle sizes fills: the closed form
of the rate curve puts the gain at 3 to 5 over CT and 5 to 9 over ZT.

Three explanations stand in the papers.

*Barrier.* The calculated barriers (CoTe2 0.41, ZnTe 0.27, junction 0.16 eV) allow hops at the junction
to be 17 000 and 72 times faster. Taken as the bulk value they explain anything and no measured rate
shows it. Through the volume of the junctions (grains of 34 nm, layers of 0.3 to 3 nm) they still give
more than CZT over CT needs: 1.3e-4 of the volume would do. Over ZT they are just enough, if the layers
are wide. (The same barriers would make ZnTe faster than CoTe2; the rate curves say the reverse.)

*Field.* Dispersed junctions point everywhere, so there is no drift. Across layers a potential only
slows; along them it leaves D as it was. Even if the conductivity of layers of 3 nm and 100 mV counted
in full (it does not: they store as much more), the gain would be 1.7. The field as such cannot.

*Size.* D / R^2 is all that a rate curve sees: particles smaller by 1.8 to 3 do the same. The grains of
CZT are printed (34 nm), those of CT and ZT are not. Size cannot be excluded.

So: barrier or size, not the field. One measurement would tell them apart: the grain size of the
controls.
"""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from scipy.optimize import brentq

from hetsim.junctions.pair import TEMPERATURE, Pair
from hetsim.junctions.report import POTENTIAL_RANGE, junction, pair_of_system
from hetsim.laws import hopping, limits, mixing, space_charge
from hetsim.laws.diffusion_spread import (
    capacity_closed_form,
    log_normal_classes,
    sphere_modes,
    surface_response,
)
from hetsim.parameters.junction_file import BARRIER_A, BARRIER_B, INTERFACE_BARRIER
from hetsim.parameters.system_file import read_system
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

CURRENT = 10.0
"""[A.g-1], the highest one measured."""

SPREADS = (0.0, 1.0, 2.0)
"""Standard deviations of ln(diffusion time): one size of particle, up to what measured curves show."""

WIDTHS = (0.3e-9, 3e-9)
"""Plausible widths of the interface layer [m]: the range in the file of CZT."""

DILUTE = 1e-4
"""Occupancy at which a step slows ions most [-]."""

Range = tuple[float, float]


@dataclass(frozen=True)
class Result:
    """Gains of D [-]: what the curves demand, and what each explanation can give, as (least, most).

    demand : by control
    barrier_as_bulk : by control, one number
    barrier : by control, through the volume of the junctions
    least_fraction : by control, volume of layers that the bound would need
    field_along, field_across : of a potential alone; field_if_conductivity : were it to count in full
    size : by control, how many times smaller the particles would have to be
    """

    demand: dict[str, Range]
    barrier_as_bulk: dict[str, float]
    barrier: dict[str, Range]
    least_fraction: dict[str, float]
    field_along: float
    field_across: Range
    field_if_conductivity: Range
    size: dict[str, Range]


def main(figures: Path | None = None) -> Result:
    """Demands from the measured capacities, offers from the laws."""
    pair = pair_of_system("CZT")
    demand = {name: _demand(name) for name in ("CT", "ZT")}
    bounds = {
        name: float(
            hopping.barrier_ratio_bound(_barrier(pair, own), _barrier(pair, ""), TEMPERATURE)
        )
        for name, own in (("CT", "A"), ("ZT", "B"))
    }
    fractions = [_fraction(pair, width) for width in WIDTHS]
    low, high = (
        float(space_charge.conductivity_ratio(one, TEMPERATURE, charge=pair.charge))
        for one in POTENTIAL_RANGE
    )
    phi = np.repeat([0.0, 1.0], 500) / (hopping.BOLTZMANN_EV * TEMPERATURE)
    result = Result(
        demand=demand,
        barrier_as_bulk=bounds,
        barrier={
            name: (
                float(mixing.interface_network(1.0, bound, fractions[0])),
                float(mixing.interface_channel(1.0, bound, fractions[1])),
            )
            for name, bound in bounds.items()
        },
        least_fraction={
            name: limits.interface_fraction_for_gain(demand[name][0], bound)
            for name, bound in bounds.items()
        },
        field_along=limits.along_layers(1.0, POTENTIAL_RANGE[1] * phi, DILUTE).diffusivity,
        field_across=(
            limits.across_layers(1.0, POTENTIAL_RANGE[1] * phi, DILUTE).diffusivity,
            limits.across_layers(1.0, POTENTIAL_RANGE[0] * phi, DILUTE).diffusivity,
        ),
        field_if_conductivity=(
            limits.parallel_gain(low, fractions[0]),
            limits.parallel_gain(high, fractions[1]),
        ),
        size={
            name: (float(np.sqrt(one[0])), float(np.sqrt(one[1]))) for name, one in demand.items()
        },
    )
    if figures is not None:
        _draw(result).savefig(figures / "barrier_field_size.png", dpi=200)
    return result


def _demand(control: str) -> Range:
    """Gain of D that takes the control's capacity to that of CZT, for each spread."""
    full = max(read_system("CZT").measured[0].capacities)
    least, most = _capacity(control), _capacity("CZT")
    gains = []
    for spread in SPREADS:
        times, weights = log_normal_classes(9 if spread else 1, spread)
        response = surface_response(times, weights, modes=sphere_modes(400))

        def log_time(capacity: float, response: object = response) -> float:
            return brentq(
                lambda one: (
                    capacity_closed_form(CURRENT, full, np.exp(one), 1.0, response) - capacity
                ),  # type: ignore[arg-type]
                -12,
                12,
            )

        gains.append(float(np.exp(log_time(least) - log_time(most))))
    return min(gains), max(gains)


def _capacity(system: str) -> float:
    curve = read_system(system).measured[0]
    return dict(zip(curve.currents, curve.capacities, strict=True))[CURRENT]


def _barrier(pair: Pair, letter: str) -> float:
    return pair.barrier({"A": BARRIER_A, "B": BARRIER_B, "": INTERFACE_BARRIER}[letter])


def _fraction(pair: Pair, width: float) -> float:
    share = pair.number("Component A volume fraction")
    layers = mixing.interface_fraction(pair.number("Grain size [m]"), width)
    return float(mixing.unlike_boundary_fraction(share) * layers)


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.7), layout="constrained")
        axes = figure.subplots()
        for name, colour in (("CT", COLOURS[5]), ("ZT", COLOURS[4])):
            axes.axvspan(*result.demand[name], color=colour, alpha=0.45, lw=0)
            edge, side = (1, "right") if name == "CT" else (0, "left")
            axes.text(result.demand[name][edge], 5.75, f"over {name}", ha=side, fontsize=7)
        bars = [
            (
                "size: particles 10 times smaller",
                (1.0, 100.0),
                COLOURS[2],
                "not measured for CT, ZT",
            ),
            ("barrier, in the junctions, over ZT", result.barrier["ZT"], COLOURS[1], ""),
            ("barrier, in the junctions, over CT", result.barrier["CT"], COLOURS[1], ""),
            (
                "field, if conductivity counted in full",
                result.field_if_conductivity,
                COLOURS[0],
                "",
            ),
            ("field, along layers", (result.field_along, result.field_along), COLOURS[0], ""),
            ("field, across layers", result.field_across, COLOURS[0], ""),
        ]
        for height, (_, (low, high), colour, note) in enumerate(bars):
            axes.plot([low, high], [height, height], color=colour, lw=5, solid_capstyle="butt")
            axes.plot([low, high], [height, height], "|", color=colour, markersize=9)
            axes.text(high * 1.2, height, note, fontsize=6.5, va="center")
        axes.set_yticks(range(len(bars)), [bar[0] for bar in bars])
        axes.axvline(1, color="0.5", lw=0.6, ls=":")
        axes.set_xscale("log")
        axes.set_xlim(0.05, 4e3)
        axes.set_ylim(-0.7, 5.6)
        axes.set_xlabel("Gain in diffusivity [-] (shaded: what the rate curves demand)")
    describe(
        figure,
        "Barriers or small particles can give the diffusivity that CZT gains, a field cannot",
    )
    return figure


def check(result: Result) -> None:
    """Barrier and size can, the field cannot."""
    demanded = {name: one[0] for name, one in result.demand.items()}
    assert 2.59 < demanded["CT"] < 4 < 4.42 < demanded["ZT"]  # Sand: at least the gain of capacity
    assert result.barrier["CT"][0] > result.demand["CT"][1]
    assert result.barrier["ZT"][1] > result.demand["ZT"][0] > result.barrier["ZT"][0]
    assert 5e-5 < result.least_fraction["CT"] < 2e-4
    assert np.isclose(result.field_along, 1, rtol=1e-12)
    assert result.field_across[1] < 1
    assert result.field_if_conductivity[1] < min(demanded.values())
    assert 1.5 < result.size["CT"][0] < result.size["ZT"][1] < 3.5
    assert junction("CoTe2", "ZnTe").cation_pulled_towards == "CoTe2"


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    check(made)
    for field, value in vars(made).items():
        print(f"{field}: {value}")
