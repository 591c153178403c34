"""Conduction and storage in the layer of space charge along a junction, for two kinds of carriers.

A junction layer of width w lies in grains of a host. At the distance x from the junction the ions feel a
potential phi(x); v = zF phi(0)/RT > 0 gathers the carriers and v < 0 depletes them. Ions that run *along* the
layer find the conductivity sigma(x), and the layer conducts in parallel with the grain behind it. What counts in
a mixing law is the mean over the layer, over the value of the grain:

    rho = (1/w) int_0^w sigma(x)/sigma_bulk dx,      gamma = (1/w) int_0^w C(x)/C_bulk dx             (1)

sigma conductivity of the ions, C = -dq/du their chemical capacitance. The diffusivity of a grain with its layers
(volume share f) is sigma_eff / C_eff: only where rho grows more than gamma do ions diffuse faster.

Dilute carriers (mobile defects, few beside the sites; J. Maier's case). Both mobile carriers screen, so phi(x) is
the Gouy-Chapman profile, whose excess is known in closed form,

    rho = m [1 + (2 lambda / w)(e^{v/2} - 1)]      for w >> lambda,    gamma = 1                       (2)

m: mobility in the layer over that in the grain (`mobility_ratio`). The defects conduct and are too few to store.

Lattice carriers (the stored ions themselves). The layer is the host at the shifted potential u - phi(x), with
phi(x) = phi(0) e^{-x/lambda}. Conductivity and capacitance go with the slope of the same isotherm,

    sigma(x)/sigma_bulk = m c(u - phi)/c(u),    C(x)/C_bulk = c(u - phi)/c(u),    c = -d(theta)/du      (3)

so that redistributed ions conduct more and store more in proportion. For one ideal site
c = theta (1 - theta)/V_T, whose largest value is at half filling: there rho / m <= 1 for *every* potential. A
space charge cannot make a half-full lattice conduct better; a nearly empty one gains e^v.

Sources: J. Maier, Prog. Solid State Chem. 23 (1995) 171, doi:10.1016/0079-6786(95)00004-E; J. Maier, Nat. Mater. 4
(2005) 805, doi:10.1038/nmat1513 (storage). Limits: plane junction, ideal carriers, no exchange of charge with the
electrons beyond the given potential; (2) fails beyond about 1 V, where more ions would stand at the junction than
there are places.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from hetsim.constants import BOLTZMANN_EV

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)


def mobility_ratio(
    prefactor: Any, enthalpy_difference: Any, temperature: Any, reference_temperature: Any
) -> Any:
    """Mobility of the carriers in the layer over that in the grain [-].

    m(T) = m(T_ref) exp[(dH / k_B)(1/T - 1/T_ref)]

    Parameters
    ----------
    prefactor : m at the reference temperature [-]
    enthalpy_difference : dH, migration enthalpy of the grain minus that of the layer [eV]; where it is
        positive the ratio grows on cooling
    temperature, reference_temperature : [K]
    """
    change = 1 / temperature - 1 / reference_temperature
    return prefactor * np.exp(enthalpy_difference / BOLTZMANN_EV * change)


def dilute_ratio(exponent: Any, debye_length: Any, width: Any) -> Any:
    """rho / m of dilute carriers, equation (2) [-].

    Parameters
    ----------
    exponent : v = zF phi(0) / RT, positive where carriers gather [-]
    debye_length, width : lambda and w in one unit [m]

    Notes
    -----
    e^{v/2} - 1 is written 2 e^{v/4} sinh(v/4), which keeps its digits at small v. A depleted layer
    (v < 0) conducts less; with w = 2 lambda the ratio is e^{v/2} for either sign.
    """
    return 1 + 4 * debye_length / width * np.exp(exponent / 4) * np.sinh(exponent / 4)


def lattice_means(
    curve: Callable[[Any], Any],
    potential: Any,
    interface_potential: Any,
    debye_length: Any,
    width: Any,
) -> Any:
    """Mean over the layer of a function of the potential that the ions feel there, equation (3).

    (1/w) int_0^w curve(u - phi_0 e^{-x/lambda}) dx

    by 32 Gauss points in sqrt(x/w), which lie densely where the potential is steep. Both means use the same
    points, so that what the layer stores is the integral of its capacitance.

    Parameters
    ----------
    curve : occupancy theta(u) for what is stored, or capacitance c(u) for what conducts
    potential : u of the grain behind the layer [V]
    interface_potential : phi_0, positive where ions gather [V]
    debye_length, width : lambda and w [m]

    Notes
    -----
    Error of an occupancy, in parts of one: 1e-6 for an ideal site, 0.3 V and w = 2 lambda; 4e-3 at worst, where
    a step of half the ideal width is swept by 1 V over ten Debye lengths.
    """
    places = layer_places(interface_potential, debye_length, width)
    return sum(weight * curve(potential - shift) for weight, shift in places)


def layer_places(
    interface_potential: Any, debye_length: Any, width: Any
) -> list[tuple[float, Any]]:
    """Weight [-] and potential phi_0 e^{-x/lambda} [V] at the Gauss points of a layer; `lattice_means`."""
    places = []
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        root = (node + 1) / 2
        decay = np.exp(-(root**2) * width / debye_length)
        places.append((float(weight * root), interface_potential * decay))
    return places
