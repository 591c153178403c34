"""One cell on one built model: steps in A/g, and plans that ask for one step after the other."""

from collections.abc import Generator
from typing import Any, TypeVar

from hetsim.cells.full_cell import Cell
from hetsim.engine import BuiltModel, Step
from hetsim.results import Trace

PATIENCE = 1.05
"""A step is given up when this multiple of the full capacity has passed."""

T = TypeVar("T")

Plan = Generator[tuple[float, Any], Step, T]
"""What a protocol does to one cell: it yields a specific current [A.g-1] and the state to start from,
receives the finished step, and returns what it found. The steps of many cells can be run together."""


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
        return self.built.step(self.inputs, *self.of(specific_current), state)

    def of(self, specific_current: float) -> tuple[float, float]:
        """Current [A], and the time after which its step is given up [s]."""
        longest = PATIENCE * self.capacity / abs(specific_current) * 3.6
        return specific_current * self.mass * 1e-3, longest

    def follow(self, plan: "Plan[T]") -> T:
        """Run a plan to its end."""
        try:
            asked = next(plan)
            while True:
                asked = plan.send(self.step(*asked))
        except StopIteration as done:
            return done.value


def step_trace(step: Step, specific_current: float) -> Trace:
    """Its voltage over the specific charge that was passed."""
    return Trace(step.time, abs(specific_current) * step.time / 3.6, step.voltage)
