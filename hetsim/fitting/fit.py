"""fit(cells, measured, free): the values of cells that describe measured rate curves."""

import warnings
from collections.abc import Sequence

import numpy as np

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.free_value import GRAINS, FreeValue
from hetsim.fitting.gauss_newton import Linearised, cost, minimise
from hetsim.fitting.problem import Problem
from hetsim.fitting.result import FitResult, FittedValue
from hetsim.parameters.values import MeasuredRate
from hetsim.results import Array
from hetsim.results.comparison import Comparison

NOISE = 0.02
"""Of a printed capacity, relative: what repeated cells differ by."""
MOST = 4
"""Free values that a rate curve can bear: it shows two or three directions, priors hold the rest."""
TIMES = (-3.0, 0.0, 3.0)
"""Logarithms by which the first guess of a diffusivity is varied: its effect is far from linear."""


def fit(
    cells: HalfCell | Sequence[HalfCell],
    measured: MeasuredRate | Sequence[MeasuredRate],
    free: Sequence[str | FreeValue],
    model: str = "SPMe",
    noise: float | Sequence[float] = NOISE,
    first_cycle: float = 2.0,
    cycles: int = 3,
) -> FitResult:
    """Fit rate curves by the full model, with weak priors and a soft limit for outliers.

    Parameters
    ----------
    cells : HalfCell | Sequence[HalfCell]
        One cell or several; cells that are fitted together share every free value that is not `of`
        one of them
    measured : MeasuredRate | Sequence[MeasuredRate]
        One measured curve for each cell
    free : Sequence[str | FreeValue]
        Names of parameters, or FreeValue with a prior, a cell or tied names; at most four a curve,
        else a warning says why
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"
    noise : float | Sequence[float], default NOISE
        Relative error of a measured capacity, one number or one for each curve
    first_cycle : float, default 2.0
        Factor of the noise at the lowest current, where the first cycles stand
    cycles : int, default 3
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
    The search starts from the closed form of the rate curve and never builds a model again.
    """
    problem = _problem(cells, measured, free, model, noise, first_cycle, cycles)
    _warn_of_too_many(problem)
    low, high = problem.limits
    best, converged = None, False
    for start in _starts(problem):
        best, converged = minimise(problem.deviations, start, low, high, problem.soft)
        if best is not None:
            break
    if best is None:
        raise ParameterError(
            "The fit cannot start: the cells do not run at all measured currents, neither with their own "
            "values nor with those of the closed form; try `hs.run` on them, or fewer currents."
        )
    return _result(problem, best, converged)


def _problem(
    cells: HalfCell | Sequence[HalfCell],
    measured: MeasuredRate | Sequence[MeasuredRate],
    free: Sequence[str | FreeValue],
    model: str,
    noise: float | Sequence[float],
    first_cycle: float,
    cycles: int,
) -> Problem:
    cells = tuple(cells) if isinstance(cells, Sequence) else (cells,)
    measured = tuple(measured) if isinstance(measured, Sequence) else (measured,)
    for cell in cells:
        if not isinstance(cell, HalfCell):
            raise ParameterError(f"A fit needs half cells, got {cell!r}; hs.load('CZT') makes one.")
    if not cells or len(cells) != len(measured):
        raise ParameterError(
            f"A fit needs a measured curve for each cell, got {len(cells)} cells and {len(measured)} curves."
        )
    if len({cell.name for cell in cells}) != len(cells):
        raise ParameterError(
            "Two cells of the fit have the same name; a value is told apart by it."
        )
    for curve in measured:
        if not isinstance(curve, MeasuredRate):
            raise ParameterError(f"{curve!r} is no measured curve; try hs.measured('CZT').")
    if isinstance(free, str) or not free:
        raise ParameterError("A fit needs a list of at least one free value.")
    values = tuple(FreeValue(one) if isinstance(one, str) else one for one in free)
    _check_twice(values, cells)
    levels = tuple(noise) if isinstance(noise, Sequence) else (noise,) * len(cells)
    if len(levels) != len(cells) or not all(0 < one < np.inf for one in (*levels, first_cycle)):
        raise ParameterError(
            f"The noise of a fit must be positive, one for all or one a cell, got noise = {noise} and "
            f"first_cycle = {first_cycle} for {len(cells)} cells."
        )
    return Problem(cells, measured, values, levels, first_cycle, model, cycles)


def _check_twice(values: tuple[FreeValue, ...], cells: tuple[HalfCell, ...]) -> None:
    for cell in cells:
        names = [name for value in values if value.acts_on(cell) for name in value.names]
        for name in names:
            if names.count(name) > 1:
                raise ParameterError(f"'{name}' of {cell.name} is free twice.")


def _warn_of_too_many(problem: Problem) -> None:
    points = sum(len(one.currents) for one in problem.measured)
    allowed = min(MOST * len(problem.cells), points)
    if len(problem.free) > allowed:
        warnings.warn(
            f"{len(problem.free)} free values for {len(problem.cells)} curve(s) of {points} points: a rate "
            f"curve shows two or three directions, so beyond {allowed} it is the priors that speak.",
            stacklevel=3,
        )


def _starts(problem: Problem) -> list[Array]:
    """Values to start from, the best first: the closed form's best fits and what the cells have now."""
    low, high = problem.limits
    moving = np.array([any(name in GRAINS for name in one.names) for one in problem.free])
    first = [problem.present(), *(problem.priors + shift * moving for shift in TIMES)]
    found: list[tuple[float, Array]] = []
    for start in first:
        best, _ = minimise(problem.quick_deviations, start, low, high, problem.soft)
        if best is not None:
            found.append((cost(best.deviations, best.soft), best.x))
    found.sort(key=lambda one: one[0])
    return [x for _, x in found[:1]] + [np.clip(problem.present(), low, high)]


def _result(problem: Problem, best: Linearised, converged: bool) -> FitResult:
    cells = problem.solved(best.x)
    sources = [
        "rate curve of " + " and ".join(cell.name for cell in cells if free.acts_on(cell))
        for free in problem.free
    ]
    values = tuple(
        FittedValue(free, float(np.exp(x)), float(np.exp(width)), known, source)
        for free, x, width, known, source in zip(
            problem.free, best.x, best.intervals, problem.known, sources, strict=True
        )
    )
    comparisons = tuple(
        Comparison(problem.curve(cell, data), data)
        for cell, data in zip(cells, problem.measured, strict=True)
    )
    return FitResult(values, cells, comparisons, best, converged)
