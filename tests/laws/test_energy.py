"""Energy, mean power and coulombic efficiency."""

import pytest

from hetsim.laws.energy import coulombic_efficiency, energy, mean_power


def test_energy_power_and_efficiency_of_a_falling_voltage():
    delivered = energy([2.0, 1.0], [0.0, 100.0])
    assert delivered == pytest.approx(150)  # W.h.kg-1
    assert mean_power(delivered, 1800.0) == pytest.approx(300)  # W.kg-1, in half an hour
    assert coulombic_efficiency(100.0, 98.0) == pytest.approx(0.98)
