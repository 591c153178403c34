"""Profiles over the radius: equal to the open-circuit curve at rest, to the law of the field, and to the inventory."""

from typing import Any

import casadi
import numpy as np
import pybamm
import pytest
from scipy.optimize import brentq
from structured_cell import ideal_cell, radial_field

import hetsim as hs
from hetsim import engine, names
from hetsim.engine import measured_step
from hetsim.laws.isotherm import plateau_staircase
from hetsim.laws.multi_site import Sites
from hetsim.laws.multi_site import occupancy as held_at
from hetsim.laws.potential import core_shell_potential
from hetsim.results import Outcome
from hetsim.results.profiles import profiles_of
from hetsim.submodels import CoreShell, ParticleStructure, StateDependentField, SwitchingField

pytestmark = pytest.mark.xdist_group("profiles")

MEAN = 0.4
LIMIT = 1e-6
"""Of u at rest [V]: the inverse of a mean occupancy is good to 1e-9 V, a state of the solver to 1e-7."""
A = hs.Host("A", (1.1, 0.5), (0.4, 0.6), 400.0, (4.0, 3.0), diffusivity=6e-17)
B = hs.Host("B", (0.7, 0.2), (0.5, 0.5), 300.0, (5.0, 4.0), diffusivity=6e-18)
FIELD = radial_field(0.08, 0.1)


def two_hosts(architecture: Any, **more: Any) -> hs.HalfCell:
    cell = hs.heterostructure(A, B, ion="K", architecture=architecture, **more)
    return cell.with_particle(classes=2)


def core_shell(field: Any = None, classes: int = 2, fast: bool = False, **more: Any) -> Any:
    architecture = CoreShell() if field is None else CoreShell(field=field)
    return ideal_cell(ParticleStructure(architecture, classes, fast), **{**FIELD, **more})


STORING = two_hosts(hs.StackedParallel(), interface=hs.LatticeCarriers()).with_particle(
    classes=1, fast=False, in_volumes=True
)
CELLS = {
    "one host": hs.load("CZT", "lumped").with_particle(classes=2),
    "core-shell": core_shell(fast=True),
    "fading field": core_shell(StateDependentField(), **{names.FADING: 0.5}),
    "switching field": core_shell(SwitchingField()),
    "dispersed hosts": two_hosts(hs.Dispersed()),
    "mixture": two_hosts(hs.Mixture()),
    "storing layers": STORING,
    "core-shell hosts": two_hosts(hs.CoreShell(), values=FIELD),
}
CELLS = {name: cell if cell is STORING else cell.with_volumes() for name, cell in CELLS.items()}
FREE_ENERGY = {name: cell for name, cell in CELLS.items() if name != "switching field"}


def stepped(cell: Any, kind: str, hours: float, mean: float = MEAN, seconds: float = 10.0) -> Any:
    """The solution of a constant current that would fill all sites in so many hours, from rest at a mean."""
    built = engine.built_model(cell, kind)
    inputs = built.inputs(cell, mean)
    mass = inputs["Active mass loading [mg.cm-2]"] * inputs["Electrode area [cm2]"]
    full = inputs["Specific capacity [mA.h.g-1]"] * mass * 1e-6
    return measured_step(built, inputs, full / hours, seconds, None).solution


def in_model(name: str, kind: str) -> Any:
    """A cell; two hosts as core and shell, whose equations are the longest, have one size outside the SPM."""
    cell = CELLS[name]
    return cell.with_particle(classes=1) if kind != "SPM" and name == "core-shell hosts" else cell


def profiles(solution: Any, times: Any = 2, *wanted: str) -> Any:
    return profiles_of(solution, "a test", Outcome.CUT_OFF, "", times, wanted or None)


