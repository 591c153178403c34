"""Space charge at a junction: who is enriched or depleted, and what that does to conduction.

Symbols.  u0 = z dphi0 / V_T [-] is the enrichment exponent of a carrier: c(0) = c_inf exp(u0), with
dphi0 = phi_inf - phi(0) [V] positive where cations are drawn to the junction.  lambda [m] Debye
length, c_inf [mol.m-3], sigma_inf [S.m-1] in the bulk, x [m] distance from the junction.  Every law
takes floats, arrays or PyBaMM symbols unless it says otherwise.

Limits of all: ideal (Boltzmann) carriers, abrupt plane junction, layer much wider than lambda.
Where c_inf exp(u0) reaches the density of sites the true layer holds less
(`poisson_boltzmann.blakemore`, `poisson_boltzmann.bikerman`).
Sources: J. Maier, Prog. Solid State Chem. 23 (1995) 171, doi:10.1016/0079-6786(95)00004-E;
G. Gouy, J. Phys. Theor. Appl. 9 (1910) 457; D. L. Chapman, Phil. Mag. 25 (1913) 475.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import dawsn

from hetsim.constants import BOLTZMANN_EV, FARADAY, GAS_CONSTANT, VACUUM_PERMITTIVITY


def debye_length(
    concentration: Any,
    temperature: Any,
    relative_permittivity: Any,
    charge: Any = 1,
    mobile_carriers: int = 2,
) -> Any:
    """Debye length [m].

    lambda = sqrt(eps_r eps_0 R T / (m z^2 F^2 c_inf)),  c_inf [mol.m-3], T [K]

    m = 2: a pair of mobile carriers +z and -z (Gouy-Chapman); m = 1: one mobile carrier, its
    counter charge frozen.   Limits: dilute carriers; on a lattice c_inf becomes c_inf (1 - theta).
    """
    thermal = relative_permittivity * VACUUM_PERMITTIVITY * GAS_CONSTANT * temperature
    return np.sqrt(thermal / (mobile_carriers * charge**2 * FARADAY**2 * concentration))


def enrichment_exponent(potential: Any, temperature: Any, charge: Any = 1) -> Any:
    """u0 = z dphi0 F / (R T) [-],  dphi0 [V] > 0 enriches carriers of z > 0."""
    return charge * potential / (BOLTZMANN_EV * temperature)


def gouy_chapman(x: Any, debye: Any, u0: Any) -> Any:
    """Concentration over its bulk value, both carriers mobile [-].

    c(x) / c_inf = [(1 + t e^{-x/lambda}) / (1 - t e^{-x/lambda})]^2,   t = tanh(u0 / 4)
    """
    decayed = np.tanh(u0 / 4) * np.exp(-x / debye)
    return ((1 + decayed) / (1 - decayed)) ** 2


def gouy_chapman_slope(x: Any, debye: Any, u0: Any) -> Any:
    """Slope of the exponent u = ln(c / c_inf) [m-1].

    du/dx = -(2 / lambda) sinh(u / 2) = -(4 / lambda) d / (1 - d^2),   d = t e^{-x/lambda}
    """
    decayed = np.tanh(u0 / 4) * np.exp(-x / debye)
    return -4 / debye * decayed / (1 - decayed**2)


def debye_hueckel(x: Any, debye: Any, u0: Any) -> Any:
    """Exponent u(x) = u0 e^{-x/lambda} [-], the limit |u0| << 1 of `gouy_chapman`."""
    return u0 * np.exp(-x / debye)


def excess_carriers(debye: Any, u0: Any, concentration: Any) -> Any:
    """Carriers in the layer beyond those of the bulk, per junction area [mol.m-2].

    int_0^inf (c - c_inf) dx = 2 lambda c_inf (e^{u0/2} - 1);  negative where u0 < 0 depletes.
    """
    # e^h - 1 = 2 e^{h/2} sinh(h/2) keeps its digits at small h
    return 4 * debye * concentration * np.exp(u0 / 4) * np.sinh(u0 / 4)


def excess_sheet_conductance(debye: Any, u0: Any, sigma_bulk: Any) -> Any:
    """Conductance along the junction beyond the bulk's, for one square of it [S].

    2 lambda sigma_inf (e^{u0/2} - 1)   Limits: the carrier's bulk mobility in the layer.
    """
    return excess_carriers(debye, u0, sigma_bulk)


def excess_resistance_across(debye: Any, u0: Any, sigma_bulk: Any) -> Any:
    """Resistance across the layer beyond the bulk's, per junction area [ohm.m2].

    int_0^inf (1/sigma - 1/sigma_inf) dx = (2 lambda / sigma_inf) (e^{-u0/2} - 1)

    Positive where u0 < 0 depletes.   Limits: as `excess_sheet_conductance`.
    """
    return excess_carriers(debye, -u0, 1 / sigma_bulk)


def mott_schottky_width(
    potential: Any, dopant_concentration: Any, relative_permittivity: Any, charge: Any = 1
) -> Any:
    """Width of a depletion layer whose dopant cannot move [m].

    lambda* = sqrt(2 eps_r eps_0 |dphi0| / (z F c_dopant)),  c_dopant [mol.m-3], dphi0 [V]

    Limits: z |dphi0| >> V_T; the tail of carriers shortens dphi0 by V_T / z.
    Sources: N. F. Mott, Proc. R. Soc. A 171 (1939) 27; W. Schottky, Z. Phys. 113 (1939) 367.
    """
    permittivity = relative_permittivity * VACUUM_PERMITTIVITY
    return np.sqrt(2 * permittivity * np.abs(potential) / (charge * FARADAY * dopant_concentration))


def mott_schottky(x: Any, width: Any, u0: Any) -> Any:
    """Concentration over its bulk value in a depletion layer with frozen dopant [-].

    c(x) / c_inf = exp[u0 (1 - x / lambda*)^2] for x < lambda*, one beyond;  u0 < 0
    """
    return np.exp(u0 * np.maximum(1 - x / width, 0) ** 2)


def mott_schottky_resistance_across(width: float, u0: float, sigma_bulk: float) -> float:
    """Resistance across a Mott-Schottky layer beyond the bulk's [ohm.m2]; numbers and arrays only.

    (lambda* / sigma_inf) [int_0^1 e^{|u0| s^2} ds - 1]
        = (lambda* / sigma_inf) [e^{|u0|} Dawson(sqrt|u0|) / sqrt|u0| - 1],   u0 < 0
    """
    root = np.sqrt(np.abs(u0))
    return width / sigma_bulk * (np.exp(root**2) * dawsn(root) / root - 1)


def mott_schottky_resistance_deep(width: Any, u0: Any, sigma_bulk: Any) -> Any:
    """Deep-depletion form of `mott_schottky_resistance_across` [ohm.m2]; takes symbols.

    (lambda* / sigma_inf) e^{|u0|} / (2 |u0|)   Limits: relative error about 1 / (2 |u0|).
    """
    return width / sigma_bulk * np.exp(np.abs(u0)) / (2 * np.abs(u0))


def conductivity_ratio(
    potential: Any,
    temperature: Any,
    enthalpy_difference_eV: Any = 0.0,
    prefactor_ratio: Any = 1.0,
    charge: Any = 1,
    layer: Any = 2.0,
) -> Any:
    """Conductivity of the interface layer over that of the bulk, along the interface [-].

    sigma_int / sigma_inf = A e^{dH/k_B T} [1 + (2 lambda / w) (e^{u0/2} - 1)],   u0 = z dphi0 / V_T

    dphi0 [V]; dH = migration enthalpy of the bulk minus that of the interface [eV]; A ratio of the
    prefactors (attempt frequency, migration entropy) [-]; w / lambda = `layer`, the width that the
    conductance is shared over.  At w = 2 lambda it is A exp[(dH + z e dphi0 / 2) / k_B T]: then
    with A = 1 a ratio above one *grows* on cooling; one that falls needs A > 1 and dH < 0 enough.
    Limits: dphi0 and dH independent of T.
    """
    mobility = prefactor_ratio * np.exp(enthalpy_difference_eV / (BOLTZMANN_EV * temperature))
    u0 = enrichment_exponent(potential, temperature, charge)
    return mobility * (1 + 2 / layer * (np.exp(u0 / 2) - 1))


def potential_for_ratio(
    ratio: Any,
    temperature: Any,
    enthalpy_difference_eV: Any = 0.0,
    prefactor_ratio: Any = 1.0,
    charge: Any = 1,
    layer: Any = 2.0,
) -> Any:
    """Potential that gives a measured ratio, `conductivity_ratio` solved for dphi0 [V].

    dphi0 = (2 V_T / z) ln[1 + (w / 2 lambda) (ratio / (A e^{dH/k_B T}) - 1)]
    """
    mobility = prefactor_ratio * np.exp(enthalpy_difference_eV / (BOLTZMANN_EV * temperature))
    enrichment = np.log(1 + layer / 2 * (ratio / mobility - 1))
    return 2 * BOLTZMANN_EV * temperature / charge * enrichment


@dataclass(frozen=True)
class InterfaceConstants:
    """One set of constants of `conductivity_ratio`, for all temperatures."""

    potential_V: float
    enthalpy_difference_eV: float
    prefactor_ratio: float = 1.0
    charge: int = 1
    layer: float = 2.0

    def ratio(self, temperature: Any) -> Any:
        """Interfacial over bulk conductivity at `temperature` [K]."""
        return conductivity_ratio(
            self.potential_V,
            temperature,
            self.enthalpy_difference_eV,
            self.prefactor_ratio,
            self.charge,
            self.layer,
        )


def constants_from_one_ratio(
    ratio: float, temperature: float, potential: float, charge: int = 1, layer: float = 2.0
) -> InterfaceConstants:
    """Constants that give `ratio` at `temperature` [K] for a chosen `potential` [V] and A = 1.

    dH = k_B T ln[ratio / (1 + (2 lambda / w)(e^{u0/2} - 1))]
    """
    space_charge = conductivity_ratio(potential, temperature, charge=charge, layer=layer)
    enthalpy = BOLTZMANN_EV * temperature * np.log(ratio / space_charge)
    return InterfaceConstants(potential, float(enthalpy), 1.0, charge, layer)


def constants_from_two_ratios(
    ratios: tuple[float, float],
    temperatures: tuple[float, float],
    potential: float,
    charge: int = 1,
    layer: float = 2.0,
) -> InterfaceConstants:
    """Constants that give two ratios at two temperatures [K], for a chosen potential [V].

    ln(ratio / space charge) = ln A + dH / (k_B T) at both temperatures: two lines, two unknowns.
    Limits: two ratios fix A and dH *given* the potential; ratios alone cannot tell dH from
    z e dphi0 / 2 (at w = 2 lambda only their sum acts).   Raises ValueError for equal temperatures.
    """
    if temperatures[0] == temperatures[1]:
        raise ValueError(f"Two different temperatures are needed, got {temperatures[0]} K twice.")
    beta = 1 / (BOLTZMANN_EV * np.asarray(temperatures))
    space_charge = conductivity_ratio(
        potential, np.asarray(temperatures), charge=charge, layer=layer
    )
    left = np.log(np.asarray(ratios) / space_charge)
    enthalpy = (left[1] - left[0]) / (beta[1] - beta[0])
    prefactor = np.exp(left[0] - enthalpy * beta[0])
    return InterfaceConstants(potential, float(enthalpy), float(prefactor), charge, layer)


def chemical_capacitance(concentration: Any, temperature: Any, charge: Any = 1) -> Any:
    """Charge that dilute carriers store per volume and volt of chemical potential [F.m-3].

    C_chem = z^2 F^2 dc/dmu = z^2 F^2 c / (R T),  c [mol.m-3]

    Limits: dilute; on a lattice c becomes c (1 - theta).
    Source: J. Jamnik and J. Maier, Phys. Chem. Chem. Phys. 3 (2001) 1668, doi:10.1039/b100180i.
    """
    return charge**2 * FARADAY**2 * concentration / (GAS_CONSTANT * temperature)


def excess_chemical_capacitance(
    debye: Any, u0: Any, concentration: Any, temperature: Any, charge: Any = 1
) -> Any:
    """Chemical capacitance of the layer beyond the bulk's, per junction area [F.m-2].

    `chemical_capacitance` of `excess_carriers`.  Excess conductance over it is the bulk
    diffusivity: carriers that are only redistributed conduct more and store more, in proportion.
    """
    return chemical_capacitance(excess_carriers(debye, u0, concentration), temperature, charge)
