"""What crosses the outer faces of a particle is in its divergence, exactly."""

import numpy as np
import pybamm
import pytest

from hetsim.submodels.finite_volume import NeighbourFiniteVolume

PARTICLE = "positive particle"
VOLUMES = 12


def divergence(left, right, kind="Neumann"):
    """Of a flux that is 0 between the nodes, with values on the outer faces; and the edges of the volumes."""
    c = pybamm.Variable("c", domain=[PARTICLE])
    model = pybamm.BaseModel()
    flux = pybamm.downwind(c) - pybamm.upwind(c)
    model.rhs = {c: pybamm.div(flux)}
    model.initial_conditions = {c: pybamm.Scalar(1)}
    sides = {"left": (pybamm.Scalar(left), "Neumann"), "right": (right, kind)}
    model.boundary_conditions = {flux: sides}
    r = pybamm.SpatialVariable("r_p", domain=[PARTICLE], coord_sys="spherical polar")
    geometry = {PARTICLE: {r: {"min": 0, "max": 1}}}
    mesh = pybamm.Mesh(
        geometry,
        {PARTICLE: pybamm.MeshGenerator(pybamm.Uniform1DSubMesh)},
        {r: VOLUMES},
    )
    pybamm.Discretisation(mesh, {PARTICLE: NeighbourFiniteVolume()}).process_model(model)
    found = model.concatenated_rhs.evaluate(0, np.ones(VOLUMES), inputs={"q": 0.7}).ravel()
    return found, mesh[PARTICLE].edges


@pytest.mark.parametrize("right", [pybamm.Scalar(0.7), pybamm.InputParameter("q")], ids=str)
def test_what_crosses_the_surface_fills_the_last_volume(right):
    found, edges = divergence(0, right)
    assert np.array_equal(found[:-1], np.zeros(VOLUMES - 1))
    # the integral over the sphere is what crosses its surface, to round-off
    volumes = np.diff(edges**3) / 3
    assert found @ volumes == pytest.approx(0.7, rel=1e-13)


def test_another_kind_of_condition_is_refused():
    with pytest.raises(ValueError, match="right condition of a flux is 'Dirichlet'"):
        divergence(0, pybamm.Scalar(0.7), kind="Dirichlet")
