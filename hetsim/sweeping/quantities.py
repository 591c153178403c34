"""What a sweep keeps of each case: a few numbers of each protocol's result, and traces on request.

A protocol without an entry of its own keeps outcome, reason, charge balance and time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

import numpy as np

from hetsim.protocols import RateTest
from hetsim.results import Array, RateCurve, RatePoint, Trace

Read = Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Column:
    """One quantity of every case.

    along : dimensions beside that of the cases
    """

    name: str
    unit: str = "1"
    along: tuple[str, ...] = ()
    text: bool = False
    meaning: str = ""


@dataclass(frozen=True)
class Axis:
    """The values of a dimension."""

    values: Array
    unit: str = "1"


@dataclass(frozen=True)
class Summary:
    """What a protocol's results are read into.

    read : from a result to its numbers by column
    discharges : solved steps a case, from which the size of a chunk follows
    """

    columns: tuple[Column, ...] = ()
    axes: Mapping[str, Axis] = field(default_factory=dict)
    read: Read = lambda result: {}
    discharges: int = 1


OF_EVERY_CASE = (
    Column("outcome", text=True, meaning="how the case ended; the first that is not good"),
    Column("reason", text=True, meaning="why, where it is not good"),
    Column("charge_balance", meaning="coulombs against inventory, relative"),
    Column("time_used_s", "s", meaning="wall time of the case; differs from run to run"),
)


@singledispatch
def summary(protocol: Any, trace_points: int = 0) -> Summary:
    """One registered function for each protocol."""
    return Summary()


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
