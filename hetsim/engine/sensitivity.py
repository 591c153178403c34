"""How the end of a constant-current step moves with the inputs of the model, by PyBaMM's forward
sensitivities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.engine.segments import constant_current
from hetsim.results import Outcome

_BEHIND = 2e-3
"""How far before its end the slope of the voltage is looked at, as a share of the step: far above the
noise of the integration (1e-6), and small beside the span on which the slope changes."""


@dataclass(frozen=True)
class MovedEnd:
    """The end of an insertion at its cut-off, and its derivatives.

    time : t_e [s]
    by_input : dt_e/du of each input [s per its unit]
    """

    time: float
    by_input: Mapping[str, float]


def moved_end(
    built: BuiltModel, inputs: Mapping[str, float], longest: float, wanted: Sequence[str]
) -> MovedEnd | Outcome:
    """t_e of an insertion from equilibrium, and dt_e/du of the wanted inputs; without a cut-off how else
    the step ended.

    The cut-off is where V(t, u) = V_c, so dt_e/du = -(dV/du - dV_c/du) / (dV/dt).
    """
    asked = [name for name in wanted if name != names.LOWER_CUT_OFF]
    # V does not depend on the cut-off, and PyBaMM needs one input at least
    asked = asked or [names.CURRENT]
    segment = constant_current(inputs, inputs[names.CURRENT], longest)
    piece = built.solve_one(inputs, segment, calculate_sensitivities=asked)
    if piece.outcome is not Outcome.CUT_OFF:
        return piece.outcome
    solution = piece.solution
    voltage = solution[names.VOLTAGE]
    end = float(solution.t[-1])
    slope = _slope_at_end(voltage, end)
    moved = {name: float(np.ravel(voltage.sensitivities[name])[-1]) for name in asked}
    moved[names.LOWER_CUT_OFF] = -1.0
    return MovedEnd(end, {name: -moved[name] / slope for name in wanted})


def _slope_at_end(voltage: Any, end: float) -> float:
    """dV/dt [V.s-1] by three points, of second order."""
    step = _BEHIND * end
    last, before, first = np.asarray(voltage(t=end - step * np.arange(3.0)))
    return float((3 * last - 4 * before + first) / (2 * step))
