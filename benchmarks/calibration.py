"""Do intervals and bands of fits hold? Made curves whose values are known, and measured points that were left out.

    python benchmarks/calibration.py intervals [--count 100]   # 95 % intervals of made curves with 1.5 % noise
    python benchmarks/calibration.py bands                     # 90 % bands of points left out of measured curves
    python benchmarks/calibration.py field [--count 40]        # is a field found where there is none, and where it is?
    python benchmarks/calibration.py table                     # the tables of all into docs/fits.md

Each case is a line of a file in the folder --out; what is there is not made again, so a study that was stopped goes on.
"""

import argparse
import json
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np
from measured_curves import Curve, measured_curves

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue
from hetsim.fitting.bands import (
    ASTRAY,
    beyond,
    drawn_scales,
    noise_at,
    predicted_logarithms,
    with_noise,
)
from hetsim.fitting.free_value import CAPACITY, CURVE_PRIORS, FAST, GRAINS, RESISTANCE
from hetsim.fitting.gauss_newton import Linearised, Residuals, cost, minimise
from hetsim.fitting.noise_scale import NORMAL, noise_scale
from hetsim.fitting.observations import RateData
from hetsim.fitting.profile_walk import weighted_by
from hetsim.parameters.values import MeasuredRate
from hetsim.results import Array
from hetsim.simulation.run_many import run_many

CURRENTS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Of a made curve [A.g-1], as most papers have them."""
NOISE = 0.015
"""Of a made capacity."""
SMALLEST = 0.05
"""A made curve that falls below this share of its highest capacity is drawn again: nobody prints such."""
FREE = (CAPACITY, FAST, RESISTANCE, FreeValue(GRAINS[0], tied=GRAINS[1:]))


def electrode() -> hs.HalfCell:
    """The cell of the made curves: the neutral template, in a window as most anodes have it."""
    return hs.template("Na", (0.01, 3.0), loading=1.0, name="made")


# --- intervals of made curves ---------------------------------------------------------------------


def truth(rng: np.random.Generator, cell: hs.HalfCell) -> dict[str, float]:
    """Values drawn as the priors of a fit are, inside their ranges."""
    radius = cell.values.number("Particle radius [m]")
    while True:
        drawn = {
            CAPACITY: 480 * math.exp(0.2 * rng.normal()),
            **{one: lognormal(rng, *CURVE_PRIORS[one]) for one in (FAST, RESISTANCE)},
        }
        hours, width = CURVE_PRIORS["R^2/D [h]"]
        grains = radius**2 / (3600 * lognormal(rng, hours, width))
        drawn.update(dict.fromkeys(GRAINS, grains))
        ranges = {name: cell.system.values[name].range for name in drawn}
        if all(of is None or of[0] < drawn[name] < of[1] for name, of in ranges.items()):
            return drawn


def lognormal(rng: np.random.Generator, centre: float, width: float) -> float:
    return centre * math.exp(width * rng.normal())


def as_likely(ratio: float) -> float:
    """Prior density of a capacity over the highest measured one, 1 at most: with it the prior decides what is drawn."""
    centre, width = CURVE_PRIORS["Capacity over the highest"]
    return math.exp(-((math.log(ratio / centre) / width) ** 2) / 2)


def made_curve(seed: int, model: str) -> tuple[hs.HalfCell, dict[str, float], MeasuredRate]:
    """A cell before the fit, the values that its curve was made with, and the curve with its noise."""
    rng = np.random.default_rng(seed)
    cell = electrode()
    while True:
        values = truth(rng, cell)
        found = hs.run(cell.with_values(values), hs.RateTest(CURRENTS, cycles=3), model).capacities
        shown = np.all(np.isfinite(found)) and found.min() > SMALLEST * found.max()
        if shown and rng.random() < as_likely(values[CAPACITY] / found.max()):
            break
    noisy = found * np.exp(NOISE * rng.normal(size=len(found)))
    return cell, values, MeasuredRate(CURRENTS, tuple(float(one) for one in noisy), "made")


def interval_case(seed: int, model: str = "SPMe") -> dict[str, Any]:
    """Where the values of one made curve lie, beside the intervals of its fit."""
    cell, values, curve = made_curve(seed, model)
    found = quiet_fit(cell, curve)
    profiles = found.profiles()
    record: dict[str, Any] = {"noise": profiles.scale.scales[0], "lower": profiles.lower}
    for one, profile in zip(found.values, profiles, strict=True):
        record[profile.free.name] = {
            "truth": values[profile.free.name],
            "value": profile.best,
            "profile": profile.interval,
            "linear": one.interval,
            "held by": (profile.low.held_by, profile.high.held_by),
        }
    return record


def interval_table(records: list[dict[str, Any]]) -> list[str]:
    """Of each value, how often the intervals contain the truth, and how wide they are."""
    lines = [
        "| value | profile contains it, % | linearised, % | median factor to an end | held by data on both sides, % |",
        "|---|---|---|---|---|",
    ]
    for free in FREE:
        name = free if isinstance(free, str) else free.name
        of = [one[name] for one in records]
        inside = {
            kind: 100 * np.mean([one[kind][0] <= one["truth"] <= one[kind][1] for one in of])
            for kind in ("profile", "linear")
        }
        factor = np.median([math.sqrt(one["profile"][1] / one["profile"][0]) for one in of])
        data = 100 * np.mean([one["held by"] == ["data", "data"] for one in of])
        lines.append(
            f"| {name} | {inside['profile']:.0f} | {inside['linear']:.0f} | {factor:.2f} | {data:.0f} |"
        )
    return [
        f"{len(records)} made curves of {len(CURRENTS)} points with {100 * NOISE:g} % of noise:",
        "",
        *lines,
    ]


# --- bands of measured curves ---------------------------------------------------------------------

LEVEL = 0.9
DRAWS = 200
"""Of the posterior of each fit with a point left out."""
KEPT = 100
"""Draws that are kept of each prediction."""
FOLDS = 5
"""Groups of papers: what a group's bands take from measured curves is learned on the other groups."""
GRID = np.arange(0.0, 0.61, 0.01)
"""How fast the model may go astray beyond the measured currents, a factor e in current."""


