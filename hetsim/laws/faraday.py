"""Faraday's law: the charge that a formula unit takes up, per gram of the host."""

import re
from typing import Any

from hetsim.constants import FARADAY
from hetsim.errors import ParameterError

ATOMIC_WEIGHTS = {
    "H": 1.008,
    "Li": 6.94,
    "B": 10.81,
    "C": 12.011,
    "N": 14.007,
    "O": 15.999,
    "F": 18.998,
    "Na": 22.990,
    "Mg": 24.305,
    "Al": 26.982,
    "Si": 28.085,
    "P": 30.974,
    "S": 32.06,
    "Cl": 35.45,
    "K": 39.098,
    "Ca": 40.078,
    "Ti": 47.867,
    "V": 50.942,
    "Cr": 51.996,
    "Mn": 54.938,
    "Fe": 55.845,
    "Co": 58.933,
    "Ni": 58.693,
    "Cu": 63.546,
    "Zn": 65.38,
    "Ga": 69.723,
    "Ge": 72.630,
    "As": 74.922,
    "Se": 78.971,
    "Nb": 92.906,
    "Mo": 95.95,
    "In": 114.82,
    "Sn": 118.71,
    "Sb": 121.76,
    "Te": 127.60,
    "Ta": 180.95,
    "W": 183.84,
    "Re": 186.21,
    "Bi": 208.98,
}
"""Standard atomic weights, abridged [g.mol-1]."""
_COULOMB_PER_MAH = 3.6
_PART = re.compile(r"([A-Z][a-z]?)(\d*\.?\d*)")


def molar_mass(formula: str) -> float:
    """Molar mass of a formula unit such as "Bi2S3" or "Fe0.9S", without brackets [g.mol-1].

    Raises ParameterError for what is no such formula, or an element that the table lacks.
    Source of the weights: T. Prohaska et al., Pure Appl. Chem. 94, 573 (2022), doi:10.1515/pac-2019-0603.
    """
    parts = _PART.findall(formula)
    if not parts or "".join(symbol + count for symbol, count in parts) != formula:
        raise ParameterError(
            f"'{formula}' is no formula; it must be elements with their numbers, such as Bi2S3."
        )
    unknown = [symbol for symbol, _ in parts if symbol not in ATOMIC_WEIGHTS]
    if unknown:
        raise ParameterError(
            f"The element '{unknown[0]}' of {formula} is not in the table of atomic weights, which has "
            f"{', '.join(ATOMIC_WEIGHTS)}."
        )
    return sum(ATOMIC_WEIGHTS[symbol] * float(count or 1) for symbol, count in parts)


def theoretical_capacity(formula: str, electrons: Any) -> Any:
    """Charge of n electrons a formula unit, per gram of the host without the ions [mA.h.g-1].

    q = n F / (3.6 M)

    n electrons a formula unit [-], M molar mass of the host [g.mol-1].
    Limits: the products are those that n stands for; what carbon, binder and surface films store is not in it, so
    measured capacities can lie above.
    """
    return electrons * FARADAY / (_COULOMB_PER_MAH * molar_mass(formula))
