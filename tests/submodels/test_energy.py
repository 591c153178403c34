"""A closed cycle of a whole half cell yields no energy, unless the field has no free energy."""

import numpy as np
import pybamm
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import expit, logit
from structured_cell import Bench, StructuredCell, dissipated, ideal_cell, radial_field

from hetsim import names
from hetsim.laws import fading
from hetsim.laws.isotherm import plateau_staircase
from hetsim.submodels import (
    CoreShell,
    ParticleStructure,
    StateDependentField,
    StaticField,
    SwitchingField,
)
from hetsim.submodels.mesh import placed

# The voltage is known to the solver's relative tolerance of 1e-6 a step: 1e-6 V in a cycle.
SOLVER = 2e-6


def cell_with(field: object, volts: float, alpha: float = 0.0) -> StructuredCell:
    particle = ParticleStructure(CoreShell(field=field))  # type: ignore[arg-type]
    return ideal_cell(particle, **radial_field(volts), **{names.FADING: alpha})


rates = st.floats(-2, 1).map(lambda one: 10**one)  # 0.01 to 10 C
volts = st.floats(-0.1, 0.1)
starts = st.floats(0.15, 0.6)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(rate=rates, potential=volts, start=starts)
def test_closed_cycle_in_a_static_field_dissipates(
    rate: float, potential: float, start: float
) -> None:
    bench = Bench(cell_with(StaticField(), potential), start)
    assert dissipated(bench, rate, 0.3) > -SOLVER
    assert bench.worst_balance <= 1e-6


@settings(max_examples=2, deadline=None, derandomize=True)
@example(rate=0.05, potential=0.1, start=0.3, alpha=2.0)
@example(rate=2.0, potential=-0.08, start=0.3, alpha=1.0)
@given(rate=rates, potential=volts, start=starts, alpha=st.floats(-1, 1))
def test_closed_cycle_in_a_state_dependent_field_dissipates(
    rate: float, potential: float, start: float, alpha: float
) -> None:
    bench = Bench(cell_with(StateDependentField(), potential, alpha), start)
    assert dissipated(bench, rate, 0.3) > -SOLVER
    assert bench.worst_balance <= 1e-6


def test_slow_cycle_in_a_state_dependent_field_loses_in_proportion_to_its_rate() -> None:
    cell = cell_with(StateDependentField(), 0.1, 1.0)
    slow, slower = (dissipated(Bench(cell, 0.3), rate, 0.3) for rate in (0.02, 0.01))
    # what is left over at zero rate would be energy from nowhere or hysteresis; next order: rate^2
    assert 2 * slower - slow == pytest.approx(0, abs=0.02 * slow)


def test_switching_field_creates_energy_and_says_so() -> None:
    cell = cell_with(SwitchingField(), 0.06)
    lost = dissipated(Bench(cell, 0.3), 0.02, 0.3)
    # ions enter above and leave below the curve, by a good part of the 60 mV each way
    assert lost < -0.01
    assert "NOT derived from a free energy" in SwitchingField.thermodynamic_status
    assert "create energy" in SwitchingField.thermodynamic_status
    for lawful in (StaticField, StateDependentField):
        assert "yields no energy" in lawful.thermodynamic_status


def test_switching_field_the_other_way_only_costs() -> None:
    assert dissipated(Bench(cell_with(SwitchingField(), -0.06), 0.3), 0.02, 0.3) > 0.01


