"""Checks that several protocols share."""

from typing import Any

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number, whole_number

DIRECTIONS = ("insertion", "extraction")


def positive(raw: Any, name: str, unit: str, where: str) -> float:
    """A finite number above 0."""
    value = number(raw, name, where)
    if value <= 0:
        raise ParameterError(
            f"{where}: '{name}' is {value:g} {unit}; it must be a positive number."
        )
    return value


def count(raw: Any, name: str, where: str) -> int:
    """A whole number from 1 on."""
    value = whole_number(raw, name, where)
    if value < 1:
        raise ParameterError(f"{where}: '{name}' is {value}; it must be at least 1.")
    return value


def one_of(raw: Any, allowed: tuple[str, ...], name: str, where: str) -> str:
    """The word, if it is one of those allowed. Raises ParameterError for any other."""
    if raw not in allowed:
        raise ParameterError(f"{where}: '{name}' is {raw!r}; allowed: {', '.join(allowed)}.")
    return str(raw)


def history(raw: Any, where: str) -> str | None:
    """The branch on which a cell rests at the start, if the user says it. Raises ParameterError for another word."""
    return None if raw is None else one_of(raw, DIRECTIONS, "after", where)


def occupancies(raw: Any, name: str, where: str) -> tuple[float, ...]:
    """States of charge: one or several numbers from 0 (extracted) to 1 (inserted)."""
    several = isinstance(raw, list | tuple) or getattr(raw, "ndim", 0) == 1
    found = tuple(number(one, name, where) for one in (raw if several else (raw,)))
    for one in found:
        if not 0 <= one <= 1:
            raise ParameterError(
                f"{where}: '{name}' is {one:g}; allowed: 0 (extracted) to 1 (inserted)."
            )
    if not found:
        raise ParameterError(f"{where}: '{name}' needs at least one value.")
    return found
