"""A straight line through points, with the interval of its slope."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import t as student

from hetsim.errors import ParameterError


@dataclass(frozen=True)
class Line:
    """y = slope x + intercept by least squares.

    slope_error : standard error of the slope; not a number for two points, which leave no residual
    r_squared : share of the variance of y that the line has [-]
    points : how many
    """

    slope: float
    intercept: float
    slope_error: float
    r_squared: float
    points: int

    def half_width(self, confidence: float = 0.95) -> float:
        """Half of the confidence interval of the slope, by Student's t with points - 2."""
        if self.points < 3:
            return float("nan")
        return float(student.ppf((1 + confidence) / 2, self.points - 2)) * self.slope_error


def straight_line(x: Any, y: Any) -> Line:
    """Ordinary least squares: all error in y, equal at each point.

    Raises ParameterError for fewer than two points or no spread in x.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if len(x) < 2 or np.ptp(x) == 0:
        raise ParameterError(f"A straight line needs two points that differ in x, got x = {x}.")
    dx, dy = x - x.mean(), y - y.mean()
    slope = float(dx @ dy / (dx @ dx))
    left = float(((dy - slope * dx) ** 2).sum())
    total = float((dy**2).sum())
    error = (left / (len(x) - 2) / float(dx @ dx)) ** 0.5 if len(x) > 2 else float("nan")
    explained = 1 - left / total if total > 0 else 1.0
    return Line(slope, float(y.mean() - slope * x.mean()), error, explained, len(x))
