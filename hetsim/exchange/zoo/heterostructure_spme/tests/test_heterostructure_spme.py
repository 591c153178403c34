"""The single particle model with electrolyte: every ion that the current brings is in the particles."""

import pybamm

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.models import HeterostructureSPMe


def test_the_charge_that_passed_is_in_the_particles() -> None:
    values = pybamm.ParameterValues("CZT")
    model = HeterostructureSPMe()
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, 600])
    ions = solution[names.ACCOUNTED].entries
    charge = solution["Discharge capacity [A.h]"].entries * 3600
    brought = charge[-1] / FARADAY  # potassium has one charge
    assert abs((ions[-1] - ions[0]) / brought - 1) < 1e-6  # tolerance of the solver