def curve(cell: hs.HalfCell, mean: float) -> float:
    """The measured curve of insertion at a mean occupancy [V]: from the laws alone."""
    if cell.hosts is None:
        of = ("potentials [V]", "shares", "widths")
        numbers = [cell.values.numbers(f"Insertion plateau {one}") for one in of]
        return float(plateau_staircase(mean, *numbers, cell.thermal_voltage))
    shares = [cell.values.number(f"Component {one} site capacity [mA.h.g-1]") for one in "AB"]
    masses = (0.5, 0.5)

    def charge(u: float) -> float:
        held = [
            held_at(u, Sites(one.potentials, one.shares, one.widths, (0.0, 0.0)),
                    cell.thermal_voltage)
            for one in (A, B)
        ]  # fmt: skip
        parts = [m * q * theta for m, q, theta in zip(masses, shares, held, strict=True)]
        return float(sum(parts) / np.dot(masses, shares)) - mean

    return float(brentq(charge, 0.0, 2.0, xtol=1e-13))


# --- at rest -------------------------------------------------------------------------------------


# these have the same expressions in all models
ONLY_SPM = ("fading field", "switching field", "storing layers")
AT_REST = [
    (name, kind)
    for name in CELLS
    for kind in (("SPM",) if name in ONLY_SPM else ("SPM", "SPMe", "DFN"))
]


@pytest.mark.parametrize(("name", "kind"), AT_REST)
def test_at_rest_u_is_uniform_and_the_open_circuit_curve(name: str, kind: str) -> None:
    cell = in_model(name, kind)
    found = profiles(stepped(cell, kind, np.inf), 2, "electrochemical_potential", "voltage")
    # the curve of a particle with storing layers has the sites of those too
    expected = float(cell.hosts.potential(MEAN, 1)) if cell is STORING else curve(cell, MEAN)
    assert np.abs(found.electrochemical_potential - expected).max() < LIMIT
    if kind == "SPM":  # without an electrolyte and a current it is the voltage, an algebraic state
        assert np.abs(found.voltage - expected).max() < 1e-5


@pytest.mark.parametrize("mean", [0.05, 0.3, 0.9])
@pytest.mark.parametrize("name", ["core-shell", "core-shell hosts", "dispersed hosts"])
def test_u_is_the_curve_at_any_filling(name: str, mean: float) -> None:
    cell = CELLS[name]
    found = profiles(stepped(cell, "SPM", np.inf, mean), 2, "electrochemical_potential")
    error = found.electrochemical_potential - curve(cell, mean)
    assert np.abs(error).max() < LIMIT


def test_without_a_field_or_a_second_host_there_is_no_such_profile() -> None:
    solution = stepped(CELLS["one host"], "SPM", np.inf)
    found = profiles(solution)
    assert "built_in_potential" not in found
    assert "occupancy_of_host_A" not in found
    assert not [name for name in solution.all_models[0].variables if "built-in" in name]


# --- the field -----------------------------------------------------------------------------------


def of_law(cell: Any, radius: float, x: Any) -> Any:
    """phi of the law in a particle of a radius [m], at x = r/R [V]."""
    number = cell.values.number
    return core_shell_potential(
        x,
        number(names.BUILT_IN_POTENTIAL),
        number(names.CORE_DEBYE_LENGTH) / radius,
        number(names.SHELL_DEBYE_LENGTH) / radius,
        number(names.CORE_FRACTION),
        number(names.PERMITTIVITY_RATIO),
    )


@pytest.mark.parametrize("name", ["core-shell", "core-shell hosts"])
@pytest.mark.parametrize("kind", ["SPM", "DFN"])
def test_phi_is_the_law_and_the_field_its_slope(name: str, kind: str) -> None:
    cell = in_model(name, kind)
    wanted = ("built_in_potential", "built_in_field")
    found = profiles(stepped(cell, kind, np.inf), 1, *wanted).isel(time=-1)
    if kind == "DFN":
        found = found.isel(x=2)
    x = found.radius.to_numpy()
    # beside one size there is none to tell apart
    radii = np.ravel(found.get("particle_radius", cell.values.number("Particle radius [m]")))
    phis, fields = (found[name].to_numpy().reshape(radii.size, x.size) for name in wanted)
    for radius, phi, field in zip(radii, phis, fields, strict=True):
        assert np.abs(phi - of_law(cell, radius, x)).max() < 1e-14  # round-off of 0.1 V
        h = 1e-5
        slope = (of_law(cell, radius, x + h) - of_law(cell, radius, x - h)) / (2 * h * radius)
        # phi''' h^2/6 with phi''' of some 1/lambda^3, and 1e-16/h
        assert np.abs(field + slope).max() < 1e-6 * np.abs(field).max()


