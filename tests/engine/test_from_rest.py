"""Discharges from rest, in whose steps some states may be further off: few steps, and as close as is promised."""

from functools import cache

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import built_model
from hetsim.engine.chains import Answers, Ended
from hetsim.engine.interpreter import Interpreter
from hetsim.simulation.rate_chains import WIDEST, rate_chains

CURRENTS = (0.1, 0.3, 1.0, 3.0, 10.0)
TEST = hs.RateTest(CURRENTS, from_equilibrium=True)
KINDS = ("SPM", "SPMe", "DFN")
DIFFUSIVITY = "Component A diffusivity [m2.s-1]"


@cache
def discharged(
    kind: str, tolerance: float, lenient: bool, higher: float = 0.0, path: bool = False
) -> tuple[Interpreter, Answers]:
    """Four cells of two hosts at each current, to a cut-off that is higher by some volts."""
    cell = hs.load("CZT")
    cut_off = "Lower voltage cut-off [V]"
    cell = cell.with_values({cut_off: cell.values.number(cut_off) + higher})
    built = built_model(cell, kind)
    engine = built.interpreter
    assert engine is not None
    value = cell.values.number(DIFFUSIVITY)
    cells = [cell.with_values({DIFFUSIVITY: value * f}) for f in (0.5, 0.8, 1.3, 2.0)]
    each = [built.inputs(one) for one in cells]
    inputs = {name: np.array([one[name] for one in each]) for name in each[0]}
    chains = rate_chains(TEST, inputs, len(cells), engine)
    found = engine.run(inputs, chains, tolerance, tolerance, from_rest=lenient, path=path)
    assert (found.code == Ended.CUT_OFF).all()
    return engine, found


