"""The Doyle-Fuller-Newman model at a current so low that nothing differs through the electrode: it is the SPM."""

import numpy as np
import pybamm

from hetsim.models import HeterostructureDFN, HeterostructureSPM


def test_a_slow_discharge_is_that_of_the_single_particle_model() -> None:
    voltages = []
    for model in (HeterostructureDFN(), HeterostructureSPM()):
        values = pybamm.ParameterValues("CZT")
        values["Current function [A]"] = values["Nominal cell capacity [A.h]"] / 100
        solution = pybamm.Simulation(model, parameter_values=values).solve([0, 3600])
        voltages.append(solution["Voltage [V]"](np.linspace(60, 3600, 20)))
    # at C/100 the electrolyte drops a tenth of a millivolt
    assert np.abs(voltages[0] - voltages[1]).max() < 5e-4
