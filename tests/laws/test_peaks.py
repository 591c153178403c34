"""Peaks of a curve of current against potential."""

import numpy as np
import pytest

from hetsim.laws.peaks import peaks


@pytest.mark.parametrize("direction", [1, -1])
def test_top_of_a_parabola_between_samples(direction):
    potential = np.linspace(0, 2, 41)[::direction]
    ((top, current),) = peaks(potential, 3 - (potential - 0.917) ** 2, 0.0)
    assert (top, current) == pytest.approx((0.917, 3), abs=1e-12)


def test_ends_and_small_peaks_do_not_count():
    potential = np.linspace(0, 10, 2001)
    current = np.sin(potential) + 0.01 * np.sin(40 * potential) + potential
    assert len(peaks(potential, current, 0.5)) < len(peaks(potential, current, 0.0))
    assert peaks(potential, potential, 0.0) == []


@pytest.mark.parametrize(
    ("potential", "current"), [([0, 1, 2, 3, 4], [0, 2, 2, 2, 0]), ([0, 1, 1, 2], [0, 1, 3, 2])]
)
def test_without_a_parabola_the_sample_counts(potential, current):
    ((top, height),) = peaks(potential, current, 0.0)
    assert (top, height) == ((2, 2) if len(potential) == 5 else (1, 3))
