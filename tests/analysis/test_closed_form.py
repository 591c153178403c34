"""Pulses and interruptions of any length give back the diffusivity that was put in."""

import numpy as np
import pandas as pd
import pytest
from synthetic_gitt import PLATE, SPHERE, Trace, interrupted, titration

from hetsim import analysis
from hetsim.analysis.surface_history import surface_rise
from hetsim.errors import ParameterError

RADIUS = 1e-6
SECONDS = 1000.0
TRUE = RADIUS**2 / SECONDS  # R^2/D = 1000 s
SPHERES = analysis.sphere(RADIUS)
EXACT = {"rel": 1e-5, "abs": 0}
"""The search ends at 1e-5 of ln D; the trace itself is the exact series."""


def bent(rise):
    """A curve whose slope changes by a factor of four over one R^2/D of charge."""
    return -0.2 * rise + 0.02 * np.sin(6 * rise)


@pytest.mark.parametrize(
    ("shape", "length"),
    [(SPHERE, SPHERES), (PLATE, analysis.layer(RADIUS))],
    ids=["sphere", "plate"],
)
@pytest.mark.parametrize("pulse", [1e-4, 1e-3, 1e-2, 0.1, 1.0])
def test_pulses_of_any_length_give_the_diffusivity_and_the_jump_back(shape, length, pulse):
    found = analysis.fit_pulses(titration(shape, pulse, seconds=SECONDS, pulses=3), length)
    assert found.diffusivities == pytest.approx(TRUE, **EXACT)
    assert [one.jump for one in found.results] == pytest.approx([-0.03] * 3, abs=1e-7)
    # 0.1 A/g
    assert [one.resistance for one in found.results] == pytest.approx([0.3] * 3, rel=1e-5, abs=0)


@pytest.mark.parametrize("rest", [1e-4, 1e-3, 1e-2, 0.1])
def test_interruptions_of_any_length_give_the_diffusivity_and_the_jump_back(rest):
    trace = interrupted(SPHERE, rest, seconds=SECONDS)
    found = analysis.fit_interruptions(trace, SPHERES, start=rest * SECONDS / 100)
    assert found.diffusivities == pytest.approx(TRUE, **EXACT)
    assert [one.jump for one in found.results] == pytest.approx([0.03] * 8, abs=1e-7)


def test_where_the_square_root_of_time_is_off_by_five_the_closed_form_holds():
    trace = interrupted(SPHERE, 0.1, seconds=SECONDS)
    by_root = analysis.intermittent_current_interruption(trace, SPHERES, (1.0, 100.0))
    assert by_root.median_diffusivity > 5 * TRUE
    found = analysis.fit_interruptions(trace, SPHERES)
    assert found.median_diffusivity == pytest.approx(TRUE, **EXACT)


def test_a_pulse_that_weppner_and_huggins_read_ten_times_too_low():
    trace = titration(SPHERE, 1.0, seconds=SECONDS)
    assert analysis.weppner_huggins(trace, SPHERES).median_diffusivity < 0.1 * TRUE
    assert analysis.fit_pulses(trace, SPHERES).median_diffusivity == pytest.approx(TRUE, **EXACT)


@pytest.mark.parametrize("rest", [0.02, 0.2])
def test_a_rest_that_was_too_short_is_taken_into_account(rest):
    trace = titration(SPHERE, 0.05, rest=rest, seconds=SECONDS, pulses=6)
    assert abs(analysis.weppner_huggins(trace, SPHERES).median_diffusivity / TRUE - 1) > 0.1
    assert analysis.fit_pulses(trace, SPHERES).diffusivities == pytest.approx(TRUE, **EXACT)


def test_a_curve_that_bends_within_a_pulse_costs_a_percent():
    """Ten pulses of 0.1 R^2/D: the surface goes 0.16 ahead, over which the slope changes by a half."""
    straight = titration(SPHERE, 0.1, pulses=10, slope=1.0, jump=0.0, seconds=SECONDS)
    volts = 1.5 + bent(straight.voltage - 1.5) - 0.3 * straight.current
    found = analysis.fit_pulses(Trace(straight.time, straight.current, volts), SPHERES)
    # a cubic through points 0.1 apart, the first and last two of them without a neighbour
    assert found.diffusivities[2:-2] == pytest.approx(TRUE, rel=0.01, abs=0)
    assert found.diffusivities == pytest.approx(TRUE, rel=0.1, abs=0)


