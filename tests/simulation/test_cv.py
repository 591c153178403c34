"""Cyclic voltammetry against what theory says of diffusion and of a capacitor."""

from dataclasses import replace

import numpy as np
import pybamm
import pytest
from junction_storage import area_per_volume, storing
from structured_cell import ideal_cell

import hetsim as hs
from hetsim import engine, names
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.engine.ledger import charge_of
from hetsim.engine.rough_cycles import Found
from hetsim.laws.electrode import active_fraction, full_charge
from hetsim.parameters.flat import flat_values
from hetsim.submodels import Dispersed, ParticleStructure
from hetsim.units import MAH

E0 = 1.0  # V
TEMPERATURE = 298.15
THERMAL = GAS_CONSTANT * TEMPERATURE / FARADAY


def nernst_cell(**changes):
    """One plateau with ideal mixing: theta_s = 1/(1 + exp((E - E0)/V_T)), and fast kinetics."""
    curve = {
        f"{branch} plateau {what}": value
        for branch in ("Insertion", "Extraction")
        for what, value in (("potentials [V]", (E0,)), ("shares", (1.0,)), ("widths", ()))
    }
    cell = ideal_cell(ParticleStructure())
    return cell.with_values(
        {
            **curve,
            "Lower voltage cut-off [V]": E0 - 0.4,
            "Upper voltage cut-off [V]": E0 + 0.4,
            "Ambient temperature [K]": TEMPERATURE,
            "Double-layer capacity [F.m-2]": 0.0,
            # they take 0.2 mV of 26; faster ones would turn round-off of a potential into current
            "Exchange-current density [A.m-2]": 100.0,
            "Metal exchange-current density [A.m-2]": 1e4,
            **changes,
        }
    )


def diffusion_cell(radius, diffusivity):
    """Large particles: the diffusion layer of a sweep stays near the surface."""
    return nernst_cell(
        **{
            "Particle radius [m]": radius,
            "Component A diffusivity [m2.s-1]": diffusivity,
            "Exchange-current density [A.m-2]": 1e4,  # for a small inner surface
        }
    )


def first_sweep(cell, rates):
    window = {"lower": E0 - 0.35, "upper": E0 + 0.17}
    return hs.run(cell, hs.CV(rates, **window, cycles=1, tolerance=None, points=2000), model="SPM")


def slope(x, y):
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def inner_surface_per_gram(cell):
    """3/(rho R) [m2.g-1]"""
    v = cell.values
    return 3 / (v["Active material density [kg.m-3]"] * v["Particle radius [m]"]) * 1e-3


def site_density(cell):
    v = cell.values
    return (
        v["Specific capacity [mA.h.g-1]"] * 3600 * v["Active material density [kg.m-3]"] / FARADAY
    )


def test_diffusion_gives_the_peak_of_randles_and_sevcik():
    """i_p = F c (0.4463 sqrt(D v/V_T) - 0.752 D/R) per inner surface, 1.109 V_T below E0.

    Nicholson and Shain, Anal. Chem. 36, 706 (1964), with their correction for a sphere; inside of
    one, it takes away.
    """
    radius, diffusivity, rate = 1e-6, 1e-17, 2.0
    cell = diffusion_cell(radius, diffusivity)
    peak = first_sweep(cell, [rate]).sweeps[0].largest("insertion")
    flux = 0.4463 * np.sqrt(diffusivity * rate * 1e-3 / THERMAL) - 0.752 * diffusivity / radius
    exact = FARADAY * site_density(cell) * flux * inner_surface_per_gram(cell)
    # the mesh has some twenty volumes in the diffusion layer, a twentieth of the radius
    assert peak.current == pytest.approx(exact, rel=4e-3)
    # the sphere moves the peak by D/R over the planar flux, 3 % of V_T here
    assert (peak.potential - E0) / THERMAL == pytest.approx(-1.109, abs=0.04)


def test_pure_diffusion_has_b_of_one_half():
    cell, rates = diffusion_cell(1e-6, 1e-17), [0.5, 1.0, 2.0]
    sweeps = [first_sweep(cell, [rate]).sweeps[0] for rate in rates]
    # the sphere adds 0.01: its share of the current falls with the root of the rate
    peaks = [one.largest("insertion").current for one in sweeps]
    assert slope(rates, peaks) == pytest.approx(0.5, abs=0.02)


