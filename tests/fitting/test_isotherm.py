"""Isotherms from measured curves: known sites go in, and come out within their intervals."""

from dataclasses import replace

import numpy as np
import pytest

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting.isotherm.branches import Branch, branches_of
from hetsim.fitting.isotherm.from_curve import voltage_error
from hetsim.fitting.isotherm.hosts import by_capacity, by_peaks
from hetsim.fitting.isotherm.kinetics import crossed
from hetsim.fitting.isotherm.least_squares import (
    SiteValues,
    curves_of,
    forward,
    residuals,
    slopes,
)
from hetsim.fitting.isotherm.staircase import staircase
from hetsim.laws.isotherm import plateau_staircase
from hetsim.laws.multi_site import Sites, occupancy
from hetsim.measurements import CvCycle
from hetsim.parameters.system_file import read_system

V_T = 0.025693
"""RT/F at 25 degC [V]."""
CAPACITY = "Specific capacity [mA.h.g-1]"
KNOWN = Sites([1.7, 1.2, 0.6], [0.2, 0.45, 0.35], [5.0, 3.0, 4.0], [0.3, 0.5, 0.4])
"""Inside the window, three kinds."""
FULL = 400.0
RNG = np.random.default_rng(3)


def cell() -> hs.HalfCell:
    """CoTe2 alone, with grains and kinetics so fast that a slow cycle is close to rest."""
    fast = {
        "Component A diffusivity [m2.s-1]": 4e-16,
        "Exchange-current density [A.m-2]": 0.1,
        "Component A site potentials [V]": KNOWN.potentials,
        "Component A site shares": KNOWN.shares,
        "Component A site widths": KNOWN.widths,
        "Component A site hysteresis [V]": KNOWN.hysteresis,
        "Component A site capacity [mA.h.g-1]": FULL,
        CAPACITY: FULL,
    }
    return hs.load("CT").with_values(fast)


def exact(noise: float = 0.0) -> list[hs.VoltageCurveData]:
    """Both branches of the isotherm itself, to where all sites are empty and full."""
    curves = []
    for direction in (1.0, -1.0):
        potential = np.linspace(2.7, -0.4, 1500)[:: int(direction)]
        held = FULL * np.asarray(occupancy(potential, KNOWN, V_T, direction))
        charge = np.abs(held - held[0])
        measured = potential + noise * RNG.normal(size=potential.size)
        curves.append(hs.VoltageCurveData(direction * 0.01, charge, measured))
    return curves


def assert_within(found: hs.Isotherm, known: Sites = KNOWN) -> None:
    """Every value of every site lies in its 95 % interval, and none of them is as wide as to say nothing."""
    assert len(found.sites) == len(known.potentials)
    rows = zip(known.potentials, known.shares, known.widths, known.hysteresis, strict=True)
    for site, values in zip(found.sites, rows, strict=True):
        for name, value in zip(("potential", "share", "width", "hysteresis"), values, strict=True):
            low, high = getattr(site, f"{name}_interval")
            assert low <= value <= high, (name, value, low, high)
            assert high - low < max(0.5 * abs(value), 0.2), (name, low, high)  # it says something


# --- least squares --------------------------------------------------------------------------------


def test_the_isotherm_itself_comes_back_within_its_intervals():
    found = hs.isotherm_from(exact())
    assert_within(found)
    assert found.capacity == pytest.approx(FULL, rel=0.01)
    assert found.rms < 2e-4  # no noise, no kinetics: what the samples are interpolated to


def test_noise_is_found_again_and_intervals_hold_it():
    found = hs.isotherm_from(exact(noise=2e-3), noise=2e-3)
    assert_within(found)
    # of 2 mV, in which a fit of 17 values to some 250 samples takes next to nothing
    assert 1.5e-3 < found.rms < 2.5e-3


def test_the_criterion_takes_neither_fewer_nor_more_sites():
    table = hs.isotherm_from(exact(noise=1e-3)).criteria.set_index("sites")
    assert table["BIC"].idxmin() == 3
    assert table.loc[2, "BIC"] > table.loc[3, "BIC"] + 10  # ten: odds of more than a hundred
    assert table.loc[4, "BIC"] > table.loc[3, "BIC"]


