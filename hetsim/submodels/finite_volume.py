"""Finite volumes that give each face the values of its two neighbouring nodes."""

from typing import Any

import pybamm
from scipy.sparse import csr_matrix, eye, kron, vstack


class NeighbourFiniteVolume(pybamm.FiniteVolume):
    """PyBaMM's finite volumes for a flux law between nodes, with imposed fluxes at both ends.

    `pybamm.upwind(u)` is u left and `pybamm.downwind(u)` is u right of each face; at the two outer faces
    both are the value of the only node there, so that a flux between nodes vanishes and no boundary
    value has to be invented. The surface value of a field is that of its last node.
    """

    def __init__(self) -> None:
        last_node = {"extrapolation": {"order": {"gradient": "linear", "value": "constant"}}}
        super().__init__(last_node)

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
