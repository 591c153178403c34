"""Finite volumes that give each face the values of its two neighbouring nodes."""

from typing import Any

import numpy as np
import pybamm
from scipy.sparse import csr_matrix, eye, kron, vstack


class NeighbourFiniteVolume(pybamm.FiniteVolume):
    """PyBaMM's finite volumes for a flux law between nodes, with imposed fluxes at both ends.

    `pybamm.upwind(u)` is u left and `pybamm.downwind(u)` is u right of each face; at the two outer faces
    both are the value of the only node there, so that a flux between nodes vanishes and no boundary
    value has to be invented. The surface value of a field is that of its last node.

    What crosses the outer faces is a Neumann condition of the flux itself: with
    `boundary_conditions[n] = {"left": (a, "Neumann"), "right": (b, "Neumann")}`, div(n) is that of a
    flux with a on its first face and b on its last one.
    """

    def __init__(self) -> None:
        last_node = {"extrapolation": {"order": {"gradient": "linear", "value": "constant"}}}
        super().__init__(last_node)

    def divergence(self, symbol: Any, discretised_symbol: Any, boundary_conditions: Any) -> Any:
        """Divergence of a flux that vanishes on the outer faces, with what is imposed there."""
        imposed = boundary_conditions.get(symbol, {})
        for side, (value, kind) in imposed.items():
            if kind != "Neumann":
                raise ValueError(f"The {side} condition of a flux is '{kind}'; allowed: Neumann.")
            crossing = self._on_face(symbol, side, value)
            discretised_symbol = discretised_symbol + crossing.with_domains(discretised_symbol)
        return super().divergence(symbol, discretised_symbol, boundary_conditions)

    def _on_face(self, symbol: Any, side: str, value: Any) -> Any:
        """A value on the first ("left") or the last ("right") face of each particle, and 0 on the others."""
        faces = self.mesh[symbol.domain].npts + 1
        repeats = self._get_auxiliary_domain_repeats(symbol.domains)
        face = csr_matrix(([1.0], ([0 if side == "left" else faces - 1], [0])), shape=(faces, 1))
        if value.evaluates_to_number():
            value = value * pybamm.Vector(np.ones(repeats))
        return pybamm.Matrix(csr_matrix(kron(eye(repeats), face))) @ value

    def upwind_or_downwind(
        self, symbol: Any, discretised_symbol: Any, bcs: Any, direction: str
    ) -> Any:
        """The nodes with the first one doubled (upwind) or the last one (downwind)."""
        count = self.mesh[symbol.domain].npts
        nodes = eye(count, format="csr")
        rows = [nodes[:1], nodes] if direction == "upwind" else [nodes, nodes[-1:]]
        repeats = self._get_auxiliary_domain_repeats(symbol.domains)
        matrix = csr_matrix(kron(eye(repeats), vstack(rows)))
        return pybamm.Matrix(matrix) @ discretised_symbol