def test_a_pure_capacitor_has_b_of_one():
    """No reaction: i = C v on the inner surface, in both directions."""
    capacity = 20.0
    cell = nernst_cell(
        **{"Exchange-current density [A.m-2]": 1e-8, "Double-layer capacity [F.m-2]": capacity}
    )
    run = hs.run(cell, hs.CV([0.2, 1.0, 5.0], tolerance=1e-5), model="SPM")
    exact = capacity * inner_surface_per_gram(cell) * run.scan_rates * 1e-3
    for sweep, sign in (("insertion", 1), ("extraction", -1)):
        middle = [np.interp(E0, *_rising(one.of(sweep))) for one in run.sweeps]
        # 1e-8 A/m2 reacts beside 4e-3 and more
        assert sign * np.array(middle) == pytest.approx(exact, rel=1e-3)
        assert slope(run.scan_rates, np.abs(middle)) == pytest.approx(1.0, abs=0.02)


def _rising(curve):
    potential, current = curve
    order = np.argsort(potential)
    return potential[order], current[order]


@pytest.fixture(scope="module")
def periodic():
    """CZT, whose branches are 0.8 V apart, between its cut-offs."""
    return hs.run(hs.load("CZT", "lumped").with_particle(classes=3), hs.CV([1.0, 0.3]), model="SPM")


def test_both_sweeps_are_both_sweeps(periodic):
    for one in periodic.sweeps:
        for sweep, sign in (("insertion", 1), ("extraction", -1)):
            potential, current = one.of(sweep)
            assert np.all(sign * np.diff(potential) < 0)
            assert (potential.min(), potential.max()) == pytest.approx((0.01, 3.0), abs=1e-6)
            behind = current[1:]  # at the vertex the current is still that of the other sweep
            assert sign * behind[np.argmax(np.abs(behind))] > 0
            assert one.largest(sweep).sweep == sweep
        insertion, extraction = (
            one.largest(sweep).potential for sweep in ("insertion", "extraction")
        )
        assert extraction - insertion > 0.8  # the branches alone


def test_a_periodic_cycle_closes(periodic):
    for one in periodic.sweeps:
        assert one.outcome is hs.Outcome.COMPLETED
        assert abs(one.closure) <= 1e-5
        assert one.potential[-1] == pytest.approx(one.potential[0], abs=1e-6)
        assert one.charge_balance <= 1e-6
        # independent of the state that counts the charge: the integral of what is shown, over 600
        # points with kinks at the vertices
        into = np.trapezoid(np.maximum(one.current, 0), one.time)
        out = np.trapezoid(np.minimum(one.current, 0), one.time)
        assert out == pytest.approx(-into, rel=1e-3)


def solve_tightly(cell, monkeypatch):
    """From now on, solve the voltammograms of a cell a thousand times more closely."""
    patient = {"max_error_test_failures": 100}
    tight = pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11, options=patient)
    monkeypatch.setattr(engine.built_model(cell, "SPM", engine.VOLTAGE), "_solvers", [tight])


def test_a_voltammogram_is_that_of_tight_tolerances(monkeypatch):
    """With branches that are 0.8 V apart, whose change is steep."""
    cell, protocol = hs.load("CZT").with_particle(classes=3), hs.CV([0.1], cycles=1, tolerance=None)
    usual = hs.run(cell, protocol, model="SPM").sweeps[0]
    solve_tightly(cell, monkeypatch)
    exact = hs.run(cell, protocol, model="SPM").sweeps[0]
    # no onset of a current is late: that would be some percent
    assert usual.current == pytest.approx(exact.current, abs=1e-4 * exact.current.max())


WIDE = {"lower": E0 - 0.17, "upper": E0 + 0.17}
"""From 0.1 to 99.9 % of the sites at rest [V]."""


def relaxing_cell(**changes):
    """R^2/D = 20 min, so that a few cycles of 11 min forget how they began."""
    radius = nernst_cell().values["Particle radius [m]"]
    fast = {"Component A diffusivity [m2.s-1]": radius**2 / 1200.0}
    return nernst_cell(**fast, **changes)


def test_the_periodic_state_is_that_of_many_cycles():
    cell = relaxing_cell()
    found, patient = (
        hs.run(cell, hs.CV([1.0], **WIDE, cycles=n, tolerance=t), model="SPM").sweeps[0]
        for n, t in ((20, 1e-5), (14, None))
    )
    assert found.cycles < 7
    # both are within 1e-5 of the periodic charge; where the current is steep, the solver repeats a single
    # point to 2e-4 of the peak only: another round-off in the parameters is another sequence of steps
    difference = (found.current - patient.current) / found.current.max()
    assert np.sqrt(np.mean(difference**2)) < 1e-4
    assert np.abs(difference).max() < 5e-4


