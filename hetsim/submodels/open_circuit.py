"""Open-circuit potential of a particle with a field and of a material with hysteresis."""

from typing import Any

import pybamm
from pybamm.models.submodels.interface.open_circuit_potential.base_ocp import (
    BaseOpenCircuitPotential,
)

from hetsim import names
from hetsim.submodels.structure import ParticleStructure

SWITCH = 100.0
"""Sharpness of the change of branch [m2.A-1], as in PyBaMM's "current sigmoid" (Ai et al. 2022)."""


class BranchedOpenCircuitPotential(BaseOpenCircuitPotential):
    """U(g(theta_s)), on the insertion branch while ions enter and on the extraction branch while they leave.

    U = (U_ins + U_ext)/2 + tanh(SWITCH i / 2) (U_ins - U_ext)/2,   i > 0 inserts   [A.m-2]

    g (laws.isotherm.mean_occupancy) makes the measured curve that of the particle with its field. At
    rest the mean of the branches holds: the model has no memory of the last direction. Two equal
    branches have no hysteresis. [V]
    """

    def __init__(
        self, param: Any, options: Any, structure: ParticleStructure, domain: str = "positive"
    ) -> None:
        super().__init__(param, domain, "lithium-ion main", options, "primary")
        self.structure = structure

    def get_coupled_variables(self, variables: dict[str, Any]) -> dict[str, Any]:
        surface, bulk, temperature, bulk_temperature = self._get_stoichiometry_and_temperature(
            variables
        )
        mean = self._mean(surface)
        current = variables[names.TOTAL_CURRENT_DENSITY]
        at_surface = self._potential(mean, temperature, current)
        at_bulk = self._potential(bulk, bulk_temperature, current)
        slope = self.phase_param.dUdT(mean)
        variables.update(self._get_standard_ocp_variables(at_surface, at_bulk, slope))
        self._alias_ocp_as_equilibrium(variables)
        return variables

    def _mean(self, surface: Any) -> Any:
        if not self.structure.architecture.has_field:
            return surface
        behind = {
            nearer: surface.domains[farther]
            for farther, nearer in (
                ("primary", "secondary"),
                ("secondary", "tertiary"),
            )
            if surface.domains[farther]
        }
        x = pybamm.SpatialVariable(
            names.PARTICLE_COORDINATE,
            domain=[names.PARTICLE],
            auxiliary_domains=behind,
            coord_sys="spherical polar",
        )
        return self.structure.mean_occupancy(surface, self.structure.size_classes(x))

    def _potential(self, mean: Any, temperature: Any, current: Any) -> Any:
        insertion = self.phase_param.U(mean, temperature, "lithiation")
        extraction = self.phase_param.U(mean, temperature, "delithiation")
        direction = pybamm.tanh(SWITCH * current / 2)
        return (insertion + extraction) / 2 + direction * (insertion - extraction) / 2
