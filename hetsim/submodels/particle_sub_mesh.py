"""The volumes of a particle as a submesh of PyBaMM."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pybamm

from hetsim.submodels.mesh import Edges, centres_of_mass


class ParticleSubMesh(pybamm.SubMesh1D):
    """PyBaMM's one-dimensional submesh on the edges of a law, with nodes at the centres of mass."""

    def __init__(self, lims: Any, npts: Any, edges: Callable[[int], Edges]) -> None:
        variable, limits, tabs = self.read_lims(lims)
        width = limits["max"] - limits["min"]
        at = limits["min"] + width * edges(npts[variable.name])
        super().__init__(at, coord_sys=variable.coord_sys, tabs=tabs)
        self.nodes = centres_of_mass(at)
        self.d_nodes = np.diff(self.nodes)
