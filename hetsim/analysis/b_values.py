"""b-values: how a voltammetric current grows with the scan rate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hetsim.analysis.cv import SWEEPS, Cycle, SweepCurrents, common_grid, peak, sorted_cycles
from hetsim.analysis.straight_line import straight_line
from hetsim.errors import ParameterError
from hetsim.results.quantities import POTENTIAL, SWEEP, Quantity
from hetsim.results.tables import table

CONFIDENCE = 0.95
LEAST = 0.05
"""Share of the largest current of a sweep below which a current has no b worth reading."""


@dataclass(frozen=True)
class Exponent:
    """b of |i| = a v^b at one potential, or at a peak.

    Parameters
    ----------
    sweep : str
        "falling" or "rising" potential
    potential : float
        [V]; of a peak, its mean over the scan rates
    b, half_width : float
        Value and half of its 95 % interval [-]; the interval is not a number for two scan rates,
        which leave no residual
    r_squared : float
        Of log|i| against log v [-]
    """

    sweep: str
    potential: float
    b: float
    half_width: float
    r_squared: float


def b_values(cycles: Sequence[Cycle], points: int = 50) -> list[Exponent]:
    """b at each potential of both sweeps where the current has one sign at all scan rates, and at the
    fastest at least 5 % of the largest of its sweep.

    i = a v^b: log|i| against log v by least squares; b = 1/2 for semi-infinite diffusion, 1 for a
    capacitor - and for particles that are in equilibrium at every instant, which is why b near 1
    proves no capacitor.

    Parameters
    ----------
    cycles : Sequence[Cycle]
        At least two scan rates; anything with scan_rate [mV.s-1], potential [V], current [A.g-1]
    points : int, default 50
        How many potentials between the ends that all cycles reach

    Returns
    -------
    list[Exponent]

    Notes
    -----
    Limits: the ohmic drop and kinetics move a peak with v and lower b; near a turning point the
    current still belongs to the last sweep.

    References
    ----------
    H. Lindstroem et al., J. Phys. Chem. B 101 (1997) 7717, doi:10.1021/jp970490q.
    """
    made = sorted_cycles(cycles, 2, "A b-value")
    exponents = []
    for grid in common_grid(made, points):
        least = LEAST * float(np.abs(grid.currents[-1]).max())
        for potential, currents in zip(grid.potential, grid.currents.T, strict=True):
            one_sign = np.all(currents > 0) or np.all(currents < 0)
            if one_sign and abs(currents[-1]) >= least:
                exponents.append(_exponent(grid, float(potential), currents))
    return exponents


def peak_b_values(
    cycles: Sequence[Cycle], window: tuple[float, float] | None = None
) -> list[Exponent]:
    """b of the largest peak of each sweep, wherever the scan rate puts it.

    Parameters
    ----------
    cycles : Sequence[Cycle]
        Voltammograms at several scan rates, each with scan_rate [mV.s-1], potential [V] and current
        [A.g-1]
    window : tuple[float, float] | None, default None
        Potentials between which the peak is looked for [V]; the whole sweep without

    Returns
    -------
    list[Exponent]

    Raises
    ------
    ParameterError
        If the window holds no sample of a sweep.

    Notes
    -----
    A sweep that has no peak at one of the scan rates is left out, so the list may be empty.
    """
    made = sorted_cycles(cycles, 2, "A b-value")
    rates = np.array([one.scan_rate for one in made])
    exponents = []
    for sweep in SWEEPS:
        tops = [top for one in made if (top := peak(one, sweep, window)) is not None]
        if len(tops) == len(made):
            peaks = np.array(tops)
            currents = np.abs(peaks[:, 1])
            line = straight_line(np.log(rates), np.log(currents))
            exponents.append(
                Exponent(
                    sweep,
                    float(peaks[:, 0].mean()),
                    line.slope,
                    line.half_width(CONFIDENCE),
                    line.r_squared,
                )
            )
    return exponents


def exponent_frame(exponents: Sequence[Exponent]) -> pd.DataFrame:
    """One row a potential.

    Parameters
    ----------
    exponents : Sequence[Exponent]
        Of `b_values`

    Returns
    -------
    pd.DataFrame
    """
    return table(
        {
            SWEEP: [exponent.sweep for exponent in exponents],
            POTENTIAL: [exponent.potential for exponent in exponents],
            Quantity("b"): [exponent.b for exponent in exponents],
            Quantity("half width of 95 % interval"): [
                exponent.half_width for exponent in exponents
            ],
            Quantity("R2"): [exponent.r_squared for exponent in exponents],
        }
    )


def mean_exponent(cycles: Sequence[Cycle], points: int = 50) -> float:
    """b averaged over both sweeps, each potential weighed with its current at the fastest scan [-].

    Parameters
    ----------
    cycles : Sequence[Cycle]
        Voltammograms at several scan rates, each with scan_rate [mV.s-1], potential [V] and current
        [A.g-1]
    points : int, default 50
        How many potentials between the ends that all cycles reach

    Returns
    -------
    float
    """
    made = sorted_cycles(cycles, 2, "A b-value")
    total = weight = 0.0
    for grid in common_grid(made, points):
        for potential, currents in zip(grid.potential, grid.currents.T, strict=True):
            if np.all(currents > 0) or np.all(currents < 0):
                size = abs(float(currents[-1]))
                total += size * _exponent(grid, float(potential), currents).b
                weight += size
    if weight == 0:
        raise ParameterError("The current has one sign at all scan rates at no potential.")
    return total / weight


def _exponent(grid: SweepCurrents, potential: float, currents: np.ndarray) -> Exponent:
    line = straight_line(np.log(grid.rates), np.log(np.abs(currents)))
    return Exponent(grid.sweep, potential, line.slope, line.half_width(CONFIDENCE), line.r_squared)
