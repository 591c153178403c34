"""Numerical Poisson-Boltzmann against closed forms, first integrals and conservation."""

import numpy as np
import pytest
from scipy.integrate import quad

from hetsim.laws import poisson_boltzmann as pb
from hetsim.laws import potential, space_charge

R = 20e-9
CASES = [
    # lambda_A/R, lambda_B/R, eps_A/eps_B, r_j/R
    (0.10, 0.05, 1 / 3, 0.3),
    (0.03, 0.20, 5.0, 0.6),
    (0.30, 0.10, 1.0, 0.9),
    (1.00, 2.00, 0.5, 0.7),
]


def core_shell(charge, step, case, tol=1e-6):
    lam_a, lam_b, eps, x_j = case
    core = pb.Medium(charge, lam_a * R, 0.0, eps)
    shell = pb.Medium(charge, lam_b * R, step, 1.0)
    return pb.two_media(core, shell, x_j * R, R, pb.SPHERE, tol)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("step", [0.7, -20.0])
def test_linear_sphere_is_the_closed_form(case, step):
    lam_a, lam_b, eps, x_j = case
    profile = core_shell(pb.linear, step, case, tol=1e-8)
    x = np.linspace(1e-3, 1, 200)
    numerical = profile.potential(x * R) - profile.potential(R)
    closed = potential.core_shell_potential(x, step, lam_a, lam_b, x_j, eps)
    # collocation at relative tolerance 1e-8 of its residual; measured 1e-9 of the step
    assert numerical == pytest.approx(closed, abs=1e-7 * abs(step))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(
    "charge", [pb.linear, pb.boltzmann_pair, pb.mobile_cations, pb.blakemore(0.6), pb.bikerman(0.2)]
)
def test_total_charge_is_zero(case, charge):
    inner, outer = core_shell(charge, 6.0, case).charges()
    # collocation conserves charge to the residual of its Newton steps; asked: 1e-10
    assert (inner + outer) / inner == pytest.approx(0, abs=1e-10)
    assert inner < 0  # step > 0: the shell is the positive side


def test_slope_jumps_with_the_permittivity_and_vanishes_at_centre_and_surface():
    profile = core_shell(pb.boltzmann_pair, 5.0, CASES[1])
    inner, outer = profile.slope(0.6 * R * np.array([1 - 1e-12, 1 + 1e-12]))
    assert 5.0 * inner == pytest.approx(outer, rel=1e-9, abs=0)  # 1e-12 of R beside lambda = 0.03 R
    edges = profile.slope(np.array([1e-4 * R, R]))
    # near the centre the slope grows from zero; at the surface it is the residual of q(R) = 0
    assert np.abs(edges).max() < 1e-6 * outer
    h, r = 1e-6 * R, np.array([0.3, 0.55, 0.7]) * R
    difference = (profile.potential(r + h) - profile.potential(r - h)) / (2 * h)
    # profile and slope are separate unknowns of the collocation at tol 1e-6
    assert difference == pytest.approx(profile.slope(r), rel=1e-4, abs=0)


def test_equal_media_across_a_plane_are_two_gouy_chapman_layers():
    step, lam, half = 8.0, 1e-9, 20e-9
    media = [pb.Medium(pb.boltzmann_pair, lam, bulk) for bulk in (0.0, step)]
    profile = pb.two_media(*media, half, 2 * half, pb.SLAB, tol=1e-6)
    x = np.linspace(0, 8, 100) * lam
    # each side takes half of the step; the closed form ends at infinity: e^-20
    exact = np.log(space_charge.gouy_chapman(x, lam, step / 2))
    assert profile.potential(half - x) == pytest.approx(exact, abs=1e-5)
    assert step - profile.potential(half + x) == pytest.approx(exact, abs=1e-5)


def test_large_sphere_is_a_plane_with_first_order_error():
    def deviation(lam):
        media = [pb.Medium(pb.boltzmann_pair, lam, bulk) for bulk in (0.0, 4.0)]
        x = np.linspace(-6, 6, 80) * lam
        sphere, slab = (
            pb.two_media(*media, 0.5, 1.0, geometry, 1e-7).potential(0.5 + x)
            for geometry in (pb.SPHERE, pb.SLAB)
        )
        return np.max(np.abs(sphere - slab))

    # error lambda/r_j, next order (lambda/r_j)^2 about 2 % of it
    assert np.log2(deviation(0.02) / deviation(0.01)) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(
    "charge",
    [pb.mobile_cations, pb.mobile_anions, pb.blakemore(0.05), pb.blakemore(0.8), pb.bikerman(0.1)],
)
@pytest.mark.parametrize("u0", [-6.0, 6.0])
def test_surface_slope_is_the_first_integral(charge, u0):
    energy, _ = quad(lambda u: float(charge(u)), 0, u0, epsabs=0, epsrel=1e-11)
    slope = pb.surface_layer(charge, u0, length=30.0, tol=1e-6).slope(0.0)
    # (u')^2 / 2 = int g du, solver at 1e-6
    assert slope == pytest.approx(-np.sign(u0) * np.sqrt(2 * energy), rel=1e-5, abs=0)


