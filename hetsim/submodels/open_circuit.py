"""Open-circuit potential of a particle with a field and of a material with hysteresis."""

from typing import Any

import pybamm
from pybamm.models.submodels.interface.open_circuit_potential.base_ocp import (
    BaseOpenCircuitPotential,
)

from hetsim import names
from hetsim.architectures.composite import Branches
from hetsim.submodels.hysteresis import between_branches
from hetsim.submodels.particle_balance import ParticleBalance

_ZERO = pybamm.Scalar(0)


class HysteresisOpenCircuitPotential(BaseOpenCircuitPotential):
    """U(g(theta_s)) between the branches of insertion and extraction, where the hysteresis state says.

    U = (U_ins + U_ext)/2 + d (U_ins - U_ext)/2,      d = 1 on the branch of insertion, -1 on that of extraction

    g (laws.isotherm.mean_occupancy) makes the measured curve that of the particle with its field. d
    (submodels.hysteresis) follows the charge and stays at rest, so the electrode remembers from where it
    came. Two equal branches have no hysteresis. A field that follows the occupancy adds its uniform term
    (laws.fading). [V]
    """

    def __init__(self, param: Any, options: Any, particle: ParticleBalance) -> None:
        domain = particle.electrode.domain
        super().__init__(param, domain, "lithium-ion main", options, "primary")
        self.particle = particle

    def get_fundamental_variables(self) -> dict[str, Any]:
        """The uniform term as a state: its expression is long, and PyBaMM would copy it everywhere."""
        self._term = self.particle.places.state_at_surface(names.UNIFORM_TERM)
        return {self._term.name: self._term} if self.particle.follows_occupancy else {}

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
        at_surface = self._potential(mean, temperature)
        if self.particle.follows_occupancy:
            at_surface = at_surface + self._term
        at_bulk = between_branches(self.phase_param, bulk, bulk_temperature, self._averaged())
        slope = self.phase_param.dUdT(mean)
        variables.update(self._get_standard_ocp_variables(at_surface, at_bulk, slope))
        self._alias_ocp_as_equilibrium(variables)
        return variables

    def _of_hosts(self, variables: dict[str, Any]) -> dict[str, Any]:
        """Of two hosts: the potential that their ions have at the surface (submodels.host_equilibrium)."""
        hosts, direction = self.particle.hosts, self.particle.hysteresis.direction
        assert hosts is not None
        at_surface: Any = hosts.at_surface
        if self.particle.structure.architecture.has_field:
            at_surface = hosts.potential(self.particle.mean_of_hosts(), direction)
        at_bulk = hosts.mean_potential()
        if at_bulk is None:
            bulk = pybamm.x_average(self.particle.mean_of_sites())
            at_bulk = hosts.potential(bulk, self._averaged())
        variables.update(self._get_standard_ocp_variables(at_surface, at_bulk, _ZERO))
        self._alias_ocp_as_equilibrium(variables)
        return variables

    def set_algebraic(self, variables: dict[str, Any]) -> None:
        if self.particle.follows_occupancy:
            ambient = pybamm.Parameter(names.AMBIENT_TEMPERATURE)
            inside = self.particle.places.on_particle(self.particle.hysteresis.direction)
            term = self.particle.field.uniform_term(
                self.particle.now,
                lambda mean: between_branches(self.phase_param, mean, ambient, inside),
            )
            self.algebraic = {self._term: term - self._term}

    def set_initial_conditions(self, variables: dict[str, Any]) -> None:
        if self.particle.follows_occupancy:
            self.initial_conditions = {self._term: _ZERO}

    def _potential(self, mean: Any, temperature: Any) -> Any:
        direction = self.particle.hysteresis.direction
        return between_branches(self.phase_param, mean, temperature, direction)

    def _averaged(self) -> Any:
        """The direction d of each host over the electrode."""
        direction = self.particle.hysteresis.direction
        if isinstance(direction, Branches):
            return direction.at(pybamm.x_average)
        return pybamm.x_average(direction)
