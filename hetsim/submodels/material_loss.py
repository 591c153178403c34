"""Loss of active material with the charge that passes, as a PyBaMM submodel."""

from typing import Any

import pybamm

from hetsim import names


class LossWithCharge(pybamm.active_material.LossActiveMaterial):
    """Active material is lost with the current of the cell, whatever drives the cell.

        d(eps)/dt = -k eps_0 |i| / (2 Q)        laws.ageing.loss_rate_with_charge

    i is the current that flows. PyBaMM's submodel takes the current that is asked for, its "Current function [A]",
    which says nothing where the voltage is imposed. The equations of eps and of the ions in lost material are PyBaMM's.
    """

    def get_coupled_variables(self, variables: dict[str, Any]) -> dict[str, Any]:
        """The rate of the volume share [s-1]."""
        domain, everywhere = self.domain, self.domain.capitalize()
        temperature = variables[
            f"X-averaged {domain} electrode temperature [K]"
            if self.x_average
            else f"{everywhere} electrode temperature [K]"
        ]
        current = variables[names.TOTAL_CURRENT_DENSITY]
        rate = self.domain_param.LAM_rate_current(current, temperature)
        variables.update(self._get_standard_active_material_change_variables(rate))
        return variables
