"""Estimates with free electrons, against numbers that textbooks print and forms written otherwise."""

import numpy as np
import pytest

from hetsim.constants import BOLTZMANN_EV, ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY
from hetsim.laws.free_electrons import (
    ELECTRON_MASS,
    REDUCED_PLANCK,
    effective_density_of_states,
    fermi_energy,
    thomas_fermi_length,
    work_function_of_doping,
)


def test_fermi_energy_of_aluminium_and_tin():
    # Ashcroft and Mermin, table 2.1: 11.7 and 10.2 eV, printed with three digits
    for density, printed in ((1.81e29, 11.7), (1.48e29, 10.2)):
        energy = fermi_energy(density) / ELEMENTARY_CHARGE
        assert energy == pytest.approx(printed, rel=0.005, abs=0)


def test_thomas_fermi_length_is_the_form_with_the_bohr_radius():
    # k_0^2 = 4 (3/pi)^(1/3) n^(1/3) / a_0, Ashcroft and Mermin, eq. 17.55
    bohr_radius = (
        4 * np.pi * VACUUM_PERMITTIVITY * REDUCED_PLANCK**2 / (ELECTRON_MASS * ELEMENTARY_CHARGE**2)
    )
    density = np.geomspace(1e26, 1e30, 9)
    inverse_square = 4 * (3 * density / np.pi) ** (1 / 3) / bohr_radius
    lengths = thomas_fermi_length(density, 1.0)
    assert lengths**-2 == pytest.approx(inverse_square, rel=1e-12, abs=0)  # round-off
    assert thomas_fermi_length(density, 9.0) == pytest.approx(3 * lengths, rel=1e-12, abs=0)


def test_effective_density_of_states_is_the_printed_one():
    # 2.51e25 m-3 at 300 K for the free mass (Sze and Ng), three digits
    assert effective_density_of_states(300.0) == pytest.approx(2.51e25, rel=2e-3, abs=0)
    # T^(3/2): a power of two numbers, round-off
    ratio = effective_density_of_states(400.0) / effective_density_of_states(100.0)
    assert ratio == pytest.approx(8.0, rel=1e-12, abs=0)


def test_doping_moves_the_fermi_level_by_kt_for_each_factor_e():
    step = BOLTZMANN_EV * 300.0
    for doping, sign in (("n", -1), ("p", +1)):
        lean, rich = (
            work_function_of_doping(doping, 4.0, 1.2, density, 300.0)
            for density in (1e22, 1e22 * np.e)
        )
        assert 4.0 < lean < 5.2
        # differences of numbers near 5: round-off
        assert rich - lean == pytest.approx(sign * step, abs=1e-12)


def test_doping_as_dense_as_the_band_edge_puts_the_fermi_level_there():
    density = effective_density_of_states(300.0)
    assert work_function_of_doping("n", 4.0, 1.2, density, 300.0) == 4.0
    assert work_function_of_doping("p", 4.0, 1.2, density, 300.0) == 5.2
