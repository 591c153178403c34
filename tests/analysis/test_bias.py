"""A known truth goes in; what does the analysis find?"""

from dataclasses import replace

import numpy as np
import pytest

import hetsim as hs
from hetsim import analysis, engine
from hetsim.analysis import CapacitiveShare, GittDiffusivity, MeanExponent, from_slope, gitt_ratio
from hetsim.errors import ParameterError
from hetsim.laws.pulse import sphere_surface_rise

HOUR = 3600.0
RADIUS = hs.load("CZT").values["Particle radius [m]"]


@pytest.fixture(scope="module")
def fickian():
    """One size, no fast share, one curve for both directions, R^2/D = 1 h, starting on its slope."""
    curve = {
        f"{branch} plateau {what}": value
        for branch in ("Insertion", "Extraction")
        for what, value in (
            ("potentials [V]", (1.2, 0.8)),
            ("shares", (0.5, 0.5)),
            ("widths", (0.1,)),
        )
    }
    cell = hs.load("CZT", "lumped").with_particle(classes=1, fast=False)
    cell = cell.with_values({"Component A volume fraction": 1.0})
    cell = cell.with_values(
        {
            **curve,
            "Series resistance [Ohm.cm2]": 0.0,
            "Exchange-current density [A.m-2]": 1e3,
            "Metal exchange-current density [A.m-2]": 1e5,
            "Component A diffusivity [m2.s-1]": RADIUS**2 / HOUR,
            "Double-layer capacity [F.m-2]": 0.0,
            "Lower voltage cut-off [V]": 0.7,
            "Upper voltage cut-off [V]": 1.3,
        }
    )
    middle = float(cell.open_circuit_potential(0.25))
    return cell.with_values({"Upper voltage cut-off [V]": middle})


def small_pulse(cell, length):
    """A pulse that moves the surface occupancy by 0.001, so that E is straight; length in R^2/D."""
    filled = 1e-3 * length / sphere_surface_rise(length)
    current = 1e-3 * filled * cell.values["Specific capacity [mA.h.g-1]"] / length
    return hs.GITT(current, length * HOUR, 2 * HOUR, pulses=1)


def test_gitt_on_a_fickian_particle_finds_its_diffusivity_within_five_percent(fickian):
    """In the window of validity, tau << R^2/D."""
    forms = [GittDiffusivity(), GittDiffusivity(from_slope)]
    found = analysis.bias(fickian, small_pulse(fickian, 3e-4), forms, {"pulse": [3e-4 * HOUR]})
    assert found["truth"].to_numpy() == pytest.approx(RADIUS**2 / HOUR, rel=1e-12, abs=0)
    assert found["ratio"].to_numpy() == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("length", [1e-3, 1e-2, 0.1])
def test_outside_of_it_the_error_is_that_of_theory(fickian, length):
    found = analysis.bias(
        fickian, small_pulse(fickian, length), GittDiffusivity(), {"pulse": [length * HOUR]}
    )
    expected = gitt_ratio([length], sphere_surface_rise([length]), 1 / 3)
    # mesh, and the jump that is followed back from 2 to 10 % of the pulse
    assert found["ratio"].to_numpy() == pytest.approx(expected, rel=0.03, abs=0)


@pytest.mark.parametrize("length", [1e-3, 1e-2, 0.1])
def test_the_closed_form_finds_what_was_put_in_at_any_length(fickian, length):
    test = replace(small_pulse(fickian, length), pulses=20)
    methods = [analysis.PulseFitDiffusivity(), GittDiffusivity()]
    found = analysis.bias(fickian, test, methods, {"pulses": [20]})
    # asked for: 3 %; the mesh costs a few tenths
    assert found["ratio"][0] == pytest.approx(1.0, abs=0.03)
    assert abs(found["ratio"][1] - 1) > abs(found["ratio"][0] - 1)


def interrupted(cell, rest):
    """A current of 0.1 R^2/D and 2 % of the sites between eight interruptions; a rest in R^2/D."""
    current = 0.02 / 0.1 * 1e-3 * cell.values["Specific capacity [mA.h.g-1]"]
    times, currents, begin = [0.0], [0.0], 0.0
    for _ in range(8):
        times += (begin + 0.1 * HOUR * np.linspace(0, 1, 21)[1:]).tolist()
        begin += 0.1 * HOUR
        times += (begin + rest * HOUR * np.linspace(0, 1, 61)[1:] ** 2).tolist()
        begin += rest * HOUR
        currents += [current] * 20 + [0.0] * 60
    return hs.Replay(times, currents)


@pytest.mark.parametrize("rest", [1e-3, 1e-2, 0.1])
def test_interruptions_find_what_was_put_in_by_the_closed_form(fickian, rest):
    window = (rest * HOUR / 10, rest * HOUR)
    methods = [analysis.InterruptionDiffusivity(window, closed) for closed in (True, False)]
    found = analysis.bias(fickian, interrupted(fickian, rest), methods, {"filling": [0.0]})
    # asked for: 3 %
    assert found["ratio"][0] == pytest.approx(1.0, abs=0.03)
    # both ends of the window, to first order; more beyond
    high = 2 * np.sqrt(np.pi) * (1 + 10**-0.5) * np.sqrt(rest)
    assert found["ratio"][1] > 1 + 0.8 * high


