"""Galvanostatic cycling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number, numbers, whole_number

_WHERE = "A cycling test"

SETTLED = 10
"""Cycle that retention is counted from: the first ones fill a fresh cell, and are no loss when they are over."""


@dataclass(frozen=True)
class Cycling:
    """Insertion to the lower cut-off and extraction to the upper one, over and over, from a fresh cell.

    Parameters
    ----------
    current : float
        [A.g-1] of active mass, positive, in both directions
    cycles : int
        How many at that current
    formation : Sequence[tuple[float, int]], default ()
        (current [A.g-1], cycles) before them, in their order, such as [(0.1, 3)]
    end_capacity : float | None, default None
        Ends after the cycle whose insertion falls below it [mA.h.g-1]
    end_retention : float | None, default None
        Ends after the cycle that keeps less than this share of the reference cycle [-]
    reference : int, default SETTLED
        The cycle at `current` that retention is counted from; the last one if there are fewer. A
        fresh cell takes up a tenth more in its first insertion, which ends with more ions inside.
    traces : Sequence[int], default (1,)
        Cycles whose voltage is kept beside that of the last one
    jump : int, default 0
        Most cycles to leap over at a time, 0 (the default) runs each. What is lost or grows is
        carried on at the rate of the last cycle run and corrected with the rate found after the
        leap, when the cell has settled for a few cycles; leaps are shorter where that rate changes.
        For cells that age slowly; the result says which cycles were run and by how much the
        corrections changed what was lost. A test may then end a leap later than it would have.

    Raises
    ------
    ParameterError
        For anything that is no positive current, whole number of cycles, share between 0 and 1 or
        list of (current, cycles), and for a trace of a cycle beyond the last one.
    """

    current: float
    cycles: int
    formation: tuple[tuple[float, int], ...] = ()
    end_capacity: float | None = None
    end_retention: float | None = None
    reference: int = SETTLED
    traces: tuple[int, ...] = (1,)
    jump: int = 0

    def __init__(
        self,
        current: float,
        cycles: int,
        formation: Sequence[tuple[float, int]] = (),
        end_capacity: float | None = None,
        end_retention: float | None = None,
        reference: int = SETTLED,
        traces: Sequence[int] = (1,),
        jump: int = 0,
    ) -> None:
        checked = {
            "current": _current(current, "current"),
            "cycles": _count(cycles, "cycles"),
            "formation": _formation(formation),
            "end_capacity": _positive(end_capacity, "end_capacity", "mAh/g"),
            "end_retention": _share(end_retention),
            "reference": _count(reference, "reference"),
            "traces": tuple(
                _count(int(number) if number.is_integer() else number, "traces")
                for number in numbers(traces, "traces", _WHERE)
            ),
            "jump": _count(jump, "jump", least=0),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        last = self.cycles + sum(count for _, count in self.formation)
        beyond = [one for one in self.traces if one > last]
        if beyond:
            raise ParameterError(
                f"{_WHERE}: 'traces' = {beyond[0]} is beyond the last cycle, {last}."
            )


def _current(raw: Any, name: str) -> float:
    value = number(raw, name, _WHERE)
    if value <= 0:
        raise ParameterError(
            f"{_WHERE} cannot run at {value:g} A/g; '{name}' is a positive number, and the direction is "
            "part of the protocol."
        )
    return value


def _count(raw: Any, name: str, least: int = 1) -> int:
    value = whole_number(raw, name, _WHERE)
    if value < least:
        raise ParameterError(f"{_WHERE}: '{name}' = {value} must be {least} or more.")
    return value


def _positive(raw: Any, name: str, unit: str) -> float | None:
    if raw is None:
        return None
    value = number(raw, name, _WHERE)
    if value <= 0:
        raise ParameterError(f"{_WHERE}: '{name}' = {value:g} {unit} must be above 0.")
    return value


def _share(raw: Any) -> float | None:
    if raw is None:
        return None
    value = number(raw, "end_retention", _WHERE)
    if not 0 < value < 1:
        raise ParameterError(
            f"{_WHERE}: 'end_retention' = {value:g} must be a share between 0 and 1, such as 0.8."
        )
    return value


def _formation(raw: Any) -> tuple[tuple[float, int], ...]:
    remedy = "must be pairs of a current [A/g] and a number of cycles, such as [(0.1, 3)]"
    if isinstance(raw, str | bytes) or not isinstance(raw, Sequence):
        raise ParameterError(f"{_WHERE}: 'formation' {remedy}, got {raw!r}.")
    steps = []
    for one in raw:
        if isinstance(one, str | bytes) or not isinstance(one, Sequence) or len(one) != 2:
            raise ParameterError(f"{_WHERE}: 'formation' {remedy}, got {one!r}.")
        steps.append((_current(one[0], "formation"), _count(one[1], "formation")))
    return tuple(steps)
