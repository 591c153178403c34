"""A constant current and then a constant voltage."""

from dataclasses import dataclass

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.protocols.checks import positive
from hetsim.protocols.protocol import Protocol
from hetsim.protocols.steps import ConstantCurrent, Hold

_WHERE = "CCCV"


@dataclass(frozen=True)
class CCCV:
    """A constant current to a voltage, which is then held until the current has fallen.

    Parameters
    ----------
    current : float
        [A.g-1], positive inserts
    voltage : float
        [V] where the current ends, and which is held
    cut_off_current : float
        [A.g-1], positive, where the hold ends

    Raises
    ------
    ParameterError
        For a current of 0, or a cut-off current that is not between 0 and the current.

    Notes
    -----
    In a Protocol it begins where the step before ended; a cell that is there already beyond the voltage
    skips the current. By itself it begins at rest, extracted for an insertion and inserted for an
    extraction.
    """

    current: float
    voltage: float
    cut_off_current: float

    def __post_init__(self) -> None:
        current = ConstantCurrent(self.current).current
        limit = positive(self.cut_off_current, "cut_off_current", "A/g", _WHERE)
        if limit >= abs(current):
            raise ParameterError(
                f"CCCV: 'cut_off_current' is {limit:g} A/g; it must be below the current of "
                f"{abs(current):g} A/g."
            )
        object.__setattr__(self, "current", current)
        object.__setattr__(self, "voltage", number(self.voltage, "voltage", _WHERE))
        object.__setattr__(self, "cut_off_current", limit)

    @property
    def protocol(self) -> Protocol:
        """The same as a protocol of steps."""
        steps = [
            ConstantCurrent(self.current, until=self.voltage),
            Hold(self.voltage, until_current=self.cut_off_current),
        ]
        return Protocol(steps, 1, 0.0 if self.current > 0 else 1.0)
