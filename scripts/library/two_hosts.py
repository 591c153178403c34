"""The variant "hosts" of a made system: the isotherms of its two materials in place of the neutral slope.

Where the library has an isotherm for the ion of both materials that form the junction, the electrode has two hosts, at
equal volumes where no composition is printed. What was fitted of the neutral cell is fitted again, to the same points
with the same priors; the capacities of the hosts are scaled to that of the electrode. It has the plateaus that a slope
has not, and so tells more of voltage curves; of the rate curve it knows no more.
"""

import warnings
from collections.abc import Mapping
from dataclasses import replace

import hetsim as hs
from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.fit import SLOPE_FIRST_CYCLE, SLOPE_NOISE
from hetsim.parameters.checks import checked_system
from hetsim.parameters.component_file import read_material
from hetsim.parameters.host_names import HOST_PARAMETERS, SLOPING_CURVE
from hetsim.parameters.hosts import completed, host_values
from hetsim.parameters.library import component_names
from hetsim.parameters.values import MeasuredRate, Value
from scripts.library.curve_fit import BESIDE, DIGITS, free_values
from scripts.library.facts import Electrode
from scripts.library.priors import Priors
from scripts.library.theory import ceiling

MOST = 10.0
"""Largest mean error of a variant that is kept [%]."""


def two_hosts(
    cell: HalfCell, electrode: Electrode, priors: Priors, values: Mapping[str, Value]
) -> tuple[dict[str, Value], float] | None:
    """Values of the variant and its mean error [%]; None where a host is unknown, a site lies outside the window, the
    points are none of a fresh electrode, the curve is not met, or only with a capacity far above theory.

    values : of the neutral fit; what is not fitted is taken from it
    """
    composed = _composed(cell, electrode)
    if composed is None or not electrode.fresh:
        return None
    known = {name: value for name, value in values.items() if name != names.MATERIAL_LOSS}
    numbers = {name: value.number for name, value in known.items()}
    free = [one for one in free_values(cell, priors) if known[one.name].kind == "fitted"]
    curve = MeasuredRate(
        tuple(one.current for one in electrode.fresh),
        tuple(one.capacity for one in electrode.fresh),
        "facts",
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            start = composed.with_values(numbers)
            found = hs.fit(start, curve, free, noise=SLOPE_NOISE, first_cycle=SLOPE_FIRST_CYCLE)
    except ParameterError:  # it does not run at its points
        return None
    error = found.comparisons[0].mean_abs_error_percent
    if error > MOST or any(one.at_limit for one in found.values):
        return None
    top = ceiling(electrode.materials, electrode.ion)
    capacity = found.cell.values.number(names.SPECIFIC_CAPACITY)
    if top is not None and capacity > BESIDE * max(top[1], max(curve.capacities)):
        return None
    own = {name: composed.system.values[name] for name in HOST_PARAMETERS}
    for one in found.values:
        low, high = one.interval
        for name in one.free.names:
            own[name] = Value(
                name,
                float(f"{one.value:.{DIGITS}g}"),
                "fitted",
                f"{values[name].source}, with the isotherms of the hosts",
                f"95 % interval {low:.3g} to {high:.3g}; prior {one.known.prior:.3g}, {priors.told}",
                values[name].range,
            )
    return own, error


def _composed(cell: HalfCell, electrode: Electrode) -> HalfCell | None:
    """The cell with the isotherms of its materials."""
    pair = electrode.materials[:2]
    if len(pair) < 2 or any(one not in component_names("materials") for one in pair):
        return None
    values = {name: one for name, one in cell.system.values.items() if name not in SLOPING_CURVE}
    try:
        for letter, name in zip("AB", pair, strict=True):
            values.update(host_values(letter, read_material(name), electrode.ion, electrode.name))
        del values[names.SPECIFIC_CAPACITY]
        system = replace(cell.system, values=completed(values))
        return HalfCell(checked_system(system, electrode.name))
    except ParameterError:  # no isotherm for this ion, or a site that the window does not reach
        return None
