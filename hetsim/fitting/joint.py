"""A heterostructure and its controls in one problem: what they share, and what each has for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logsumexp
from scipy.stats import multivariate_t

from hetsim.architectures.channels import MOBILITY_RATIO, POTENTIAL
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.load import load
from hetsim.errors import ParameterError
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.fitting.gauss_newton import Linearised, minimise
from hetsim.fitting.mechanisms import EXCHANGE_CURRENT
from hetsim.fitting.noise_scale import scaled
from hetsim.fitting.observations import Polarisation
from hetsim.fitting.posterior import GOOD_K, Posterior, log_posterior, pareto_smoothed
from hetsim.fitting.problem import Problem
from hetsim.fitting.profile import scale_of
from hetsim.fitting.result import FitResult
from hetsim.parameters.host_names import CAPACITY as HOST_CAPACITY
from hetsim.parameters.host_names import of_component
from hetsim.parameters.hosts import VOLUME_FRACTION
from hetsim.results import Array

HYSTERESIS = "Site hysteresis ratio"
HOST_CAPACITIES = tuple(of_component(letter, HOST_CAPACITY) for letter in "AB")
NOISE = 0.02
DRAWS = 300
"""Of the posterior."""
ENOUGH = 50.0
"""Independent draws that weighted ones must be worth to give a 95 % interval."""
ROUNDS = 14
"""Most proposals, each from the draws of the one before."""
FREEDOM = 8
"""Of the multivariate t that the draws are made from."""
FAMILY_POTENTIAL, FAMILY_WIDTH = 0.033, 0.65
"""Measured potentials of such junctions lie between 17 and 63 mV [V]: their middle, and half their distance in ln."""
_POLARISATION = "Polarisation at "
"""How the fact of a file begins that says a polarisation, with its current behind it."""


@dataclass(frozen=True, repr=False)
class Joint:
    """A heterostructure fitted with its controls.

    Parameters
    ----------
    problem : Problem
        Cells, the heterostructure first, their data and the free values
    best : Linearised
        At the best values
    posterior : Posterior
        Draws of the values
    """

    problem: Problem
    best: Linearised
    posterior: Posterior

    @property
    def cell(self) -> HalfCell:
        """The heterostructure, with the values from before the fit."""
        return self.problem.cells[0]


def joint_fit(
    what: HalfCell | FitResult, model: str = "SPMe", seed: int = 0, draws: int = DRAWS
) -> Joint:
    """`best_fit` with draws of its posterior; `draws` of them in each round of the sampling."""
    problem, best = best_fit(what, model)
    return Joint(problem, best, _draws(problem, best, seed, draws))


def best_fit(what: HalfCell | FitResult, model: str = "SPMe") -> tuple[Problem, Linearised]:
    """The fit of a heterostructure with the controls that its file names, or a fit that the user made.

    Raises ParameterError for a cell without two hosts or without measured data, or a fit whose first cell is none.
    """
    if isinstance(what, FitResult):
        _check(what.problem.cells[0])
        return what.problem, what.linearised
    if not isinstance(what, HalfCell):
        raise ParameterError(
            f"{what!r} is neither a half cell nor a fit; hs.load('CZT') makes a cell."
        )
    problem = joint_problem(what, model)
    low, high = problem.limits
    start = np.clip(problem.present(), low, high)
    best, _ = minimise(problem.deviations, start, low, high, problem.soft)
    if best is None:
        raise ParameterError(
            f"{what.name} and its controls do not run as measured with the values of their files; try `hs.run` on them."
        )
    return problem, best


def _draws(problem: Problem, best: Linearised, seed: int, count: int) -> Posterior:
    """Draws within the limits, weighted by the full posterior.

    The first proposal is that of the linearised problem. Where it leaves few draws, the next one has mean and
    covariance of the draws with weights to a power below one that leaves enough of them. All draws are kept, each
    weighted over the mixture of all proposals (J.-M. Cornuet et al., Scand. J. Stat. 39, 798 (2012),
    doi:10.1111/j.1467-9469.2011.00756.x).
    """
    scale = scale_of(problem, best)
    factors = np.ones(len(best.soft))
    for one, part in zip(scale.scales, scale.curves, strict=True):
        factors[part] = one
    density = log_posterior(problem, scale)
    low, high = problem.limits
    labels = tuple(one.label for one in problem.free)
    centre, covariance = best.x, scaled(best, factors).covariance
    rng = np.random.default_rng(seed)
    proposals: list[Any] = []
    draws, densities = np.empty((0, len(low))), np.empty(0)
    for _ in range(ROUNDS):
        proposals.append(multivariate_t(centre, covariance, df=FREEDOM, seed=rng))
        tried = np.reshape(proposals[-1].rvs(size=20 * count), (20 * count, len(low)))
        more = tried[np.all((tried >= low) & (tried <= high), axis=1)][:count]
        draws = np.concatenate([draws, more])
        densities = np.concatenate([densities, density(list(more))])
        made_by = [np.atleast_1d(one.logpdf(draws)) for one in proposals]
        logarithms = densities - logsumexp(made_by, axis=0)
        runs = np.isfinite(logarithms)
        smooth, k = pareto_smoothed(logarithms[runs])
        weights = np.exp(smooth - logsumexp(smooth))
        size = 1 / float((weights**2).sum())
        if size > ENOUGH and k < GOOD_K:
            break
        tempered = _tempered(logarithms[runs])
        centre = tempered @ draws[runs]
        away = draws[runs] - centre
        covariance = (tempered * away.T) @ away + 0.02 * covariance
    return Posterior(
        labels, draws[runs], weights, "importance", size, k, size > ENOUGH and k < GOOD_K
    )


def _tempered(logarithms: Array) -> Array:
    """Weights to the highest power up to one at which they are worth ENOUGH draws, of sum one."""
    for power in np.geomspace(1.0, 0.02, 40):
        raised = power * logarithms
        weights = np.exp(raised - logsumexp(raised))
        if 1 / (weights**2).sum() > ENOUGH:
            break
    return np.asarray(weights, float)


def joint_problem(cell: HalfCell, model: str = "SPMe") -> Problem:
    """A heterostructure of two hosts and the controls that its file names, with their fresh data.

    Data are the rate curves and the polarisations that stand in the files. Shared by all cells are the capacities of
    the hosts (tied), their diffusivities, series resistance and exchange current; each cell has a fast fraction, and
    the heterostructure the mobility and the potential of its junction layers and its hysteresis. Priors lie at the
    values of the files, as wide as those of any fit; that of the potential is what was measured in the family.

    Raises ParameterError for a cell of one lumped host, or one without measured data.
    """
    _check(cell)
    cells = [cell, *(control for control in _controls(cell) if _data(control))]
    if not _data(cell):
        raise ParameterError(
            f"Nothing was measured on {cell.name}; a fit that you made (hs.fit) can be given instead."
        )
    return Problem(
        tuple(cells),
        tuple(_data(one) for one in cells),
        tuple(_free(cells)),
        (NOISE,) * len(cells),
        model=model,
    )


def _check(cell: HalfCell) -> None:
    if cell.hosts is None:
        raise ParameterError(
            f"{cell.name} has one lumped host and no controls; give its two hosts isotherms, or name its variant "
            "that has them."
        )
    if not 0 < cell.values.number(VOLUME_FRACTION) < 1:
        raise ParameterError(
            f"{cell.name} is one host alone: there is no mixture to compare it with."
        )


def _controls(cell: HalfCell) -> list[HalfCell]:
    found = [load(name) for name in cell.control_systems]
    return [one for one in found if one.hosts is not None]


def _data(cell: HalfCell) -> list[object]:
    """Rate curve and polarisations that stand in the file of a cell."""
    found: list[object] = [] if cell.measured is None else [cell.measured]
    for name, value in cell.system.facts.items():
        if name.startswith(_POLARISATION) and name.endswith(" A/g [V]"):
            current = float(name.removeprefix(_POLARISATION).removesuffix(" A/g [V]"))
            found.append(Polarisation(current, value.number))
    return found


def _free(cells: Sequence[HalfCell]) -> list[FreeValue]:
    """Values with their priors: at what the files have, as wide as in any fit, so that files and data are weighed."""
    first = cells[0]

    def value(name: str, width: float | None, of: HalfCell | None = None, *tied: str) -> FreeValue:
        at = (of or first).values.number(name)
        return FreeValue(name, at, width, of.name if of else "", tied)

    found = [value(HOST_CAPACITIES[0], 0.5, None, HOST_CAPACITIES[1])]
    found += [value(name, 3.0) for name in GRAINS]
    found += [value(RESISTANCE, 1.0), value(EXCHANGE_CURRENT, 1.0)]
    found += [value(FAST, 0.5, cell) for cell in cells if cell.values.number(FAST) > 0]
    if first.structure.architecture.channel.conducts:
        found += [
            value(MOBILITY_RATIO, 2.0, first),
            FreeValue(POTENTIAL, FAMILY_POTENTIAL, FAMILY_WIDTH, first.name),
        ]
    if HYSTERESIS in first.values and first.values.number(HYSTERESIS) > 0:
        found.append(value(HYSTERESIS, 0.5, first))
    return [one for one in found if one.name in first.values and (one.prior or 0) > 0]


__all__ = ["CAPACITY", "HOST_CAPACITIES", "HYSTERESIS", "Joint", "joint_fit", "joint_problem"]
