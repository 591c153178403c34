"""Intermittent current interruption."""

from dataclasses import dataclass

from hetsim.errors import ParameterError
from hetsim.protocols.checks import DIRECTIONS, count, one_of, positive
from hetsim.protocols.protocol import Protocol
from hetsim.protocols.steps import ConstantCurrent, Rest

_WHERE = "ICI"


@dataclass(frozen=True)
class ICI:
    """A constant current that is interrupted for some seconds, again and again.

    Parameters
    ----------
    current : float
        [A.g-1] of active mass, positive
    period : float
        From one interruption to the next [s]; the current flows for `period` - `rest`
    rest : float
        Duration of an interruption [s], shorter than the period
    direction : str, default 'insertion'
        "insertion" (from the extracted state at rest) or "extraction" (from the inserted one)
    pulses : int | None, default None
        How many interruptions; None until the cut-off

    Raises
    ------
    ParameterError
        For an interruption that is not shorter than its period, a current or time that is no positive
        number, another direction, or pulses that are no whole number from 1 on.

    Notes
    -----
    In a Protocol it begins where the step before ended. Steps of the trace: even numbers are currents,
    odd ones interruptions. What an interruption shows within some seconds is the resistance, and the
    slope of the voltage in the square root of time the diffusion, beside the slope of the voltage in
    time under current.

    References
    ----------
    Y.-C. Chien et al., Nat. Commun. 14, 2289 (2023), doi:10.1038/s41467-023-37989-6
    """

    current: float
    period: float
    rest: float
    direction: str = "insertion"
    pulses: int | None = None

    def __post_init__(self) -> None:
        for name, unit in (("current", "A/g"), ("period", "s"), ("rest", "s")):
            object.__setattr__(self, name, positive(getattr(self, name), name, unit, _WHERE))
        if self.rest >= self.period:
            raise ParameterError(
                f"ICI: the interruption of {self.rest:g} s is not shorter than its period of "
                f"{self.period:g} s; 'rest' must be below 'period'."
            )
        one_of(self.direction, DIRECTIONS, "direction", _WHERE)
        if self.pulses is not None:
            object.__setattr__(self, "pulses", count(self.pulses, "pulses", _WHERE))

    @property
    def protocol(self) -> Protocol:
        """The same as a protocol of steps."""
        inserts = self.direction == "insertion"
        current = self.current if inserts else -self.current
        steps = [ConstantCurrent(current, self.period - self.rest), Rest(self.rest)]
        return Protocol(steps, self.pulses, 0.0 if inserts else 1.0)