def test_a_field_does_not_keep_the_periodic_state_from_being_found():
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1)
    one = hs.run(cell, hs.CV([0.5]), model="SPM").sweeps[0]
    assert one.outcome is hs.Outcome.COMPLETED
    assert abs(one.closure) <= 1e-5


def test_what_does_not_become_periodic_says_so():
    run = hs.run(hs.load("CZT").with_particle(classes=3), hs.CV([1.0], cycles=2), model="SPM")
    one = run.sweeps[0]
    assert one.outcome is hs.Outcome.NOT_PERIODIC
    assert "try more cycles" in one.reason
    assert one.current.size > 0


def test_exactly_as_many_cycles_as_asked_for():
    cell = relaxing_cell()
    one = hs.run(cell, hs.CV([1.0], **WIDE, cycles=2, tolerance=None), model="SPM").sweeps[0]
    assert (one.cycles, one.outcome) == (2, hs.Outcome.COMPLETED)


def test_start_inside_the_window_and_the_other_direction():
    cell = relaxing_cell()
    inside = hs.CV([1.0], **WIDE, start=E0, direction="extraction", cycles=1, tolerance=None)
    one = hs.run(cell, inside, model="SPM").sweeps[0]
    assert one.potential[[0, -1]] == pytest.approx([E0, E0], abs=1e-6)
    assert one.potential[1] > E0
    # the highest of 300 points of a sweep is at the vertex
    assert one.potential.max() == pytest.approx(E0 + 0.17, abs=1e-6)


def test_junction_storage_adds_its_capacity():
    """The sites take the same at the same potential, and the junctions C a times the window beside."""
    plain, with_junctions = (
        storing(Dispersed(), capacity, **{"Interfacial charging time [s]": 1e-3})
        for capacity in (0.0, 5.0)
    )
    sweeps = [
        hs.run(cell, hs.CV([1.0], cycles=1, tolerance=None), model="SPM").sweeps[0]
        for cell in (plain, with_junctions)
    ]
    downwards = [one.branch > 0 for one in sweeps]
    total = [
        float(np.trapezoid(one.current[here], one.time[here]))
        for one, here in zip(sweeps, downwards, strict=True)
    ]
    area = area_per_volume(Dispersed(), plain.values["Particle radius [m]"])
    density = plain.values["Active material density [kg.m-3]"] * 1e3  # g.m-3
    exact = 5.0 * area * 0.6 / density  # window of 0.6 V
    # 300 points of a sweep with two peaks; each total is good to 4e-5 and the difference is 2 % of it
    assert total[1] - total[0] == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize("kind", ["SPMe", "DFN"])
def test_models_agree_on_a_slow_cycle(kind):
    cell, slow = hs.load("CZT").with_particle(classes=1), hs.CV([0.1], cycles=1, tolerance=None)
    single, other = (hs.run(cell, slow, model=k).sweeps[0] for k in ("SPM", kind))
    # 0.15 mA/cm2 drop 1 mV in the electrolyte, of the 90 mV that a peak is wide at least
    assert other.current == pytest.approx(single.current, abs=0.05 * np.abs(single.current).max())


def test_other_values_never_build():
    cell = hs.load("CZT").with_particle(classes=3)
    hs.run(cell, hs.CV([1.0], cycles=1, tolerance=None), model="SPM")
    before = engine.builds()
    other = cell.with_values({"Particle radius [m]": 100e-9, "Double-layer capacity [F.m-2]": 0.5})
    quick = hs.CV([3.0, 0.7], 0.2, 2.0, start=1.0, cycles=1, tolerance=None)
    run = hs.run(other, quick, model="SPM")
    assert engine.builds() == before
    assert all(one.outcome.good for one in run.sweeps)


