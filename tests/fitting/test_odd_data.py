"""Wrong data are refused in a sentence; odd data are named and kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from simulated_data import (
    CAPACITY,
    LOADING,
    MODEL,
    RESISTANCE,
    polarisation,
    rate,
    spectrum,
    start,
    titration,
    voltage_curve,
    voltammograms,
)

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.warned import warnings_of
from hetsim.parameters.values import AgedPoint, MeasuredRate


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
