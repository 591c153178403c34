"""The equations of a discretised model of PyBaMM in casadi's scalars."""

from typing import Any

import casadi
import numpy as np
import pybamm

from hetsim import names
from hetsim.engine.taped_model import NotTapedError, Source
from hetsim.laws.hysteresis import CORNER
from hetsim.results import Array

_LOOKED_AT = (names.VOLTAGE, names.CURRENT_NOW)


OF_ALGEBRAIC, OF_HELD, OF_BRANCHES, OF_LOG_DIFFUSIVITY = 6.0, 20.0, 5.0, 10.0
"""By how much the tolerances of some states are wider in a discharge from rest: of potentials and other algebraic
states, of the branch of a hysteresis that is held at its ends, of one that is not, and of ln D beside other algebraic
states. A branch moves a potential by some 0.1 V on its whole way, and at its end it forgets what was before. No step
takes the error of an algebraic state over, and what ions do with it has a tolerance of its own; where a cut-off is
looked for, algebraic states are as close as without. But the slip of a host in particles of its own follows an
algebraic branch."""


class Equations:
    """The expressions of a model in casadi's scalars."""

    def __init__(self, source: Source) -> None:
        model = source.model
        self.imposed_names, self.value_names = source.imposed_names, source.value_names
        self.outputs, self.inventories = _LOOKED_AT, source.inventories
        self.events = tuple(_events(model))
        written_out = _written_out(source)
        symbols: list[Any] = written_out.sx_in()
        clock, self.y, self.values, self.imposed = symbols
        found: list[Any] = written_out.call(symbols)
        self.mass = _diagonal(model.mass_matrix.entries)
        self.model_states = model.len_rhs_and_alg
        self.reference = _references(model)
        self.bounds = _bounds(model)
        self.branches = _states_of(model, names.HYSTERESIS_STATE)
        self.held = [state for state in self.branches if self.mass[state] != 0]
        algebraic = OF_ALGEBRAIC if len(self.held) == len(self.branches) else 1.0
        self.leniency = np.where(self.mass == 0, algebraic, 1.0)
        self.leniency[self.branches] = OF_BRANCHES
        self.leniency[self.held] = OF_HELD
        self.leniency[_states_of(model, names.LOG_DIFFUSIVITY)] *= OF_LOG_DIFFUSIVITY
        if casadi.depends_on(casadi.vertcat(*found[:-1]), clock):
            found[0], found[-1] = casadi.vertcat(found[0], 1), casadi.vertcat(found[-1], 0)
            time: Any = casadi.SX.sym("time")
            found = casadi.substitute(found, [clock], [time])
            self.y, self.mass = casadi.vertcat(self.y, time), np.append(self.mass, 1.0)
            self.reference = np.append(self.reference, 0.0)
            self.bounds = np.vstack([self.bounds, [-np.inf, np.inf]])
            self.leniency = np.append(self.leniency, 1.0)
        self.rate, self.margins, self.looked_at, self.kept, self.start = found
        branches = self.y[self.branches]
        self.corners = casadi.vertcat(1 - branches, 1 + branches) / CORNER


def _events(model: Any) -> dict[str, Any]:
    """What ends a segment, by name."""
    return {
        event.name: event.expression
        for event in model.events
        if event.event_type == pybamm.EventType.TERMINATION
    }


def _written_out(source: Source) -> Any:
    """All expressions of a model as one function of casadi's scalars, of time, state, values and what is imposed:
    the right-hand side with the algebraic lines, the margins, what is looked at, what is kept, the start."""
    model = source.model
    t: Any = casadi.MX.sym("t")
    y: Any = casadi.MX.sym("y", model.len_rhs_and_alg)
    values: Any = casadi.MX.sym("values", len(source.value_names))
    imposed: Any = casadi.MX.sym("imposed", len(source.imposed_names))
    inputs = {name: values[i] for i, name in enumerate(source.value_names)}
    inputs.update({name: imposed[i] for i, name in enumerate(source.imposed_names)})
    known: dict[Any, Any] = {}

    def expression(symbol: Any) -> Any:
        return casadi.densify(symbol.to_casadi(t, y, inputs=inputs, casadi_symbols=known))

    def variables(wanted: tuple[str, ...]) -> Any:
        found = [model.get_processed_variable_or_event(name) for name in wanted]
        return casadi.vertcat(*map(expression, found))

    rate = expression(model.concatenated_rhs)
    if model.len_alg:
        rate = casadi.vertcat(rate, expression(model.concatenated_algebraic))
    wanted = [
        rate,
        casadi.vertcat(*map(expression, _events(model).values())),
        variables(_LOOKED_AT),
        variables(source.inventories),
        expression(source.equilibrium),
    ]
    return casadi.Function("all", [t, y, values, imposed], wanted).expand()


def _diagonal(mass: Any) -> Array:
    """Of a mass matrix that holds nothing else."""
    diagonal = np.array(mass.diagonal(), dtype=float).ravel()
    if abs(mass).sum() != abs(diagonal).sum():
        raise NotTapedError("The engine runs models whose mass matrix is diagonal.")
    return diagonal


def _references(model: Any) -> Array:
    """Where the zero of the variable of each state lies, in units of the state."""
    found = np.zeros(model.len_rhs_and_alg)
    for variable, slices in model.y_slices.items():
        for part in slices:
            found[part] = -_number(variable.reference, 0.0) / _number(variable.scale, 1.0)
    return found


def _states_of(model: Any, name: str) -> list[int]:
    """The states of a variable, in both electrodes and of each host."""
    wanted = name.split(maxsplit=2)[2]
    return [
        place
        for variable, parts in model.y_slices.items()
        if wanted in variable.name
        for part in parts
        for place in range(part.start, part.stop)
    ]


def _bounds(model: Any) -> Array:
    """Between which each state means something, [states, 2]: numbers, or the scale of its variable."""
    found = np.tile([-np.inf, np.inf], (model.len_rhs_and_alg, 1))
    for variable, slices in model.y_slices.items():
        scale, reference = _number(variable.scale, np.nan), _number(variable.reference, np.nan)
        for end, bound in enumerate(variable.bounds):
            value = _number(bound, np.nan)
            if bound == variable.scale and reference == 0:
                value = 1.0
            elif value != 0 or reference != 0:  # zero is zero in any unit
                value = (value - reference) / scale
            if not np.isnan(value):
                for part in slices:
                    found[part, end] = value
    return found


def _number(symbol: Any, else_: float) -> float:
    """A scale or a reference; another number in place of one that depends on the inputs."""
    return float(symbol.evaluate()) if symbol.is_constant() else else_
