"""Dunn's split of voltammograms into a part that goes with v and one that goes with sqrt(v)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hetsim.analysis.cv import Cycle, SweepCurrents, common_grid, sorted_cycles
from hetsim.results.quantities import SCAN_RATE, Quantity
from hetsim.results.tables import table


@dataclass(frozen=True)
class SweepShares:
    """k1 [A.g-1/(mV.s-1)] and k2 [A.g-1/(mV.s-1)^1/2] at each potential of one sweep."""

    currents: SweepCurrents
    k1: np.ndarray
    k2: np.ndarray

    def capacitive(self) -> np.ndarray:
        """k1 v, of shape (rates, potential) [A.g-1]."""
        return np.multiply.outer(self.currents.rates, self.k1)

    def fitted(self) -> np.ndarray:
        """k1 v + k2 sqrt(v), of shape (rates, potential) [A.g-1]."""
        return self.capacitive() + np.multiply.outer(np.sqrt(self.currents.rates), self.k2)


@dataclass(frozen=True)
class DunnShares:
    """The split of a set of voltammograms.

    Parameters
    ----------
    sweeps : tuple[SweepShares, ...]
        K1 and k2 along the potential, one for each sweep
    rates : np.ndarray
        [mV.s-1]
    share : np.ndarray
        Of each rate, area of k1 v over the area of |i|, over the cycle, both sweeps [-]. Nothing is
        clipped: where k1 or k2 has the sign against the current, it is counted against the share,
        which may leave [0, 1]
    clipped_share : np.ndarray
        The same with k1 v cut to lie between 0 and i, as papers draw it [-]
    against : np.ndarray
        Share of the area of |i| where k1 or k2 has the sign against the current [-]
    residual : np.ndarray
        Of each rate, rms of i - k1 v - k2 sqrt(v) over the rms of i [-]
    """

    sweeps: tuple[SweepShares, ...]
    rates: np.ndarray
    share: np.ndarray
    clipped_share: np.ndarray
    against: np.ndarray
    residual: np.ndarray

    def to_frame(self) -> pd.DataFrame:
        """One row a scan rate."""
        return table(
            {
                SCAN_RATE: self.rates,
                Quantity("capacitive share"): self.share,
                Quantity("capacitive share, clipped"): self.clipped_share,
                Quantity("area with a coefficient against the current"): self.against,
                Quantity("residual"): self.residual,
            }
        )


def dunn_shares(cycles: Sequence[Cycle], points: int = 200) -> DunnShares:
    """k1 and k2 at each potential of both sweeps, and the "capacitive share" of each scan rate.

    i(V) = k1 v + k2 sqrt(v),   by least squares of i/sqrt(v) against sqrt(v)

    Parameters
    ----------
    cycles : Sequence[Cycle]
        At least two scan rates (two leave no residual); anything with scan_rate [mV.s-1], potential
        [V], current [A.g-1]
    points : int, default 200
        How many potentials between the ends that all cycles reach

    Returns
    -------
    DunnShares

    Notes
    -----
    Limits: what goes with v is not only a capacitor: particles that keep up with the scan do so too,
    and a peak that moves with v (ohmic drop, kinetics) spoils the split at its flanks. The share is a
    description of the currents, no measure of a mechanism.

    References
    ----------
    J. Wang, J. Polleux, J. Lim, B. Dunn, J. Phys. Chem. C 111 (2007) 14925, doi:10.1021/jp074464w.
    """
    made = sorted_cycles(cycles, 2, "Dunn's split")
    sweeps = tuple(_split(one) for one in common_grid(made, points))
    currents = np.hstack([sweep.currents.currents for sweep in sweeps])
    capacitive = np.hstack([sweep.capacitive() for sweep in sweeps])
    fitted = np.hstack([sweep.fitted() for sweep in sweeps])
    area = np.abs(currents).sum(axis=1)
    along = capacitive * np.sign(currents)
    opposed = (along < 0) | ((fitted - capacitive) * np.sign(currents) < 0)
    rms = np.sqrt((currents**2).sum(axis=1))
    return DunnShares(
        sweeps,
        np.array([one.scan_rate for one in made]),
        along.sum(axis=1) / area,
        np.clip(along, 0, np.abs(currents)).sum(axis=1) / area,
        (np.abs(currents) * opposed).sum(axis=1) / area,
        np.sqrt(((currents - fitted) ** 2).sum(axis=1)) / rms,
    )


def _split(currents: SweepCurrents) -> SweepShares:
    root = np.sqrt(currents.rates)
    design = np.column_stack([root, np.ones_like(root)])
    k1, k2 = np.linalg.lstsq(design, currents.currents / root[:, None], rcond=None)[0]
    return SweepShares(currents, k1, k2)
