"""Reading a document (TOML) and the numbers that a user gives: of the type that is wanted, or refused.

Every refusal says where, what and what is wanted. Nothing in a file is evaluated or imported.
"""

import math
import reprlib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from hetsim.errors import ParameterError, did_you_mean


@dataclass(frozen=True)
class Table:
    """A table of a document, with the words that say where it stands."""

    content: Mapping[str, Any]
    where: str

    def only(self, *allowed: str) -> "Table":
        """The same table; ParameterError if it has any other key."""
        for key in self.content:
            if key not in allowed:
                known = ", ".join(sorted(allowed))
                hint = did_you_mean(key, allowed, f"Allowed: {known}.", alike=0.6)
                raise ParameterError(f"{self.where}: unknown key '{key}'. {hint}")
        return self

    def text(self, key: str, default: str | None = None) -> str:
        """Text; blank only where blank is the default."""

        def fits(found: Any) -> bool:
            return isinstance(found, str) and bool(found.strip() or default == "")

        return self._at(key, default, fits, "text")

    def names(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of names."""
        return tuple(self._at(key, default, _is_list_of(str), "a list of names"))

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        return bool(self._at(key, default, lambda found: isinstance(found, bool), "true or false"))

    def numbers(self, key: str) -> tuple[float, ...]:
        """A list of finite numbers; empty if it is left out."""
        return numbers(self.content.get(key, ()), key, self.where)

    def table(self, key: str, default: Mapping[str, Any] | None = None) -> "Table":
        """A table inside this one."""
        content = self._at(key, default, lambda found: isinstance(found, dict), f"a table [{key}]")
        return Table(content, self._inside(key))

    def tables(self, key: str) -> list["Table"]:
        """An array of tables inside this one; empty if it is left out."""
        entries = self._at(key, (), _is_list_of(dict), f"an array of tables [[{key}]]")
        return [Table(content, self._inside(key)) for content in entries]

    def _at(self, key: str, default: Any, fits: Callable[[Any], bool], wanted: str) -> Any:
        found = self.content.get(key, default)
        if found is None:
            raise ParameterError(f"{self.where}: '{key}' is missing; it must be {wanted}.")
        if not fits(found):
            raise ParameterError(
                f"{self.where}: '{key}' must be {wanted}, got {reprlib.repr(found)}."
            )
        return found

    def _inside(self, key: str) -> str:
        outer = f"{self.where[:-1]}." if self.where.endswith("]") else f"{self.where} ["
        return f"{outer}{key}]"


def read_document(path: Path) -> Table:
    """Read a TOML file; one that has not changed since it was read last is not read again.

    Raises ParameterError if it is no text or no TOML.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise ParameterError(f"{path.name}: cannot be read ({error}).") from error
    return _parsed(path.resolve(), path.name, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _parsed(path: Path, name: str, changed: int, size: int) -> Table:
    """The document of a file in one state of it; what was read is never edited."""
    try:
        return Table(tomllib.loads(path.read_text(encoding="utf-8")), name)
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{name}: cannot be read ({error}).") from error
    except (ValueError, RecursionError) as error:
        raise ParameterError(f"{name}: is not valid TOML ({error}).") from error


def number(raw: Any, name: str, where: str, wanted: str = "be one number") -> float:
    """A finite number, also one of numpy's."""
    plain = _plain(raw)
    if isinstance(plain, bool) or not isinstance(plain, Real):
        raise ParameterError(f"{where}: '{name}' must {wanted}, got {raw!r}.")
    try:
        value = float(plain)
    except OverflowError:  # an integer beyond floating point
        value = math.inf
    if not math.isfinite(value):
        raise ParameterError(f"{where}: '{name}' is {value}; it must be a finite number.")
    return value


def numbers(raw: Any, name: str, where: str) -> tuple[float, ...]:
    """A list of finite numbers, also an array of numpy's."""
    plain = _plain(raw)
    if not isinstance(plain, Sequence) or isinstance(plain, str | bytes):
        raise ParameterError(f"{where}: '{name}' must be a list of numbers, got {raw!r}.")
    return tuple(number(one, name, where, "hold numbers only") for one in plain)


def whole_number(raw: Any, name: str, where: str) -> int:
    """The value as a whole number. Raises ParameterError for any other."""
    if isinstance(raw, bool) or not isinstance(raw, Integral):
        raise ParameterError(f"{where}: '{name}' must be a whole number, got {raw!r}.")
    return int(raw)


def _plain(raw: Any) -> Any:
    """Numbers and arrays of numpy as those of Python."""
    return raw.tolist() if hasattr(raw, "tolist") else raw


def _is_list_of(kind: type) -> Callable[[Any], bool]:
    return lambda found: (
        isinstance(found, list | tuple) and all(isinstance(one, kind) for one in found)
    )
