"""The equations of a built model as PyBaMM solves them for a list of cases.

What depends on the values of a cell alone (the potential in each volume, diffusivities, radii of the
classes) does not change during a step. It is taken out of the equations and handed in as one vector, so
that a step does not compute it hundreds of times; and the state to start from is a vector too, so that
each case of a list goes on from where its own last step ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import casadi
import numpy as np
import pybamm

from hetsim import names

CASE = "hetsim case"
"""The one input: values of the step, fixed values of the cell, state to start from. One vector is handed on by
PyBaMM in less time than three."""
STEP_NAMES = (names.CURRENT, names.LOWER_CUT_OFF, names.UPPER_CUT_OFF)
"""What differs between the steps of a cell; the time after which a step is given up [s] comes after."""
_STEP_VALUES = len(STEP_NAMES) + 1

GIVEN_UP = "Given up"
START = "Starting state"


class CasadiSymbol(pybamm.Symbol):
    """A function of time, state and the vector of a case, as a symbol of PyBaMM."""

    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function
        super().__init__(function.name())

    def _to_casadi(self, t: Any, y: Any, y_dot: Any, inputs: Any, casadi_symbols: Any) -> Any:
        return self.function.call([t, y, inputs[CASE]], True, False)[0]

    def _evaluate_for_shape(self) -> Any:
        return np.full((self.function.size1_out(0), 1), np.nan)

    def _base_evaluate(
        self, t: Any = None, y: Any = None, y_dot: Any = None, inputs: Any = None
    ) -> Any:
        if inputs == "shape test":
            return self._evaluate_for_shape()
        return self.function(t, y, inputs[CASE]).full()

    def create_copy(self, new_children: Any = None, perform_simplifications: bool = True) -> Any:
        """The node itself, without a copy: nothing of it can be edited."""
        return self


@dataclass(frozen=True)
class Kernel:
    """model : for PyBaMM's solver, with the input CASE
    fixed, start : functions of the values of a cell [and of the step]
    inventories : functions of the state and the values [mol]
    margins : of state, fixed values and step: what is left to each cut-off [V]
    """

    model: Any
    fixed: Any
    start: Any
    inventories: Any
    margins: Any


class _Symbols:
    """Symbols of casadi for time, state, values of a cell and step, and expressions of PyBaMM in them."""

    def __init__(self, model: Any, value_names: Sequence[str]) -> None:
        self.t = casadi.MX.sym("t")
        self.y = casadi.MX.sym("y", model.len_rhs_and_alg)
        self.values = casadi.MX.sym("values", len(value_names))
        self.step = casadi.MX.sym("step", _STEP_VALUES)
        self._inputs = {name: self.values[i] for i, name in enumerate(value_names)}
        self._inputs.update({name: self.step[i] for i, name in enumerate(STEP_NAMES)})
        self._known: dict[Any, Any] = {}

    def expression(self, symbol: Any) -> Any:
        return symbol.to_casadi(self.t, self.y, inputs=self._inputs, casadi_symbols=self._known)


def make_kernel(
    model: Any, equilibrium: Any, value_names: Sequence[str], inventories: Sequence[str]
) -> Kernel:
    """The kernel of a discretised model of PyBaMM.

    equilibrium : the state to start from at rest, an expression of the inputs
    value_names : inputs of the model but those of the step, in the order of the columns of values
    inventories : variables that are kept for the balance of charge
    """
    symbols = _Symbols(model, value_names)
    events = {
        event.name: event.expression
        for event in model.events
        if event.event_type == pybamm.EventType.TERMINATION
    }
    wanted = {
        "rhs": model.concatenated_rhs,
        **({"algebraic": model.concatenated_algebraic} if model.len_alg else {}),
        **events,
        names.VOLTAGE: model.get_processed_variable_or_event(names.VOLTAGE),
    }
    expressions = [symbols.expression(one) for one in wanted.values()]
    expressions, fixed, fixed_of_values = _without_constants(expressions, symbols)
    found = dict(zip(wanted, expressions, strict=True))
    margins = casadi.vertcat(*(found[name] for name in events))
    for name in events:  # a start beyond the cut-off ends at once, and does not stop the list
        found[name] = casadi.if_else(symbols.t <= 0, 1, found[name])
    found[GIVEN_UP] = 1 - symbols.t / symbols.step[-1]
    functions = _functions(found, symbols, fixed)
    start = symbols.expression(equilibrium)
    kept = [symbols.expression(model.get_processed_variable_or_event(name)) for name in inventories]
    return Kernel(
        _model(model, functions, [*events, GIVEN_UP]),
        casadi.Function("fixed", [symbols.values], [fixed_of_values]),
        casadi.Function("start", [symbols.values, symbols.step], [start]),
        casadi.Function("kept", [symbols.y, symbols.values], [casadi.vertcat(*kept)]),
        casadi.Function("margins", [symbols.y, fixed, symbols.step], [margins]),
    )


def _without_constants(expressions: list[Any], symbols: _Symbols) -> tuple[list[Any], Any, Any]:
    """The expressions with one symbol for all that depends on the values alone; the symbol; what it is."""
    left, extracted, of_values = casadi.extract_parametric(expressions, symbols.values, {})
    ends = np.cumsum([0, *(one.numel() for one in extracted)])
    fixed = casadi.MX.sym("fixed", int(ends[-1]))
    parts = [
        casadi.reshape(part, one.shape)
        for part, one in zip(casadi.vertsplit(fixed, ends.tolist()), extracted, strict=True)
    ]
    stacked = casadi.vertcat(*(casadi.vec(casadi.densify(of_value)) for of_value in of_values))
    return casadi.substitute(left, extracted, parts), fixed, stacked


def _functions(found: Mapping[str, Any], symbols: _Symbols, fixed: Any) -> dict[str, Any]:
    """The expressions, and the state to start from, as functions of time, state and CASE."""
    ends = [0, _STEP_VALUES, _STEP_VALUES + fixed.numel()]
    case = casadi.MX.sym("case", ends[-1] + symbols.y.numel())
    step, known, start = casadi.vertsplit(case, [*ends, case.numel()])
    of_case = casadi.substitute(
        [casadi.densify(one) for one in found.values()], [symbols.step, fixed], [step, known]
    )
    made = {}
    for index, (name, one) in enumerate(zip([*found, START], [*of_case, start], strict=True)):
        made[name] = casadi.Function(f"hetsim_{index}", [symbols.t, symbols.y, case], [one])
    return made


def _model(model: Any, functions: Mapping[str, Any], events: Sequence[str]) -> Any:
    """A discretised model of PyBaMM with these functions in place of its expressions."""
    made = pybamm.BaseModel(f"{model.name} for lists")
    made.len_rhs, made.len_alg = model.len_rhs, model.len_alg
    made.len_rhs_and_alg = model.len_rhs_and_alg
    symbol = {name: CasadiSymbol(function) for name, function in functions.items()}
    differential = pybamm.StateVector(slice(0, model.len_rhs))
    made._rhs = {differential: symbol["rhs"]}
    made.concatenated_rhs = symbol["rhs"]
    made.concatenated_algebraic = pybamm.Vector(np.zeros((0, 1)))
    if model.len_alg:
        made._algebraic = {
            pybamm.StateVector(slice(model.len_rhs, model.len_rhs_and_alg)): symbol["algebraic"]
        }
        made.concatenated_algebraic = symbol["algebraic"]
    made._initial_conditions = {differential: symbol[START]}
    made.concatenated_initial_conditions = symbol[START]
    made.mass_matrix = model.mass_matrix
    made.events = [pybamm.Event(name, symbol[name]) for name in events]
    variables = {
        names.VOLTAGE: symbol[names.VOLTAGE],
        CASE: pybamm.InputParameter(CASE, expected_size=functions[START].numel_in(2)),
    }
    made._variables = variables
    made._variables_processed = dict(variables)
    made.is_discretised = True
    return made
