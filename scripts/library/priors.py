"""What is expected of an electrode before its points are fitted: learned on the measured curves of other papers.

Full curves get the priors that the fit of a neutral cell uses, learned without the curves of their own paper.
Electrodes of one or two points get those of their family (sulfide, selenide, oxide, ...): the median of the family's
curves, drawn towards all curves where it has few (abrupt curves are among them, so no mean),

    m = (n m_family + k m_all) / (n + k)

with the width of all curves. Values are those of benchmarks/learned_values.csv.
"""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from benchmarks.measured_curves import LEARNED, learned
from scripts.library.facts import FULL, Electrode, electrodes

PULL = 4.0
"""Curves that the mean of all counts as, k."""

Prior = tuple[float, float]
"""Centre, and width of the logarithm."""


@dataclass(frozen=True)
class Priors:
    """Of the four values of a rate curve: capacity [mA.h.g-1], fast fraction, resistance [Ohm.cm2] and R^2/D [h].

    told : which curves they come from
    """

    capacity: Prior
    fast: Prior
    resistance: Prior
    hours: Prior
    told: str


@cache
def _learned() -> tuple[pd.DataFrame, dict[str, Electrode]]:
    """Fitted logarithms and widths by curve, and the electrode of each."""
    values = pd.read_csv(LEARNED).set_index("curve")
    by_curve = {one.curve: one for one in electrodes() if one.curve in values.index}
    return values.loc[list(by_curve)], by_curve


def _points(curves: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms [curves, 4] and their covariances."""
    values = _learned()[0].loc[curves]
    x = values[[f"cell_{k}" for k in range(4)]].to_numpy()
    widths = values[[f"cell_{k}_width" for k in range(4)]].to_numpy()
    return x, widths[:, :, np.newaxis] ** 2 * np.eye(4)


def of_full_curve(electrode: Electrode) -> Priors:
    """Of a curve of five points or more, from the curves of other papers."""
    _, by_curve = _learned()
    kept = [name for name, one in by_curve.items() if one.doi != electrode.doi]
    centre, width = learned(*_points(kept))
    over, fast, resistance, hours = (
        (float(c), float(w)) for c, w in zip(np.exp(centre), width, strict=True)
    )
    highest = max(one.capacity for one in electrode.fresh)
    told = f"learned on {len(kept)} measured curves of other papers"
    return Priors((over[0] * highest, over[1]), fast, resistance, hours, told)


def of_family(electrode: Electrode) -> Priors:
    """Of an electrode of few points, from the curves of its family against its ion, drawn towards all curves."""
    _, by_curve = _learned()
    everything = [name for name, one in by_curve.items() if one.doi != electrode.doi]
    family = [name for name in everything if by_curve[name].family == electrode.family]
    alike = [name for name in family if by_curve[name].ion == electrode.ion]
    x, covariance = _points(everything)
    centre, width = learned(x, covariance)
    if family:
        own = np.median(_points(family)[0][:, 1:], axis=0)
        centre[1:] = (len(family) * own + PULL * centre[1:]) / (len(family) + PULL)
    capacities = {name: _capacity(by_curve[name], name) for name in everything}
    spread = float(np.std(list(capacities.values())))
    mean = float(np.median(list(capacities.values())))
    for some in (family, alike):
        if some:
            own = float(np.median([capacities[name] for name in some]))
            mean = (len(some) * own + PULL * mean) / (len(some) + PULL)
    fast, resistance, hours = (
        (round(float(c), 4), float(w)) for c, w in zip(np.exp(centre[1:]), width[1:], strict=True)
    )
    told = (
        f"median of {len(family)} measured curves of {electrode.family} electrodes, drawn towards all {len(everything)}"
        if family
        else f"centre of {len(everything)} measured curves; none is of a {electrode.family} electrode"
    )
    return Priors((math.exp(mean), spread), fast, resistance, hours, told)


def _capacity(electrode: Electrode, curve: str) -> float:
    """ln of the fitted capacity of a curve [mA.h.g-1]."""
    highest = max(one.capacity for one in electrode.fresh)
    return float(_points([curve])[0][0, 0] + math.log(highest))


def priors_of(electrode: Electrode) -> Priors:
    """Of any electrode."""
    return of_full_curve(electrode) if len(electrode.fresh) >= FULL else of_family(electrode)
