"""What distinguishes heterostructures from their controls, and how many of the gains could a field make?

Papers set a heterostructure beside a control and give the built-in field of the junction as the reason for the gain.
Here are all linked pairs whose numbers are printed: 23 controls of 13 papers, of which 10 have a rate curve of their
own. The heterostructures hold 1.2 to 165 times as much as their controls at the highest common current.

*What was taken away.* In 8 of 23 controls it is the carbon, in one carbon and size, in one carbon and a compound, in
three the architecture, and of four it was not read. Six (four papers) test a junction: the second compound is taken
out and the carbon stays, or the same parts are mixed. So most linked controls do not test what they are cited for.

*What differs.* Fits of the neutral template to the ten pairs with curves: heterostructures have a larger share that is
filled at once (2.3 times, 95 % interval over papers and fits 1.1 to 5.5), a lower resistance (0.25 times, 0.06 to 0.74)
and more capacity (1.4 times, 1.1 to 1.9; 1.1 times without the two controls whose curves break down). Their diffusion
times are *not* shorter (1.8 times as long, 0.4 to 6.4). What is filled at once is no longer part of the diffusing rest,
so the two trade: a fit of a rate curve does not say where fast and slow part.

*What a field could do.* Ions that a potential gathers in the layers of the junction conduct along them. With 100 mV in
layers of 1 nm a particle of 20 nm grains conducts 1.6 times as well, one of 5 nm grains 3.4 times; measured potentials
are 17 to 63 mV, and a static field in a particle gives in one direction what it takes in the other. The question of
each pair is then by how much transport in the heterostructure would have to be slower for it to hold as little as the
control. If only *diffusion* is slower, no factor is enough for all but the two of Nb2O5: what is filled at once and
what the resistance leaves are not the work of diffusion. If *all* that limits is slower by one factor (which is the
heterostructure at a current that many times as high), 2 to 112 times are needed. With the usual grains no gain is
explained. With 5 nm grains 11 % are (1 to 23 %), and of the six that test a junction two: Nb2O5 with NbSe2, and NVO
with graphene beside their mixture. Six pairs of four papers leave that share open (2 to 100 %).

*What cannot be told.* Pairs are published because they gain, controls are often made with less care, and thirteen
papers are few: nothing here is an estimate for all heterostructures. That the template is right is not in the
intervals, and where a pair has no common curve the heterostructure's own fit is read beyond its last current. Fast
share and diffusion time trade, so a junction may make the fast share by other ways than a field: more surface, smaller
grains, better wiring. What this says is narrower: *what distinguishes these electrodes from their controls is not
faster diffusion*, and where a junction was tested alone, a field of plausible size makes at most the smallest gains.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

import hetsim as hs
from benchmarks.measured_curves import measured_curves
from hetsim.fitting import FitResult
from hetsim.fitting.closed_form import closed_form_capacities
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE
from hetsim.laws.junction_channel import dilute_ratio
from hetsim.laws.mixing import interface_fraction, interface_network
from hetsim.laws.space_charge import enrichment_exponent
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.values import MeasuredRate
from hetsim.plots.axes import describe
from hetsim.plots.style import COLOURS, COLUMN, STYLE

Array = NDArray[np.float64]

FILE = PARAMETER_SETS / "library" / "pairs.csv"
CURVES: tuple[str, ...] = ()
"""Heterostructures that are looked at, by their curves; all where it is empty."""
SAMPLED, DRAWS = 1000, 60
"""Of the posterior of each fit: drawn, and used."""
RESAMPLED = 4000
"""Times that papers are drawn with replacement."""

POTENTIAL, KELVIN = 0.1, 298.15
"""Of the junction layers: generous, measured ones are 17 to 63 mV [V], [K]."""
LAYER, DEBYE = 1e-9, 0.5e-9
GRAINS_NM = {"usual": 20e-9, "generous": 5e-9}
"""Grain sizes [m]: that of the neutral template, and the smallest that are reported."""
NOISE = 0.03
"""Of a ratio of two printed capacities: 2 % each."""
LARGEST = 1e6
"""Factors of a time or a current are looked for up to here."""
VALUES = ("capacity", "fast share", "resistance", "diffusion time")
BROKEN = ("SnS2-Co3S4", "NiSe2-Na")
"""Controls whose curves break down: no smooth model describes them."""
JUNCTION = ("compound", "contact")
"""Controls from which the second compound is taken, or the contact, and carbon stays."""


def field_factor(grain: float) -> float:
    """What a space-charge layer at the junctions does to the diffusivity of a particle, at most [-]."""
    ratio = dilute_ratio(enrichment_exponent(POTENTIAL, KELVIN), DEBYE, LAYER)
    return float(interface_network(1.0, ratio, interface_fraction(grain, LAYER)))


@dataclass(frozen=True)
class Pair:
    """A heterostructure and one of its controls, at the highest current of both.

    gain : capacity over that of the control [-]
    at_low : the same at the lowest common current, not a number where it was not printed
    slower : factor by which diffusion in the heterostructure would have to be slower for it to hold as little as the
        control, a draw each; infinite where no factor does
    faster : factor of the current at which it holds as little: all of its transport would have to be slower by as much
    rate_alone : the same for the control's capacity times `at_low`; empty where that is not known
    ratios : ln(heterostructure / control) of the fitted values, [draws, 4]; empty without a curve of the control
    """

    name: str
    control: str
    paper: str
    removed: str
    current: float
    gain: float
    at_low: float
    slower: Array = field(repr=False)
    faster: Array = field(repr=False)
    rate_alone: Array = field(repr=False)
    ratios: Array = field(repr=False)

    @property
    def tests_junction(self) -> bool:
        return self.removed in JUNCTION


Papers = Sequence[Sequence[Pair]]
Number = Callable[[Papers, np.random.Generator | None], float]
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Result:
    """All pairs."""

    pairs: tuple[Pair, ...]

    def over_papers(self, number: Number, pairs: Sequence[Pair] | None = None) -> Interval:
        """A number of the pairs with its 95 % interval, papers and draws of fits drawn with replacement."""
        chosen = list(self.pairs if pairs is None else pairs)
        papers = sorted({one.paper for one in chosen})
        by_paper = [[one for one in chosen if one.paper == paper] for paper in papers]
        rng = np.random.default_rng(0)
        found = []
        for places in rng.integers(0, len(papers), (RESAMPLED, len(papers))):
            found.append(number([by_paper[place] for place in places], rng))
        low, high = np.quantile(found, [0.025, 0.975])
        return number(by_paper, None), float(low), float(high)

    def with_curves(self) -> list[Pair]:
        return [one for one in self.pairs if len(one.ratios)]


def share_explained(of: str, size: str) -> Number:
    """Share of pairs whose gain a layer at the junctions of grains could make, papers weighing alike."""
    most = field_factor(GRAINS_NM[size])

    def share(papers: Papers, _: np.random.Generator | None) -> float:
        return _mean(papers, lambda one: float(np.mean(getattr(one, of) <= most)))

    return share


def mean_ratio(place: int) -> Number:
    """Factor between heterostructures and controls of a fitted value, papers weighing alike."""

    def ratio(papers: Papers, rng: np.random.Generator | None) -> float:
        def drawn(one: Pair) -> float:
            column = one.ratios[:, place]
            return float(np.median(column) if rng is None else rng.choice(column))

        return float(np.exp(_mean(papers, drawn)))

    return ratio


def _mean(papers: Papers, of: Callable[[Pair], float]) -> float:
    return float(np.mean([np.mean([of(one) for one in pairs]) for pairs in papers]))


# --- the data -------------------------------------------------------------------------------------


def main(figures: Path | None = None) -> Result:
    """Fit the electrodes of every pair and ask of each gain what could make it."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not CURVES or row["curve"] in CURVES]
    fits = {name: _fit(name) for row in rows for name in _curves(row)}
    draws = {name: _draws(one) for name, one in fits.items()}
    result = Result(tuple(_pair(row, fits, draws) for row in rows))
    if figures is not None:
        _draw(result).savefig(figures / "across_the_library.png", dpi=200)
    return result


