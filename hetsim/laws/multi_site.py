"""Isotherm of a host with several kinds of sites, explicit in the potential, and its composition.

A host takes up ions on sites of kinds j = 1..n. At the electrode potential u [V against the ion's metal]

    theta(u) = sum_j X_j / (1 + exp(x_j)),      x_j = (u - U_j) / (omega_j V_T),      V_T = RT/zF      (1)

U_j potential of the site [V], X_j its share of the capacity [-], omega_j its width in units of V_T [-]: 1 is
the ideal lattice gas, smaller values a sharper step, larger ones a sloping curve. theta falls strictly with u.

Hosts in equilibrium share u, so a mixture with capacity shares w_h holds, without any further assumption,

    Theta(u) = sum_h w_h theta_h(u)                                                                   (2)

Hysteresis. Site j is filled at U_j - Delta_j / 2 and emptied at U_j + Delta_j / 2: `direction` is 1 on the branch of
insertion, -1 on that of extraction and in between on the way (laws.hysteresis).

Limits: no interaction between kinds of sites; V_T at the temperature of the cell; X_j, omega_j independent of
temperature. Numbers, arrays and PyBaMM symbols.
Source: M. Verbrugge, D. Baker, B. Koch, X. Xiao, W. Gu, J. Electrochem. Soc. 164, E3243 (2017),
doi:10.1149/2.0341708jes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim.late import late

optimize = late("scipy.optimize")

_FLAT = 1e-200
"""Slope of an isotherm beyond all of its sites [V-1], for a division."""
_FARTHEST = 300.0
"""Where 1/(1 + e^x) ends [-]: the exponent that a number holds, with room for a product."""
_HALVINGS, _NEWTON_STEPS = 9, 4
_APART = 1e-4
"""Distance of two potentials below which a secant becomes a slope [V]."""


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
    """1 / (1 + e^x); beyond an exponent of 300 it stays as it is there, so that no x overflows."""
    return 1 / (1 + _odds(x))


def _odds(x: Any) -> Any:
    """e^x, between e^-300 and e^300."""
    return np.exp(np.minimum(np.maximum(x, -_FARTHEST), _FARTHEST))


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


def responses(
    potential: Any, sites: Sites, thermal_voltage: Any, direction: Any = 0
) -> tuple[Any, Any]:
    """-d(theta)/du [V-1] and -d(theta)/d(direction) [-] of a host: what a potential, and what a branch takes off."""
    slope: Any = 0
    shift: Any = 0
    arguments = _arguments(potential, sites, thermal_voltage, direction)
    kinds = zip(sites.shares, sites.widths, sites.hysteresis, arguments, strict=True)
    for share, width, gap, argument in kinds:
        filled = logistic(argument)
        one = share * filled * (1 - filled) / (width * thermal_voltage)
        slope, shift = slope + one, shift + one * gap / 2
    return slope, shift


def filled_and_empty(
    potential: Any, sites: Sites, thermal_voltage: Any, direction: Any = 0
) -> tuple[Any, Any]:
    """theta(u) and 1 - theta(u) [-], each with all its digits: near empty the first is tiny, near full the second."""
    filled: Any = 0
    empty: Any = 0
    for share, argument in zip(
        sites.shares, _arguments(potential, sites, thermal_voltage, direction), strict=True
    ):
        odds = _odds(argument)
        filled = filled + share / (1 + odds)
        empty = empty + share * odds / (1 + odds)
    return filled, empty


def secant_capacitance(
    one: Any, other: Any, sites: Sites, thermal_voltage: Any, direction: Any = 0
) -> Any:
    """Mean of the capacitance between two potentials, -(theta_1 - theta_2)/(u_1 - u_2) [V-1], positive.

    A steady flux between two places carries D times this times the difference of potential: the secant makes
    it exactly that of Fick's law, D (theta_1 - theta_2), where the slope at either end would not.

        c = [(theta_2 - theta_1) d + (c_1 + c_2)/2 d_0^2] / (d^2 + d_0^2),   d = u_1 - u_2,   d_0 = 0.1 mV

    is the secant where d is larger than d_0, and the slope where both are alike, without 0/0. In between it is
    off by d_0^2 c''/12 at most, 1e-6 of it for sites half as wide as ideal ones. It takes no exponential beside those
    of theta_1 and theta_2.
    """
    apart = one - other
    falls = occupancy(other, sites, thermal_voltage, direction) - occupancy(
        one, sites, thermal_voltage, direction
    )
    slope = capacitance(one, sites, thermal_voltage, direction) + capacitance(
        other, sites, thermal_voltage, direction
    )
    return (falls * apart + slope * (_APART**2 / 2)) / (apart**2 + _APART**2)


def potential_of(
    occupancy: Any,
    steps: Sequence[tuple[Any, Any, Any]],
    low: float = -2.0,
    high: float = 6.2,
) -> Any:
    """Potential u [V] at which a host or a mixture holds an occupancy in (0, 1): the inverse of theta(u).

    A search by halves, then Newton steps on ln(theta / (1 - theta)): the same arithmetic for any isotherm, without
    a start that could be wrong. Numbers, arrays and symbols; its derivative is that of the inverse.

    Parameters
    ----------
    occupancy : theta [-]
    steps : of each kind of site its share of the whole [-], potential [V] and width [V], `steps_of`
    low, high : potentials between which it is searched [V]; beyond all sites, where ln(theta / (1 - theta)) is a
        straight line, the Newton steps find it alone

    Notes
    -----
    Nine halvings leave 8 mV and four Newton steps round-off: 1e-10 V for sites as wide as the ideal one. Above
    an occupancy of 1 - 1e-9 digits of 1 - theta are lost, 1e-7 V.
    """
    rates = [(share, site, 1 / width) for share, site, width in steps]

    def filled(potential: Any) -> list[Any]:
        return [
            1 / (1 + np.exp(np.minimum((potential - site) * rate, _FARTHEST)))
            for _, site, rate in rates
        ]

    def whole_of(parts: list[Any]) -> Any:
        return sum(share * part for part, (share, _, _) in zip(parts, rates, strict=True))

    potential: Any = low
    half = (high - low) / 2
    for _ in range(_HALVINGS):
        potential = potential + half * (whole_of(filled(potential + half)) > occupancy)
        half = half / 2
    potential = potential + half
    wanted = np.log(occupancy / (1 - occupancy))
    for _ in range(_NEWTON_STEPS):
        parts = filled(potential)
        whole = whole_of(parts)
        slope = sum(
            share * part * (1 - part) * rate
            for part, (share, _, rate) in zip(parts, rates, strict=True)
        )
        odds = np.log(whole / (1 - whole))
        potential = potential + (odds - wanted) * whole * (1 - whole) / np.maximum(slope, _FLAT)
    return potential


def steps_of(
    sites: Sites, thermal_voltage: Any, direction: Any = 0, share: Any = 1
) -> list[tuple[Any, Any, Any]]:
    """Share [-], potential [V] and width [V] of each kind of site of a host.

    share : of the host in the whole [-]
    """
    kinds = zip(sites.shares, sites.potentials, sites.widths, sites.hysteresis, strict=True)
    return [
        (share * one, site - direction * gap / 2, width * thermal_voltage)
        for one, site, width, gap in kinds
    ]


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
    return float(optimize.brentq(lambda u: curve(u) - occupancy, low, high, xtol=1e-13, rtol=1e-15))


def _arguments(potential: Any, sites: Sites, thermal_voltage: Any, direction: Any) -> list[Any]:
    """x_j of equation (1) for each kind of site."""
    kinds = zip(sites.potentials, sites.widths, sites.hysteresis, strict=True)
    return [
        (potential - (site - direction * gap / 2)) / (width * thermal_voltage)
        for site, width, gap in kinds
    ]
