"""The values of a rate curve from its points, be they eight or one.

| points known, those after cycles among them | fitted | the rest |
|---|---|---|
| three fresh ones or more | capacity, fast fraction, series resistance, R^2/D | the neutral template |
| two | capacity, and the one of R^2/D, resistance and fast fraction that moves least from its prior | its family |
| one | capacity; a second one where the capacity alone would be above theory | its family |

Where no pair of values meets two points within 5 %, resistance and R^2/D are fitted both, held by their priors. Of few
points the capacity is held below 1.3 times what the best of the materials stores by theory (theory.py): carbon
and surfaces store, too.
"""

import math
import warnings
from collections.abc import Sequence
from dataclasses import replace

import hetsim as hs
from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting import FitResult
from hetsim.fitting.fit import SLOPE_NOISE
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.parameters.values import MeasuredRate, Value
from scripts.library.facts import Electrode, Point
from scripts.library.priors import Priors
from scripts.library.theory import ceiling

FEW = 2
"""Fresh points up to which the family's values stand in."""
DIGITS = 4
"""Of a fitted value: a file is the same on every machine, and the curve moves by less than 0.1 %."""
GOOD = 1.0
"""Largest error with which the capacity alone is enough [%]."""
ENOUGH = 5.0
"""Largest error that a description of few points may have [%]."""
BESIDE = 1.3
"""Largest capacity over that of theory."""
FASTEST = 0.97
"""Largest fast fraction, as in the neutral template."""

Found = tuple[HalfCell, dict[str, Value], list[str]]


def fitted_curve(
    cell: HalfCell, electrode: Electrode, priors: Priors, as_points: Sequence[Point]
) -> Found:
    """The cell with the values of its curve, these values, and sentences about them.

    as_points : capacities after cycles that count as points of the fresh electrode
    """
    points = {one.current: one.capacity for one in (*as_points, *electrode.fresh)}
    order = sorted(points)
    measured = MeasuredRate(tuple(order), tuple(points[one] for one in order), "facts")
    if len(electrode.fresh) > FEW:
        free = free_values(cell, priors)
        return _taken(cell, electrode, priors, as_points, {}, _fit(cell, measured, free))
    return _of_few(
        _below_theory(cell, electrode, max(points.values())), electrode, priors, as_points, measured
    )


def with_these(cell: HalfCell, values: dict[str, Value]) -> HalfCell:
    """The cell with other values, which keep their sources."""
    return HalfCell(replace(cell.system, values={**cell.system.values, **values}))


# --- which values are fitted --------------------------------------------------------------------------


def _of_few(
    cell: HalfCell,
    electrode: Electrode,
    priors: Priors,
    as_points: Sequence[Point],
    measured: MeasuredRate,
) -> Found:
    """The fit of the values that depart least from what is expected."""
    capacity, fast, resistance, grains = free_values(cell, priors)
    pairs = [[capacity, second] for second in (grains, resistance, fast)]
    known = len(electrode.fresh) + len([one for one in electrode.ends if one.cycles])
    best: tuple[float, FitResult, dict[str, Value]] | None = None
    choices = [[capacity]] if known == 1 else []
    for free in [*choices, *pairs, [capacity, resistance, grains]]:
        if len(free) > FEW and best is not None and _largest_error(best[1]) < ENOUGH:
            break
        values = _of_family(cell, priors, free, max(measured.currents))
        try:
            found = _fit(with_these(cell, values), measured, free)
        except ParameterError:  # it does not run with the family's values
            continue
        cost = _cost(found)
        if best is None or cost < best[0]:
            best = cost, found, values
        if len(free) == 1 and _is_good(found):
            break
    if best is None:
        raise ParameterError(f"{electrode.name}: no choice of values runs at its points.")
    return _taken(cell, electrode, priors, as_points, best[2], best[1])


def _fit(cell: HalfCell, measured: MeasuredRate, free: list[FreeValue]) -> FitResult:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hs.fit(cell, measured, free)


def _largest_error(found: FitResult) -> float:
    """[%]"""
    return max(abs(float(one)) for one in found.comparisons[0].errors)


def _is_good(found: FitResult) -> bool:
    return _largest_error(found) < GOOD and not any(one.at_limit for one in found.values)


def _cost(found: FitResult) -> float:
    """Squares of the errors over the noise, and of the departures from the priors over their widths."""
    errors = [float(one) / (100 * SLOPE_NOISE) for one in found.comparisons[0].errors]
    departures = [math.log(one.value / one.known.prior) / one.known.width for one in found.values]
    return sum(one**2 for one in (*errors, *departures))


def free_values(cell: HalfCell, priors: Priors) -> list[FreeValue]:
    """Capacity, with a prior whose centre lies inside its range, fast fraction, resistance, diffusivity of both."""
    low, high = cell.system.values[CAPACITY].range or (0.0, math.inf)
    centre, spread = priors.capacity
    hours, width = priors.hours
    diffusivity = cell.values.number(names.PARTICLE_SIZE) ** 2 / (3600 * hours)
    return [
        FreeValue(CAPACITY, min(max(centre, low * 1.01), high * 0.99), spread),
        FreeValue(FAST, *priors.fast),
        FreeValue(RESISTANCE, *priors.resistance),
        FreeValue(GRAINS[0], diffusivity, width, tied=GRAINS[1:]),
    ]


