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


def mass_shares(value: Values) -> tuple[Any, Any]:
    """Mass shares of the hosts A and B, from the volume share of A and both densities [-]."""
    share = value("Component A volume fraction")
    a = share * value("Component A density [kg.m-3]")
    b = (1 - share) * value("Component B density [kg.m-3]")
    return a / (a + b), b / (a + b)


def capacity_densities(value: Values) -> tuple[Any, Any]:
    """Capacity per volume of grains of A and of B over that of both together [-]: weighted with their volume
    shares they sum to one."""
    share = value("Component A volume fraction")
    a, b = (
        value(f"Component {letter} site capacity [mA.h.g-1]")
        * value(f"Component {letter} density [kg.m-3]")
        for letter in "AB"
    )
    mean = share * a + (1 - share) * b
    return a / mean, b / mean


def active_fraction(value: Values) -> Any:
    """Volume of the active material as it was made over the volume of the coating [-]."""
    solid = value(names.LOADING) * MG_PER_CM2 / value(names.DENSITY)  # m3 per m2
    return solid / value(names.THICKNESS)


def particle_surface(value: Values) -> Any:
    """Surface of all particles of the electrode, 3 m / (rho R) [m2]; one radius for all of them."""
    volume = value(names.LOADING) * MG_PER_CM2 * value(names.AREA) * CM2 / value(names.DENSITY)
    return 3 * volume / value(names.PARTICLE_SIZE)
