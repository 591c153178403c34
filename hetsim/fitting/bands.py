"""Bands of a fitted rate curve: where a measured capacity is expected, at any current.

    ln Q = ln Q_model(x) + s sigma e_1 + g d e_2

x a draw of the posterior (fitting.posterior), sigma the guessed noise of a point and s its scale, drawn from its own
posterior given x, e_1 and e_2 standard normal, d the distance of the current from the measured ones in ln I, outside of
their range, and g how fast the model goes astray there. Inside the range s holds the misfit of the model as well, for
it is the scatter about the fitted curve. g was learned on measured curves (benchmarks/calibration.py, docs/fits.md).
Limits: a band is of one further point of the same electrode, not of another electrode of the same recipe.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from hetsim.errors import ParameterError
from hetsim.fitting.noise_scale import GUESS_COUNTS, NoiseScale, scatter_about
from hetsim.fitting.observations import RateData
from hetsim.fitting.posterior import Posterior
from hetsim.fitting.problem import Problem
from hetsim.results import Array

DRAWS = 200
"""Of the posterior, that are simulated at the currents of a band."""
REPEATS = 50
"""Of the noise, for each draw."""
ASTRAY = 0.10
"""g: what the model is off by, relative, a factor e in current beyond the last measured one."""
PLACES = 15
"""Currents of a band where none are asked for, from the lowest measured one to the highest."""


def band_of(
    problem: Problem,
    scale: NoiseScale,
    posterior: Posterior,
    part: int,
    currents: Sequence[float] | None = None,
    level: float = 0.9,
    astray: float = ASTRAY,
    seed: int = 0,
) -> pd.DataFrame:
    """Median and band of a rate curve, one row a current.

    part : which of `problem.parts`, a rate curve
    currents : [A.g-1]; by default evenly from the lowest measured one to the highest, in ln I
    Raises ParameterError for a part that is no rate curve, a level outside 0 to 1, or a current that is not positive.
    """
    _, data = problem.parts[part]
    if not isinstance(data, RateData):
        raise ParameterError(
            f"Bands are those of a rate curve; part {part} of the data is a {data.kind}."
        )
    if not 0 < level < 1:
        raise ParameterError(f"The level of a band is {level:g}; it must be between 0 and 1.")
    measured = np.array(data.first_pass.currents)
    asked = (
        np.geomspace(measured.min(), measured.max(), PLACES)
        if currents is None
        else np.array(currents, float)
    )
    if not asked.size or not np.all((asked > 0) & np.isfinite(asked)):
        raise ParameterError("The currents of a band must be positive finite numbers, in A/g.")
    draws = posterior.resampled(DRAWS, seed)
    predicted, scatter = predicted_logarithms(problem, scale, draws, part, asked)
    scales = drawn_scales(scatter, data.independent, seed)
    sampled = with_noise(
        predicted, scales, noise_at(data, asked), beyond(measured, asked), astray, seed
    )
    low, middle, high = np.quantile(sampled, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    percent = f"{100 * level:g} %"
    return pd.DataFrame(
        {
            "current [A.g-1]": asked,
            "capacity [mA.h.g-1]": np.exp(middle),
            f"{percent} low [mA.h.g-1]": np.exp(low),
            f"{percent} high [mA.h.g-1]": np.exp(high),
        }
    )


def predicted_logarithms(
    problem: Problem, scale: NoiseScale, draws: Array, part: int, currents: Array
) -> tuple[Array, Array]:
    """ln of the capacities at some currents, a row a draw that runs, and how far the data scatter about each, S / e."""
    index, data = problem.parts[part]
    assert isinstance(data, RateData)
    here = scale.curves[part]
    found = problem.deviations(list(draws))
    own = scale.scales[part]
    wide = _at(data, currents)
    cells = [
        problem.cells[index].with_values(problem.changes(x, problem.cells[index])) for x in draws
    ]
    capacities = wide.simulated(cells, problem.model)
    asked = {float(current): k for k, current in enumerate(wide.first_pass.currents)}
    columns = [asked[float(current)] for current in currents]
    rows, scatter = [], []
    for deviations, one in zip(found, capacities, strict=True):
        if deviations is None or one is None:
            continue
        scatter.append(scatter_about(deviations[here], problem.soft[here], own))
        rows.append(one[columns])
    if not rows:
        raise ParameterError(
            "No draw of the posterior can be simulated at the currents of the band."
        )
    return np.array(rows), np.array(scatter)


def drawn_scales(scatter: Array, count: float, seed: int = 0) -> Array:
    """A scale of the noise for each draw: (nu_0 + S / e) / s^2 is chi-squared with nu_0 + n degrees of freedom."""
    rng = np.random.default_rng(seed)
    return np.sqrt((GUESS_COUNTS + scatter) / rng.chisquare(GUESS_COUNTS + count, len(scatter)))


def _at(data: RateData, currents: Array) -> RateData:
    """The same rate test with further currents, in the order of the measured ones where those rise or fall."""
    known = list(data.first_pass.currents)
    every = [*known, *(float(one) for one in currents if float(one) not in known)]
    falling = len(known) > 1 and known == sorted(known, reverse=True)
    if falling or known == sorted(known):
        every = sorted(set(every), reverse=falling)
    curve = replace(
        data.measured,
        currents=tuple(every),
        capacities=(1.0,) * len(every),
        aged=(),
        extractions=(),
    )
    return replace(data, measured=curve)


def noise_at(data: RateData, currents: Array) -> Array:
    """The guessed noise of a capacity at some currents: that of the lowest measured one below it too."""
    measured = np.array(data.first_pass.currents)
    return np.where(currents <= measured.min(), data.noise[measured.argmin()], data.level)


def beyond(measured: Array, currents: Array) -> Array:
    """How far currents lie outside the range of the measured ones, in ln I."""
    x = np.log(currents)
    low, high = np.log(measured.min()), np.log(measured.max())
    return np.maximum(np.maximum(low - x, x - high), 0.0)


def with_noise(
    predicted: Array, scales: Array, noise: Array, distance: Array, astray: float, seed: int = 0
) -> Array:
    """Logarithms of measured capacities: each row of predicted ones with noise and discrepancy, many times."""
    rng = np.random.default_rng(seed)
    rows = np.repeat(predicted, REPEATS, axis=0)
    width = np.hypot(np.repeat(scales, REPEATS)[:, None] * noise, astray * distance)
    return rows + width * rng.normal(size=rows.shape)
