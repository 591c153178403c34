"""Sites of an isotherm by least squares, one number of sites at a time.

Measured are pairs of charge q and potential u along a branch of direction d (1 insertion, -1 extraction). The isotherm
(laws.multi_site) says

    q = q_d + Q sum_j X_j / (1 + exp((u - U_j + d Delta_j / 2) / (omega_j V_T)))                    (1)

with an origin q_d of each branch. Both q and u have errors, so a residual is divided by

    sigma^2 = sigma_q^2 + (dq/du)^2 sigma_u^2                                                       (2)

(effective variance: on a plateau an error is one of potential, on a slope one of charge). The number of sites n is the
one with the least

    BIC = sum_k r_k^2 N / M + p ln N                                                                (3)

M samples that count as N independent ones: one for each thermal voltage of potential that a branch covers, since no
site of the ideal lattice gas is narrower than 3.5 V_T; p values are free. r_k are those of the data.

A site whose tail alone is seen has any capacity and any width. Weak priors hold what the samples leave open, and an
interval that is as wide as its prior says so: ln(Q / span) = 0.08 +- 0.3 (capacity of all sites over the charge
that passes, from 109 measured rate curves), ln(omega) = ln 4 +- 1 (sites of the shipped materials), Delta within
0.3 V of the mean distance of both branches. They count in the least squares, not in equation (3).
Source: J. Orear, Am. J. Phys. 50, 912 (1982), doi:10.1119/1.12972; G. Schwarz, Ann. Stat. 6, 461 (1978),
doi:10.1214/aos/1176344136.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from hetsim.fitting.isotherm.branches import Branch
from hetsim.laws.multi_site import Sites, logistic, occupancy
from hetsim.laws.peaks import peaks
from hetsim.results import Array

CHARGE = 1e-3
"""sigma_q, as a share of the charge of the branch [-]: a current integrated by a cycler, and what leaks meanwhile."""
WIDTHS = (0.2, 60.0)
"""Of a site, in units of V_T [-]; the schema allows no other."""
GAPS = (0.0, 4.0)
"""Hysteresis of a site [V]."""
BEYOND = 0.3
"""How far outside the measured potentials a site may lie [V]: of those further away no tail is seen."""
CAPACITY = (0.08, 0.3)
WIDTH = (np.log(4.0), 1.0)
GAP = 0.3
"""Priors: centre and width of ln(Q / span) and of ln(omega), and width of Delta around the mean distance [V]."""
_FIRST_WIDTH = 4.0
_QUICK, _WHOLE = (40, 1e-4), (300, 1e-8)
"""Evaluations and tolerance of a search among several starts, and of the best of them."""


@dataclass(frozen=True)
class Curves:
    """Branches with their noise, and the thermal voltage [V]."""

    branches: tuple[Branch, ...]
    noise: tuple[Array, ...]
    thermal_voltage: float

    @property
    def both(self) -> bool:
        """Whether there are both directions, which tell the hysteresis."""
        return len({branch.direction for branch in self.branches}) > 1

    @property
    def span(self) -> tuple[float, float]:
        """Lowest and highest potential [V]."""
        potentials = np.concatenate([branch.potential for branch in self.branches])
        return float(potentials.min()), float(potentials.max())

    @cached_property
    def charge_span(self) -> float:
        """The most that passes in a branch [mA.h.g-1]."""
        return max(branch.span for branch in self.branches)

    @cached_property
    def mean_gap(self) -> float:
        """Mean distance of both branches [V]; 0 with one of them."""
        return _gap(self)

    @property
    def samples(self) -> int:
        return sum(len(branch.charge) for branch in self.branches)

    @property
    def independent(self) -> float:
        """N of equation (3)."""
        return sum(
            min(len(branch.charge), np.ptp(branch.potential) / self.thermal_voltage)
            for branch in self.branches
        )


def curves_of(branches: Sequence[Branch], noise: float, thermal_voltage: float) -> Curves:
    """Branches with the noise of equation (2); noise : sigma_u [V]."""
    widths = []
    for branch in branches:
        slopes = np.gradient(branch.charge, _strictly(branch.potential))
        widths.append(np.hypot(CHARGE * branch.span, noise * slopes))
    return Curves(tuple(branches), tuple(widths), thermal_voltage)


def _strictly(potential: Array) -> Array:
    """Monotonic, for a slope: what steps back by noise stands still, a microvolt apart."""
    sign = np.sign(potential[-1] - potential[0])
    rising = np.maximum.accumulate(sign * potential)
    return np.asarray(sign * (rising + 1e-6 * np.arange(len(rising))))


@dataclass(frozen=True)
class SiteValues:
    """Values of n sites in the form in which they are searched.

    capacity : Q [mA.h.g-1];  charges : Q X_j;  others as in laws.multi_site;  origins : q_d of each branch
    """

    charges: Array
    potentials: Array
    widths: Array
    gaps: Array
    origins: Array

    @property
    def capacity(self) -> float:
        return float(self.charges.sum())

    @property
    def sites(self) -> Sites:
        shares = self.charges / self.capacity
        return Sites(*(one.tolist() for one in (self.potentials, shares, self.widths, self.gaps)))

    def packed(self, both: bool) -> Array:
        """Logarithms of charges and widths; potentials, gaps and origins as they are."""
        gaps = self.gaps if both else np.array([])
        parts = [np.log(self.charges), self.potentials, np.log(self.widths), gaps, self.origins]
        return np.concatenate(parts)

    @classmethod
    def unpacked(cls, x: Array, count: int, both: bool) -> "SiteValues":
        charges, potentials, widths = (x[k * count : (k + 1) * count] for k in range(3))
        gaps = x[3 * count : 4 * count] if both else np.zeros(count)
        return cls(np.exp(charges), potentials, np.exp(widths), gaps, x[(3 + both) * count :])


@dataclass(frozen=True)
class Solved:
    """The best n sites.

    x : as packed;  jacobian : of the residuals and priors;  misfit : sum r^2 N/M of the samples
    """

    count: int
    x: Array
    jacobian: Array
    misfit: float
    criterion: float
    curves: Curves

    @property
    def values(self) -> SiteValues:
        return SiteValues.unpacked(self.x, self.count, self.curves.both)

    @property
    def per_freedom(self) -> float:
        """Misfit over its degrees of freedom: 1 is a fit as good as the noise [-]."""
        return self.misfit / max(self.curves.independent - len(self.x), 1.0)


def residuals(x: Array, count: int, curves: Curves) -> Array:
    """r_k of all samples, weighted as independent ones, and those of the priors behind them."""
    values = SiteValues.unpacked(x, count, curves.both)
    sites, capacity = values.sites, values.capacity
    parts = []
    for branch, noise, origin in zip(curves.branches, curves.noise, values.origins, strict=True):
        held = capacity * occupancy(
            branch.potential, sites, curves.thermal_voltage, branch.direction
        )
        parts.append((held + origin - branch.charge) / noise)
    weight = np.sqrt(curves.independent / curves.samples)
    return np.concatenate([weight * np.concatenate(parts), _off_priors(values, curves)])


def _off_priors(values: SiteValues, curves: Curves) -> Array:
    seen = np.log(values.capacity / curves.charge_span)
    widths = (np.log(values.widths) - WIDTH[0]) / WIDTH[1]
    gaps = (values.gaps - curves.mean_gap) / GAP if curves.both else np.array([])
    return np.concatenate([[(seen - CAPACITY[0]) / CAPACITY[1]], widths, gaps])


def slopes(x: Array, count: int, curves: Curves) -> Array:
    """Derivatives of the residuals, [samples and priors, values]."""
    values = SiteValues.unpacked(x, count, curves.both)
    rows = []
    branches = enumerate(zip(curves.branches, curves.noise, strict=True))
    weight = np.sqrt(curves.independent / curves.samples)
    for number, (branch, noise) in branches:
        widths = values.widths * curves.thermal_voltage
        middles = values.potentials - branch.direction * values.gaps / 2
        argument = (branch.potential[:, np.newaxis] - middles) / widths
        filled = logistic(argument)
        moved = values.charges * filled * (1 - filled)  # by one width
        origins = np.zeros((len(filled), len(curves.branches)))
        origins[:, number] = 1.0
        columns = [values.charges * filled, moved / widths, moved * argument]
        if curves.both:
            columns.append(-branch.direction / 2 * moved / widths)
        rows.append(np.hstack([*columns, origins]) * (weight / noise)[:, np.newaxis])
    return np.vstack([*rows, _slopes_of_priors(values, curves)])


def _slopes_of_priors(values: SiteValues, curves: Curves) -> Array:
    count, both = len(values.charges), curves.both
    made = np.zeros((1 + count * (1 + both), (3 + both) * count + len(curves.branches)))
    made[0, :count] = values.charges / values.capacity / CAPACITY[1]
    made[1 : count + 1, 2 * count : 3 * count] = np.eye(count) / WIDTH[1]
    if both:
        made[count + 1 :, 3 * count : 4 * count] = np.eye(count) / GAP
    return made


def solved(count: int, curves: Curves, starts: Sequence[SiteValues]) -> Solved:
    """The best `count` sites from some starts."""
    low, high = _limits(count, curves)

    def search(x: Array, longest: int, exact: float) -> Any:
        return least_squares(
            residuals,
            np.clip(x, low + 1e-9, high - 1e-9),
            slopes,
            (low, high),
            x_scale="jac",
            ftol=exact,
            xtol=exact,
            args=(count, curves),
            max_nfev=longest,
        )

    each = [search(start.packed(curves.both), *_QUICK) for start in starts]
    final = search(min(each, key=lambda one: float(one.cost)).x, *_WHOLE)
    misfit = float(np.sum(final.fun[: curves.samples] ** 2))
    criterion = misfit + len(final.x) * np.log(curves.independent)
    return Solved(count, final.x, final.jac, misfit, float(criterion), curves)


def forward(count: int, curves: Curves, before: Solved | None) -> Solved:
    """The best `count` sites, from the best with one site fewer and from the peaks of dQ/dV."""
    return solved(count, curves, _starts(count, curves, before))


def backward(found: Solved, fewer: Solved) -> Solved:
    """The best with one site fewer than `found`: of `fewer`, and of what is left without each site of `found`."""
    starts = [_without(found.values, k) for k in range(found.count)]
    again = solved(fewer.count, found.curves, starts)
    return again if again.misfit < fewer.misfit else fewer


def _without(values: SiteValues, place: int) -> SiteValues:
    """Without a site; what it holds goes to the nearest other one."""
    kept = np.arange(len(values.charges)) != place
    charges = values.charges[kept]
    nearest = np.abs(values.potentials[kept] - values.potentials[place]).argmin()
    charges[nearest] += values.charges[place]
    lists = (values.potentials[kept], values.widths[kept], values.gaps[kept])
    return SiteValues(charges, *lists, values.origins)


def _limits(count: int, curves: Curves) -> tuple[Array, Array]:
    bottom, top = curves.span
    span = curves.charge_span
    both, origins = curves.both, len(curves.branches)
    low = [np.log(1e-4 * span), bottom - BEYOND, np.log(WIDTHS[0]), *([GAPS[0]] if both else [])]
    high = [np.log(20 * span), top + BEYOND, np.log(WIDTHS[1]), *([GAPS[1]] if both else [])]
    return (
        np.concatenate([np.repeat(low, count), np.full(origins, -1e5)]),
        np.concatenate([np.repeat(high, count), np.full(origins, 1e5)]),
    )


def _starts(count: int, curves: Curves, before: Solved | None) -> list[SiteValues]:
    """Each site of the best with one fewer split in two, a small new one where that fits worst, and peaks."""
    starts = [*_from_peaks(count, curves)]
    if before is None:
        return [_from_quantiles(count, curves), *starts]
    values = before.values
    for k in range(count - 1):
        apart = 1.2 * values.widths[k] * curves.thermal_voltage
        starts.append(
            SiteValues(
                _split(values.charges, k, values.charges[k] / 2, values.charges[k] / 2),
                _split(
                    values.potentials, k, values.potentials[k] + apart, values.potentials[k] - apart
                ),
                _split(values.widths, k, values.widths[k] / 2, values.widths[k] / 2),
                _split(values.gaps, k, values.gaps[k], values.gaps[k]),
                values.origins,
            )
        )
    return [*starts, _added(values, before, curves)]


def _split(numbers: Array, place: int, one: float, other: float) -> Array:
    return np.concatenate([numbers[:place], [one, other], numbers[place + 1 :]])


def _added(values: SiteValues, before: Solved, curves: Curves) -> SiteValues:
    """One more site where the residuals are largest."""
    off = np.abs(residuals(before.x, before.count, curves))[: curves.samples]
    at = np.concatenate([branch.potential for branch in curves.branches])[int(off.argmax())]
    return SiteValues(
        np.append(0.95 * values.charges, 0.05 * values.capacity),
        np.append(values.potentials, at),
        np.append(values.widths, _FIRST_WIDTH / 2),
        np.append(values.gaps, np.median(values.gaps)),
        values.origins,
    )


def _from_quantiles(count: int, curves: Curves) -> SiteValues:
    """Sites at equal shares of the charge of the first branch."""
    middles = [_at_shares(branch, (np.arange(count) + 0.5) / count) for branch in curves.branches]
    gap, span = curves.mean_gap, curves.charge_span
    bottom, top = curves.span
    width = np.clip((top - bottom - gap) / (6 * count * curves.thermal_voltage), *WIDTHS)
    return SiteValues(
        np.full(count, span / count),
        np.mean(middles, axis=0),
        np.full(count, width),
        np.full(count, gap if curves.both else 0.0),
        _origins(curves),
    )


def _from_peaks(count: int, curves: Curves) -> list[SiteValues]:
    """Sites at the highest peaks of dQ/dV of the first branch, where there are as many."""
    branch = curves.branches[0]
    potential, charge = _strictly(branch.potential), branch.charge
    order = np.argsort(potential)
    edges = np.linspace(potential.min(), potential.max(), 61)
    held = np.interp(edges, potential[order], charge[order])
    middles, slopes = (edges[1:] + edges[:-1]) / 2, np.abs(np.diff(held))
    tops = sorted(peaks(middles, slopes, 0.02 * float(slopes.max())), key=lambda one: -one[1])
    if len(tops) < count:
        return []
    chosen = np.array(sorted((top for top, _ in tops[:count]), reverse=True))
    gap = curves.mean_gap
    return [
        SiteValues(
            np.full(count, branch.span / count),
            chosen + branch.direction * gap / 2,
            np.full(count, _FIRST_WIDTH),
            np.full(count, gap),
            _origins(curves),
        )
    ]


def _at_shares(branch: Branch, shares: Array) -> Array:
    """Potential of a branch at shares of its charge, in the order of insertion."""
    held = branch.charge - branch.charge.min()
    order = np.argsort(held)
    return np.interp(shares * held.max(), held[order], branch.potential[order])


def _gap(curves: Curves) -> float:
    """Mean distance of both branches at equal shares of their charge [V]; 0 with one of them."""
    if not curves.both:
        return 0.0
    shares = (np.arange(20) + 0.5) / 20
    by_direction = {one.direction: _at_shares(one, shares) for one in curves.branches}
    return float(np.clip(np.mean(by_direction[-1.0] - by_direction[1.0]), 0.0, GAPS[1] / 2))


def _origins(curves: Curves) -> Array:
    return np.array([branch.charge.min() for branch in curves.branches])
