"""The linear response of a built model at rest.

M dy/dt = f(y, I),  V = v(y, I)    =>    Z(w) = -[dv/dy (i w M - df/dy)^-1 df/dI + dv/dI]

with the sign of a positive resistance: a positive current inserts and lowers the voltage. All
derivatives are exact (casadi), and every value is an input of theirs, in one fixed order.

Charge. The current charges what holds it: with q the charge of the ions and of the double layer,

    w M dy/dt = dI/dI,      w df/dy = 0,      w df/dI = 1 C/C,      w M = dq/dy                               (1)

The entries of df/dy grow as D/h^2, and where D/R^2 is a million times the frequency the second of (1) holds to
round-off of these and no longer against i w: then a particle in equilibrium seems to leak, and Re Z is of either sign.
So (1) takes the place of the row that has the largest part in it. Where (1) does not hold, as with a film
that takes charge on the side, the rows stay as they are.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.engine.built import BuiltModel
from hetsim.late import late
from hetsim.results import Array

if TYPE_CHECKING:
    import casadi
else:
    casadi = late("casadi")

sparse, linalg = late("scipy.sparse"), late("scipy.sparse.linalg")

Complex = NDArray[np.complex128]

_REFINEMENTS = 3
_ROUND_OFF = 1e-10
"""What is left of (1) in the largest of the terms that cancel, where it holds."""


class LinearResponse:
    """The derivatives of a model that a current drives, as functions of its state and inputs."""

    def __init__(self, built: BuiltModel) -> None:
        model = built.model
        self._names = list(built.input_names)
        self._mass = sparse.csc_matrix(model.mass_matrix.entries)
        y = casadi.MX.sym("y", self._mass.shape[0])
        inputs = {name: casadi.MX.sym(name) for name in self._names}
        known: dict[Any, Any] = {}

        def expression(symbol: Any) -> Any:
            return symbol.to_casadi(0, y, inputs=inputs, casadi_symbols=known)

        parts = (model.concatenated_rhs, model.concatenated_algebraic)
        rates = casadi.vertcat(*(expression(part) for part in parts))
        voltage = expression(model.get_processed_variable(names.VOLTAGE))
        self._built = built
        held = casadi.vertcat(
            *(
                expression(model.get_processed_variable_or_event(name))
                for name in (*built.inventories, *self._layers())
            )
        )
        self._held = casadi.Function("held", [y, *inputs.values()], [casadi.jacobian(held, y)])
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
            sparse.csc_matrix(derivative.sparse())
            for derivative in self._derivatives(state.ravel(), *at)
        )
        force = f_i.toarray().ravel()
        across, direct = v_y.toarray().ravel(), float(v_i.toarray().item())
        storing, leaving = self._mass, f_y
        weights = self._conserved(inputs, self._held(state.ravel(), *at).full(), f_y)
        if weights is not None:
            part = np.abs(weights) * np.abs(f_y).max(axis=1).toarray().ravel()
            change = _row_replaced(int(part.argmax()), weights)
            storing, leaving = (
                change @ self._mass,
                _without_row(int(part.argmax()), f_y.shape[0]) @ f_y,
            )
            force = change @ force

        system = _System(storing, leaving, force)
        return np.array(
            [
                -complex(across @ system.solved(2 * np.pi * frequency) + direct)
                for frequency in frequencies
            ]
        )

    def _layers(self) -> tuple[str, ...]:
        """The potential across the double layer, where it is a state."""
        return (names.SURFACE_POTENTIAL_DIFFERENCE,) if self._built.has_double_layer else ()

    def _conserved(self, inputs: Mapping[str, float], held: Array, f_y: Any) -> Array | None:
        """The weights w of equation (1), one a row; None where they do not conserve the charge.

        held : derivatives of the ions in the electrode, and of the potential across the double layer [2, states]
        """
        sign = next(iter(self._built.inventories.values()))
        charge = sign * inputs[names.CHARGE_NUMBER] * FARADAY * held[0]
        if self._built.has_double_layer:
            charge = charge - self._built.layer(inputs) * held[-1]
        mass = self._mass.diagonal()
        states = mass != 0
        if len(self._built.inventories) > 1 or charge[~states].any():
            return None
        weights = np.where(states, charge / np.where(states, mass, 1), 0.0)
        if (
            not states.all()
        ):  # what the algebraic rows add, so that nothing is left of their unknowns
            own = sparse.csc_matrix(f_y[~states][:, ~states].T)
            weights[~states] = linalg.splu(own).solve(-(f_y.T @ weights)[~states])
        left, scale = np.abs(f_y.T @ weights), abs(f_y).T @ np.abs(weights)
        if not np.isfinite(left).all() or (left > _ROUND_OFF * scale.max()).any():
            return None
        return weights


class _System:
    """(i w storing - leaving) x = force, whose rows differ by many orders of magnitude.

    Each row is scaled by its largest entry, and what is left of the equations, summed with more digits, is solved for
    again: the accuracy is that of the entries and not that of their elimination.
    """

    def __init__(self, storing: Any, leaving: Any, force: Array) -> None:
        pattern = (abs(storing) + abs(leaving)).tocsr()
        pattern.sort_indices()
        self._rows = np.repeat(np.arange(force.size), np.diff(pattern.indptr))
        self._columns, self._starts = pattern.indices, pattern.indptr[:-1]
        places = (self._rows, self._columns)
        self._storing = np.asarray(sparse.csc_matrix(storing)[places]).ravel()
        self._leaving = np.asarray(sparse.csc_matrix(leaving)[places]).ravel()
        self._by_column = np.lexsort((self._rows, self._columns))
        self._ends = np.searchsorted(self._columns[self._by_column], np.arange(force.size + 1))
        self._force = force
        size = force.size
        entries = np.zeros(self._storing.size, dtype=complex)
        self._matrix = sparse.csc_matrix(
            (entries, self._rows[self._by_column], self._ends), shape=(size, size)
        )

    def solved(self, angular: float) -> Complex:
        """x at an angular frequency [rad.s-1]."""
        entries = 1j * angular * self._storing - self._leaving
        scales = 1 / np.maximum.reduceat(np.abs(entries), self._starts)
        entries = entries * scales[self._rows]
        force = (scales * self._force).astype(np.clongdouble)
        self._matrix.data = entries[self._by_column]
        factors = linalg.splu(self._matrix)
        exact = entries.astype(np.clongdouble)
        found, left = np.zeros(force.size, dtype=np.clongdouble), force
        for _ in range(_REFINEMENTS):
            found = found + factors.solve(left.astype(complex))
            left = force - np.add.reduceat(exact * found[self._columns], self._starts)
        return np.asarray(found, dtype=complex)


def _row_replaced(row: int, weights: Array) -> Any:
    """The matrix that puts the sum of all rows with their weights in the place of one."""
    size = weights.size
    rest = _without_row(row, size)
    of_row = sparse.csc_matrix((weights, (np.full(size, row), np.arange(size))), shape=(size, size))
    return sparse.csc_matrix(rest + of_row / np.abs(weights).max())


def _without_row(row: int, size: int) -> Any:
    """The matrix that takes one row away."""
    kept = np.ones(size)
    kept[row] = 0.0
    return sparse.csc_matrix((kept, (np.arange(size), np.arange(size))), shape=(size, size))


def linear_response(built: BuiltModel) -> LinearResponse:
    """The derivatives of a model: made the first time, the same object after that."""
    return built.kept(LinearResponse)