def test_frame_and_dataset_carry_units_and_origin(periodic, tmp_path):
    frame = periodic.to_frame()
    cell = hs.load("CZT")
    mass = 1e-3 * cell.values["Active mass loading [mg.cm-2]"] * cell.values["Electrode area [cm2]"]
    # milliampere are ampere per gram times the mass
    assert frame["current [mA]"].to_numpy() == pytest.approx(
        1e3 * mass * frame["current [A.g-1]"].to_numpy(), rel=1e-12, abs=0
    )
    assert set(frame["sweep"]) == {"insertion", "extraction"}
    data = periodic.to_xarray()
    assert data.attrs["parameters_hash"] == periodic.parameters_hash
    assert data["current"].attrs["units"] == "A.g-1"
    data.to_netcdf(tmp_path / "cv.nc", engine="scipy")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.0],), ("scan_rates", "0 mV/s", "positive")),
        (([-1.0],), ("scan_rates", "-1 mV/s", "positive")),
        (([],), ("at least one scan rate",)),
        ((["fast"],), ("scan_rates", "numbers")),
        (([1.0], 2.0, 1.0), ("2 to 1 V", "'lower' must be below 'upper'")),
        (([1.0], 1.0, 2.0, 3.0), ("'start' is 3 V", "1 to 2 V")),
        (([1.0], 1.0, 2.0, None, "down"), ("direction", "'down'", "insertion, extraction")),
        (([1.0], 1.0, 2.0, None, "insertion", 0), ("cycles", "at least 1")),
    ],
)
def test_bad_protocol_is_one_clear_sentence(arguments, words):
    with pytest.raises(hs.ParameterError) as error:
        hs.CV(*arguments)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ((0.5, 4.0), ("'upper' is 4 V", "0.01 to 3 V", "cut-offs of CZT")),
        ((-0.5, 2.0), ("'lower' is -0.5 V", "0.01 to 3 V")),
        ((2.7, 2.9), ("2.7 to 2.9 V", "outside the open-circuit curve", "nothing would react")),
        ((3.0, None), ("3 to 3 V", "'lower' must be below 'upper'")),
    ],
)
def test_a_window_that_the_cell_does_not_allow(window, words):
    with pytest.raises(hs.ParameterError) as error:
        hs.run(hs.load("CZT", "lumped"), hs.CV([1.0], *window), model="SPM")
    for word in words:
        assert word in str(error.value)


def test_hosts_of_a_mixture_stay_on_their_branches_where_the_search_shifts_what_they_hold() -> None:
    host = hs.Host("A", (1.1, 0.6), (0.5, 0.5), 300.0, (4.0, 3.0), (0.4, 0.4), 1e-19, 5000.0)
    other = replace(host, name="B", potentials=(0.8, 0.3), diffusivity=1e-17)
    cell = hs.heterostructure(host, other, ion="K", architecture=hs.Mixture())
    built = engine.built_model(cell, "SPM", engine.VOLTAGE)
    inputs = built.inputs(cell, 0.4, "insertion")
    search = built.periodic_search(inputs)
    before = np.reshape(search.resting(0.4), (-1, 1))
    shifted = np.array(before)
    shifted[search.slow] += 0.02
    settled = search.settled(before, shifted)
    lines = [v for k, v in built.model.algebraic.items() if "hysteresis state" in k.name]
    assert len(lines) == 2
    for line in lines:
        assert line.evaluate(t=0, y=before, inputs=inputs) == pytest.approx(0, abs=1e-12)
        assert abs(line.evaluate(t=0, y=shifted, inputs=inputs)) > 0.01
        assert line.evaluate(t=0, y=settled, inputs=inputs) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("model", ["SPM", "DFN"])
def test_the_mean_of_all_sites_is_that_of_what_the_search_puts_into_particles(model: str) -> None:
    """At every place of the electrode, where the search shifts them: it has not arrived as a current."""
    cell = hs.load("CZT")
    built = engine.built_model(cell, model, engine.VOLTAGE)
    inputs = built.inputs(cell, 0.4, "insertion")
    search = built.periodic_search(inputs)
    before = np.reshape(search.resting(0.4), (-1, 1))
    shifted = np.array(before)
    shifted[search.slow] += 0.02
    means = built.entries([names.MEAN_OF_SITES, names.x_averaged(names.MEAN_OF_SITES)])
    settled = search.settled(before, shifted)
    slow = 1 - cell.values.number(names.FAST_FRACTION)
    moved = (settled - before)[means, 0]
    np.testing.assert_allclose(moved, moved.mean(), rtol=1e-9)
    # the fastest modes are left to the surface, 4e-4 of what is slow
    np.testing.assert_allclose(moved, 0.02 * slow, rtol=1e-3)


