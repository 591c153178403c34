"""What a sweep keeps of a result."""

from types import SimpleNamespace

import numpy as np
import pytest

import hetsim as hs
from hetsim.results import CVSweep, Outcome
from hetsim.sweeping.protocol_quantities import summary


def bell(potential, centre, height):
    return height * np.exp(-(((potential - centre) / 0.05) ** 2))


def test_of_several_peaks_a_sweep_keeps_the_largest():
    """Two insertion peaks, the larger one first in the order of the sweep, and two extraction peaks."""
    falling, rising = np.linspace(2.5, 0.0, 501), np.linspace(0.0, 2.5, 501)[1:]
    inserted = bell(falling, 1.5, 2.0) + bell(falling, 0.6, 1.0)
    extracted = -bell(rising, 0.9, 3.0) - bell(rising, 1.9, 0.5)
    potential = np.concatenate([falling, rising])
    sweep = CVSweep(
        scan_rate=1.0,
        time=1e3 * np.concatenate([[0.0], np.cumsum(np.abs(np.diff(potential)))]),
        potential=potential,
        current=np.concatenate([inserted, extracted]),
        branch=np.repeat([1, -1], [falling.size, rising.size]),
        outcome=Outcome.COMPLETED,
    )
    kept = summary(hs.CV([1.0])).read(SimpleNamespace(sweeps=[sweep]))
    # the parabola through samples 5 mV apart at the top of a bell of 50 mV: fourth order
    assert kept["insertion_peak_V"] == pytest.approx([1.5], abs=1e-6)
    assert kept["insertion_peak_A_per_g"] == pytest.approx([2.0], rel=1e-6)
    assert kept["extraction_peak_V"] == pytest.approx([0.9], abs=1e-6)
    assert kept["extraction_peak_A_per_g"] == pytest.approx([-3.0], rel=1e-6)
