"""Two hosts in a cell: what a composite particle, a mixture and a core-shell particle must do, whatever the numbers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim import engine, names
from hetsim.laws import mixing
from hetsim.laws.multi_site import Sites, occupancy
from hetsim.laws.potential import core_shell_potential
from tests.helpers import two_host_particle as independent
from tests.helpers.structured_cell import Bench, dissipated

pytestmark = pytest.mark.xdist_group("two hosts")

HOUR = 3600.0
D = 6.25e-18  # R^2/D of an hour at the radius of 150 nm
A_SITES = {"potentials": (1.1, 0.5), "shares": (0.4, 0.6), "widths": (4.0, 3.0)}
B_SITES = {"potentials": (0.7, 0.2), "shares": (0.5, 0.5), "widths": (5.0, 4.0)}
A = hs.Host("A", capacity=400.0, diffusivity=10 * D, density=6000.0, **A_SITES)
B = hs.Host("B", capacity=300.0, diffusivity=D, density=4000.0, **B_SITES)
QUIET = {
    "Series resistance [Ohm.cm2]": 0.0,
    "Exchange-current density [A.m-2]": 1e3,
    "Metal exchange-current density [A.m-2]": 1e5,
}
ALL = [hs.Mixture(), hs.Dispersed(), hs.StackedParallel(), hs.StackedSeries(), hs.CoreShell()]


def cell_of(architecture: Any = None, a: Any = A, b: Any = B, **more: Any) -> hs.HalfCell:
    cell = hs.heterostructure(a, b, ion="K", architecture=architecture or hs.Dispersed(), **more)
    return cell.with_particle(classes=2)


def capacities(cell: hs.HalfCell, *currents: float, model: str = "SPM") -> Any:
    curve = hs.run(cell, hs.RateTest(currents, from_equilibrium=True), model)
    assert all(one.outcome.good for one in curve.points), [one.reason for one in curve.points]
    assert max(one.charge_balance for one in curve.points) <= 1e-6
    return curve.capacities


# --- composition ---------------------------------------------------------------------------------


def test_the_composed_curve_is_the_sum_of_its_hosts() -> None:
    cell = cell_of(mass_share=0.63)
    thermal = cell.thermal_voltage
    for branch in ("insertion", "extraction"):
        u = np.linspace(0.05, 1.6, 40)
        hosts = [Sites(one.potentials, one.shares, one.widths, (0.0, 0.0)) for one in (A, B)]
        charge = sum(
            m * q * occupancy(u, sites, thermal)
            for m, q, sites in zip((0.63, 0.37), (400.0, 300.0), hosts, strict=True)
        )
        full = cell.values.number("Specific capacity [mA.h.g-1]")
        assert full == pytest.approx(0.63 * 400 + 0.37 * 300, rel=1e-12)
        found = cell.open_circuit_potential(charge / full, branch)
        assert np.abs(found - u).max() < 1e-10


def test_hysteresis_opens_the_curve_of_each_site() -> None:
    cell = cell_of(a=replace(A, hysteresis=(0.6, 0.4)), b=replace(B, hysteresis=(0.6, 0.4)))
    theta = np.linspace(0.02, 0.98, 9)
    into, out_of = (cell.open_circuit_potential(theta, one) for one in ("insertion", "extraction"))
    assert np.all(out_of - into >= 0.4 - 1e-9)
    assert np.all(out_of - into <= 0.6 + 1e-9)


# a core is 0.05 to 0.98 of the radius: neither core nor shell can be missing
@pytest.mark.parametrize("architecture", ALL[:-1], ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_one_host_missing_is_the_other_one(architecture: Any, share: float) -> None:
    """Without a junction all architectures are particles of the one host."""
    alone = A if share == 1.0 else B
    found = capacities(cell_of(architecture, mass_share=share), 0.3, 3.0)
    twin, none = replace(alone, name="twin"), hs.NoChannel()
    only = capacities(cell_of(hs.Dispersed(), a=alone, b=twin, interface=none), 0.3, 3.0)
    assert found == pytest.approx(only, rel=2e-4)  # of the solver


@pytest.mark.parametrize("architecture", ALL, ids=lambda one: type(one).__name__)
def test_two_hosts_with_equal_isotherms_are_one_host(architecture: Any) -> None:
    """The mass share of two equal hosts says nothing; nor of their hysteresis, where each has particles of its own."""
    quiet = {"Interface potential [V]": 0.0}
    host = replace(A, hysteresis=(0.6, 0.3)) if architecture == hs.Mixture() else A
    twin = replace(host, name="twin")
    # the equations of core and shell are long
    classes, currents = (1, (3.0,)) if isinstance(architecture, hs.CoreShell) else (2, (0.3, 3.0))
    found = [
        capacities(
            cell_of(architecture, host, twin, mass_share=share, values=quiet).with_particle(
                classes
            ),
            *currents,
        )
        for share in (0.3, 0.7)
    ]
    # a core-shell particle has a mesh that follows its junction
    limit = 1e-3 if isinstance(architecture, hs.CoreShell) else 1e-6
    assert found[0] == pytest.approx(found[1], rel=limit)


@pytest.mark.parametrize("architecture", ALL, ids=lambda one: type(one).__name__)
def test_models_agree_at_a_hundredth_of_the_hourly_current(architecture: Any) -> None:
    # one size: at such a current all of them are in equilibrium; core and shell over the first plateau of A alone
    window = {"Lower voltage cut-off [V]": 1.0, "Upper voltage cut-off [V]": 1.3}
    values = {**QUIET, **window} if isinstance(architecture, hs.CoreShell) else QUIET
    cell = cell_of(architecture, values=values).with_particle(classes=1)
    current = cell.values.number("Specific capacity [mA.h.g-1]") / 1e5
    # a DFN of a core and a shell takes ten seconds to build; its particles are those of the SPMe
    kinds = ("SPM", "SPMe") if isinstance(architecture, hs.CoreShell) else ("SPM", "SPMe", "DFN")
    found = [capacities(cell, current, model=kind)[0] for kind in kinds]
    assert np.ptp(found) <= 1e-4 * cell.values.number("Specific capacity [mA.h.g-1]")


def test_a_slow_discharge_fills_what_the_window_allows() -> None:
    cell = cell_of(values=QUIET)
    fast = {"Component A diffusivity [m2.s-1]": 1e-14, "Component B diffusivity [m2.s-1]": 1e-14}
    full = cell.values.number("Specific capacity [mA.h.g-1]")
    window = full * (cell.inserted_occupancy - cell.extracted_occupancy)
    assert capacities(cell.with_values(fast), full / 1e5)[0] == pytest.approx(window, rel=2e-4)


def test_a_capacity_scales_both_hosts_alike() -> None:
    cell = cell_of()
    scaled = cell.with_values({"Specific capacity [mA.h.g-1]": 700.0})
    assert scaled.values["Component A site capacity [mA.h.g-1]"] == pytest.approx(800.0)
    assert scaled.values["Component B site capacity [mA.h.g-1]"] == pytest.approx(600.0)


# --- transport in a composite --------------------------------------------------------------------


@pytest.mark.parametrize(("ratio", "limit"), [(1 / 40, 0.025), (40.0, 0.025), (1e3, 0.05)])
def test_one_diffusivity_for_a_particle_against_one_at_every_place(
    ratio: float, limit: float
) -> None:
    """D between the potentials of the surface and of the mean, against u and D at every node of every class."""
    host_a = hs.Host("A", capacity=300.0, diffusivity=D, density=5000.0, **A_SITES)
    host_b = hs.Host("B", capacity=300.0, diffusivity=D * ratio, density=5000.0, **B_SITES)
    cell = hs.heterostructure(
        host_a, host_b, ion="K", mass_share=0.6, interface=hs.NoChannel(), values=QUIET
    ).with_particle(classes=3, in_volumes=True)
    time = cell.values.number("Particle radius [m]") ** 2 / D
    spread = np.sqrt(3) * cell.values.number("Diffusion time spread")
    reference = independent.Composite(
        independent.Isotherm(*A_SITES.values()),
        independent.Isotherm(*B_SITES.values()),
        (1.0, ratio),
        (0.6, 0.4),
        mixing.bruggeman_symmetric,
        [(float(np.exp(s * spread)), w) for s, w in ((-1, 1 / 6), (0, 2 / 3), (1, 1 / 6))],
        cell.values.number("Fast fraction"),
    )
    for rate in (0.3, 2.0, 10.0):  # sites per R^2/D of host A
        found = capacities(cell, rate * HOUR / time * 0.3)[0] / 300.0
        exact = reference.inserted(rate, cell.extracted_occupancy, 0.01)
        assert found == pytest.approx(exact, rel=limit), rate


def test_a_mixture_is_two_kinds_of_particles() -> None:
    """Host B as slow as a stone leaves the capacity of A, and no more than its own in the mixture."""
    stone = replace(B, diffusivity=1e-30)
    cell = cell_of(hs.Mixture(), b=stone, values={"Fast fraction": 0.0, **QUIET}, mass_share=0.5)
    alone = cell_of(hs.Mixture(), mass_share=1.0, values={"Fast fraction": 0.0, **QUIET})
    assert capacities(cell, 0.02)[0] == pytest.approx(0.5 * capacities(alone, 0.04)[0], rel=0.01)


# --- core and shell ------------------------------------------------------------------------------

CORE = 0.7
LENGTH = 0.1  # Debye length over the radius


def test_hysteresis_of_a_mixture_takes_no_more_steps_than_its_corners() -> None:
    """Fast and slow particles, of all sizes: the fast ones follow the surface, and no step asks which way."""
    values = {"Fast fraction": 0.2, "Diffusion time spread": 4.0, "Particle radius [m]": 1e-8}
    a, b = replace(A, diffusivity=1e-21), replace(B, diffusivity=1e-17)
    a, b = replace(a, hysteresis=(0.8, 0.8)), replace(b, hysteresis=(0.4, 0.4))
    cell = cell_of(hs.Mixture(), a=a, b=b, values=values).with_particle(classes=9, fast=True)
    run = hs.run(cell, hs.ConstantCurrent(0.05), "SPM")
    assert run.outcome.good
    # else it has gone to PyBaMM, beyond 3000 steps
    assert run.engine == "interpreter"
    assert run.charge_balance <= 1e-6


def test_hosts_of_a_mixture_move_between_their_branches_with_what_they_hold() -> None:
    """The stop operator of the mean occupancy of each host, and a closed cycle costs energy."""
    a, b = replace(A, hysteresis=(0.4, 0.4)), replace(B, hysteresis=(0.2, 0.2))
    cell = cell_of(hs.Mixture(), a=a, b=b, values={"Fast fraction": 0.3})
    bench = Bench(cell.with_particle(classes=1, fast=True, in_volumes=True), 0.4)
    states, costs = {"A": [1.0], "B": [1.0]}, []
    for charge in (0.01, 0.01, 0.2, 0.2):
        energy = 0.0
        for rate in (0.2, -0.2):
            inserted, delivered = bench.step(rate, charge / 0.2)
            assert inserted == pytest.approx(np.sign(rate) * charge, rel=1e-9)
            energy += delivered
            followed(bench, states)
            bench.rest()
            followed(bench, states)
        costs.append(-energy)
    assert min(costs) > -1e-6  # of the voltage
    # through both branches: some of each host's gap, times the charge
    assert 0.2 * 0.2 * 0.5 < costs[-1] < 0.2
    bench.rest(1000.0)  # until what the hosts have to exchange is exchanged
    bench.rest(1000.0)
    for letter in "AB":
        assert np.ptp(entries(bench, names.hysteresis_state_of(letter))) < 1e-6
    assert bench.worst_balance <= 1e-6


def entries(bench: Bench, name: str) -> Any:
    return np.ravel(bench.solution[names.x_averaged(name)].entries)


def followed(bench: Bench, states: dict[str, list[float]]) -> None:
    """Both hosts along a step, beside the exact stop operator, which goes on from where it was."""
    for letter, before in states.items():
        theta = entries(bench, names.mean_occupancy_of(letter))
        exact = [before[-1]]
        for moved in np.diff(theta):
            exact.append(float(np.clip(exact[-1] + 2 / 0.05 * moved, -1, 1)))
        found = -entries(bench, names.hysteresis_state_of(letter))
        # the corner is 2e-3 wide, and a host with a small part of the current is a few of them before its branch
        assert np.abs(found - exact).max() < 0.02
        before[:] = exact


def core_shell(potential: float, ratio: float) -> hs.HalfCell:
    radius = 150e-9
    core = hs.Host("A", capacity=400.0, diffusivity=D * ratio, density=6000.0, **A_SITES)
    values = {
        "Built-in potential [V]": potential,
        "Core radius fraction": CORE,
        "Core Debye length [m]": LENGTH * radius,
        "Shell Debye length [m]": LENGTH * radius,
        **QUIET,
    }
    cell = hs.heterostructure(core, B, ion="K", architecture=hs.CoreShell(), values=values)
    return cell.with_particle(classes=1, fast=False)


def reference_of(cell: hs.HalfCell, potential: float, ratio: float) -> independent.CoreShell:
    share = CORE**3
    densities = np.array([400.0 * 6000, 300.0 * 4000])
    mean = share * densities[0] + (1 - share) * densities[1]
    k = densities / mean
    time = cell.values.number("Particle radius [m]") ** 2 / D
    return independent.CoreShell(
        independent.Isotherm(*A_SITES.values()),
        independent.Isotherm(*B_SITES.values()),
        (float(k[0]), float(k[1])),
        (ratio / time, 1 / time),
        CORE,
        lambda x: core_shell_potential(x, potential, LENGTH, LENGTH, CORE),
    )


@pytest.mark.parametrize(("ratio", "rate"), [(1.0, 1.0), (30.0, 1.0), (1.0, 20.0), (1e3, 20.0)])
@pytest.mark.parametrize("potential", [-0.2, -0.06, 0.06, 0.2])
def test_core_shell_against_the_independent_solution(
    potential: float, ratio: float, rate: float
) -> None:
    """Occupancy at the surface, and u at the surface and at the junction, along an insertion."""
    cell = core_shell(potential, ratio)
    full = cell.values.number("Specific capacity [mA.h.g-1]")
    per_second = rate / HOUR
    curve = hs.run(cell, hs.RateTest([rate * full / 1e3], from_equilibrium=True), "SPM")
    solution: Any = curve.points[0].solution
    times = np.linspace(0.05, 0.9, 5) * solution.t[-1]
    reference = reference_of(cell, potential, ratio)
    start = cell.start()[names.INITIAL_POTENTIAL]
    theta = reference.run(start, per_second, np.concatenate([[0.0], times]))[:, 1:]
    k_b = reference.k[1]
    c_max = cell.parameter_values().evaluate(pybamm.Parameter(names.C_MAX))
    u_found = solution[names.x_averaged(names.ION_POTENTIAL)](times)
    s_found = solution["X-averaged positive particle concentration [mol.m-3]"](t=times) / c_max
    x = solution[names.PARTICLE_RADIUS].entries[:, 0]
    phi = core_shell_potential(x, potential, LENGTH, LENGTH, CORE)
    core = x < CORE
    u_of = reference.u_of
    for i in range(len(times)):
        exact = reference.at_surface(theta[:, i], per_second)
        at_surface = reference.b(u_found[i])
        assert at_surface == pytest.approx(float(reference.b(exact)), abs=1e-3)
        local = s_found[:, i] / np.where(core, reference.k[0], k_b)
        u = np.where(core, u_of[0](local), u_of[1](local)) - phi
        last = int(core.sum()) - 1
        junction = np.interp(CORE, x[last : last + 2], u[last : last + 2])
        held = [float(reference.b(one)) for one in (junction, reference.at_junction(theta[:, i]))]
        assert held[0] == pytest.approx(held[1], abs=1e-3)


@pytest.mark.parametrize("potential", [-0.3, 0.06, 0.3])
def test_core_and_shell_rest_with_one_potential(potential: float) -> None:
    cell = core_shell(potential, 10.0)
    built = engine.built_model(cell, "SPM")
    state = np.asarray(built.equilibrium.evaluate(t=0, inputs=built.inputs(cell))).ravel()
    inputs = {**built.inputs(cell), names.CURRENT: 0.0}
    rate = built.model.concatenated_rhs.evaluate(t=0, y=state[:, None], inputs=inputs)
    # occupancies per second, against those of an hour's current
    assert np.abs(rate[: built.model.len_rhs]).max() < 1e-9 / HOUR * 1e3


def test_a_field_does_not_move_the_open_circuit_curve_of_two_hosts() -> None:
    voltages = []
    for potential in (0.0, 0.2):
        cell = core_shell(potential, 10.0)
        built = engine.built_model(cell, "SPM")
        inputs = {**built.inputs(cell, 0.4), names.CURRENT: 0.0}
        state = np.asarray(built.equilibrium.evaluate(t=0, inputs=inputs)).ravel()
        voltage = built.model.get_processed_variable_or_event(names.VOLTAGE)
        voltages.append(float(voltage.evaluate(t=0, y=state[:, None], inputs=inputs).item()))
        assert cell.hosts is not None
        assert voltages[-1] == pytest.approx(cell.hosts.potential(0.4), abs=1e-5)
    assert voltages[1] == pytest.approx(voltages[0], abs=1e-5)


@pytest.mark.parametrize("rate", [0.05, 1.0, 10.0])
@pytest.mark.parametrize("potential", [-0.2, 0.2])
def test_a_closed_cycle_of_core_and_shell_yields_no_energy(potential: float, rate: float) -> None:
    """Insertion and extraction of the same charge, with rests: what went in comes back, less something."""
    bench = Bench(core_shell(potential, 10.0), 0.3)
    lost = dissipated(bench, rate, 0.1)
    assert bench.worst_balance <= 1e-6
    assert lost > 0
    if rate == 0.05:
        assert lost < 0.03  # slow cycles lose little


# --- channels ------------------------------------------------------------------------------------


def at_rates(cell: hs.HalfCell, potentials: Any, current: float) -> Any:
    before = engine.builds()
    found = [
        capacities(cell.with_values({"Interface potential [V]": float(one)}), current)[0]
        for one in potentials
    ]
    assert engine.builds() - before <= 1
    return np.array(found)


def test_dilute_carriers_speed_up_the_cell_with_the_potential() -> None:
    cell = cell_of(interface=hs.DiluteCarriers(), values={"Grain size [m]": 10e-9})
    full = cell.values.number("Specific capacity [mA.h.g-1]")
    found = at_rates(cell, np.linspace(0, 0.3, 7), full / 1e3 * 10)
    assert np.all(np.diff(found) > 0)
    assert found[-1] > 1.2 * found[0]


def test_lattice_carriers_do_not_conduct_better_in_a_half_full_host() -> None:
    """Half filled, one ideal site: the layer's ions are as many as they can be, and each potential takes some away."""
    ideal = {"potentials": (0.5,), "shares": (1.0,), "widths": (1.0,)}
    one = hs.Host("A", capacity=300.0, diffusivity=D, density=5000.0, **ideal)
    cell = hs.heterostructure(
        one,
        replace(one, name="B"),
        ion="K",
        interface=hs.LatticeCarriers(),
        values={"Grain size [m]": 5e-9, "Interface storing share": 0.0},
    )
    hosts = cell.hosts
    assert hosts is not None
    dilute = replace(cell, system=replace(cell.system, interface="dilute-carriers"))
    assert dilute.hosts is not None
    for potential in np.linspace(0.02, 0.3, 8):
        changed = cell.with_values({"Interface potential [V]": float(potential)})
        assert changed.hosts is not None
        assert changed.hosts.conductivity_ratio(0.5, 298.15) <= 1
        nearly_empty = changed.hosts.conductivity_ratio(0.5 + 0.25, 298.15)
        assert nearly_empty > 1.3
    half = 0.5
    built = [one.start_at(half)[names.INITIAL_POTENTIAL] for one in (cell, dilute)]
    assert built == pytest.approx([0.5, 0.5], abs=1e-9)


