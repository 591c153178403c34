"""Pulses of a trace with step numbers."""

import numpy as np
import pytest

from hetsim.analysis.pulses import step_pulses
from hetsim.results.trace import TimeTrace


def test_pulses_of_steps_with_a_last_one_that_has_no_rest() -> None:
    trace = TimeTrace(
        time=np.array([0.0, 36, 72, 108, 144, 180, 216]),
        current=np.array([0.0, 0.1, 0.1, 0.0, 0.0, 0.2, 0.2]),
        voltage=np.array([2.0, 1.8, 1.7, 1.85, 1.9, 1.5, 1.4]),
        step=np.array([0, 1, 1, 2, 2, 3, 3]),
    )
    first, second = step_pulses(trace)
    assert (first.number, second.number) == (1, 2)
    assert (first.before, first.end, first.after) == (2.0, 1.7, 1.9)
    assert (first.duration, first.current) == (72, 0.1)
    assert (second.before, second.end) == (1.9, 1.4)
    assert np.isnan([second.after, second.drift]).all()
    # 0.1 A/g in 72 s is 2 mA.h/g, 0.2 A/g another 4
    assert (first.passed, first.passed_at_end) == pytest.approx((0, 2))
    assert (second.passed, second.passed_at_end) == pytest.approx((2, 6))
