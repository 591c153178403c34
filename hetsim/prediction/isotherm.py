"""The isotherm of a host of which only the mean open-circuit voltage was computed.

The shape is that which describes measured rate curves (laws.sloping_curve),

    U = U_full + (U_empty - U_full) (1 - theta)^1.5

whose mean is U_full + (U_empty - U_full)/2.5. With the lower cut-off as U_full the computed mean U_m fixes it:

    U_j = U_full + s u_j,    omega_j = s w_j / V_T,    s = U_m - U_full

u_j, w_j and shares X_j of three kinds of sites that follow the slope of s = 1 within 0.035 of the capacity.
"""

from hetsim.constants import BOLTZMANN_EV
from hetsim.laws.multi_site import logistic

POTENTIALS = (0.0, 1.1207, 2.0740)
SHARES = (0.6703, 0.4819, 0.1686)
WIDTHS = (0.2370, 0.3488, 0.1695)
"""u_j, X_j and w_j: least squares to 1 - (u/2.5)^(2/3) between 0 and 2.5. The shares sum to more than one, since a part
of the lowest site lies below the lower cut-off."""
TOP = 2.5
"""Potential of the empty host, in units of s above the full one."""
EMPTY = 4.0
"""Where the tail of the highest site holds no more than 1e-5 of it."""


def filling(u: float) -> float:
    """Share of the theoretical capacity that is filled at a potential, in units of s above the lower cut-off."""
    return float(
        sum(
            share * logistic((u - at) / width)
            for at, share, width in zip(POTENTIALS, SHARES, WIDTHS, strict=True)
        )
    )


BETWEEN = filling(0.0) - filling(TOP)
"""What is filled between the cut-offs."""


def sites(
    mean_voltage: float, lower_cut_off: float, charge: int = 1, temperature: float = 298.15
) -> tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...], float]:
    """Potentials [V], shares and widths of the sites, and their whole capacity over that between the cut-offs.

    mean_voltage, lower_cut_off : [V], against the ion's metal
    charge : z of the ion, temperature [K]: widths are in units of V_T = RT/zF
    """
    span, thermal = mean_voltage - lower_cut_off, BOLTZMANN_EV * temperature / charge
    total = sum(SHARES)
    return (
        tuple(lower_cut_off + span * one for one in POTENTIALS),
        tuple(one / total for one in SHARES),
        tuple(span * one / thermal for one in WIDTHS),
        total / BETWEEN,
    )