def test_slopes_are_difference_quotients():
    curves = curves_of([one.thinned() for one in branches_of(exact())], 1e-3, V_T)
    x = forward(2, curves, None).x
    exact_slopes = slopes(x, 2, curves)
    for k in range(len(x)):
        step = 1e-6 * np.eye(len(x))[k]
        quotient = (residuals(x + step, 2, curves) - residuals(x - step, 2, curves)) / 2e-6
        scale = np.abs(quotient).max()
        # rounding of a difference of residuals of some hundreds over 2e-6
        np.testing.assert_allclose(exact_slopes[:, k], quotient, atol=1e-5 * scale + 1e-3)


def test_packing_is_its_own_inverse():
    values = SiteValues(*(RNG.uniform(1, 2, 3) for _ in range(4)), np.array([5.0, -3.0]))
    again = SiteValues.unpacked(values.packed(True), 3, True)
    for name in ("charges", "potentials", "widths", "gaps", "origins"):
        np.testing.assert_allclose(getattr(again, name), getattr(values, name), rtol=1e-14)


def test_twice_the_samples_say_no_more():
    """Samples of one curve are not independent: the same misfit weighs the same, however often it was sampled."""
    whole = [one.thinned() for one in branches_of(exact())]
    half = [
        replace(one, charge=one.charge[::2], potential=one.potential[::2], start=0.0)
        for one in whole
    ]
    x = forward(1, curves_of(whole, 1e-3, V_T), None).x
    weights = []
    for branches in (whole, half):
        curves = curves_of(branches, 1e-3, V_T)
        weights.append(np.sum(residuals(x, 1, curves)[: curves.samples] ** 2))
    # the slopes of a curve from half of its samples are a little different; unweighted it is a factor of two
    assert weights[0] == pytest.approx(weights[1], rel=0.25)


def test_the_way_from_the_other_branch_is_left_out():
    """There a simulated voltage lies beyond the open-circuit curve of its own branch."""
    charge = np.linspace(0, 100, 101)
    branch = Branch(1.0, charge, np.linspace(2, 0, 101), 0.1, "voltage curve")
    shift = np.where(charge < 15, -0.2, 0.01)
    assert crossed(branch, shift) == pytest.approx(0.15)  # 14 %, and 1 % beside
    assert crossed(branch, np.full(101, 0.01)) == 0.0


# --- data of the model, with its kinetics ---------------------------------------------------------


@pytest.fixture(scope="module")
def titration() -> hs.Isotherm:
    trace = hs.run(cell(), hs.GITT(0.1, 900, 7200, direction="both"), "SPM").trace
    return hs.isotherm_from(trace)


def test_a_titration_gives_its_sites_back(titration):
    assert_within(titration)
    assert titration.rms < 2e-3
    assert "drift" in titration.remarks[0]


@pytest.fixture(scope="module")
def slow_cycle():
    point = hs.run(cell(), hs.RateTest((0.02,), cycles=1), "SPM").points[0]
    return [
        hs.VoltageCurveData(0.02, point.insertion.capacity, point.insertion.voltage),
        hs.VoltageCurveData(-0.02, point.extraction.capacity, point.extraction.voltage),
    ]


def test_a_slow_cycle_gives_its_sites_back_when_its_rate_is_corrected(slow_cycle):
    raw = hs.isotherm_from(slow_cycle, sites=3)
    found = hs.isotherm_from(slow_cycle, cell=cell())
    assert_within(found)
    assert found.rms < 2e-3
    assert "corrected by the model" in " ".join(found.remarks)
    gaps = [np.array([site.hysteresis for site in one.sites]) for one in (raw, found)]
    # what is not corrected is part of the hysteresis, as the remark says
    assert np.all(gaps[0] > gaps[1])
    assert "upper bound" in " ".join(raw.remarks)
    # some 15 mV; without the start left out, where a host comes from its other branch, some 100
    np.testing.assert_allclose(gaps[0], KNOWN.hysteresis, atol=0.03)
    np.testing.assert_allclose(gaps[1], KNOWN.hysteresis, atol=3e-3)  # of some 15 mV


def test_a_voltammogram_gives_its_sites_back():
    sweep = hs.run(cell(), hs.CV((0.05,), cycles=2, tolerance=None), "SPM").sweeps[0]
    cycle = CvCycle(0.05, sweep.potential, sweep.current)
    found = hs.isotherm_from([cycle], cell=cell(), sites=3)
    assert_within(found)
    assert found.rms < 2e-3


