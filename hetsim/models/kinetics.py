"""Charge transfer and electrolyte of a half cell, as functions that PyBaMM asks for."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.laws.hopping import arrhenius_factor

P = pybamm.Parameter


def exchange_current_density(c_e: Any, c_surf: Any, c_max: Any, temperature: Any) -> Any:
    """j0 = j0_ref sqrt(c_e/c_e0) 2 sqrt(theta (1 - theta)) exp(...) [A.m-2], j0_ref at half filling."""
    theta = c_surf / c_max
    salt = c_e / P("Initial concentration in electrolyte [mol.m-3]")
    return (
        P("Exchange-current density [A.m-2]")
        * arrhenius_factor(
            P("Exchange-current activation energy [eV]"),
            temperature,
            P(names.REFERENCE_TEMPERATURE),
        )
        * 2
        * np.sqrt(salt * theta * (1 - theta))
    )


def metal_exchange_current_density(c_e: Any, c_metal: Any, temperature: Any) -> Any:
    """j0 = j0_ref sqrt(c_e/c_e0) [A.m-2] of the metal counter electrode."""
    salt = c_e / P("Initial concentration in electrolyte [mol.m-3]")
    return P("Metal exchange-current density [A.m-2]") * np.sqrt(salt)


def of_temperature(quantity: str, unit: str) -> Callable[[Any, Any], Any]:
    """A property of the electrolyte by name and unit, as a function of concentration and temperature."""

    def law(c_e: Any, temperature: Any) -> Any:
        return P(f"Reference electrolyte {quantity} [{unit}]") * arrhenius_factor(
            P(f"Electrolyte {quantity} activation energy [eV]"),
            temperature,
            P(names.REFERENCE_TEMPERATURE),
        )

    return law
