"""Differential capacity dQ/dV."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import ParameterError

Array = NDArray[np.float64]


def differential_capacity(
    capacity: Any, voltage: Any, width: float = 0.02, points: int = 300
) -> tuple[Array, Array]:
    """Potentials [V] and |dQ/dV| [mA.h.g-1.V-1] of one insertion or extraction.

    Parameters
    ----------
    capacity : array_like
        Passed charge [mA.h.g-1], rising
    voltage : array_like
        [V], falling or rising on the whole
    width : float, default 0.02
        The only smoothing: at each potential, the slope of the least-squares line of Q against V
        over the samples within width/2 of it [V]; where fewer than three lie there, the difference
        of Q interpolated at both ends of the width
    points : int, default 300
        How many potentials

    Returns
    -------
    tuple[Array, Array]

    Raises
    ------
    ParameterError
        For unequal lengths, a width or a span that is not positive.

    Notes
    -----
    The area under the result is the capacity, less what lies within width/2 of the ends. Features
    narrower than `width` are broadened to it. Limits: samples denser than the width; a voltage that
    turns back by more than the width belongs to two steps.
    """
    q, v = np.asarray(capacity, dtype=float), np.asarray(voltage, dtype=float)
    if len(q) != len(v) or len(q) < 3:
        raise ParameterError(
            f"dQ/dV needs equally many capacities and voltages, at least 3; got {len(q)} and {len(v)}."
        )
    span = float(np.ptp(v))
    if not 0 < width < span:
        raise ParameterError(
            f"dQ/dV: the width is {width:g} V; it must lie between 0 and the span of {span:g} V."
        )
    order = np.argsort(v, kind="stable")
    q, v = q[order], v[order]
    at = np.linspace(v[0] + width / 2, v[-1] - width / 2, points)
    low, high = np.searchsorted(v, at - width / 2), np.searchsorted(v, at + width / 2, "right")
    slopes = [
        _slope(v[a:b], q[a:b])
        if b - a >= 3 and v[b - 1] > v[a]
        else (np.interp(one + width / 2, v, q) - np.interp(one - width / 2, v, q)) / width
        for one, a, b in zip(at, low, high, strict=True)
    ]
    return at, np.abs(np.array(slopes))


def _slope(x: Array, y: Array) -> float:
    dx = x - x.mean()
    return float(dx @ (y - y.mean()) / (dx @ dx))
