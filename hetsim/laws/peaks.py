"""Peaks of a curve of current against potential."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def peaks(potential: Any, current: Any, prominence: float) -> list[tuple[float, float]]:
    """Potential [V] and current of the maxima of a curve, in the order of the samples.

    potential : monotonic [V]; current : at the same samples, its maxima point upwards
    prominence : how far a peak must stand out of its surroundings, in the unit of the current;
        0 for every local maximum
    A peak is the top of the parabola through a maximum and its two neighbours. Where these three give
    no top between the neighbours (equal currents or equal potentials) it is the sample itself.
    A current that is largest at an end of the curve is no peak.
    """
    from scipy.signal import find_peaks  # half a second, and a rate test has no peaks

    x, y = np.asarray(potential, dtype=float), np.asarray(current, dtype=float)
    tops, _ = find_peaks(y, prominence=prominence)
    return [_parabola_top(x, y, int(top)) for top in tops]


def _parabola_top(x: Array, y: Array, top: int) -> tuple[float, float]:
    """Top of the parabola through a maximum and its two neighbours."""
    sample = float(x[top]), float(y[top])
    left, right = sorted((float(x[top - 1]), float(x[top + 1])))
    if not left < sample[0] < right or y[top - 1] == y[top] == y[top + 1]:
        return sample
    a, b, c = np.polyfit(x[top - 1 : top + 2] - x[top], y[top - 1 : top + 2], 2)
    if not a < 0 or not left <= x[top] - b / (2 * a) <= right:
        return sample
    return float(x[top] - b / (2 * a)), float(c - b * b / (4 * a))
