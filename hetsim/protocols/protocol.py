"""A protocol of several steps, each of which begins where the one before ended."""

import reprlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, is_dataclass
from itertools import pairwise
from typing import Any

from hetsim.errors import ParameterError
from hetsim.protocols.checks import count, history, occupancies
from hetsim.protocols.eis import EIS
from hetsim.protocols.replay import Replay
from hetsim.protocols.steps import ConstantCurrent, Hold, Ramp, Rest
from hetsim.protocols.text_step import TextStep

_WHERE = "Protocol"
_ALLOWED = (
    "ConstantCurrent, Rest, Hold, Ramp, Replay, EIS, CCCV, ICI, Protocol or a text of PyBaMM's"
)


@dataclass(frozen=True, repr=False)
class Protocol:
    """Steps one after the other, again and again.

    Parameters
    ----------
    steps : Sequence[Any]
        ConstantCurrent, Rest, Hold, Ramp, Replay, EIS, CCCV, ICI, texts of PyBaMM's such as "Rest for 1
        hour", or Protocol again. Each begins where the one before ended: its own `filling` is left out
    repeat : int | None, default 1
        How many times; None repeats until a current meets the cut-off of the cell before its duration is
        over
    filling : float, default 0.0
        Where the first step begins, 0 extracted to 1 inserted, at rest
    after : str | None, default None
        "insertion" or "extraction": the branch of the hysteresis on which it rests there; None is the one
        on which the filling is reached from the extracted cell

    Raises
    ------
    ParameterError
        For an empty list, an unknown step, a step with a filling of its own, a repeat of 0, repeats
        without an end, or a spectrum that does not follow a rest.

    Notes
    -----
    A current with a duration that meets the cut-off of the cell earlier ends the repeats of a protocol with
    `repeat=None`, after which an outer protocol goes on. It ends all else. A current without a duration
    ends at its voltage or at the cut-off, and the next step follows; where the cell is beyond that voltage
    already, the step passes nothing.

    A spectrum is the linear response of the state that was reached. It takes no time, and the cell goes on as
    if it had not been measured.
    """

    steps: tuple[Any, ...]
    repeat: int | None = 1
    filling: float = 0.0
    after: str | None = None

    def __init__(
        self,
        steps: Sequence[Any],
        repeat: int | None = 1,
        filling: float = 0.0,
        after: str | None = None,
    ) -> None:
        if isinstance(steps, str) or not isinstance(steps, Sequence):
            raise ParameterError(f"Protocol: 'steps' is {steps!r}; it must be a list of steps.")
        if not steps:
            raise ParameterError("Protocol: 'steps' is empty; it needs at least one step.")
        checked = tuple(_checked(step, number) for number, step in enumerate(steps, 1))
        object.__setattr__(self, "steps", checked)
        times = None if repeat is None else count(repeat, "repeat", _WHERE)
        object.__setattr__(self, "repeat", times)
        object.__setattr__(self, "filling", occupancies(filling, "filling", _WHERE)[0])
        object.__setattr__(self, "after", history(after, _WHERE))
        _check_spectra([*self.leaves()], again=times != 1)
        if times is None:
            _check_end([*self.leaves()])

    def __repr__(self) -> str:
        steps = ", ".join(repr(step) for step in self.steps)
        after = f", after={self.after!r}" if self.after else ""
        return f"Protocol([{steps}], repeat={self.repeat}, filling={self.filling:g}{after})"

    def leaves(self) -> Iterator[Any]:
        """Every single step in the order in which it is first run, those of inner protocols once."""
        for step in self.steps:
            inner = inner_protocol(step)
            if inner is None:
                yield step
            else:
                yield from inner.leaves()

    @property
    def least_steps(self) -> int:
        """How many steps are run in all; repeats without a number count once."""
        inner = (inner_protocol(step) for step in self.steps)
        return (self.repeat or 1) * sum(one.least_steps if one else 1 for one in inner)

    @property
    def drives_voltage(self) -> bool:
        """Whether any step holds or ramps the voltage."""
        return any(drives_voltage(step) for step in self.leaves())


