"""Open-circuit potential of a particle with a field and of a material with hysteresis."""

from typing import Any

import pybamm
from pybamm.models.submodels.interface.open_circuit_potential.base_ocp import (
    BaseOpenCircuitPotential,
)

from hetsim import names
from hetsim.submodels.drift_diffusion import DriftDiffusion

_ZERO = pybamm.Scalar(0)


class BranchedOpenCircuitPotential(BaseOpenCircuitPotential):
    """U(g(theta_s)), on the insertion branch while ions enter and on the extraction branch while they leave.

    U = (U_ins + U_ext)/2 + tanh(s i / 2) (U_ins - U_ext)/2,   i > 0 inserts   [A.m-2]

    g (laws.isotherm.mean_occupancy) makes the measured curve that of the particle with its field. At
    rest the mean of the branches holds: the model has no memory of the last direction. s is "Branch
    switch", SWITCH for a given current, less where the voltage is given, 0 to stay on the mean. Two
    equal branches have no hysteresis. A field that follows the occupancy adds its uniform term
    (laws.fading). [V]
    """

    def __init__(self, param: Any, options: Any, particle: DriftDiffusion) -> None:
        domain = particle.electrode.domain
        super().__init__(param, domain, "lithium-ion main", options, "primary")
        self.particle = particle

    def get_fundamental_variables(self) -> dict[str, Any]:
        """The uniform term as a state: its expression is long, and PyBaMM would copy it everywhere."""
        self._term = self.particle.places.state_at_surface(names.UNIFORM_TERM)
        return {self._term.name: self._term} if self.particle.field.follows_occupancy else {}

    def _get_standard_ocp_variables(
        self, ocp_surf: Any, ocp_bulk: Any, dUdT: Any
    ) -> dict[str, Any]:
        """PyBaMM's, with one potential at the mean composition for the electrode, also of a state at each place."""
        found: dict[str, Any] = super()._get_standard_ocp_variables(
            ocp_surf, pybamm.x_average(ocp_bulk), dUdT
        )
        return found

    def get_coupled_variables(self, variables: dict[str, Any]) -> dict[str, Any]:
        surface, bulk, temperature, bulk_temperature = self._get_stoichiometry_and_temperature(
            variables
        )
        if self.particle.hosts is not None:
            return self._of_hosts(variables)
        mean = self.particle.equilibrium_mean(surface)
        direction = self.particle.places.direction(variables)
        shift = self._term if self.particle.field.follows_occupancy else _ZERO
        at_surface = self._potential(mean, temperature, direction) + shift
        at_bulk = self._potential(bulk, bulk_temperature, direction)
        slope = self.phase_param.dUdT(mean)
        variables.update(self._get_standard_ocp_variables(at_surface, at_bulk, slope))
        relaxed = self._potential(mean, temperature, _ZERO) + shift
        name = self.particle.electrode.named(names.RELAXED_POTENTIAL)
        variables.update({name: relaxed, names.x_averaged(name): relaxed})
        self._alias_ocp_as_equilibrium(variables)
        return variables

    def _of_hosts(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Of two hosts: the potential that their ions have at the surface (submodels.host_equilibrium)."""
        hosts = self.particle.hosts
        assert hosts is not None
        direction = self.particle.places.direction(variables)
        at_surface: Any = hosts.at_surface
        if self.particle.structure.architecture.has_field:
            at_surface = hosts.potential(self.particle.mean_of_hosts(direction), direction)
        at_bulk = hosts.mean_potential()
        if at_bulk is None:
            bulk = self.particle.structure.average(
                self.particle.now.classes, self.particle.now.surface
            )
            at_bulk = hosts.potential(bulk, direction)
        variables.update(self._get_standard_ocp_variables(at_surface, at_bulk, _ZERO))
        name = self.particle.electrode.named(names.RELAXED_POTENTIAL)
        variables.update({name: at_surface, names.x_averaged(name): at_surface})
        self._alias_ocp_as_equilibrium(variables)
        return variables

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.particle.field.follows_occupancy:
            direction = self.particle.places.direction(variables)
            ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
            term = self.particle.field.uniform_term(
                self.particle.now, lambda mean: self._potential(mean, ambient, direction)
            )
            self.algebraic = {self._term: term - self._term}

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        if self.particle.field.follows_occupancy:
            self.initial_conditions = {self._term: _ZERO}

    def _potential(self, mean: Any, temperature: Any, direction: Any) -> Any:
        insertion = self.phase_param.U(mean, temperature, "lithiation")
        extraction = self.phase_param.U(mean, temperature, "delithiation")
        return (insertion + extraction) / 2 + direction * (insertion - extraction) / 2
