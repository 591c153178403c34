"""Rate equation."""

import numpy as np
import pytest

from hetsim import analysis
from hetsim.errors import ParameterError
from hetsim.laws.rate_equation import tian_capacity

CURRENTS = np.array([0.1, 0.3, 0.5, 1, 3, 5, 10])


@pytest.mark.parametrize(
    "true", [(400, 0.02, 0.5), (300, 0.005, 1.0), (600, 0.3, 0.4)], ids=["half", "one", "slow"]
)
def test_parameters_of_an_exact_curve_are_recovered(true):
    fit = analysis.fit_rate_equation(CURRENTS, tian_capacity(CURRENTS, *true))
    found = (fit.full_capacity, fit.time_constant, fit.exponent)
    assert found == pytest.approx(true, rel=1e-4, abs=0)  # of the least squares' own tolerance
    assert fit.mean_abs_error_percent < 1e-4


def test_interval_holds_the_truth():
    random = np.random.default_rng(5)
    exact = tian_capacity(CURRENTS, 400, 0.02, 0.5)
    hits = 0
    for _ in range(40):
        fit = analysis.fit_rate_equation(CURRENTS, exact * np.exp(0.01 * random.standard_normal(7)))
        hits += abs(np.log(fit.exponent / 0.5)) < np.log(fit.factors[2])
    assert hits >= 34  # 38 expected, binomial deviation 1.4


def test_three_points_have_no_interval():
    fit = analysis.fit_rate_equation(CURRENTS[:3], tian_capacity(CURRENTS[:3], 400, 0.02, 0.5))
    assert np.isnan(fit.factors).all()


@pytest.mark.parametrize("bad", [([1, 2], [2, 1]), ([1, 2, 0], [3, 2, 1]), ([1, 2, 3], [3, 2])])
def test_bad_curve_is_refused(bad):
    with pytest.raises(ParameterError):
        analysis.fit_rate_equation(*bad)
