"""Data of each kind: made by the model with known values and noise, they give the values back."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import hetsim as hs
from hetsim.cli import main
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.observations import observations_of
from hetsim.fitting.observations.correlation import along_root, evenly, widened
from hetsim.fitting.warned import warnings_of
from hetsim.measurements import CvCycle, MeasuredSpectrum
from hetsim.measurements.rate import RECOVERY
from hetsim.parameters.values import AgedPoint, MeasuredRate
from hetsim.simulation.aged_many import capacities_after, leaps

MODEL = "SPM"
CAPACITY = "Specific capacity [mA.h.g-1]"
RESISTANCE = "Series resistance [Ohm.cm2]"
EXCHANGE = "Exchange-current density [A.m-2]"
LOADING = "Active mass loading [mg.cm-2]"
LOSS = "Active material loss per full cycle"
A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")
GRAINS = FreeValue(A, tied=(B,))
CURRENTS = (0.1, 0.5, 2.0, 5.0)


@cache
def start() -> hs.HalfCell:
    return hs.load("CZT", "lumped").with_particle(classes=3)


@cache
def truth() -> hs.HalfCell:
    return start().with_values(
        {CAPACITY: 450.0, A: 4e-17, B: 4e-17, RESISTANCE: 8.0, EXCHANGE: 0.05}
    )


def rng() -> np.random.Generator:
    return np.random.default_rng(11)


# --- what a laboratory would have measured, if the model were the truth ----------------------------


@cache
def rate() -> MeasuredRate:
    found = hs.run(truth(), hs.RateTest(CURRENTS), MODEL).capacities
    noisy = found * (1 + 0.02 * rng().normal(size=len(found)))
    return MeasuredRate(CURRENTS, tuple(noisy.tolist()), "simulated")


@cache
def cycle() -> Any:
    return hs.run(truth(), hs.RateTest((0.2,), cycles=2), MODEL).points[0]


@cache
def voltage_curve(samples: int = 2000) -> hs.VoltageCurveData:
    trace = cycle().insertion
    charge = np.linspace(0, trace.capacity[-1], samples)
    voltage = np.interp(charge, trace.capacity, trace.voltage)
    return hs.VoltageCurveData(0.2, charge, voltage + 2e-3 * rng().normal(size=samples))


@cache
def extraction() -> hs.VoltageCurveData:
    trace = cycle().extraction
    return hs.VoltageCurveData(-0.2, trace.capacity, trace.voltage)


@cache
def titration() -> hs.TimeTrace:
    made = hs.run(truth(), hs.GITT(0.1, 1200, 3600, pulses=10), MODEL).trace
    noise = 5e-4 * rng().normal(size=made.time.size)
    return hs.TimeTrace(made.time, made.current, made.voltage + noise, made.step)


@cache
def voltammograms() -> list[CvCycle]:
    made = hs.run(truth(), hs.CV((0.2, 1.0), cycles=3, tolerance=None), MODEL).sweeps
    return [CvCycle(one.scan_rate, one.potential, 1.02 * one.current) for one in made]


@cache
def spectrum() -> MeasuredSpectrum:
    [made] = hs.run(truth(), hs.EIS(0.5, np.logspace(4, -2, 43).tolist()), MODEL).spectra
    off = 1 + 0.01 * (rng().normal(size=43) + 1j * rng().normal(size=43))
    return MeasuredSpectrum(made.frequency, made.impedance * off, "Ohm.cm2", 0.5)


@cache
def polarisation() -> hs.Polarisation:
    point = hs.run(truth(), hs.RateTest((0.1,), cycles=2), MODEL).points[0]
    return hs.Polarisation(0.1, point.polarisation + 0.01)


KINDS: dict[str, tuple[Callable[[], Any], str, float]] = {
    "rate curve": (rate, CAPACITY, 1.1),
    "voltage curve": (voltage_curve, CAPACITY, 1.05),
    "titration": (titration, A, 1.6),
    "voltammogram": (voltammograms, EXCHANGE, 1.4),
    "spectrum": (spectrum, RESISTANCE, 1.06),
    "polarisation": (polarisation, EXCHANGE, 2.4),
}
"""Of each kind the data, a value that they see, and a factor that its 68 % interval stays below; its prior is a factor
of 1.6 (capacity), 20 (diffusivity) or 2.7 (others). A titration of ten pulses knows R^2/D beside a fast fraction that
it shares the first seconds with, a spectrum the resistance at its high end to its own noise."""


@cache
def fitted(kind: str) -> hs.FitResult:
    free = [CAPACITY, GRAINS, RESISTANCE, EXCHANGE]
    return hs.fit(start(), KINDS[kind][0](), free, model=MODEL)


def one_sigma(found: hs.FitResult) -> dict[str, float]:
    """68 % interval of each value at the stated noise, as a factor."""
    factors = np.exp(found.linearised.intervals)
    return {one.free.name: float(f) for one, f in zip(found.values, factors, strict=True)}


@pytest.mark.filterwarnings("ignore:4 free values")
@pytest.mark.parametrize("kind", KINDS)
def test_known_values_come_back_within_their_intervals(kind):
    found = fitted(kind)
    assert found.converged
    for one in found.values:
        known = truth().values[one.free.name]
        # the 95 % interval: one of these 24 may be outside of it for some seed, none is for this one
        assert abs(np.log(one.value / known)) < np.log(one.factor), one.free.name
    assert all(
        one.misfit < 1.5 for one in found.observed
    )  # the noise was put in at or below its level


@pytest.mark.filterwarnings("ignore:4 free values")
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_sees_its_value(kind):
    _, name, most = KINDS[kind]
    assert one_sigma(fitted(kind))[name] < most


@pytest.mark.filterwarnings("ignore:4 free values")
def test_what_a_kind_does_not_see_is_left_to_the_prior():
    """A spectrum at one filling says nothing of the capacity, and a polarisation nothing of the resistance."""
    of_spectrum = one_sigma(fitted("spectrum"))
    assert of_spectrum[EXCHANGE] < 1.06 < of_spectrum[A]
    assert one_sigma(fitted("polarisation"))[RESISTANCE] == pytest.approx(
        np.e, rel=0.03
    )  # width of the prior: 1


@pytest.mark.filterwarnings("ignore:4 free values")
def test_data_of_several_kinds_know_more_than_each_alone():
    free = [CAPACITY, GRAINS, RESISTANCE, EXCHANGE]
    together = hs.fit(start(), [rate(), titration(), spectrum()], free, model=MODEL)
    for kind in ("rate curve", "titration", "spectrum"):
        for name, alone in one_sigma(fitted(kind)).items():
            assert one_sigma(together)[name] < alone * 1.02  # slopes at slightly other values
    assert together.value(A) == pytest.approx(4e-17, rel=0.3, abs=0)
    assert [one.observation.kind for one in together.observed] == [
        "rate curve",
        "titration",
        "spectrum",
    ]


def test_a_cell_with_its_control_may_have_data_of_different_kinds():
    pair, control = (hs.load(name).with_particle(classes=1) for name in ("CZT", "CT"))
    curve = MeasuredRate((0.1, 1.0), (350.0, 240.0), "made up")
    free = [FreeValue("Component A site capacity [mA.h.g-1]"), FreeValue("Fast fraction", of="CZT")]
    problem = Problem(
        (pair, control), (curve, hs.Polarisation(0.1, 1.1)), tuple(free), (0.02, 0.02), 2.0, MODEL
    )
    [here, there] = problem.deviations(
        [problem.present(), problem.present() + np.array([0.05, 0.0])]
    )
    assert len(here) == 2 + 1 + 2
    assert (
        abs(there[2] - here[2]) > 1e-4
    )  # shared by both: the polarisation of the control moves too
    [only_pair] = problem.deviations([problem.present() + np.array([0.0, 0.05])])
    assert only_pair[2] == here[2]


# --- dense records --------------------------------------------------------------------------------


def intervals(data: Any) -> Any:
    free = tuple(FreeValue(one) for one in (CAPACITY, EXCHANGE))
    problem = Problem((truth(),), (data,), free, (0.02,), 2.0, MODEL)
    return problem.linearised(problem.present()).intervals


def test_ten_thousand_samples_weigh_as_a_hundred():
    np.testing.assert_allclose(
        intervals(voltage_curve(10_000)), intervals(voltage_curve(100)), rtol=0.02
    )  # other samples of the same noise


def test_a_denser_titration_knows_no_more():
    trace = titration()
    kept = np.unique(np.concatenate([np.arange(0, trace.time.size, 3), *_ends(trace)]))
    thin = hs.TimeTrace(
        trace.time[kept], trace.current[kept], trace.voltage[kept], trace.step[kept]
    )
    # a third of the samples: those that are nearest to the wanted times are others
    np.testing.assert_allclose(intervals(trace), intervals(thin), rtol=0.15)


def _ends(trace: hs.TimeTrace) -> list[Any]:
    changes = np.flatnonzero(np.diff(trace.step))
    return [changes, changes + 1, [trace.time.size - 1]]


def test_a_voltage_curve_does_not_drown_a_rate_curve():
    [curve] = observations_of(voltage_curve(10_000))
    [points] = observations_of(rate())
    assert points.independent == 4
    assert curve.independent == 11  # ten parts of a curve, and its charge
    assert np.sum((curve.level / curve.noise[1:]) ** 2) < 10.001  # no more information than that


def test_widened_noise_keeps_the_information_of_independent_numbers():
    """n alike samples as N independent ones: the mean is known to sigma / sqrt(N)."""
    noise = widened(np.full(50, 0.3), 10.0)
    assert 1 / np.sqrt(np.sum(noise**-2)) == pytest.approx(0.3 / np.sqrt(10))


def test_samples_are_even_along_a_curve_and_in_the_root_of_time():
    np.testing.assert_allclose(np.diff(evenly()), 0.05)
    time = np.linspace(0, 100, 1001)
    np.testing.assert_allclose(np.sqrt(time[along_root(time, 5)]), [2, 4, 6, 8, 10], atol=0.02)


def test_an_error_of_the_mass_is_in_one_number_only():
    """A charge axis stretched by 10 % changes the charge of the whole, and no voltage."""
    one = voltage_curve()
    other = hs.VoltageCurveData(one.current, 1.1 * one.charge, one.voltage)
    np.testing.assert_allclose(other.data[1:], one.data[1:], atol=1e-9)
    assert other.data[0] - one.data[0] == pytest.approx(np.log(1.1))


# --- what is compared -----------------------------------------------------------------------------


def test_the_exact_curve_has_no_deviation():
    """The run that made the data makes them again: round-off of an interpolation is left."""
    made = [
        extraction(),
        hs.SpectrumData(_exact_spectrum()),
        hs.TitrationData(_exact_titration()),
        hs.VoltammogramData(
            tuple(replace(one, current=one.current / 1.02) for one in voltammograms())
        ),
        hs.Polarisation(0.1, polarisation().voltage - 0.01),
    ]
    for observation in made:
        [found] = observation.simulated([truth()], MODEL)
        assert np.max(np.abs(observation.deviations(found))) < 0.02


def _exact_spectrum() -> MeasuredSpectrum:
    [made] = hs.run(truth(), hs.EIS(0.5, np.logspace(4, -2, 25).tolist()), MODEL).spectra
    return MeasuredSpectrum(made.frequency, made.impedance, "Ohm.cm2", 0.5)


def _exact_titration() -> hs.TimeTrace:
    return hs.run(truth(), hs.GITT(0.1, 1200, 3600, pulses=3), MODEL).trace


def test_a_spectrum_in_ohm_is_that_of_the_whole_cell():
    per_area = _exact_spectrum()
    area = truth().values["Electrode area [cm2]"]
    whole = replace(per_area, impedance=per_area.impedance / area, unit="Ohm")
    one, other = hs.SpectrumData(per_area), hs.SpectrumData(whole)
    [a], [b] = one.simulated([truth()], MODEL), other.simulated([truth()], MODEL)
    np.testing.assert_allclose(one.deviations(a), other.deviations(b), atol=1e-9)


def test_a_titration_is_replayed_with_the_mean_current_of_each_step():
    """A current that scatters by 1 % from sample to sample is the same pulse."""
    trace = _exact_titration()
    scattered = trace.current * (1 + 0.01 * rng().normal(size=trace.time.size))
    one = hs.TitrationData(hs.TimeTrace(trace.time, scattered, trace.voltage, trace.step))
    assert len(set(np.abs(one.protocol.current))) <= 4  # three pulses and rests
    [found] = one.simulated([truth()], MODEL)
    assert np.max(np.abs(one.deviations(found))) < 0.5  # of the mean of 81 samples, 0.1 %


def test_a_cycle_in_one_trace_is_two_voltage_curves():
    point = cycle()
    parts = (point.insertion, point.extraction)
    seconds = np.concatenate([parts[0].time, parts[0].time[-1] + 1e-3 + parts[1].time])
    current = np.repeat([0.2, -0.2], [len(one.time) for one in parts])
    voltage = np.concatenate([one.voltage for one in parts])
    trace = hs.TimeTrace(seconds, current, voltage, np.zeros(len(seconds), int))
    found = observations_of(trace)
    assert [one.kind for one in found] == ["voltage curve"] * 2
    np.testing.assert_allclose([one.current for one in found], [0.2, -0.2])
    for one, known in zip(found, parts, strict=True):
        assert one.charge[-1] == pytest.approx(known.capacity[-1], rel=1e-3)  # the first sample


def test_the_table_tells_measured_and_simulated_in_the_units_of_the_laboratory():
    frame = fitted("rate curve").observed[0].to_frame()
    np.testing.assert_allclose(frame["measured capacity [mA.h.g-1]"], rate().capacities)
    assert list(frame["current [A.g-1]"]) == list(CURRENTS)


def test_the_result_says_where_it_is_and_what_it_rests_on():
    found = fitted("rate curve")
    [there] = found.problem.deviations([found.best])
    np.testing.assert_allclose(there, found.linearised.deviations, atol=1e-12)
    assert found.values[0].source == "rate curve of CZT (lumped)"


# --- recovery steps -------------------------------------------------------------------------------


def test_a_current_that_returns_is_not_fitted_as_fresh():
    back = replace(rate(), currents=(*CURRENTS, 0.1), capacities=(*rate().capacities, 400.0))
    one, other = hs.RateData(back), hs.RateData(rate())
    np.testing.assert_array_equal(one.data, other.data)
    assert one.protocol == other.protocol  # nothing after it is fitted, so it is not run
    assert one.whole_protocol.currents[-1] == 0.1
    assert one.first_pass.aged[-1].capacity == 400.0
    assert "back at this current" in one.first_pass.aged[-1].history


def test_recovery_steps_are_simulated_and_reported():
    back = replace(rate(), currents=(*CURRENTS, 0.1), capacities=(*rate().capacities, 400.0))
    by_file = replace(
        rate(),
        aged=(AgedPoint(0.1, 400.0, 0, "x", history=RECOVERY), AgedPoint(1.0, 90.0, 500, "x")),
    )
    again = hs.run(truth(), hs.RateTest((*CURRENTS, 0.1)), MODEL).capacities[-1]
    for curve in (back, by_file):
        table = hs.RateData(curve).recovery(truth(), MODEL)
        assert len(table) == 1
        assert table["measured capacity [mA.h.g-1]"][0] == 400.0
        assert table["simulated capacity [mA.h.g-1]"][0] == pytest.approx(again, rel=1e-4)
    assert hs.RateData(rate()).recovery(truth(), MODEL).empty


def test_a_current_that_returns_in_between_is_history_of_what_follows():
    currents = (0.1, 2.0, 0.1, 5.0)
    found = hs.run(truth(), hs.RateTest(currents), MODEL).capacities
    one = hs.RateData(MeasuredRate(currents, tuple(found.tolist()), "simulated"))
    assert one.protocol.currents == currents
    np.testing.assert_allclose(np.exp(one.data), found[[0, 1, 3]])
    [again] = one.simulated([truth()], MODEL)
    # run_many agrees with run to 1e-5 of the full capacity, here 1e-4 of the least
    np.testing.assert_allclose(one.deviations(again), 0, atol=0.01)
    assert list(one.curve(truth(), MODEL).currents) == [0.1, 2.0, 5.0]


# --- capacities after cycles ----------------------------------------------------------------------


@cache
def ageing() -> hs.HalfCell:
    return start().with_ageing(hs.ChargeDrivenLoss()).with_values({LOSS: 1e-3})


def test_leaps_end_where_all_cycles_run_end():
    fast = ageing().with_values({LOSS: 1e-2})
    whole = hs.run(fast, hs.RateTest((2.0,), cycles=150), MODEL).capacities[0]
    [found] = capacities_after([fast], 2.0, 150, MODEL)
    fresh = hs.run(fast, hs.RateTest((2.0,), cycles=3), MODEL).capacities[0]
    assert whole < 0.6 * fresh  # the rate of loss changes, so that its correction counts
    # of the loss: the trapezoidal rule is of third order in a leap over a quarter of the test
    assert abs(found - whole) < 0.015 * abs(fresh - whole)
    few = hs.run(ageing(), hs.RateTest((2.0,), cycles=5), MODEL).capacities[0]
    assert capacities_after([ageing()], 2.0, 5, MODEL)[0] == pytest.approx(few, rel=1e-4)


def test_a_cell_leaps_alike_in_any_company():
    other = ageing().with_values({LOSS: 3e-3})
    together = capacities_after([ageing(), other], 2.0, 100, MODEL)
    assert capacities_after([ageing()], 2.0, 100, MODEL)[0] == pytest.approx(together[0], rel=1e-6)
    assert together[1] < together[0]


@pytest.mark.parametrize("cycles", [1, 5, 14, 15, 24, 25, 100, 4000])
def test_leaps_and_runs_add_up_to_the_test(cycles):
    assert sum(run + leap for run, leap in leaps(cycles)) == cycles
    assert sum(run for run, _ in leaps(cycles)) <= min(cycles, 60)


def test_a_capacity_after_cycles_tells_the_loss():
    [left] = capacities_after([ageing()], 2.0, 150, MODEL)
    point = hs.AgedCapacity(AgedPoint(2.0, left, 150, "simulated"), level=2e-3)
    found = hs.fit(ageing().with_values({LOSS: 3e-4}), point, [LOSS], model=MODEL)
    # 0.2 % of the capacity, of which a tenth is lost
    assert found.value(LOSS) == pytest.approx(1e-3, rel=0.04)


# --- wrong input and odd data ---------------------------------------------------------------------


def with_points(**changes: Any) -> MeasuredRate:
    return replace(rate(), **changes)


TRACE = hs.TimeTrace(np.arange(20.0), np.zeros(20), np.ones(20), np.zeros(20, int))
REFUSED: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "a current of zero": (
        lambda: with_points(currents=(0.0, 0.5, 2.0, 5.0)),
        ["Point 1", "current of 0"],
    ),
    "no number": (
        lambda: with_points(capacities=(300.0, float("nan"), 200.0, 100.0)),
        ["Point 2", "capacity of nan"],
    ),
    "a current twice": (
        lambda: with_points(currents=(0.1, 0.5, 0.5, 5.0)),
        ["Points 2 and 3", "0.5 A/g", "recovery"],
    ),
    "lists of other lengths": (lambda: with_points(currents=(0.1, 0.5)), ["2 currents", "4"]),
    "mAh of the whole electrode": (
        lambda: with_points(capacities=(0.55, 0.45, 0.3, 0.2)),
        ["0.55", "405 mAh/g", "active mass"],
    ),
    "mAh per kilogram": (
        lambda: with_points(capacities=(4.2e5, 3e5, 2e5, 1e5)),
        ["420 mAh/g", "4200"],
    ),
    "a trace without current": (lambda: TRACE, ["no current"]),
    "a spectrum without its filling": (lambda: replace(spectrum(), filling=None), ["filling"]),
    "a spectrum of an inductance": (
        lambda: replace(spectrum(), impedance=spectrum().impedance.conj()),
        ["0 frequencies"],
    ),
    "a polarisation of zero": (lambda: hs.Polarisation(0.1, 0.0), ["voltage of 0"]),
    "a curve that ends elsewhere": (
        lambda: hs.VoltageCurveData(0.2, np.arange(1.0, 20), np.linspace(2, 0.5, 19)),
        ["ends at 0.5 V", "0.01 V"],
    ),
    "a charge that falls": (
        lambda: hs.VoltageCurveData(0.2, -np.arange(1.0, 20), np.linspace(2, 0, 19)),
        ["must rise"],
    ),
    "an aged point of a cell that does not age": (
        lambda: AgedPoint(0.1, 200.0, 500, "x"),
        ["does not age", "ChargeDrivenLoss"],
    ),
    "an aged point without its cycles": (
        lambda: AgedPoint(0.1, 200.0, 0, "x", history="later"),
        ["after how many cycles"],
    ),
    "a titration without a second step": (
        lambda: hs.TitrationData(replace(TRACE, current=np.ones(20))),
        ["no pulse"],
    ),
    "a sweep beyond the window": (
        lambda: [replace(one, potential=one.potential * 1.2) for one in voltammograms()],
        ["outside the cut-offs"],
    ),
    "no data": (lambda: [], ["no measured curve"]),
}


@pytest.mark.parametrize(("data", "words"), REFUSED.values(), ids=REFUSED)
def test_wrong_data_are_refused_in_a_sentence(data, words):
    with pytest.raises(ParameterError) as caught:
        hs.fit(start(), data(), [CAPACITY], model=MODEL)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: replace(polarisation(), level=0.0),
        lambda: replace(voltage_curve(), level=-1.0),
        lambda: replace(voltage_curve(), parts=0.0),
        lambda: hs.TitrationData(titration(), change=float("nan")),
        lambda: hs.SpectrumData(spectrum(), level=float("inf")),
        lambda: hs.VoltammogramData(tuple(voltammograms()), level=0.0),
        lambda: hs.RateData(rate(), level=0.0),
        lambda: hs.AgedCapacity(AgedPoint(1.0, 100.0, 50, "x"), level=0.0),
    ],
)
def test_a_noise_is_a_positive_number(make):
    with pytest.raises(ParameterError, match="noise"):
        make()


def named(problem: Problem) -> list[str]:
    return [one.name for one in warnings_of(problem)]


def of_one(data: Any, free: tuple[FreeValue, ...] = (FreeValue(CAPACITY),)) -> Problem:
    return Problem((start(),), (data,), free, (0.02,), 2.0, MODEL)


def test_odd_data_are_named_and_kept():
    rising = with_points(capacities=(300.0, 340.0, 200.0, 100.0))
    assert named(of_one(rising)) == ["capacity rises with current"]
    assert "13 %" in warnings_of(of_one(rising))[0].sentence
    assert not named(
        of_one(with_points(capacities=(300.0, 301.0, 200.0, 100.0)))
    )  # within the noise
    assert named(of_one(with_points(capacities=(1200.0, 900.0, 500.0, 100.0)))) == [
        "capacity far above theory"
    ]
    assert named(of_one(with_points(capacities=(30.0, 20.0, 15.0, 10.0)))) == [
        "capacity far below theory"
    ]
    assert named(of_one(with_points(currents=(100.0, 500.0, 2000.0, 5000.0)))) == [
        "current far above usual"
    ]


def test_a_curve_of_high_currents_alone_is_not_far_below_theory():
    assert not named(of_one(MeasuredRate((10.0,), (30.0,), "x")))


def test_more_values_than_points_are_named():
    free = tuple(FreeValue(one) for one in (CAPACITY, RESISTANCE))
    assert named(of_one(MeasuredRate((0.1,), (365.0,), "x"), free)) == [
        "more free values than the data bear"
    ]


def test_a_joint_fit_that_shares_nothing_is_named():
    cells = (hs.load("CZT"), hs.load("CT"))
    free = (FreeValue(CAPACITY, of="CZT"), FreeValue(CAPACITY, of="CT"))
    problem = Problem(cells, (rate(), rate()), free, (0.02, 0.02), 2.0, MODEL)
    assert named(problem) == ["nothing shared"]
    shared = replace(problem, free=(*free, FreeValue("Fast fraction")))
    assert not named(shared)


def test_a_loading_that_is_assumed_is_named_where_it_counts():
    system = start().system
    assumed = replace(system.values[LOADING], kind="assumed")
    cell = replace(start(), system=replace(system, values={**system.values, LOADING: assumed}))
    problem = Problem((cell,), (rate(),), (FreeValue(RESISTANCE),), (0.02,), 2.0, MODEL)
    assert named(problem) == ["loading assumed"]
    assert not named(replace(problem, free=(FreeValue(CAPACITY),)))


@pytest.mark.filterwarnings("ignore")
def test_warnings_stand_in_the_result():
    rising = with_points(capacities=(300.0, 340.0, 200.0, 100.0))
    found = hs.fit(start(), rising, [CAPACITY], model=MODEL)
    assert [one.name for one in found.warnings] == ["capacity rises with current"]
    assert found.remarks[0].startswith("Capacity rises with current: ")


# --- the command ----------------------------------------------------------------------------------


def test_a_user_fits_a_titration_with_the_rate_curve(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    cell = hs.load("VO2x-NC")  # one host: built in a second
    hs.run(cell, hs.GITT(0.2, 600, 600, pulses=2), MODEL).trace.to_csv(tmp_path / "gitt.csv")
    (tmp_path / "mine.csv").write_text(
        "current_A_per_g,capacity_mAh_per_g\n1,220\n10,140\n", encoding="utf-8"
    )
    words = [
        cell.name,
        "--measured",
        "mine.csv",
        "--data",
        "gitt.csv",
        "--free",
        CAPACITY,
        "--model",
        "SPM",
    ]
    done = CliRunner().invoke(main, ["fit", *words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "hetsim-out" / "VO2x-NC-fit" / "fit-data.png").exists()
    assert "titration of VO2x-NC" in (
        tmp_path / "hetsim-out" / "VO2x-NC-fit" / "fit.toml"
    ).read_text("utf-8")
    missing = CliRunner().invoke(main, ["fit", "CZT", "--data", "none.csv"])
    assert missing.exit_code == 2
    assert "none.csv" in missing.stderr
