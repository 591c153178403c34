"""A simulated rate curve beside a measured one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim.late import late
from hetsim.parameters.values import MeasuredRate
from hetsim.results import RateCurve, quantities
from hetsim.results.quantities import Quantity
from hetsim.results.tables import table

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

Pair = tuple[RateCurve, MeasuredRate | None]
"""A simulated curve and the measured one that belongs to it, if there is one."""

_BESIDE = 3
"""Columns of a curve before those of what was measured: system, current, capacity."""

_SAME_CURRENT = 1e-9  # relative: currents are typed in, not computed


@dataclass(frozen=True)
class Comparison:
    """Errors of a simulated curve, point by point, at the currents that were measured.

    Parameters
    ----------
    curve : RateCurve
        The simulated curve, of `hs.run`
    measured : MeasuredRate
        The measured curve
    """

    curve: RateCurve
    measured: MeasuredRate

    def measured_at(self, current: float) -> float:
        """The measured capacity at a current [mA.h.g-1], not a number where there is none."""
        for known, capacity in zip(self.measured.currents, self.measured.capacities, strict=True):
            if math.isclose(known, current, rel_tol=_SAME_CURRENT):
                return capacity
        return math.nan

    def error_percent(self, current: float, capacity: float) -> float:
        """100 (simulated / measured - 1)."""
        return 100 * (capacity / self.measured_at(current) - 1)

    @property
    def errors(self) -> list[float]:
        """Errors in percent at the measured currents that the run reached."""
        all_errors = [
            self.error_percent(point.current, point.capacity) for point in self.curve.points
        ]
        return [error for error in all_errors if not math.isnan(error)]

    @property
    def comparable(self) -> int:
        """How many currents were run and measured, whether the run reached its end or not."""
        return sum(not math.isnan(self.measured_at(point.current)) for point in self.curve.points)

    @property
    def mean_abs_error_percent(self) -> float:
        return float(np.mean(np.abs(self.errors))) if self.errors else math.nan

    @property
    def max_abs_error_percent(self) -> float:
        return float(np.max(np.abs(self.errors))) if self.errors else math.nan

    def to_frame(self) -> pd.DataFrame:
        """The curve's table with the measured capacity and the error beside it."""
        return table(self.columns())

    def columns(self) -> dict[Quantity, Any]:
        """The columns of that table."""
        points = self.curve.points
        of_curve = list(self.curve.columns().items())
        return {
            **dict(of_curve[:_BESIDE]),
            quantities.MEASURED: [self.measured_at(point.current) for point in points],
            quantities.ERROR: [
                self.error_percent(point.current, point.capacity) for point in points
            ],
            **dict(of_curve[_BESIDE:]),
        }


def compare(curve: RateCurve, measured: MeasuredRate) -> Comparison:
    """Set a simulated curve beside a measured one, current by current.

    Parameters
    ----------
    curve : RateCurve
        The simulated curve, of `hs.run`
    measured : MeasuredRate
        The measured curve

    Returns
    -------
    Comparison

    Raises
    ------
    TypeError
        If `measured` is no measured curve; `hs.measured` reads one.
    """
    if not isinstance(measured, MeasuredRate):
        raise TypeError(
            f"hs.compare needs a measured curve, got {measured!r}; try hs.measured('CZT')."
        )
    return Comparison(curve, measured)