def _curves(row: dict[str, str]) -> list[str]:
    return [name for name in (row["curve"], row["control_curve"]) if name]


def _fit(name: str) -> FitResult:
    """A neutral fit of four values."""
    if name == "CZT":
        data = hs.measured("CZT")
        fresh = MeasuredRate(data.currents, data.capacities, data.source)
        cell = hs.template("K", (0.01, 3.0), 1.2, rate=fresh, name=name)
    else:
        curve = next(one for one in measured_curves() if one.name == name)
        cell, fresh = curve.cell(), curve.measured
    grains = hs.FreeValue(GRAINS[0], tied=GRAINS[1:])
    return hs.fit(cell, fresh, [CAPACITY, FAST, RESISTANCE, grains], model="SPM")


def _draws(found: FitResult) -> Array:
    """Draws of the posterior: logarithms of the four values."""
    return found.posterior(SAMPLED).resampled(DRAWS, seed=1)


def _pair(row: dict[str, str], fits: dict[str, FitResult], draws: dict[str, Array]) -> Pair:
    found, x = fits[row["curve"]], draws[row["curve"]]
    own = _points(found)
    ratios, at_low = np.empty((0, 4)), float("nan")
    if row["control_curve"]:
        control = _points(fits[row["control_curve"]])
        common = sorted(set(own) & set(control))
        current, gain = common[-1], own[common[-1]] / control[common[-1]]
        at_low = own[common[0]] / control[common[0]]
        ratios = x - draws[row["control_curve"]]
        ratios[:, 3] = -ratios[:, 3]  # of a diffusivity: that of the time has the other sign
    else:
        current = float(row["current_A_per_g"])
        gain = float(row["capacity_mAh_per_g"]) / float(row["control_mAh_per_g"])
    return Pair(
        row["heterostructure"],
        row["control"],
        row["doi"],
        row["removed"],
        current,
        gain,
        at_low,
        _factors(found, x, current, gain, _slowed),
        _factors(found, x, current, gain, _driven),
        _factors(found, x, current, gain / at_low, _driven) if at_low == at_low else np.empty(0),
        ratios,
    )