@pytest.mark.parametrize("top", [-2.4, 2.4, 6.0])
def test_electrode_potential_is_the_derivative_of_the_free_energy(top: float) -> None:
    """laws.fading against finite differences of F[theta] for six sites in any state."""
    rng = np.random.default_rng(1)
    alpha, sites = 0.6, 6
    volumes = rng.dirichlet(np.ones(sites))
    psi = -np.concatenate(([0.0], rng.random(sites - 2), [1.0]))
    theta = rng.uniform(0.2, 0.8, sites)

    def curve(mean):
        return plateau_staircase(mean, (1.2, 0.8), (0.5, 0.5), (0.1,), 0.0257)

    def mean_of(mu, phi):
        return volumes @ expit(mu - phi)

    def free_energy(state):
        phi = fading.amplitude(volumes @ state, alpha) * top * psi

        def of_site(one, at):
            filled = lambda m: curve(mean_of(m, phi)) * expit(m - at) * expit(at - m)  # noqa: E731
            return quad(filled, -45, logit(one) + at, epsabs=1e-13, epsrel=1e-12, limit=400)[0]

        return -sum(v * of_site(*site) for v, *site in zip(volumes, state, phi, strict=True))

    step = 1e-4
    moves = step * np.eye(sites)
    derivative = np.array(
        [(free_energy(theta + one) - free_energy(theta - one)) / (2 * step) for one in moves]
    )
    phi = fading.amplitude(volumes @ theta, alpha) * top * psi
    local = np.array([curve(mean_of(m, phi)) for m in logit(theta) + phi])
    now = fading.amplitude(volumes @ theta, alpha) * top
    shares = [float(volumes @ fading.level_share(i, psi)) for i in range(len(fading.LEVELS))]
    means = [fading.path_mean(k, theta, theta[0], phi, now, *shares) for k in fading.PATH_NODES]
    kernels = [
        fading.path_kernel(k, theta, theta[0], phi, psi, now, *shares) for k in fading.PATH_NODES
    ]
    term = -alpha * top * volumes @ fading.path_integral([curve(g) for g in means], kernels)
    assert abs(term) > 1e-3  # there is something to compare
    # finite differences: 1e-8; 13 levels and 8 nodes: below 1e-6 V, at 6 V_T below 1e-4 V
    tolerance = 1e-6 if abs(top) < 3 else 1e-4
    np.testing.assert_allclose(-derivative / volumes, local + term, atol=tolerance, rtol=0)


@pytest.mark.parametrize("rate", [3.0, -3.0])
def test_cell_sees_the_derivative_of_its_free_energy_while_ions_move(rate: float) -> None:
    """U_el = U(G(mu_s)) + a' d/da <int_0^theta U(G(ln(t / (1 - t)) + a Phi)) dt>, on the mesh."""
    alpha = 1.5
    cell = cell_with(StateDependentField(), 0.06, alpha)
    bench = Bench(cell, 0.4)
    bench.step(rate, 0.03)
    c_max = cell.parameter_values().evaluate(pybamm.Parameter(names.C_MAX))
    theta, surface = (
        np.atleast_1d(bench.solution[names.x_averaged(name)].entries[..., -1]) / c_max
        for name in (names.PARTICLE_CONCENTRATION, names.SURFACE_CONCENTRATION)
    )
    mesh = bench.built.simulation.mesh[names.PARTICLE]
    edges, x = placed(mesh.edges, cell.values[names.CORE_FRACTION])
    volumes, phi = np.diff(edges**3), cell.at_rest.phi(x, 1.0)

    def mean_at(mu: np.ndarray, a: float) -> np.ndarray:
        return expit(np.subtract.outer(mu, a * phi)) @ volumes

    def work(a: float) -> float:
        """<int U(G) dt>: 200 Gauss nodes in mu, from where the sites are empty."""
        nodes, weights = np.polynomial.legendre.leggauss(200)
        total = 0.0
        for one, at, volume in zip(theta, a * phi, volumes, strict=True):
            half = (logit(one) + at + 30) / 2
            mu = -30 + half * (nodes + 1)
            filled = cell.open_circuit_potential(mean_at(mu, a)) * expit(mu - at) * expit(at - mu)
            total += volume * half * weights @ filled
        return float(total)

    now, step = 1 - alpha * volumes @ theta, 1e-4
    term = -alpha * (work(now + step) - work(now - step)) / (2 * step)
    local = cell.open_circuit_potential(mean_at(logit(surface), now))
    seen = bench.solution["Positive electrode open-circuit potential [V]"].entries[..., -1]
    assert abs(term) > 1e-3  # there is something to see
    # 1e-6 V of the solver and of the levels
    np.testing.assert_allclose(np.mean(seen), local + term, atol=5e-6, rtol=0)
