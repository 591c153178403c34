"""Ions that hop on a lattice of sites in a potential: the flux between two neighbouring nodes.

Balance     d(theta)/dt = -div n,                         theta: occupancy of the sites [-]
Flux        n = -D theta (1 - theta) grad(mu),            mu = ln(theta / (1 - theta)) + Phi   [RT]
              = -D [grad(theta) + theta (1 - theta) grad(Phi)]

with Phi = z F phi / (R T) the built-in potential in units of the thermal voltage. Phi = 0 is Fick's
law; at rest mu is uniform.

Discrete form. With a = theta / (1 - theta) the flux reads n = -D (1 - theta)^2 (a' + a Phi').
Taking Phi' and D constant between two nodes, solving for a (Scharfetter and Gummel, 1969,
doi:10.1109/T-ED.1969.16566) and putting (1 - theta_l)(1 - theta_r) for (1 - theta)^2 gives, with
x = Phi_r - Phi_l and y = x/2,

    n = -(D / h) (y / sinh y) [theta_r (1 - theta_l) e^y - theta_l (1 - theta_r) e^-y],

which is site-exclusion hopping: an ion leaves l only for an empty site in r. It keeps exactly, on any
mesh: n = 0 if and only if mu_l = mu_r; Fick's law for Phi = 0; 0 <= theta <= 1; and the symmetry between
ions in Phi and vacancies in -Phi. Each bracket term keeps its digits, however steep the potential.
"""

from typing import Any

import numpy as np

# y / sinh(y) at y = sqrt(y^2 + TINY^2): 1 to the last digit at y = 0, where 0/0 would be
_TINY = 1e-8


def lattice_flux(
    theta_left: Any, theta_right: Any, delta_phi: Any, distance: Any, diffusivity: Any
) -> Any:
    """Flux of occupancy from left to right [m.s-1] between nodes a `distance` [m] apart.

    theta_left, theta_right : occupancies in [0, 1]
    delta_phi : Phi_right - Phi_left in units of RT/zF [-]
    diffusivity : D [m2.s-1]; the flux of ions is the result times c_max [mol.m-3]
    """
    half = delta_phi / 2
    regular = np.sqrt(half**2 + _TINY**2)
    backward = theta_right * (1 - theta_left) * np.exp(half)
    forward = theta_left * (1 - theta_right) * np.exp(-half)
    return -diffusivity / distance * regular / np.sinh(regular) * (backward - forward)


def fick_flux(theta_left: Any, theta_right: Any, distance: Any, diffusivity: Any) -> Any:
    """`lattice_flux` without a potential: -D (theta_r - theta_l) / h [m.s-1], linear in theta."""
    return -diffusivity / distance * (theta_right - theta_left)


def chemical_potential(theta: Any, phi: Any) -> Any:
    """mu = ln(theta / (1 - theta)) + Phi in units of RT [-]; theta in (0, 1)."""
    return np.log(theta / (1 - theta)) + phi


def thermodynamic_factor(theta: Any, slope: Any, thermal_voltage: Any) -> Any:
    """-theta (1 - theta) U'(theta) / V_T [-]: chemical over ideal-lattice diffusivity.

    Multiply a component diffusivity with it to have the Fickian diffusivity that belongs to the
    open-circuit curve U (Weppner and Huggins, 1977, doi:10.1149/1.2133112). It is 1 for the ideal
    lattice, U = U0 + V_T ln((1 - theta) / theta).

    slope : dU/dtheta [V], negative for a stable phase
    thermal_voltage : V_T = RT/zF [V]
    """
    return -theta * (1 - theta) * slope / thermal_voltage
