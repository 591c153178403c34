"""From what a user hands over to observations."""

from collections.abc import Sequence
from typing import Any

from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import Observation
from hetsim.fitting.observations.rate import CYCLES, FIRST_CYCLE, NOISE, RateData
from hetsim.parameters.values import MeasuredRate


def observations_of(
    data: Any,
    level: float = NOISE,
    first_cycle: float = FIRST_CYCLE,
    cycles: int = CYCLES,
) -> tuple[Observation, ...]:
    """The observations of one cell.

    data : a measurement of any kind, an observation, or a list of them
    level, first_cycle, cycles : of rate curves that are no observation yet

    Raises ParameterError for anything else.
    """
    if isinstance(data, Observation):
        return (data,)
    if isinstance(data, MeasuredRate):
        return (RateData(data, level, first_cycle, cycles),)
    if isinstance(data, Sequence) and not isinstance(data, str) and data:
        found = [one for part in data for one in observations_of(part, level, first_cycle, cycles)]
        return tuple(found)
    raise ParameterError(
        f"{_told(data)} is no measured curve that a fit knows; try hs.measured('CZT')."
    )


def _told(data: Any) -> str:
    text = repr(data)
    return text if len(text) < 80 else f"{text[:77]}..."
