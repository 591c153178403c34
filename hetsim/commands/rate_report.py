"""Tables for the terminal and objects for JSON."""

import math
from collections.abc import Sequence
from typing import Any

from hetsim.commands.text_table import text_table
from hetsim.parameters.values import MeasuredRate
from hetsim.results import RateCurve, RatePoint
from hetsim.results.comparison import Comparison

Pair = tuple[RateCurve, MeasuredRate | None]


def number(value: float, digits: int = 1) -> str:
    """A number for a table; a dash where there is none."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


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
                    point.outcome.value + (f": {point.reason}" if point.reason else ""),
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
            {
                "current_A_per_g": point.current,
                "capacity_mAh_per_g": null(point.capacity),
                "measured_mAh_per_g": null(beside.measured_at(point.current)),
                "error_percent": null(beside.error_percent(point.current, point.capacity)),
                "polarisation_V": null(point.polarisation),
                **(_energies(point) if curve.per_gram_of else {}),
                "outcome": point.outcome.value,
                "reason": point.reason,
                "charge_balance": null(point.charge_balance),
            }
            for point in curve.points
        ],
        "mean_abs_error_percent": null(beside.mean_abs_error_percent),
        "max_abs_error_percent": null(beside.max_abs_error_percent),
    }


def _energies(point: RatePoint) -> dict[str, float | None]:
    return {
        "energy_Wh_per_kg": null(point.energy),
        "mean_power_W_per_kg": null(point.mean_power),
    }


def null(value: float) -> float | None:
    """A number for JSON, which knows no nan."""
    return None if math.isnan(value) else value