def _below_theory(cell: HalfCell, electrode: Electrode, highest: float) -> HalfCell:
    """The cell with a capacity that a fit keeps near theory, but above what was measured."""
    top = ceiling(electrode.materials, electrode.ion)
    value = cell.system.values[CAPACITY]
    if top is None or value.range is None:
        return cell
    low, high = value.range
    high = min(high, BESIDE * max(top[1], highest))
    changed = replace(value, range=(low, high), value=min(value.number, high))
    return with_these(cell, {CAPACITY: changed})


# --- values with their sources ------------------------------------------------------------------------


def _taken(
    cell: HalfCell,
    electrode: Electrode,
    priors: Priors,
    as_points: Sequence[Point],
    values: dict[str, Value],
    found: FitResult,
) -> Found:
    """The fitted values, rounded, each with its interval, prior and points."""
    values, remarks = dict(values), []
    source = _source(electrode, as_points)
    few = len(electrode.fresh) <= FEW
    profiles = [None] * len(found.values) if few else found.profiles()
    for one, profile in zip(found.values, profiles, strict=True):
        for name in one.free.names:
            note = "95 % interval {:.3g} to {:.3g}".format(*one.interval)
            if profile is not None:
                note = one.entry(name, profile).note
            note += f"; prior {one.known.prior:.3g}, {priors.told}"
            if name in GRAINS:
                note += "; one value for the grains of both, and only R^2/D acts"
            number = float(f"{one.value:.{DIGITS}g}")
            low, high = (float(f"{end:.3g}") for end in (one.known.low, one.known.high))
            if one.at_limit or not low < number < high:
                why = f"end of the range that the fit allows; {source} would have it beyond"
                limits = (min(low, number), max(high, number))
                values[name] = Value(name, number, "assumed", why, note, limits)
                remarks.append(f"'{name}' ran to the end of its range.")
            else:
                values[name] = Value(name, number, "fitted", source, note, (low, high))
    return with_these(cell, values), values, list(dict.fromkeys(remarks))


def _source(electrode: Electrode, as_points: Sequence[Point]) -> str:
    if len(electrode.fresh) > FEW:
        return f"rate curve of {electrode.name}"
    told = [f"{one.capacity:g} mAh/g at {one.current:g} A/g" for one in electrode.fresh]
    told += [
        f"{one.capacity:g} mAh/g after {one.cycles} cycles at {one.current:g} A/g"
        for one in as_points
    ]
    return f"{electrode.name}: {' and '.join(told)}"


def _of_family(
    cell: HalfCell, priors: Priors, free: Sequence[FreeValue], highest: float
) -> dict[str, Value]:
    """Values that are not fitted; `highest` is the highest current that was measured [A.g-1]."""
    radius, hours = cell.values.number(names.PARTICLE_SIZE), priors.hours[0]
    bearable, usual = _bearable(cell, highest), priors.resistance[0]
    numbers = {
        FAST: (priors.fast, priors.fast[0]),
        RESISTANCE: (priors.resistance, min(usual, bearable)),
        GRAINS[0]: (priors.hours, radius**2 / (3600 * hours)),
        GRAINS[1]: (priors.hours, radius**2 / (3600 * hours)),
    }
    fitted = {name for one in free for name in one.names}
    found = {}
    for name, ((_, width), number) in numbers.items():
        if name in fitted:
            continue
        info = cell.system.values[name].info
        spread = math.exp(1.64 * width)
        low = max(number / spread, info.low)
        high = min(number * spread, FASTEST if name == FAST else info.high)
        why = f"R^2/D of {hours:.3g} h, {priors.told}" if name in GRAINS else priors.told
        if name == RESISTANCE and bearable < usual:
            why += f"; lowered from {usual:.3g}, with which less than half of the sites are reached"
        found[name] = Value(
            name,
            float(f"{number:.{DIGITS}g}"),
            "assumed",
            why,
            "not determined by so few points; the range holds 90 % of measured curves",
            (float(f"{low:.3g}"), float(f"{high:.3g}")),
        )
    return found


def _bearable(cell: HalfCell, current: float) -> float:
    """Series resistance [Ohm.cm2] at which half of the sites are still reached at a current [A.g-1].

    i R = W / 2^p    of the window W, with the open-circuit curve of the neutral cell, p its exponent
    """
    window = cell.values.number(names.UPPER_CUT_OFF) - cell.values.number(names.LOWER_CUT_OFF)
    per_area = current * cell.values.number(names.LOADING)  # mA.cm-2
    return 1e3 * window / 2 ** cell.values.number(names.OCP_EXPONENT) / per_area