def test_one_direction_does_not_tell_a_hysteresis(slow_cycle):
    found = hs.isotherm_from(slow_cycle[0])
    assert not found.both_directions
    assert all(one.hysteresis == 0 for one in found.sites)
    assert any("One direction" in one for one in found.remarks)
    inserted = [u - gap / 2 for u, gap in zip(KNOWN.potentials, KNOWN.hysteresis, strict=True)]
    # those of the insertion branch, less what the rate takes off, some 8 mV
    np.testing.assert_allclose([one.potential for one in found.sites], inserted, atol=0.03)


# --- into a cell and into a file ------------------------------------------------------------------


def test_it_goes_into_a_cell_of_two_hosts(titration):
    made = titration.on(cell())
    theta = np.linspace(0.1, 0.9, 9)
    for branch in ("insertion", "extraction"):
        of_cell = np.array([made.open_circuit_potential(one, branch) for one in theta])
        np.testing.assert_allclose(of_cell, titration.potential(theta, branch), atol=1e-6)
    assert made.values[CAPACITY] == pytest.approx(titration.capacity)


def test_it_goes_into_a_cell_of_one_host_as_plateaus(titration):
    made = titration.on(hs.load("CZT", "lumped"))
    theta = np.linspace(0.1, 0.9, 33)
    for branch in ("insertion", "extraction"):
        wanted = titration.potential(theta, branch)
        of_cell = np.array([made.open_circuit_potential(one, branch) for one in theta])
        assert np.sqrt(np.mean((of_cell - wanted) ** 2)) < 5e-3  # plateaus are another law
        assert titration.plateaus(branch).rms < 5e-3


def test_it_takes_the_place_of_the_slope_of_a_template(titration):
    neutral = hs.template("K", (0.01, 3.0), 1.2)
    made = titration.on(neutral)
    theta = np.linspace(0.1, 0.9, 9)
    of_cell = np.array([made.open_circuit_potential(one, "extraction") for one in theta])
    np.testing.assert_allclose(of_cell, titration.potential(theta, "extraction"), atol=0.015)
    assert hs.run(made, hs.RateTest((0.1,), cycles=1), "SPM").outcome.good


def test_its_lines_are_a_parameter_file(titration, tmp_path):
    path = tmp_path / "mine.toml"
    lines = titration.to_toml()
    path.write_text(
        '[system]\nname = "mine"\nbase = "CT"\n[hosts.A]\nmaterial = "CoTe2"\n[hosts.A.parameters]\n'
        + lines
        + '\n[hosts.B]\nmaterial = "ZnTe"\n'
    )
    values = read_system(path).values
    potentials = values["Component A site potentials [V]"]
    assert potentials.kind == "fitted"
    np.testing.assert_allclose(
        potentials.numbers, [one.potential for one in titration.sites], rtol=1e-4
    )
    path.write_text(
        '[system]\nname = "mine"\nbase = "KPB"\n[parameters]\n' + titration.to_toml(plateaus=True)
    )
    assert len(read_system(path).values["Insertion plateau shares"].numbers) > 1


def test_its_host_makes_a_heterostructure(titration):
    made = hs.heterostructure(titration.host("Mine"), "ZnTe", "K")
    assert made.values["Component A site capacity [mA.h.g-1]"] == pytest.approx(titration.capacity)


def test_a_staircase_finds_its_own_law_again():
    theta = np.linspace(0.02, 0.98, 200)
    curve = plateau_staircase(theta, [1.6, 0.9, 0.3], [0.3, 0.3, 0.4], [0.03, 0.05], V_T)
    found = staircase(theta, np.asarray(curve), V_T)
    assert found.rms < 2e-3  # what it asks of itself
    assert sum(found.shares) == pytest.approx(1, abs=1e-12)


# --- which sites belong to which host -------------------------------------------------------------


def test_capacities_share_the_sites_out():
    chosen, told = by_capacity([0.3, 0.25, 0.45], (300.0, 250.0))
    assert chosen == [0, 1]  # 55 %
    assert len(told) == 1
    chosen, told = by_capacity([0.3, 0.3, 0.4], (300.0, 700.0))
    assert chosen in ([0], [1])
    assert any("do not tell" in one for one in told)


