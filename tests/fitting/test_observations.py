"""Data of each kind: made by the model with known values and noise, they give the values back."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from simulated_data import (
    CAPACITY,
    CURRENTS,
    EXCHANGE,
    GRAINS,
    MODEL,
    RESISTANCE,
    A,
    cycle,
    extraction,
    polarisation,
    rate,
    rng,
    spectrum,
    start,
    titration,
    truth,
    voltage_curve,
    voltammograms,
)

import hetsim as hs
from hetsim.cli import main
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.observations import observations_of
from hetsim.measurements import MeasuredSpectrum
from hetsim.parameters.values import MeasuredRate

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
