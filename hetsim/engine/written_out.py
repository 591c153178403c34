"""PyBaMM's solver with its functions written out number by number, and for lists compiled.

A run evaluates the same few functions a thousand times, a list hundreds of thousands of times. As PyBaMM makes
them they are graphs of vectors and sparse matrices, each node of which is looked up, dispatched and copied. Written
out as one list of scalar operations, with what occurs twice computed once, a discharge of two hosts takes half of
the time and one of a DFN in a list 0.7, even without a compiler; compiled, half.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import casadi
import numpy as np
import pybamm
from pybamm.codegen.compilation import aot_compile

from hetsim.engine.compiler import FLAGS, code_folder, has_compiler

_COMPILED = 80_000
"""Operations of the equations up to which they are compiled: some 7 s of a core, as for a DFN with size classes and
a field. Above, a compilation takes longer than most sweeps would gain from it."""
_COMPILED_JACOBIAN = 10_000
"""The same of the Jacobian, which is evaluated once in ten steps."""


class _WrittenOut(pybamm.BaseSolver):
    """Replaces the functions that PyBaMM has made of a model before IDAKLUSolver takes them on."""

    computed_var_fcns: dict[str, Any]
    compiles = False

    def set_up(
        self, model: Any, inputs: Any = None, t_eval: Any = None, ics_only: bool = False
    ) -> Any:
        """PyBaMM's hook, called once for a model."""
        found = super().set_up(model, inputs, t_eval, ics_only)
        if not ics_only:
            self._write_out(model)
        return found

    def _write_out(self, model: Any) -> None:
        equations = _expanded(model.rhs_algebraic_eval)
        jacobian = _expanded(model.jac_rhs_algebraic_eval)
        events = [_expanded(one) for one in model.terminate_events_eval]
        outputs = [
            _expanded(computed_var_fcn) for computed_var_fcn in self.computed_var_fcns.values()
        ]
        if self.compiles and has_compiler() and equations.n_instructions() <= _COMPILED:
            equations, *rest = _compiled([equations, *events, *outputs])
            events, outputs = rest[: len(events)], rest[len(events) :]
            if jacobian.n_instructions() <= _COMPILED_JACOBIAN:
                [jacobian] = _compiled([jacobian])
        model.rhs_algebraic_eval = equations
        model.jac_rhs_algebraic_eval = jacobian
        model.terminate_events_eval = events
        self.computed_var_fcns = dict(zip(self.computed_var_fcns, outputs, strict=True))
        model.jac_rhs_algebraic_action_eval = _without_action(model.jac_rhs_algebraic_action_eval)


class WrittenOutSolver(pybamm.IDAKLUSolver, _WrittenOut):
    """IDAKLUSolver for a model of few states; the arguments are the same.

    Only for the direct linear solver (its default): the product of the Jacobian with a vector, which only
    iterative ones ask for, is left out. It would be as long as the equations.
    """


class ListSolver(WrittenOutSolver):
    """The same for a model that is solved many times, compiled where there is a compiler."""

    compiles = True


def _expanded(function: Any) -> Any:
    """The function as scalar operations, what is common to several of them computed once."""
    arguments = function.sx_in()
    return casadi.Function(function.name(), arguments, casadi.cse(function.call(arguments)))


def _compiled(functions: Sequence[Any]) -> list[Any]:
    folder = code_folder()
    with suppress(OSError):  # PyBaMM then says that it could not compile, and goes on without
        folder.mkdir(parents=True, exist_ok=True)
    found: list[Any] = aot_compile(list(functions), flags=FLAGS, cache_dir=str(folder))
    return found


def _without_action(action: Any) -> Any:
    zero = casadi.DM(np.zeros((action.size1_out(0), 1)))
    return casadi.Function(action.name(), action.mx_in(), [zero])
