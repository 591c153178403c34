"""Rate curves beside measured ones: the table for the terminal and the object for JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from hetsim.commands.job import Ending
from hetsim.commands.json_form import json_row, json_value
from hetsim.commands.text_table import ended, number, text_table
from hetsim.parameters.values import MeasuredRate
from hetsim.results import RateCurve, RatePoint, quantities
from hetsim.results.comparison import Comparison, Pair
from hetsim.results.quantities import Quantity


def rate_table(pairs: Sequence[Pair]) -> str:
    """Current, measured, simulated, error, polarisation and outcome of each system; full cells with
    energy and power."""
    rows = []
    full = any(curve.per_gram_of for curve, _ in pairs)
    for curve, measured in pairs:
        beside = Comparison(curve, measured or MeasuredRate((), (), ""))
        for point in curve.points:
            rows.append(
                [
                    curve.system,
                    f"{point.current:g}",
                    number(beside.measured_at(point.current)),
                    number(point.capacity),
                    number(beside.error_percent(point.current, point.capacity)),
                    number(point.polarisation, 2),
                    *([number(point.energy), number(point.mean_power)] if full else []),
                    ended(point.outcome, point.reason),
                ]
            )
    header = [
        "system",
        "A/g",
        "measured mAh/g",
        "simulated mAh/g",
        "error %",
        "polarisation V",
        *(["Wh/kg", "W/kg"] if full else []),
        "outcome",
    ]
    return text_table(header, rows)


def error_lines(pairs: Sequence[Pair]) -> str:
    """One line a system: mean and largest error, and of a full cell whose grams are meant."""
    lines = []
    for curve, measured in pairs:
        if curve.per_gram_of:
            lines.append(f"{curve.system}: all per gram of {curve.per_gram_of}")
        if measured is not None:
            beside = Comparison(curve, measured)
            count = f"{len(beside.errors)} of {beside.comparable} measured points"
            if not beside.errors:
                lines.append(f"{curve.system}: no error, {count} were reached")
                continue
            lines.append(
                f"{curve.system}: mean error {beside.mean_abs_error_percent:.1f} %, "
                f"largest {beside.max_abs_error_percent:.1f} % over {count}"
            )
    return "\n".join(lines)


def rate_object(pairs: Sequence[Pair]) -> dict[str, Any]:
    """The object that `hetsim rate --json` prints; units stand in the keys."""
    first = pairs[0][0]
    return {
        "system": first.system,
        "model": first.model,
        "parameters_hash": first.parameters_hash,
        "curves": [_curve_object(curve, measured) for curve, measured in pairs],
    }


def rate_record(pairs: Sequence[Pair]) -> dict[str, Any]:
    """`rate_object` with all that is needed to run it again: the form that is written to a file."""
    return {
        **rate_object(pairs),
        "protocol": pairs[0][0].protocol,
        "thermodynamic_status": {curve.system: curve.thermodynamic_status for curve, _ in pairs},
        "versions": pairs[0][0].versions,
        "parameters": {curve.system: curve.parameters for curve, _ in pairs},
    }


def _curve_object(curve: RateCurve, measured: MeasuredRate | None) -> dict[str, Any]:
    beside = Comparison(curve, measured or MeasuredRate((), (), ""))
    return {
        "system": curve.system,
        "parameters_hash": curve.parameters_hash,
        **({"per_gram_of": curve.per_gram_of} if curve.per_gram_of else {}),
        "points": [
            json_row(
                {
                    quantities.CURRENT: point.current,
                    quantities.CAPACITY: point.capacity,
                    quantities.MEASURED: beside.measured_at(point.current),
                    quantities.ERROR: beside.error_percent(point.current, point.capacity),
                    quantities.POLARISATION: point.polarisation,
                    **(_energies(point) if curve.per_gram_of else {}),
                    quantities.OUTCOME: point.outcome.value,
                    quantities.REASON: point.reason,
                    quantities.CHARGE_BALANCE: point.charge_balance,
                }
            )
            for point in curve.points
        ],
        "mean_abs_error_percent": json_value(beside.mean_abs_error_percent),
        "max_abs_error_percent": json_value(beside.max_abs_error_percent),
    }


def _energies(point: RatePoint) -> dict[Quantity, float]:
    return {quantities.ENERGY: point.energy, quantities.MEAN_POWER: point.mean_power}


def rate_endings(curves: Sequence[RateCurve]) -> Iterator[Ending]:
    """How each current ended."""
    for curve in curves:
        for point in curve.points:
            yield Ending(f"{curve.system} at {point.current:g} A/g", point.outcome, point.reason)
