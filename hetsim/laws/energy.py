"""Energy, mean power and coulombic efficiency of charge and discharge."""

from typing import Any

import numpy as np

from hetsim.units import HOUR


def energy(voltage: Any, charge: Any) -> float:
    """Energy of a step: the integral of the voltage over the charge [W.h.kg-1].

    voltage : [V]; charge : specific charge at the same samples [mA.h.g-1]
    Limit: the trapezoidal rule between the samples.
    """
    return float(np.trapezoid(voltage, charge))


def mean_power(energy: float, duration: float) -> float:
    """Energy over duration [W.kg-1]; energy [W.h.kg-1], duration [s]."""
    return energy / duration * HOUR


def coulombic_efficiency(inserted: Any, extracted: Any) -> Any:
    """Extracted over inserted charge [-], both in the same unit; numbers or arrays.

    For a full cell, charge counts as inserted and discharge as extracted.
    """
    return extracted / inserted
