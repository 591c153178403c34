"""evidence([models], data, cells): which of several mechanisms explains the data, as probabilities with errors."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.fit import _problem
from hetsim.fitting.free_value import CAPACITY, FAST, RESISTANCE, FreeValue
from hetsim.fitting.marginal import Marginal, marginal
from hetsim.fitting.mechanisms import MECHANISMS, mechanism_named
from hetsim.fitting.observations.rate import CYCLES, FIRST_CYCLE, NOISE
from hetsim.fitting.problem import Problem
from hetsim.fitting.result import FitResult
from hetsim.results import Array

SHARED = (FreeValue(CAPACITY), FreeValue(FAST), FreeValue(RESISTANCE))
"""Free in every model that is given by the name of its mechanism."""
ODDS = 10.0
"""Of the best model against another one, from which on the data are said to tell them apart."""
SURE = 2.0
"""Standard errors of ln(odds) by which it must be so."""
ONE_MODEL = "The evidence needs at least two models to choose from, got {}."

BEHIND = 5.0
"""Of ln Z, beyond the odds: a model so far behind is ruled out, and its evidence need not be sharp."""
Cells = HalfCell | Sequence[HalfCell]


@dataclass(frozen=True)
class Candidate:
    """One explanation of the data: cells, and the values of them that are free.

    Parameters
    ----------
    name : str
        What the explanation is called
    free : Sequence[str | FreeValue]
        Names of parameters, or FreeValue with a prior, a cell or tied names, as in `hs.fit`
    cells : HalfCell | Sequence[HalfCell] | None, default None
        What the data were measured on, by this explanation; None takes the cells that all models have
    """

    name: str
    free: Sequence[str | FreeValue]
    cells: Cells | None = None


@dataclass(frozen=True, repr=False)
class Weighed:
    """One model with its evidence.

    Parameters
    ----------
    name : str
        Of the mechanism or candidate
    problem : Problem
        Its cells, the data and the free values with their priors
    marginal : Marginal
        ln Z with its error, and draws of the values
    probability : float
        Among the models, each as likely as the others before the data
    error : float
        Standard error of the probability by the finite number of draws
    """

    name: str
    problem: Problem
    marginal: Marginal
    probability: float
    error: float

    @property
    def log_evidence(self) -> float:
        """ln Z."""
        return self.marginal.log_evidence


@dataclass(frozen=True, repr=False)
class Evidence:
    """Several models of the same data, weighed against each other.

    Parameters
    ----------
    models : tuple[Weighed, ...]
        The most probable one first
    odds : float
        From which on two models are told apart
    """

    models: tuple[Weighed, ...]
    odds: float

    def __repr__(self) -> str:
        shares = ", ".join(f"{one.name} {100 * one.probability:.1f} %" for one in self.models)
        return f"<Evidence {shares}>"

    @property
    def best(self) -> Weighed:
        """The most probable model."""
        return self.models[0]

    def log_odds(self, one: Weighed, other: Weighed) -> tuple[float, float]:
        """ln of the odds of one model against another, and its standard error."""
        error = math.hypot(one.marginal.error, other.marginal.error)
        return one.log_evidence - other.log_evidence, error

    @property
    def left(self) -> tuple[Weighed, ...]:
        """The best model, and those that the data cannot tell from it."""
        level = math.log(self.odds)
        kept = [self.best]
        for other in self.models[1:]:
            away, error = self.log_odds(self.best, other)
            if away - SURE * error < level:
                kept.append(other)
        return tuple(kept)

    @property
    def told(self) -> bool:
        """Whether the data tell the best model from all others."""
        return len(self.left) == 1

    @property
    def verdict(self) -> str:
        """What the data say, in one or two sentences."""
        best, others = self.best, [one for one in self.models if one not in self.left]
        ruled_out = (
            f" Ruled out at {self.odds:g}:1 or more: {_listed([one.name for one in others])}."
            if others
            else ""
        )
        if self.told:
            away, _ = self.log_odds(best, self.models[1])
            return (
                f"{best.name}: {_odds(away)} against the next explanation, {self.models[1].name}."
                + self._doubt
            )
        names = _listed([one.name for one in self.left])
        away, _ = self.log_odds(best, self.left[-1])
        return (
            f"Cannot be told: {names} explain the data alike (odds of the first over the last {_odds(away)}, below "
            f"{self.odds:g}:1).{ruled_out}{self._doubt}"
        )

    @property
    def _doubt(self) -> str:
        """What the verdict does not rest on firmly."""
        weak = [one.name for one in self.left if not one.marginal.converged]
        doubt = f" The evidence of {_listed(weak)} is uncertain: too few draws." if weak else ""
        off = [one.name for one in self.left if _misfit(one) > 3]
        if off:
            doubt += (
                f" {_listed(off)} itself misses points by more than three deviations: the true reason may not be "
                "among the models."
            )
        return doubt

    def to_frame(self) -> pd.DataFrame:
        """One row a model: ln Z, its error, probability, the largest deviation of a point, draws and method."""
        rows = [
            {
                "model": one.name,
                "ln evidence": one.log_evidence,
                "error of ln evidence": one.marginal.error,
                "probability": one.probability,
                "error of probability": one.error,
                "largest deviation": _misfit(one),
                "effective draws": one.marginal.posterior.effective_size,
                "method": one.marginal.method,
            }
            for one in self.models
        ]
        return pd.DataFrame(rows).set_index("model")


def evidence(
    models: Sequence[str | Candidate] | Mapping[str, FitResult | Problem],
    measured: Any = None,
    cells: Cells | None = None,
    shared: Sequence[str | FreeValue] = SHARED,
    model: str = "SPMe",
    noise: float | Sequence[float] = NOISE,
    first_cycle: float = FIRST_CYCLE,
    cycles: int = CYCLES,
    odds: float = ODDS,
    known_noise: bool = False,
    seed: int = 0,
    method: str = "auto",
) -> Evidence:
    """Weigh explanations of the same data against each other.

    Parameters
    ----------
    models : Sequence[str | Candidate] | Mapping[str, FitResult | Problem]
        Names of mechanisms ("diffusivity", "exchange current", "size", "resistance", "fast share", "capacity", "field",
        "channel"), candidates of your own, or fits of the same data by name
    measured : Any, default None
        As in `hs.fit`: of one cell what was measured on it, of several a list; fits have it already
    cells : HalfCell | Sequence[HalfCell] | None, default None
        The cell as it would be without the mechanism, such as one fitted to the control; or the heterostructure and its
        controls, fitted together: then the mechanism is a value that the first one has for itself
    shared : Sequence[str | FreeValue], default SHARED
        Values that are free in every named model: capacity (of each cell), fast fraction and series resistance
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"
    noise : float | Sequence[float], default NOISE
        Relative error of a measured capacity, as in `hs.fit`
    first_cycle : float, default FIRST_CYCLE
        Factor of the noise at the lowest current
    cycles : int, default CYCLES
        Of the rate test
    odds : float, default ODDS
        From which on two models are told apart; below, "cannot be told"
    known_noise : bool, default False
        Take the noise as known; otherwise its scale is integrated out
    seed : int, default 0
        Of the random numbers
    method : str, default 'auto'
        "importance", "nested" (dynesty, the extra `evidence`), or "auto": the second where the first does not do

    Returns
    -------
    Evidence
        The most probable model first; `verdict` says it in words

    Raises
    ------
    ParameterError
        For fewer than two models, models of different data, an unknown mechanism, one that the cell cannot have (a
        field needs a core and a shell), odds that are not above 1, or wrong input of a fit.

    Notes
    -----
    All models are as likely as each other before the data. Priors are part of a model: the wider the prior of a value
    that the data pin down, the less probable its model, by the factor by which it is wider. Each named model frees one
    more value than `shared`, with the prior of its FreeValue in fitting.mechanisms; mechanisms that are named beside it
    are switched off in it where they can be (no field, no channel). How ln Z is integrated stands in fitting.marginal.
    """
    if not 1 < odds < math.inf:
        raise ParameterError(f"The odds that tell models apart are {odds:g}; they must be above 1.")
    if isinstance(models, str) or len(models) < 2:
        raise ParameterError(
            ONE_MODEL.format(f"'{models}'" if isinstance(models, str) else len(models))
        )
    options = (model, noise, first_cycle, cycles)
    if isinstance(models, Mapping):
        problems = {name: _of_fit(name, one) for name, one in models.items()}
    else:
        problems = _problems(models, measured, cells, shared, options)
    _check_same_data(problems)
    found: list[tuple[str, Problem, Marginal]] = []
    for k, (name, problem) in enumerate(problems.items()):
        highest = max((one.log_evidence for *_, one in found), default=-math.inf)
        level = highest - math.log(odds) - BEHIND
        found.append((name, problem, marginal(problem, known_noise, seed + k, method, level)))
    shares, errors = probabilities(
        [one.log_evidence for *_, one in found], [one.error for *_, one in found]
    )
    weighed = [
        Weighed(*one, float(share), float(error))
        for one, share, error in zip(found, shares, errors, strict=True)
    ]
    return Evidence(tuple(sorted(weighed, key=lambda one: -one.log_evidence)), odds)


def probabilities(log_evidences: Sequence[float], errors: Sequence[float]) -> tuple[Array, Array]:
    """Probabilities of models that were equally likely before, and their standard errors.

    p_i = Z_i / sum Z,   dp_i = p_i sum_j (delta_ij - p_j) dlnZ_j      (errors of ln Z independent and small)
    """
    logarithms = np.array(log_evidences)
    shares = np.exp(logarithms - logarithms.max())
    shares /= shares.sum()
    slopes = shares[:, np.newaxis] * (np.eye(len(shares)) - shares)
    return shares, np.sqrt(slopes**2 @ np.array(errors) ** 2)


# --- from what a user says to problems ------------------------------------------------------------


def _of_fit(name: str, one: Any) -> Problem:
    if isinstance(one, FitResult):
        return one.problem
    if isinstance(one, Problem):
        return one
    raise ParameterError(f"'{name}' is no fit: models by name are results of hs.fit, got {one!r}.")


def _problems(
    models: Sequence[str | Candidate],
    measured: Any,
    cells: Cells | None,
    shared: Sequence[str | FreeValue],
    options: tuple[Any, ...],
) -> dict[str, Problem]:
    if measured is None:
        raise ParameterError(
            "The evidence needs the data that the models explain; try hs.measured('CZT')."
        )
    names = [one if isinstance(one, str) else one.name for one in models]
    for name in names:
        if names.count(name) > 1:
            raise ParameterError(f"Two models are called '{name}'.")
    named = [one for one in models if isinstance(one, str)]
    found = {}
    for name, one in zip(names, models, strict=True):
        own = cells if isinstance(one, str) or one.cells is None else one.cells
        if own is None:
            raise ParameterError(
                f"The model '{name}' has no cells; give cells=, such as hs.load('CZT')."
            )
        if isinstance(one, str):
            own, values = _named(one, [other for other in named if other != one], own, shared)
            found[name] = _problem(own, measured, values, *options)
        else:
            found[name] = _problem(own, measured, list(one.free), *options)
    return found


def _named(
    name: str, others: Sequence[str], cells: Cells, shared: Sequence[str | FreeValue]
) -> tuple[Cells, list[FreeValue]]:
    """The cells of a named model, without the mechanisms beside it, and its free values."""
    mechanism = mechanism_named(name)
    several = [cells] if isinstance(cells, HalfCell) else list(cells)
    for other in others:
        several = [mechanism_named(other).without(cell) for cell in several]
    controls = [mechanism.without(cell) for cell in several[1:]]
    if not several:
        raise ParameterError("The evidence needs at least one cell.")
    first = several[0] if isinstance(cells, HalfCell) else [several[0], *controls]
    values = [FreeValue(one) if isinstance(one, str) else one for one in shared]
    own = mechanism.free
    taken = [one for one in values if set(one.names) & set(own.names)]
    if not controls:
        if taken:
            raise ParameterError(
                f"'{own.name}' is free in all models, so '{name}' explains nothing of its own; leave it out of shared=."
            )
        return first, [*values, own]
    labels = [cell.name for cell in several]
    values = [
        part for one in values for part in _each(one, labels, one.name == CAPACITY or one in taken)
    ]
    if not taken:
        values.append(_of(own, labels[0]))
    return first, values


def _each(one: FreeValue, labels: Sequence[str], apart: bool) -> list[FreeValue]:
    """The value, or one of each cell."""
    return [_of(one, label) for label in labels] if apart and not one.of else [one]


def _of(one: FreeValue, label: str) -> FreeValue:
    return FreeValue(one.name, one.prior, one.width, label, one.tied)


def _check_same_data(problems: Mapping[str, Problem]) -> None:
    first, *others = problems.items()
    for name, problem in others:
        data = [np.concatenate([one.data for _, one in each.parts]) for each in (first[1], problem)]
        if not np.array_equal(data[0], data[1]):
            raise ParameterError(
                f"'{first[0]}' and '{name}' are models of different data; only explanations of the same data can be "
                "weighed against each other."
            )


# --- words ----------------------------------------------------------------------------------------


def _misfit(one: Weighed) -> float:
    """The largest deviation of a data point at the best values, in units of the noise."""
    [deviations] = one.problem.deviations([one.marginal.best])
    assert deviations is not None
    return float(np.abs(deviations[one.problem.soft]).max())


def _odds(logarithm: float) -> str:
    if logarithm > math.log(1e4):
        return "more than 10000:1"
    odds = math.exp(logarithm)
    return f"{odds:.2g}:1" if odds < 10 else f"{odds:.0f}:1"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


__all__ = ["MECHANISMS", "Candidate", "Evidence", "Weighed", "evidence"]
