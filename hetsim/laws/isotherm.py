"""Open-circuit curve, and the profile that ions take in a potential when nothing flows.

A measured curve U(theta_mean) belongs to the particle with its field. The electrode sees the surface
only, so a model of the particle uses U(g(theta_s)), where g is the mean occupancy in equilibrium with
the surface occupancy theta_s. Then a field does not move the open-circuit curve.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from hetsim.late import late

optimize = late("scipy.optimize")


def plateau_staircase(
    theta: Any,
    potentials: Sequence[Any],
    shares: Sequence[Any],
    widths: Sequence[Any],
    thermal_voltage: Any,
) -> Any:
    """Open-circuit potential U(theta) [V]: plateaus joined by logistic steps, and ideal mixing.

    U = U_1 + sum_k (U_{k+1} - U_k) / (1 + exp((s_k - theta) / w_k)) + V_T ln((1 - theta) / theta)

    theta : occupancy in (0, 1)
    potentials : plateau potentials U_k [V], falling in the order of insertion, n values
    shares : capacity share of each plateau [-], n values that sum to one; s_k is their running sum
    widths : width w_k of the step after plateau k in units of occupancy [-], n - 1 values; a step
        wider than its plateau makes a slope of it
    thermal_voltage : V_T = RT/zF [V]

    Falling potentials make U strictly decreasing. Mixing term: lattice gas without interaction
    (McKinnon and Haering, Modern Aspects of Electrochemistry 15, 1983).
    """
    potential = potentials[0] + thermal_voltage * np.log((1 - theta) / theta)
    edge: Any = 0.0
    for k, width in enumerate(widths):
        edge = edge + shares[k]
        step = (1 + np.tanh((theta - edge) / (2 * width))) / 2  # the same; e^x would overflow
        potential = potential + (potentials[k + 1] - potentials[k]) * step
    return potential


def occupancy_at(
    open_circuit_potential: Callable[[float], float],
    voltage: float,
    low: float,
    high: float,
) -> float:
    """Occupancy theta in [low, high] at which a decreasing U(theta) equals the voltage [-].

    Raises ValueError if the voltage lies outside U on that range.
    """
    top, bottom = open_circuit_potential(low), open_circuit_potential(high)
    if not bottom <= voltage <= top:
        raise ValueError(
            f"The open-circuit curve spans {bottom:.3f} to {top:.3f} V and never reaches {voltage:.3f} V."
        )
    return float(
        optimize.brentq(
            lambda theta: open_circuit_potential(theta) - voltage, low, high, xtol=1e-14
        )
    )


def equilibrium_occupancy(surface_occupancy: Any, phi: Any) -> Any:
    """Occupancy where the potential is phi, in equilibrium with a surface at phi = 0 [-].

    theta = theta_s e^-Phi / (1 - theta_s + theta_s e^-Phi): uniform mu of laws.transport.
    phi : Phi = z phi / V_T [-]
    """
    weight = surface_occupancy * np.exp(-phi)
    return weight / (1 - surface_occupancy + weight)


def mean_occupancy(surface_occupancy: Any, phi: Any, average: Callable[[Any], Any]) -> Any:
    """g(theta_s): mean occupancy of a particle in equilibrium with its surface [-].

    average : the volume average over the particle (same nodes and weights as phi)
    """
    return average(equilibrium_occupancy(surface_occupancy, phi))


def surface_occupancy(mean: float, mean_of: Callable[[float], float], largest_phi: float) -> float:
    """Inverse of g: the surface occupancy that is in equilibrium with a mean [-].

    mean : mean occupancy in (0, 1)
    mean_of : g, increasing
    largest_phi : bound of |Phi| in the particle [-]; ln(theta_s / (1 - theta_s)) differs from that of
        the mean by no more
    """
    centre, reach = np.log(mean / (1 - mean)), abs(largest_phi) + 1e-9

    def occupancy(mu: float) -> float:
        return float(1 / (1 + np.exp(-mu)))

    mu = optimize.brentq(
        lambda one: mean_of(occupancy(one)) - mean, centre - reach, centre + reach, xtol=1e-13
    )
    return occupancy(mu)
