"""The measured rate curves of benchmarks/measured_rates.csv, each with a neutral cell; and priors learned from fits.

The facts are printed numbers of research papers, one point a row, with the doi of the paper. Where a window is not
printed it is taken as 0.01 to 3 V, and 1.5 to 4 V for a cathode; where a loading is not printed, as 1 mg/cm2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import hetsim as hs
from hetsim.parameters.values import MeasuredRate

Array = NDArray[np.float64]

FILE = Path(__file__).with_name("measured_rates.csv")
LEARNED = FILE.with_name("learned_values.csv")
"""Logarithms of the values that fit_all.py fitted to each curve in its last round, with all papers, and their widths:
of the cell capacity over the highest, fast fraction, series resistance, R^2/D [h]; of the rate equation Q_M over the
highest, tau [h], n."""
ANODE, CATHODE = (0.01, 3.0), (1.5, 4.0)
CATHODES = ("NVOrGO_Na", "NVO_mix_Na_ctrl", "NVO_Na_ctrl")
"""Cathodes whose window is not printed."""
ABRUPT = 2.5
"""A curve that falls by more than this factor from one current to the next is abrupt, and so is one that breaks down
at its last: no smooth model describes it."""
STEP = 4.0
"""Unless the current rises by more than this factor in that step."""


@dataclass(frozen=True)
class Curve:
    """A measured rate curve with what is known of its electrode."""

    name: str
    doi: str
    role: str
    ion: str
    window: tuple[float, float]
    loading: float | None
    currents: tuple[float, ...]
    capacities: tuple[float, ...]

    @property
    def is_heterostructure(self) -> bool:
        return self.role == "heterostructure"

    @cached_property
    def is_abrupt(self) -> bool:
        order = np.argsort(self.currents)
        i, q = np.array(self.currents)[order], np.array(self.capacities)[order]
        falls, rises = q[:-1] / q[1:], i[1:] / i[:-1]
        return bool(np.any((falls > ABRUPT) & (rises <= STEP)))

    @property
    def measured(self) -> MeasuredRate:
        return MeasuredRate(self.currents, self.capacities, f"doi:{self.doi}")

    def without(self, place: int) -> "Curve":
        """The curve without one point."""
        keep = [k for k in range(len(self.currents)) if k != place]
        return replace(
            self,
            currents=tuple(self.currents[k] for k in keep),
            capacities=tuple(self.capacities[k] for k in keep),
        )

    def cell(self) -> hs.HalfCell:
        """A neutral cell of the electrode."""
        return hs.template(self.ion, self.window, self.loading, rate=self.measured, name=self.name)


def measured_curves(file: Path = FILE) -> list[Curve]:
    """All curves of a file, in its order."""
    table = pd.read_csv(file, keep_default_na=True)
    curves = []
    for name, rows in table.groupby("curve", sort=False):
        one = rows.sort_values("order")
        first = one.iloc[0]
        printed = not (pd.isna(first.v_min_V) or pd.isna(first.v_max_V))
        window = (float(first.v_min_V), float(first.v_max_V)) if printed else ANODE
        if not printed and name in CATHODES:
            window = CATHODE
        curves.append(
            Curve(
                str(name),
                str(first.doi),
                str(first.role),
                str(first.ion),
                window,
                None if pd.isna(first.loading_mg_cm2) else float(first.loading_mg_cm2),
                tuple(map(float, one.current_A_per_g)),
                tuple(map(float, one.capacity_mAh_per_g)),
            )
        )
    return curves


def folds(curves: Sequence[Curve], count: int) -> list[set[str]]:
    """Papers (doi) in groups of about equal size, in the order of their names: always the same."""
    papers = sorted({curve.doi for curve in curves})
    return [set(papers[k::count]) for k in range(count)]


# --- priors ---------------------------------------------------------------------------------------

FEW = 2.0
"""Degrees of freedom of Student's t of the values over the curves: abrupt curves widen the prior little."""


def learned(points: Array, covariances: Array, rounds: int = 100) -> tuple[Array, Array]:
    """Centre and widths of a population of values, from fits that each had the prior of the round before.

    points : logarithms of the fitted values, [curves, values]
    covariances : of each fit, [curves, values, values]

    The values of the curves follow Student's t with a diagonal scale matrix:

        mu = sum w_i x_i / sum w_i,   s^2 = sum w_i [(x_i - mu)^2 + C_i] / n,
        w_i = (nu + d) / (nu + sum_d [(x_i - mu)^2 + C_i] / s^2)

    the step of the EM algorithm (D. Liu and D. Rubin, Stat. Sinica 5, 19 (1995)); the curves are then fitted again.
    After few rounds what a curve leaves open is still in C_i, so that the widths are rather too large than too small.
    """
    count, size = points.shape
    mean, scale = np.median(points, axis=0), np.var(points, axis=0)
    own = np.einsum("nii->ni", covariances)
    for _ in range(rounds):
        off = (points - mean) ** 2 + own
        weights = (FEW + size) / (FEW + (off / scale).sum(axis=1))
        mean = (weights[:, None] * points).sum(axis=0) / weights.sum()
        off = (points - mean) ** 2 + own
        scale = (weights[:, None] * off).sum(axis=0) / count
    return mean, np.sqrt(scale)


def shipped_priors(file: Path = LEARNED) -> dict[str, list[tuple[float, float]]]:
    """Centre and width of each value of the cell and of the rate equation, learned from a file of fits."""
    table = pd.read_csv(file)
    priors = {}
    for title in ("cell", "equation"):
        columns = [name for name in table if name.startswith(title) and not name.endswith("width")]
        x = table[columns].to_numpy()
        widths = table[[f"{name}_width" for name in columns]].to_numpy()
        covariances = widths[:, :, np.newaxis] ** 2 * np.eye(len(columns))
        centre, spread = learned(x, covariances)
        priors[title] = [(float(c), float(w)) for c, w in zip(np.exp(centre), spread, strict=True)]
    return priors
