"""isotherm_from(data): the sites of an electrode from a slow cycle, a titration or a slow voltammogram."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from hetsim.cells.half_cell import HalfCell
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.fitting.isotherm.branches import Branch, branches_of
from hetsim.fitting.isotherm.kinetics import corrected
from hetsim.fitting.isotherm.least_squares import (
    GAPS,
    WIDTHS,
    SiteValues,
    Solved,
    backward,
    curves_of,
    forward,
    solved,
)
from hetsim.fitting.isotherm.result import FittedSite, Isotherm
from hetsim.laws.multi_site import occupancy
from hetsim.models.kinds import check_kind
from hetsim.results import Array

NOISE = 1e-3
"""Of a potential [V]: what an instrument and a stable reference give; the isotherm is asked to describe that."""
MOST = 8
"""Kinds of sites that are tried."""
ROUNDS = 3
"""How often the shift of the finite rate is looked at again with the isotherm that it left."""
KNOWN = 0.5
"""Uncertainty of that shift, as a share of itself: the kinetics of a cell are known to about a factor of two."""
EDGE = 0.02
"""Share of the charge at both ends of a branch where a potential follows from the last drop of charge [-]."""
_POSSIBLE = {
    "potential": (-np.inf, np.inf),
    "share": (0.0, 1.0),
    "width": WIDTHS,
    "hysteresis": GAPS,
}
_NORMAL = float(norm.ppf(0.975))
ALIKE = 2.0
"""Criteria that differ by less say nothing (R. E. Kass, A. E. Raftery, J. Am. Stat. Assoc. 90, 773 (1995),
doi:10.1080/01621459.1995.10476572); the fewest sites are taken."""
_PATIENCE = 2
"""Numbers of sites that may be worse before no more are tried."""


def isotherm_from(
    data: Any,
    cell: HalfCell | None = None,
    sites: int | None = None,
    noise: float = NOISE,
    temperature: float = 298.15,
    charge_number: int = 1,
    model: str = "SPM",
) -> Isotherm:
    """The kinds of sites of an electrode: potential, share, width and hysteresis of each, with intervals.

    Parameters
    ----------
    data : TimeTrace | Sequence[CvCycle] | VoltageCurveData | TitrationData | Sequence
        A slow cycle, a titration (whose rested voltages count), or voltammograms (of which the slowest counts); charge
        per gram of active mass. Insertion and extraction together tell the hysteresis
    cell : HalfCell | None, default None
        A cell of this electrode, whose kinetics say what the finite rate takes off the potentials; its own
        open-circuit curve does not matter. Without it that shift stays in the potentials and is only bounded
    sites : int | None, default None
        How many kinds; None takes the fewest whose Bayesian information criterion is within 2 of the least, up to
        MOST
    noise : float, default NOISE
        Standard deviation of a potential [V]
    temperature : float, default 298.15
        [K], without a cell
    charge_number : int, default 1
        Of the ion, without a cell
    model : str, default 'SPM'
        "SPM", "SPMe" or "DFN", for the shift of the finite rate

    Returns
    -------
    Isotherm

    Raises
    ------
    ParameterError
        For other data, too few samples, a noise that is not positive or an impossible number of sites.

    Notes
    -----
    The isotherm is that of Verbrugge et al., hetsim.laws.multi_site, a straight least-squares problem in the potential
    (hetsim.fitting.isotherm.least_squares has its equations). Intervals are 95 %: of the linearised problem, widened
    where the misfit exceeds the noise, and by half of the shift that was corrected. Limits: a site outside the
    window is seen by its tail only; the double layer counts as charge of the sites.
    """
    _check(cell, sites, noise, temperature, charge_number, model)
    raw = branches_of(data)
    thermal = GAS_CONSTANT * temperature / FARADAY / charge_number
    if cell is not None:
        thermal = cell.thermal_voltage
    measured, remarks = _same_charge(raw)
    found, table = _chosen(measured, noise, thermal, sites)
    branches, shift, told = measured, 0.0, _not_corrected(measured)
    if cell is not None:
        for _ in range(ROUNDS):
            moved = _moved(measured, _isotherm(found, table, branches, 0.0, []), cell, model)
            if isinstance(moved, str):
                told = moved
                break
            change = _distance(moved, branches)
            branches, shift = moved, _distance(moved, measured)
            told = _corrected(branches, measured, shift)
            curves = curves_of([one.thinned() for one in branches], noise, thermal)
            found = solved(found.count, curves, [found.values])
            if change < noise / 4:
                break
        if shift:
            found, table = _chosen(branches, noise, thermal, sites)
    return _isotherm(found, table, branches, shift, [*remarks, told])


def _check(
    cell: HalfCell | None,
    sites: int | None,
    noise: float,
    temperature: float,
    charge_number: int,
    model: str,
) -> None:
    """Raises ParameterError for an option that cannot be."""
    for what, unit, number in (
        ("noise of a potential", " V", noise),
        ("temperature", " K", temperature),
        ("charge number of the ion", "", charge_number),
    ):
        if not 0 < number < np.inf:
            raise ParameterError(f"The {what} is {number:g}{unit}; it must be positive.")
    if sites is not None and sites not in range(1, MOST + 1):
        raise ParameterError(f"An isotherm has 1 to {MOST} kinds of sites, got {sites}.")
    if cell is not None and not isinstance(cell, HalfCell):
        raise ParameterError(
            f"The cell of an isotherm is a half cell, got {cell!r}; hs.load('CT') makes one."
        )
    check_kind(model)


def _chosen(
    branches: Sequence[Branch], noise: float, thermal: float, sites: int | None
) -> tuple[Solved, pd.DataFrame]:
    """The fit with the stated number of sites, or with the least criterion; and all that were tried."""
    curves = curves_of([one.thinned() for one in branches], noise, thermal)
    tried: list[Solved] = []
    for count in range(1, (sites or MOST) + 1):
        if (3 + curves.both) * count + len(branches) >= curves.samples:
            break
        tried.append(forward(count, curves, tried[-1] if tried else None))
        best = min(tried, key=lambda one: one.criterion)
        if sites is None and tried[-1].count - best.count >= _PATIENCE:
            break
    if not tried or (sites is not None and tried[-1].count < sites):
        raise ParameterError(
            f"{curves.samples} samples cannot tell {sites or 1} kinds of sites; take more samples or fewer sites."
        )
    for place in reversed(range(len(tried) - 1)):
        tried[place] = backward(tried[place + 1], tried[place])
    least = min(one.criterion for one in tried)
    best = next(one for one in tried if one.criterion < least + ALIKE)  # the fewest of those alike
    if sites is not None:
        best = tried[-1]
    table = pd.DataFrame(
        {
            "sites": [one.count for one in tried],
            "BIC": [one.criterion for one in tried],
            "rms [V]": [voltage_error(one) for one in tried],
        }
    )
    return best, table


def voltage_error(found: Solved) -> float:
    """Root mean square of measured potentials less those of the isotherm at the same charge, but for both ends [V]."""
    values, curves = found.values, found.curves
    low, high = curves.span
    grid = np.linspace(low - 1, high + 1, 8001)
    off = []
    for branch, origin in zip(curves.branches, values.origins, strict=True):
        inner = (branch.shares > EDGE) & (branch.shares < 1 - EDGE)
        held = origin + values.capacity * np.asarray(
            occupancy(grid, values.sites, curves.thermal_voltage, branch.direction)
        )
        at = np.interp(branch.charge[inner], held[::-1], grid[::-1])
        off.append(at - branch.potential[inner])
    return float(np.sqrt(np.mean(np.concatenate(off) ** 2)))


def _same_charge(branches: Sequence[Branch]) -> tuple[list[Branch], list[str]]:
    """Branches that pass the same charge: what an insertion passes beyond its extraction was not stored."""
    by_name = {one.name: one for one in branches}
    if len(by_name) < 2 or any(one.kind == "titration" for one in branches):
        return list(branches), []
    inserted, extracted = by_name["insertion"], by_name["extraction"]
    ratio = extracted.span / inserted.span
    if abs(ratio - 1) < 0.01:
        return list(branches), []
    scaled = replace(inserted, charge=inserted.charge * ratio)
    told = (
        f"The insertion passes {inserted.span:.4g} and the extraction {extracted.span:.4g} mAh/g; the insertion was "
        "scaled to the extraction, which is what was stored."
    )
    return [scaled, extracted], [told]


def _moved(
    measured: Sequence[Branch], found: Isotherm, cell: HalfCell, model: str
) -> list[Branch] | str:
    """The branches without the shift of the finite rate; or why not."""
    try:
        moved = corrected(measured, found.on(cell), model)
    except (ParameterError, ValueError) as error:
        return f"The finite rate was not corrected: {error}"
    if moved is None:
        return f"The finite rate was not corrected: {cell.name} does not run as measured with this isotherm."
    return moved


def _distance(one: Sequence[Branch], other: Sequence[Branch]) -> float:
    """Median distance of the potentials of two sets of branches [V]: the steep ends, which weigh little, move most."""
    apart = [a.less(b) for a, b in zip(one, other, strict=True)]
    return float(np.median(np.abs(np.concatenate(apart))))


def _not_corrected(branches: Sequence[Branch]) -> str:
    if branches[0].kind == "titration":
        drift = 1000 * max(one.drift for one in branches)
        return (
            f"The rested voltages were taken as they are; over the second half of a rest they still drift by up to "
            f"{drift:.1f} mV. A cell= corrects what the rests leave."
        )
    if len(branches) > 1:
        return (
            "The shift of the finite rate was not corrected (give cell=): it is part of the hysteresis of the sites, "
            "which is an upper bound; the middle potentials hardly depend on it."
        )
    return (
        f"The shift of the finite rate was not corrected (give cell=): the potentials are those of the "
        f"{branches[0].name} at {branches[0].current:.3g} A/g, and without the other direction nothing bounds it."
    )


def _corrected(branches: Sequence[Branch], measured: Sequence[Branch], shift: float) -> str:
    each = ", ".join(
        f"{1000 * float(np.median(a.less(b))):+.1f} mV in {a.name}"
        for a, b in zip(branches, measured, strict=True)
    )
    return (
        f"The finite rate was corrected by the model of the cell: {each} (median); half of {1000 * shift:.1f} mV "
        "counts as uncertain."
    )


def _isotherm(
    found: Solved,
    table: pd.DataFrame,
    branches: Sequence[Branch],
    shift: float,
    remarks: Sequence[str],
) -> Isotherm:
    """The sites in the order of insertion with their intervals."""
    numbers = _reported(found.values)
    errors = _standard_errors(found)
    both = found.curves.both
    open_potential = max(KNOWN * shift / (2 if both else 1), _drift(branches))
    open_gap = 2 * KNOWN * shift if both else 0.0
    systematic = {"potential": open_potential, "hysteresis": open_gap}
    kinds = ("potential", "share", "width", "hysteresis")
    order = np.argsort(-found.values.potentials)
    rows = []
    for k in order:
        one: dict[str, Any] = {}
        for place, kind in enumerate(kinds):
            at = place * found.count + k
            spread = _NORMAL * float(np.hypot(errors[at], systematic.get(kind, 0.0)))
            one[kind] = float(numbers[at])
            low, high = _POSSIBLE[kind]
            one[f"{kind}_interval"] = (max(one[kind] - spread, low), min(one[kind] + spread, high))
        rows.append(FittedSite(**one))
    spread = _NORMAL * float(errors[-1])
    capacity = float(numbers[-1])
    rms = voltage_error(found)
    return Isotherm(
        tuple(rows),
        capacity,
        (capacity - spread, capacity + spread),
        found.curves.thermal_voltage,
        both,
        rms,
        table,
        tuple(branches),
        (*remarks, *_open(rows, found, table)),
        f"{branches[0].kind}, hs.isotherm_from",
    )


def _drift(branches: Sequence[Branch]) -> float:
    """Of rests that are not over [V]; what is left after them is about as much as they still drift."""
    return max(one.drift for one in branches)


def _reported(values: SiteValues) -> Array:
    """Potentials, shares, widths, gaps, and the capacity."""
    shares = values.charges / values.capacity
    return np.concatenate(
        [values.potentials, shares, values.widths, values.gaps, [values.capacity]]
    )


def _standard_errors(found: Solved) -> Array:
    """Of what is reported, from the linearised problem; directions that no sample sees are as wide as their unit."""
    both = found.curves.both
    hessian = found.jacobian.T @ found.jacobian
    covariance = np.linalg.pinv(hessian, rcond=1e-12) * max(1.0, found.per_freedom)
    here = _reported(found.values)
    slopes = np.empty((len(here), len(found.x)))
    for k in range(len(found.x)):
        step = np.zeros(len(found.x))
        step[k] = 1e-6
        beside = SiteValues.unpacked(found.x + step, found.count, both)
        slopes[:, k] = (_reported(beside) - here) / 1e-6
    return np.sqrt(np.einsum("ij,jk,ik->i", slopes, covariance, slopes))


def _open(rows: Sequence[FittedSite], found: Solved, table: pd.DataFrame) -> list[str]:
    """What the curve leaves open, in words."""
    low, high = found.curves.span
    told = []
    for one in rows:
        half = one.hysteresis / 2
        if one.potential - half < low or one.potential + half > high:
            told.append(
                f"The site at {one.potential:.3f} V lies at or beyond an end of the window ({low:.2f} to {high:.2f} "
                "V): only its tail is seen, and its share and the capacity hang together."
            )
    if found.per_freedom > 2:
        told.append(
            f"{found.count} sites leave {1000 * voltage_error(found):.1f} mV, more than the noise; intervals were "
            f"widened by a factor of {np.sqrt(found.per_freedom):.1f}."
        )
    beside = table.loc[table["sites"] != found.count, "BIC"]
    if len(beside) and beside.min() - found.criterion < 6:
        other = int(table.loc[beside.idxmin(), "sites"])
        told.append(
            f"{other} sites describe the curve nearly as well as {found.count} (BIC differs by "
            f"{abs(beside.min() - found.criterion):.1f})."
        )
    if not found.curves.both:
        told.append("One direction only: the hysteresis is not known and is 0 here.")
    return told
