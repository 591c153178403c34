"""One cell on one built model: steps in A/g."""

from typing import Any

from hetsim.engine import BuiltModel, Step
from hetsim.full_cell import Cell
from hetsim.results import Trace

PATIENCE = 1.05
"""A step is given up when this multiple of the full capacity has passed."""


class Galvanostat:
    """A cell in the laboratory's units of current."""

    def __init__(self, cell: Cell, built: BuiltModel) -> None:
        self.built = built
        self.inputs = built.inputs(cell)
        self.mass = (
            self.inputs["Active mass loading [mg.cm-2]"] * self.inputs["Electrode area [cm2]"]
        )  # mg
        self.capacity = self.inputs["Specific capacity [mA.h.g-1]"]

    def step(self, specific_current: float, state: Any) -> Step:
        """Constant current [A.g-1] to the cut-off of its direction, from a state or from rest (None)."""
        longest = PATIENCE * self.capacity / abs(specific_current) * 3.6  # s
        return self.built.step(self.inputs, specific_current * self.mass * 1e-3, longest, state)


def step_trace(step: Step, specific_current: float) -> Trace:
    """Its voltage over the specific charge that was passed."""
    return Trace(step.time, abs(specific_current) * step.time / 3.6, step.voltage)
