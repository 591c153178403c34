"""Do intervals and bands of fits hold? Made curves whose values are known, and measured points that were left out.

    python benchmarks/calibration.py intervals [--count 100]   # 95 % intervals of made curves with 1.5 % noise
    python benchmarks/calibration.py bands                     # 90 % bands of points left out of measured curves
    python benchmarks/calibration.py field [--count 40]        # is a field found where there is none, and where it is?
    python benchmarks/calibration.py table                     # what was found, for docs/fits.md

Each case is a line of a file in the folder --out; what is there is not made again, so a study that was stopped goes on.
"""

import argparse
import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import numpy as np

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE
from hetsim.fitting.gauss_newton import Residuals, cost, minimise
from hetsim.fitting.noise_scale import NORMAL, noise_scale
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
    """The cell of the made curves: one host whose values may be anything plausible."""
    return hs.load("CZT", "lumped")


# --- intervals of made curves ---------------------------------------------------------------------


def truth(rng: np.random.Generator, cell: hs.HalfCell) -> dict[str, float]:
    """Values drawn from the priors of a fit, inside their ranges."""
    radius = cell.values.number("Particle radius [m]")
    while True:
        drawn = {
            CAPACITY: 480 * math.exp(0.15 * rng.normal()),
            FAST: 0.31 * math.exp(0.5 * rng.normal()),
            RESISTANCE: 10 * math.exp(rng.normal()),
        }
        grains = radius**2 / (6 * 3600) * math.exp(1.5 * rng.normal())
        drawn.update(dict.fromkeys(GRAINS, grains))
        ranges = {name: cell.system.values[name].range for name in drawn}
        if all(of is None or of[0] < drawn[name] < of[1] for name, of in ranges.items()):
            return drawn


def made_curve(seed: int, model: str) -> tuple[hs.HalfCell, dict[str, float], MeasuredRate]:
    """A cell before the fit, the values that its curve was made with, and the curve with its noise."""
    rng = np.random.default_rng(seed)
    cell = electrode()
    while True:
        values = truth(rng, cell)
        found = hs.run(cell.with_values(values), hs.RateTest(CURRENTS, cycles=3), model).capacities
        if np.all(np.isfinite(found)) and found.min() > SMALLEST * found.max():
            break
    noisy = found * np.exp(NOISE * rng.normal(size=len(found)))
    return cell, values, MeasuredRate(CURRENTS, tuple(float(one) for one in noisy), "made")


