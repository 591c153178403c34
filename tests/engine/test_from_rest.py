"""Discharges from rest, in whose steps some states may be further off: few steps, and as close as is promised."""

from functools import cache

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import built_model
from hetsim.engine.interpreter import Answers, Ended, Interpreter
from hetsim.engine.native.library import library
from hetsim.simulation.rate_chains import WIDEST, rate_chains

pytestmark = pytest.mark.skipif(library() is None, reason="needs a C compiler")

CURRENTS = (0.1, 0.3, 1.0, 3.0, 10.0)
TEST = hs.RateTest(CURRENTS, from_equilibrium=True)
KINDS = ("SPM", "SPMe", "DFN")
DIFFUSIVITY = "Component A diffusivity [m2.s-1]"


@cache
def discharged(kind: str, tolerance: float, lenient: bool) -> tuple[Interpreter, Answers]:
    """Four cells of two hosts at each current."""
    cell = hs.load("CZT")
    built = built_model(cell, kind)
    engine = built.interpreter
    assert engine is not None
    value = cell.values.number(DIFFUSIVITY)
    cells = [cell.with_values({DIFFUSIVITY: value * f}) for f in (0.5, 0.8, 1.3, 2.0)]
    each = [built.inputs(one) for one in cells]
    inputs = {name: np.array([one[name] for one in each]) for name in each[0]}
    chains = rate_chains(TEST, inputs, len(cells), engine)
    found = engine.run(inputs, chains, tolerance, tolerance, from_rest=lenient, path=lenient)
    assert (found.code == Ended.CUT_OFF).all()
    return engine, found


@pytest.mark.parametrize("kind", KINDS)
def test_few_steps_that_are_close(kind: str) -> None:
    """31 or 32 steps; 49 to 52 without leniency."""
    _, found = discharged(kind, WIDEST, True)
    _, close = discharged(kind, 1e-8, False)
    assert found.steps.mean() < 34
    slow = np.array(
        [1 / one for one in CURRENTS] * 4
    )  # a time is a charge, of the longest one of its current
    charge = (found.time - close.time).ravel() / slow
    full = (close.time.ravel() / slow).max()
    np.testing.assert_allclose(charge / full, 0, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_a_branch_ends_where_it_ends(kind: str) -> None:
    """The steps of a hysteresis end on its branch, to the last digit, and none of them beyond it."""
    engine, found = discharged(kind, WIDEST, True)
    assert found.path is not None
    first, last = (one[:, engine.model.branches] for one in (found.path.first, found.path.last))
    assert np.abs(first).max() == np.abs(last).max() == 1.0
    assert (np.abs(last) == 1.0).any(axis=0).all()
    assert (
        np.abs(found.state.reshape(-1, engine.model.states)[:, engine.model.branches]).max() <= 1.0
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_off_is_met_as_closely(kind: str) -> None:
    """Though potentials may be some millivolts off in a step."""
    engine, found = discharged(kind, WIDEST, True)
    cell = hs.load("CZT")
    voltage = found.shown.reshape(-1, 3, len(engine.model.output_names))[:, 2, 0]
    assert engine.model.output_names[0] == names.VOLTAGE
    cut_off = cell.values.number("Lower voltage cut-off [V]")
    np.testing.assert_allclose(voltage, cut_off, rtol=0, atol=2e-8)
