"""At zero field and constant diffusivity the whole rate curve is known in closed form."""

import numpy as np
import pytest

import hetsim as hs
from hetsim.laws.diffusion_spread import (
    capacity_closed_form,
    log_normal_classes,
    sphere_modes,
    surface_response,
)

HOUR = 3600.0
IDEAL = {  # nothing but diffusion takes voltage
    "Series resistance [Ohm.cm2]": 0.0,
    "Exchange-current density [A.m-2]": 1e4,
    "Metal exchange-current density [A.m-2]": 1e5,
}
C_RATES = np.array([0.1, 0.3, 1.0, 3.0, 10.0, 30.0])


def diffusion_cell(hours: float, classes: int, fast: bool) -> hs.HalfCell:
    """CZT with R^2/D of so many hours (one grain material, no junctions) and no other resistance."""
    cell = hs.load("CZT").with_particle(classes=classes, fast=fast)
    radius = cell.values["Particle radius [m]"]
    return cell.with_values(
        {
            **IDEAL,
            "Component A volume fraction": 1.0,
            "Component A diffusivity [m2.s-1]": radius**2 / (hours * HOUR),
        }
    )


@pytest.mark.parametrize(("classes", "fast"), [(1, False), (1, True), (9, False), (9, True)])
def test_rate_curve_is_the_closed_form(classes: int, fast: bool) -> None:
    cell = diffusion_cell(1.0, classes, fast)
    full = cell.values["Specific capacity [mA.h.g-1]"]
    share = cell.values["Fast fraction"] if fast else 0.0
    times, weights = log_normal_classes(classes, cell.values["Diffusion time spread"])
    if classes == 1:
        times, weights = np.ones(1), np.ones(1)
    response = surface_response(times, weights, share, sphere_modes(600))
    rise = cell.inserted_occupancy - cell.extracted_occupancy
    currents = C_RATES * full / 1e3
    curve = hs.run(cell, hs.RateTest(currents, from_equilibrium=True), model="SPM")
    exact = [capacity_closed_form(current, full, 1.0, rise, response) for current in currents]
    # 0.1 % of capacity: the error of the default particle mesh, measured at 0.02 to 0.08 %
    np.testing.assert_allclose(curve.capacities, exact, atol=1e-3 * full, rtol=0)


def capacities(times: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of a full capacity of 1 with R^2/D of 10 h, 0.1 to 30 C."""
    response = surface_response(times, weights, 0.3, sphere_modes(400))
    return np.array([capacity_closed_form(c * 1e-3, 1.0, 10.0, 0.99, response) for c in C_RATES])


def test_a_class_that_holds_next_to_nothing_is_left_out() -> None:
    spread = 2.0
    nodes, weights = np.polynomial.hermite_e.hermegauss(9)
    whole = capacities(np.exp(spread * nodes), weights / weights.sum())
    times, shares = log_normal_classes(9, spread)
    assert times.size == 7
    assert shares.sum() == pytest.approx(1, abs=1e-15)
    # the two that are left out held 4.5e-5 of the capacity, and no more can be missing
    np.testing.assert_allclose(capacities(times, shares), whole, atol=4.5e-5)
    # seven of nine are better than the rule of seven
    nodes, weights = np.polynomial.hermite_e.hermegauss(7)
    seven = capacities(np.exp(spread * nodes), weights / weights.sum())
    many = capacities(*log_normal_classes(20, spread))
    assert np.abs(capacities(times, shares) - many).max() < np.abs(seven - many).max()