def interval_case(seed: int, model: str = "SPMe") -> dict[str, Any]:
    """Where the values of one made curve lie, beside the intervals of its fit."""
    cell, values, curve = made_curve(seed, model)
    found = hs.fit(cell, curve, FREE, model)
    record: dict[str, Any] = {"seed": seed, "noise": found.noise_scale.scales[0]}
    for one, profile in zip(found.values, found.profiles(), strict=True):
        record[one.free.name] = {
            "truth": values[one.free.name],
            "value": one.value,
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


# --- is a field found? ----------------------------------------------------------------------------

POTENTIAL = "Built-in potential [V]"
FIELDS = (0.0, 0.03, 0.063, 0.1, -0.063)
"""Potentials of the shell against the core [V]: none, and those around the largest that was measured."""
UNEQUAL = "0, particles of unequal sizes"
"""Data without a field that the model of the search cannot make either: a log-normal spread of diffusion times."""
VOLT = 0.05
"""A step of the potential in the search [V]; it is searched on its own scale, for it may be zero or negative."""
KINDS = {"capacities": False, "capacities and polarisations": True}
"""What is measured: the rate curve, or the difference of the mean voltages of both directions at each current too."""
ASSUMED = (0.02, 0.02)
"""Noise that the search assumes, of a capacity and of a polarisation [V]; three quarters of it are put in."""
WIDTHS = (0.5, 0.5, 1.0, 3.0, 0.2 / VOLT)
"""Of the priors of capacity, fast fraction, resistance, diffusivity and potential."""


def core_shell() -> hs.HalfCell:
    """A particle with a core and a shell of one size, so that a radial field acts in it."""
    return hs.load("CZT", "core-shell").with_particle(classes=1).with_values({POTENTIAL: 0.0})


def unequal() -> hs.HalfCell:
    """The same electrode without a core, its particles of unequal sizes."""
    lumped = hs.load("CZT", "lumped")
    same = ("Particle radius [m]", "Exchange-current density [A.m-2]")
    return lumped.with_values({name: core_shell().values[name] for name in same})


def field_numbers(
    cell: hs.HalfCell, points: Sequence[Array], polarised: bool
) -> list[Array | None]:
    """Logarithms of the capacities, and polarisations [V], of a cell with each of some points' values."""
    cells = []
    for x in points:
        capacity, fast, resistance, grains = (float(one) for one in np.exp(x[:4]))
        changes = {CAPACITY: capacity, FAST: min(fast, 0.95), RESISTANCE: resistance}
        changes.update(dict.fromkeys(GRAINS, grains))
        if x[4]:
            changes[POTENTIAL] = float(VOLT * x[4])
        cells.append(cell.with_values(changes))
    found: list[Array | None] = []
    for case in run_many(cells, hs.RateTest(CURRENTS, cycles=3), "SPM"):
        good = case.result is not None and np.all(case.result.capacities > 0)
        if not good:
            found.append(None)
            continue
        parts = [np.log(case.result.capacities)]
        if polarised:
            parts.append(np.array([point.polarisation for point in case.result.points]))
        numbers = np.concatenate(parts)
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

    def deviations(points: Sequence[Array]) -> list[Array | None]:
        made = field_numbers(cell, points, polarised)
        priors = [(x - centre) / WIDTHS for x in points]
        return [
            None if one is None else np.concatenate([(one - measured) / noise, prior])
            for one, prior in zip(made, priors, strict=True)
        ]

    z2 = field_statistic(deviations, centre, len(measured))
    return {"z2": z2, "made with": made_with, "kind": kind}


def field_statistic(deviations: Residuals, centre: Array, count: int) -> float:
    """2 (least cost without a potential - least cost with one of either sign), the noise as large as the points say."""
    soft = np.array([True] * count + [False] * 5)
    low, high = centre - 6.0, centre + 6.0
    low[4], high[4] = -0.2 / VOLT, 0.2 / VOLT
    none_low, none_high = low.copy(), high.copy()
    none_low[4] = none_high[4] = 0.0
    starts = [centre + np.array([0, 0, 0, 0, one]) for one in (-1.0, 1.0)]
    found = [minimise(deviations, one, low, high, soft)[0] for one in starts]
    best = min(
        (one for one in found if one is not None), key=lambda one: cost(one.deviations, soft)
    )
    factors = noise_scale(best, [len(CURRENTS)] * (count // len(CURRENTS))).factors(len(soft))
    weighted = weighted_by(deviations, factors)
    with_one = [minimise(weighted, best.x, low, high, soft)[0]]
    start = best.x.copy()
    start[4] = 0.0
    without = [minimise(weighted, one, none_low, none_high, soft)[0] for one in (start, centre)]
    least = [min(cost(one.deviations, soft) for one in of if one) for of in (with_one, without)]
    return 2 * (least[1] - min(least))


def field_table(records: list[dict[str, Any]]) -> list[str]:
    """How often a potential is found, by what it is and what was measured."""
    lines = [
        "| potential, mV | " + " | ".join(f"found from {kind}, %" for kind in KINDS) + " | sets |",
        "|---|---|---|---|",
    ]
    for made_with in (*FIELDS, UNEQUAL):
        cells, count = [], 0
        for kind in KINDS:
            of = [
                one["z2"]
                for one in records
                if one["kind"] == kind and one["made with"] == made_with
            ]
            cells.append(f"{100 * np.mean([z2 > NORMAL**2 for z2 in of]):.0f}" if of else "-")
            count = max(count, len(of))
        told = made_with if isinstance(made_with, str) else f"{1e3 * made_with:g}"
        lines.append(f"| {told} | {' | '.join(cells)} | {count} |")
    return lines


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


def main() -> None:
    """Make the cases of one study, or print the table of all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", choices=["intervals", "bands", "field", "table"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("hetsim-out/calibration"))
    chosen = parser.parse_args()
    files = {one: chosen.out / f"{one}.jsonl" for one in ("intervals", "bands", "field")}
    if chosen.study == "field":
        names = [
            (made_with, kind, seed)
            for seed in range(chosen.first, chosen.count)
            for made_with in (*FIELDS, UNEQUAL)
            for kind in KINDS
            if made_with == 0 or seed < chosen.count // 2
        ]
        cases(files["field"], names, field_case)
        print(
            "\n".join(field_table([one for one in records(files["field"]) if "failed" not in one]))
        )
        return
    if chosen.study == "intervals":
        cases(files["intervals"], list(range(chosen.first, chosen.count)), interval_case)
    print(
        "\n".join(
            interval_table([one for one in records(files["intervals"]) if "failed" not in one])
        )
    )


if __name__ == "__main__":
    main()