@pytest.mark.parametrize(("spread", "fast"), [(1.0, False), (1.0, True)])
def test_known_spread_and_fast_share_give_the_diffusivity_of_the_median(fickian, spread, fast):
    cell = fickian.with_particle(classes=9, fast=fast)
    cell = cell.with_values({"Diffusion time spread": spread, "Fast fraction": 0.2})
    test = replace(small_pulse(cell, 0.03), pulses=10, rest=8 * HOUR)
    methods = [analysis.PulseFitDiffusivity(known) for known in (True, False)]
    found = analysis.bias(cell, test, methods, {"pulses": [10]})
    # nine classes in the cell, fifteen in the fit, and the mesh of many sizes
    assert found["ratio"][0] == pytest.approx(1.0, abs=0.03)
    assert abs(found["ratio"][1] - 1) > 0.04


def test_a_warburg_coefficient_finds_what_was_put_in_far_above_the_bend(fickian):
    pytest.importorskip("impedance")
    cell = fickian.with_values(
        {"Double-layer capacity [F.m-2]": 0.1, "Exchange-current density [A.m-2]": 0.1}
    )
    ratios = []
    for lowest in (10.0, 1e3):  # omega R^2/D
        frequencies = np.geomspace(lowest / (2 * np.pi * HOUR), 1e4, 40).tolist()
        test = hs.EIS((0.25,), tuple(frequencies))
        found = analysis.bias(cell, test, analysis.RandlesDiffusivity(), {"filling": [(0.25,)]})
        ratios.append(found["ratio"][0])
    # sqrt(2/1000) is 4.5 %; at 10 the particle bends
    assert ratios[1] == pytest.approx(1 - np.sqrt(2e-3), abs=0.02)
    assert ratios[0] < 0.85


def test_rows_are_all_combinations_and_nothing_is_built_again(fickian):
    test = small_pulse(fickian, 1e-2)
    analysis.bias(fickian, test, GittDiffusivity(), {"pulse": [36.0]})
    before = engine.builds()
    found = analysis.bias(
        fickian,
        lambda cell: test,
        GittDiffusivity(),
        {"Particle radius [m]": [RADIUS, 2 * RADIUS], "pulse": [18.0, 36.0]},
    )
    assert engine.builds() == before
    assert found["Particle radius [m]"].tolist() == [RADIUS, RADIUS, 2 * RADIUS, 2 * RADIUS]
    assert found["pulse"].tolist() == [18.0, 36.0, 18.0, 36.0]
    assert set(found["quantity"]) == {"diffusivity [m2.s-1]"}


def test_a_run_that_fails_keeps_its_row(fickian):
    found = analysis.bias(
        fickian, small_pulse(fickian, 1e-2), GittDiffusivity(), {"current": [100.0]}
    )
    assert np.isnan(found["found"][0])
    assert found["outcome"][0] != "protocol completed"
    assert found["reason"][0]


def test_unknown_name_is_refused(fickian):
    with pytest.raises(ParameterError, match=r"'radius' is neither a parameter .* nor a field"):
        analysis.bias(fickian, small_pulse(fickian, 1e-2), GittDiffusivity(), {"radius": [1e-7]})


@pytest.mark.parametrize(
    ("hours", "b", "share"), [(0.01, 1.0, 1.0), (150.0, 0.5, 0.0)], ids=["small", "large"]
)
def test_a_cell_without_a_capacitor_looks_capacitive_if_its_particles_are_small(
    fickian, hours, b, share
):
    """b -> 1 in equilibrium at every instant, 1/2 in a half space, each within 0.02."""
    cell = fickian.with_values(
        {
            "Upper voltage cut-off [V]": 1.3,
            "Exchange-current density [A.m-2]": 10.0,
            "Component A diffusivity [m2.s-1]": RADIUS**2 / HOUR / hours,
        }
    )
    test = hs.CV([0.2, 0.5, 1.0], cycles=2, tolerance=None, points=120)
    found = analysis.bias(cell, test, [MeanExponent(), CapacitiveShare()], {"cycles": [2]})
    assert found["truth"].tolist() == [0.5, 0.0]
    assert found["found"][0] == pytest.approx(b, abs=0.02)
    assert found["found"][1] == pytest.approx(share, abs=0.04)


def test_double_layer_counts_as_the_capacitor_that_it_is(fickian):
    cell = fickian.with_values({"Double-layer capacity [F.m-2]": 0.2})
    density, capacity = (
        cell.values[name]
        for name in ("Active material density [kg.m-3]", "Specific capacity [mA.h.g-1]")
    )
    held = 0.2 * 3 / RADIUS / density * (cell.values["Upper voltage cut-off [V]"] - 0.7)  # C/kg
    sites = 3600 * capacity * (cell.inserted_occupancy - cell.extracted_occupancy)
    share = held / (held + sites)
    assert analysis.capacitor_share(cell) == pytest.approx(share, rel=1e-9, abs=0)
    assert analysis.capacitor_share(fickian) == 0
