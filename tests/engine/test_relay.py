"""A chain that is run roughly for its states, and its segments closely side by side."""

from dataclasses import replace

import numpy as np
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import CURRENT
from hetsim.engine.chains import Ended
from hetsim.engine.relay import relayed
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.rate_chains import rate_chains
from tests.helpers.engine import there

CLOSELY = {"rtol": 1e-5, "atol": 1e-5}
ROUGHLY = {"rtol": 2e-4, "atol": 2e-4}


def test_a_titration_is_as_close_as_one_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a chain at 1e-8: within 0.2 mV where the voltage is steepest, as a chain at 1e-5 is, and 0.02 mV rms. Its
    charge is exact."""
    cell, protocol = hs.load("CZT"), hs.GITT(0.1, 600, 1200, pulses=4)
    found = hs.run(cell, protocol, "SPM")
    built = Potentiostat(cell, "SPM", CURRENT, 0.0).built
    monkeypatch.setattr(built, "handed_on", {"rtol": 0.0, "atol": 0.0})
    monkeypatch.setattr(built, "interpreted", {"rtol": 1e-8, "atol": 1e-8})
    tight = hs.run(cell, protocol, "SPM")
    np.testing.assert_array_equal(found.trace.time, tight.trace.time)
    off = found.trace.voltage - tight.trace.voltage
    assert np.abs(off).max() < 2e-4
    assert np.sqrt((off**2).mean()) < 2e-5
    assert found.charge_balance < 1e-12


def test_cycles_that_are_not_looked_at_are_run_roughly() -> None:
    """Capacities of the last cycles, against a test of which all cycles are run at 1e-8: 1e-6 of the full one."""
    cell, protocol = hs.load("CZT"), hs.RateTest([0.5, 2.0], cycles=2)
    found = hs.run(cell, protocol, "SPM")
    bench = Potentiostat(cell, "SPM")
    of = there(bench.built.interpreter)
    chains = rate_chains(protocol, bench.inputs, 1, of)
    tight = of.run(bench.inputs, chains, 1e-8, 1e-8)
    for point, place in zip(found.points, (2, 6), strict=True):
        insertion, extraction = tight.time[0, place : place + 2] * point.current / 3.6
        full = cell.values.number(names.SPECIFIC_CAPACITY)
        assert point.capacity == pytest.approx(insertion, abs=1e-6 * full)
        assert point.extraction_capacity == pytest.approx(extraction, abs=1e-6 * full)
        assert point.charge_balance < 1e-9


def test_what_ends_in_another_way_is_left_to_one_chain() -> None:
    """A chain with a step that cannot begin, and one with too few segments."""
    bench = Potentiostat(hs.load("CZT"), "SPM")
    of = there(bench.built.interpreter)
    chains = rate_chains(hs.RateTest([1.0, 2.0], cycles=2), bench.inputs, 1, of)
    found = relayed(of, bench.inputs, chains, ROUGHLY, CLOSELY)
    assert found is not None
    assert (found.code == Ended.CUT_OFF).all()
    assert found.path is not None
    assert found.path.part(0, 5).time.size == found.path.part(0, 5).step.size > 10
    assert relayed(of, bench.inputs, chains, CLOSELY, CLOSELY) is None
    beyond = chains.imposed.copy()
    beyond[0, 4, 0] *= 1e5
    assert relayed(of, bench.inputs, replace(chains, imposed=beyond), ROUGHLY, CLOSELY) is None
    short = rate_chains(hs.RateTest([1.0], cycles=2), bench.inputs, 1, of)
    assert relayed(of, bench.inputs, short, ROUGHLY, CLOSELY) is None
