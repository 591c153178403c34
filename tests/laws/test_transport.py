"""The flux between two nodes keeps its invariants exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_bvp

from hetsim.laws.transport import chemical_potential, fick_flux, lattice_flux, thermodynamic_factor

occupancy = st.floats(1e-6, 1 - 1e-6)
step = st.floats(-40, 40)


@given(occupancy, step)
def test_equal_chemical_potentials_carry_no_flux(theta: float, delta_phi: float) -> None:
    activity = theta / (1 - theta) * np.exp(-delta_phi)
    neighbour = activity / (1 + activity)
    flux = lattice_flux(theta, neighbour, delta_phi, 1.0, 1.0)
    one_way = lattice_flux(theta, 0.0, delta_phi, 1.0, 1.0)
    # both ways of an exchange cancel; 1 - theta of a nearly full neighbour has lost digits
    assert abs(flux) <= 1e-14 * one_way / max(1 - neighbour, 1e-12)


@given(occupancy, occupancy)
def test_zero_step_is_fick(left: float, right: float) -> None:
    assert lattice_flux(left, right, 0.0, 0.5, 2.0) == pytest.approx(
        fick_flux(left, right, 0.5, 2.0), rel=1e-9, abs=1e-15
    )


@given(occupancy, occupancy, step)
def test_ions_in_phi_are_vacancies_in_minus_phi(
    left: float, right: float, delta_phi: float
) -> None:
    ions = lattice_flux(left, right, delta_phi, 1.0, 1.0)
    vacancies = lattice_flux(1 - left, 1 - right, -delta_phi, 1.0, 1.0)
    assert ions == pytest.approx(-vacancies, rel=1e-9, abs=1e-12)


@given(occupancy, step)
def test_full_and_empty_are_never_passed(other: float, delta_phi: float) -> None:
    assert lattice_flux(0.0, other, delta_phi, 1.0, 1.0) <= 0  # nothing leaves an empty site
    assert lattice_flux(1.0, other, delta_phi, 1.0, 1.0) >= 0  # nothing enters a full one


@given(occupancy, occupancy, step)
def test_flux_runs_down_the_chemical_potential(left: float, right: float, delta_phi: float) -> None:
    drop = chemical_potential(left, 0.0) - chemical_potential(right, delta_phi)
    assert lattice_flux(left, right, delta_phi, 1.0, 1.0) * drop >= -1e-12


@pytest.mark.parametrize("slope", [-3.0, 3.0])
def test_flux_is_that_of_the_continuum(slope: float) -> None:
    """Steady state over a layer with phi' = slope, theta fixed at both ends, against solve_bvp."""

    def equations(x, y):  # theta' and n' with n = -(theta' + theta (1 - theta) phi')
        return np.vstack([-y[1] - y[0] * (1 - y[0]) * slope, np.zeros_like(x)])

    x = np.linspace(0, 1, 50)
    exact = (
        solve_bvp(
            equations,
            lambda a, b: np.array([a[0] - 0.8, b[0] - 0.1]),
            x,
            np.vstack([np.linspace(0.8, 0.1, 50), 0.7 * np.ones(50)]),
            tol=1e-10,
            max_nodes=20_000,
        )
        .y[1]
        .mean()
    )
    errors = [abs(_discrete(slope, count) - exact) for count in (20, 40, 80)]
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert np.all(orders > 1.9)  # observed order of convergence is two


def _discrete(slope: float, count: int) -> float:
    """Steady flux through `count` equal steps, by Newton on the inner nodes."""
    h = 1 / count
    theta = np.linspace(0.8, 0.1, count + 1)

    def fluxes(values):
        return lattice_flux(values[:-1], values[1:], slope * h, h, 1.0)

    for _ in range(30):
        residual = np.diff(fluxes(theta))
        jacobian = np.zeros((count - 1, count - 1))
        for k in range(1, count):
            shifted = theta.copy()
            shifted[k] += 1e-7
            jacobian[:, k - 1] = (np.diff(fluxes(shifted)) - residual) / 1e-7
        theta[1:-1] -= np.linalg.solve(jacobian, residual)
    return float(fluxes(theta).mean())


def test_thermodynamic_factor_of_the_ideal_lattice_is_one() -> None:
    theta, thermal_voltage = np.linspace(0.05, 0.95, 19), 0.0257
    slope = -thermal_voltage / (theta * (1 - theta))  # of V_T ln((1 - theta) / theta)
    np.testing.assert_allclose(thermodynamic_factor(theta, slope, thermal_voltage), 1, rtol=1e-14)
