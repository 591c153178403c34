"""Results of the interpreter beside those of PyBaMM alone, on shipped cells."""

import pickle
from collections import OrderedDict

import numpy as np
import pytest

import hetsim as hs
from benchmarks.check_engine import by_pybamm
from hetsim import names
from hetsim.engine import built
from hetsim.engine.native.library import library
from hetsim.engine.tracks import INTERPRETER, PYBAMM
from hetsim.results import Outcome
from hetsim.simulation.run_many import run_many

pytestmark = pytest.mark.skipif(library() is None, reason="the engine is not here")

REST = hs.RateTest([0.3, 3.0, 1e5], from_equilibrium=True)
CYCLED = hs.RateTest([0.5, 5.0], cycles=2)


def cell() -> hs.HalfCell:
    """One host."""
    return hs.load("CZT", "lumped")


@pytest.mark.parametrize(
    ("system", "variant", "share"),
    # of the full capacity: 1e-5 as asked; two hosts, whose hysteresis has two corners, 2e-5
    [("CZT", "lumped", 1e-5), ("CZT", "", 2e-5), ("CZT", "core-shell", 1e-5)],
)
def test_capacities_and_outcomes_are_those_of_pybamm(
    system: str, variant: str, share: float
) -> None:
    """Of the same model solved to 1e-9 by PyBaMM; 1e5 A/g is infeasible for both."""
    of = hs.load(system, variant)
    full = of.values.number(names.SPECIFIC_CAPACITY)
    ours = hs.run(of, REST, "SPM")
    with by_pybamm():
        theirs = hs.run(of, REST, "SPM")
    assert {point.engine for point in ours.points[:2]} == {INTERPRETER}
    assert {point.engine for point in theirs.points[:2]} == {PYBAMM}
    assert [one.outcome for one in ours.points] == [one.outcome for one in theirs.points]
    assert [one.reason for one in ours.points] == [one.reason for one in theirs.points]
    assert ours.points[0].outcome is Outcome.CUT_OFF
    assert ours.points[2].outcome is Outcome.INFEASIBLE
    np.testing.assert_allclose(ours.capacities, theirs.capacities, rtol=0, atol=share * full)
    assert abs(ours.charge_balance) < 1e-12  # of round-off


def test_cycled_test_is_that_of_pybamm() -> None:
    """Capacities to 1e-5 of the full one; voltages at half of the charge to 1 mV, as run_many says."""
    of = cell()
    ours = hs.run(of, CYCLED, "SPM")
    with by_pybamm():
        theirs = hs.run(of, CYCLED, "SPM")
    full = of.values.number(names.SPECIFIC_CAPACITY)
    for one, other in zip(ours.points, theirs.points, strict=True):
        assert one.outcome is other.outcome
        assert one.capacity == pytest.approx(other.capacity, abs=1e-5 * full)
        assert one.extraction_capacity == pytest.approx(other.extraction_capacity, abs=1e-5 * full)
        assert one.polarisation == pytest.approx(other.polarisation, abs=1e-3)


def test_surface_that_empties_within_a_step() -> None:
    """A step of 8 s once leapt over the cut-off into negative fillings, whose voltage is below it again: the fourth
    extraction then took out twice what was in."""
    of = hs.load("CZT", "core-shell").with_values({"Electrode porosity": 0.8974474017539709})
    cycles = hs.run(of, hs.Cycling(16.6, cycles=4), "SPM").cycles
    assert [one.outcome for one in cycles] == [Outcome.CUT_OFF] * 4
    assert cycles[3].extraction == pytest.approx(cycles[2].extraction, rel=0.01)  # they settle


@pytest.mark.parametrize("model", ["SPM", "SPMe"])
def test_solution_is_made_when_it_is_asked_for(model: str) -> None:
    """Its voltage, evaluated by PyBaMM, is that which the interpreter read (1e-9 V: the same states); its capacity is
    that of the result."""
    point = hs.run(cell(), hs.RateTest([1.0], from_equilibrium=True), model).points[0]
    assert point.engine == INTERPRETER
    assert point.insertion is not None
    solution = point.solution
    assert solution.t[-1] == pytest.approx(point.insertion.time[-1], rel=1e-12)
    voltage = solution[names.VOLTAGE].entries
    assert voltage[-1] == pytest.approx(point.insertion.voltage[-1], abs=1e-9)
    assert voltage[0] == pytest.approx(point.insertion.voltage[0], abs=1e-9)
    assert point.solution is solution


def test_titration_read_through_pybamm() -> None:
    """PyBaMM's voltage along the solution of a titration is the trace, to 1e-8 V."""
    run = hs.run(cell(), hs.GITT(0.1, 600, 1200, pulses=3), "SPMe")
    assert run.engine == INTERPRETER
    voltage = run.solution[names.VOLTAGE](t=run.trace.time)
    np.testing.assert_allclose(voltage, run.trace.voltage, rtol=0, atol=1e-8)


def test_results_of_many_are_pickled() -> None:
    """They hold no solution of PyBaMM, whose model cannot be pickled."""
    cases = run_many([cell()], CYCLED, "SPM")
    [again] = pickle.loads(pickle.dumps(cases))
    assert again.outcome is Outcome.CUT_OFF
    assert again.result.points == cases[0].result.points
    assert {point.engine for point in again.result.points} == {INTERPRETER}


def test_engine_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """HETSIM_ENGINE=off is PyBaMM, with the same outcomes and capacities (its own tolerance, 1e-6, and 1e-5)."""
    of, test = cell(), hs.RateTest([0.3, 3.0], from_equilibrium=True)
    ours = hs.run(of, test, "SPM")
    monkeypatch.setenv("HETSIM_ENGINE", "off")
    monkeypatch.setattr(built, "_BUILT", OrderedDict())
    theirs = hs.run(of, test, "SPM")
    assert {point.engine for point in theirs.points} == {PYBAMM}
    assert [one.outcome for one in ours.points] == [one.outcome for one in theirs.points]
    full = of.values.number(names.SPECIFIC_CAPACITY)
    np.testing.assert_allclose(ours.capacities, theirs.capacities, rtol=0, atol=1e-5 * full)