def test_the_field_integrates_to_the_potential() -> None:
    """By the rule of the mesh: E at the middle of two nodes from both of them."""
    found = profiles(stepped(core_shell(classes=1), "SPM", np.inf)).isel(time=-1)
    field, phi = found.built_in_field.to_numpy(), found.built_in_potential.to_numpy()
    r = found.radius.to_numpy() * core_shell().values.number("Particle radius [m]")
    steps = (field[1:] + field[:-1]) / 2 * np.diff(r)
    # of a mesh of 48 volumes that thin out towards the junction; the field peaks there
    assert -np.sum(steps) == pytest.approx(phi[-1] - phi[0], rel=0.01)


def test_the_amplitude_of_a_fading_field_is_in_it() -> None:
    cell = CELLS["fading field"]
    found = profiles(stepped(cell, "SPM", 1.0, seconds=900.0), 5)
    x = found.radius.to_numpy()
    for i in (0, 1):
        whole = of_law(cell, float(found.particle_radius[i]), x)
        faded = (1 - 0.5 * found.mean_occupancy.to_numpy())[:, None] * whole
        # the amplitude is an algebraic state, solved to 1e-6 of itself
        assert np.abs(found.built_in_potential[:, i] - faded).max() < 1e-6
    assert float(abs(found.built_in_potential).max("radius")[0, 1]) > 1.1 * float(
        abs(found.built_in_potential).max("radius")[-1, 1]
    )


def test_a_switching_field_turns_with_the_current() -> None:
    cell = CELLS["switching field"]
    into, out_of = (
        profiles(stepped(cell, "SPM", hours)).built_in_field[-1, 0] for hours in (1.0, -1.0)
    )
    assert float(abs(into).max()) > 1e4
    assert np.allclose(into, -out_of, rtol=1e-12)


# --- charge --------------------------------------------------------------------------------------


# one of each kind of expression in the DFN
HELD = [(name, "SPM") for name in CELLS]
HELD += [(name, "DFN") for name in ("core-shell", "core-shell hosts", "mixture")]


@pytest.mark.parametrize(("name", "kind"), HELD)
def test_means_of_the_profiles_are_the_inventory(name: str, kind: str) -> None:
    cell = in_model(name, kind)
    wanted = ("occupancy", "surface_occupancy", "mean_occupancy")
    found = profiles(stepped(cell, kind, 1.0, mean=0.3, seconds=720.0), 4, *wanted)
    volumes, classes = found.volume_share, found.get("share_of_slow_capacity", 1.0)
    assert float(volumes.sum()) == pytest.approx(1, abs=1e-14)
    assert float(np.sum(classes)) == pytest.approx(1, abs=1e-14)
    theta, k = found.occupancy, 1.0
    if name == "core-shell hosts":  # per volume the hosts hold k_A and k_B of the mean
        core = found.radius < cell.values.number(names.CORE_FRACTION)
        share = float(volumes.where(core, 0).sum())
        capacity = [cell.values.number(f"Component {one} site capacity [mA.h.g-1]")
                    * cell.values.number(f"Component {one} density [kg.m-3]") for one in "AB"]  # fmt: skip
        k_a, k_b = np.array(capacity) / (share * capacity[0] + (1 - share) * capacity[1])
        k = core * k_a + (~core) * k_b
    slow = (k * theta * volumes * classes).sum({"radius", "size_class"} & set(theta.dims))
    fast = cell.values.number(names.FAST_FRACTION) if cell.structure.fast else 0.0
    mean = (1 - fast) * slow + fast * found.surface_occupancy
    if kind == "DFN":
        mean = mean.mean("x")
    assert np.abs(mean - found.mean_occupancy).max() < 1e-12  # round-off
    passed = found.time.to_numpy() / 3600.0
    # the charge balance of the solver's arithmetic
    assert np.abs(mean - mean[0] - passed).max() < 1e-9


