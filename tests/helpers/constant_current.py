"""A core-shell half cell and constant currents in plain PyBaMM, for tests of the basic model."""

from typing import Any

import numpy as np
import pybamm

import hetsim as hs
from hetsim.models.basic import RADIAL_POINTS

HOUR = 3600.0
CURRENT = "Current function [A]"


def cell_with(built_in_potential: float, **other: float) -> hs.HalfCell:
    """CZT as core-shell particles of one size with R^2/D = 1 h and every resistance at work."""
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)
    radius = cell.values["Particle radius [m]"]
    return cell.with_values(
        {
            "Series resistance [Ohm.cm2]": 3.0,
            "Exchange-current density [A.m-2]": 0.5,
            "Metal exchange-current density [A.m-2]": 5.0,
            "Component A volume fraction": 1.0,
            "Component A diffusivity [m2.s-1]": radius**2 / HOUR,
            "Built-in potential [V]": built_in_potential,
            "Core Debye length [m]": 0.05 * radius,
            "Shell Debye length [m]": 0.1 * radius,
            "Core radius fraction": 0.7,
            "Core to shell permittivity ratio": 1.5,
            **other,
        }
    )


def full_current(cell: hs.HalfCell) -> float:
    """1C [A]."""
    per_gram = cell.values["Specific capacity [mA.h.g-1]"] * 1e-3
    mass = cell.values["Active mass loading [mg.cm-2]"] * cell.values["Electrode area [cm2]"] * 1e-3
    return per_gram * mass


def solve(
    model: Any, cell: hs.HalfCell, c_rate: float, volumes: int = RADIAL_POINTS, **values: float
) -> Any:
    """Constant current in a plain PyBaMM simulation, without the cut-off behind the start."""
    parameters = cell.parameter_values()
    parameters[CURRENT] = c_rate * full_current(cell)
    if c_rate > 0:
        parameters["Upper voltage cut-off [V]"] = 10.0
    if c_rate < 0:
        parameters["Lower voltage cut-off [V]"] = -10.0
    parameters.update(values)
    points = {**model.default_var_pts, "r_p": volumes}
    simulation = pybamm.Simulation(model, parameter_values=parameters, var_pts=points)
    return simulation.solve([0, 1.05 * HOUR / abs(c_rate or 1.0)])


def passed(solution: Any, c_rate: float) -> float:
    """Charge over full capacity."""
    return solution.t[-1] / HOUR * abs(c_rate)


def apart(one: Any, other: Any) -> float:
    """Largest difference of two voltage curves [V] between 5 and 97 % of their charge.

    Before, the layer sqrt(D t) that works is thinner than the outermost volumes; after, the voltage
    falls to the cut-off, and its difference is one of capacity.
    """
    times = np.linspace(0.05, 0.97, 200) * min(one.t[-1], other.t[-1])
    return float(np.abs(one["Voltage [V]"](times) - other["Voltage [V]"](times)).max())
