"""Galvanostatic intermittent titration."""

from dataclasses import dataclass

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.protocols.checks import DIRECTIONS, count, one_of, positive

_WHERE = "GITT"


@dataclass(frozen=True)
class GITT:
    """Pulses of constant current with a rest after each.

    Parameters
    ----------
    current : float
        Of the pulses [A.g-1] of active mass, positive
    pulse, rest : float
        Their durations [s]; the run begins with a rest, too
    pulses : int | None, optional
        How many in each direction; None until the cut-off
    end_voltage : float | None, optional
        [V] where the pulses end instead of at the cut-off of the cell
    direction : str, optional
        "insertion" (from the extracted state at rest), "extraction" (from the inserted state at
        rest), or "both": insertion, then extraction from where it ended

    Raises
    ------
    ParameterError
        For a current or duration that is no positive number, pulses that are no whole number from 1
        on, another direction, or an end voltage for both directions.

    Notes
    -----
    Steps of the trace: 0 is the first rest, odd numbers are pulses, even ones rests.
    """

    current: float
    pulse: float
    rest: float
    pulses: int | None = None
    end_voltage: float | None = None
    direction: str = "insertion"

    def __post_init__(self) -> None:
        for name, unit in (("current", "A/g"), ("pulse", "s"), ("rest", "s")):
            object.__setattr__(self, name, positive(getattr(self, name), name, unit, _WHERE))
        if self.pulses is not None:
            object.__setattr__(self, "pulses", count(self.pulses, "pulses", _WHERE))
        one_of(self.direction, (*DIRECTIONS, "both"), "direction", _WHERE)
        if self.end_voltage is not None:
            object.__setattr__(self, "end_voltage", number(self.end_voltage, "end_voltage", _WHERE))
            if self.direction == "both":
                raise ParameterError(
                    "GITT: an 'end_voltage' belongs to one direction; with direction='both' the "
                    "cut-offs of the cell are the ends."
                )

    @property
    def signs(self) -> tuple[int, ...]:
        """Sign of the current of each series of pulses, in the order in which they run; +1 inserts."""
        return {"insertion": (1,), "extraction": (-1,), "both": (1, -1)}[self.direction]