@pytest.mark.parametrize("name", ["dispersed hosts", "mixture", "core-shell hosts"])
def test_the_means_of_both_hosts_add_up(name: str) -> None:
    cell = CELLS[name]
    found = profiles(stepped(cell, "SPM", 1.0, mean=0.3, seconds=720.0), 3)
    held = [found[f"mean_occupancy_of_host_{one}"] for one in "AB"]
    capacity = [400.0, 300.0]
    if name == "core-shell hosts":
        share = float(
            found.volume_share.where(
                found.radius < cell.values.number(names.CORE_FRACTION), 0
            ).sum()
        )
        density = [cell.values.number(f"Component {one} density [kg.m-3]") for one in "AB"]
        capacity = [share * density[0] * 400.0, (1 - share) * density[1] * 300.0]
    total = sum(q * one for q, one in zip(capacity, held, strict=True)) / sum(capacity)
    # u at the surface is an algebraic state, held to 0.06 mV; the fast sites follow it
    assert np.abs(total - found.mean_occupancy).max() < 1e-5


# --- under a current -----------------------------------------------------------------------------


def rates(model: Any, given: Any) -> Any:
    """A function of the state: the rates of the differential states, as the solver has them."""
    state = casadi.MX.sym("state", model.len_rhs_and_alg)
    inputs = {name: casadi.DM(value) for name, value in given.items()}
    balances = model.concatenated_rhs.to_casadi(casadi.MX(0), state, inputs=inputs)
    return casadi.Function("rates", [state], [balances])


@pytest.mark.parametrize("name", FREE_ENERGY)
def test_ions_go_where_u_is_higher(name: str) -> None:
    """In any state: what the balances bring through each face goes from lower to higher u, so mu falls."""
    cell = FREE_ENERGY[name]
    built, solved = engine.built_model(cell, "SPM"), stepped(cell, "SPM", np.inf, mean=0.4)
    given, start = solved.all_inputs[0], np.asarray(solved.y)[:, 0]
    inside = built._states(lambda one: one.domain == [names.PARTICLE])
    rates_of = rates(built.model, given)
    times = np.arange(12.0)

    def seen(states: Any) -> Any:
        at = times[: states.shape[1]]
        solution = pybamm.Solution([at], [states], [built.model], [given])
        return profiles(solution, at, "occupancy", "electrochemical_potential")

    at_rest = seen(np.column_stack([start, start])).occupancy[0].to_numpy().ravel()
    rng, states = np.random.default_rng(7), np.tile(start[:, None], len(times))
    for column, spread in enumerate(np.geomspace(0.01, 2.0, len(times))):
        weight = at_rest / (1 - at_rest) * np.exp(rng.normal(0, spread, inside.size))
        states[inside, column] = start[inside] / at_rest * weight / (1 + weight)
    found = seen(states)
    volumes, clear = found.volume_share.to_numpy(), 0
    for column in range(len(times)):
        by_class = np.ravel(rates_of(states[:, column]))[inside].reshape(-1, volumes.size)
        inwards = np.cumsum(by_class * volumes, axis=1)[:, :-1]  # through each inner face
        u = found.electrochemical_potential[column].to_numpy().reshape(-1, volumes.size)
        rises = -np.diff(u, axis=-1)
        # a sum of balances has round-off, an inverse of an occupancy 1e-9 V
        told = (np.abs(rises) > 1e-8) & (np.abs(inwards) > 1e-9 * np.abs(by_class).max())
        clear += told.sum()
        assert np.all(np.sign(inwards[told]) == np.sign(rises[told]))
    assert clear > 100


