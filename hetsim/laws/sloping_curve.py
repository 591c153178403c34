"""Open-circuit curve of an electrode of which only the voltage window is known.

    U = U_full + (U_empty - U_full) (1 - theta)^p          theta = 1 - ((U - U_full) / (U_empty - U_full))^(1/p)

A smooth slope from empty to full without plateaus, the same for insertion and extraction. p = 1 is a straight line;
above 1 the curve is flatter where the electrode is nearly full, so that the same overpotential costs more capacity.
"""

from typing import Any

import numpy as np


def sloping_potential(occupancy: Any, empty: Any, full: Any, exponent: Any) -> Any:
    """Open-circuit potential U(theta) [V] of a curve without plateaus.

    occupancy : theta in [0, 1]
    empty, full : potentials U_empty > U_full of the empty and of the full electrode [V]
    exponent : p above 0 [-]; 1.5 describes 109 measured rate curves of anodes and cathodes
    """
    return full + (empty - full) * (1 - occupancy) ** exponent


def sloping_occupancy(potential: Any, empty: Any, full: Any, exponent: Any) -> Any:
    """Occupancy theta at which that curve has a potential [-]; 0 above U_empty and 1 below U_full.

    potential, empty, full : [V]
    exponent : p [-]
    """
    share = np.clip((potential - full) / (empty - full), 0.0, 1.0)
    return 1 - share ** (1 / exponent)
