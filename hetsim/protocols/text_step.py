"""Steps in the words of PyBaMM's experiments."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hetsim.errors import ParameterError
from hetsim.protocols.steps import ConstantCurrent, Hold, Rest

_EXAMPLES = (
    "'Discharge at C/10 until 0.5 V', 'Charge at 2 mA for 30 minutes', 'Rest for 1 hour', "
    "'Hold at 0.5 V until C/50'"
)


@dataclass(frozen=True)
class TextStep:
    """A step as a text of PyBaMM's, such as "Discharge at C/10 until 0.5 V", read by PyBaMM's own parser.

    Parameters
    ----------
    text : str
        A constant current [A, mA or C-rate], a rest, or a voltage that is held, with "for" or "until"; a current
        without either ends at the cut-off of the cell

    Raises
    ------
    ParameterError
        For a text that PyBaMM cannot read, or a step that cannot be run: a power, a resistance, a sampling
        period, or an end that does not belong to the step.

    Notes
    -----
    A discharge puts ions into the electrode of a half cell. Currents in A are those of the whole cell, and
    1C passes the capacity of all sites of the cell in one hour.
    """

    text: str

    def __post_init__(self) -> None:
        _read(self.text)

    def __repr__(self) -> str:
        return repr(self.text)

    @property
    def kind(self) -> type:
        """What it is: Rest, ConstantCurrent or Hold."""
        return _read(self.text).kind

    @property
    def has_duration(self) -> bool:
        """Whether it ends in time."""
        return _read(self.text).duration is not None

    @property
    def has_limit(self) -> bool:
        """Whether it ends at a voltage or a current."""
        return _read(self.text).limit is not None

    def step(self, capacity: float, mass: float) -> Rest | ConstantCurrent | Hold:
        """The step for a cell.

        capacity : of all sites [mA.h.g-1];  mass : of the active material [g]
        """
        read = _read(self.text)
        if read.kind is Rest:
            assert read.duration is not None
            return Rest(read.duration)

        def specific(value: float, unit: str) -> float:
            """A current in A/g."""
            return value * capacity / 1000 if unit == "C-rate" else value / mass

        if read.kind is Hold:
            limit = None if read.limit is None else specific(read.limit, read.limit_unit)
            return Hold(read.value, read.duration, until_current=limit)
        current = specific(read.value, read.unit)
        return ConstantCurrent(current, read.duration, until=read.limit)


@dataclass(frozen=True)
class _Read:
    """A text as it was read.

    value, unit : current in A or as C-rate, positive discharges, or a voltage [V]
    limit, limit_unit : where it ends, a voltage [V] or a current in A or as C-rate
    """

    kind: type
    value: float = 0.0
    unit: str = ""
    duration: float | None = None
    limit: float | None = None
    limit_unit: str = ""


@lru_cache(maxsize=1024)
def _read(text: str) -> _Read:
    """Raises ParameterError for what cannot be read or run."""
    import pybamm  # here, so that protocols without texts do not wait for it

    endless = _is_endless(text)
    try:
        parsed = pybamm.step.string(f"{text} for 1 second" if endless else text)
    except Exception as error:  # PyBaMM's parser raises what its string operations raise
        raise ParameterError(
            f"Protocol: PyBaMM cannot read the step {text!r}; it is written as in {_EXAMPLES}. Currents in "
            "A/g are given as hs.ConstantCurrent."
        ) from error
    step = pybamm.step
    for refused, word in ((step.Power, "a power"), (step.Resistance, "a resistance")):
        if isinstance(parsed, refused):
            raise _cannot(text, f"{word} cannot be imposed; a current or a voltage can")
    duration = None if endless or parsed.uses_default_duration else float(parsed.duration)
    if duration is not None and duration <= 0:
        raise _cannot(text, f"its duration is {duration:g} s and must be positive")
    if parsed.period is not None:
        raise _cannot(text, "a sampling period has no place in it; every step keeps its own times")
    if len(parsed.termination) > 1:
        raise _cannot(text, "it has more than one end")
    value = float(parsed.input_value)
    if isinstance(parsed, step.Rest):
        if parsed.termination or duration is None:
            raise _cannot(text, "a rest ends in time, such as 'Rest for 1 hour'")
        return _Read(Rest, duration=duration)
    if isinstance(parsed, step.Voltage):
        return _hold(text, value, duration, parsed.termination)
    return _current(text, parsed, value, duration)


def _is_endless(text: str) -> bool:
    """Whether a text is a current without "for" and "until": it ends at the cut-off of the cell."""
    words = text.split()
    return words[:1] in (["Discharge"], ["Charge"]) and not {"for", "until"} & {*words}


def _hold(text: str, value: float, duration: float | None, ends: list[Any]) -> _Read:
    import pybamm

    if not text.startswith("Hold"):
        raise _cannot(text, f"a voltage is held: 'Hold at {abs(value):g} V ...'")
    if not ends:
        return _Read(Hold, value, "voltage", duration)
    units = {
        pybamm.step.CurrentTermination: "current",
        pybamm.step.CRateTermination: "C-rate",
    }
    unit = units.get(type(ends[0]))
    if unit is None or ends[0].operator is not None:
        raise _cannot(
            text, "a hold ends in time or where its current has fallen, such as 'until C/50'"
        )
    return _Read(Hold, value, "voltage", duration, float(ends[0].value), unit)


def _current(text: str, parsed: Any, value: float, duration: float | None) -> _Read:
    import pybamm

    if text.startswith("Hold"):
        raise _cannot(text, "a current is 'Discharge at ...' or 'Charge at ...'")
    if value == 0:
        raise _cannot(text, "its current is 0; 'Rest for ...' is a step without")
    unit = "C-rate" if isinstance(parsed, pybamm.step.CRate) else "current"
    if not parsed.termination:
        return _Read(ConstantCurrent, value, unit, duration)
    end = parsed.termination[0]
    if not isinstance(end, pybamm.step.VoltageTermination) or end.operator is not None:
        raise _cannot(text, "a current ends in time or at a voltage, such as 'until 0.5 V'")
    return _Read(ConstantCurrent, value, unit, duration, float(end.value), "voltage")


def _cannot(text: str, why: str) -> ParameterError:
    return ParameterError(f"Protocol: the step {text!r} cannot be run: {why}.")
