"""Amounts in an electrode, from its parameters.

Each law takes `value`, a function from the name of a parameter to its value, so that a model (with symbols) and an
evaluation (with numbers) use one expression.
"""

from collections.abc import Callable
from typing import Any

from hetsim import names
from hetsim.units import CM2, MAH, MAH_PER_G, MG_PER_CM2, G

Values = Callable[[str], Any]


def active_mass(value: Values) -> Any:
    """Mass of the active material of the electrode [g]."""
    return value(names.LOADING) * MG_PER_CM2 * value(names.AREA) * CM2 / G


def charge_per_area(value: Values) -> Any:
    """Charge that fills all sites, per area of the electrode [C.m-2]."""
    return value(names.SPECIFIC_CAPACITY) * MAH_PER_G * value(names.LOADING) * MG_PER_CM2


def full_charge(value: Values) -> Any:
    """Charge that fills all sites of the electrode [C]."""
    return value(names.SPECIFIC_CAPACITY) * MAH * active_mass(value)


def active_fraction(value: Values) -> Any:
    """Volume of the active material as it was made over the volume of the coating [-]."""
    solid = value(names.LOADING) * MG_PER_CM2 / value(names.DENSITY)  # m3 per m2
    return solid / value(names.THICKNESS)


def particle_surface(value: Values) -> Any:
    """Surface of all particles of the electrode, 3 m / (rho R) [m2]; one radius for all of them."""
    volume = value(names.LOADING) * MG_PER_CM2 * value(names.AREA) * CM2 / value(names.DENSITY)
    return 3 * volume / value(names.PARTICLE_SIZE)
