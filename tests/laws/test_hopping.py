"""Jump diffusion against a random walk, and the bound that a barrier sets."""

import numpy as np
import pybamm
import pytest

from hetsim.constants import BOLTZMANN_EV
from hetsim.laws import hopping

# Round-off of an exponential whose argument is about 20: 20 x 2e-16, with margin.
ROUND_OFF = 1e-13


def test_jump_diffusivity_is_the_random_walk():
    a, nu, barrier, t = 3e-10, 1e13, 0.4, 2e-5
    jumps = nu * np.exp(-barrier / (BOLTZMANN_EV * 300)) * t
    rng = np.random.default_rng(1)
    displacement = a * (rng.poisson(jumps, 400_000) - rng.poisson(jumps, 400_000))
    diffusivity = np.mean(displacement.astype(float) ** 2) / (2 * t)
    # standard error of a variance of 400 000 samples is 0.22 %: four of them
    assert hopping.jump_diffusivity(barrier, 300, a, nu) == pytest.approx(
        diffusivity, rel=9e-3, abs=0
    )


def test_geometry_scales_and_barrier_is_the_arrhenius_slope():
    one = hopping.jump_diffusivity(0.41, 298.15, 3e-10, 1e13)
    third = hopping.jump_diffusivity(0.41, 298.15, 3e-10, 1e13, geometry=1 / 3)
    assert third == pytest.approx(one / 3, rel=ROUND_OFF, abs=0)
    warm = hopping.jump_diffusivity(0.41, 320.0, 3e-10, 1e13)
    slope = np.log(warm / one) / (1 / 320.0 - 1 / 298.15)
    # a difference of logarithms over 2e-4 K-1: 1e-16 / 2e-4 of 5e3
    assert -slope * BOLTZMANN_EV == pytest.approx(0.41, rel=1e-12, abs=0)


def test_arrhenius_factor_is_a_ratio_of_rates():
    cold, ref = (hopping.jump_diffusivity(0.3, T, 3e-10, 1e13) for T in (230.0, 298.15))
    factor = hopping.arrhenius_factor(0.3, 230.0, 298.15)
    assert factor == pytest.approx(cold / ref, rel=ROUND_OFF, abs=0)
    assert hopping.arrhenius_factor(0.3, 298.15, 298.15) == 1.0


def test_barrier_of_the_cote2_znte_junction_bounds_at_17000():
    bound = hopping.barrier_ratio_bound(0.41, 0.16, 298.15)
    assert bound == pytest.approx(17_000, rel=0.03, abs=0)  # barriers are printed with two digits
    jumps = [hopping.jump_diffusivity(e, 298.15, 3e-10, 1e13) for e in (0.16, 0.41)]
    assert bound == pytest.approx(jumps[0] / jumps[1], rel=ROUND_OFF, abs=0)


def test_laws_take_pybamm_symbols():
    T = pybamm.InputParameter("T")
    for law in (
        lambda T: hopping.jump_diffusivity(0.41, T, 3e-10, 1e13),
        lambda T: hopping.arrhenius_factor(0.41, T, 298.15),
        lambda T: hopping.barrier_ratio_bound(0.41, 0.16, T),
    ):
        assert law(T).evaluate(inputs={"T": 310.0}) == pytest.approx(
            law(310.0), rel=ROUND_OFF, abs=0
        )