def test_a_periodic_cycle_holds_what_its_mean_says() -> None:
    """The state of the mean of all sites, beside the ions in the particles over all sites."""
    cell = hs.load("CZT")
    [sweep] = hs.run(cell, hs.CV([1.0]), "SPM").sweeps
    built = engine.built_model(cell, "SPM", engine.VOLTAGE)
    inputs = built.inputs(cell)
    [mean] = built.entries([names.x_averaged(names.MEAN_OF_SITES)])
    ions = sweep.solution[names.ACCOUNTED].entries
    held = charge_of(ions, inputs) / full_charge(inputs.__getitem__)
    np.testing.assert_allclose(sweep.solution.y[mean], held, atol=1e-9)


def test_cycles_that_are_not_looked_at_leave_what_is_recorded_as_it_is(monkeypatch) -> None:
    """Found with rough steps or with close ones alone: the periodic cycle to 1e-5 of the full capacity."""
    cell, protocol = hs.load("CZT", "lumped"), hs.CV([1.0])
    [rough] = hs.run(cell, protocol, "SPM").sweeps
    monkeypatch.setattr("hetsim.simulation.cv.rough_search", lambda *a: Found(a[3], a[3], 0))
    [close] = hs.run(cell, protocol, "SPM").sweeps
    apart = np.cumsum((rough.current - close.current) * np.gradient(close.time)) / MAH
    assert np.abs(apart).max() < 1e-5 * cell.values.number(names.SPECIFIC_CAPACITY)
    assert abs(rough.closure) < protocol.tolerance


# --- cells that age ------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["SPM", "DFN"])
def test_material_is_lost_with_the_current_that_flows(model: str) -> None:
    """eps/eps_0 = 1 - k q / (2 Q) of the charge that a ramp drives, and the charge of the lost layer is known."""
    loss, whole = 0.2, "Active material loss per full cycle"
    cell = hs.load("CZT", "lumped").with_values({whole: loss}).with_ageing(hs.ChargeDrivenLoss())
    run = hs.run(cell, hs.CV([0.5], points=2000, cycles=1, tolerance=None), model)
    sweep = run.sweeps[0]
    assert sweep.outcome.good
    assert sweep.charge_balance <= 1e-7  # of the solver; without the lost layer's charge it is 1e-4
    left = sweep.solution[names.ACTIVE_FRACTION](t=sweep.solution.t[[0, -1]])
    passed = np.trapezoid(np.abs(sweep.current), sweep.time) / 3.6  # mAh/g
    made = flat_values(cell.model_values)
    full = made["Specific capacity [mA.h.g-1]"]
    fraction = float(active_fraction(made.__getitem__))
    assert (left[0] - left[1]) / fraction == pytest.approx(loss * passed / (2 * full), rel=1e-3)


def test_a_cell_that_loses_material_has_no_periodic_cycle() -> None:
    values = {"Active material loss per full cycle": 0.01}
    cell = hs.load("CZT", "lumped").with_values(values).with_ageing(hs.ChargeDrivenLoss())
    sweep = hs.run(cell, hs.CV([1.0], points=60), "SPM").sweeps[0]
    assert sweep.outcome is hs.Outcome.NOT_PERIODIC
    assert sweep.cycles == 2
    assert sweep.charge_balance <= 1e-6
    assert "loses material" in sweep.reason
    assert "tolerance=None" in sweep.reason


def test_scan_rates_side_by_side_have_the_cycles_that_each_has_alone(periodic) -> None:
    """A periodic cycle does not know where it was come from: to the tolerance of its search, 1e-4 of a peak."""
    assert periodic.sweeps[0].cycles > 2
    for rate, sweep in zip((1.0, 0.3), periodic.sweeps, strict=True):
        [alone] = hs.run(periodic.cell, hs.CV([rate]), model="SPM").sweeps
        assert alone.outcome is sweep.outcome is hs.Outcome.COMPLETED
        np.testing.assert_allclose(sweep.potential, alone.potential, rtol=0, atol=1e-6)
        peak = np.abs(alone.current).max()
        np.testing.assert_allclose(sweep.current, alone.current, rtol=0, atol=1e-4 * peak)


def test_scan_rates_that_are_not_found_side_by_side_are_run_one_by_one(monkeypatch) -> None:
    """Each from where the one before ended, with as many cycles as the protocol allows."""
    monkeypatch.setattr("hetsim.simulation.cv.close_cycles", lambda *of: [None] * len(of[2]))
    cell, protocol = hs.load("CZT", "lumped").with_particle(classes=3), hs.CV([1.0, 0.3])
    for sweep in hs.run(cell, protocol, model="SPM").sweeps:
        assert sweep.outcome is hs.Outcome.COMPLETED
        assert abs(sweep.closure) <= 1e-5