@pytest.mark.parametrize("hours", [0.2, -0.2])
@pytest.mark.parametrize("name", [one for one in FREE_ENERGY if one != "fading field"])
def test_insertion_lowers_u_towards_the_surface(name: str, hours: float) -> None:
    """From rest all ions go one way; those of a fading field rearrange beside that."""
    solution = stepped(FREE_ENERGY[name], "SPM", hours, seconds=60.0)
    u = profiles(solution, 2, "electrochemical_potential").electrochemical_potential[-1].to_numpy()
    assert np.all(np.sign(hours) * np.diff(u, axis=-1) <= 1e-9)  # of an inverse occupancy
    assert np.all(np.sign(hours) * (u[..., 0] - u[..., -1]) > 1e-4)


def test_u_at_the_surface_is_what_the_reaction_sees() -> None:
    """The last node is a fiftieth of the radius away from it."""
    solution = stepped(CELLS["core-shell"], "SPM", 5.0, seconds=600.0)
    u = profiles(solution, 2, "electrochemical_potential").electrochemical_potential[-1, 0, -1]
    at_surface = solution["X-averaged positive electrode open-circuit potential [V]"].entries[-1]
    # the drop over the last half volume, 0.0005 R, of some 0.1 V over R
    assert float(u) == pytest.approx(at_surface, abs=2e-4)


# --- junctions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("gathering", [0.0, 0.05])
def test_junction_layers_hold_their_volume_and_what_they_gather(gathering: float) -> None:
    cell = STORING.with_values(
        {"Interface potential [V]": gathering, "Interface storing share": 1.0}
    )
    found = profiles(
        stepped(cell, "SPM", np.inf), 2, "share_of_ions_stored_at_junctions", "mean_occupancy"
    )
    share = float(found.share_of_ions_stored_at_junctions[0])
    architecture, number = cell.structure.architecture, cell.values.number
    volume, layer = (
        architecture.layer_fraction(number),
        architecture.channel.places_in_layer(number),
    )
    u, thermal = float(cell.hosts.potential(MEAN, 1)), cell.thermal_voltage
    held = sum(
        q * w * held_at(u - shift, Sites(one.potentials, one.shares, one.widths, (0, 0)), thermal)
        for q, one in ((400 / 700, A), (300 / 700, B))
        for w, shift in layer
    )
    assert share == pytest.approx(volume * held / MEAN, abs=1e-8)  # of the inverse
    if gathering == 0:
        assert share == pytest.approx(volume, abs=1e-8)


# --- limits --------------------------------------------------------------------------------------


def test_an_empty_host_does_not_tell_u() -> None:
    """B, 1.5 V below a half full A, holds e^-58."""
    a = hs.Host("A", (2.0,), (1.0,), 400.0, (1.0,))
    b = hs.Host("B", (0.5,), (1.0,), 400.0, (1.0,))
    cell = hs.heterostructure(a, b, ion="K", architecture=hs.Mixture())
    cell = cell.with_particle(classes=1, in_volumes=True)
    found = profiles(stepped(cell, "SPM", np.inf, mean=0.2), [0.0], "electrochemical_potential")
    in_a, in_b = found.electrochemical_potential[0].to_numpy()
    half = cell.thermal_voltage * np.log(0.6 / 0.4)  # A holds twice the mean
    assert np.abs(in_a - 2.0 - half).max() < LIMIT
    assert np.isnan(in_b).all()


def test_quickplot_knows_them() -> None:
    """In plain PyBaMM, without hetsim's engine."""
    structure = ParticleStructure(classes=9, fast=True, in_volumes=True)
    model = pybamm.Model("HeterostructureSPM", structure=structure)
    simulation = pybamm.Simulation(model, parameter_values=pybamm.ParameterValues("CZT"))
    solution = simulation.solve([0, 60])
    name = "X-averaged positive particle electrochemical potential in size class 1 [V]"
    plot = pybamm.QuickPlot(solution, [name])
    plot.plot(30.0)
    assert np.isfinite(solution[name](t=30.0, r=0.5))
