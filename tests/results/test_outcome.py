"""Every result says how it ended and how well its charge balances."""

import numpy as np
import pytest

import hetsim as hs
from hetsim.results import Outcome

PROTOCOLS = [
    hs.RateTest([0.5, 5.0], from_equilibrium=True),
    hs.GITT(current=0.5, pulse=60, rest=60, pulses=2),
    hs.CV([1.0], cycles=1, tolerance=None),
    hs.EIS(0.5, [1.0, 1e-2]),
    hs.Cycling(3.0, 2),
    hs.Rest(10.0),
]


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda p: type(p).__name__)
def test_result_has_outcome_and_balance(czt, protocol):
    result = hs.run(czt, protocol, model="SPM")
    assert result.outcome.good
    assert result.reason == ""
    assert abs(result.charge_balance) < 1e-6  # the limit of every run


def test_a_result_is_as_bad_as_its_worst_part(czt):
    """At 1e5 A/g the voltage is beyond the cut-off at once."""
    curve = hs.run(czt, hs.RateTest([0.5, 1e5], from_equilibrium=True), model="SPM")
    assert curve.outcome is Outcome.INFEASIBLE
    assert curve.reason == curve.points[1].reason != ""
    assert curve.charge_balance == abs(curve.points[0].charge_balance)
    assert np.isnan(curve.points[1].charge_balance)
