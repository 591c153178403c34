"""A record weighs as many numbers as it has that are independent, however densely it was sampled."""

from typing import Any

import numpy as np
import pytest
from simulated_data import CAPACITY, EXCHANGE, MODEL, rate, titration, truth, voltage_curve

import hetsim as hs
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.observations import observations_of
from hetsim.fitting.observations.correlation import along_root, evenly, widened


def intervals(data: Any) -> Any:
    free = tuple(FreeValue(one) for one in (CAPACITY, EXCHANGE))
    problem = Problem((truth(),), (data,), free, (0.02,), 2.0, MODEL)
    return problem.linearised(problem.present()).intervals


def test_ten_thousand_samples_weigh_as_a_hundred():
    np.testing.assert_allclose(
        intervals(voltage_curve(10_000)), intervals(voltage_curve(100)), rtol=0.02
    )  # other samples of the same noise


def test_a_denser_titration_knows_no_more():
    trace = titration()
    kept = np.unique(np.concatenate([np.arange(0, trace.time.size, 3), *_ends(trace)]))
    thin = hs.TimeTrace(
        trace.time[kept], trace.current[kept], trace.voltage[kept], trace.step[kept]
    )
    # a third of the samples: those that are nearest to the wanted times are others
    np.testing.assert_allclose(intervals(trace), intervals(thin), rtol=0.15)


def _ends(trace: hs.TimeTrace) -> list[Any]:
    changes = np.flatnonzero(np.diff(trace.step))
    return [changes, changes + 1, [trace.time.size - 1]]


def test_a_voltage_curve_does_not_drown_a_rate_curve():
    [curve] = observations_of(voltage_curve(10_000))
    [points] = observations_of(rate())
    assert points.independent == 4
    assert curve.independent == 11  # ten parts of a curve, and its charge
    assert np.sum((curve.level / curve.noise[1:]) ** 2) < 10.001  # no more information than that


def test_widened_noise_keeps_the_information_of_independent_numbers():
    """n alike samples as N independent ones: the mean is known to sigma / sqrt(N)."""
    noise = widened(np.full(50, 0.3), 10.0)
    assert 1 / np.sqrt(np.sum(noise**-2)) == pytest.approx(0.3 / np.sqrt(10))


def test_samples_are_even_along_a_curve_and_in_the_root_of_time():
    np.testing.assert_allclose(np.diff(evenly()), 0.05)
    time = np.linspace(0, 100, 1001)
    np.testing.assert_allclose(np.sqrt(time[along_root(time, 5)]), [2, 4, 6, 8, 10], atol=0.02)


def test_an_error_of_the_mass_is_in_one_number_only():
    """A charge axis stretched by 10 % changes the charge of the whole, and no voltage."""
    one = voltage_curve()
    other = hs.VoltageCurveData(one.current, 1.1 * one.charge, one.voltage)
    np.testing.assert_allclose(other.data[1:], one.data[1:], atol=1e-9)
    assert other.data[0] - one.data[0] == pytest.approx(np.log(1.1))
