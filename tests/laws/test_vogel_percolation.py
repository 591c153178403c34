"""Vogel's law has Arrhenius' as its limit; thin sheets percolate early."""

import numpy as np
import pytest

from hetsim.constants import BOLTZMANN_EV
from hetsim.laws.hopping import arrhenius_factor
from hetsim.laws.percolation import sheet_threshold
from hetsim.laws.vogel import vogel_factor


def test_without_a_glass_it_is_arrhenius() -> None:
    temperatures = np.array([280.0, 300.0, 350.0])
    own = vogel_factor(4000.0, 0.0, temperatures, 300.0)
    assert own == pytest.approx(arrhenius_factor(4000 * BOLTZMANN_EV, temperatures, 300.0))


def test_it_is_steeper_near_the_glass() -> None:
    low, high = (vogel_factor(1366, 195, t + 10, t) for t in (260, 360))
    assert low > high > 1


def test_twice_as_wide_sheets_need_half_the_volume() -> None:
    assert sheet_threshold(500) == pytest.approx(sheet_threshold(250) / 2)
    assert sheet_threshold(500) == pytest.approx(0.00254)
