"""Extractions of a rate curve as data: how much of each insertion comes back."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue
from hetsim.fitting.experiments import extractions_of
from hetsim.fitting.observations import ExtractionData, RateData, observations_of
from hetsim.parameters.system_text import system_text
from hetsim.parameters.values import MeasuredRate

MODEL = "SPM"
CURRENTS = (0.1, 0.5, 2.0, 5.0)
A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")
GRAINS = FreeValue(A, tied=(B,))
CURVE = MeasuredRate(
    CURRENTS, (365.0, 280.0, 200.0, 150.0), "made", extractions=(250.0, 277.0, float("nan"), 141.0)
)


@cache
def cell() -> hs.HalfCell:
    return hs.load("CZT", "lumped").with_particle(classes=3)


def test_the_ratio_after_the_first_current_is_what_is_compared():
    """Not the mass, which is in both; and not the first cycles of the electrode, in which its film forms."""
    one = ExtractionData(CURVE)
    np.testing.assert_allclose(one.data, np.log([277 / 280, 141 / 150]))
    heavier = replace(
        CURVE,
        capacities=tuple(1.1 * np.array(CURVE.capacities)),
        extractions=tuple(1.1 * np.array(CURVE.extractions)),
    )
    np.testing.assert_allclose(ExtractionData(heavier).data, one.data)
    assert list(one.coordinates["current [A.g-1]"]) == [0.5, 5.0]
    np.testing.assert_allclose(one.shown(one.data), [277 / 280, 141 / 150])


@pytest.mark.parametrize("cycles", [1, 3])
def test_the_same_numbers_come_from_a_run(cycles):
    one = ExtractionData(CURVE, cycles=cycles)
    [found] = one.simulated([cell()], MODEL)
    points = hs.run(cell(), hs.RateTest(CURRENTS, cycles=cycles), MODEL).points
    alone = [np.log(points[k].extraction_capacity / points[k].capacity) for k in (1, 3)]
    # both to 1e-5 of the full capacity
    np.testing.assert_allclose(found, alone, atol=1e-3)


def test_the_first_cycle_at_a_current_gives_back_less_and_later_ones_what_went_in():
    first, later = (ExtractionData(CURVE, cycles=n).simulated([cell()], MODEL)[0] for n in (1, 3))
    assert np.all(first < np.log(0.97))
    np.testing.assert_allclose(later, 0.0, atol=2e-3)


def test_a_cell_that_fails_has_no_numbers():
    hopeless = cell().with_values({"Series resistance [Ohm.cm2]": 2000.0})
    first, other = ExtractionData(CURVE).simulated([hopeless, cell()], MODEL)
    assert first is None
    assert other is not None


def test_a_rate_curve_brings_its_extractions_along():
    kinds = [one.kind for one in observations_of(CURVE)]
    assert kinds == ["rate curve", "extractions"]
    only_first = replace(CURVE, extractions=(250.0, *[float("nan")] * 3))
    for without in (only_first, replace(CURVE, extractions=())):
        assert [one.kind for one in observations_of(without)] == ["rate curve"]


def test_a_recovery_step_takes_its_extraction_with_it():
    back = MeasuredRate(
        (0.5, 2.0, 0.5, 5.0),
        (280.0, 200.0, 270.0, 150.0),
        "x",
        extractions=(1.0, 198.0, 3.0, 149.0),
    )
    assert RateData(back).first_pass.extractions == (1.0, 198.0, 149.0)


def test_the_diffusivity_comes_back_from_extractions_of_single_cycles():
    """The prior is a factor of 20 wide; the fast fraction and the resistance are known."""
    truth = cell().with_values({A: 4e-17, B: 4e-17})
    exact = extractions_of(CURRENTS)(truth, MODEL)
    noise = exact.noise * np.random.default_rng(2).normal(size=3)
    extracted = np.array(exact.measured.extractions) * np.exp([0.0, *noise])
    data = replace(exact, measured=replace(exact.measured, extractions=tuple(extracted)))
    found = hs.fit(cell(), data, [GRAINS], model=MODEL)
    [value] = found.values
    assert value.value == pytest.approx(4e-17, rel=value.factor - 1, abs=0)
    assert value.factor < 3.0


def test_a_file_of_a_system_says_its_extractions(tmp_path):
    system = replace(
        cell().system, measured=(replace(CURVE, extractions=(250.0, 277.0, 196.0, 141.0)),)
    )
    path = tmp_path / "mine.toml"
    path.write_text(system_text(system), encoding="utf-8")
    assert hs.load(path).measured.extractions == (250.0, 277.0, 196.0, 141.0)
    text = path.read_text(encoding="utf-8")
    for wrong, told in (
        ("[250.0, 277.0]", "4 currents and 2 extraction"),
        ("[1, 2, -3, 4]", "got -3"),
    ):
        path.write_text(text.replace("[250.0, 277.0, 196.0, 141.0]", wrong), encoding="utf-8")
        with pytest.raises(ParameterError, match=told):
            hs.load(path)


def test_a_column_beside_the_insertions_is_read(tmp_path):
    path = tmp_path / "both.csv"
    rows = "0.1,365,250\n0.5,280,277\n2,200,\n5,150,141\n0.1,350,349\n"
    path.write_text(f"Current (A/g),Discharge capacity (mAh/g),Charge capacity (mAh/g)\n{rows}")
    curve = hs.measured(path)
    np.testing.assert_allclose(curve.extractions, CURVE.extractions)
    assert curve.capacities == CURVE.capacities
    assert "extracted capacity 'Charge capacity (mAh/g)'" in curve.note
    other = hs.measured(path, discharge="extraction")
    assert other.capacities == (250.0, 277.0, 141.0)
    assert other.extractions == (365.0, 280.0, 150.0)
    path.write_text(
        "Current (A/g),Discharge capacity (mAh/g),Charge capacity\n0.1,365,250\n1,200,198\n"
    )
    unknown = hs.measured(path)
    assert unknown.extractions == ()
    assert "'Charge capacity' left out" in unknown.note


def test_wrong_extractions_are_refused_in_a_sentence():
    for wrong, told in (
        (replace(CURVE, extractions=(1.0, 2.0)), "4 currents and 2 extraction capacities"),
        (replace(CURVE, extractions=(1.0, 2.0, -1.0, 3.0)), "got -1"),
        (replace(CURVE, extractions=()), "no extraction at a current after its first one"),
    ):
        with pytest.raises(ParameterError, match=told):
            ExtractionData(wrong)
    with pytest.raises(ParameterError, match="noise"):
        ExtractionData(CURVE, level=0.0)


def test_extractions_that_give_back_too_little_are_named():
    low = replace(CURVE, extractions=(250.0, 230.0, 196.0, 141.0))
    [warning] = ExtractionData(low).warnings(cell())
    assert warning.name == "extractions give back too little"
    assert "82 %" in warning.sentence
    assert not ExtractionData(CURVE).warnings(cell())
    assert not ExtractionData(low, cycles=1).warnings(cell())


def test_extractions_that_give_all_back_leave_the_fit_of_a_template_as_it_is():
    """They are no reason not to follow the points as closely as those of a rate curve alone are followed."""
    template = hs.template("Na", (0.01, 3.0), loading=1.0)
    curve = replace(CURVE, extractions=(250.0, 279.0, 199.0, 149.0))
    free = ["Specific capacity [mA.h.g-1]", "Fast fraction", "Series resistance [Ohm.cm2]"]
    alone, both = (
        hs.fit(template, one, free, model=MODEL) for one in (replace(curve, extractions=()), curve)
    )
    assert len(both.observed) == 2
    for name in free:
        assert both.value(name) == pytest.approx(alone.value(name), rel=0.02)
