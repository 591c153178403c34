"""The flux of ions between two places of a particle, on the mesh of the particle."""

from collections.abc import Callable
from typing import Any

import pybamm

from hetsim.laws.transport import fick_flux, lattice_flux
from hetsim.submodels.particle import SizeClass
from hetsim.submodels.places import ParticlePlaces

Diffusivity = Callable[[Any, Callable[[Any], Any]], Any]
"""D [m2.s-1] of an occupancy [-], and of what brings a value of the particle to the place of the occupancy."""


class Transport:
    """Hopping on a lattice of sites, in the potential of a size class.

        n = -D [grad(theta) + theta (1 - theta) grad(Phi)]      laws.transport.lattice_flux

    on x = r/R, so that n is the flux times R over c_max [m2.s-1]; without a field it is Fick's law.

    """

    def __init__(self, places: ParticlePlaces) -> None:
        self._places = places

    def inside(self, theta: Any, of: SizeClass, diffusivity: Diffusivity) -> Any:
        """n on every face, from the two nodes beside it; 0 on the outer faces."""
        left, right = pybamm.upwind(theta), pybamm.downwind(theta)
        on_face = diffusivity((left + right) / 2, self._places.on_particle)
        distance = self._places.distance_of_neighbours()
        if of.phi is None:
            return fick_flux(left, right, distance, on_face)
        step = pybamm.downwind(of.phi) - pybamm.upwind(of.phi)
        return lattice_flux(left, right, step, distance, on_face)

    def inflow(self, theta: Any, surface: Any, of: SizeClass, diffusivity: Diffusivity) -> Any:
        """q = -n over the half volume between the last node and the surface, at whose potential Phi = 0."""
        last = pybamm.surf(theta)
        distance = 1 - pybamm.surf(self._places.radius())
        at_last = diffusivity(last, lambda value: value)
        if of.phi is None:
            return -fick_flux(last, surface, distance, at_last)
        return -lattice_flux(last, surface, -pybamm.surf(of.phi), distance, at_last)
