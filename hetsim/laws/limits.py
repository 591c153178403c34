"""What a built-in field and an interface cannot do to long-range transport.

(d) Across layers a periodic potential only slows: `lifson_jackson`, `across_layers`.
(e) Along layers redistribution leaves the chemical diffusivity as it was: `along_layers`.
And how much a lower barrier can give: `series_gain_limit`, `parallel_gain`,
`interface_fraction_for_gain`.

A period is given by samples: Phi = z phi / V_T [-], diffusivity [m2.s-1] (a number or one value a
sample) and weights [-], each sample's share of the period (equal shares if left out).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit, logit

from hetsim.late import late

optimize = late("scipy.optimize")


class Transport(NamedTuple):
    """Averages over a period, per site and in units of RT.

    conductivity : mean of M = D theta (1 - theta), which carries a current [m2.s-1]
    capacitance : mean of d theta / d mu = theta (1 - theta), which stores [-]
    diffusivity : conductivity over capacitance, chemical diffusivity [m2.s-1]
    """

    conductivity: float
    capacitance: float
    diffusivity: float


def lifson_jackson(diffusivity: Any, potential: Any, weights: Any = None) -> float:
    """Long-range diffusivity of dilute ions across a periodic potential [m2.s-1].

    D_eff = 1 / (<e^Phi / D> <e^-Phi>),   for constant D: D / (<e^Phi> <e^-Phi>) <= D

    Limits: dilute ions (theta << 1), one dimension or layers crossed at right angles, times longer
    than that of one period.   <e^Phi><e^-Phi> >= 1 by Cauchy-Schwarz: it never speeds up.
    Source: S. Lifson and J. L. Jackson, J. Chem. Phys. 36 (1962) 2410, doi:10.1063/1.1732899.
    """
    phi = np.asarray(potential, dtype=float)
    phi = phi - phi.mean()  # the reference cancels; this keeps exp() in range
    return 1 / (_mean(np.exp(phi) / diffusivity, weights) * _mean(np.exp(-phi), weights))


def equilibrium_occupancy(potential: Any, mean_occupancy: float, weights: Any = None) -> np.ndarray:
    """Occupancy of every sample at rest, one ion a site (Fermi-Dirac statistics) [-].

    theta = 1 / (1 + e^{Phi - mu}),   mu such that <theta> = mean_occupancy, in (0, 1)
    """
    if not 0 < mean_occupancy < 1:
        raise ValueError(f"mean_occupancy must lie between 0 and 1, got {mean_occupancy!r}.")
    phi = np.asarray(potential, dtype=float)
    middle = logit(mean_occupancy)
    mu = optimize.brentq(
        lambda mu: _mean(expit(mu - phi), weights) - mean_occupancy,
        middle + phi.min() - 1,
        middle + phi.max() + 1,
        xtol=1e-14,
        rtol=1e-15,
    )
    return expit(mu - phi)


def across_layers(
    diffusivity: Any, potential: Any, mean_occupancy: float, weights: Any = None
) -> Transport:
    """Layers crossed one after the other, with site exclusion: statement (d).

    A small current J through a state at rest with M = D theta (1 - theta) needs
    d mu = -J <1/M> over a period, and d<theta> = <theta (1 - theta)> d mu stores, hence

    D_eff = 1 / (<1 / (D theta (1 - theta))> <theta (1 - theta)>),
    for constant D never above D (Cauchy-Schwarz).

    Limits: linear response; times longer than that of one period.  Mean occupancy -> 0 gives
    `lifson_jackson`.   Source: the argument of Lifson and Jackson with lattice statistics.
    """
    theta = equilibrium_occupancy(potential, mean_occupancy, weights)
    stored = theta * (1 - theta)
    conductivity = 1 / _mean(1 / (diffusivity * stored), weights)
    capacitance = _mean(stored, weights)
    return Transport(conductivity, capacitance, conductivity / capacitance)


def along_layers(
    diffusivity: Any, potential: Any, mean_occupancy: float, weights: Any = None
) -> Transport:
    """Layers side by side along the current, with site exclusion: statement (e).

    D_eff = <D theta (1 - theta)> / <theta (1 - theta)>,   = D for constant D, whatever Phi

    The potential gathers ions where they conduct *and* where they store; the ratio keeps the mean
    of D, weighted by where ions sit.  A gain needs a higher D at the interface.
    Limits: linear response, layers in equilibrium with their neighbours.
    """
    theta = equilibrium_occupancy(potential, mean_occupancy, weights)
    stored = theta * (1 - theta)
    conductivity = _mean(diffusivity * stored, weights)
    capacitance = _mean(stored, weights)
    return Transport(conductivity, capacitance, conductivity / capacitance)


def series_gain_limit(interface_fraction: Any) -> Any:
    """The most that fast layers can give when ions must cross the rest as well [-].

    D_eff / D_bulk = 1 / (1 - f + f / ratio) < 1 / (1 - f),   f volume fraction of the layers

    However low the barrier of the interface, the bulk between the interfaces stays.
    """
    return 1 / (1 - interface_fraction)


def parallel_gain(ratio: Any, interface_fraction: Any) -> Any:
    """The most that fast layers can give in any geometry [-].

    D_eff / D_bulk <= 1 + f (ratio - 1),   ratio = D_interface / D_bulk (upper Wiener bound)
    """
    return 1 + interface_fraction * (ratio - 1)


def interface_fraction_for_gain(gain: Any, ratio: Any) -> Any:
    """Least volume fraction of fast layers that a gain of D demands, `parallel_gain` solved [-].

    f >= (gain - 1) / (ratio - 1),   ratio > 1
    """
    return (gain - 1) / (ratio - 1)


def _mean(values: Any, weights: Any) -> float:
    return float(np.average(np.asarray(values, dtype=float), weights=weights))
