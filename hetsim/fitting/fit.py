"""fit(cells, measured, free): the values of cells that describe what was measured on them."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.free_value import FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.fitting.gauss_newton import Linearised, cost, minimise
from hetsim.fitting.observations import ExtractionData, FitWarning, RateData
from hetsim.fitting.observations.rate import CYCLES, FIRST_CYCLE, NOISE
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import linear_factors
from hetsim.fitting.result import FitResult, FittedValue
from hetsim.fitting.warned import warnings_of
from hetsim.parameters.host_names import is_sloping
from hetsim.results import Array
from hetsim.results.comparison import Comparison

TIMES = (-3.0, -1.5, 0.0, 1.5, 3.0)
"""Logarithms by which the first guess of a diffusivity is varied: its effect is far from linear."""
SLOPE_NOISE, SLOPE_FIRST_CYCLE = 0.008, 3.0
"""Noise of a rate curve and its factor at the lowest current where the cell has a curve without plateaus: between the
values of 0.6 and 1 % that describe left-out points of measured curves alike and better than 2 % (docs/fits.md)."""
CLOSE, CLOSE_FIRST = 0.001, 6.0
"""Noise by which the points of such a curve are weighed against the priors for the fitted values alone, chosen on
left-out points of measured curves (benchmarks/closeness.py). A fit predicts a point best where it follows the others
more closely than their scatter about the model would say; intervals, posterior and bands rest on the noise above."""
OTHERS = (-1.0, 0.0, 1.0)
"""Prior widths by which the first guess of fast fraction and resistance is varied."""


def fit(
    cells: HalfCell | Sequence[HalfCell],
    measured: Any,
    free: Sequence[str | FreeValue],
    model: str = "SPMe",
    noise: float | Sequence[float] | None = None,
    first_cycle: float | None = None,
    cycles: int = CYCLES,
) -> FitResult:
    """Fit data of any kind by the full model, with weak priors and a soft limit for outliers.

    Parameters
    ----------
    cells : HalfCell | Sequence[HalfCell]
        One cell or several; cells that are fitted together share every free value that is not `of`
        one of them
    measured : Any
        Of one cell what was measured on it, of several a list with an entry for each: a MeasuredRate, TimeTrace
        (titration or voltage curve), list of CvCycle, MeasuredSpectrum, AgedPoint, an observation such as
        `hs.Polarisation`, or a list of several of them
    free : Sequence[str | FreeValue]
        Names of parameters, or FreeValue with a prior, a cell or tied names; at most four a rate curve,
        else a warning says why
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"
    noise : float | Sequence[float] | None, default None
        Relative error of a measured capacity of rate curves, one number or one for each cell; other data have
        their own noise. None is 2 %, and 0.8 % of a cell whose open-circuit curve is a slope through its window
        (`hs.template`). The values of a fit of rate curves of such cells alone then follow the points as if it were
        0.1 %, six times that at the lowest current; intervals, posterior and bands rest on 0.8 %
    first_cycle : float | None, default None
        Factor of the noise at the lowest current of a rate curve, where the first cycles stand; None is 2, and 3 where
        all cells have such a curve
    cycles : int, default CYCLES
        Of the rate test, which is run as measured, current after current

    Returns
    -------
    FitResult

    Raises
    ------
    ParameterError
        For wrong input, or if no start can be simulated.

    Notes
    -----
    The search starts from the closed form of the rate curves, where there are any, and never builds a model again.
    docs/fits.md says how each kind of data is compared, and with which noise.
    """
    several = tuple(cells) if isinstance(cells, Sequence) else (cells,)
    slopes = [isinstance(cell, HalfCell) and is_sloping(cell.values) for cell in several]
    given = noise is not None or first_cycle is not None
    if noise is None:
        noise = [SLOPE_NOISE if slope else NOISE for slope in slopes]
    if first_cycle is None:
        first_cycle = SLOPE_FIRST_CYCLE if all(slopes) else FIRST_CYCLE
    problem = _problem(cells, measured, free, model, noise, first_cycle, cycles)
    told = warnings_of(problem)
    _warn(told)
    low, high = problem.limits
    best, converged = None, False
    for start in _starts(problem):
        best, converged = minimise(problem.deviations, start, low, high, problem.soft)
        if best is not None:
            break
    if best is None:
        raise ParameterError(
            "The fit cannot start: the cells do not run as measured, neither with their own "
            "values nor with those of the closed form; try `hs.run` on them, or fewer data."
        )
    x = best.x
    if (
        not given
        and all(slopes)
        and all(isinstance(one, RateData | ExtractionData) for _, one in problem.parts)
    ):
        x = followed(problem, best.x)
    return _result(problem, best, x, converged, told)


def followed(
    problem: Problem, x: Array, noise: float = CLOSE, first_cycle: float = CLOSE_FIRST
) -> Array:
    """Logarithms of the values that follow the rate curves of a problem more closely, from those of its least cost.

    It ends where steps gain nothing more, after 25 at most: so near to the points, slopes by differences show no more.
    """
    close = replace(problem, noise=(noise,) * len(problem.cells), first_cycle=first_cycle)
    found, _ = minimise(close.deviations, x, *problem.limits, close.soft)
    return x if found is None else found.x


def _problem(
    cells: HalfCell | Sequence[HalfCell],
    measured: Any,
    free: Sequence[str | FreeValue],
    model: str,
    noise: float | Sequence[float],
    first_cycle: float,
    cycles: int,
) -> Problem:
    alone = not isinstance(cells, Sequence)
    several = tuple(cells) if isinstance(cells, Sequence) else (cells,)
    for cell in several:
        if not isinstance(cell, HalfCell):
            raise ParameterError(f"A fit needs half cells, got {cell!r}; hs.load('CZT') makes one.")
    data = (measured,) if alone or not isinstance(measured, Sequence) else tuple(measured)
    if not several or len(several) != len(data):
        raise ParameterError(
            f"A fit needs a measured curve for each cell, got {len(several)} cells and {len(data)} curves; several "
            "data of one cell are a list in the list."
        )
    if len({cell.name for cell in several}) != len(several):
        raise ParameterError(
            "Two cells of the fit have the same name; a value is told apart by it. What was measured on one cell "
            "is a list."
        )
    if isinstance(free, str) or not free:
        raise ParameterError("A fit needs a list of at least one free value.")
    values = tuple(FreeValue(one) if isinstance(one, str) else one for one in free)
    _check_twice(values, several)
    levels = tuple(noise) if isinstance(noise, Sequence) else (noise,) * len(several)
    if len(levels) != len(several) or not all(0 < one < np.inf for one in (*levels, first_cycle)):
        raise ParameterError(
            f"The noise of a fit must be positive, one for all or one a cell, got noise = {noise} and "
            f"first_cycle = {first_cycle} for {len(several)} cells."
        )
    problem = Problem(several, data, values, levels, first_cycle, model, cycles)
    for index, observation in problem.parts:
        observation.check(several[index])
    return problem


def _check_twice(values: tuple[FreeValue, ...], cells: tuple[HalfCell, ...]) -> None:
    for cell in cells:
        names = [name for value in values if value.acts_on(cell) for name in value.names]
        for name in names:
            if names.count(name) > 1:
                raise ParameterError(f"'{name}' of {cell.name} is free twice.")


def _warn(told: Sequence[FitWarning]) -> None:
    for one in told:
        if one.name == "more free values than the data bear":
            warnings.warn(one.sentence, stacklevel=3)


def _starts(problem: Problem) -> list[Array]:
    """Values to start from, the best first: the closed form's best fits and what the cells have now.

    Without a rate curve there is no closed form, and the full model says which of them is the best.
    """
    low, high = problem.limits
    points = [np.clip(start, low, high) for start in _scattered(problem)]
    if not np.any(problem.quick_soft):
        found = _ranked(points, problem.deviations(points), problem.soft)
        return [*found[:1], points[0]]
    found = _ranked(points, problem.quick_deviations(points), problem.quick_soft)
    best = None
    if found:
        best, _ = minimise(problem.quick_deviations, found[0], low, high, problem.quick_soft)
    return [*([best.x] if best is not None else []), points[0]]


def _scattered(problem: Problem) -> list[Array]:
    """What the cells have now, and points about the priors."""
    moving = np.array([any(name in GRAINS for name in one.names) for one in problem.free])
    wide = problem.widths * np.array([one.name in (FAST, RESISTANCE) for one in problem.free])
    several = OTHERS if wide.any() else (0.0,)
    return [
        problem.present(),
        *(
            problem.priors + shift * moving + times * wide
            for shift in (TIMES if moving.any() else (0.0,))
            for times in several
        ),
    ]


def _ranked(
    points: Sequence[Array], deviations: Sequence[Array | None], soft: Array
) -> list[Array]:
    """The points that run, the one of least cost first."""
    costs = [np.inf if one is None else cost(one, soft) for one in deviations]
    return [points[k] for k in np.argsort(costs, kind="stable") if costs[k] < np.inf]


def _result(
    problem: Problem, best: Linearised, x: Array, converged: bool, told: Sequence[FitWarning]
) -> FitResult:
    cells = problem.solved(x)
    # what holds the interval about the least cost too
    widths = linear_factors(problem, best) + np.abs(x - best.x)
    values = tuple(
        FittedValue(free, float(np.exp(one)), float(np.exp(width)), known, _source(problem, free))
        for free, one, width, known in zip(problem.free, x, widths, problem.known, strict=True)
    )
    comparisons = tuple(
        Comparison(one.curve(cells[index], problem.model), one.first_pass)
        for index, one in problem.parts
        if isinstance(one, RateData)
    )
    return FitResult(values, cells, comparisons, best, converged, problem, tuple(told))


def _source(problem: Problem, free: FreeValue) -> str:
    """The data that a fitted value rests on, in words."""
    of_kind: dict[str, list[str]] = {}
    for index, one in problem.parts:
        cell = problem.cells[index]
        if free.acts_on(cell) and cell.name not in of_kind.setdefault(one.kind, []):
            of_kind[one.kind].append(cell.name)
    return ", ".join(f"{kind} of {' and '.join(cells)}" for kind, cells in of_kind.items() if cells)
