"""The state of one built model of a cell as the state of another, by the names of the variables.

A cell is driven by a current in one step and by a voltage in the next, which are two built models. What both
have as a state is handed on as it is, so that ions, charge and history go on exactly. What only the next one
has as a state (the current of a voltage-driven cell, the potential across a double layer) is given the value
that the variable of that name has in the one before; the solver finds the algebraic ones of them closely.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.engine.segments import Piece
from hetsim.late import late
from hetsim.results import Array

if TYPE_CHECKING:
    import casadi
else:
    casadi = late("casadi")

_SAME_AS = {names.CURRENT_VARIABLE: names.CURRENT_NOW}
"""Variables of a voltage-driven model by what they are called in any model."""


class HandOver:
    """From the state of one built model to that of another.

    Both are of the same cell structure and take the same values of the cell.
    """

    def __init__(self, source: BuiltModel, target: BuiltModel) -> None:
        self._names = list(source.input_names)
        inputs = {name: casadi.MX.sym(name) for name in self._names}
        t = casadi.MX.sym("t")
        y = casadi.MX.sym("y", source.model.len_rhs_and_alg)
        known: dict[Any, Any] = {}

        def expression(symbol: Any) -> Any:
            return symbol.to_casadi(t, y, inputs=inputs, casadi_symbols=known)

        there = {
            (variable.name, *variable.domain): slices
            for variable, slices in source.model.y_slices.items()
        }
        parts: list[Any] = [None] * target.model.len_rhs_and_alg
        for variable, slices in target.model.y_slices.items():
            places = _places(slices)
            here = there.get((variable.name, *variable.domain))
            if here is not None:
                values = y[_places(here)]
            else:
                name = _SAME_AS.get(variable.name, variable.name)
                found = expression(source.model.get_processed_variable(name))
                scale, reference = (expression(one) for one in (variable.scale, variable.reference))
                values = (found - reference) / scale
            for place, value in zip(places, casadi.vertsplit(values), strict=True):
                parts[place] = value
        self._function = casadi.Function(
            "hand_over", [t, y, *inputs.values()], [casadi.vertcat(*parts)]
        )

    def __call__(self, inputs: Mapping[str, float], state: Array, time: float) -> Array:
        """The state [n, 1] of the target.

        inputs : of the source, with what its last segment imposed
        state : of the source, [m, 1]
        time : of that state [s]
        """
        values = (inputs[name] for name in self._names)
        return np.asarray(self._function(time, state.ravel(), *values))


def _places(slices: Any) -> list[int]:
    return [place for part in slices for place in range(part.start, part.stop)]


def handed(
    source: BuiltModel, inputs: Mapping[str, float], piece: Piece, target: BuiltModel
) -> Array:
    """The state at the end of a solved segment as one of another built model, [n, 1].

    source : the built model that solved it;  inputs : of the source
    """
    assert piece.state is not None
    if source is target:
        return piece.state
    at = {**inputs, **source.imposed(piece.segment, inputs, piece.start)}
    return hand_over(source, target)(at, piece.state, piece.end)


def hand_over(source: BuiltModel, target: BuiltModel) -> HandOver:
    """The way from one built model to another: made the first time, the same object after that."""
    return source.kept(HandOver, target)