def inner_protocol(step: Any) -> Protocol | None:
    """The protocol that a step is, or that it stands for; None for a single step."""
    found = step if isinstance(step, Protocol) else getattr(step, "protocol", None)
    return found if isinstance(found, Protocol) else None


def kind_of(step: Any) -> type:
    """Class of a single step, also of one that is a text."""
    return step.kind if isinstance(step, TextStep) else type(step)


def short_name(step: Any) -> str:
    """What a message calls a step: its class or its text, without its values."""
    if is_dataclass(step) and not isinstance(step, TextStep | type):
        return type(step).__name__
    return reprlib.repr(step) if not isinstance(step, TextStep) else repr(step)


def drives_voltage(step: Any) -> bool:
    """Whether a single step imposes a voltage."""
    if isinstance(step, Replay):
        return step.voltage is not None
    return kind_of(step) in (Hold, Ramp)


def is_current_in_time(step: Any) -> bool:
    """Whether a step is a current that has a duration and no voltage to end at."""
    if isinstance(step, TextStep):
        return step.kind is ConstantCurrent and step.has_duration and not step.has_limit
    return isinstance(step, ConstantCurrent) and step.duration is not None and step.until is None


# --- checks ---------------------------------------------------------------------------------------


def _checked(step: Any, number: int) -> Any:
    """The step as it is kept."""
    if isinstance(step, str):
        return TextStep(step)
    single = isinstance(step, ConstantCurrent | Rest | Hold | Ramp | Replay | EIS)
    if not single and not isinstance(step, TextStep) and inner_protocol(step) is None:
        raise ParameterError(f"Protocol: step {number} is {short_name(step)}; allowed: {_ALLOWED}.")
    if single or isinstance(step, Protocol):
        for name, usual in (("filling", _usual_filling(step)), ("after", None)):
            found = getattr(step, name)
            if found != usual:
                raise ParameterError(
                    f"Protocol: step {number} has '{name}' = {found} of its own, but begins where the step "
                    f"before ended; give '{name}' to the outer Protocol."
                )
    return step


def _usual_filling(step: Any) -> Any:
    """The filling of a step that was given none."""
    if isinstance(step, EIS):
        return EIS().filling
    if isinstance(step, ConstantCurrent):
        return ConstantCurrent(step.current, step.duration).filling
    return 0.0


def charge_of_round(currents: Sequence[Any]) -> float:
    """Charge that currents with durations pass in all [A.s.g-1], positive inserts. Raises ParameterError for none."""
    charge = float(sum(step.current * step.duration for step in currents))
    if charge == 0:
        raise ParameterError(
            "Protocol: repeated until the cut-off, the currents of a round pass no charge in all, so that it may "
            "never end; give 'repeat' a number."
        )
    return charge


def _check_spectra(leaves: Sequence[Any], *, again: bool) -> None:
    """Raises ParameterError for a spectrum in a cell that is not at rest."""
    counted = [*enumerate(leaves, 1)]
    around = [(counted[-1], counted[0])] if again else []
    for (number, before), (_, step) in [*pairwise(counted), *around]:
        if isinstance(step, EIS) and kind_of(before) not in (Rest, EIS):
            raise ParameterError(
                f"Protocol: a spectrum would follow step {number} ({short_name(before)}), in the middle of a "
                "pulse; put hs.Rest between them, a spectrum is measured at rest."
            )


def _check_end(leaves: Sequence[Any]) -> None:
    """Raises ParameterError for repeats that would go on for ever."""
    remedy = "give 'repeat' a number"
    other = [
        f"step {number} ({short_name(step)})"
        for number, step in enumerate(leaves, 1)
        if kind_of(step) not in (Rest, EIS) and not is_current_in_time(step)
    ]
    if other:
        raise ParameterError(
            f"Protocol: repeated until the cut-off, {other[0]} would bring the cell back round after round without an "
            f"end; allowed: currents with durations, rests and spectra, or {remedy}."
        )
    currents = [step for step in leaves if is_current_in_time(step)]
    if not currents:
        raise ParameterError(
            f"Protocol: repeated until the cut-off, no step changes the charge, so that it would never end; {remedy}."
        )
    if not any(isinstance(step, TextStep) for step in currents):
        charge_of_round(currents)
