"""Ions that the junctions of a particle hold beside the sites."""

from typing import Any

import pybamm

from hetsim import names
from hetsim.constants import FARADAY
from hetsim.submodels.places import ParticlePlaces


class JunctionStorage:
    """Storage at the junctions (job sharing; J. Maier, Nat. Mater. 4, 805 (2005), doi:10.1038/nmat1513).

    A capacitance C per junction area a_i [m2 per m3 of particle], in parallel with the sites and behind the
    electrode reaction:

        dq/dt = (q_eq - q) / t_C,     q_eq = C a_i (U_start - U) / (F z c_max)

    with U the open-circuit potential at the surface and t_C the RC time of a junction.
    q [-] counts in units of all sites and is part of the inventory. It relaxes towards lower free energy,
    so it creates none.
    """

    def __init__(self, places: ParticlePlaces) -> None:
        self._structure = places.structure
        self.stored = places.state_at_surface(names.STORED_OCCUPANCY)
        self._potential = places.name(names.OPEN_CIRCUIT_POTENTIAL)

    def rate(self, variables: dict[str, Any], starting_potential: Any, c_max: Any) -> Any:
        """dq/dt [s-1].

        starting_potential : U at which the junctions hold nothing [V];  c_max : of the sites [mol.m-3]
        """
        z, own = pybamm.Parameter(names.CHARGE_NUMBER), self._structure.own
        capacity = own(names.INTERFACIAL_CAPACITY) * self._structure.interface_area()
        in_equilibrium = (
            capacity / (FARADAY * z * c_max) * (starting_potential - variables[self._potential])
        )
        return (in_equilibrium - self.stored) / own(names.INTERFACIAL_TIME)
