"""Measured electrodes that a predicted one is drawn from (parameter_sets/library/measured_electrodes.csv).

Of each, the fit to its rate curve has four values: capacity of all sites over the theoretical one, fast fraction,
series resistance times loading and diffusion time. They are correlated, and a predicted electrode has those of a
measured one, drawn at random and smoothed:

    x = m + sqrt(1 - h^2) (x_i - m) + h L e,      L L^T = C

x_i logarithms of electrode i, m and C weighted mean and covariance of all, e standard normal: mean and covariance are
kept (B. Silverman and G. Young, Biometrika 74, 469 (1987), doi:10.1093/biomet/74.3.469). A paper counts once,
however many curves it has; electrodes of the same ion, and of the same family, count more.
"""

import csv
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hetsim.errors import ParameterError
from hetsim.parameters.library import PARAMETER_SETS

Array = NDArray[np.float64]

FILE = PARAMETER_SETS / "library" / "measured_electrodes.csv"
VALUES = (
    "capacity_over_theory",
    "fast_fraction",
    "resistance_times_loading_Ohm_mg",
    "diffusion_time_h",
)
SMOOTHING = 0.4
"""h: between electrodes as they are (0) and a normal distribution (1)."""
SAME_ION, SAME_FAMILY = 4.0, 2.0
"""What an electrode of the same ion, and one of the same family, counts more. Conversions with lithium hold more than
their theory, those with potassium less, so the ion says more than the family."""
FEWEST = 10
"""Papers that a prediction needs at least."""


@dataclass(frozen=True)
class Electrode:
    """One measured electrode: where it comes from and the logarithms of its four values."""

    curve: str
    doi: str
    role: str
    ion: str
    family: str
    parts: tuple[str, ...]
    theory: float
    logarithms: tuple[float, ...]


@cache
def measured_electrodes() -> tuple[Electrode, ...]:
    """All rows of the file, in its order."""
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Electrode(
                row["curve"],
                row["doi"],
                row["role"],
                row["ion"],
                row["family"],
                tuple(row["parts"].split(";")),
                float(row["theory_mAh_per_g"]),
                tuple(float(np.log(float(row[name]))) for name in VALUES),
            )
            for row in csv.DictReader(lines)
        )


def drawn_electrodes(
    ion: str,
    families: Collection[str] = (),
    *,
    controls: bool = False,
    without: Collection[str] = (),
    draws: int = 200,
    seed: int = 0,
) -> Array:
    """Logarithms of the four values of electrodes drawn from the measured ones, [draws, 4].

    ion, families : of the predicted electrode
    controls : whether electrodes that are no heterostructures count too
    without : papers (doi) that are left out
    Raises ParameterError where fewer than ten papers are left.
    """
    known = [
        one
        for one in measured_electrodes()
        if one.doi not in without and (controls or one.role == "heterostructure")
    ]
    papers = Counter(one.doi for one in known)
    if len(papers) < FEWEST:
        raise ParameterError(
            f"A prediction needs the electrodes of {FEWEST} papers at least; without those left out there are "
            f"{len(papers)}."
        )
    weights = np.array(
        [
            (SAME_ION if one.ion == ion else 1.0)
            * (SAME_FAMILY if one.family in families else 1.0)
            / papers[one.doi]
            for one in known
        ]
    )
    weights /= weights.sum()
    points = np.array([one.logarithms for one in known])
    mean = weights @ points
    off = points - mean
    lower = np.linalg.cholesky((weights[:, None] * off).T @ off)
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(known), draws, p=weights)
    noise = rng.normal(size=(draws, len(VALUES)))
    smooth: Array = mean + np.sqrt(1 - SMOOTHING**2) * off[chosen] + SMOOTHING * noise @ lower.T
    return smooth
