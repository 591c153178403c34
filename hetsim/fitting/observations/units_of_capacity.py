"""Capacities and currents whose unit cannot be right, and what they may be instead."""

import numpy as np

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import FitWarning
from hetsim.laws.electrode import active_mass
from hetsim.parameters.values import MeasuredRate

HIGHEST = 4200.0
"""No host holds more [mA.h.g-1]: lithium metal itself has 3861, silicon 4200 as Li4.4Si."""
LOWEST = 5.0
"""A highest capacity below this is no electrode's [mA.h.g-1]; the lowest of 109 measured curves is above 50."""
FAR_ABOVE, FAR_BELOW = 1.5, 0.1
"""Of the capacity of all sites of the cell, from which a curve is said to be far off [-]."""
HOUR_IN_MAH = 1000.0
"""Charge of 1 A/g in an hour [mA.h.g-1]: a lower current than fills all sites in that time should fill most of them."""
HIGHEST_CURRENT = 20.0
"""A lowest current above this is said to be odd [A.g-1]; that of 109 measured curves is 1 at most."""


def wrong_units(curve: MeasuredRate, cell: HalfCell) -> list[FitWarning]:
    """What is odd about the size of capacities and currents.

    Raises ParameterError for capacities that no electrode can have; the message says which unit they may have.
    """
    highest = max(curve.capacities)
    grams = float(active_mass(cell.values.number))
    if highest > HIGHEST:
        raise ParameterError(
            f"The rate curve of {cell.name} holds {highest:g} mAh/g, and no electrode holds more than {HIGHEST:g}; "
            f"it must be given per gram of active mass: in Ah/kg the number is the same, in mAh/kg or uAh/g it is "
            f"{highest / 1000:g} mAh/g."
        )
    if highest < LOWEST:
        per_gram = highest / grams
        as_whole = (
            f" As mAh of the whole electrode, of {1000 * grams:.3g} mg, it would be {per_gram:.0f} mAh/g: divide by "
            "the active mass."
            if LOWEST < per_gram < HIGHEST
            else ""
        )
        raise ParameterError(
            f"The highest capacity of the rate curve of {cell.name} is {highest:g} mAh/g, too little for any "
            f"electrode; it must be in mAh per gram of active mass.{as_whole}"
        )
    return [*_against_theory(curve, cell), *_odd_currents(curve, cell)]


def _against_theory(curve: MeasuredRate, cell: HalfCell) -> list[FitWarning]:
    highest = max(curve.capacities)
    theory = cell.values.number(names.SPECIFIC_CAPACITY)
    limits = cell.system.values[names.SPECIFIC_CAPACITY].range
    most = max(theory, limits[1] if limits else theory)
    if highest > FAR_ABOVE * most:
        return [
            FitWarning(
                "capacity far above theory",
                f"{cell.name} has sites for {most:.0f} mAh/g and {highest:.0f} are measured; are they per gram of "
                "active mass, and do carbon and first-cycle losses not count?",
            )
        ]
    slow = min(curve.currents) * HOUR_IN_MAH < theory
    if slow and highest < FAR_BELOW * theory:
        return [
            FitWarning(
                "capacity far below theory",
                f"{cell.name} has sites for {theory:.0f} mAh/g and {highest:.3g} are measured at most; are they mAh/g, "
                "and not mAh/cm2 or mAh?",
            )
        ]
    return []


def _odd_currents(curve: MeasuredRate, cell: HalfCell) -> list[FitWarning]:
    lowest = float(np.min(curve.currents))
    if lowest <= HIGHEST_CURRENT:
        return []
    return [
        FitWarning(
            "current far above usual",
            f"the lowest current of {cell.name} is {lowest:g} A/g; as mA/g it would be {lowest / 1000:g} A/g.",
        )
    ]