def test_peaks_share_the_sites_out():
    chosen, told = by_peaks([1.5, 0.95, 0.45], ([0.9, 1.6], [0.5]))
    assert chosen == [0, 1]
    assert len(told) == 1
    assert any("either" in one for one in by_peaks([0.7, 0.2], ([0.9], [0.5]))[1])


def test_hosts_keep_the_curve_of_the_whole(titration):
    """Shared out over two hosts, the sites make the same isotherm of the electrode (equation 2 of laws.multi_site)."""
    pair = hs.load("CZT").with_values({"Site hysteresis ratio": 1.0})
    hosts = titration.of_hosts(peaks=([1.5, 1.0], [0.4]))
    made = hosts.on(pair)
    theta = np.linspace(0.1, 0.9, 9)
    of_cell = np.array([made.open_circuit_potential(one, "insertion") for one in theta])
    np.testing.assert_allclose(of_cell, titration.potential(theta), atol=1e-6)
    assert made.values[CAPACITY] == pytest.approx(titration.capacity)
    assert hosts.a.capacity + hosts.b.capacity == pytest.approx(titration.capacity)


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"capacities": (1.0, 2.0), "peaks": ([1.0], [0.5])},
        {"capacities": (1.0, 0.0)},
        {"peaks": ([], [0.5])},
        {"peaks": ([9.0], [0.5])},
    ],
)
def test_hosts_need_capacities_or_peaks(titration, arguments):
    with pytest.raises(ParameterError):
        titration.of_hosts(**arguments)


# --- wrong input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        ("mine.csv", {}, "TimeTrace"),
        (exact(), {"sites": 0}, "1 to 8"),
        (exact(), {"noise": 0.0}, "positive"),
        (exact(), {"noise": float("nan")}, "positive"),
        (exact(), {"sites": 2.5}, "1 to 8"),
        (exact(), {"temperature": 0.0}, "temperature"),
        (exact(), {"charge_number": -1}, "charge number"),
        (exact(), {"cell": "CT"}, "half cell"),
        (exact(), {"model": "P2D"}, "P2D"),
        ([], {}, "TimeTrace"),
        (hs.VoltageCurveData(0.1, np.arange(1.0, 20), np.full(19, 0.5)), {}, "that change"),
    ],
)
def test_wrong_input_is_refused_in_a_sentence(data, options, words):
    with pytest.raises(ParameterError, match=words):
        hs.isotherm_from(data, **options)


def test_too_few_samples_are_refused():
    few = [
        hs.VoltageCurveData(one.current, one.charge[::180], one.voltage[::180]) for one in exact()
    ]
    with pytest.raises(ParameterError, match="cannot tell 8 kinds"):
        hs.isotherm_from(few, sites=8)


def test_a_site_at_the_end_of_the_window_is_named():
    cut = exact()[0]
    kept = cut.voltage > 0.45  # the last site is at 0.4 V
    found = hs.isotherm_from(
        hs.VoltageCurveData(0.01, cut.charge[kept], cut.voltage[kept]), sites=3
    )
    assert any("beyond an end" in one for one in found.remarks)


def test_an_insertion_that_loses_charge_is_scaled():
    inserted, extracted = exact()
    more = hs.VoltageCurveData(0.01, 1.2 * inserted.charge, inserted.voltage)
    found = hs.isotherm_from([more, extracted], sites=3)
    assert found.capacity == pytest.approx(FULL, rel=0.01)
    assert any("scaled" in one for one in found.remarks)


def test_the_error_is_that_of_the_potential():
    """5 mV up on a branch alone is 5 mV of error: the other branch and all else are as they were."""
    branches = [one.thinned() for one in branches_of(exact())]
    curves = curves_of(branches, 1e-3, V_T)
    found = forward(3, curves, forward(2, curves, forward(1, curves, None)))
    moved = replace(curves, branches=tuple(_up(one) for one in curves.branches))
    off = voltage_error(replace(found, curves=moved))
    assert off == pytest.approx(5e-3, rel=0.1)  # the fit itself is off by some 0.1 mV


def _up(branch: Branch) -> Branch:
    return replace(branch, potential=branch.potential + 5e-3)