@pytest.mark.parametrize("rest", [1e-3, 1e-2, 0.1])
def test_interruptions_on_a_curve_that_bends(rest):
    trace = interrupted(SPHERE, rest, curve=bent, count=12, flow=0.05, seconds=SECONDS)
    found = analysis.fit_interruptions(trace, SPHERES, start=rest * SECONDS / 100)
    # as above; the two at each end have the curve on one side only, and say so
    assert found.diffusivities[2:-2] == pytest.approx(TRUE, rel=0.02, abs=0)
    ends = [found.results[0].remarks[-1], found.results[-1].remarks[-1]]
    assert ends == ["slope of the voltage known from one side only"] * 2
    assert found.results[5].remarks == ()


@pytest.mark.parametrize(("spread", "fast"), [(1.0, 0.0), (0.5, 0.3)])
def test_a_known_spread_gives_the_diffusivity_of_the_median(spread, fast):
    trace = titration(surface_rise(SPHERES, spread, fast), 0.03, rest=40.0, seconds=SECONDS)
    known = analysis.fit_pulses(trace, SPHERES, spread=spread, fast_fraction=fast)
    assert known.diffusivities == pytest.approx(TRUE, **EXACT)
    assert (known.spread, known.fast_fraction) == (spread, fast)
    single = analysis.fit_pulses(trace, SPHERES)
    assert abs(single.median_diffusivity / TRUE - 1) > 0.05
    # a particle of another form is told by what is left
    assert single.results[0].residual > 100 * known.results[0].residual


def test_extraction_gives_the_same_diffusivity():
    trace = titration(SPHERE, 0.01, pulses=3, seconds=SECONDS)
    mirrored = Trace(trace.time, -trace.current, 3.0 - trace.voltage)
    both = [analysis.fit_pulses(one, SPHERES).diffusivities for one in (trace, mirrored)]
    assert both[0] == pytest.approx(both[1], rel=1e-9, abs=0)


def test_diffusivity_scales_with_the_square_of_the_length():
    trace = titration(SPHERE, 0.01, seconds=SECONDS)
    one, twice = (analysis.fit_pulses(trace, analysis.sphere(r)) for r in (RADIUS, 2 * RADIUS))
    assert twice.diffusivities == pytest.approx(4 * one.diffusivities, rel=1e-9, abs=0)


def test_the_interval_covers_the_truth_in_noise():
    """95 % intervals from 60 noisy titrations of one pulse cover the truth in 50 to 60 of them."""
    random = np.random.default_rng(3)
    exact = titration(SPHERE, 0.02, pulses=1, seconds=SECONDS)
    covered = 0
    for _ in range(60):
        volts = exact.voltage + 2e-4 * random.standard_normal(len(exact.voltage))
        one = analysis.fit_pulses(Trace(exact.time, exact.current, volts), SPHERES).results[0]
        covered += one.low < TRUE < one.high
    # binomial: 57 +- 1.7, four standard deviations below; and more than that is no interval
    assert 50 <= covered <= 60


def test_without_diffusion_there_is_no_diffusivity():
    """A voltage that only jumps: a resistor before a capacitor."""
    time = np.r_[0.0, np.linspace(1, 100, 100), np.linspace(101, 1000, 90)]
    current = np.r_[0.0, np.full(100, 0.1), np.zeros(90)]
    voltage = 1.5 - 1e-3 * np.minimum(time, 100) - 0.3 * current
    one = analysis.fit_pulses(Trace(time, current, voltage), SPHERES).results[0]
    assert np.isnan(one.diffusivity)
    assert one.remarks == ("no diffusion seen between jump and rest",)


ANOTHER = "particle of another form"


@pytest.mark.parametrize(("spread", "fast"), [(1.0, 0.0), (2.0, 0.0), (0.0, 0.3)])
def test_a_particle_of_another_form_is_told(spread, fast):
    rise = surface_rise(SPHERES, spread, fast)
    trace = titration(rise, 0.03, rest=50.0, seconds=SECONDS, pulses=4)
    assert ANOTHER in "; ".join(analysis.fit_pulses(trace, SPHERES).results[1].remarks)
    known = analysis.fit_pulses(trace, SPHERES, spread, fast)
    assert ANOTHER not in "; ".join(known.results[1].remarks)


def test_noise_is_no_other_particle():
    """1 mV beside 13 mV of diffusion: an rms of 8 %, of which neighbours have nothing in common."""
    exact = titration(SPHERE, 0.03, pulses=4, seconds=SECONDS)
    random = np.random.default_rng(5)
    said = []
    for _ in range(10):
        volts = exact.voltage + 1e-3 * random.standard_normal(len(exact.voltage))
        fits = analysis.fit_pulses(Trace(exact.time, exact.current, volts), SPHERES)
        said += [ANOTHER in "; ".join(one.remarks) for one in fits.results]
    # the noise of two known voltages: beyond three standard deviations in a few of a thousand
    assert sum(said) <= 1


