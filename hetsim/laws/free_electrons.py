"""Estimates with free electrons (one parabolic band of the free mass): screening, Fermi level.

For checks of data against each other, where no band structure is at hand.  Numbers and arrays, SI.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hetsim.constants import BOLTZMANN_EV, ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY

REDUCED_PLANCK = 1.054571817e-34
"""Reduced Planck constant [J.s], CODATA 2018."""

ELECTRON_MASS = 9.1093837015e-31
"""Mass of the electron [kg], CODATA 2018."""


def fermi_energy(electron_density: Any) -> Any:
    """Fermi energy of a metal above its band edge [J].

    E_F = hbar^2 (3 pi^2 n)^(2/3) / (2 m_e),  n [m-3]

    Limits: k_B T << E_F.   Source: A. Sommerfeld, Z. Phys. 47 (1928) 1, doi:10.1007/BF01391052.
    """
    return REDUCED_PLANCK**2 * (3 * np.pi**2 * electron_density) ** (2 / 3) / (2 * ELECTRON_MASS)


def thomas_fermi_length(electron_density: Any, relative_permittivity: Any) -> Any:
    """Screening length of a metal, what the Debye length is to a semiconductor [m].

    lambda = sqrt(2 eps_r eps_0 E_F / (3 e^2 n)),  n [m-3], eps_r of the lattice background [-]

    Limits: as `fermi_energy`; potentials small against E_F / e.
    Source: N. W. Ashcroft and N. D. Mermin, Solid State Physics (1976), chapter 17.
    """
    permittivity = relative_permittivity * VACUUM_PERMITTIVITY
    energy = fermi_energy(electron_density)
    return np.sqrt(2 * permittivity * energy / (3 * ELEMENTARY_CHARGE**2 * electron_density))


def effective_density_of_states(temperature: Any) -> Any:
    """States at a band edge that count, 2.5e25 m-3 at 300 K [m-3].

    N = 2 (m_e k_B T / (2 pi hbar^2))^(3/2)

    Limits: free mass; a mass of 0.2 to 2 m_e moves the Fermi level by less than 3 k_B T.
    Source: S. M. Sze and K. K. Ng, Physics of Semiconductor Devices (2007), section 1.4.
    """
    thermal_energy = ELEMENTARY_CHARGE * BOLTZMANN_EV * temperature
    return 2 * (ELECTRON_MASS * thermal_energy / (2 * np.pi * REDUCED_PLANCK**2)) ** 1.5


def work_function_of_doping(
    doping: str, affinity_eV: Any, band_gap_eV: Any, dopant_density: Any, temperature: Any
) -> Any:
    """Work function that a doping implies [eV].

    n: W = chi + k_B T ln(N / N_D),   p: W = chi + E_g - k_B T ln(N / N_A)

    N `effective_density_of_states` [m-3], N_D and N_A ionised [m-3].   Limits: not degenerate.
    """
    distance = (
        BOLTZMANN_EV
        * temperature
        * np.log(effective_density_of_states(temperature) / dopant_density)
    )
    return affinity_eV + distance if doping == "n" else affinity_eV + band_gap_eV - distance
