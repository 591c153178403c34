"""The particle of the models against an independent solution of the same physics."""

import numpy as np
import pytest
from reference_solver import CoreShellField, ReferenceParticle
from scipy.constants import physical_constants
from scipy.optimize import brentq

import hetsim as hs
from hetsim.laws.potential import core_shell_potential

HOUR = 3600.0
FARADAY = physical_constants["Faraday constant"][0]
SURFACE = "X-averaged positive particle surface concentration [mol.m-3]"
MEASURED_FROM, MEASURED_TO = 0.05, 0.95  # surface occupancies that are compared

FIELDS = {
    "none": CoreShellField(),
    "into the core": CoreShellField(4, 0.05, 0.05),
    "out of the core": CoreShellField(-4, 0.05, 0.05),
    "into the core, wide": CoreShellField(4, 0.1, 0.1),
    "out of the core, wide": CoreShellField(-4, 0.1, 0.1),
    "two media": CoreShellField(4, 0.1, 0.05, permittivity_ratio=1.5),
}


def surface_of_the_models(
    field: CoreShellField, c_rate: float
) -> tuple[float, np.ndarray, np.ndarray]:
    """Mean occupancy at the start, times in R^2/D (one hour), surface occupancies."""
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)
    radius = cell.values["Particle radius [m]"]
    cell = cell.with_values(
        {
            "Series resistance [Ohm.cm2]": 0.0,
            "Exchange-current density [A.m-2]": 1e4,
            "Metal exchange-current density [A.m-2]": 1e5,
            "Lower voltage cut-off [V]": -0.2,  # so that the surface fills up
            "Component A volume fraction": 1.0,
            "Component A diffusivity [m2.s-1]": radius**2 / HOUR,
            "Built-in potential [V]": field.step * cell.thermal_voltage,
            "Core Debye length [m]": field.debye_core * radius,
            "Shell Debye length [m]": field.debye_shell * radius,
            "Core radius fraction": field.junction,
            "Core to shell permittivity ratio": field.permittivity_ratio,
        }
    )
    full = cell.values["Specific capacity [mA.h.g-1]"]
    c_max = full * 3600 * cell.values["Active material density [kg.m-3]"] / FARADAY
    test = hs.RateTest([c_rate * full / 1e3], from_equilibrium=True)
    solution = hs.run(cell, test, model="SPM").points[0].solution
    surface = np.ravel(solution[SURFACE].entries) / c_max
    return cell.extracted_occupancy, solution.t / HOUR, surface


@pytest.mark.parametrize("c_rate", [1.0, 5.0])
@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS.keys())
def test_surface_occupancy_is_that_of_the_reference(field: CoreShellField, c_rate: float) -> None:
    start, times, surface = surface_of_the_models(field, c_rate)
    reference = ReferenceParticle(field, volumes=400).filled(c_rate, start, times)
    compared = (reference > MEASURED_FROM) & (reference < MEASURED_TO)
    assert compared.sum() > 30
    assert surface[-1] > MEASURED_TO  # the run covers the range
    # 1e-3: second-order error of the default mesh; the reference is within 2e-5
    np.testing.assert_allclose(surface[compared], reference[compared], atol=1e-3, rtol=0)


@pytest.mark.parametrize("c_rate", [1.0, 5.0])
def test_reference_without_field_is_the_series_of_a_sphere(c_rate: float) -> None:
    """theta_s = theta_0 + q' [3 t + 1/5 - 2 sum exp(-a^2 t) / a^2], tan a = a, q' = rate / 3.

    Crank, The Mathematics of Diffusion, 2nd ed. (1975), eq. 6.45.
    """
    start = 1e-4
    n = np.arange(1, 400)
    roots = np.array(
        [brentq(lambda a: np.sin(a) - a * np.cos(a), k * np.pi, (k + 0.5) * np.pi) for k in n]
    )
    times = np.linspace(2e-3, 0.9 / c_rate - 0.06, 50)
    modes = np.exp(-np.outer(times, roots**2)) / roots**2
    exact = start + c_rate / 3 * (3 * times + 1 / 5 - 2 * modes.sum(axis=1))
    reference = ReferenceParticle(volumes=400).filled(c_rate, start, times)
    np.testing.assert_allclose(reference, exact, atol=2e-5, rtol=0)  # 400 volumes: 4e-6


@pytest.mark.parametrize("step", [4.0, -4.0])
def test_observed_order_of_the_reference_is_two(step: float) -> None:
    times = np.linspace(0.01, 0.1, 30)
    coarse, middle, fine = (
        ReferenceParticle(CoreShellField(step), volumes).filled(5.0, 1e-4, times)
        for volumes in (100, 200, 400)
    )
    order = np.log2(np.abs(coarse - middle).max() / np.abs(middle - fine).max())
    assert order == pytest.approx(2, abs=0.2)
    assert np.abs(middle - fine).max() / 3 < 2e-5  # what is left at 400, after Richardson


@pytest.mark.parametrize(
    "field",
    [field for field in FIELDS.values() if field.step],
    ids=[name for name in FIELDS if name != "none"],
)
def test_closed_form_of_the_potential_is_the_difference_solution(field: CoreShellField) -> None:
    particle = ReferenceParticle(field, volumes=800)
    closed = core_shell_potential(
        particle.nodes[1:],
        field.step,
        field.debye_core,
        field.debye_shell,
        field.junction,
        field.permittivity_ratio,
    )
    # second-order error at 800 volumes: 5e-5 of V_T at the shorter Debye length
    np.testing.assert_allclose(particle.potential()[1:], closed, atol=1e-4, rtol=0)
