"""PyBaMM's solution of a result, made when it is first asked for."""

from collections.abc import Callable
from dataclasses import field
from typing import Any


class Later:
    """A value that is made when it is first asked for, and kept.

    A pickled one is the value itself.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make: Callable[[], Any] | None = make
        self._made: Any = None

    def __call__(self) -> Any:
        """The value."""
        if self._make is not None:
            self._made, self._make = self._make(), None
        return self._made

    def __reduce__(self) -> Any:
        return _already, (self(),)

    def __deepcopy__(self, memo: Any) -> "Later":
        return self


def _already(value: Any) -> Later:
    return Later(lambda: value)


class _MadeLater:
    """A field of a frozen dataclass whose value may be a `Later`, or a tuple of them, and is read as what they make."""

    def __init__(self, default: Any) -> None:
        self.default = default

    def __set_name__(self, owner: type, name: str) -> None:
        self.place = f"_{name}"

    def __get__(self, of: Any, owner: type | None = None) -> Any:
        if of is None:
            return self
        value = of.__dict__.get(self.place, self.default)
        if isinstance(value, tuple):
            return tuple(one() if isinstance(one, Later) else one for one in value)
        return value() if isinstance(value, Later) else value

    def __set__(self, of: Any, value: Any) -> None:
        of.__dict__[self.place] = self.default if value is self else value


def made_later(default: Any = None) -> Any:
    """A dataclass field for a value that may be made later; not shown and not compared."""
    return field(default=_MadeLater(default), repr=False, compare=False)
