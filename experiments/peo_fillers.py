"""Which polymers with 2D fillers can a space-charge layer explain?

Sheets of a few nanometres raise the conductivity of poly(ethylene oxide) with a lithium salt by one or
two orders of magnitude, and the gain is often put down to a space-charge layer on the sheets. Maier's
heterogeneous doping makes that a question with an answer: the measured conductivity, the filler
fraction and the layer width say how conductive the layer must be (`mixing.layer_conductivity_needed`),
and that ratio says which potential would do it (`space_charge.potential_for_ratio`). Interface
potentials that were measured lie between 17 and 63 mV; 100 mV is generous.

Everything not printed is chosen in favour of the space charge: sheets of 1 nm, layers of 3 nm (two
Debye lengths; in a salt of 1 mol/L lambda is nearer to 0.3 nm), all of them connected. The conductivity
of the polymer decides most: plain PEO is printed as 1e-8 to 1e-6 S/cm at 25 degC. Against it *no* row
can be explained: they need 0.18 V and more. But fillers also keep PEO from crystallising, and amorphous
PEO conducts some 1e-5 S/cm. Against that polymer, three rows need no more than 100 mV (a fourth misses
it by 3 mV): what is left for the space charge to explain is a factor of two or three. Rows above 30
degC cannot be judged: the conductivity of the plain polymer at that temperature is not in the data.

The table names what is printed (filler share, conductivity) and what is assumed, row by row.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from hetsim.laws.mixing import PLATES, layer_conductivity_needed
from hetsim.laws.space_charge import potential_for_ratio
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.plots.style import COLOURS, COLUMN, STYLE

FACTS = PARAMETER_SETS / "electrolytes_composite.csv"
PLAUSIBLE = 0.1
"""Largest potential that counts as plausible [V]."""

SHEET, LAYER = 1e-9, 3e-9
"""Thickness of a sheet, width of the layer on each of its faces [m]: in favour of the space charge."""

POLYMER_DENSITY = 1.2
"""PEO or PAN with salt [g.cm-3]."""

FILLER_DENSITIES = {
    "MXene": 3.7, "graphene oxide": 2.0, "graphene": 2.2, "vermiculite": 2.5, "MOF": 1.5, "C3N4": 2.3,
    "lepidolite": 2.8,
}  # fmt: skip
"""[g.cm-3], of the bulk minerals; MXene as in the file of Ti3C2Tx."""

ASSUMED_WEIGHT_PERCENT = 10.0
"""Where no filler share is printed: the largest printed one."""

PLAIN, AMORPHOUS = 1e-6, 1e-5
"""PEO at 25 degC, upper end of the printed range; amorphous, assumed [S.cm-1]."""

WARMEST = 30.0
"""Up to here the conductivity of plain PEO at 25 degC serves [degC]."""


@dataclass(frozen=True)
class Row:
    """One composite; potentials that its layers would need [V], None where it cannot be judged.

    weight_percent : of filler; `assumed` where it is not printed
    own_polymer : the conductivity of its own polymer is printed [S.cm-1]
    """

    name: str
    conductivity: float
    temperature: float
    weight_percent: float
    assumed: bool
    own_polymer: float | None
    potential: float | None
    potential_amorphous: float | None
    verdict: str


@dataclass(frozen=True)
class Result:
    """All rows of the file."""

    rows: tuple[Row, ...]

    def explained(self) -> list[str]:
        """Names of rows that a plausible potential explains against the printed polymer."""
        return [
            one.name
            for one in self.rows
            if one.potential is not None and one.potential <= PLAUSIBLE
        ]

    def explained_if_amorphous(self) -> list[str]:
        """The same if the filler had made the polymer amorphous."""
        return [
            one.name
            for one in self.rows
            if one.potential_amorphous is not None and one.potential_amorphous <= PLAUSIBLE
        ]


def main(figures: Path | None = None) -> Result:
    """Judge every composite of the file."""
    with FACTS.open(encoding="utf-8") as file:
        facts = list(csv.DictReader(file))
    result = Result(tuple(_judge(one, facts) for one in facts if one["additive"]))
    if figures is not None:
        _draw(result).savefig(figures / "peo_fillers.png", dpi=200)
    return result


def _judge(fact: dict[str, str], facts: list[dict[str, str]]) -> Row:
    sigma, temperature = float(fact["conductivity_S_per_cm"]), float(fact["temperature_C"])
    printed = fact["additive_wt_percent"]
    weight = float(printed) if printed else ASSUMED_WEIGHT_PERCENT
    own = _own_polymer(fact, facts)
    plain = amorphous = None
    if fact["confidence"] == "low":
        verdict = "left out: exponent of the printed value is doubtful"
    elif own is None and temperature > WARMEST:
        verdict = "cannot be judged: no conductivity of plain PEO at this temperature"
    else:
        plain = _needed(fact, sigma, weight, own or PLAIN, temperature)
        amorphous = None if own else _needed(fact, sigma, weight, AMORPHOUS, temperature)
        verdict = _verdict(plain, amorphous)
    return Row(
        f"{fact['additive']} in {fact['material']}",
        sigma,
        temperature,
        weight,
        not printed,
        own,
        plain,
        amorphous,
        verdict,
    )


def _own_polymer(fact: dict[str, str], facts: list[dict[str, str]]) -> float | None:
    """The same polymer with its salt and without filler, at the same temperature [S.cm-1]."""
    for one in facts:
        same = (one["material"], one["temperature_C"]) == (fact["material"], fact["temperature_C"])
        if same and not one["additive"] and one["material"] != "PEO":
            return float(one["conductivity_S_per_cm"])
    return None


def _needed(
    fact: dict[str, str], sigma: float, weight: float, polymer: float, temperature: float
) -> float:
    """Potential [V] of layers that make up for what the polymer lacks."""
    share = _volume_fraction(fact["additive"], weight)
    layer = layer_conductivity_needed(sigma, share, polymer, SHEET, LAYER, PLATES, share_along=1.0)
    if layer <= polymer:
        return 0.0
    return float(potential_for_ratio(layer / polymer, 273.15 + temperature))


def _volume_fraction(additive: str, weight: float) -> float:
    density = next(density for name, density in FILLER_DENSITIES.items() if name in additive)
    filler, polymer = weight / density, (100 - weight) / POLYMER_DENSITY
    return filler / (filler + polymer)


def _verdict(plain: float, amorphous: float | None) -> str:
    if plain <= PLAUSIBLE:
        return "yes"
    if amorphous is not None and amorphous <= PLAUSIBLE:
        return "only if the filler made the polymer amorphous"
    return "no"


def _draw(result: Result) -> Figure:
    judged = [one for one in result.rows if one.potential is not None]
    judged.sort(key=lambda one: one.potential or 0.0)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2 * COLUMN, 2.9), layout="constrained")
        axes = figure.subplots()
        axes.axvspan(30, 1e3 * PLAUSIBLE, color=COLOURS[5], alpha=0.3, lw=0)
        axes.text(65, len(judged) - 0.35, "plausible", ha="center", fontsize=7)
        for height, one in enumerate(judged):
            own = one.own_polymer is not None
            axes.plot(1e3 * (one.potential or 0), height, "s" if own else "o", color=COLOURS[0])
            if one.potential_amorphous is not None:
                axes.plot(1e3 * one.potential_amorphous, height, "^", color=COLOURS[1])
                axes.plot(
                    [1e3 * one.potential_amorphous, 1e3 * (one.potential or 0)],
                    [height, height],
                    color="0.7",
                    lw=0.8,
                    zorder=0,
                )
        names = [
            f"{one.name}, {one.weight_percent:g} wt%{' (assumed)' if one.assumed else ''}"
            for one in judged
        ]
        axes.set_yticks(range(len(judged)), names, fontsize=6.5)
        axes.set_ylim(-0.6, len(judged) + 0.1)
        axes.set_xlim(0, 400)
        axes.set_xlabel("Potential that the layers would need [mV]")
        for marker, colour, label in (
            ("o", COLOURS[0], "PEO as printed, 1e-6 S/cm"),
            ("^", COLOURS[1], "amorphous PEO, 1e-5 S/cm"),
            ("s", COLOURS[0], "its own polymer, printed"),
        ):
            axes.plot([], [], marker, color=colour, label=label)
        figure.legend(
            *axes.get_legend_handles_labels(), frameon=False, ncols=3, loc="outside upper right"
        )
    return figure


def check(result: Result) -> None:
    """No row against the printed polymer; some against an amorphous one; the warm ones open."""
    judged = [one for one in result.rows if one.potential is not None]
    assert len(judged) >= 8
    assert result.explained() == []
    assert min(one.potential for one in judged) > 1.5 * PLAUSIBLE
    explained = result.explained_if_amorphous()
    assert 0 < len(explained) < len(judged)
    # the polymer's conductivity is the largest unknown: tenfold of it always lowers the potential
    assert all(
        one.potential_amorphous < one.potential
        for one in judged
        if one.potential_amorphous is not None
    )
    # the only composite whose own polymer is printed gains 18-fold: not by a layer of 100 mV
    pan = next(one for one in judged if one.own_polymer is not None)
    assert np.isclose(pan.conductivity / pan.own_polymer, 18.2, rtol=0.01)
    assert pan.verdict == "no"
    assert any(one.verdict.startswith("cannot be judged") for one in result.rows)


if __name__ == "__main__":
    from hetsim.commands.text_table import text_table

    made = main(Path("docs/figures"))
    check(made)
    header = ["composite", "S/cm", "degC", "wt%", "needs [mV]", "if amorphous [mV]", "explained?"]

    def millivolts(potential: float | None) -> str:
        return "-" if potential is None else f"{1e3 * potential:.0f}"

    table = [
        [
            one.name,
            f"{one.conductivity:.3g}",
            f"{one.temperature:g}",
            f"{one.weight_percent:g}" + (" assumed" if one.assumed else ""),
            millivolts(one.potential),
            millivolts(one.potential_amorphous),
            one.verdict,
        ]
        for one in made.rows
    ]
    print(text_table(header, table))
