"""The volumes of the separator of a half cell whose electrode takes and gives ions evenly.

Salt is moved between the counter electrode, at x = 0, and the working one, at x = L: its gradients are steepest at both
ends, and it runs out at the second. There volumes are thin:

    x/L = 1 - (1 - c)^p,      c = (1 - a) xi + a (1 - cos(pi xi)) / 2,      xi = 0 ... 1 in equal parts
"""

from typing import Any

import numpy as np
import pybamm
from numpy.typing import NDArray

ENDS, TO_ELECTRODE = 0.3, 1.3
"""a and p."""


def separator_edges(count: int) -> NDArray[np.float64]:
    """Edges of `count` volumes of [0, 1] that thin out towards both ends, and more towards 1."""
    xi = np.linspace(0, 1, count + 1)
    to_ends = (1 - ENDS) * xi + ENDS * (1 - np.cos(np.pi * xi)) / 2
    return np.asarray(1 - (1 - to_ends) ** TO_ELECTRODE)


class SeparatorSubMesh(pybamm.SymbolicUniform1DSubMesh):
    """PyBaMM's submesh of a length that is an input, on the edges of `separator_edges`."""

    def __init__(self, lims: Any, npts: Any, tabs: Any = None) -> None:
        super().__init__(lims, npts, tabs)
        edges = separator_edges(self.npts)
        self.edges, self.nodes = edges, (edges[1:] + edges[:-1]) / 2
        self.d_edges, self.d_nodes = np.diff(edges), np.diff(self.nodes)
