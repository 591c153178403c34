"""Ragone."""

import numpy as np
import pytest

from hetsim import analysis
from hetsim.errors import ParameterError


def test_constant_discharge_has_the_energy_of_its_capacity():
    time = np.linspace(0, 1800, 50)  # 0.2 A/g for half an hour: 100 mAh/g
    point = analysis.ragone_point(time, np.full(50, 0.2), np.full(50, 2.0), per="KPB")
    assert (point.energy, point.power) == pytest.approx((200, 400))  # Wh/kg, W/kg
    assert point.per == "KPB"


def test_per_both_electrodes_there_is_less():
    time = np.linspace(0, 3600, 50)
    of = [
        analysis.ragone_point(time, np.full(50, 0.1), np.full(50, 2.0), "x", ratio).energy
        for ratio in (1.0, 1.4)
    ]
    assert of[0] / of[1] == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"per": " "}, "per gram of what"),
        ({"mass_ratio": 0.0}, "mass_ratio is 0"),
        ({"current": [1, -1, 1]}, "changes its sign"),
        ({"time": [0, 2, 1]}, "time must rise"),
    ],
)
def test_bad_discharge_is_refused(changes, message):
    given = {"time": [0, 1, 2], "current": [1, 1, 1], "voltage": [2, 2, 2], "per": "KPB"}
    with pytest.raises(ParameterError, match=message):
        analysis.ragone_point(**{**given, **changes})
