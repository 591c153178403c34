"""Single steps: a rest, a potential that is held, a constant current."""

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
    """A potential that is held, from equilibrium.

    Parameters
    ----------
    potential : float
        [V]
    duration : float
        [s]
    filling : float, optional
        Where it starts, 0 extracted to 1 inserted
    after : str | None, optional
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell
    """

    potential: float
    duration: float
    filling: float = 0.0
    soc: InitVar[float | None] = _FORMER
    after: str | None = None

    def __post_init__(self, soc: float | None) -> None:
        object.__setattr__(self, "potential", number(self.potential, "potential", "Hold"))
        _check_step(self, soc, 0.0, "Hold")


@dataclass(frozen=True)
class ConstantCurrent:
    """A constant current from equilibrium, until its duration or the cut-off of its direction.

    Parameters
    ----------
    current : float
        [A.g-1], positive inserts
    duration : float
        [s]
    filling : float | None, optional
        Where it starts; None is the extracted state for an insertion and the inserted one for an
        extraction
    after : str | None, optional
        "insertion" or "extraction": the branch of the hysteresis on which it rests at the start; None is
        the one on which the filling is reached from the extracted cell
    """

    current: float
    duration: float
    filling: float | None = None
    soc: InitVar[float | None] = _FORMER
    after: str | None = None

    def __post_init__(self, soc: float | None) -> None:
        found = number(self.current, "current", "ConstantCurrent")
        if found == 0:
            raise ParameterError("ConstantCurrent: 'current' is 0 A/g; hs.Rest is a step without.")
        object.__setattr__(self, "current", found)
        if self.filling is None and soc is None:
            object.__setattr__(self, "filling", 0.0 if found > 0 else 1.0)
        _check_step(self, soc, None, "ConstantCurrent")


def _check_step(
    step: Rest | Hold | ConstantCurrent, soc: float | None, default: float | None, where: str
) -> None:
    object.__setattr__(step, "duration", positive(step.duration, "duration", "s", where))
    filling = filling_argument(step.filling, soc, default, where)
    object.__setattr__(step, "filling", occupancies(filling, "filling", where)[0])
    object.__setattr__(step, "after", history(step.after, where))
