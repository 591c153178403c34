"""Points that are no part of the first pass: currents that return, and capacities after cycles."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from simulated_data import (
    CURRENTS,
    LOSS,
    MODEL,
    rate,
    start,
    truth,
)

import hetsim as hs
from hetsim.measurements.rate import RECOVERY
from hetsim.parameters.values import AgedPoint, MeasuredRate
from hetsim.simulation.aged_many import capacities_after, leaps

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
