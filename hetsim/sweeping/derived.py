"""Columns of a design that follow from other columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.results import Array

Columns = Mapping[str, Array]
Function = Callable[[Columns], Array]


@dataclass(frozen=True)
class Product:
    """factor * (product of the columns `of`) / (product of the columns `over`).

    One column makes a copy or a multiple, two a product or a ratio. It needs no code, so a study
    file can hold it.

    Parameters
    ----------
    of : str | Sequence[str]
        Names of the columns that are multiplied
    over : str | Sequence[str], default ()
        Names of the columns that divide
    factor : float, default 1.0
        A number beside them
    """

    of: tuple[str, ...]
    over: tuple[str, ...] = ()
    factor: float = 1.0

    def __init__(
        self, of: str | Sequence[str], over: str | Sequence[str] = (), factor: float = 1.0
    ) -> None:
        object.__setattr__(self, "of", _names(of))
        object.__setattr__(self, "over", _names(over))
        object.__setattr__(self, "factor", number(factor, "factor", "A derived column"))
        if not self.of and not self.over:
            raise ParameterError("A derived column needs at least one column that it follows from.")

    def __call__(self, columns: Columns) -> Array:
        for name in (*self.of, *self.over):
            if name not in columns:
                known = ", ".join(f"'{column}'" for column in columns)
                raise ParameterError(
                    f"A derived column follows from '{name}', which is not swept; there are {known}."
                )
        value = np.full_like(next(iter(columns.values())), self.factor)
        for name in self.of:
            value = value * columns[name]
        for name in self.over:
            value = value / columns[name]
        return value


def with_derived(columns: Columns, derived: Mapping[str, Function]) -> dict[str, Array]:
    """The columns and those derived from them, in the order in which they are written.

    Raises ParameterError if a function gives no number, or another count of them.
    """
    all_columns = dict(columns)
    count = len(next(iter(columns.values())))
    for name, function in derived.items():
        try:
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                value = np.asarray(function(all_columns), dtype=float)
        except (TypeError, KeyError, ZeroDivisionError) as error:
            raise ParameterError(
                f"The function of the derived column '{name}' cannot be evaluated: {error!r}."
            ) from error
        if value.shape not in ((), (count,)):
            raise ParameterError(
                f"The function of the derived column '{name}' gives an array of shape {value.shape} "
                f"for {count} cases; it must give one number a case."
            )
        all_columns[name] = np.broadcast_to(value, (count,)).copy()
    return all_columns


def _names(raw: str | Sequence[str]) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(raw)
