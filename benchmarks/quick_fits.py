"""Fits of thousands of rate curves at once: the closed form of the neutral cell and the rate equation, in numpy alone.

For choices that need far more fits than the full model can make in a benchmark (closeness.py). The closed form is that
of `hetsim.fitting.closed_form` for a first insertion, read from a table of g^-1(y; f); a fit is the damped Gauss-Newton
step with the soft limit of `hetsim.fitting.gauss_newton`, of all problems side by side. Values are logarithms: of the
cell capacity over the highest measured, fast fraction, series resistance [Ohm.cm2], R^2/D [h]; of the equation Q_M over
the highest, tau [h], n.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from measured_curves import Array, Curve
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline

from hetsim import names
from hetsim.cells.heterostructure import template_values
from hetsim.cells.template import ASSUMED_LOADING, EXPONENT, FREE_RANGES
from hetsim.fitting.closed_form import overpotential
from hetsim.fitting.gauss_newton import OUTLIER
from hetsim.laws.diffusion_spread import DiffusionModes, surface_response
from hetsim.laws.rate_equation import capacity_share
from hetsim.laws.relaxation_modes import relaxation_modes

SPREAD = template_values()[names.TIME_SPREAD].number
"""Of the logarithm of the diffusion times, as the template has it."""
LEAST = 1e-3
"""A smaller share of the sites counts as this, so that a curve has a logarithm everywhere."""
STEPS, MOST_DAMPED, LONGEST = 40, 1e6, 2.0
SMALL = 1e-4
"""A step that makes the cost less by less than this ends a search."""

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Data:
    """Rate curves as arrays [curve, point], currents rising; `there` says which points exist."""

    currents: Array
    logarithms: Array
    there: NDArray[np.bool_]
    highest: Array
    windows: Array
    loadings: Array
    others: Array
    """Voltage that is lost beside diffusion and series resistance, [curve, point]."""
    begins: Array
    """Share of the sites that are filled at the start."""

    @classmethod
    def of(cls, curves: Sequence[Curve]) -> "Data":
        size = (len(curves), max(len(one.currents) for one in curves))
        currents, capacities = np.ones(size), np.ones(size)
        there, others, begins = np.zeros(size, bool), np.zeros(size), np.zeros(len(curves))
        for k, one in enumerate(curves):
            order = np.argsort(one.currents)
            currents[k, : len(order)] = np.array(one.currents)[order]
            capacities[k, : len(order)] = np.array(one.capacities)[order]
            there[k, : len(order)] = True
            others[k, : len(order)], begins[k] = _others(one)
        highest = np.array([max(one.capacities) for one in curves])
        return cls(
            currents,
            np.log(capacities / highest[:, None]),
            there,
            highest,
            np.array([one.window[1] - one.window[0] for one in curves]),
            np.array([one.loading or ASSUMED_LOADING for one in curves]),
            others,
            begins,
        )


@cache
def _others(curve: Curve) -> tuple[Array, float]:
    cell = curve.cell()
    resistance = cell.values.number(names.SERIES_RESISTANCE)
    loading = cell.values.number(names.LOADING)
    currents = np.sort(curve.currents)
    whole = np.array([overpotential(cell, float(one)) for one in currents])
    return whole - 1e-3 * currents * loading * resistance, cell.extracted_occupancy


class Model(Protocol):
    """ln of the capacities over the highest, [problem, point], and their slopes [problem, point, value]."""

    low: Array
    high: Array

    def __call__(self, curves: Places, x: Array) -> tuple[Array, Array]: ...


@cache
def _table(spread: float) -> RectBivariateSpline:
    """ln g^-1 over logit f and ln y, for the modes that the models use."""
    modes = relaxation_modes(spread)
    logits, y = np.linspace(-5.6, 3.7, 30), np.linspace(-14, 12, 160)
    times = np.exp(np.linspace(-32, 12.5, 900))
    rows = []
    for one in logits:
        fast = 1 / (1 + np.exp(-one))
        response = surface_response([1.0], [1.0], fast, DiffusionModes(modes.shares, modes.times))
        rows.append(np.interp(y, np.log([response(time) for time in times]), np.log(times)))
    return RectBivariateSpline(logits, y, np.array(rows))


class ClosedForm:
    """Q = Q0 x g^-1(theta* / x), theta* = 1 - (eta / W)^(1 / p) - theta_0, eta = I m R + eta_0, x = 1000 I tau / Q0."""

    def __init__(self, data: Data, spread: float = SPREAD, exponent: float = EXPONENT) -> None:
        self.data, self.spread, self.exponent = data, spread, exponent
        ends = np.log(list(FREE_RANGES.values()))
        self.low = np.array([np.log(0.5), *ends[:, 0], -4.5])
        self.high = np.array([np.log(5.0), *ends[:, 1], 9.5])

    def __call__(self, curves: Places, x: Array) -> tuple[Array, Array]:
        data = self.data
        capacity, fast, resistance, time = (x[:, [k]] for k in range(4))
        currents = data.currents[curves]
        ln_x = np.log(1000 * currents / data.highest[curves][:, None]) + time - capacity
        ohmic = 1e-3 * currents * data.loadings[curves][:, None] * np.exp(resistance)
        eta = ohmic + data.others[curves]
        lost = (eta / data.windows[curves][:, None]) ** (1 / self.exponent)
        left = 1 - lost - data.begins[curves][:, None]
        share = np.maximum(left, LEAST / (1 + 30 * np.maximum(-left, 0)))
        y = np.log(share) - ln_x
        f = np.exp(fast)
        logit = np.broadcast_to(np.log(f / (1 - f)), y.shape)
        table = _table(self.spread)
        of_y = table.ev(logit, y, dy=1)
        of_fast = table.ev(logit, y, dx=1) / (1 - f)
        of_share = -lost / self.exponent * ohmic / eta / share
        slopes = np.stack([of_y, of_fast, of_y * of_share, 1 - of_y], axis=2)
        return ln_x + table.ev(logit, y) + capacity, slopes


class Equation:
    """Q = Q_M [1 - x (1 - exp(-1/x))], x = (R tau)^n; fitted at the measured R = I/Q, as its source does."""

    low, high = np.array([-0.7, -14.0, -3.0]), np.array([3.0, 7.0, 1.1])

    def __init__(self, data: Data) -> None:
        self.data = data
        self.measured = np.log(1000 * data.currents / data.highest[:, None]) - data.logarithms

    def at(self, rates: Array, x: Array) -> Array:
        """ln Q over the highest at logarithms of the rate I/Q [1/h]."""
        full, time, exponent = (x[:, [k]] for k in range(3))
        with np.errstate(over="ignore", divide="ignore"):  # of a rate far below any
            share = capacity_share(np.exp(rates), np.exp(time), np.exp(exponent))
        return np.asarray(full + np.log(np.maximum(share, 1e-300)))

    def __call__(self, curves: Places, x: Array) -> tuple[Array, Array]:
        rates = self.measured[curves]
        here = self.at(rates, x)
        slopes = [(self.at(rates, x + 1e-5 * unit) - here) / 1e-5 for unit in np.eye(3)]
        return here, np.stack(slopes, axis=2)

    def predicted(self, curves: Places, x: Array) -> Array:
        """ln Q over the highest at the currents, by bisection for the rate that belongs to each."""
        data = self.data
        currents = np.log(1000 * data.currents / data.highest[:, None])[curves]
        low, high = np.full(currents.shape, -12.0), np.broadcast_to(x[:, :1], currents.shape)
        for _ in range(45):
            middle = (low + high) / 2
            above = self.at(currents - middle, x) > middle
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        return (low + high) / 2


def fitted(
    model: Model,
    curves: Places,
    logarithms: Array,
    noise: Array,
    priors: tuple[Array, Array],
    starts: Sequence[Array],
) -> Array:
    """Values of least cost of each problem, [problem, value]; the best from some starts.

    noise : relative, [problem, point]; infinite for points that are left out
    priors : centres and widths, [problem, value]
    starts : distances from the centres
    """
    found, costs = [], []
    for start in starts:
        x, cost = _search(model, curves, logarithms, noise, priors, priors[0] + start)
        found.append(x)
        costs.append(cost)
    best = np.argmin(costs, axis=0)
    return np.array(found)[best, np.arange(len(curves))]


def _search(
    model: Model,
    curves: Places,
    logarithms: Array,
    noise: Array,
    priors: tuple[Array, Array],
    x: Array,
) -> tuple[Array, Array]:
    """Damped Gauss-Newton steps from x of all problems, each until it gains nothing more."""
    centres, widths = priors
    size = np.arange(x.shape[1])

    def parts(places: Places, x: Array) -> tuple[Array, Array, Array]:
        """Cost, normal matrix and gradient."""
        values, slopes = model(curves[places], x)
        off = (values - logarithms[places]) / noise[places]
        slopes = slopes / noise[places][:, :, None]
        bent = np.sqrt(1 + (off / OUTLIER) ** 2)
        prior = (x - centres[places]) / widths[places]
        cost = OUTLIER**2 * (bent - 1).sum(axis=1) + (prior**2).sum(axis=1) / 2
        matrix = np.einsum("pni,pn,pnj->pij", slopes, 1 / bent, slopes)
        matrix[:, size, size] += widths[places] ** -2
        return (
            cost,
            matrix,
            np.einsum("pni,pn->pi", slopes, off / bent) + prior / widths[places],
        )

    x = np.clip(x, model.low, model.high)
    cost, matrix, gradient = parts(np.arange(len(x)), x)
    damping = np.full(len(x), 1e-2)
    going = np.arange(len(x))
    for _ in range(STEPS):
        if not going.size:
            break
        outwards = np.where(gradient[going] > 0, x[going] <= model.low, x[going] >= model.high)
        damped = np.where(outwards[:, :, None] | outwards[:, None, :], 0.0, matrix[going])
        diagonal = np.einsum("pii->pi", damped)
        damped[:, size, size] += damping[going, None] * diagonal + outwards
        step = np.linalg.solve(damped, -np.where(outwards, 0.0, gradient[going])[:, :, None])
        trial = np.clip(x[going] + np.clip(step[:, :, 0], -LONGEST, LONGEST), model.low, model.high)
        there = parts(going, trial)
        gained = cost[going] - there[0]
        better = gained > 0
        taken = going[better]
        x[taken] = trial[better]
        cost[taken], matrix[taken], gradient[taken] = (one[better] for one in there)
        damping[going] = np.where(better, np.maximum(damping[going] / 10, 1e-5), 6 * damping[going])
        done = (better & (gained < SMALL)) | (damping[going] > MOST_DAMPED)
        going = going[~done]
    return x, cost
