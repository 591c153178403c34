"""Do 90 % bands of fits hold? Points left out of measured curves (calibration.py)."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from calibration_intervals import quiet_fit
from measured_curves import Curve

from hetsim.fitting.bands import (
    ASTRAY,
    beyond,
    drawn_scales,
    noise_at,
    predicted_logarithms,
    with_noise,
)
from hetsim.fitting.observations import RateData

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


def places(count: int, every: bool) -> list[int]:
    """Points that are left out, counted from the lowest current, which never is."""
    if every:
        return list(range(1, count))
    return sorted({count // 2, count - 1})
