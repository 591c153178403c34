"""The single particle model at rest: a particle in equilibrium stays there, with a field or without."""

import numpy as np

from hetsim.cells.load import load
from hetsim.models import HeterostructureSPM


def test_a_resting_electrode_keeps_its_potential() -> None:
    import pybamm

    cell = load("CZT", "core-shell").with_particle(classes=1, fast=False)
    values = cell.parameter_values()
    values["Current function [A]"] = 0.0
    model = HeterostructureSPM(structure=cell.structure)
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, 3600])
    voltage = solution["Voltage [V]"].entries
    assert np.ptp(voltage) < 1e-9  # the flux of hops vanishes exactly at equilibrium
