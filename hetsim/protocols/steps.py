"""Single steps: a rest, a constant current, a potential that is held or ramped."""

from dataclasses import InitVar, dataclass
from typing import Any

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.protocols.checks import history, occupancies, positive
from hetsim.results.renamed import FormerSoc, filling_argument

_FORMER: Any = FormerSoc()


@dataclass(frozen=True)
class Rest:
    """No current, from equilibrium.

    Parameters
    ----------
    duration : float
        [s]
    filling : float, optional
        Where it starts, 0 extracted to 1 inserted
    after : str | None, optional
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell
    """

    duration: float
    filling: float = 0.0
    soc: InitVar[float | None] = _FORMER
    after: str | None = None

    def __post_init__(self, soc: float | None) -> None:
        _check_step(self, soc, 0.0, "Rest")


@dataclass(frozen=True)
class Hold:
    """A potential that is held, until its duration or until its current has fallen, whichever comes first.

    Parameters
    ----------
    potential : float
        [V]
    duration : float | None, optional
        [s]; it may be left out where `until_current` ends the step
    filling : float, optional
        Where it starts, 0 extracted to 1 inserted
    until_current : float | None, optional
        The step ends when the current is no larger than this, in either direction [A.g-1]
    after : str | None, optional
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell

    Raises
    ------
    ParameterError
        For a hold without any end, or a duration or current that is no positive number.
    """

    potential: float
    duration: float | None = None
    filling: float = 0.0
    soc: InitVar[float | None] = _FORMER
    after: str | None = None
    until_current: float | None = None

    def __post_init__(self, soc: float | None) -> None:
        object.__setattr__(self, "potential", number(self.potential, "potential", "Hold"))
        if self.until_current is not None:
            limit = positive(self.until_current, "until_current", "A/g", "Hold")
            object.__setattr__(self, "until_current", limit)
        elif self.duration is None:
            raise ParameterError(
                "Hold: the step has no end; give 'duration' [s], 'until_current' [A/g] or both."
            )
        _check_step(self, soc, 0.0, "Hold")


@dataclass(frozen=True)
class Ramp:
    """A potential that changes at a constant rate, up or down, from what it is at the start.

    Parameters
    ----------
    to : float
        Where it ends [V]
    rate : float
        [mV.s-1], positive in either direction
    filling : float, optional
        Where it starts, 0 extracted to 1 inserted
    after : str | None, optional
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell

    Raises
    ------
    ParameterError
        For a rate that is no positive number.
    """

    to: float
    rate: float
    filling: float = 0.0
    after: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "to", number(self.to, "to", "Ramp"))
        object.__setattr__(self, "rate", positive(self.rate, "rate", "mV/s", "Ramp"))
        object.__setattr__(self, "filling", occupancies(self.filling, "filling", "Ramp")[0])
        object.__setattr__(self, "after", history(self.after, "Ramp"))


@dataclass(frozen=True)
class ConstantCurrent:
    """A constant current, until its duration or a voltage, whichever comes first.

    Parameters
    ----------
    current : float
        [A.g-1], positive inserts
    duration : float | None, optional
        [s]; None has no end in time
    filling : float | None, optional
        Where it starts; None is the extracted state for an insertion and the inserted one for an
        extraction
    until : float | None, optional
        The step ends at this voltage [V]; None is the cut-off of the cell in its direction
    after : str | None, optional
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell

    Raises
    ------
    ParameterError
        For a current of 0, or a duration that is no positive number.
    """

    current: float
    duration: float | None = None
    filling: float | None = None
    soc: InitVar[float | None] = _FORMER
    after: str | None = None
    until: float | None = None

    def __post_init__(self, soc: float | None) -> None:
        found = number(self.current, "current", "ConstantCurrent")
        if found == 0:
            raise ParameterError("ConstantCurrent: 'current' is 0 A/g; hs.Rest is a step without.")
        object.__setattr__(self, "current", found)
        if self.until is not None:
            object.__setattr__(self, "until", number(self.until, "until", "ConstantCurrent"))
        if self.filling is None and soc is None:
            object.__setattr__(self, "filling", 0.0 if found > 0 else 1.0)
        _check_step(self, soc, None, "ConstantCurrent")


def _check_step(
    step: Rest | Hold | ConstantCurrent, soc: float | None, default: float | None, where: str
) -> None:
    if step.duration is not None or isinstance(step, Rest):
        object.__setattr__(step, "duration", positive(step.duration, "duration", "s", where))
    filling = filling_argument(step.filling, soc, default, where)
    object.__setattr__(step, "filling", occupancies(filling, "filling", where)[0])
    object.__setattr__(step, "after", history(step.after, where))
