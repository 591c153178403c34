"""Building a model of a cell's structure, with every value as an input, and how closely it is solved."""

import logging
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim import names
from hetsim.cells.full_cell import Cell
from hetsim.engine.drives import TO_CUT_OFF, Drive
from hetsim.late import late
from hetsim.models.solver import TWO_HOSTS
from hetsim.parameters.flat import flat_values
from hetsim.submodels import ParticleStructure

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")


@dataclass(frozen=True)
class Discretised:
    """A model of PyBaMM and what its solutions start from, an expression of the inputs."""

    simulation: Any
    model: Any
    equilibrium: Any


@cache
def _say_errors_only() -> None:
    """What PyBaMM would warn of is an outcome of the result."""
    pybamm.set_logging_level(logging.ERROR)


def discretise(cell: Cell, kind: str, drive: Drive) -> Discretised:
    """A new build, with every value as an input."""
    _say_errors_only()
    values = cell.parameter_values()
    values.update(
        {**drive.imposed(), **dict.fromkeys(input_names(cell, drive), "[input]")},
        check_already_exists=False,
    )
    model = cell.model(kind, {**surface_form(cell, drive), **drive.options})
    model.events += drive.events(model)
    # PyBaMM's checks of shapes evaluate every equation; those of the models here are checked by their tests
    simulation = pybamm.Simulation(
        model, parameter_values=values, discretisation_kwargs={"check_model": False}
    )
    simulation.build()
    made = simulation.built_model
    return Discretised(simulation, made, made.concatenated_initial_conditions)


class Later:
    """The discretised model of a structure, made when it is first asked for."""

    def __init__(self, cell: Cell, kind: str, drive: Drive) -> None:
        self._of = cell, kind, drive

    @cached_property
    def made(self) -> Discretised:
        """A build, the first time."""
        return discretise(*self._of)


def input_names(cell: Cell, drive: Drive) -> list[str]:
    return [*flat_values(cell.values), *cell.start(), names.HYSTERESIS_YIELD, *drive.inputs]


def structures(cell: Cell) -> tuple[ParticleStructure, ...]:
    """Of the electrode, or of both electrodes of a full cell."""
    return cell.structure if isinstance(cell.structure, tuple) else (cell.structure,)


def is_short(cell: Cell, kind: str) -> bool:
    """Whether writing the equations out (engine.written_out) takes less than it saves in a run.

    Of a DFN it takes half a second and saves a tenth, of particles with a field seconds.
    """
    has_field = any(one.architecture.has_field for one in structures(cell))
    return kind != "DFN" and not has_field


def solver_tolerances(cell: Cell, kind: str, drive: Drive) -> dict[str, Any]:
    """Of the solver, by name."""
    chosen = dict(drive.solver_options(kind))
    if drive == TO_CUT_OFF and any(one.sites for one in structures(cell)):
        chosen.update({name: TWO_HOSTS * chosen[name] for name in ("rtol", "atol")})
    return chosen


_AGEING = 1e-5
"""Tolerance of the interpreter where material is lost: the ions in it are a product of two states, which a method
keeps only as closely as it solves them."""

_FIELD = 2.5e-5
"""The same where a radial field acts: capacities are then within 1e-5 of the full one, as they are without a field at
the looser one of the drive."""

CLOSER = 1e-6
"""The same where the interpreter looks again at what it could not do, at a charge that does not balance, or at what is
doubtful; what fails here, too, is PyBaMM's."""

TRACED = 1e-5
"""The same where what happens along a step is looked at: between two steps of the method it is less accurate than at
their ends, 20 mV on a plateau at the tolerance that capacities need."""


def interpreter_tolerances(cell: Cell, drive: Drive) -> dict[str, float]:
    """Tolerances of the interpreter."""
    most = np.inf
    if any(one.architecture.has_field for one in structures(cell)):
        most = _FIELD
    if any(one.ageing.loss is not None for one in structures(cell)):
        most = min(most, _AGEING)
    return {name: min(one, most) for name, one in drive.interpreted.items()}


def has_double_layer(cell: Cell, drive: Drive) -> bool:
    return drive.double_layer and cell.values[names.DOUBLE_LAYER] != 0


def surface_form(cell: Cell, drive: Drive) -> dict[str, str]:
    """PyBaMM's option for the double layer; without a capacity its potential is algebraic."""
    if not drive.double_layer:
        return {}
    return {"surface form": "differential" if has_double_layer(cell, drive) else "algebraic"}


def structure_key(cell: Cell, kind: str, drive: Drive) -> tuple[Any, ...]:
    """What of a cell and of a drive changes the equations; everything else is an input."""
    return kind, *cell.build_key, drive.parameter, *surface_form(cell, drive).values()
