"""Where a record of a voltage turns, noise left aside."""

import numpy as np
from numpy.typing import NDArray


def turns_of(voltage: NDArray[np.float64], least: float | None = None) -> list[int]:
    """First and last sample, and those at which a voltage turns by more than a least difference.

    least : [V]; None is a twentieth of the window
    """
    least = 0.05 * float(np.ptp(voltage)) if least is None else least
    turns, extreme, direction = [0], 0, 0.0
    values = voltage.tolist()
    for row, value in enumerate(values):
        moved = value - values[extreme]
        if not direction:
            direction = float(np.sign(moved)) if abs(moved) > least else 0.0
            extreme = row if direction else extreme
        elif moved * direction >= 0:
            extreme = row
        elif abs(moved) > least:
            turns.append(extreme)
            extreme, direction = row, -direction
    return [*turns, len(values) - 1]
