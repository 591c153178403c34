"""Isotherm of a host with several kinds of sites, explicit in the potential, and its composition.

A host takes up ions on sites of kinds j = 1..n. At the electrode potential u [V against the ion's metal]

    theta(u) = sum_j X_j / (1 + exp(x_j)),      x_j = (u - U_j) / (omega_j V_T),      V_T = RT/zF      (1)

U_j potential of the site [V], X_j its share of the capacity [-], omega_j its width in units of V_T [-]: 1 is
the ideal lattice gas, smaller values a sharper step, larger ones a sloping curve. theta falls strictly with u.

Hosts in equilibrium share u, so a mixture with capacity shares w_h holds, without any further assumption,

    Theta(u) = sum_h w_h theta_h(u)                                                                   (2)

Hysteresis. Site j is filled at U_j - Delta_j / 2 and emptied at U_j + Delta_j / 2: `direction` is 1 while ions
enter, -1 while they leave and 0 on the mean of both.

Limits: no interaction between kinds of sites; V_T at the temperature of the cell; X_j, omega_j independent of
temperature. Numbers, arrays and PyBaMM symbols.
Source: M. Verbrugge, D. Baker, B. Koch, X. Xiao, W. Gu, J. Electrochem. Soc. 164, E3243 (2017),
doi:10.1149/2.0341708jes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq


@dataclass(frozen=True)
class Sites:
    """The kinds of sites of one host: n values each, numbers or PyBaMM symbols.

    Parameters
    ----------
    potentials : U_j, middle of insertion and extraction [V]
    shares : X_j, share of the capacity; they sum to one [-]
    widths : omega_j in units of the thermal voltage [-]
    hysteresis : Delta_j, extraction minus insertion potential [V]
    """

    potentials: Sequence[Any]
    shares: Sequence[Any]
    widths: Sequence[Any]
    hysteresis: Sequence[Any]


def logistic(x: Any) -> Any:
    """1 / (1 + e^x), written so that no x overflows."""
    return (1 - np.tanh(x / 2)) / 2


def occupancy(potential: Any, sites: Sites, thermal_voltage: Any, direction: Any = 0) -> Any:
    """Occupancy theta(u) of a host [-], equation (1)."""
    return sum(
        share * logistic(argument)
        for share, argument in zip(
            sites.shares, _arguments(potential, sites, thermal_voltage, direction), strict=True
        )
    )


def capacitance(potential: Any, sites: Sites, thermal_voltage: Any, direction: Any = 0) -> Any:
    """Chemical capacitance -d(theta)/du of a host [V-1], positive."""
    total: Any = 0
    arguments = _arguments(potential, sites, thermal_voltage, direction)
    for share, width, argument in zip(sites.shares, sites.widths, arguments, strict=True):
        filled = logistic(argument)
        total = total + share * filled * (1 - filled) / (width * thermal_voltage)
    return total


def composed(values: Sequence[Any], capacity_shares: Sequence[Any]) -> Any:
    """Equation (2): occupancy or capacitance of a mixture from those of its hosts at the same u."""
    return sum(share * value for share, value in zip(capacity_shares, values, strict=True))


def potential_at(
    curve: Callable[[float], float], occupancy: float, low: float = -30.0, high: float = 30.0
) -> float:
    """Potential u [V] at which a falling curve theta(u) has an occupancy.

    Parameters
    ----------
    curve : theta(u) of a host or of a mixture [-]
    occupancy : in (0, 1) [-]
    low, high : potentials between which it lies [V]; wide enough for any curve of a cell

    Raises
    ------
    ValueError : the curve does not reach the occupancy in between
    """
    if not curve(high) < occupancy < curve(low):
        raise ValueError(
            f"The curve spans {curve(high):.3g} to {curve(low):.3g} and never reaches {occupancy:.6g}."
        )
    return float(brentq(lambda u: curve(u) - occupancy, low, high, xtol=1e-13, rtol=1e-15))


def _arguments(potential: Any, sites: Sites, thermal_voltage: Any, direction: Any) -> list[Any]:
    """x_j of equation (1) for each kind of site."""
    kinds = zip(sites.potentials, sites.widths, sites.hysteresis, strict=True)
    return [
        (potential - (site - direction * gap / 2)) / (width * thermal_voltage)
        for site, width, gap in kinds
    ]