def test_the_layer_of_lattice_carriers_stores_and_keeps_the_charge() -> None:
    cell = cell_of(
        interface=hs.LatticeCarriers(), values={"Grain size [m]": 6e-9, "Interface width [m]": 2e-9}
    ).with_particle(classes=1)
    full = cell.values.number("Specific capacity [mA.h.g-1]")
    found = at_rates(cell, (0.0, 0.1), full / 1e3)
    assert found[1] != pytest.approx(found[0], rel=1e-3)
    u = np.linspace(0.1, 1.2, 5)
    hosts = cell.hosts
    assert hosts is not None
    assert hosts.potential(hosts.occupancy(u)) == pytest.approx(u, abs=1e-8)


def test_the_ratio_of_a_built_model_is_that_of_mo2c_moo3() -> None:
    """240 at 300 K and above 50 at 230 K (Zhou et al. 2023), asked of the submodel that a cell runs with."""
    potential = 2 * np.log(240.0) * 8.31446261815324 * 300 / 96485.33212331001
    cell = cell_of(values={"Interface potential [V]": float(potential)})
    ratios = []
    for kelvin in (300.0, 230.0):
        at = cell.with_values({"Ambient temperature [K]": kelvin})
        built = engine.built_model(at, "SPM")
        inputs = built.inputs(at)
        state = np.asarray(built.equilibrium.evaluate(t=0, inputs=inputs)).ravel()
        symbol = built.model.get_processed_variable_or_event(
            names.x_averaged(names.CONDUCTIVITY_RATIO)
        )
        ratios.append(float(symbol.evaluate(t=0, y=state[:, None], inputs=inputs).item()))
    assert ratios[0] == pytest.approx(240.0, rel=1e-8)
    assert ratios[1] > 50


PROTOCOLS = [
    hs.GITT(0.1, 600, 3600),
    hs.CV([1.0], cycles=1, tolerance=None),
    hs.EIS([0.3, 0.7], [1e3, 1.0, 1e-2]),
    hs.Hold(0.3, 600),
    hs.Rest(600, filling=0.5),
    hs.ConstantCurrent(-0.5, 600),
]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    "architecture", [hs.Mixture(), hs.Dispersed()], ids=["mixture", "dispersed"]
)
def test_every_protocol_runs_and_keeps_the_charge(architecture: Any, protocol: Any) -> None:
    cell = cell_of(
        architecture, a=replace(A, hysteresis=(0.4, 0.4)), b=replace(B, hysteresis=(0.2, 0.2))
    )
    result = hs.run(cell, protocol, "SPM")
    parts = getattr(result, "spectra", None) or getattr(result, "sweeps", None) or [result]
    for part in parts:
        assert part.outcome.good, part.reason
        assert not part.charge_balance > 1e-6  # a spectrum has none
