"""Ragone: energy and power of a discharge, per gram of a stated mass."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.units import HOUR, MAH


@dataclass(frozen=True)
class RagonePoint:
    """One discharge: energy [W.h.kg-1] and mean power [W.kg-1] per mass of `per`.

    Parameters
    ----------
    energy : float
        [W.h.kg-1]
    power : float
        Mean power [W.kg-1]
    per : str
        The mass that both count by
    """

    energy: float
    power: float
    per: str


def ragone_point(
    time: Any, current: Any, voltage: Any, per: str, mass_ratio: float = 1.0
) -> RagonePoint:
    """Energy and mean power of one discharge.

    E = integral |i| U dt,   P = E / t

    Parameters
    ----------
    time : array_like
        [s], rising
    current : array_like
        [A.g-1], of one sign
    voltage : array_like
        Of the cell [V]
    per : str
        What the gram is a gram of, such as "KPB" or "both electrodes": there is no default, a full
        cell has less than half per gram of both electrodes of what it has per gram of one
    mass_ratio : float, default 1.0
        Mass of `per` over the mass that the current refers to [-]

    Returns
    -------
    RagonePoint

    Raises
    ------
    ParameterError
        For a blank `per`, a ratio that is not positive, or a current of both signs.

    Notes
    -----
    Limits: the trapezoidal rule between the samples; the voltage of a half cell gives no energy of a
    battery. [A.V/g] = [kW/kg].
    """
    t, i, u = (np.asarray(one, dtype=float) for one in (time, current, voltage))
    if not per.strip():
        raise ParameterError(
            "Ragone: say per gram of what, such as per='KPB' or 'both electrodes'."
        )
    if not 0 < number(mass_ratio, "mass_ratio", "Ragone") < math.inf:
        raise ParameterError(f"Ragone: mass_ratio is {mass_ratio:g}; it must be positive.")
    if len(t) < 2 or not np.all(np.diff(t) > 0):
        raise ParameterError("Ragone: time must rise over at least two samples.")
    if np.any(i > 0) and np.any(i < 0):
        raise ParameterError("Ragone: the current changes its sign; give one discharge.")
    energy = float(np.trapezoid(np.abs(i) * u, t)) / MAH / mass_ratio
    hours = float(t[-1] - t[0]) / HOUR
    return RagonePoint(energy, energy / hours, per)