def test_a_surface_beyond_the_known_voltages_is_told():
    """At T = 1e-4 the surface goes 38 steps ahead, at 0.1 less than two."""
    said = [
        "surface beyond the known voltages"
        in analysis.fit_pulses(titration(SPHERE, t, pulses=4), SPHERES).results[0].remarks
        for t in (1e-4, 0.1)
    ]
    assert said == [True, False]


def test_noise_as_large_as_the_transient_is_told():
    exact = titration(SPHERE, 0.02, pulses=2, seconds=SECONDS)
    noise = 0.01 * np.random.default_rng(1).standard_normal(len(exact.voltage))
    noisy = Trace(exact.time, exact.current, exact.voltage + noise)
    assert "D poorly determined" in analysis.fit_pulses(noisy, SPHERES).results[0].remarks


def test_a_trace_may_be_a_table_in_either_spelling():
    trace = titration(SPHERE, 0.01, seconds=SECONDS)
    data = (trace.time, trace.current, trace.voltage)
    expected = analysis.fit_pulses(trace, SPHERES).diffusivities
    for names in (
        ("time [s]", "current [A.g-1]", "voltage [V]"),
        ("time_s", "current_A_per_g", "voltage_V"),
    ):
        frame = pd.DataFrame(dict(zip(names, data, strict=True)))
        assert analysis.fit_pulses(frame, SPHERES).diffusivities.tolist() == expected.tolist()
    with pytest.raises(ParameterError, match=r"no column 'current \[A.g-1\]'; found: time \[s\]"):
        analysis.fit_pulses(pd.DataFrame({"time [s]": [0.0]}), SPHERES)


def test_table_has_one_row_a_pulse_with_units():
    frame = analysis.fit_pulses(titration(SPHERE, 1e-2), SPHERES).to_frame()
    assert len(frame) == 2
    assert {"diffusivity [m2.s-1]", "diffusivity low [m2.s-1]", "resistance [Ohm.g]"} <= set(
        frame.columns
    )


GOOD = titration(SPHERE, 1e-2, seconds=SECONDS)
FALLING = Trace(GOOD.time[::-1], GOOD.current, GOOD.voltage)
ALWAYS = Trace(GOOD.time, np.full_like(GOOD.time, 0.1), GOOD.voltage)
NEVER = Trace(GOOD.time, np.zeros_like(GOOD.time), GOOD.voltage)
ONE = interrupted(SPHERE, 1e-2, count=1)
BROKEN = Trace(GOOD.time, GOOD.current, np.where(GOOD.time > 0, GOOD.voltage, np.nan))


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        (FALLING, r"time of a trace falls from .* at sample 2"),
        (ALWAYS, "no pulse of current between two rests"),
        (NEVER, "largest current is 0 A/g"),
        (BROKEN, "finite times"),
        (titration(SPHERE, 1e-2, samples=3), r"pulse at 0 s has 3 samples"),
    ],
    ids=["falling", "always", "never", "broken", "few"],
)
def test_bad_titration_is_refused(trace, message):
    with pytest.raises(ParameterError, match=message):
        analysis.fit_pulses(trace, SPHERES)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        (FALLING, "time of a trace falls"),
        (ALWAYS, "no interruption"),
        (NEVER, "no interruption"),
        (ONE, "has 1 interruption and needs two"),
        (interrupted(SPHERE, 1e-4), r"interruption at 100 s has 0 samples from 1 to 0.1 s"),
    ],
    ids=["falling", "always", "never", "one", "short"],
)
def test_bad_interruptions_are_refused(trace, message):
    with pytest.raises(ParameterError, match=message):
        analysis.fit_interruptions(trace, SPHERES)


@pytest.mark.parametrize(
    ("length", "settings", "message"),
    [
        (None, {}, "D scales with the square"),
        (SPHERES, {"spread": -1.0}, r"spread of ln\(R2/D\) is -1"),
        (SPHERES, {"fast_fraction": 1.0}, "filled at once is 1"),
        (RADIUS, {"spread": 1.0}, "that of a layer"),
        (SPHERES, {"settle": 1.0}, "'settle' is 1"),
    ],
)
def test_bad_settings_are_refused(length, settings, message):
    with pytest.raises(ParameterError, match=message):
        analysis.fit_pulses(GOOD, length, **settings)
