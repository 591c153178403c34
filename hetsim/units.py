"""Units of the laboratory in SI units, and the quantities of a cell in laboratory units.

A constant is the value of one unit: `5 * MG_PER_CM2` is 5 mg/cm2 in kg.m-2, and a charge of 7.2 C is
`7.2 / MAH` in mA.h. Numbers, arrays and PyBaMM symbols can be multiplied with it.
"""

from typing import Any

HOUR = 3600.0
"""One hour [s]."""
MAH = 3.6
"""One mA.h [C]; also one mA.h/g in C/g and one W.h/kg in W.s/g."""
MAH_PER_G = 3600.0
"""One mA.h/g [C.kg-1]."""
MG = 1e-6
"""One mg [kg]."""
G = 1e-3
"""One g [kg]."""
CM2 = 1e-4
"""One cm2 [m2]."""
MG_PER_CM2 = 1e-2
"""One mg/cm2 [kg.m-2]."""
MA = 1e-3
"""One mA [A]."""
MV = 1e-3
"""One mV [V]; also one mV/s in V/s."""
NM = 1e-9
"""One nm [m]."""


def specific_charge(specific_current: Any, time: Any) -> Any:
    """Charge that a constant current passes in a time [mA.h.g-1]; current [A.g-1], time [s]."""
    return specific_current * time / MAH


def time_to_pass(specific_charge: Any, specific_current: Any) -> Any:
    """Time in which a constant current passes a charge [s]; charge [mA.h.g-1], current [A.g-1]."""
    return specific_charge * MAH / specific_current


def rate(specific_current: Any, specific_charge: Any) -> Any:
    """Rate R = I/Q [h-1] of a current [A.g-1] that passes a charge [mA.h.g-1]."""
    return 1e3 * specific_current / specific_charge