def _points(found: FitResult) -> dict[float, float]:
    measured = found.comparisons[0].measured
    return dict(zip(measured.currents, measured.capacities, strict=True))


def _slowed(cell: hs.HalfCell, current: float, factor: float) -> float:
    slowed = {name: cell.values.number(name) / factor for name in GRAINS}
    return float(closed_form_capacities(cell.with_values(slowed), [current])[0])


def _driven(cell: hs.HalfCell, current: float, factor: float) -> float:
    return float(closed_form_capacities(cell, [current * factor])[0])


def _factors(
    found: FitResult,
    x: Array,
    current: float,
    gain: float,
    capacity: Callable[[hs.HalfCell, float, float], float],
) -> Array:
    """For each draw, the factor at which the capacity is less by the gain; 1 for no gain, infinite for no factor."""
    rng = np.random.default_rng(2)
    factors = []
    for one in x:
        cell = found.cell.with_values(found.problem.changes(one, found.problem.cells[0]))
        goal = capacity(cell, current, 1.0) / (gain * np.exp(NOISE * rng.normal()))
        factors.append(_factor(lambda by, cell=cell: capacity(cell, current, by), goal))
    return np.array(factors)


def _factor(falling: Callable[[float], float], goal: float) -> float:
    if falling(1.0) <= goal:
        return 1.0
    if falling(LARGEST) > goal:
        return float("inf")
    low, high = 0.0, float(np.log(LARGEST))
    for _ in range(14):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(np.exp(middle)) > goal else (low, middle)
    return float(np.exp(high))


def _draw(result: Result) -> Figure:
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(2.4 * COLUMN, 4.2), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
        _draw_factors(left, result)
        _draw_ratios(right, result)
        describe(
            figure,
            f"{len(result.pairs)} controls and their heterostructures: what a field would have to do, and what differs",
        )
    return figure


