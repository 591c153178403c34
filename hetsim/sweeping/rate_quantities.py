"""What a sweep keeps of a rate test."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hetsim.protocols import RateTest
from hetsim.results import Array, RateCurve, RatePoint, Trace
from hetsim.sweeping.quantities import Axis, Column, Summary, summary


@summary.register
def _rate_test(protocol: RateTest, trace_points: int = 0) -> Summary:
    at = ("current",)
    branches = ("insertion",) if protocol.from_equilibrium else ("insertion", "extraction")
    columns = [Column("capacity_mAh_per_g", "mA.h.g-1", at, meaning="inserted charge")]
    if not protocol.from_equilibrium:
        columns += [
            Column("extraction_capacity_mAh_per_g", "mA.h.g-1", at, meaning="extracted charge"),
            Column("polarisation_V", "V", at, meaning="extraction minus insertion at half charge"),
        ]
    columns += [
        Column("outcome_at_current", "", at, text=True, meaning="how each current ended"),
        Column("reason_at_current", "", at, text=True, meaning="why, where it is not good"),
    ]
    axes = {"current": Axis(np.array(protocol.currents), "A.g-1")}
    if trace_points:
        axes["passed_share"] = Axis(np.linspace(0, 1, trace_points))
        columns += [
            Column(
                f"{branch}_voltage_V",
                "V",
                ("current", "passed_share"),
                meaning="at shares of the charge of the step",
            )
            for branch in branches
        ]

    def read(curve: RateCurve) -> Mapping[str, Any]:
        found = {
            "capacity_mAh_per_g": curve.capacities,
            "extraction_capacity_mAh_per_g": [p.extraction_capacity for p in curve.points],
            "polarisation_V": [p.polarisation if p.outcome.good else np.nan for p in curve.points],
            "outcome_at_current": [p.outcome.value for p in curve.points],
            "reason_at_current": [p.reason for p in curve.points],
        }
        if trace_points:
            for branch in branches:
                found[f"{branch}_voltage_V"] = [
                    _voltage(p, getattr(p, branch), axes["passed_share"].values)
                    for p in curve.points
                ]
        return {column.name: found[column.name] for column in columns}

    steps = 1 if protocol.from_equilibrium else 2 * protocol.cycles
    return Summary(tuple(columns), axes, read, steps * len(protocol.currents))


def _voltage(point: RatePoint, trace: Trace | None, shares: Array) -> Array:
    if trace is None or not point.outcome.good:
        return np.full(shares.size, np.nan)
    return np.interp(shares * trace.capacity[-1], trace.capacity, trace.voltage)