@pytest.mark.parametrize(
    "charge", [pb.boltzmann_pair, pb.mobile_cations, pb.blakemore(0.7), pb.bikerman(0.3)]
)
def test_every_charge_law_starts_as_debye_hueckel(charge):
    errors = [float(charge(u) / u - 1) for u in (1e-3, 5e-4)]
    # g = u + a u^2 or u + a u^3: relative error at least first order, next order 1e-3 of it
    assert np.log2(errors[0] / errors[1]) > 0.99
    assert abs(errors[1]) < 1e-3


def test_site_limited_charge_ends_at_full_and_at_empty_sites():
    theta = 0.6
    g, u = pb.blakemore(theta), np.array([-30.0, 30.0])
    # c/c_bulk = 1 - (1 - theta) g: 1/theta at full sites, 0 at empty ones; rest e^-30
    assert 1 - (1 - theta) * g(u) == pytest.approx([1 / theta, 0.0], abs=1e-12)
    profile = pb.surface_layer(g, -12.0, length=30.0)
    occupancy = theta * (1 - (1 - theta) * g(profile(np.linspace(0, 20, 300))))
    assert occupancy.min() > 0
    assert occupancy.max() < 1
    # two carriers that share sites: full of one of them, charge 1/nu times the bulk's; rest e^-40
    assert pb.bikerman(0.25)(np.array([-40.0, 40.0])) == pytest.approx(
        [-4.0, 4.0], rel=1e-12, abs=0
    )
    # beside the dilute law, which would put e^12 ions on a site
    assert theta * (1 - pb.mobile_cations(-12.0)) > 1e4


def test_site_limits_vanish_with_the_occupancy():
    u = np.linspace(-4, 4, 33)
    assert pb.blakemore(0.0)(u) == pytest.approx(pb.mobile_cations(u), rel=1e-15, abs=0)
    assert pb.bikerman(0.0)(u) == pytest.approx(pb.boltzmann_pair(u), rel=1e-15, abs=0)
    assert pb.mobile_anions(u) == pytest.approx(-pb.mobile_cations(-u), rel=1e-15, abs=0)


def test_site_limited_core_shell_screens_less_than_the_dilute_one():
    step, case = 16.0, (0.1, 0.1, 1.0, 0.7)
    slopes = [
        float(core_shell(charge, step, case).slope(0.7 * R))
        for charge in (pb.linear, pb.bikerman(0.5), pb.boltzmann_pair)
    ]
    # sinh u > u > sinh u / (1 + sinh^2(u/2)) at u = 8: the steeper the law, the steeper the field
    assert slopes[1] < slopes[0] < slopes[2]


@pytest.mark.parametrize("charge", [pb.boltzmann_pair, pb.mobile_cations])
def test_a_step_of_one_volt_converges(charge):
    case = (0.1, 0.1, 1.0, 0.7)
    profile = core_shell(charge, 40.0, case)
    inner, outer = profile.charges()
    assert (inner + outer) / inner == pytest.approx(0, abs=1e-10)  # as above
    # a larger step moves more charge
    assert abs(inner / core_shell(charge, 20.0, case).charges()[0]) > 1


def test_equal_bulk_potentials_have_no_field():
    profile = core_shell(pb.boltzmann_pair, 0.0, CASES[0])
    assert np.abs(profile.potential(np.linspace(0, R, 9))).max() < 1e-12  # nothing to solve


def test_a_solver_that_stops_short_says_what_to_try(monkeypatch):
    monkeypatch.setattr(pb, "MAX_NODES", 130)
    with pytest.raises(pb.NotConvergedError, match="try a smaller potential"):
        core_shell(pb.boltzmann_pair, 20.0, CASES[0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pb.Medium(pb.linear, 0.0), "debye_length must be"),
        (lambda: pb.Medium(pb.linear, 1e-9, 0.0, -2.0), "permittivity must be"),
        (lambda: core_shell(pb.linear, 1.0, (0.1, 0.1, 1.0, 1.2)), "inside radius"),
        (lambda: core_shell(pb.linear, 1.0, (0.1, 0.1, 1.0, -0.2)), "junction must be"),
        (lambda: pb.surface_layer(pb.linear, 1.0, length=0.0), "length must be"),
        (lambda: pb.blakemore(1.0), "occupancy must lie"),
        (lambda: pb.bikerman(-0.1), "packing must lie"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
