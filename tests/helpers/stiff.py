"""Stiff equations, solved by scipy: for tests only."""

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp


def solve_stiff(
    rate: Callable[..., Any], span: tuple[float, float], start: Any, **options: Any
) -> Any:
    """What scipy's BDF makes of them, as `solve_ivp` returns it.

    In its first step scipy subtracts from memory that nothing was written to, and uses nothing of the result. Whether
    numpy warns of that depends on what stood there before.
    """
    with np.errstate(invalid="ignore"):
        return solve_ivp(rate, span, start, "BDF", **options)
