"""Do 95 % intervals of fits hold? Curves of the neutral template with known values and noise (calibration.py)."""

import math
import warnings
from typing import Any

import numpy as np

import hetsim as hs
from hetsim.fitting import FreeValue
from hetsim.fitting.free_value import CAPACITY, CURVE_PRIORS, FAST, GRAINS, RESISTANCE
from hetsim.parameters.values import MeasuredRate

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


def quiet_fit(cell: hs.HalfCell, curve: MeasuredRate) -> hs.FitResult:
    """A fit as users make it, whose warnings nobody reads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hs.fit(cell, curve, FREE)


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
