"""How much of a dense record is new: neighbours of one curve are not independent measurements.

What a model misses of a voltage curve is no noise of single samples but smooth: an offset over a part of the curve. Ten
thousand samples of one curve then say no more than the curve has such parts. A record counts as

    N = min(n, span / length)                                                                   (1)

independent numbers, n samples over a span in which what is off stays alike over a correlation `length`; the standard
deviation of each sample is widened by sqrt(n / N), so that n alike samples weigh as N independent ones. This is the
effective sample size of n correlated numbers (the sum of whose weights is N) with a correlation that is 1 within the
length and 0 beyond. A record is thinned to a few samples a length before: more of them change nothing but the time.
Source: e.g. H. J. Thiebaux, F. W. Zwiers, J. Climate Appl. Meteor. 23, 800 (1984),
doi:10.1175/1520-0450(1984)023<0800:TIAEOE>2.0.CO;2.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.results import Array

PARTS = 10.0
"""Correlation lengths in the whole of a curve: features of an electrode, its plateaus and peaks, are some tenths of
its charge or of its window wide, and what a model misses is as wide as they are."""
EACH = 2
"""Samples that are kept for each length."""


def widened(noise: Any, independent: float) -> Array:
    """The standard deviations of numbers that count as fewer independent ones."""
    deviations = np.asarray(noise, dtype=float)
    return deviations * np.sqrt(len(deviations) / independent)


def evenly(parts: float = PARTS) -> Array:
    """Middles of equal parts of a curve from 0 to 1, EACH for every correlation length."""
    count = round(EACH * parts)
    return (np.arange(count) + 0.5) / count


def along_root(time: Array, count: int) -> NDArray[np.intp]:
    """Places of up to `count` samples that are evenly spaced in the square root of time, the last one among them."""
    wanted = time[0] + (time[-1] - time[0]) * (np.arange(1, count + 1) / count) ** 2
    return np.unique(np.abs(time[:, np.newaxis] - wanted).argmin(axis=0))