@pytest.mark.parametrize(("kind", "most"), [("SPM", 20.0), ("SPMe", 20.0), ("DFN", 22.3)])
def test_few_steps_that_are_close(kind: str, most: float) -> None:
    """19 to 22 steps; 49 to 52 without leniency, one more where early ones are as long as their errors say."""
    _, found = discharged(kind, WIDEST, True)
    _, close = discharged(kind, 1e-8, False)
    assert found.steps.mean() < most
    currents = np.array(CURRENTS * 4)
    largest = (close.time.ravel() * currents).max()
    charges = (found.time - close.time).ravel() * currents
    np.testing.assert_allclose(charges / largest, 0, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_branch_ends_where_it_ends(kind: str) -> None:
    """The steps of a hysteresis end on its branch, to the last digit, and none of them beyond it."""
    engine, found = discharged(kind, WIDEST, True, path=True)
    assert found.path is not None
    first, last = (one[:, engine.model.branches] for one in (found.path.first, found.path.last))
    assert np.abs(first).max() == np.abs(last).max() == 1.0
    assert (np.abs(last) == 1.0).any(axis=0).all()
    assert (np.abs(last).max(axis=1) <= 1.0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_goes_on_to_the_end_of_a_branch(kind: str) -> None:
    """One that would end shortly before it, and spares the step between. Where a path is asked for it does not."""
    _, found = discharged(kind, WIDEST, True)
    _, on_path = discharged(kind, WIDEST, True, path=True)
    assert found.steps.mean() < on_path.steps.mean() - 1
    np.testing.assert_allclose(found.time, on_path.time, rtol=1e-5)


@pytest.mark.parametrize(("currents", "longest"), [(np.geomspace(1, 12, 100), 2.0), ([5.0], 1.3)])
def test_the_last_long_step_is_close(currents: list[float], longest: float) -> None:
    """A cell whose capacities were 2.3e-5 off: a long step ended shortly before the cut-off, and was allowed its error.

    longest : how long a discharge may take, over that of the full capacity
    """
    changed = {
        DIFFUSIVITY: 1.3883297608816316e-17,
        "Component B diffusivity [m2.s-1]": 1.2542771244896717e-17,
        "Particle radius [m]": 1.1046864788037206e-07,
    }
    cell = hs.load("CZT").with_values(changed)
    built = built_model(cell, "SPM")
    engine = built.interpreter
    assert engine is not None
    inputs, full = built.inputs(cell), cell.values.number("Specific capacity [mA.h.g-1]")
    test = hs.RateTest([float(one) for one in currents], from_equilibrium=True)
    chains = rate_chains(test, inputs, 1, engine)
    chains.imposed[:, 0, -1] = longest * full * 3.6 / np.array(currents)
    found = engine.run(inputs, chains, WIDEST, WIDEST, from_rest=True)
    close = engine.run(inputs, chains, 1e-8, 1e-8)
    charges = (found.time - close.time).ravel() * currents / 3.6
    np.testing.assert_allclose(charges / full, 0, atol=1e-5)


@pytest.mark.parametrize("tolerance", [1e-4, 2e-4, 3e-4])
def test_a_branch_is_held_where_next_to_nothing_arrives(tolerance: float) -> None:
    """At a tenth of the lowest usual current the overpotential at a place is less than potentials may be off, and its
    rate seems to turn around: 100 steps in place of 330, and no wrong voltage at the cut-off."""
    cell, test = hs.load("MoS2-ZnIn2S4", "lumped"), hs.RateTest([0.1], from_equilibrium=True)
    engine = built_model(cell, "DFN").interpreter
    assert engine is not None
    inputs = built_model(cell, "DFN").inputs(cell)
    chains = rate_chains(test, inputs, 1, engine)
    found = engine.run(inputs, chains, tolerance, tolerance, from_rest=True)
    close = engine.run(inputs, chains, 1e-7, 1e-7)
    assert found.steps[0, 0] < 200
    assert found.time[0, 0] == pytest.approx(close.time[0, 0], rel=1e-6)


def test_a_branch_that_the_cut_off_comes_before_is_not_at_its_end() -> None:
    """At 242 K this one is 0.001 before it; held there, 4.5e-5 of the full capacity were missing at any tolerance."""
    cell = hs.load("CZT").with_values({"Ambient temperature [K]": 241.92660618462313})
    engine = built_model(cell, "SPMe").interpreter
    assert engine is not None
    inputs, full = (
        built_model(cell, "SPMe").inputs(cell),
        cell.values.number(names.SPECIFIC_CAPACITY),
    )
    chains = rate_chains(hs.RateTest([10.0], from_equilibrium=True), inputs, 1, engine)
    close = engine.run(inputs, chains, 1e-8, 1e-8).time[0, 0]
    for tolerance in (WIDEST, 3e-5):
        found = engine.run(inputs, chains, tolerance, tolerance, from_rest=True)
        assert found.code[0, 0] == Ended.CUT_OFF
        assert abs(found.time[0, 0] - close) * 10.0 / 3.6 < 1e-5 * full


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_is_met_where_it_comes_at_once(kind: str) -> None:
    """Within 5e-6 V, though potentials may be some millivolts off in a step, and within 5e-7 of the time at the slope
    of the voltage there, which a cut-off that is 0.1 mV higher tells."""
    engine, found = discharged(kind, WIDEST, True)
    cell = hs.load("CZT")
    name = "Lower voltage cut-off [V]"
    voltage = found.shown.reshape(-1, 3, len(engine.model.output_names))[:, 2, 0]
    assert engine.model.output_names[0] == names.VOLTAGE
    off = np.abs(voltage - cell.values.number(name))
    assert off.max() < 5e-6
    _, close = discharged(kind, 1e-8, False)
    _, earlier = discharged(kind, 1e-8, False, higher=1e-4)
    slope = 1e-4 / (close.time - earlier.time).ravel()
    assert (off < 1.1 * 5e-7 * slope * found.time.ravel()).all()


@pytest.mark.parametrize("kind", ["SPM", "DFN"])
def test_side_by_side_is_as_one_after_the_other(kind: str) -> None:
    """Chains that start side by side become consistent before the first step of any of them, and one alone before its
    own; one has no start, and says so either way."""
    cell = hs.load("CZT")
    built = built_model(cell, kind)
    engine = built.interpreter
    assert engine is not None
    inputs = built.inputs(cell)
    chains = rate_chains(hs.RateTest([*CURRENTS, 1e6], from_equilibrium=True), inputs, 1, engine)
    beside, alone = (
        engine.run(inputs, chains, WIDEST, WIDEST, from_rest=True, lanes=lanes) for lanes in (8, 1)
    )
    np.testing.assert_array_equal(beside.code, alone.code)
    assert beside.code[-1, 0] == Ended.IMPOSSIBLE
    np.testing.assert_array_equal(beside.steps, alone.steps)
    np.testing.assert_allclose(beside.time[:-1], alone.time[:-1], rtol=1e-8)
