"""DQ/dV."""

import numpy as np
import pytest

from hetsim import analysis
from hetsim.errors import ParameterError


def test_area_under_dq_dv_is_the_capacity():
    voltage = np.linspace(3.0, 0.1, 3000)
    capacity = 300 / (1 + np.exp((voltage - 1.0) / 0.05))
    at, slope = analysis.differential_capacity(capacity, voltage)
    assert np.trapezoid(slope, at) == pytest.approx(300, rel=1e-3, abs=0)


def test_a_step_of_nernst_has_its_height_at_its_potential():
    voltage = np.linspace(1.4, 0.6, 4000)
    capacity = 300 / (1 + np.exp((voltage - 1.0) / 0.05))
    at, slope = analysis.differential_capacity(capacity, voltage, width=0.005)
    assert at[slope.argmax()] == pytest.approx(1.0, abs=0.003)  # potentials lie 2.7 mV apart
    assert slope.max() == pytest.approx(300 / 4 / 0.05, rel=1e-3, abs=0)


def test_width_averages_noise_away():
    random = np.random.default_rng(1)
    voltage = np.linspace(1.4, 0.6, 4000)
    noisy = 300 * (1.4 - voltage) / 0.8 + 0.1 * random.standard_normal(4000)
    errors = [
        np.std(analysis.differential_capacity(noisy, voltage, width)[1]) for width in (0.01, 0.1)
    ]
    # the error of a slope goes with width^-3/2
    assert errors[0] / errors[1] == pytest.approx(10**1.5, rel=0.5)


def test_jump_of_the_voltage_leaves_no_gap():
    voltage = np.array([3.0, 2.0, 1.0, 0.5, 0.1])
    at, slope = analysis.differential_capacity(100 * (3.0 - voltage), voltage)
    assert slope == pytest.approx(100, abs=1e-9)
    assert len(at) == 300


@pytest.mark.parametrize("width", [0.0, -0.1, 5.0])
def test_width_beyond_the_curve_is_refused(width):
    with pytest.raises(ParameterError, match="width"):
        analysis.differential_capacity([0, 1, 2], [3, 2, 1], width)