def left_out(one: Curve, place: int) -> dict[str, Any]:
    """What is expected at the current of one point, from a fit of the others; places count from the lowest current."""
    k = int(np.argsort(one.currents)[place])
    others = one.without(k)
    found = quiet_fit(others.cell(), others.measured)
    draws = found.posterior(DRAWS)
    current = np.array([one.currents[k]])
    predicted, scatter = predicted_logarithms(
        found.problem, found.noise_scale, draws.resampled(KEPT), 0, current
    )
    data = found.problem.parts[0][1]
    assert isinstance(data, RateData)
    return {
        "paper": one.doi,
        "highest": place == len(one.currents) - 1,
        "predicted": np.round(predicted[:, 0], 5).tolist(),
        "scatter": np.round(scatter, 4).tolist(),
        "points": len(others.currents),
        "noise": float(noise_at(data, current)[0]),
        "distance": float(beyond(np.array(others.currents), current)[0]),
        "truth": math.log(one.capacities[k]),
        "pareto k": draws.pareto_k,
    }


def quiet_fit(cell: hs.HalfCell, curve: MeasuredRate) -> hs.FitResult:
    """A fit as users make it, whose warnings nobody reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hs.fit(cell, curve, FREE)


def holds(one: dict[str, Any], astray: float) -> tuple[bool, float]:
    """Whether a band holds the point that was left out, and its width in ln Q."""
    sampled = with_noise(
        np.array(one["predicted"])[:, None],
        drawn_scales(np.array(one["scatter"]), one["points"]),
        np.array([one["noise"]]),
        np.array([one["distance"]]),
        astray,
    )
    low, high = np.quantile(sampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return bool(low <= one["truth"] <= high), float(high - low)


def learned(records: list[dict[str, Any]]) -> float:
    """The smallest g whose bands hold the highest currents as often as they say."""
    highest = [one for one in records if one["highest"]]
    for astray in GRID:
        if np.mean([holds(one, astray)[0] for one in highest]) >= LEVEL:
            break
    return float(astray)


def band_table(records: list[dict[str, Any]]) -> list[str]:
    """How often bands hold points that were left out, with g learned on other papers, on all, and without it."""
    papers = sorted({one["paper"] for one in records})
    group = {paper: k % FOLDS for k, paper in enumerate(papers)}
    by_fold = {
        fold: learned([one for one in records if group[one["paper"]] != fold])
        for fold in range(FOLDS)
    }
    rules: dict[str, Callable[[dict[str, Any]], float]] = {
        "g of other papers": lambda one: by_fold[group[one["paper"]]],
        f"g as shipped ({ASTRAY:g})": lambda one: ASTRAY,
        "no g": lambda one: 0.0,
    }
    lines = [
        "| bands of 90 % | interior points held, % | median width, % | highest current held, % | median width, % |",
        "|---|---|---|---|---|",
    ]
    for rule, astray in rules.items():
        cells = []
        for highest in (False, True):
            found = [holds(one, astray(one)) for one in records if one["highest"] == highest]
            cells += [f"{100 * np.mean([held for held, _ in found]):.0f}"]
            cells += [f"{100 * np.median([np.expm1(width) for _, width in found]):.0f}"]
        lines.append(f"| {rule} | {' | '.join(cells)} |")
    told = f"{len(records)} points of {len(papers)} papers left out; g learned on all: {learned(records):.2f}, "
    return [
        told
        + f"in {FOLDS} groups of papers: {', '.join(f'{one:.2f}' for one in by_fold.values())}.",
        "",
        *lines,
    ]


# --- is a field found? ----------------------------------------------------------------------------

POTENTIAL = "Built-in potential [V]"
FIELDS = (0.0, 0.03, 0.063, 0.1, -0.063)
"""Potentials of the shell against the core [V]: none, and those around the largest that was measured."""
UNEQUAL = "0, particles of unequal sizes"
"""Data without a field that a particle of one size cannot make either: a log-normal spread of diffusion times."""
SPREAD = "Diffusion time spread"
RULES = {"z2": "against none", "z2 against spread": "and against a spread of sizes"}
"""What a field is weighed against: the same particle without one; and, in its place, particles of unequal sizes."""
VOLT = 0.05
"""A step of the potential in the search [V]; it is searched on its own scale, for it may be zero or negative."""
KINDS = {"capacities": False, "capacities and polarisations": True}
"""What is measured: the rate curve, or the difference of the mean voltages of both directions at each current too."""
ASSUMED = (0.02, 0.02)
"""Noise that the search assumes, of a capacity and of a polarisation [V]; three quarters of it are put in."""
WIDTHS = (0.5, 0.5, 1.0, 3.0)
"""Of the priors of capacity, fast fraction, resistance and diffusivity."""


def core_shell() -> hs.HalfCell:
    """A particle with a core and a shell of one size, so that a radial field acts in it."""
    return hs.load("CZT", "core-shell").with_particle(classes=1).with_values({POTENTIAL: 0.0})


def unequal() -> hs.HalfCell:
    """The same electrode without a core, its particles of unequal sizes."""
    lumped = hs.load("CZT", "lumped")
    same = ("Particle radius [m]", "Exchange-current density [A.m-2]")
    return lumped.with_values({name: core_shell().values[name] for name in same})


def field_numbers(
    cell: hs.HalfCell, points: Sequence[Array], polarised: bool, fifth: str = POTENTIAL
) -> list[Array | None]:
    """Logarithms of the capacities, and polarisations [V], of a cell with each of some points' values.

    The fifth value is a potential in units of VOLT, or a spread.
    """
    cells = []
    for x in points:
        capacity, fast, resistance, grains = (float(one) for one in np.exp(x[:4]))
        changes = {CAPACITY: capacity, FAST: min(fast, 0.95), RESISTANCE: resistance}
        changes.update(dict.fromkeys(GRAINS, grains))
        if fifth == SPREAD:
            changes[SPREAD] = float(np.clip(x[4], 0.05, 3.0))
        elif x[4]:
            changes[POTENTIAL] = float(VOLT * x[4])
        cells.append(cell.with_values(changes))
    found: list[Array | None] = []
    for case in run_many(cells, hs.RateTest(CURRENTS, cycles=3), "SPM"):
        good = case.result is not None and np.all(case.result.capacities > 0)
        parts = [np.log(case.result.capacities)] if good else []
        if good and polarised:
            parts.append(np.array([point.polarisation for point in case.result.points]))
        numbers = np.concatenate(parts) if parts else np.array([np.nan])
        found.append(numbers if np.all(np.isfinite(numbers)) else None)
    return found


def field_case(name: tuple[float | str, str, int]) -> dict[str, Any]:
    """How much better one made set of data is met with a potential than without one, in z^2."""
    made_with, kind, seed = name
    polarised = KINDS[kind]
    potential = made_with if isinstance(made_with, float) else 0.0
    cell, rng = core_shell(), np.random.default_rng(seed)
    maker = cell if isinstance(made_with, float) else unequal()
    centre = np.log([486.0, 0.31, 10.0, 2e-17, 1.0])
    centre[4] = 0.0
    while True:
        spread = np.array([0.15, 0.3, 0.7, 1.0, 0.0])
        true = centre + spread * rng.normal(size=5) + np.array([0, 0, 0, 0, potential / VOLT])
        [exact] = field_numbers(maker, [true], polarised)
        if exact is not None and np.ptp(exact[: len(CURRENTS)]) < -math.log(SMALLEST):
            break
    noise = np.repeat(ASSUMED[: 1 + polarised], len(CURRENTS))
    measured = exact + 0.75 * noise * rng.normal(size=len(exact))

    def against(of: hs.HalfCell, fifth: str, middle: float, width: float) -> Residuals:
        prior_at, widths = np.append(centre[:4], middle), np.append(WIDTHS, width)

        def deviations(points: Sequence[Array]) -> list[Array | None]:
            made = field_numbers(of, points, polarised, fifth)
            return [
                None
                if one is None
                else np.append((one - measured) / noise, (x - prior_at) / widths)
                for one, x in zip(made, points, strict=True)
            ]

        return deviations

    field = against(cell, POTENTIAL, 0.0, 0.2 / VOLT)
    spread = against(unequal(), SPREAD, 1.5, 1.0)
    least = field_costs(field, spread, centre, len(measured))
    found = {
        "z2": 2 * (least["none"] - least["field"]),
        "z2 against spread": 2 * (min(least["none"], least["spread"]) - least["field"]),
    }
    return {**found, "made with": made_with, "kind": kind}


def field_costs(field: Residuals, spread: Residuals, centre: Array, count: int) -> dict[str, float]:
    """The least cost with a potential of either sign, without one, and with a spread of sizes in its place.

    The noise is as large as the scatter about the best of them says.
    """
    soft = np.array([True] * count + [False] * 5)
    low, high = centre - 6.0, centre + 6.0
    ends = {"field": (-0.2 / VOLT, 0.2 / VOLT), "none": (0.0, 0.0), "spread": (0.05, 3.0)}
    starts = {"field": (-1.0, 0.5), "none": (0.0,), "spread": (0.5, 2.0)}

    def best(what: str, residuals: Residuals, begin: Sequence[Array]) -> Linearised:
        bottom, top = np.append(low[:4], ends[what][0]), np.append(high[:4], ends[what][1])
        made = [minimise(residuals, one, bottom, top, soft, longest=15)[0] for one in begin]
        return min(
            (one for one in made if one is not None), key=lambda one: cost(one.deviations, soft)
        )

    models = {"field": field, "none": field, "spread": spread}
    first = {
        what: best(what, of, [np.append(centre[:4], one) for one in starts[what]])
        for what, of in models.items()
    }
    nearest = min(first.values(), key=lambda one: cost(one.deviations, soft))
    parts = [len(CURRENTS)] * (count // len(CURRENTS))
    factors = noise_scale(nearest, parts).factors(len(soft))
    found = {}
    for what, of in models.items():
        begin = [first[what].x]
        if what == "field":  # never worse than without one
            begin.append(np.append(first["none"].x[:4], 0.1))
        found[what] = cost(best(what, weighted_by(of, factors), begin).deviations, soft)
    return {**found, "field": min(found["field"], found["none"])}


def field_table(records: list[dict[str, Any]]) -> list[str]:
    """How often a potential is found, by what it is, what was measured, and what it is weighed against."""
    columns = [(kind, rule) for kind in KINDS for rule in RULES]
    head = " | ".join(f"{kind}: {RULES[rule]}" for kind, rule in columns)
    lines = [f"| potential, mV | {head} |", "|---" * (len(columns) + 1) + "|"]
    for made_with in (*FIELDS, UNEQUAL):
        cells = []
        for kind, rule in columns:
            of = [one for one in records if (one["made with"], one["kind"]) == (made_with, kind)]
            found = [one[rule] > NORMAL**2 for one in of if rule in one]
            cells.append(f"{sum(found)} of {len(found)}")
        told = made_with if isinstance(made_with, str) else f"{1e3 * made_with:g}"
        lines.append(f"| {told} | {' | '.join(cells)} |")
    title = (
        "Sets of data in which a potential is found, weighed against the same particle without one, and against a "
        "spread of sizes too:"
    )
    return [title, "", *lines]


BEGIN, END = "<!-- calibration -->", "<!-- end of calibration -->"
"""Between these the page has the tables."""


def places(count: int, every: bool) -> list[int]:
    """Points that are left out, counted from the lowest current, which never is."""
    if every:
        return list(range(1, count))
    return sorted({count // 2, count - 1})


# --- a study goes on ------------------------------------------------------------------------------


def cases(file: Path, names: list[Any], make: Callable[[Any], dict[str, Any] | None]) -> None:
    """Make the cases that the file does not have yet, each a line of JSON."""
    done = {str(one["case"]) for one in records(file)}
    left = [name for name in names if str(name) not in done]
    file.parent.mkdir(parents=True, exist_ok=True)
    with click.progressbar(left, label=file.stem) as bar, file.open("a", encoding="utf-8") as out:
        for name in bar:
            try:
                found = make(name) or {}
            except ParameterError as error:
                found = {"failed": str(error)}
            out.write(json.dumps({"case": str(name), **found}) + "\n")
            out.flush()


def records(file: Path) -> Iterator[dict[str, Any]]:
    """The cases of a file, without those that failed."""
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def study_cases(
    study: str, chosen: argparse.Namespace
) -> tuple[list[Any], Callable[[Any], dict[str, Any]]]:
    """Names of the cases of a study, and what makes one."""
    seeds = range(chosen.first, chosen.count)
    if study == "intervals":
        return list(seeds), interval_case
    if study == "field":
        names = [
            (made_with, kind, seed)
            for seed in seeds
            for made_with in (*FIELDS, UNEQUAL)
            for kind in KINDS
            if made_with == 0 or seed < chosen.count // 2
        ]
        return names, field_case
    known = {one.name: one for one in measured_curves()}
    left = [
        (name, place)
        for name, one in known.items()
        if len(one.currents) >= 5
        for place in places(len(one.currents), chosen.every)
    ]
    return left, lambda name: left_out(known[name[0]], name[1])


TABLES: dict[str, Callable[[list[dict[str, Any]]], list[str]]] = {
    "intervals": interval_table,
    "bands": band_table,
    "field": field_table,
}


def table_of(study: str, folder: Path) -> str:
    """The table of a study; "" if it has no case yet."""
    done = [one for one in records(folder / f"{study}.jsonl") if "failed" not in one]
    return "\n".join(TABLES[study](done)) if done else ""


def write_into(page: Path, text: str) -> None:
    """Put the tables between their marks in the page."""
    before, mark, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise SystemExit(f"{page} has no {BEGIN} and {END} to write between.")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Make the cases of one study and print its table, or write all tables into the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", choices=[*TABLES, "table"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--every", action="store_true", help="leave out every point of a curve")
    parser.add_argument("--out", type=Path, default=Path("hetsim-out/calibration"))
    parser.add_argument("--page", type=Path, default=Path("docs/fits.md"))
    chosen = parser.parse_args()
    if chosen.study == "table":
        tables = [table_of(study, chosen.out) for study in TABLES]
        write_into(chosen.page, "\n\n".join(one for one in tables if one))
        return
    names, make = study_cases(chosen.study, chosen)
    cases(chosen.out / f"{chosen.study}.jsonl", names, make)
    print(table_of(chosen.study, chosen.out))


if __name__ == "__main__":
    main()
