"""How active material is lost and how a film grows: the laws, and what they come to when integrated.

Sources: loss with the current, J. M. Reniers, G. Mulder and D. A. Howey, J. Electrochem. Soc. 166, A3189
(2019), doi:10.1149/2.0281914jes; film through which solvent diffuses, S. G. Marquis, thesis, Oxford (2020),
equation 5.91. Numbers, arrays or PyBaMM symbols.
"""

from typing import Any

import numpy as np


def loss_rate_with_charge(loss: Any, fraction: Any, current: Any, full: Any) -> Any:
    """d(eps)/dt = -k eps_0 |i| / (2 Q) [s-1].

    loss : k, share lost when all sites are filled and emptied once [-]
    fraction : eps_0, volume share of active material as made [-]
    current, full : i [A.m-2] and Q, the charge that fills all sites [C.m-2], per electrode area
    """
    return -loss * fraction * abs(current) / (2 * full)


def material_left_with_charge(loss: Any, passed: Any, full: Any) -> Any:
    """eps/eps_0 = 1 - k q / (2 Q) [-] after a charge q in both directions together.

    passed, full : in one unit, such as mA.h.g-1.  Limit: k q < 2 Q.
    """
    return 1 - loss * passed / (2 * full)


def film_thickness(time: Any, start: Any, solvent: Any, molar_volume: Any, charges: Any) -> Any:
    """L = sqrt(L_0^2 + 2 V (D c) t / z) [m] of a film that solvent diffuses through.

    start : L_0 [m];  solvent : D c [mol.m-1.s-1];  molar_volume : V [m3.mol-1];  charges : z per formula
    unit of the film [-].  Limit: the reaction takes all solvent that arrives.
    """
    return np.sqrt(start**2 + 2 * molar_volume * solvent * time / charges)
