"""The linear response of a built model at rest.

M dy/dt = f(y, I),  V = v(y, I)    =>    Z(w) = -[dv/dy (i w M - df/dy)^-1 df/dI + dv/dI]

with the sign of a positive resistance: a positive current inserts and lowers the voltage. All
derivatives are exact (casadi), and every value is an input of theirs, in one fixed order.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import casadi
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

from hetsim import names
from hetsim.engine.built import BuiltModel
from hetsim.results import Array

Complex = NDArray[np.complex128]


class LinearResponse:
    """The derivatives of a model that a current drives, as functions of its state and inputs."""

    def __init__(self, built: BuiltModel) -> None:
        model = built.model
        self._names = list(built.input_names)
        self._mass = csc_matrix(model.mass_matrix.entries)
        y = casadi.MX.sym("y", self._mass.shape[0])
        inputs = {name: casadi.MX.sym(name) for name in self._names}
        known: dict[Any, Any] = {}

        def expression(symbol: Any) -> Any:
            return symbol.to_casadi(0, y, inputs=inputs, casadi_symbols=known)

        parts = (model.concatenated_rhs, model.concatenated_algebraic)
        rates = casadi.vertcat(*(expression(part) for part in parts))
        voltage = expression(model.get_processed_variable(names.VOLTAGE))
        current = inputs[names.CURRENT]
        self._derivatives = casadi.Function(
            "derivatives",
            [y, *inputs.values()],
            [casadi.jacobian(f, x) for f in (rates, voltage) for x in (y, current)],
        )

    def impedance(self, inputs: Mapping[str, float], state: Array, frequencies: Array) -> Complex:
        """Z [Ohm] at a resting state, for frequencies [Hz]."""
        at = [inputs[name] for name in self._names]
        f_y, f_i, v_y, v_i = (
            csc_matrix(derivative.sparse()) for derivative in self._derivatives(state.ravel(), *at)
        )
        force = f_i.toarray().ravel().astype(complex)
        across, direct = v_y.toarray().ravel(), float(v_i.toarray().item())

        def at_frequency(frequency: float) -> complex:
            matrix = csc_matrix(2j * np.pi * frequency * self._mass - f_y)
            return -complex(across @ splu(matrix).solve(force) + direct)

        return np.array([at_frequency(frequency) for frequency in frequencies])


@cache
def linear_response(built: BuiltModel) -> LinearResponse:
    """The derivatives of a model: made the first time, the same object after that."""
    return LinearResponse(built)
