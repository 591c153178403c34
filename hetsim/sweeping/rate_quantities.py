"""What a sweep keeps of a rate test."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from hetsim.protocols import RateTest
from hetsim.results import Array, RateCurve, RatePoint, Trace, quantities
from hetsim.results.quantities import Quantity
from hetsim.sweeping.summaries import Axis, Column, Summary, summary

OUTCOME_AT_CURRENT = Quantity("outcome at current", "")
REASON_AT_CURRENT = Quantity("reason at current", "")
_VOLTAGES = {
    "insertion": quantities.INSERTION_VOLTAGE,
    "extraction": quantities.EXTRACTION_VOLTAGE,
}


@summary.register
def _rate_test(protocol: RateTest, trace_points: int = 0) -> Summary:
    at = ("current",)
    cycled = not protocol.from_equilibrium
    columns = [Column.of(quantities.CAPACITY, at, meaning="inserted charge")]
    if cycled:
        columns += [
            Column.of(quantities.EXTRACTION_CAPACITY, at, meaning="extracted charge"),
            Column.of(
                quantities.POLARISATION, at, meaning="extraction minus insertion at half charge"
            ),
        ]
    columns += [
        Column.of(OUTCOME_AT_CURRENT, at, meaning="how each current ended"),
        Column.of(REASON_AT_CURRENT, at, meaning="why, where it is not good"),
    ]
    axes = {"current": Axis.of(quantities.CURRENT, protocol.currents)}
    branches = ("insertion", "extraction")[: 1 + cycled] if trace_points else ()
    if trace_points:
        axes["passed_share"] = Axis(np.linspace(0, 1, trace_points))
    for branch in branches:
        along = ("current", "passed_share")
        meaning = "at shares of the charge of the step"
        columns.append(Column.of(_VOLTAGES[branch], along, meaning=meaning))

    def read(curve: RateCurve) -> Mapping[str, Any]:
        points = curve.points
        found: dict[Quantity, Any] = {
            quantities.CAPACITY: curve.capacities,
            quantities.EXTRACTION_CAPACITY: [p.extraction_capacity for p in points],
            quantities.POLARISATION: [p.polarisation if p.outcome.good else np.nan for p in points],
            OUTCOME_AT_CURRENT: [p.outcome.value for p in points],
            REASON_AT_CURRENT: [p.reason for p in points],
        }
        for branch in branches:
            shares = axes["passed_share"].values
            found[_VOLTAGES[branch]] = [_voltage(p, getattr(p, branch), shares) for p in points]
        by_key = {quantity.key: values for quantity, values in found.items()}
        return {column.name: by_key[column.name] for column in columns}

    steps = 2 * protocol.cycles if cycled else 1
    return Summary(tuple(columns), axes, read, steps * len(protocol.currents))


def _voltage(point: RatePoint, trace: Trace | None, shares: Array) -> Array:
    if trace is None or not point.outcome.good:
        return np.full(shares.size, np.nan)
    return np.interp(shares * trace.capacity[-1], trace.capacity, trace.voltage)
