"""Plane layers against their equation, the numerical solution, and the sphere of large radius."""

import numpy as np
import pytest
from scipy.integrate import quad

from hetsim.laws import poisson_boltzmann as pb
from hetsim.laws import potential
from hetsim.laws.planar import (
    Layer,
    bilayer_potential,
    bilayer_slope,
    bilayer_surviving_step,
    bulk_potentials,
    stack_potential,
)

A = Layer(thickness=4e-9, debye_length=1e-9, permittivity=8.0)
B = Layer(thickness=7e-9, debye_length=2.5e-9, permittivity=3.0)
V = 0.3


def test_bilayer_solves_its_equation():
    phi_a, phi_b = bulk_potentials(V, A, B)
    assert phi_b - phi_a == pytest.approx(V, rel=1e-15, abs=0)
    h = 1e-13
    for layer, bulk, x in ((A, phi_a, np.linspace(-3.9e-9, -1e-11, 30)),
                           (B, phi_b, np.linspace(1e-11, 6.9e-9, 30))):  # fmt: skip
        slope = bilayer_slope(x, V, A, B)
        difference = bilayer_potential(x + h, V, A, B) - bilayer_potential(x - h, V, A, B)
        # round-off of a difference quotient, 1e-16 V / 1e-13 m, beside slopes of 1e8 V/m
        assert difference / (2 * h) == pytest.approx(slope, abs=1e-5 * np.abs(slope).max())
        curvature = (bilayer_slope(x + h, V, A, B) - bilayer_slope(x - h, V, A, B)) / (2 * h)
        screened = (bilayer_potential(x, V, A, B) - bulk) / layer.debye_length**2
        # the same for the slope, and h^2 / lambda^2 = 1e-8
        assert curvature == pytest.approx(screened, abs=1e-5 * np.abs(screened).max())


def test_bilayer_is_continuous_insulated_and_zero_outside():
    eps = 1e-22
    at_junction = [bilayer_potential(s, V, A, B) for s in (-eps, eps)]
    assert at_junction[0] == pytest.approx(at_junction[1], abs=1e-12)  # round-off of 0.3 V
    displacement = [
        layer.permittivity * bilayer_slope(s, V, A, B) for layer, s in ((A, -eps), (B, eps))
    ]
    assert displacement[0] == pytest.approx(displacement[1], rel=1e-12, abs=0)
    ends = bilayer_slope(np.array([-A.thickness, B.thickness]), V, A, B)
    # exactly zero but for the rounding of the thickness: slope 1e8 V/m x 1e-16
    assert np.abs(ends).max() < 1e-6
    assert bilayer_potential(B.thickness, V, A, B) == 0.0


def test_total_charge_is_zero_and_equals_the_displacement():
    def charge(layer, bulk, span):
        excess, _ = quad(
            lambda x: float(bilayer_potential(x, V, A, B)) - bulk, *span, epsabs=0, epsrel=1e-12
        )
        return -layer.permittivity * excess / layer.debye_length**2

    phi_a, phi_b = bulk_potentials(V, A, B)
    charge_a = charge(A, phi_a, (-A.thickness, 0.0))
    charge_b = charge(B, phi_b, (0.0, B.thickness))
    # quadrature to 1e-12; asked: 1e-10
    assert (charge_a + charge_b) / charge_b == pytest.approx(0, abs=1e-10)
    displacement = B.permittivity * float(bilayer_slope(0.0, V, A, B))
    assert charge_b == pytest.approx(displacement, rel=1e-10, abs=0)
    assert charge_b > 0  # V_bi > 0: B is the positive side


def test_bilayer_is_the_numerical_solution():
    inner = pb.Medium(pb.linear, A.debye_length, 0.0, A.permittivity)
    outer = pb.Medium(pb.linear, B.debye_length, V, B.permittivity)
    total = A.thickness + B.thickness
    profile = pb.two_media(inner, outer, A.thickness, total, pb.SLAB, tol=1e-8)
    r = np.linspace(0, total, 200)
    numerical = profile.potential(r) - profile.potential(total)
    # collocation at tol 1e-8, step 0.3
    assert numerical == pytest.approx(bilayer_potential(r - A.thickness, V, A, B), abs=1e-8)


def test_thick_layers_keep_the_step_and_thin_ones_lose_it_quadratically():
    def step(scale):
        return bilayer_surviving_step(
            Layer(A.thickness * scale, A.debye_length, A.permittivity),
            Layer(B.thickness * scale, B.debye_length, B.permittivity),
        )

    assert step(100.0) == pytest.approx(1.0, abs=1e-12)  # e^-280
    # next order is (l/lambda)^2 = 1e-3 of the leading one
    assert np.log2(step(0.01) / step(0.005)) == pytest.approx(2.0, abs=5e-3)
    direct = 1 - (
        B.stiffness / np.cosh(A.thickness / A.debye_length)
        + A.stiffness / np.cosh(B.thickness / B.debye_length)
    ) / (A.stiffness + B.stiffness)
    assert step(1.0) == pytest.approx(direct, rel=1e-12, abs=0)  # round-off


def test_large_sphere_reaches_the_plane_with_first_order_error():
    def deviation(radius):
        core = radius - 8e-9  # a shell of 8 nm on a growing core
        s = np.linspace(-5e-9, 8e-9, 60)
        sphere = potential.core_shell_potential(
            (core + s) / radius, V, 1e-9 / radius, 2.5e-9 / radius, core / radius, 8.0 / 3.0
        )
        plane = bilayer_potential(s, V, Layer(core, 1e-9, 8.0), Layer(8e-9, 2.5e-9, 3.0))
        return np.max(np.abs(sphere - plane))

    coarse, fine = deviation(4e-6), deviation(8e-6)
    # curvature enters as lambda/R = 6e-4, the next order is that much smaller
    assert np.log2(coarse / fine) == pytest.approx(1.0, abs=0.01)
    assert fine < 1e-3 * V


def test_stack_is_periodic_even_and_made_of_half_bilayers():
    period = A.thickness + B.thickness
    x = np.linspace(0.01e-9, 2e-9, 25)
    base = stack_potential(x, V, A, B)
    # x itself is rounded when periods are added: 1e-24 m times a slope of 1e8 V/m
    assert stack_potential(x + 5 * period, V, A, B) == pytest.approx(base, abs=1e-13)
    assert stack_potential(B.thickness - x, V, A, B) == pytest.approx(base, abs=1e-13)
    in_a = stack_potential(-x, V, A, B)
    assert stack_potential(x - A.thickness, V, A, B) == pytest.approx(in_a, abs=1e-13)
    half_a, half_b = (Layer(m.thickness / 2, m.debye_length, m.permittivity) for m in (A, B))
    assert base == pytest.approx(bilayer_potential(x, V, half_a, half_b), abs=1e-13)
    assert stack_potential(B.thickness / 2, V, A, B) == pytest.approx(0.0, abs=1e-15)
    assert stack_potential(-A.thickness / 2, V, A, B) == pytest.approx(
        -V * bilayer_surviving_step(half_a, half_b), rel=1e-12, abs=0
    )


@pytest.mark.parametrize("name", ["thickness", "debye_length", "permittivity"])
@pytest.mark.parametrize("value", [0.0, -1e-9])
def test_impossible_layers_are_refused_by_name(name, value):
    good = {"thickness": 1e-9, "debye_length": 1e-9, "permittivity": 1.0}
    with pytest.raises(ValueError, match=f"{name} must be"):
        Layer(**{**good, name: value})