def _draw_factors(axes: Any, result: Result) -> None:
    usual, generous = (field_factor(grain) for grain in GRAINS_NM.values())
    axes.axvspan(1, usual, color=COLOURS[5], alpha=0.45, lw=0)
    axes.axvspan(usual, generous, color=COLOURS[5], alpha=0.2, lw=0)
    axes.text(
        usual,
        1.01,
        "100 mV in grains of\n20 nm | 5 nm",
        fontsize=6,
        ha="center",
        transform=axes.get_xaxis_transform(),
    )
    order = sorted(result.pairs, key=lambda one: float(np.sort(one.faster)[len(one.faster) // 2]))
    for height, one in enumerate(order):
        known = np.sort(np.minimum(one.faster, LARGEST))
        low, middle, high = (known[int(q * (len(known) - 1))] for q in (0.05, 0.5, 0.95))
        colour = COLOURS[1] if one.tests_junction else "0.45"
        axes.plot([low, high], [height, height], color=colour, lw=1)
        axes.plot(middle, height, "o" if one.tests_junction else "s", color=colour, markersize=4)
    names = [f"{one.name} : {one.control} ({one.removed})" for one in order]
    axes.set_yticks(range(len(order)), names, fontsize=5.5)
    axes.set_xscale("log")
    axes.set_xlim(1, 400)
    axes.set_xlabel("All transport slower by, to hold as little as the control")
    axes.plot([], [], "o", color=COLOURS[1], label="junction taken away")
    axes.plot([], [], "s", color="0.45", label="carbon, size, architecture, or not clear")
    axes.legend(frameon=False, fontsize=6.5, loc="lower right")


def _draw_ratios(axes: Any, result: Result) -> None:
    whole = result.with_curves()
    sets = {
        "all with curves": whole,
        "without two that break down": [one for one in whole if one.control not in BROKEN],
        "junction taken away": [one for one in whole if one.tests_junction],
    }
    axes.axvline(1, color="0.6", lw=0.8)
    for place, (label, pairs) in enumerate(sets.items()):
        if not pairs:
            continue
        for row in range(len(VALUES)):
            middle, low, high = result.over_papers(mean_ratio(row), pairs)
            height = row + 0.22 * (place - 1)
            axes.plot([low, high], [height, height], color=COLOURS[place], lw=1.2)
            axes.plot(middle, height, "os^"[place], color=COLOURS[place], markersize=4)
        axes.plot([], [], "os^"[place] + "-", color=COLOURS[place], label=f"{label} ({len(pairs)})")
    axes.set_yticks(range(len(VALUES)), VALUES)
    axes.set_ylim(len(VALUES) + 0.3, -0.6)
    axes.set_xscale("log")
    axes.set_xlabel("Heterostructure over control")
    axes.legend(frameon=False, fontsize=6.5, loc="lower right")


def check(result: Result) -> None:
    """All pairs gain; no field of plausible size makes the gain of most; the fast share differs, diffusion does not."""
    assert all(one.gain > 1.1 for one in result.pairs)
    usual, generous = (field_factor(grain) for grain in GRAINS_NM.values())
    assert 1.5 < usual < 1.8
    assert 3 < generous < 4
    # slower diffusion alone takes the gain from hardly any pair, whatever the factor
    without_end = [np.mean(np.isinf(one.slower)) > 0.5 for one in result.pairs]
    assert np.mean(without_end) >= 0.6
    assert result.over_papers(share_explained("slower", "usual"))[0] < 0.02
    # nor does slowing all of it down, by what a field could speed it up in grains of 20 nm
    share, _, high = result.over_papers(share_explained("faster", "usual"))
    assert share < 0.05
    assert high < 0.1
    assert result.over_papers(share_explained("faster", "generous"))[0] < 0.5
    whole = result.with_curves()
    fast, low, _ = result.over_papers(mean_ratio(VALUES.index("fast share")), whole)
    assert fast > low > 1
    assert result.over_papers(mean_ratio(VALUES.index("diffusion time")), whole)[0] > 0.8


if __name__ == "__main__":
    made = main(Path("docs/figures"))
    for of, size in (
        ("slower", "usual"),
        ("slower", "generous"),
        ("faster", "usual"),
        ("faster", "generous"),
    ):
        every = made.over_papers(share_explained(of, size))
        tested = made.over_papers(
            share_explained(of, size), [one for one in made.pairs if one.tests_junction]
        )
        print(
            f"{of}, {size} grains: explained",
            np.round(every, 3),
            "junction alone",
            np.round(tested, 3),
        )
    for place, value in enumerate(VALUES):
        pairs = made.with_curves()
        print(value, np.round(made.over_papers(mean_ratio(place), pairs), 2))
        smooth = [one for one in pairs if one.control not in BROKEN]
        print(
            "  without those that break down",
            np.round(made.over_papers(mean_ratio(place), smooth), 2),
        )
    for one in made.pairs:
        print(
            f"{one.name} : {one.control}, gain {one.gain:.2f}, factor {np.sort(one.faster)[len(one.faster) // 2]:.1f}"
        )
    check(made)
