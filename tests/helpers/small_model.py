"""Models of a few equations for the engine's interpreter, written in casadi in place of a model of PyBaMM."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import casadi
import numpy as np
import pybamm
from scipy.sparse import diags

from hetsim import names
from hetsim.engine.chains import Answers, Chains
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.native.library import library
from hetsim.engine.taped import taped
from hetsim.engine.taped_model import Source
from tests.helpers.engine import there

Equation = Callable[[Any, Any, Mapping[str, Any]], Any]
"""Of the time, the state and the inputs by name."""


@dataclass(frozen=True)
class _Expression:
    """What has a method of PyBaMM's symbols."""

    equation: Equation

    def to_casadi(self, t: Any, y: Any, inputs: Any, casadi_symbols: Any) -> Any:
        made = self.equation(t, y, inputs)
        if isinstance(made, list):
            made = casadi.vertcat(*made)
        return casadi.MX(made)


@dataclass(frozen=True)
class SmallModel:
    """rate: right-hand sides, then algebraic lines;  start: the state to start from

    margins : what is left to each cut-off;  kept : what is looked at, beside nothing else
    values, imposed : names of the inputs
    """

    states: int
    rate: Equation
    start: Equation
    algebraic: int = 0
    margins: Mapping[str, Equation] = field(default_factory=lambda: {"never": lambda t, y, p: 1.0})
    kept: Mapping[str, Equation] = field(default_factory=lambda: {"zero": lambda t, y, p: 0.0})
    values: tuple[str, ...] = ("value",)
    imposed: tuple[str, ...] = ("level",)

    def interpreter(self) -> Interpreter:
        there(library())
        return Interpreter(
            taped(
                Source(self, _Expression(self.start), self.values, self.imposed, tuple(self.kept))
            )
        )

    # --- what the engine asks of a model of PyBaMM ------------------------------------------------

    @property
    def len_rhs_and_alg(self) -> int:
        return self.states

    @property
    def len_alg(self) -> int:
        return self.algebraic

    @property
    def _differential(self) -> int:
        return self.states - self.algebraic

    @property
    def concatenated_rhs(self) -> Any:
        return self._part(slice(0, self._differential))

    @property
    def concatenated_algebraic(self) -> Any:
        return self._part(slice(self._differential, None))

    def _part(self, part: slice) -> Any:
        return _Expression(lambda t, y, p: self.rate(t, y, p)[part])

    @property
    def events(self) -> list[Any]:
        kind = pybamm.EventType.TERMINATION
        return [
            SimpleNamespace(name=name, expression=_Expression(one), event_type=kind)
            for name, one in self.margins.items()
        ]

    @property
    def mass_matrix(self) -> Any:
        ones = np.arange(self.states) < self._differential
        return SimpleNamespace(entries=diags(ones.astype(float)).tocsr())

    @property
    def y_slices(self) -> dict[Any, Any]:
        return {}

    def get_processed_variable_or_event(self, name: str) -> Any:
        if name == names.VOLTAGE:
            return _Expression(lambda t, y, p: y[0])
        return _Expression(self.kept.get(name, lambda t, y, p: 0.0))


def run(
    of: Interpreter,
    segments: Sequence[Sequence[float]],
    tolerance: float = 1e-8,
    value: Any = 1.0,
    start: Any = None,
    follows: Any = None,
    save: Sequence[int] = (),
    back: Sequence[int] = (),
    exact: bool = False,
    **options: Any,
) -> Answers:
    """One chain for each case, of segments that each give what is imposed and the duration [s].

    follows : as in `Chains`; None goes on after each end of a duration
    exact : whether the exact step may be taken where a model is affine
    """
    count = len(segments)
    cases = np.size(value)
    if follows is None:
        follows = [[-1, k + 1 if k + 1 < count else -1, -1] for k in range(count)]
    chains = Chains(
        np.arange(cases, dtype=np.int32),
        np.repeat(np.array(segments, float)[np.newaxis], cases, axis=0),
        np.array(follows, np.int32),
        np.array(save or [0] * count, np.int32),
        np.array(back or [0] * count, np.int32),
        None if start is None else np.array(start, float),
    )
    return of.run({"value": value}, chains, tolerance, tolerance, exact=exact, **options)
