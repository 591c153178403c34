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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import numpy as np

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE
from hetsim.fitting.noise_scale import NORMAL
from hetsim.parameters.values import MeasuredRate

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
    return [f"{len(records)} made curves of {len(CURRENTS)} points with {100 * NOISE:g} % of noise:", "", *lines]


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
    if chosen.study == "intervals":
        cases(files["intervals"], list(range(chosen.first, chosen.count)), interval_case)
    print("\n".join(interval_table([one for one in records(files["intervals"]) if "failed" not in one])))


if __name__ == "__main__":
    main()
