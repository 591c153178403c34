"""Jump diffusion: from a migration barrier to a diffusivity, and how much a barrier can matter."""

from __future__ import annotations

from typing import Any

import numpy as np

from hetsim.constants import BOLTZMANN_EV


def jump_diffusivity(
    barrier_eV: Any,
    temperature: Any,
    jump_length: Any,
    attempt_frequency: Any,
    geometry: Any = 1.0,
) -> Any:
    """Tracer diffusivity of thermally activated jumps between sites [m2.s-1].

    D = g a^2 nu exp(-E_b / k_B T)

    E_b barrier [eV], T [K], a jump length [m], nu attempt frequency [s-1] (about 1e12 to 1e13),
    g = (jump directions) / (2 dimensions): 1 for a simple cubic, square or linear lattice.
    Limits: E_b >> k_B T, dilute ions, uncorrelated jumps.  The entropy of migration is in nu.
    Source: G. H. Vineyard, J. Phys. Chem. Solids 3 (1957) 121, doi:10.1016/0022-3697(57)90059-8.
    """
    return (
        geometry
        * jump_length**2
        * attempt_frequency
        * np.exp(-barrier_eV / (BOLTZMANN_EV * temperature))
    )


def arrhenius_factor(
    activation_energy_eV: Any, temperature: Any, reference_temperature: Any
) -> Any:
    """What a rate at T is of the same rate at T_ref [-].

    k(T) / k(T_ref) = exp[-(E / k_B) (1 / T - 1 / T_ref)],  E [eV], T and T_ref [K].

    Limits: one mechanism, a constant E and prefactor between T_ref and T.
    """
    return np.exp(
        -activation_energy_eV / BOLTZMANN_EV * (1 / temperature - 1 / reference_temperature)
    )


def barrier_ratio_bound(bulk_barrier_eV: Any, interface_barrier_eV: Any, temperature: Any) -> Any:
    """The most by which jumps over the interface barrier can outrun those in the bulk [-].

    D_interface / D_bulk <= exp[(E_bulk - E_interface) / k_B T],  energies [eV], T [K].

    Limits: equal prefactors, and every jump at the interface.  A bound of the ratio *in the
    interface layer*: it reaches the electrode only through the layer's volume fraction
    (`mixing.interface_channel`, `mixing.interface_network`), never as the bulk value.
    """
    return np.exp((bulk_barrier_eV - interface_barrier_eV) / (BOLTZMANN_EV * temperature))
