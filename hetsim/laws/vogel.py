"""Conductivity of an amorphous polymer electrolyte, which follows the motion of its chains."""

from typing import Any

import numpy as np


def vogel_factor(vogel: Any, ideal_glass: Any, temperature: Any, reference: Any) -> Any:
    """What a conductivity at T is of that at T_ref [-].

    sigma(T) / sigma(T_ref) = exp[-B / (T - T_0) + B / (T_ref - T_0)]

    vogel : B [K]; ideal_glass : T_0 [K], some 40 to 50 K below the glass transition
    temperature, reference : T and T_ref above T_0 [K]
    Limits: an amorphous polymer above its glass transition; T_0 = 0 is Arrhenius' law with E = k_B B.  Named after
    H. Vogel (1921), G. Fulcher (1925), G. Tammann and W. Hesse (1926).
    """
    return np.exp(-vogel / (temperature - ideal_glass) + vogel / (reference - ideal_glass))
